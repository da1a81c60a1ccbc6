"""Reads of systems of property help, and their figures by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from services.property.domain.content import today
from services.property.domain.levels import Level
from services.property.storage import committee_tables as c
from services.property.storage import system_tables as s
from services.property.storage import tables as t
from services.property.storage.reads import among, load_grouped
from services.property.storage.stats import inside, prefixes_of

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_S, _P, _H, _I = s.service_system.c, s.service_post.c, s.service_help.c, s.service_inspection.c

HELP_ORDER: tuple[ColumnElement[Any], ...] = (_H.on, _H.id)
INSPECTION_ORDER: tuple[ColumnElement[Any], ...] = (_I.on, _I.id)


def present(day: date) -> ColumnElement[bool]:
    """Return the condition that who fills a level or body does so on a day, as far as org has told of them.

    An organisation that was dissolved and a person whose duty has ended leave it vacant by themselves.
    """
    o, d = c.organisation.c, c.duty.c
    gone = select(o.id).where(o.id == _P.organisation_id, o.dissolved_on <= day).exists()
    holds = and_(d.person_id == _P.person_id, d.title == _P.title, d.valid_from <= day)
    on_duty = select(d.id).where(holds, or_(d.valid_to.is_(None), d.valid_to > day)).exists()
    return and_(
        _P.valid_from <= day,
        or_(_P.valid_to.is_(None), _P.valid_to > day),
        or_(_P.organisation_id.is_(None), ~gone),
        or_(_P.person_id.is_(None), on_duty),
    )


def organisation_near(id_: UUID, code: str, day: date) -> Select[Any]:
    """Select an organisation at work in or above the community of a region code, or in a region below that."""
    o, r = c.organisation.c, t.region.c
    community = Level.COMMUNITY.of(code) or code
    near = or_(func.starts_with(literal(community), r.code), func.starts_with(r.code, community))
    alive = or_(o.dissolved_on.is_(None), o.dissolved_on > day)
    return select(o.id).join(t.region, r.id == o.region_id).where(o.id == id_, alive, near)


async def load_present_systems(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return the system that each compound is under today."""
    present = select(s.service_system).where(among(_S.compound_id, ids), _S.valid_to.is_(None))
    found = {row["compound_id"]: row for row in await session.rows(present)}
    return [found.get(id_) for id_ in ids]


async def load_posts(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return who fills and filled the levels and bodies of each, the latest first, and whether they do today."""
    here = present(today()).label("is_present")
    name = select(c.organisation.c.name).where(c.organisation.c.id == _P.organisation_id).scalar_subquery()
    statement = select(s.service_post, here, name.label("organisation")).where(among(_P.service_system_id, ids))
    return await load_grouped(session, statement.order_by(_P.valid_from.desc(), _P.id.desc()), "service_system_id", ids)


async def load_judgements(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return what was said of what each inspection demanded, in order."""
    j = s.service_judgement.c
    statement = select(s.service_judgement).where(among(j.service_inspection_id, ids)).order_by(j.number)
    return await load_grouped(session, statement, "service_inspection_id", ids)


def helps_of(id_: UUID, level: str | None) -> Select[Any]:
    """Select what was done for a compound under a system; by a level if given."""
    statement = select(s.service_help).where(_H.service_system_id == id_)
    return statement if level is None else statement.where(_H.level == level)


def inspections_of(id_: UUID, body: str | None) -> Select[Any]:
    """Select the inspections of a compound's system; by a body if given."""
    statement = select(s.service_inspection).where(_I.service_system_id == id_)
    return statement if body is None else statement.where(_I.body == body)


def _each_post() -> Subquery:
    """Return each level and body of each compound under a system today, and whether somebody fills it."""
    both = _S.definition["levels"].op("||", return_type=JSONB())(_S.definition["bodies"])
    posts = func.jsonb_array_elements(both, type_=JSONB()).alias("post")
    code = posts.column.op("->>", return_type=Text())("code").label("post")
    named = select(_S.id, _S.system, _S.region_code, code).select_from(s.service_system.join(posts, true()))
    each = named.where(_S.valid_to.is_(None)).subquery()
    mine = and_(_P.service_system_id == each.c.id, _P.post == each.c.post, present(today()))
    return select(each, select(_P.id).where(mine).exists().label("filled")).subquery()


async def load_vacancies(session: ReadSession, keys: list[str]) -> list[list[RowMapping]]:
    """Count for each prefix, system and post the compounds under the system where nobody fills the post."""
    prefixes, each = prefixes_of(keys), _each_post()
    vacant = func.count().filter(~each.c.filled).label("vacant")
    statement = select(prefixes.c.prefix, each.c.system, each.c.post, vacant).join(
        each, inside(prefixes, each.c.region_code)
    )
    rows = await session.rows(statement.group_by(prefixes.c.prefix, each.c.system, each.c.post))
    return [[row for row in rows if row["prefix"] == key] for key in keys]


async def load_system_counts(session: ReadSession, keys: list[str]) -> list[list[RowMapping]]:
    """Count for each prefix and system the compounds under it, the complete ones, helps and inspections."""
    prefixes, each = prefixes_of(keys), _each_post()
    whole = (
        select(each.c.id, each.c.system, each.c.region_code, func.bool_and(each.c.filled).label("is_complete"))
        .group_by(each.c.id, each.c.system, each.c.region_code)
        .subquery()
    )
    demanded = and_(_I.rectify_by.is_not(None), _I.rectified_on.is_(None))
    inspected = select(func.count()).where(_I.service_system_id == whole.c.id)
    counts = (
        func.count().label("compounds"),
        func.count().filter(whole.c.is_complete).label("complete"),
        func.sum(select(func.count()).where(_H.service_system_id == whole.c.id).scalar_subquery()).label("helps"),
        func.sum(inspected.scalar_subquery()).label("inspections"),
        func.sum(inspected.where(demanded).scalar_subquery()).label("open_rectifications"),
    )
    statement = select(prefixes.c.prefix, whole.c.system, *counts).join(whole, inside(prefixes, whole.c.region_code))
    rows = await session.rows(statement.group_by(prefixes.c.prefix, whole.c.system))
    return [[row for row in rows if row["prefix"] == key] for key in keys]
