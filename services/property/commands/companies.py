"""Register property companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from chassis.texts import demanded
from services.property.commands.publishing import publish
from services.property.domain.content import today
from services.property.domain.events import CompanyRegistered
from services.property.domain.identifiers import check_credit_code
from services.property.domain.levels import level_of
from services.property.domain.problems import PropertyProblem
from services.property.domain.records import CompanyRecord
from services.property.storage import tables as t

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RegisterCompany(msgspec.Struct, frozen=True):
    """What is asked: a property company, by its credit code, in the region that looks after it."""

    region_code: str
    name: str
    credit_code: str
    has_party_branch: bool = False


async def register_company(session: WriteSession, permit: Permit, asked: RegisterCompany) -> UUID:
    """Register a company and return its id."""
    code = asked.region_code.strip()
    if level_of(code) is None:
        raise Refused(CommonProblem.INVALID_REGION_CODE, "regionCode", code=code[:40])
    r = t.region.c
    in_force = or_(r.closed_on.is_(None), r.closed_on > today())
    region = await session.row(select(r.id, r.code).where(r.code == code, in_force).with_for_update(read=True))
    if region is None:
        raise Refused(CommonProblem.UNKNOWN_REGION, "regionCode", code=code)
    permit.require(code, what="region")
    record = CompanyRecord(
        id=new_id(),
        name=asked.name,
        credit_code=asked.credit_code,
        has_party_branch=asked.has_party_branch,
        region_id=region["id"],
        region_code=code,
        registered_on=today(),
    )
    if not await store_company(session, record):
        raise Refused(PropertyProblem.COMPANY_EXISTS, "creditCode", code=asked.credit_code[:40])
    session.changed("company", record.id, code, name=asked.name, has_party_branch=asked.has_party_branch)
    return record.id


async def store_company(session: WriteSession, record: CompanyRecord) -> bool:
    """Store and publish a company; tell whether it was new. Raises Refused."""
    name, credit_code = demanded(record.name, "name"), check_credit_code(record.credit_code, "creditCode")
    of = {"name": name, "credit_code": credit_code, "has_party_branch": record.has_party_branch}
    where = {"region_id": record.region_id, "region_code": record.region_code}
    row = {"id": record.id, **of, **where, "registered_on": record.registered_on, "events": 1}
    # Whatever scope it lies in: a credit code is one body's.
    stored = await session.execute(upsert(t.company).values(row).on_conflict_do_nothing())
    if not stored.rowcount:
        return False
    event = CompanyRegistered(
        company_id=record.id,
        name=name,
        credit_code=credit_code,
        has_party_branch=record.has_party_branch,
        region_id=record.region_id,
        region_code=record.region_code,
    )
    await publish(session, event, record.id, 1, record.region_code)
    return True
