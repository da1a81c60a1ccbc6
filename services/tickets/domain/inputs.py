"""What comes with an action against what the action requires and may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from chassis.problems import CommonProblem, Refused
from chassis.texts import clean
from services.tickets.domain.content import LONGEST_WORD, checked_attachments
from services.tickets.domain.deliverables import checked_deliverables
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Input
from services.tickets.domain.ticket import Given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.tickets.domain.process import Deliverable, Evaluation

MOST_MONEY = 2_000_000_000
"""In 0.01 yuan; more than 20 million yuan is no project of a neighbourhood."""


_NAMES = tuple((one, one.value) for one in Input)


def check_given(
    given: Given,
    requires: Sequence[Input],
    may: Sequence[Input],
    scale: Evaluation | None = None,
    kinds: Sequence[Deliverable] = (),
) -> Given:
    """Return what was given, cleaned. Raises Refused for what is missing, not taken, too long or out of range."""
    checked = Given(
        reason=clean(given.reason, Input.REASON, LONGEST_WORD),
        opinion=clean(given.opinion, Input.OPINION, LONGEST_WORD),
        notice=clean(given.notice, Input.NOTICE, LONGEST_WORD),
        rating=given.rating,
        responsible=given.responsible,
        amount=given.amount,
        deliverables=given.deliverables,
        invited=given.invited,
        children=given.children,
        grounds=given.grounds,
        into=given.into,
        assignee=given.assignee,
        attachments=checked_attachments(given.attachments),
    )
    for one, name in _NAMES:
        is_there = getattr(checked, name) not in (None, ())
        if not is_there and one in requires:
            raise Refused(CommonProblem.REQUIRED, name, field=name)
        if is_there and one not in requires and one not in may:
            raise Refused(TicketProblem.NOT_TAKEN, name, field=name)
    if checked.rating is not None and scale and not scale.lowest <= checked.rating <= scale.highest:
        raise Refused(TicketProblem.RATING_OUT_OF_RANGE, "rating", lowest=scale.lowest, highest=scale.highest)
    if checked.amount is not None and not 0 < checked.amount <= MOST_MONEY:
        raise Refused(TicketProblem.INVALID_AMOUNT, "amount", most=f"{MOST_MONEY / 100:,.2f}")
    return replace(checked, deliverables=checked_deliverables(checked.deliverables, kinds))
