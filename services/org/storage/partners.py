"""Reads of what partner units do: a year's contributions by unit and kind, and the problems that they settled."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from services.org.domain.partners import ContributionRule, PairingRule, Settled
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.partner_tables import contribution, contribution_rule, joint_problem, pairing_rule

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import ColumnElement, RowMapping, Select, Table

    from chassis.database import ReadSession


async def load_contribution_rules(session: ReadSession) -> list[ContributionRule]:
    """Return the practice's rules, by kind."""
    rows = await session.rows(select(contribution_rule).order_by(contribution_rule.c.kind))
    return [ContributionRule(**row) for row in rows]


async def load_pairing_rules(session: ReadSession) -> list[PairingRule]:
    """Return the practice's rules, by kind."""
    return [PairingRule(**row) for row in await session.rows(select(pairing_rule).order_by(pairing_rule.c.kind))]


async def load_problems_of_tickets(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return for each ticket the problems that it is, or whose item on a list it handles."""
    j, item = joint_problem, t.list_item
    own = select(j, j.c.ticket_id.label("of_ticket")).where(j.c.ticket_id.in_(ids))
    by_item = select(j, item.c.ticket_id.label("of_ticket")).join(item, item.c.id == j.c.list_item_id)
    by_item = by_item.where(item.c.ticket_id.in_(ids), j.c.ticket_id.is_(None))
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for statement in (own, by_item):
        for row in await session.rows(statement.order_by(j.c.taken_on, j.c.id)):
            found[row["of_ticket"]].append(row)
    return [found[id_] for id_ in ids]


def here(table: Table, place: Place) -> ColumnElement[bool]:
    """Return the condition that a row of a table lies in a place."""
    return within(table.c.region_id, table.c.region_code, place, direct=False)


def contributions_in(where: ColumnElement[bool], year: int) -> Select[Any]:
    """Return the statement for a year's contributions that count, `where` a place or another condition holds."""
    c = contribution
    in_year = c.c.made_on.between(date(year, 1, 1), date(year, 12, 31))
    return select(c).where(where, in_year, c.c.cancelled_because.is_(None))


async def load_amounts(
    session: ReadSession, where: ColumnElement[bool], year: int
) -> dict[UUID, dict[str, tuple[int, int]]]:
    """Return for each unit that did something in a year `where` it counts, by kind, how often and how much."""
    c, p = contributions_in(where, year).subquery().c, t.pairing.c
    grouped = (
        select(p.organisation_id, c.kind, func.count().label("times"), func.sum(c.amount).label("amount"))
        .join(t.pairing, p.id == c.pairing_id)
        .group_by(p.organisation_id, c.kind)
    )
    found: dict[UUID, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in await session.rows(grouped):
        found[row["organisation_id"]][row["kind"]] = row["times"], int(row["amount"])
    return found


async def load_paired_units(session: ReadSession, place: Place) -> int:
    """Return how many units are paired in a place on its day."""
    p = t.pairing
    paired = select(func.count(p.c.organisation_id.distinct())).where(here(p, place), in_force(p, place.as_of))
    return int(await session.scalar(paired))


async def load_settled(session: ReadSession, place: Place, year: int) -> list[Settled]:
    """Return for each pairing with a rule, and each compound of it, how many problems it settled in a year."""
    p, j, rule = t.pairing, joint_problem, pairing_rule
    in_year = j.c.settled_on.between(date(year, 1, 1), date(year, 12, 31))
    grouped = select(j.c.pairing_id, j.c.compound_id, func.count().label("settled")).where(here(j, place), in_year)
    counts = {
        (row["pairing_id"], row["compound_id"]): row["settled"]
        for row in await session.rows(grouped.group_by(j.c.pairing_id, j.c.compound_id))
    }
    pairings = (
        select(p.c.id, p.c.compound_ids, rule.c.fewest, rule.c.most)
        .join(rule, rule.c.kind == p.c.kind)
        .where(here(p, place), in_force(p, place.as_of))
        .order_by(p.c.id)
    )
    return [
        Settled(row["id"], compound, row["fewest"], row["most"], counts.get((row["id"], compound), 0))
        for row in await session.rows(pairings)
        for compound in row["compound_ids"] or [None]
    ]
