"""Registers of a region: its type, distinctions, partner units' pairings, and members who checked in there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import clean
from services.org.domain.people import PartyStatus
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from services.org.domain.periods import Period

LONGEST_REMARK = 200
MOST_COMPOUNDS = 2
"""How many compounds of its community a partner unit is hooked to at most (挂钩1至2个小区)."""


def check_remark(remark: str | None, field: str) -> str | None:
    """Return a remark (the reason of a distinction, the project of a pairing) as it is stored. Raises Refused."""
    return clean(remark, field, LONGEST_REMARK, field)


def check_classified(now: str | None, since: date | None, wanted: str, on: date) -> None:
    """Refuse to give a community the type it has, or a type from before the one it has began. Raises Refused.

    `now` and `since` are the type it has and since when; None when it has none.
    """
    if now == wanted:
        raise Refused(OrgProblem.NOTHING_CHANGES, "type")
    if since is not None and on < since:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "validFrom", date=on, earliest=since)


def check_check_in(status: PartyStatus, earlier: Iterable[Period], wanted: Period, *, group: str | None = None) -> None:
    """Refuse who is not an in-service party member, or has checked in elsewhere in that time. Raises Refused.

    A member reports for service in one place, where they live (双报到: 单位党组织到社区, 在职党员到居住地). So does
    somebody of a `group` of new employment (新就业群体: couriers, riders, drivers), party member or not.
    """
    if group is None and status is not PartyStatus.IN_SERVICE:
        raise Refused(OrgProblem.NOT_IN_SERVICE, "personId")
    if any(period.meets(wanted) for period in earlier):
        raise Refused(OrgProblem.ALREADY_CHECKED_IN, "personId")


def check_pairing(places: Iterable[str], wanted: str) -> None:
    """Refuse a pairing that is there already; `places` are the regions that the unit is paired with. Raises Refused."""
    if wanted in set(places):
        raise Refused(OrgProblem.ALREADY_PAIRED, "regionCode", code=wanted)


def check_hooked(compounds: Sequence[UUID], now: Sequence[UUID]) -> list[UUID]:
    """Return the compounds that a partner unit is hooked to, each once: one or two. Raises Refused.

    `now` are those that it is hooked to already.
    """
    wanted = sorted(set(compounds))
    if not 0 < len(wanted) <= MOST_COMPOUNDS:
        raise Refused(OrgProblem.TOO_MANY_COMPOUNDS, "compoundIds", most=MOST_COMPOUNDS)
    if wanted == sorted(now):
        raise Refused(OrgProblem.NOTHING_CHANGES, "compoundIds")
    return wanted
