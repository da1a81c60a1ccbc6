"""Who leads a company or acts for it, its Party branch, and what it offers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from chassis.texts import demanded
from services.property.access import KEEPERS
from services.property.commands.committee_parts import found
from services.property.commands.places import lock
from services.property.commands.publishing import store
from services.property.domain.company_events import CompanyChanged
from services.property.domain.content import LONGEST_WORD, today
from services.property.domain.contracts import check_money
from services.property.domain.problems import PropertyProblem
from services.property.storage import committee_tables as org
from services.property.storage import company_tables as c
from services.property.storage import tables as t

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class AddCompanyStaff(msgspec.Struct, frozen=True):
    """What is asked: that somebody leads a company or acts for it, by person in org, token subject or both."""

    company_id: UUID
    person_id: UUID | None = None
    subject: str | None = None
    is_manager: bool = False


class EndCompanyStaff(msgspec.Struct, frozen=True):
    """What is asked: that somebody no longer does."""

    id: UUID


class LinkCompanyBranch(msgspec.Struct, frozen=True):
    """What is asked: that a Party branch of org is this company's; None: it has none."""

    company_id: UUID
    organisation_id: UUID | None = None


class PublishOffer(msgspec.Struct, frozen=True):
    """What is asked: on what terms a company serves compounds of a type; price in 0.01 yuan."""

    company_id: UUID
    compound_kind: str
    price: int
    terms: str


async def require_keeper_or_staff(session: WriteSession, permit: Permit, company_id: UUID, region_code: str) -> None:
    """Refuse who neither keeps the register there nor acts for the company. Raises Forbidden."""
    if any(permit.caller.holds(role, region_code) for role in KEEPERS):
        return
    s = c.company_staff.c
    mine = (s.company_id == company_id) & (s.subject == str(permit.caller.subject))
    present = or_(s.valid_to.is_(None), s.valid_to > today())
    if await session.scalar(select(s.id).where(mine, present)) is None:
        raise Forbidden(operation=permit.operation)


async def add_company_staff(session: WriteSession, permit: Permit, asked: AddCompanyStaff) -> UUID:
    """Note who leads a company or acts for it and return the company's id."""
    company = await lock(session, t.company, asked.company_id, "company")
    permit.require(company["region_code"], what="company")
    if asked.person_id is None and not (asked.subject or "").strip():
        raise Refused(CommonProblem.REQUIRED, "personId", field="personId")
    row = {
        "id": new_id(),
        "company_id": company["id"],
        "region_code": company["region_code"],
        "person_id": asked.person_id,
        "subject": demanded(asked.subject, "subject") if asked.subject else None,
        "is_manager": asked.is_manager,
        "valid_from": today(),
    }
    await session.execute(insert(c.company_staff), row)
    session.changed("company_staff", row["id"], company["region_code"], person=asked.person_id, subject=None)
    await store(session, t.company, company, None)
    return UUID(str(company["id"]))


async def end_company_staff(session: WriteSession, permit: Permit, asked: EndCompanyStaff) -> UUID:
    """Note that somebody no longer does and return the company's id."""
    s = c.company_staff
    row = await session.row(select(s).where(s.c.id == asked.id))
    if row is None:
        raise NotFound(what="company staff")
    company = await lock(session, t.company, row["company_id"], "company")
    permit.require(company["region_code"], what="company")
    ended = update(s).where(s.c.id == asked.id, s.c.valid_to.is_(None)).values(valid_to=today())
    if not (await session.execute(ended)).rowcount:
        raise Refused(PropertyProblem.ALREADY_ENDED, "id")
    session.changed("company_staff", asked.id, company["region_code"], valid_to=today())
    await store(session, t.company, company, None)
    return UUID(str(company["id"]))


async def link_company_branch(session: WriteSession, permit: Permit, asked: LinkCompanyBranch) -> UUID:
    """Note a company's Party branch and return the company's id."""
    company = await lock(session, t.company, asked.company_id, "company")
    permit.require(company["region_code"], what="company")
    if asked.organisation_id is not None:
        branch = await found(session, org.organisation, asked.organisation_id, "organisation")
        if branch["dissolved_on"] is not None and branch["dissolved_on"] <= today():
            raise Refused(PropertyProblem.ALREADY_ENDED, "organisationId")
    has_branch = asked.organisation_id is not None
    session.changed("company", company["id"], company["region_code"], has_party_branch=has_branch)
    event = CompanyChanged(
        company_id=company["id"],
        region_code=company["region_code"],
        credit_code=company["credit_code"],
        has_party_branch=has_branch,
    )
    values = {"organisation_id": asked.organisation_id, "has_party_branch": has_branch}
    await store(session, t.company, company, event, **values)
    return UUID(str(company["id"]))


async def publish_offer(session: WriteSession, permit: Permit, asked: PublishOffer) -> UUID:
    """Publish a company's terms for a type of compounds, in place of earlier ones; return the company's id."""
    company = await lock(session, t.company, asked.company_id, "company")
    permit.require(company["region_code"], what="company")
    await require_keeper_or_staff(session, permit, company["id"], company["region_code"])
    row = {
        "company_id": company["id"],
        "compound_kind": demanded(asked.compound_kind, "compoundKind"),
        "region_code": company["region_code"],
        "price": check_money(asked.price, "price", least=1),
        "terms": demanded(asked.terms, "terms", LONGEST_WORD),
        "published_on": today(),
    }
    statement = upsert(c.offer).values(row)
    new = {name: statement.excluded[name] for name in ("price", "terms", "published_on")}
    key = ["company_id", "compound_kind"]
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_=new))
    session.changed("offer", company["id"], company["region_code"], kind=row["compound_kind"], price=asked.price)
    await store(session, t.company, company, None)
    return UUID(str(company["id"]))
