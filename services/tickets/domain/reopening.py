"""Whether a ticket may be reopened: judged by the stored record only, in this one place."""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.tickets.domain.calendar import ZONE
from services.tickets.domain.deadline import due
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from datetime import datetime

    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.process import Reopening
    from services.tickets.domain.ticket import Ticket


def check_reopening(rule: Reopening, ticket: Ticket, subject: str, at: datetime, calendar: WorkingCalendar) -> None:
    """Refuse to reopen a ticket too late, too often, or after a rating that was good. Raises Refused.

    The window runs from when the ticket came where it is. The rating that counts is the one that `subject` gave in this
    round, else the mean of all; with no rating on record nothing speaks against reopening.
    """
    if ticket.round >= rule.times:
        raise Refused(TicketProblem.REOPENED_TOO_OFTEN, times=rule.times)
    until = due(rule.within, ticket.entered_at, calendar).at
    if at >= until:
        raise Refused(TicketProblem.REOPENING_OVER, until=until.astimezone(ZONE).strftime("%Y-%m-%d %H:%M"))
    rating = rating_that_counts(ticket, subject)
    if rule.rating_at_most is not None and rating is not None and rating > rule.rating_at_most:
        raise Refused(TicketProblem.REOPENING_NOT_WARRANTED, rating=f"{rating:g}", most=rule.rating_at_most)


def rating_that_counts(ticket: Ticket, subject: str) -> float | None:
    """Return the rating that bears on a reopening by `subject`."""
    own = [one.rating for one in ticket.evaluations if one.by == subject and one.round == ticket.round]
    return own[-1] if own else mean(ticket.ratings()) if ticket.ratings() else None
