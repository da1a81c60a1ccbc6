"""Reads for a grid's 1+1+N team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from services.org.domain import grid_team
from services.org.domain.duties import DutyTitle, TeamRole
from services.org.domain.levels import Level
from services.org.domain.people import PartyStatus
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
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


async def titles_with_fewest(session: ReadSession) -> list[DutyTitle]:
    """Return the titles that leave a vacancy when too few hold them."""
    rows = await session.rows(select(t.duty_title).where(t.duty_title.c.fewest > 0))
    return [duty_title(row) for row in rows]


async def places_in(session: ReadSession, place: Place) -> list[grid_team.Place]:
    """Return the region and all below it on the day."""
    v = t.region_version
    statement = select(v.c.region_id, v.c.code, v.c.level).where(in_prefix(v.c.code, place.code))
    rows = await session.rows(statement.where(in_force(v, place.as_of)))
    return [grid_team.Place(row["region_id"], row["code"], Level[row["level"]]) for row in rows]


async def held_counts(session: ReadSession, place: Place) -> dict[tuple[str, UUID], int]:
    """Return how many duties are held in the region and below on the day, by title and region."""
    d = t.duty
    statement = (
        select(d.c.title, d.c.region_id, func.count().label("held"))
        .where(within(d.c.region_id, d.c.region_code, place, direct=False), in_force(d, place.as_of))
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
