"""Red and grey lists of bodies (信用积分红灰榜): how long one may be on one, and from when it can be repaired.

信用修复管理办法 (NDRC order 36, in force 2026-04-01): minor matters are published for 3 months at most, ordinary ones
for 3 months to a year, serious ones for one to three years; what was put right is taken off after the shortest term.
No list has natural persons: 国办发〔2020〕49号, and the table refuses them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.credit.domain.periods import same_day
from services.credit.domain.problems import CreditProblem

if TYPE_CHECKING:
    from datetime import date


class Colour(StrEnum):
    """Which list."""

    RED = "red"
    """红榜: honoured."""
    GREY = "grey"
    """灰榜: with a matter to put right."""


class Grade(StrEnum):
    """How grave the matter of a grey entry is; red entries are minor."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    SERIOUS = "serious"


_LEAST_MONTHS = {Grade.MINOR: 0, Grade.ORDINARY: 3, Grade.SERIOUS: 12}
_MOST_MONTHS = {Grade.MINOR: 3, Grade.ORDINARY: 12, Grade.SERIOUS: 36}
_RED_MONTHS = 12


def checked_term(colour: Colour, grade: Grade, starts_on: date, months: int) -> date:
    """Return the first day on which an entry is no longer shown. Raises Refused for a term that the rules forbid."""
    red = colour is Colour.RED
    least, most = (1, _RED_MONTHS) if red else (max(_LEAST_MONTHS[grade], 1), _MOST_MONTHS[grade])
    if not least <= months <= most:
        raise Refused(CreditProblem.TERM_OUT_OF_RANGE, "months", least=least, most=most)
    return same_day(starts_on, months)


def repairable_on(grade: Grade, starts_on: date) -> date:
    """Return the first day on which an entry can be taken off because the matter was put right."""
    return same_day(starts_on, _LEAST_MONTHS[grade])
