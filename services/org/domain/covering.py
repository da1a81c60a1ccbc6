"""小区组织覆盖: which compounds an organisation covers, alone or jointly over several (单独或联合组建), by date.

A compound may be covered by several organisations, of one kind or of different ones; nothing demands that it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (dataclass fields)

from chassis.problems import Refused
from services.org.domain.periods import Period
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MOST_COVERED = 50
"""How many compounds an organisation covers at once at most: so many are read with it, whole."""


@dataclass(frozen=True, slots=True)
class Covering:
    """That an organisation covers a compound in a period."""

    compound_id: UUID
    period: Period


def check_covered(asked: Iterable[UUID], *path: str) -> list[UUID]:
    """Return the compounds that an organisation covers, each once; none is allowed. Raises Refused with TOO_MANY."""
    wanted = sorted(set(asked))
    if len(wanted) > MOST_COVERED:
        raise Refused(OrgProblem.TOO_MANY, *path, most=MOST_COVERED)
    return wanted


def covered_on(held: Iterable[Covering], day: date) -> set[UUID]:
    """Return the compounds that are covered on a day."""
    return {one.compound_id for one in held if one.period.holds(day)}


def replaced(held: Sequence[Covering], wanted: Iterable[UUID], on: date) -> tuple[set[UUID], set[UUID]]:
    """Return which compounds are covered no longer, and which are from now on, when `wanted` are all of them on `on`.

    `held` is all that the organisation ever covered. Raises Refused: NOTHING_CHANGES, and DATE_TOO_EARLY when the day
    is before the last change.
    """
    now, then = {one.compound_id for one in held if one.period.until is None}, set(wanted)
    if now == then:
        raise Refused(OrgProblem.NOTHING_CHANGES, "compoundIds")
    days = [day for one in held for day in (one.period.start, one.period.until) if day is not None]
    if days and on < max(days):
        raise Refused(OrgProblem.DATE_TOO_EARLY, "effectiveOn", date=on, earliest=max(days))
    return now - then, then - now


def cut(period: Period, on: date) -> Period:
    """Return a period that ends on `on` at the latest; one that begins later has no day left."""
    until = max(on, period.start)
    return period if period.until is not None and period.until <= on else Period(period.start, until)


def taken_over(theirs: Iterable[Covering], mine: Iterable[Covering], on: date) -> list[Covering]:
    """Return what an organisation covers beside its own (`mine`) from a day on, when it takes over from another.

    On every day from `on` it covers then what either covered, each compound once.
    """
    own = list(mine)
    found: list[Covering] = []
    for one in theirs:
        left = [Period(max(on, one.period.start), one.period.until)]
        for other in own:
            if other.compound_id == one.compound_id:
                left = [piece for period in left for piece in _without(period, other.period)]
        found += [Covering(one.compound_id, piece) for piece in left if not piece.is_empty]
    return found


def _without(period: Period, other: Period) -> list[Period]:
    """Return what is left of a period without the days of another."""
    if not period.meets(other):
        return [period]
    left = [Period(period.start, other.start)] if period.start < other.start else []
    if other.until is not None and (period.until is None or other.until < period.until):
        left.append(Period(other.until, period.until))
    return left
