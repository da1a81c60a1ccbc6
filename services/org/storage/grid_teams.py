"""Reads for a grid's 1+1+N team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from services.org.domain import grid_team
from services.org.domain.duties import DutyTitle, TeamRole
from services.org.domain.levels import Level
from services.org.domain.people import PartyStatus
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


def duty_title(row: RowMapping) -> DutyTitle:
    """Return the duty title of a row."""
    return DutyTitle(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        level=Level[row["level"]] if row["level"] else None,
        party_member=row["party_member"],
        organisation_kind=row["organisation_kind"],
        fewest=row["fewest"],
        most=row["most"],
        team_role=TeamRole(row["team_role"]) if row["team_role"] else None,
    )


async def load_vacancies(session: ReadSession, places: list[Place]) -> list[list[grid_team.Vacancy]]:
    """Return the vacancies of each region and all below it on its day: three statements a day, however many."""
    titles = [duty_title(row) for row in await session.rows(select(t.duty_title).where(t.duty_title.c.fewest > 0))]
    found: dict[Place, list[grid_team.Vacancy]] = {}
    for day in {place.as_of for place in places}:
        asked = [place for place in places if place.as_of == day]
        held = await _held(session, asked)
        regions = await _regions(session, asked)
        for place in asked:
            below = [region for region in regions if region.code.startswith(place.code)]
            found[place] = grid_team.vacancies(titles, below, held)
    return [found[place] for place in places]


async def load_holders(session: ReadSession, keys: list[tuple[Place, str]]) -> list[RowMapping | None]:
    """Return for each (region, team role) who holds a title of that role there on the day, the longest first."""
    d = t.duty
    found: dict[tuple[UUID, str, date], RowMapping] = {}
    for day in {place.as_of for place, _ in keys}:
        ids = {place.id for place, _ in keys if place.as_of == day}
        statement = (
            select(d, t.duty_title.c.team_role)
            .join(t.duty_title, t.duty_title.c.code == d.c.title)
            .where(d.c.region_id.in_(ids), t.duty_title.c.team_role.in_({role for _, role in keys}), in_force(d, day))
            .order_by(d.c.valid_from, d.c.id)
        )
        for row in await session.rows(statement):
            found.setdefault((row["region_id"], row["team_role"], day), row)
    return [found.get((place.id, role, place.as_of)) for place, role in keys]


async def _regions(session: ReadSession, places: list[Place]) -> list[grid_team.Place]:
    """Return the regions and all below them, of one day."""
    v = t.region_version
    below = or_(*(in_prefix(v.c.code, place.code) for place in places))
    rows = await session.rows(select(v.c.region_id, v.c.code, v.c.level).where(below, in_force(v, places[0].as_of)))
    return [grid_team.Place(row["region_id"], row["code"], Level[row["level"]]) for row in rows]


async def _held(session: ReadSession, places: list[Place]) -> dict[tuple[str, UUID], int]:
    """Return how many duties are held in the regions and below on their day, by title and region."""
    d = t.duty
    here = or_(*(within(d.c.region_id, d.c.region_code, place, direct=False) for place in places))
    statement = (
        select(d.c.title, d.c.region_id, func.count().label("held"))
        .where(here, in_force(d, places[0].as_of))
        .group_by(d.c.title, d.c.region_id)
    )
    return {(row["title"], row["region_id"]): row["held"] for row in await session.rows(statement)}


async def pairs_in(session: ReadSession, place: Place) -> list[tuple[RowMapping, RowMapping]]:
    """Return the pairs of duties of which both are held on the day, the in-service member's first."""
    d = t.duty
    here = select(d.c.id).where(within(d.c.region_id, d.c.region_code, place, direct=False), in_force(d, place.as_of))
    telling = await session.rows(
        select(d, t.person.c.party_status)
        .join(t.person, t.person.c.id == d.c.person_id)
        .where(d.c.id.in_(here), d.c.paired_with.in_(here))
        .order_by(d.c.region_code, d.c.id)
    )
    told = await session.rows(select(d).where(d.c.id.in_([row["paired_with"] for row in telling])))
    by_id = {row["id"]: row for row in told}
    return [
        (row, by_id[row["paired_with"]])
        if row["party_status"] == PartyStatus.IN_SERVICE.value
        else (by_id[row["paired_with"]], row)
        for row in telling
    ]
