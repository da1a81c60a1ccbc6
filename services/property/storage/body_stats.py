"""Figures of committees, companies and care by region, for many regions in one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, and_, column, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from services.property.domain.content import today
from services.property.storage import care_tables as care
from services.property.storage import committee_tables as c
from services.property.storage import company_tables as k
from services.property.storage import tables as t
from services.property.storage import vote_tables as v
from services.property.storage.committees import facts_of, holds_duty
from services.property.storage.stats import inside, prefixes_of, rows_by_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping, Subquery
    from sqlalchemy.types import TypeEngine

    from chassis.database import ReadSession

Key = tuple[str, tuple[str, ...]]
"""A region's prefix with the titles of the practice's rule of what is red."""


async def load_committee_facts(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return what a rule asks about each committee in office of each region."""
    facts = facts_of(keys[0][1]).subquery()
    return await _facts(session, keys, facts)


async def load_company_facts(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return what a rule asks about each company of each region."""
    s, m, day = k.company_staff.c, t.company.c, today()
    crossed = func.coalesce(holds_duty(s.person_id, keys[0][1], day), False)
    present = and_(s.company_id == m.id, s.valid_from <= day, or_(s.valid_to.is_(None), s.valid_to > day))
    facts = (
        select(
            m.id,
            m.region_code,
            m.has_party_branch,
            func.count(s.id).label("members"),
            func.count(s.id).filter(crossed).label("crossed"),
            func.coalesce(func.bool_or(and_(s.is_manager, crossed)), False).label("chair_crossed"),
        )
        .select_from(t.company.outerjoin(k.company_staff, present))
        .group_by(m.id)
        .subquery()
    )
    return await _facts(session, keys, facts)


async def _facts(session: ReadSession, keys: list[Key], facts: Any) -> list[list[RowMapping]]:
    prefixes = prefixes_of([prefix for prefix, _ in keys])
    statement = select(prefixes.c.prefix, facts).join(facts, inside(prefixes, facts.c.region_code))
    found: dict[str, list[RowMapping]] = {}
    for row in await session.rows(statement):
        found.setdefault(row["prefix"], []).append(row)
    return [found.get(prefix, []) for prefix, _ in keys]


async def load_public_candidates(session: ReadSession, keys: list[str]) -> list[RowMapping | None]:
    """Count the public employees who stood for a committee, whether or not they were elected; each once."""
    n, s = c.candidate.c, c.seat.c
    stood = select(n.region_code, n.compound_id, n.owner_id.label("who")).where(
        n.is_public_employee, n.status != "withdrawn"
    )
    sat = select(s.region_code, s.compound_id, func.coalesce(s.owner_id, s.id).label("who")).where(s.is_public_employee)
    people = union_all(stood, sat).subquery()
    prefixes = prefixes_of(keys)
    number = func.count(people.c.who.distinct()).label("number")
    statement = select(prefixes.c.prefix, number).join(people, inside(prefixes, people.c.region_code))
    return await rows_by_prefix(session, keys, statement.group_by(prefixes.c.prefix))


async def load_lack_counts(session: ReadSession, keys: list[str]) -> list[RowMapping | None]:
    """Count the compounds of the register: all, three-no, not converted; a compound that came twice counts once."""
    prefixes, x = prefixes_of(keys), care.lack.c
    three_no, is_open = and_(x.no_service, x.no_unit, x.no_security), x.converted_on.is_(None)
    compounds = func.count(x.compound_id.distinct())
    statement = select(
        prefixes.c.prefix,
        compounds.label("all"),
        compounds.filter(is_open).label("open"),
        compounds.filter(three_no).label("three_no"),
        compounds.filter(three_no, is_open).label("three_no_open"),
    ).join(care.lack, inside(prefixes, x.region_code))
    return await rows_by_prefix(session, keys, statement.group_by(prefixes.c.prefix))


async def load_lack_solutions(session: ReadSession, keys: list[str]) -> list[list[RowMapping]]:
    """Count the compounds of the register for each prefix by the solution that was settled for them."""
    prefixes, x = prefixes_of(keys), care.lack.c
    compounds = func.count(x.compound_id.distinct()).label("compounds")
    statement = select(prefixes.c.prefix, x.solution, compounds).join(
        care.lack, and_(inside(prefixes, x.region_code), x.solution.is_not(None))
    )
    rows = await session.rows(statement.group_by(prefixes.c.prefix, x.solution).order_by(x.solution))
    return [[row for row in rows if row["prefix"] == key] for key in keys]


async def load_lack_progress(session: ReadSession, keys: list[tuple[str, int]]) -> list[list[RowMapping]]:
    """Return for each (prefix, digits) the register by regions of that level: how many there were, and are left."""
    x, wanted = care.lack.c, _pairs(keys, Integer)
    code = func.substr(x.region_code, 1, wanted.c.what).collate("C").label("code")
    compounds = func.count(x.compound_id.distinct())
    grouped = (
        select(
            *wanted.c,
            code,
            compounds.label("registered"),
            compounds.filter(x.converted_on.is_(None)).label("left"),
        )
        .join(care.lack, inside(wanted, x.region_code))
        .group_by(*wanted.c, code)
        .subquery()
    )
    statement = select(grouped, t.region.c.id).join(t.region, t.region.c.code == grouped.c.code)
    rows = await session.rows(statement.order_by(grouped.c.code))
    return [[row for row in rows if (row["prefix"], row["what"]) == key] for key in keys]


async def load_activity(session: ReadSession, keys: list[str]) -> list[RowMapping | None]:
    """Count contracts in force and votes that are open."""
    contracts = await _count(session, keys, k.contract, k.contract.c.ended_on.is_(None))
    votes = await _count(session, keys, v.vote, v.vote.c.status == "open")
    return [{"contracts": contracts.get(key, 0), "open_votes": votes.get(key, 0)} for key in keys]  # type: ignore[misc]


async def _count(session: ReadSession, keys: list[str], table: Any, condition: Any) -> dict[str, int]:
    prefixes = prefixes_of(keys)
    statement = select(prefixes.c.prefix, func.count().label("number")).join(
        table, and_(inside(prefixes, table.c.region_code), condition)
    )
    rows = await session.rows(statement.group_by(prefixes.c.prefix))
    return {row["prefix"]: row["number"] for row in rows}


async def load_ticket_counts(session: ReadSession, keys: list[tuple[str, str]]) -> list[RowMapping | None]:
    """Count tickets for each (prefix, category): raised, done, and rated by who raised them."""
    x, wanted = care.ticket_told.c, _pairs(keys, Text)
    statement = (
        select(
            *wanted.c,
            func.count().label("raised"),
            func.count().filter(x.outcome == "done").label("done"),
            func.count(x.rating).label("rated"),
        )
        .join(care.ticket_told, and_(inside(wanted, x.region_code), x.category == wanted.c.what))
        .group_by(*wanted.c)
    )
    rows = {(row["prefix"], row["what"]): row for row in await session.rows(statement)}
    return [rows.get(key) for key in keys]


def _pairs(keys: Sequence[tuple[str, Any]], kind: type[TypeEngine[Any]]) -> Subquery:
    """Return the keys as a table of `prefix` and `what`."""
    prefixes, others = zip(*sorted(set(keys)), strict=True)
    unnested = func.unnest(literal(list(prefixes), ARRAY(Text)), literal(list(others), ARRAY(kind)))
    return select(unnested.table_valued(column("prefix", Text), column("what", kind)).render_derived()).subquery()
