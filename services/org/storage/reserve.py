"""Reads of reserves: what communities are measured by, who is in their reserve, and how call-ups stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import Label, func, select

from services.org.domain.levels import Level
from services.org.domain.reserve import CallState, ReserveRule, Size
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping, Table

    from chassis.database import ReadSession

_DIGITS = Level.COMMUNITY.code_length


@dataclass(slots=True)
class CommunityReserve:
    """A community: its size, and how many of each source are in its reserve."""

    region_id: UUID
    size: Size
    enrolled: dict[str, int] = field(default_factory=lambda: defaultdict(int))


async def load_rules(session: ReadSession) -> list[ReserveRule]:
    """Return the practice's rules, by source."""
    return [ReserveRule(**row) for row in await session.rows(select(t.reserve_rule).order_by(t.reserve_rule.c.source))]


async def load_reserves(session: ReadSession, place: Place) -> list[CommunityReserve]:
    """Return the communities of a place on its day, by code: their sizes and reserves."""
    v, c, r = t.region_version, t.census, t.reservist
    communities = (
        select(v.c.region_id, v.c.code)
        .where(v.c.level == Level.COMMUNITY.name, in_force(v, place.as_of), in_prefix(v.c.code, place.code))
        .order_by(v.c.code)
    )
    of_grid = _community(c)
    counted = {
        row["code"]: row
        for row in await session.rows(
            select(
                of_grid,
                func.sum(c.c.households).label("households"),
                func.sum(c.c.residents).label("residents"),
            )
            .where(in_prefix(c.c.region_code, place.code), in_force(c, place.as_of))
            .group_by(of_grid)
        )
    }
    i = t.check_in
    of_member = _community(i)
    members = {
        row["code"]: row["members"]
        for row in await session.rows(
            select(of_member, func.count().label("members"))
            .where(in_prefix(i.c.region_code, place.code), in_force(i, place.as_of), i.c.group.is_(None))
            .group_by(of_member)
        )
    }
    found = {}
    for row in await session.rows(communities):
        census = counted.get(row["code"], {"households": 0, "residents": 0})
        size = Size(int(census["households"]), int(census["residents"]), members.get(row["code"], 0))
        found[row["code"]] = CommunityReserve(row["region_id"], size)
    enrolled = (
        select(r.c.region_code, r.c.source, func.count().label("people"))
        .where(in_prefix(r.c.region_code, place.code), in_force(r, place.as_of))
        .group_by(r.c.region_code, r.c.source)
    )
    for row in await session.rows(enrolled):
        if row["region_code"] in found:
            found[row["region_code"]].enrolled[row["source"]] = row["people"]
    return list(found.values())


async def load_called(session: ReadSession, place: Place) -> RowMapping:
    """Return how many call-ups of a place are open, and how many people they called and have."""
    c, p = t.call_up, t.called_up
    arrived = func.count().filter(p.c.state == CallState.ARRIVED.value)
    statement = (
        select(
            func.count(c.c.id.distinct()).label("call_ups"),
            func.count(p.c.person_id).label("called"),
            arrived.label("arrived"),
        )
        .join(p, p.c.call_up_id == c.c.id)
        .where(in_prefix(c.c.region_code, place.code), c.c.ended_at.is_(None))
    )
    (row,) = await session.rows(statement)
    return row


async def load_people_called(session: ReadSession, keys: list[UUID]) -> list[list[RowMapping]]:
    """Return for each call-up who was called."""
    p = t.called_up
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in await session.rows(select(p).where(p.c.call_up_id.in_(keys)).order_by(p.c.person_id)):
        found[row["call_up_id"]].append(row)
    return [found[key] for key in keys]


def _community(table: Table) -> Label[str]:
    return func.left(table.c.region_code, _DIGITS).label("code")
