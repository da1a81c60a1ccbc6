"""What names an organisation: what it is not dissolved with, and who has that when it is merged into another.

Every column that refers to an organisation is here, in `TIES` or in `PAST`; a test holds us to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from services.org.commands.activity_parts import hand_over_planned
from services.org.commands.alliances import hand_over_alliances
from services.org.commands.assignments import hand_over_assignments
from services.org.commands.authorised import hand_over_matters
from services.org.commands.carry_over import carry_over, duties_from
from services.org.commands.covering import hand_over_covering
from services.org.commands.filings import withdraw_for_merger
from services.org.commands.funds import hand_over_funds
from services.org.commands.lists import hand_over_items
from services.org.commands.organisation_history import take_over
from services.org.commands.pairings import hand_over_pairings
from services.org.commands.places import check_none
from services.org.commands.recommendations import hand_over_recommendations
from services.org.commands.registers import hand_over_check_ins
from services.org.commands.services import hand_over_service_items
from services.org.domain.activities import ActivityState
from services.org.domain.filings import OPEN as FILING_OPEN
from services.org.domain.recommendations import OPEN
from services.org.storage import place_tables
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date
    from uuid import UUID

    from sqlalchemy import Column, ColumnElement

    from chassis.database import WriteSession

    HandOver = Callable[[WriteSession, UUID, UUID, date], Awaitable[None]]


async def _duties(session: WriteSession, gone: UUID, into: UUID, on: date) -> None:
    held = await duties_from(session, on, t.duty.c.organisation_id == gone)
    await carry_over(session, [(duty, {"organisation_id": into}) for duty in held], on)


async def _below(session: WriteSession, gone: UUID, into: UUID, on: date) -> None:
    await take_over(session, t.organisation.c.parent_id == gone, into, on)


async def _assignments(session: WriteSession, gone: UUID, into: UUID, on: date) -> None:
    await hand_over_assignments(session, on, into, t.check_in_assignment.c.organisation_id == gone)


def _until(column: Column[Any]) -> Callable[[date], ColumnElement[bool]]:
    """Which rows hold on a day or later, by the column of their end."""
    return lambda on: or_(column.is_(None), column > on)


@dataclass(frozen=True, slots=True)
class Tie:
    """What holds by an organisation: who has it then when it is merged, and what it is not dissolved with.

    `holds` chooses the rows of a day that keep it from being dissolved; None: they end with it.
    """

    hand_over: HandOver
    holds: Callable[[date], ColumnElement[bool]] | None = None
    what: str = ""
    zh: str = ""


TIES: dict[Column[Any], Tie] = {
    t.duty.c.organisation_id: Tie(_duties, _until(t.duty.c.valid_to), "duties", "任职"),
    t.organisation.c.parent_id: Tie(_below, _until(t.organisation.c.dissolved_on), "organisations", "下级组织"),
    place_tables.activity.c.organisation_id: Tie(
        hand_over_planned,
        lambda _: place_tables.activity.c.state == ActivityState.PLANNED.value,
        "planned activities",
        "计划中的活动",
    ),
    t.recommendation.c.organisation_id: Tie(
        hand_over_recommendations,
        lambda _: t.recommendation.c.state.in_(OPEN),
        "recommendations under way",
        "进行中的推选",
    ),
    t.duty_filing.c.organisation_id: Tie(
        withdraw_for_merger,
        lambda _: t.duty_filing.c.state.in_(FILING_OPEN),
        "filings of duties under way",
        "进行中的任职备案",
    ),
    t.check_in_assignment.c.organisation_id: Tie(
        _assignments, _until(t.check_in_assignment.c.valid_to), "assignments of check-ins", "报到编组"
    ),
    t.check_in.c.unit_id: Tie(
        hand_over_check_ins, _until(t.check_in.c.valid_to), "check-ins of people who work for it", "所属单位的报到"
    ),
    t.alliance_member.c.alliance_id: Tie(
        hand_over_alliances, _until(t.alliance_member.c.valid_to), "members", "联盟成员"
    ),
    t.alliance_member.c.organisation_id: Tie(
        hand_over_alliances, _until(t.alliance_member.c.valid_to), "alliance memberships", "联盟成员关系"
    ),
    t.pairing.c.organisation_id: Tie(hand_over_pairings, _until(t.pairing.c.valid_to), "pairings", "结对"),
    t.list_item.c.organisation_id: Tie(hand_over_items, _until(t.list_item.c.valid_to), "list items", "清单事项"),
    place_tables.service_item.c.department_id: Tie(
        hand_over_service_items, _until(place_tables.service_item.c.valid_to), "service items", "服务事项"
    ),
    place_tables.authorised_matter.c.department_id: Tie(
        hand_over_matters, _until(place_tables.authorised_matter.c.valid_to), "authorised matters", "赋权事项"
    ),
    t.fund.c.organisation_id: Tie(
        hand_over_funds, lambda _: t.fund.c.approved + t.fund.c.available > 0, "funds with money left", "有结余的经费"
    ),
    t.organisation_compound.c.organisation_id: Tie(hand_over_covering),
}
"""In the order in which they go over."""

PAST: dict[Column[Any], str] = {
    t.assessment.c.organisation_id: "how it did in a year",
    t.organisation_version.c.organisation_id: "what it was called",
    t.organisation_version.c.parent_id: "what it was above",
    t.organisation_succession.c.predecessor_id: "whom it went over into",
    t.organisation_succession.c.successor_id: "whom it took over from",
}
"""What stays as it was, whatever becomes of the organisation, and what it tells."""


async def check_untied(session: WriteSession, id_: UUID, on: date) -> None:
    """Refuse to dissolve an organisation by which something holds on `on` or later. Raises Refused with NOT_EMPTY."""
    for column, tie in TIES.items():
        if tie.holds is not None:
            statement = select(func.count()).select_from(column.table).where(column == id_, tie.holds(on))
            check_none(int(await session.scalar(statement)), tie.what, tie.zh)


async def hand_over_all(session: WriteSession, gone: UUID, into: UUID, on: date) -> None:
    """Let `into` have all that holds by an organisation that is merged into it on `on`; both are locked."""
    for hand_over in dict.fromkeys(tie.hand_over for tie in TIES.values()):
        await hand_over(session, gone, into, on)
