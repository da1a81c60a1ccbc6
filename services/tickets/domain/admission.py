"""Entry control (准入制度): which matters a community shall not undertake, which certificates it shall not issue.

A district keeps three lists: matters, certificates, and the hotlines by which a burden is reported. The like stands in
北京市接诉即办工作条例, article 17. An item is in force in the region that keeps it and below, from a day on; a change
is a new version from a day on, so what was refused by an item can always be read as it stood that day.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from chassis.problems import CommonProblem, Refused
from chassis.texts import clean, demanded
from services.tickets.domain.content import LONGEST_TITLE, LONGEST_WORD
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

_CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
_HOTLINE = re.compile(r"\d{3,6}|1\d{10}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|400\d{7}", re.ASCII)
_MOST_KEYWORDS = 20
_SHORTEST_KEYWORD = 2
_LONGEST_KEYWORD = 30


class AdmissionList(StrEnum):
    """The three lists (三张清单)."""

    MATTERS = "matters"
    CERTIFICATES = "certificates"
    HOTLINES = "hotlines"


class Cause(StrEnum):
    """Why an item is held to speak of a ticket."""

    NAMED = "named"
    KEYWORD = "keyword"
    CLAIMED = "claimed"
    """The community says so when it refuses."""


class AdmissionItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of a list as it is written: what it is called, the words that tell of it, the rule it rests on."""

    list: AdmissionList
    code: str
    name_zh: str
    name_en: str
    keywords: tuple[str, ...] = ()
    basis: str | None = None
    phone: str | None = None


class Standing(msgspec.Struct, frozen=True):
    """The newest version of an item: its number, and from when and (exclusively) to when it is in force."""

    version: int
    valid_from: date
    valid_to: date | None


class Match(msgspec.Struct, frozen=True):
    """Why a ticket is one that an item speaks of: it names the item (`word` None), or holds one of its keywords."""

    word: str | None

    @property
    def cause(self) -> Cause:
        """Which of the two it is."""
        return Cause.NAMED if self.word is None else Cause.KEYWORD


def checked_item(item: AdmissionItem) -> AdmissionItem:
    """Return an item, cleaned. Raises Refused for a wrong code, name, keyword or telephone number."""
    if not _CODE.fullmatch(item.code):
        raise Refused(TicketProblem.INVALID_ITEM_CODE, "code", code=item.code[:50])
    keywords = tuple(dict.fromkeys(word.strip() for word in item.keywords))
    if len(keywords) > _MOST_KEYWORDS:
        raise Refused(TicketProblem.INVALID_KEYWORD, "keywords", fewest=_SHORTEST_KEYWORD, most=_LONGEST_KEYWORD)
    for index, word in enumerate(keywords):
        if not _SHORTEST_KEYWORD <= len(_plain(word)) <= len(word) <= _LONGEST_KEYWORD:
            raise Refused(
                TicketProblem.INVALID_KEYWORD, "keywords", str(index), fewest=_SHORTEST_KEYWORD, most=_LONGEST_KEYWORD
            )
    phone = clean(item.phone, "phone", LONGEST_TITLE)
    if item.list is AdmissionList.HOTLINES:
        if phone is None:
            raise Refused(CommonProblem.REQUIRED, "phone", field="phone")
        if not _HOTLINE.fullmatch(phone):
            raise Refused(TicketProblem.INVALID_PHONE, "phone")
    for field, is_there in (("phone", phone is not None), ("keywords", bool(keywords))):
        if is_there and (field == "phone") != (item.list is AdmissionList.HOTLINES):
            raise Refused(TicketProblem.NOT_IN_THIS_LIST, field, field=field, list=item.list.value)
    return msgspec.structs.replace(
        item,
        name_zh=demanded(item.name_zh, "nameZh", LONGEST_TITLE),
        name_en=demanded(item.name_en, "nameEn", LONGEST_TITLE),
        keywords=keywords,
        basis=clean(item.basis, "basis", LONGEST_WORD),
        phone=phone,
    )


def next_version(newest: Standing | None, valid_from: date) -> int:
    """Return the number of a version that begins on `valid_from`. Raises Refused unless it begins after the newest."""
    if newest is None:
        return 1
    begins = newest.valid_from if newest.valid_to is None else newest.valid_to
    if valid_from < begins or valid_from == newest.valid_from:
        raise Refused(TicketProblem.VERSION_TOO_EARLY, "validFrom", day=begins)
    return newest.version + 1


def check_end(standing: Standing, valid_to: date) -> None:
    """Refuse to end a version that has an end, or before it began. Raises Refused."""
    if standing.valid_to is not None:
        raise Refused(TicketProblem.ITEM_ENDED, day=standing.valid_to)
    if valid_to <= standing.valid_from:
        raise Refused(TicketProblem.VERSION_TOO_EARLY, "validTo", day=standing.valid_from)


def match(item: AdmissionItem, category: str | None, words: Sequence[str]) -> Match | None:
    """Tell whether a ticket of a category, with what is written in it, is one that the item speaks of.

    It names the item when its category has the item's code or its words hold code or name; else a keyword counts,
    whatever the width and case of its letters and the spaces and marks between.
    """
    if item.list is AdmissionList.HOTLINES:
        return None
    code = re.compile(rf"(?<![a-z0-9_]){re.escape(item.code)}(?![a-z0-9_])")
    if category == item.code or any(code.search(_folded(text)) for text in words):
        return Match(None)
    written = [_plain(text) for text in words]
    if any(_plain(item.name_zh) in text for text in written):
        return Match(None)
    return next((Match(word) for word in item.keywords if any(_plain(word) in text for text in written)), None)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _plain(text: str) -> str:
    """Return letters, digits and characters alone."""
    return "".join(char for char in _folded(text) if char.isalnum())
