"""Which files are taken, how many, and what is made of what is really there."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chassis.problems import Refused
from services.tickets.domain.content import check_file_name, is_sha256
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

_MB = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."
MOST_WAITING = 40
"""How many uploads somebody may have asked for in a day and not attached."""
MOST_WAITING_BYTES = 1024 * _MB


class _Kind(NamedTuple):
    """A media type that is taken: at most how many bytes, and as what its first bytes may be known."""

    most: int
    known_as: frozenset[str]


def _kind(most: int, *known_as: str) -> _Kind:
    return _Kind(most, frozenset(known_as))


_TEXT: frozenset[str] = frozenset()
"""Text has no signature: it is known by its characters, and by being no page that a browser would run."""
_PAGES = frozenset({"text/html", "image/svg+xml", "application/xhtml+xml"})

TAKEN: dict[str, _Kind] = {
    "image/jpeg": _kind(20 * _MB, "image/jpeg"),
    "image/png": _kind(20 * _MB, "image/png"),
    "image/webp": _kind(20 * _MB, "image/webp"),
    "image/heic": _kind(20 * _MB, "image/heic", "image/heif"),
    "audio/mpeg": _kind(20 * _MB, "audio/mpeg"),
    "audio/mp4": _kind(20 * _MB, "audio/mp4"),
    "audio/wav": _kind(20 * _MB, "audio/wav", "audio/wave", "audio/x-wav"),
    "video/mp4": _kind(100 * _MB, "video/mp4"),
    "video/quicktime": _kind(100 * _MB, "video/quicktime"),
    "application/pdf": _kind(50 * _MB, "application/pdf"),
    f"{_OFFICE}wordprocessingml.document": _kind(50 * _MB, f"{_OFFICE}wordprocessingml.document"),
    f"{_OFFICE}spreadsheetml.sheet": _kind(50 * _MB, f"{_OFFICE}spreadsheetml.sheet"),
    "text/plain": _Kind(5 * _MB, _TEXT),
    "text/csv": _Kind(5 * _MB, _TEXT),
}
"""What is taken: no pages, programs or archives, and no older office documents, which can carry programs."""


class UploadState(StrEnum):
    """Where an upload is on its way to being a file of a ticket."""

    AWAITED = "awaited"
    """A link was given; nothing is known of what came."""
    VERIFIED = "verified"
    """What was declared lies there, as far as size and first bytes tell."""
    QUARANTINED = "quarantined"
    """It is attached, and shown to nobody before it was looked into."""
    AVAILABLE = "available"
    REFUSED = "refused"
    """It was not what it was said to be, or infected; its bytes are deleted."""
    ERASED = "erased"
    """Its time was over, or the person asked for it; its bytes are deleted."""


class Finding(StrEnum):
    """Why a file was refused after it was attached."""

    MISSING = "missing"
    DIFFERS = "differs"
    WRONG_TYPE = "wrong_type"
    INFECTED = "infected"


class DeclaredFile(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says that they will upload: file name, media type, bytes, SHA-256 in hexadecimal."""

    name: str
    media_type: str
    size: int
    sha256: str


def check_declared(file: DeclaredFile) -> DeclaredFile:
    """Return what was declared, cleaned. Raises Refused for what is not taken."""
    declared = msgspec.structs.replace(file, name=file.name.strip(), sha256=file.sha256.lower())
    check_file_name(declared.name, "name")
    kind = TAKEN.get(declared.media_type)
    if kind is None:
        listed = ", ".join(sorted(TAKEN))
        raise Refused(TicketProblem.FILE_TYPE_NOT_TAKEN, "mediaType", type=file.media_type[:100], taken=listed)
    if not 1 <= declared.size <= kind.most:
        raise Refused(TicketProblem.FILE_TOO_LARGE, "size", type=declared.media_type, most=kind.most)
    if not is_sha256(declared.sha256):
        raise Refused(TicketProblem.INVALID_ATTACHMENT, "sha256", field="sha256", reason="[0-9a-f]{64}")
    return declared


def check_allowance(waiting: int, waiting_bytes: int, size: int) -> None:
    """Refuse one more upload for who has asked for so many in a day without attaching them. Raises Refused."""
    if waiting >= MOST_WAITING or waiting_bytes + size > MOST_WAITING_BYTES:
        raise Refused(TicketProblem.TOO_MANY_UPLOADS, most=MOST_WAITING, megabytes=MOST_WAITING_BYTES // _MB)


def is_of_type(media_type: str, found: Collection[str], *, reads_as_text: bool) -> bool:
    """Tell whether first bytes are those of a media type; `found` are the types of which they can be."""
    known_as = TAKEN[media_type].known_as
    if known_as:
        return not known_as.isdisjoint(found)
    return reads_as_text and _PAGES.isdisjoint(found)


def key_of_upload(upload: UUID) -> str:
    """Return where the bytes of an upload arrive: a link to put something there may still be about."""
    return f"uploads/{upload}"


def key_of_file(upload: UUID) -> str:
    """Return where the bytes of a file lie for good: no link to put anything there was ever given."""
    return f"files/{upload}"


def key_of_reference(key: str) -> str:
    """Return where the bytes lie that an imported ticket refers to as `key`."""
    return f"imported/{key}"
