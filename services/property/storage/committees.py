"""Reads of committees, elections and members; what belongs to many things is read for all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from services.property.domain.content import today
from services.property.storage import committee_tables as c
from services.property.storage import tables as t
from services.property.storage.prefixes import in_prefix
from services.property.storage.reads import among, load_by_id, load_grouped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_M, _S, _E, _N, _R, _J = c.committee.c, c.seat.c, c.election.c, c.candidate.c, c.review.c, c.major_matter.c

COMMITTEE_ORDER: tuple[ColumnElement[Any], ...] = (_M.region_code, _M.id)


def committees_in(prefix: str, form: str | None, status: str | None) -> Select[Any]:
    """Select the committees in a region and below, of a form and status if given."""
    statement = select(c.committee).where(in_prefix(_M.region_code, prefix))
    if form is not None:
        statement = statement.where(_M.form == form)
    return statement if status is None else statement.where(_M.status == status)


def sitting(day: date) -> ColumnElement[bool]:
    """Return the condition that somebody sits in a committee on a day; alternates do not."""
    return and_(_S.valid_from <= day, or_(_S.valid_to.is_(None), _S.valid_to > day), _S.office != "alternate")


def holds_duty(person: ColumnElement[Any], titles: Sequence[str], day: date) -> ColumnElement[bool]:
    """Return the condition that a person holds one of org's duties on a day."""
    d = c.duty.c
    in_force = and_(d.valid_from <= day, or_(d.valid_to.is_(None), d.valid_to > day))
    return select(d.id).where(d.person_id == person, d.title.in_(list(titles)), in_force).exists()


async def owners_now(session: ReadSession, compound_id: UUID, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Return the encrypted names of those of `ids` who own something in the compound today."""
    w, o = t.ownership.c, t.owner.c
    statement = (
        select(o.id, o.name)
        .join(t.ownership, w.owner_id == o.id)
        .where(among(o.id, ids), o.compound_id == compound_id, w.valid_to.is_(None))
    )
    return {row["id"]: bytes(row["name"]) for row in await session.rows(statement)}


async def load_committees(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return committees by id."""
    return await load_by_id(session, c.committee, ids)


async def load_seats(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return who sits and sat in each committee."""
    statement = select(c.seat).where(among(_S.committee_id, ids)).order_by(_S.valid_from.desc(), _S.id)
    return await load_grouped(session, statement, "committee_id", ids)


async def load_candidates(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the candidates of each election in their order."""
    statement = select(c.candidate).where(among(_N.election_id, ids)).order_by(_N.position, _N.id)
    return await load_grouped(session, statement, "election_id", ids)


async def load_reviews(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return what the departments say of each candidate."""
    statement = select(c.review).where(among(_R.candidate_id, ids)).order_by(_R.department)
    return await load_grouped(session, statement, "candidate_id", ids)


async def load_organisations(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return org's organisations by id, as its events told of them."""
    return await load_by_id(session, c.organisation, ids)


def facts_of(titles: Sequence[str]) -> Select[Any]:
    """Select what a rule asks about committees in office, a row each, by org's duties of today."""
    day = today()
    cross = func.coalesce(holds_duty(_S.person_id, titles, day), False)
    organisation = c.organisation.c
    alive = or_(organisation.dissolved_on.is_(None), organisation.dissolved_on > day)
    joined = c.committee.outerjoin(c.seat, and_(_S.committee_id == _M.id, sitting(day))).outerjoin(
        c.organisation, and_(organisation.id == _M.organisation_id, alive)
    )
    return (
        select(
            _M.id,
            _M.form,
            _M.region_code,
            _M.seats,
            organisation.kind.label("organisation_kind"),
            func.count(_S.id).label("members"),
            func.count(_S.id).filter(or_(_S.is_party_member, cross)).label("party_members"),
            func.count(_S.id).filter(cross).label("crossed"),
            func.coalesce(func.bool_or(and_(_S.office == "chair", cross)), False).label("chair_crossed"),
            func.count(_S.id).filter(_S.is_public_employee).label("public_employees"),
        )
        .select_from(joined)
        .where(_M.status == "in_office")
        .group_by(_M.id, organisation.kind)
    )


async def load_facts(session: ReadSession, keys: list[tuple[UUID, tuple[str, ...]]]) -> list[RowMapping | None]:
    """Return what a rule asks about each committee; a key is the committee with the rule's titles."""
    if not keys:
        return []
    statement = facts_of(keys[0][1]).where(among(_M.id, [id_ for id_, _ in keys]))
    rows = {row["id"]: row for row in await session.rows(statement)}
    return [rows.get(id_) for id_, _ in keys]
