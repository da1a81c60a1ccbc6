"""Urgent repairs from the maintenance fund (应急使用): asked for, decided, booked and published.

Civil Code article 281: where a repair is urgent, the owners' assembly or committee may ask to use the fund without the
vote that article 278 wants otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.places import lock
from services.property.commands.publishing import publish, store
from services.property.domain.care_events import EmergencyAsked, EmergencyDecided
from services.property.domain.content import LONGEST_WORD, now
from services.property.domain.contracts import check_money
from services.property.domain.problems import PropertyProblem
from services.property.storage import care_tables as c
from services.property.storage import tables as t

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class AskEmergencyUse(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: to repair something at once for at most an amount of 0.01 yuan."""

    compound_id: UUID
    hazard: str
    works: str
    amount: int


class DecideEmergencyUse(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a decision on it, with an opinion."""

    id: UUID
    approve: bool
    opinion: str


async def ask_emergency_use(session: WriteSession, permit: Permit, asked: AskEmergencyUse) -> UUID:
    """Ask for it and return the compound's id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    row: dict[str, Any] = {
        "id": new_id(),
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "hazard": demanded(asked.hazard, "hazard"),
        "works": demanded(asked.works, "works", LONGEST_WORD),
        "amount": check_money(asked.amount, "amountFen", least=1),
        "asked_by": str(permit.caller.subject),
        "asked_at": now(),
        "events": 1,
    }
    await session.execute(insert(c.emergency), row)
    session.changed("emergency", row["id"], compound["region_code"], amount=row["amount"])
    event = EmergencyAsked(
        emergency_id=row["id"],
        compound_id=compound["id"],
        region_code=compound["region_code"],
        hazard=row["hazard"],
        amount=row["amount"],
    )
    await publish(session, event, row["id"], 1, compound["region_code"])
    return asked.compound_id


async def decide_emergency_use(session: WriteSession, permit: Permit, asked: DecideEmergencyUse) -> UUID:
    """Decide, once, by another person than who asked; return the compound's id."""
    row = await lock(session, c.emergency, asked.id, "emergency use")
    permit.require(row["region_code"], what="emergency use")
    if row["decided_at"] is not None:
        raise Refused(PropertyProblem.ALREADY_ANSWERED, "id")
    if row["asked_by"] == str(permit.caller.subject):
        raise Refused(PropertyProblem.OWN_REQUEST, "id")
    opinion = demanded(asked.opinion, "opinion", LONGEST_WORD)
    event = EmergencyDecided(
        emergency_id=row["id"],
        compound_id=row["compound_id"],
        region_code=row["region_code"],
        hazard=row["hazard"],
        amount=row["amount"],
        approved=asked.approve,
    )
    await store(
        session, c.emergency, row, event,
        decided_by=str(permit.caller.subject), decided_at=now(), approved=asked.approve, opinion=opinion,
    )  # fmt: skip
    session.changed("emergency", row["id"], row["region_code"], approved=asked.approve)
    return UUID(str(row["compound_id"]))


async def check_emergency(session: WriteSession, compound_id: UUID, id_: UUID, amount: int) -> None:
    """Refuse to book more than was approved for an urgent repair. Raises Refused; the compound is locked."""
    e, f = c.emergency.c, c.fund_entry.c
    most = await session.scalar(select(e.amount).where(e.id == id_, e.compound_id == compound_id, e.approved))
    if most is None:
        raise Refused(PropertyProblem.NOT_APPROVED, "emergencyId")
    used = await session.scalar(select(func.coalesce(func.sum(f.amount), 0)).where(f.emergency_id == id_))
    if int(used) + amount > most:
        raise Refused(PropertyProblem.BEYOND_APPROVAL, "amount")
