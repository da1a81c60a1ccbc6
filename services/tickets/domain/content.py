"""What people write and attach: limits, and what is refused."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.problems import Refused
from chassis.texts import clean
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_TITLE = 100
LONGEST_DESCRIPTION = 5000
LONGEST_WORD = 2000
"""Of opinions, reasons and notices."""
LONGEST_NAME = 50
MOST_ATTACHMENTS = 20
LARGEST_ATTACHMENT = 100 * 1024 * 1024

_STARS = ("*", "＊", "•", "●")
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}|400\d{7}|12345", re.ASCII)
_MEDIA_TYPE = re.compile(r"(image|video|audio|text|application)/[a-z0-9][a-z0-9.+-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,299}")


class Attachment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file in the store: where it lies (`key`), what it is, and the digest by which it is known."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: str


class UploadedFile(Attachment, frozen=True):
    """A file that was uploaded to be attached; `state`, `finding` and `is_scanned` are what is known of its bytes."""

    upload: UUID
    state: str
    finding: str | None
    is_scanned: bool


def check_file_name(name: str, *path: str) -> None:
    """Refuse a name that no file can have, or that hides what it is. Raises Refused."""
    if not _is_file_name(name):
        raise Refused(TicketProblem.INVALID_ATTACHMENT, *path, field="name", reason=f"1-{LONGEST_TITLE}")


def _is_file_name(name: str) -> bool:
    return 0 < len(name) <= LONGEST_TITLE and all(unicodedata.category(char)[0] != "C" for char in name)


def is_sha256(text: str) -> bool:
    """Tell whether a text is a SHA-256 digest in small hexadecimal digits."""
    return _SHA256.fullmatch(text) is not None


def checked_attachments(attachments: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Return attachments that are well formed. Raises Refused for the first that is not."""
    if len(attachments) > MOST_ATTACHMENTS:
        raise Refused(TicketProblem.TOO_MANY_ATTACHMENTS, "attachments", most=MOST_ATTACHMENTS)
    for index, attachment in enumerate(attachments):
        for field, reason in _faults(attachment):
            raise Refused(
                TicketProblem.INVALID_ATTACHMENT, "attachments", str(index), field, field=field, reason=reason
            )
    return tuple(attachments)


def _faults(attachment: Attachment) -> list[tuple[str, str]]:
    faults = []
    if not _is_file_name(attachment.name.strip()):
        faults.append(("name", f"1-{LONGEST_TITLE}"))
    if not _MEDIA_TYPE.fullmatch(attachment.media_type):
        faults.append(("mediaType", "RFC 6838"))
    if not 1 <= attachment.size <= LARGEST_ATTACHMENT:
        faults.append(("size", f"1-{LARGEST_ATTACHMENT}"))
    if not is_sha256(attachment.sha256):
        faults.append(("sha256", "[0-9a-f]{64}"))
    if not _KEY.fullmatch(attachment.key) or ".." in attachment.key:
        faults.append(("key", "[A-Za-z0-9._/-]"))
    return faults


def checked_name(name: str | None) -> str | None:
    """Return the requester's name. Raises Refused when it is too long or masked."""
    found = clean(name, "requesterName", LONGEST_NAME)
    return _unmasked(found, "requesterName")


def checked_phone(phone: str | None) -> str | None:
    """Return the requester's telephone number. Raises Refused when it is none, or masked."""
    found = _unmasked(clean(phone, "requesterPhone", LONGEST_NAME), "requesterPhone")
    if found is not None and not _PHONE.fullmatch(found):
        raise Refused(TicketProblem.INVALID_PHONE, "requesterPhone")
    return found


def _unmasked(value: str | None, field: str) -> str | None:
    if value is not None and any(star in value for star in _STARS):
        raise Refused(TicketProblem.MASKED_VALUE, field, field=field)
    return value


def mask_name(name: str) -> str:
    """Return the first character and a star: 张* for 张小明 (个人信息保护法 articles 6 and 51)."""
    return f"{name[:1]}*"


def mask_phone(phone: str) -> str:
    """Return a telephone number with its middle hidden: 138****0000."""
    head, tail = phone[:3], phone[-4:]
    return head + "*" * max(len(phone) - len(head) - len(tail), 0) + tail
