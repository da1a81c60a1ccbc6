"""Which tickets are about how a company serves a compound: said by who keeps the register, or by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.errors import NotFound
from chassis.problems import Refused
from services.property.commands.assessments import company_of
from services.property.commands.places import lock
from services.property.commands.publishing import append, store
from services.property.domain.company_events import CompoundTicketLinked
from services.property.domain.company_rules import DEFAULT_RECOMMENDATION, RecommendationRule
from services.property.domain.content import now
from services.property.domain.problems import PropertyProblem
from services.property.storage import care_tables as care
from services.property.storage import committee_tables as o
from services.property.storage import company_tables as c
from services.property.storage import tables as t

if TYPE_CHECKING:
    from sqlalchemy import RowMapping
    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.database import WriteSession
    from chassis.events.envelope import Envelope
    from chassis.graphql.mutate import Permit

_RULE = "system:rule"


class LinkTicket(msgspec.Struct, frozen=True):
    """What is asked: that a ticket is about the company that serves a compound."""

    compound_id: UUID
    ticket_id: UUID


async def link_ticket(session: WriteSession, permit: Permit, asked: LinkTicket) -> UUID:
    """Link it, also when it was linked to another compound before; return the compound's id. Raises Refused."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    told = care.ticket_told.c
    code = await session.scalar(select(told.region_code).where(told.id == asked.ticket_id))
    if code is None:
        raise NotFound(what="ticket")
    here = compound["region_code"]
    if not (code.startswith(here) or here.startswith(code)):
        raise Refused(PropertyProblem.TICKET_ELSEWHERE, "ticketId")
    company_id = await company_of(session, compound["id"])
    row = _row(compound, asked.ticket_id, company_id, str(permit.caller.subject))
    statement = upsert(c.company_ticket).values(row)
    new = {name: statement.excluded[name] for name in row if name != "ticket_id"}
    await session.execute(statement.on_conflict_do_update(index_elements=["ticket_id"], set_=new))
    session.changed("compound", compound["id"], here, ticket=asked.ticket_id, company=company_id)
    await store(session, t.compound, compound, _event(row))
    return asked.compound_id


async def link_by_rule(connection: AsyncConnection, event: Envelope, ticket_id: UUID, category: str, code: str) -> None:
    """Link a ticket of a category that the rule names, where one compound alone is nearest and served by contract."""
    s = o.standard.c
    of_rule = (s.kind == "recommendation") & (s.code == DEFAULT_RECOMMENDATION.code)
    stored = await connection.scalar(select(s.definition).where(of_rule))
    rule = msgspec.convert(stored, RecommendationRule) if stored else DEFAULT_RECOMMENDATION
    if category not in rule.ticket_categories:
        return
    m, k = t.compound.c, c.contract.c
    around = func.starts_with(code, m.region_code)
    serving = (
        select(t.compound, k.company_id)
        .join(c.contract, (k.compound_id == m.id) & k.ended_on.is_(None))
        .where(around)
        .order_by(func.length(m.region_code).desc())
        .limit(2)
    )
    rows = (await connection.execute(serving)).mappings().all()
    if not rows or (len(rows) > 1 and rows[0]["region_code"] == rows[1]["region_code"]):
        return
    compound = rows[0]
    row = _row(compound, ticket_id, compound["company_id"], _RULE)
    put = upsert(c.company_ticket).values(row).on_conflict_do_nothing()
    if not (await connection.execute(put)).rowcount:
        return
    counted = (
        t.compound.update()
        .where(m.id == compound["id"])
        .values(version=m.version + 1, events=m.events + 1)
        .returning(m.events)
    )
    number = (await connection.execute(counted)).scalar_one()
    await append(connection, _event(row), compound["id"], number, compound["region_code"], caused_by=event)


def _row(compound: RowMapping, ticket_id: UUID, company_id: UUID, by: str) -> dict[str, Any]:
    return {
        "ticket_id": ticket_id,
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "company_id": company_id,
        "linked_by": by,
        "linked_at": now(),
    }


def _event(row: dict[str, Any]) -> CompoundTicketLinked:
    names = ("compound_id", "region_code", "company_id", "ticket_id")
    return CompoundTicketLinked(**{name: row[name] for name in names})
