"""Keep what tickets needs of org's teams: their kinds, and who is a member, beside the duties.

A membership lies among the duties, under the title `team:` and the kind: so it is looked up, waited for and told like
one. A team's events come in order; those of regions come to another consumer, which re-stamps by region.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import Uuid, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from services.tickets.domain.process_words import team_post
from services.tickets.reactions.places import present_codes
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope


class FirstMemberTold(msgspec.Struct, frozen=True, rename="camel"):
    """Somebody with whom a team was formed."""

    person_id: UUID
    valid_from: date
    valid_to: date | None = None


class TeamTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.team.formed`, `moved`, `leader_named` and `disbanded`, as far as each says it."""

    team_id: UUID
    region_id: UUID
    region_code: str
    kind: str = ""
    people: tuple[FirstMemberTold, ...] = ()
    leader_id: UUID | None = None
    disbanded_on: date | None = None


class MemberTold(msgspec.Struct, frozen=True, rename="camel"):
    """`org.team.member_joined` and `member_left`, as far as each says it."""

    team_id: UUID
    person_id: UUID
    region_id: UUID
    region_code: str
    valid_from: date | None = None
    valid_to: date | None = None


def membership_id(team_id: UUID, person_id: UUID, valid_from: date) -> UUID:
    """Return the identity of a membership, which has none in org: the same whenever it is told."""
    return uuid5(team_id, f"{person_id} {valid_from}")


class _Team(NamedTuple):
    """A team, as its members' rows need it."""

    id: UUID
    kind: str
    leader_id: UUID | None
    region_id: UUID
    region_code: str

    def member(self, who: FirstMemberTold) -> dict[str, Any]:
        """Return the row of somebody's membership."""
        return {
            "id": membership_id(self.id, who.person_id, who.valid_from),
            "person_id": who.person_id,
            "title": team_post(self.kind),
            "region_id": self.region_id,
            "region_code": self.region_code,
            "valid_from": who.valid_from,
            "valid_to": who.valid_to,
            "team_id": self.id,
            "leads": who.person_id == self.leader_id,
        }


async def team_formed(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn of teams and of those with whom they were formed."""
    told = [msgspec.json.decode(event.data, type=TeamTold) for event in events]
    teams = [
        {"id": one.team_id, "kind": one.kind, "region_id": one.region_id, "leader_id": one.leader_id} for one in told
    ]
    statement = upsert(t.team)
    others = {name: statement.excluded[name] for name in ("kind", "region_id", "leader_id")}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), teams)
    codes = await present_codes(connection, {one.region_id for one in told})
    rows = []
    for one in told:
        code = codes.get(one.region_id, one.region_code)
        team = _Team(one.team_id, one.kind, one.leader_id, one.region_id, code)
        rows += [team.member(who) for who in one.people]
    await _keep(connection, rows)


async def member_joined(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn who joined; a team that nothing is known of, as the stream has lost it, is left out."""
    told = [msgspec.json.decode(event.data, type=MemberTold) for event in events]
    among = t.team.c.id == func.any(literal(sorted({one.team_id for one in told}), ARRAY(Uuid)))
    teams = {row.id: row for row in await connection.execute(select(t.team).where(among))}
    codes = await present_codes(connection, {one.region_id for one in told})
    rows = []
    for one in told:
        team = teams.get(one.team_id)
        if team is None or one.valid_from is None:
            continue
        code = codes.get(one.region_id, one.region_code)
        joined = _Team(one.team_id, team.kind, team.leader_id, one.region_id, code)
        rows.append(joined.member(FirstMemberTold(one.person_id, one.valid_from)))
    await _keep(connection, rows)


async def member_left(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Learn who left, and when."""
    d = t.duty.c
    for event in events:
        told = msgspec.json.decode(event.data, type=MemberTold)
        mine = (d.team_id == told.team_id) & (d.person_id == told.person_id)
        in_force = (d.valid_from <= told.valid_to) & or_(d.valid_to.is_(None), d.valid_to > told.valid_to)
        await connection.execute(update(t.duty).where(mine, in_force).values(valid_to=told.valid_to))


async def leader_named(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over who leads."""
    for event in events:
        told = msgspec.json.decode(event.data, type=TeamTold)
        named = update(t.team).where(t.team.c.id == told.team_id).values(leader_id=told.leader_id)
        await connection.execute(named)
        leads = func.coalesce(t.duty.c.person_id == told.leader_id, False)
        await connection.execute(update(t.duty).where(t.duty.c.team_id == told.team_id).values(leads=leads))


async def team_moved(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Take over the regions in which teams work now, with their members."""
    for event in events:
        told = msgspec.json.decode(event.data, type=TeamTold)
        code = (await present_codes(connection, {told.region_id})).get(told.region_id, told.region_code)
        moved = update(t.team).where(t.team.c.id == told.team_id).values(region_id=told.region_id)
        await connection.execute(moved)
        theirs = update(t.duty).where(t.duty.c.team_id == told.team_id)
        await connection.execute(theirs.values(region_id=told.region_id, region_code=code))


async def team_disbanded(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """End teams and all memberships; one that had not begun becomes a period of no days."""
    d = t.duty.c
    for event in events:
        told = msgspec.json.decode(event.data, type=TeamTold)
        disbanded = update(t.team).where(t.team.c.id == told.team_id).values(disbanded_on=told.disbanded_on)
        await connection.execute(disbanded)
        open_ones = (d.team_id == told.team_id) & or_(d.valid_to.is_(None), d.valid_to > told.disbanded_on)
        ended = func.greatest(d.valid_from, told.disbanded_on)
        await connection.execute(update(t.duty).where(open_ones).values(valid_to=ended))


async def _keep(connection: AsyncConnection, rows: Iterable[dict[str, Any]]) -> None:
    """Insert memberships, or bring those that are there up to date."""
    unique = {row["id"]: row for row in rows}
    if not unique:
        return
    statement = upsert(t.duty)
    others = {name: statement.excluded[name] for name in ("region_id", "region_code", "valid_to", "leads")}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=others), list(unique.values()))


TEAM_HANDLERS: dict[str, Handler] = {
    "linli.org.team.formed.v1": team_formed,
    "linli.org.team.member_joined.v1": member_joined,
    "linli.org.team.member_left.v1": member_left,
    "linli.org.team.leader_named.v1": leader_named,
    "linli.org.team.moved.v1": team_moved,
    "linli.org.team.disbanded.v1": team_disbanded,
}
