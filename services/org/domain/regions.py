"""A region's history: its code, name and parent are dated; its identity is not.

The history is a list of versions in order. Each holds from its first day to the next one's; a version that was
replaced on its own first day is kept with no day in it, so that a code once given always leads to its region.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.codes import check_code, level_of, moved, parent_of
from services.org.domain.levels import Level
from services.org.domain.periods import Period
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class RegionVersion:
    """What a region was called, and where it belonged, in a period."""

    code: str
    name: str
    parent_id: UUID | None
    period: Period


@dataclass(frozen=True, slots=True)
class Holder:
    """A region that bore a code in a period."""

    region_id: UUID
    period: Period


def check_name(name: str, *path: str) -> str:
    """Return a name without surrounding space. Raises Refused when it is empty or too long."""
    return demanded(name, "name", LONGEST_NAME, *path)


def check_under(code: str, level: Level, parent: RegionVersion | None, on: date, *path: str) -> None:
    """Refuse a code that is not one of `level` under its parent, in force without a break since `on`.

    `parent` is the last version of the region that bears the code's prefix, None when there is none.
    """
    check_code(code, level, *path)
    above = parent_of(code)
    if above is None:
        return
    if parent is None or parent.code != above or parent.period.until is not None or parent.period.start > on:
        raise Refused(OrgProblem.PARENT_NOT_IN_FORCE, *path, code=above, date=on)


def check_code_is_free(code: str, region_id: UUID, holders: Sequence[Holder], on: date, *path: str) -> None:
    """Refuse a code that another region bears on `on` or later. Raises Refused."""
    if any(holder.region_id != region_id and holder.period.meets(Period(on)) for holder in holders):
        raise Refused(OrgProblem.CODE_TAKEN, *path, code=code)


def renamed(history: Sequence[RegionVersion], name: str, on: date) -> list[RegionVersion]:
    """Return the history with `name` from `on`. Raises Refused."""
    name = check_name(name, "name")
    if name == history[-1].name:
        raise Refused(OrgProblem.NOTHING_CHANGES, "name")
    return _changed(history, on, replace(history[-1], name=name))


def recoded(
    history: Sequence[RegionVersion], old: str, new: str, on: date, *, parent_id: UUID | None = None
) -> list[RegionVersion]:
    """Return the history of a region in `old` (or `old` itself) after `old` becomes `new` on `on`.

    `parent_id` is the new parent of the region that is recoded itself; those below keep theirs. Raises Refused.
    """
    last = history[-1]
    if old == new:
        raise Refused(OrgProblem.NOTHING_CHANGES, "newCode")
    code = moved(last.code, old, new)
    return _changed(history, on, replace(last, code=code, parent_id=parent_id or last.parent_id))


def closed(history: Sequence[RegionVersion], on: date) -> list[RegionVersion]:
    """Return the history ended on `on`, the first day without the region. Raises Refused."""
    _check_change(history, on)
    return [*history[:-1], replace(history[-1], period=Period(history[-1].period.start, on))]


def check_takes_over(code: str, into: str) -> None:
    """Refuse a region, by its code, to take over what lies directly in another that is closed. Raises Refused.

    It is another region of the same level in the same district: what lies there may not need another level, and what a
    district keeps is told to that district alone.
    """
    district = Level.DISTRICT.code_length
    if into == code or level_of(into) is not level_of(code) or into[:district] != code[:district]:
        raise Refused(OrgProblem.CANNOT_TAKE_OVER, "intoCode", code=into)


def in_force(history: Sequence[RegionVersion], day: date) -> RegionVersion | None:
    """Return the version in force on `day`, None when the region did not exist then."""
    return next((version for version in history if version.period.holds(day)), None)


def resolve(holders: Sequence[Holder], day: date) -> UUID | None:
    """Return the region a code means on `day`: who bore it then, else who bore it last before, else first after.

    So a retired code still leads to its region, and today's code finds the region in a past it had another code.
    """
    then = [holder for holder in holders if holder.period.holds(day)]
    if then:
        return then[0].region_id
    before = [holder for holder in holders if holder.period.start <= day]
    if before:
        return max(
            before, key=lambda holder: (holder.period.until or holder.period.start, holder.period.start)
        ).region_id
    return min(holders, key=lambda holder: holder.period.start).region_id if holders else None


def _check_change(history: Sequence[RegionVersion], on: date) -> None:
    last = history[-1].period
    if last.until is not None:
        raise Refused(OrgProblem.ALREADY_ENDED, date=last.until)
    if on < last.start:
        raise Refused(OrgProblem.DATE_TOO_EARLY, "effectiveOn", date=on, earliest=last.start)


def _changed(history: Sequence[RegionVersion], on: date, new: RegionVersion) -> list[RegionVersion]:
    _check_change(history, on)
    last = replace(history[-1], period=Period(history[-1].period.start, on))
    return [*history[:-1], last, replace(new, period=Period(on))]
