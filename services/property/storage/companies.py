"""Reads of what binds companies to compounds; what belongs to many things is read for all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.property.domain.content import today
from services.property.storage import company_tables as c
from services.property.storage.care_tables import ticket_told
from services.property.storage.committees import holds_duty
from services.property.storage.reads import among, load_by_id, load_grouped

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_S, _A, _K, _X, _E, _O = (
    c.selection.c, c.application.c, c.contract.c, c.assessment.c, c.evaluation.c, c.offer.c,
)  # fmt: skip


async def load_selections(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return selections by id."""
    return await load_by_id(session, c.selection, ids)


async def load_contracts(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return contracts by id."""
    return await load_by_id(session, c.contract, ids)


async def load_assessments(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return assessments by id."""
    return await load_by_id(session, c.assessment, ids)


async def load_scores(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the scores of each assessment."""
    s = c.assessment_score.c
    statement = select(c.assessment_score).where(among(s.assessment_id, ids)).order_by(s.evaluator)
    return await load_grouped(session, statement, "assessment_id", ids)


async def load_offers(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return what each company offers, by type of compound."""
    statement = select(c.offer).where(among(_O.company_id, ids)).order_by(_O.compound_kind)
    return await load_grouped(session, statement, "company_id", ids)


async def load_satisfaction(session: ReadSession, ids: list[UUID]) -> list[tuple[int, int]]:
    """Return what owners say of each company, in whatever compound: stars together, and voices."""
    counted = select(_E.company_id, func.sum(_E.stars).label("stars"), func.count().label("voices"))
    rows = await session.rows(counted.where(among(_E.company_id, ids)).group_by(_E.company_id))
    found = {row["company_id"]: (int(row["stars"]), int(row["voices"])) for row in rows}
    return [found.get(id_, (0, 0)) for id_ in ids]


async def load_tickets(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return of each company its tickets: how many, how many done, how many rated 1 to 5, and these ratings' sum."""
    k, x = c.company_ticket.c, ticket_told.c
    rated = x.rating.between(1, 5)
    statement = (
        select(
            k.company_id,
            func.count().label("raised"),
            func.count().filter(x.outcome == "done").label("done"),
            func.count().filter(rated).label("rated"),
            func.coalesce(func.sum(x.rating).filter(rated), 0).label("stars"),
        )
        .join(ticket_told, x.id == k.ticket_id)
        .where(among(k.company_id, ids))
        .group_by(k.company_id)
    )
    rows = {row["company_id"]: row for row in await session.rows(statement)}
    return [rows.get(id_) for id_ in ids]


async def load_service_scores(session: ReadSession, ids: list[UUID]) -> list[tuple[int, int]]:
    """Return the latest concluded assessment of each company in each compound: scores together, and how many."""
    concluded = (
        select(_X.company_id, _X.compound_id, _X.score)
        .where(among(_X.company_id, ids), _X.status == "concluded")
        .ext(distinct_on(_X.company_id, _X.compound_id))
        .order_by(_X.company_id, _X.compound_id, _X.period.desc())
        .subquery()
    )
    counted = select(concluded.c.company_id, func.sum(concluded.c.score).label("score"), func.count().label("number"))
    rows = await session.rows(counted.group_by(concluded.c.company_id))
    found = {row["company_id"]: (int(row["score"]), int(row["number"])) for row in rows}
    return [found.get(id_, (0, 0)) for id_ in ids]


async def load_company_cross(session: ReadSession, keys: list[tuple[UUID, tuple[str, ...]]]) -> list[RowMapping | None]:
    """Return of each company how many of its staff hold a Party duty today; a key has the rule's titles."""
    if not keys:
        return []
    s, day = c.company_staff.c, today()
    crossed = func.coalesce(holds_duty(s.person_id, keys[0][1], day), False)
    present = and_(s.valid_from <= day, or_(s.valid_to.is_(None), s.valid_to > day))
    statement = (
        select(
            s.company_id,
            func.count().label("members"),
            func.count().filter(crossed).label("crossed"),
            func.coalesce(func.bool_or(and_(s.is_manager, crossed)), False).label("chair_crossed"),
        )
        .where(among(s.company_id, [id_ for id_, _ in keys]), present)
        .group_by(s.company_id)
    )
    rows = {row["company_id"]: row for row in await session.rows(statement)}
    return [rows.get(id_) for id_, _ in keys]
