"""职责指南: what the holders of a duty title, or the teams of a kind, are there for, in the practice's words.

A guide has versions, each from a day on. The words of a version never change: a changed guide is a higher version, so
that whoever acted by an earlier one can be judged by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.problems import OrgProblem
from services.org.domain.regions import check_name

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ITEMS = 50
LONGEST_ITEM = 200
HIGHEST_VERSION = 1000


def check_guide(name_zh: str, name_en: str, version: int, items: Sequence[str]) -> tuple[str, ...]:
    """Return the items of a guide. Raises Refused for none, too many, and one that is empty or too long."""
    check_name(name_zh, "name_zh")
    check_name(name_en, "name_en")
    if not 0 < version <= HIGHEST_VERSION:
        raise Refused(OrgProblem.INVALID_COUNT, "version", most=HIGHEST_VERSION)
    if not 0 < len(items) <= MOST_ITEMS:
        raise Refused(OrgProblem.INVALID_COUNT, "items", most=MOST_ITEMS)
    for item in items:
        demanded(item, "items", LONGEST_ITEM)
    return tuple(items)
