"""Record what partner units contribute, and which problems of their compounds they take on and settle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_kind, find, lock
from services.org.commands.publishing import publish
from services.org.commands.register_steps import place_of
from services.org.domain import partner_events as events
from services.org.domain.partners import (
    check_amount,
    check_compound,
    check_note,
    check_said,
    check_settled,
    check_taken_up,
)
from services.org.domain.periods import Period, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.partner_tables import contribution, joint_problem

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RecordContribution(msgspec.Struct, frozen=True):
    """What is asked: a paired unit did something on a day."""

    pairing_id: UUID
    kind: str
    amount: int
    on: date
    compound_id: UUID | None = None
    note: str | None = None


class CancelContribution(msgspec.Struct, frozen=True):
    """What is asked: a contribution was recorded by mistake."""

    id: UUID
    expected_version: int
    reason: str


class TakeUpProblem(msgspec.Struct, frozen=True):
    """What is asked: a paired unit takes on a problem: something on a list, or a ticket."""

    pairing_id: UUID
    on: date
    compound_id: UUID | None = None
    list_item_id: UUID | None = None
    ticket_id: UUID | None = None


class SettleProblem(msgspec.Struct, frozen=True):
    """What is asked: a problem that a unit took on is settled."""

    id: UUID
    expected_version: int
    result: str
    on: date


async def record_contribution(session: WriteSession, permit: Permit, asked: RecordContribution) -> UUID:
    """Record what a unit did."""
    pairing = await _pairing(session, permit, asked.pairing_id, asked.on)
    await check_kind(session, "contribution", asked.kind)
    check_compound(asked.compound_id, pairing["compound_ids"])
    row = {
        "id": new_id(),
        **place_of(pairing),
        "pairing_id": asked.pairing_id,
        "kind": asked.kind,
        "amount": check_amount(asked.amount),
        "made_on": asked.on,
        "compound_id": asked.compound_id,
        "note": check_note(asked.note, "note"),
    }
    await session.execute(insert(contribution), row)
    session.changed("contribution", row["id"], row["region_code"], kind=asked.kind, amount=asked.amount, on=asked.on)
    event = events.ContributionMade(
        contribution_id=row["id"],
        pairing_id=asked.pairing_id,
        organisation_id=pairing["organisation_id"],
        kind=asked.kind,
        amount=asked.amount,
        on=asked.on,
        compound_id=asked.compound_id,
        **place_of(pairing),
    )
    await publish(session, event, event.contribution_id, 1, event.region_code)
    return event.contribution_id


async def cancel_contribution(session: WriteSession, permit: Permit, asked: CancelContribution) -> UUID:
    """Let a contribution count no longer; it stays with the reason."""
    row = await lock(session, contribution, asked.id, "contribution", asked.expected_version)
    permit.require(row["region_code"], what="contribution")
    if row["cancelled_because"] is not None:
        raise Refused(OrgProblem.NOTHING_CHANGES, "id")
    version = row["version"] + 1
    values = {"cancelled_because": check_said(asked.reason, "reason"), "version": version}
    await session.execute(update(contribution).where(contribution.c.id == asked.id).values(**values))
    session.changed("contribution", asked.id, row["region_code"], cancelled=True)
    event = events.ContributionCancelled(contribution_id=asked.id, pairing_id=row["pairing_id"], **place_of(row))
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id


async def take_up_problem(session: WriteSession, permit: Permit, asked: TakeUpProblem) -> UUID:
    """Let a unit take on a problem where it is paired."""
    pairing = await _pairing(session, permit, asked.pairing_id, asked.on)
    check_compound(asked.compound_id, pairing["compound_ids"])
    check_taken_up(asked.list_item_id, asked.ticket_id)
    if asked.list_item_id is not None:
        item = await find(session, t.list_item, asked.list_item_id, OrgProblem.UNKNOWN_LIST_ITEM, "listItemId")
        if not pairing["region_code"].startswith(item["region_code"]):
            raise Refused(OrgProblem.OTHER_COMMUNITY, "listItemId")
    row: dict[str, Any] = {
        "id": new_id(),
        **place_of(pairing),
        "pairing_id": asked.pairing_id,
        "compound_id": asked.compound_id,
        "list_item_id": asked.list_item_id,
        "ticket_id": asked.ticket_id,
        "taken_on": asked.on,
    }
    await session.execute(insert(joint_problem), row)
    session.changed("joint_problem", row["id"], row["region_code"], pairing_id=asked.pairing_id, on=asked.on)
    event = events.JointProblemTaken(
        joint_problem_id=row["id"],
        pairing_id=asked.pairing_id,
        organisation_id=pairing["organisation_id"],
        compound_id=asked.compound_id,
        list_item_id=asked.list_item_id,
        ticket_id=asked.ticket_id,
        on=asked.on,
        **place_of(pairing),
    )
    await publish(session, event, event.joint_problem_id, 1, event.region_code)
    return event.joint_problem_id


async def settle_problem(session: WriteSession, permit: Permit, asked: SettleProblem) -> UUID:
    """Write down the result of a problem that a unit took on."""
    row = await lock(session, joint_problem, asked.id, "joint problem", asked.expected_version)
    permit.require(row["region_code"], what="joint problem")
    check_not_future(asked.on, today(), "on")
    check_settled(row["settled_on"], row["taken_on"], asked.on)
    version = row["version"] + 1
    values = {"settled_on": asked.on, "result": check_said(asked.result, "result"), "version": version}
    await session.execute(update(joint_problem).where(joint_problem.c.id == asked.id).values(**values))
    session.changed("joint_problem", asked.id, row["region_code"], settled_on=asked.on)
    event = events.JointProblemSettled(
        joint_problem_id=asked.id, pairing_id=row["pairing_id"], settled_on=asked.on, **place_of(row)
    )
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id


async def _pairing(session: WriteSession, permit: Permit, id_: UUID, on: date) -> RowMapping:
    """Return a pairing, locked, that held on a day. Raises NotFound and Refused."""
    pairing = await lock(session, t.pairing, id_, "pairing")
    permit.require(pairing["region_code"], what="pairing")
    check_not_future(on, today(), "on")
    if not Period(pairing["valid_from"], pairing["valid_to"]).holds(on):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, "on", what="pairing")
    return pairing
