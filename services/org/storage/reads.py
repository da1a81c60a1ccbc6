"""Batched reads of organisations, people, duties, teams and stations, and of the practice's words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, Table, any_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.built import named, shaped
from services.org.storage import tables as t
from services.org.storage.in_force import in_force
from services.org.storage.regions import Key, by_day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


async def rows_by_id(session: ReadSession, table: Table, ids: Sequence[UUID]) -> list[RowMapping | None]:
    """Return rows of a table in the order of `ids`, None for what is not in scope."""
    rows = await session.rows(shaped(_among, table, "id"), {"wanted": list(ids)})
    found = {row["id"]: row for row in rows}
    return [found.get(id_) for id_ in ids]


def _among(table: Table, column: str) -> Select[Any]:
    c = table.c[column]
    return select(table).where(c == any_(named("wanted", ARRAY(c.type))))


async def _by_code(session: ReadSession, table: Table, codes: Sequence[str]) -> list[RowMapping | None]:
    rows = await session.rows(shaped(_among, table, "code"), {"wanted": list(codes)})
    found = {row["code"]: row for row in rows}
    return [found.get(code) for code in codes]


async def load_organisations(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return organisations in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, t.organisation, ids)


async def load_people(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return people in the order of `ids`, None for who is not in scope."""
    return await rows_by_id(session, t.person, ids)


async def load_duties(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return duties in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, t.duty, ids)


async def load_teams(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return teams in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, t.team, ids)


async def load_are_members(session: ReadSession, keys: list[tuple[UUID, UUID, date]]) -> list[bool]:
    """Tell for each (team, person, day) whether they are a member."""
    m = t.team_member
    found: set[tuple[UUID, UUID, date]] = set()
    for day in {key[2] for key in keys}:
        asked = [key[:2] for key in keys if key[2] == day]
        mine = select(m.c.team_id, m.c.person_id).where(tuple_(m.c.team_id, m.c.person_id).in_(asked), in_force(m, day))
        found |= {(row["team_id"], row["person_id"], day) for row in await session.rows(mine)}
    return [key in found for key in keys]


async def load_stations(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return stations in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, t.station, ids)


async def load_duties_of_people(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return for each (person, day) the duties in force, the latest taken first."""
    found: dict[Key, list[RowMapping]] = defaultdict(list)
    for day, ids in by_day(keys).items():
        statement = select(t.duty).where(t.duty.c.person_id.in_(ids), in_force(t.duty, day))
        for row in await session.rows(statement.order_by(t.duty.c.valid_from.desc(), t.duty.c.id)):
            found[row["person_id"], day].append(row)
    return [found[key] for key in keys]


async def load_team_organisations(session: ReadSession, keys: list[Key]) -> list[list[RowMapping]]:
    """Return for each (team, day) the organisations in which its members hold duties, with how many of them do."""
    found: dict[Key, list[RowMapping]] = defaultdict(list)
    m, d = t.team_member, t.duty
    for day, ids in by_day(keys).items():
        members = func.count(m.c.person_id.distinct())
        statement = (
            select(m.c.team_id, d.c.organisation_id, members.label("members"))
            .join(d, d.c.person_id == m.c.person_id)
            .where(m.c.team_id.in_(ids), d.c.organisation_id.is_not(None), in_force(m, day), in_force(d, day))
            .group_by(m.c.team_id, d.c.organisation_id)
            .order_by(members.desc(), d.c.organisation_id)
        )
        for row in await session.rows(statement):
            found[row["team_id"], day].append(row)
    return [found[key] for key in keys]


async def load_pair_partners(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return for each duty the one it is paired with, whichever of the two says so."""
    duty = t.duty
    mine = select(duty.c.paired_with).where(duty.c.id.in_(ids))
    rows = await session.rows(select(duty).where(or_(duty.c.id.in_(mine), duty.c.paired_with.in_(ids))))
    told = await session.rows(select(duty.c.id, duty.c.paired_with).where(duty.c.id.in_(ids)))
    by_id = {row["id"]: row for row in rows}
    partner: dict[UUID, RowMapping] = {row["paired_with"]: row for row in rows if row["paired_with"] is not None}
    partner |= {row["id"]: by_id[row["paired_with"]] for row in told if row["paired_with"] in by_id}
    return [partner.get(id_) for id_ in ids]


async def load_titles(session: ReadSession, codes: list[str]) -> list[RowMapping | None]:
    """Return duty titles in the order of `codes`."""
    return await _by_code(session, t.duty_title, codes)


async def load_kinds(session: ReadSession, keys: list[tuple[str, str]]) -> list[RowMapping | None]:
    """Return kinds in the order of (category, code)."""
    found: dict[Any, RowMapping] = {(row["category"], row["code"]): row for row in await session.rows(select(t.kind))}
    return [found.get(key) for key in keys]


async def load_groups(session: ReadSession, codes: list[str]) -> list[RowMapping | None]:
    """Return muster groups in the order of `codes`."""
    return await _by_code(session, t.muster_group, codes)


async def load_capacity_words(session: ReadSession, codes: list[str]) -> list[RowMapping | None]:
    """Return capacities in the order of `codes`."""
    return await _by_code(session, t.capacity, codes)


async def load_level_words(session: ReadSession, codes: list[str]) -> list[RowMapping | None]:
    """Return levels of assessments in the order of `codes`."""
    return await _by_code(session, t.assessment_level, codes)


async def load_types(session: ReadSession, codes: list[str]) -> list[RowMapping | None]:
    """Return types of communities in the order of `codes`."""
    return await _by_code(session, t.community_type, codes)
