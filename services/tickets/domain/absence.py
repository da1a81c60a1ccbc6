"""Absence from a duty and standing in for it (代理): who is away for a period, and who acts by the duty meanwhile.

Only the holder names a deputy, for a duty of their own, so nothing is ever passed on twice; the deputy is in duty at
the same place or above it, so what they are shown lies where they may look already.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from chassis.problems import Refused
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process_words import is_duty

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.tickets.domain.ticket import Held

LONGEST = timedelta(days=90)
FARTHEST = timedelta(days=365)


class Away(msgspec.Struct, frozen=True):
    """A period of whole days: the first, and the first on which the holder is back."""

    valid_from: date
    valid_to: date

    def overlaps(self, other: Away) -> bool:
        """Tell whether two periods have a day in common."""
        return self.valid_from < other.valid_to and other.valid_from < self.valid_to


def checked_period(first: date, last: date, today: date) -> Away:
    """Return the period from a first to a last day. Raises Refused for one in the past, too long or too far ahead."""
    if first < today or last < first or last - first >= LONGEST or first - today > FARTHEST:
        raise Refused(TicketProblem.WRONG_ABSENCE, "lastDay", days=LONGEST.days)
    return Away(first, last + timedelta(days=1))


def may_stand_in(absent: Held, duties: Iterable[Held]) -> bool:
    """Tell whether somebody with these duties can stand in for another.

    A member of a team, or who checked in, only for one of their own.
    """
    in_duty = (one for one in duties if is_duty(one.title) or one.title == absent.title)
    return any(absent.region_code.startswith(one.region_code) for one in in_duty)
