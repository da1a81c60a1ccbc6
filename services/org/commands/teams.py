"""Form and disband teams, add and remove members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, or_, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_kind, find, lock
from services.org.commands.publishing import publish
from services.org.commands.register_steps import place
from services.org.domain import events
from services.org.domain.periods import Period, check_existence, check_not_future, ended, today
from services.org.domain.problems import OrgProblem
from services.org.domain.regions import check_name
from services.org.storage import tables as t
from services.org.storage.in_force import in_force

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class FormTeam(msgspec.Struct, frozen=True):
    """What is asked: a team of a kind in a region."""

    kind: str
    name: str
    region_code: str
    formed_on: date


class ChangeMember(msgspec.Struct, frozen=True):
    """What is asked: a person joins or leaves a team on a day."""

    team_id: UUID
    person_id: UUID
    on: date


class NameLeader(msgspec.Struct, frozen=True):
    """What is asked: a member leads a team from now on; None: nobody does."""

    team_id: UUID
    person_id: UUID | None
    expected_version: int


async def form_team(session: WriteSession, permit: Permit, asked: FormTeam) -> UUID:
    """Form a team without members."""
    region = await place(session, permit, asked.region_code, asked.formed_on, "formedOn")
    name = check_name(asked.name, "name")
    await check_kind(session, "team", asked.kind)
    row: dict[str, Any] = {
        "id": new_id(),
        "kind": asked.kind,
        "name": name,
        "region_id": region.id,
        "region_code": region.code,
        "formed_on": asked.formed_on,
    }
    await session.execute(insert(t.team), row)
    session.changed("team", row["id"], region.code, kind=asked.kind, name=name, formed_on=asked.formed_on)
    event = events.TeamFormed(
        team_id=row["id"],
        kind=asked.kind,
        name=name,
        region_id=region.id,
        region_code=region.code,
        formed_on=asked.formed_on,
    )
    await publish(session, event, event.team_id, 1, region.code)
    return event.team_id


async def add_team_member(session: WriteSession, permit: Permit, asked: ChangeMember) -> UUID:
    """Let a person join a team."""
    team = await _locked(session, permit, asked.team_id)
    await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    period = Period(asked.on)
    check_existence(Period(team["formed_on"], team["disbanded_on"]), period, "team", "validFrom")
    m = t.team_member
    mine = select(m.c.valid_from, m.c.valid_to).where(m.c.team_id == asked.team_id, m.c.person_id == asked.person_id)
    for row in await session.rows(mine):
        if row["valid_from"] == asked.on or Period(row["valid_from"], row["valid_to"]).meets(period):
            raise Refused(OrgProblem.ALREADY_MEMBER, "personId")
    await session.execute(
        insert(m),
        {
            "team_id": asked.team_id,
            "person_id": asked.person_id,
            "valid_from": asked.on,
            "region_code": team["region_code"],
        },
    )
    version = await _bump(session, team)
    session.changed("team", asked.team_id, team["region_code"], joined=asked.person_id, valid_from=asked.on)
    event = events.TeamMemberJoined(
        team_id=asked.team_id,
        person_id=asked.person_id,
        region_id=team["region_id"],
        region_code=team["region_code"],
        valid_from=asked.on,
    )
    await publish(session, event, asked.team_id, version, team["region_code"])
    return asked.team_id


async def remove_team_member(session: WriteSession, permit: Permit, asked: ChangeMember) -> UUID:
    """Let a person leave a team."""
    team = await _locked(session, permit, asked.team_id)
    m = t.team_member
    held = await session.row(
        select(m).where(
            m.c.team_id == asked.team_id,
            m.c.person_id == asked.person_id,
            m.c.valid_from <= asked.on,
            or_(m.c.valid_to.is_(None), m.c.valid_to > asked.on),
        )
    )
    if held is None:
        raise Refused(OrgProblem.NOT_A_MEMBER, "personId", date=asked.on)
    key = (m.c.team_id == asked.team_id) & (m.c.person_id == asked.person_id) & (m.c.valid_from == held["valid_from"])
    await session.execute(update(m).where(key).values(valid_to=asked.on))
    version = await _bump(session, team)
    session.changed("team", asked.team_id, team["region_code"], left=asked.person_id, valid_to=asked.on)
    event = events.TeamMemberLeft(
        team_id=asked.team_id,
        person_id=asked.person_id,
        region_id=team["region_id"],
        region_code=team["region_code"],
        valid_to=asked.on,
    )
    await publish(session, event, asked.team_id, version, team["region_code"])
    return asked.team_id


async def name_team_leader(session: WriteSession, permit: Permit, asked: NameLeader) -> UUID:
    """Let a member lead a team in place of whoever does, or nobody. Raises Refused for who is no member today."""
    team = await lock(session, t.team, asked.team_id, "team", asked.expected_version)
    permit.require(team["region_code"], what="team")
    day = today()
    check_existence(Period(team["formed_on"], team["disbanded_on"]), Period(day), "team", "teamId")
    if asked.person_id is not None:
        m = t.team_member
        mine = select(m).where(m.c.team_id == asked.team_id, m.c.person_id == asked.person_id, in_force(m, day))
        if await session.row(mine) is None:
            raise Refused(OrgProblem.NOT_A_MEMBER, "personId", date=day)
    version = team["version"] + 1
    named = update(t.team).where(t.team.c.id == asked.team_id)
    await session.execute(named.values(leader_id=asked.person_id, version=version))
    session.changed("team", asked.team_id, team["region_code"], leader=str(asked.person_id or ""))
    event = events.TeamLeaderNamed(
        team_id=asked.team_id, leader_id=asked.person_id, region_id=team["region_id"], region_code=team["region_code"]
    )
    await publish(session, event, asked.team_id, version, team["region_code"])
    return asked.team_id


async def disband_team(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Disband a team; every membership ends with it, or never began when it would have begun later."""
    team = await lock(session, t.team, asked.id, "team", asked.expected_version)
    permit.require(team["region_code"], what="team")
    check_not_future(asked.on, today(), "on")
    ended(Period(team["formed_on"], team["disbanded_on"]), asked.on, "on")
    m = t.team_member
    mine = m.c.team_id == asked.id
    await session.execute(m.delete().where(mine, m.c.valid_from > asked.on))
    await session.execute(
        update(m).where(mine, or_(m.c.valid_to.is_(None), m.c.valid_to > asked.on)).values(valid_to=asked.on)
    )
    version = team["version"] + 1
    await session.execute(update(t.team).where(t.team.c.id == asked.id).values(disbanded_on=asked.on, version=version))
    session.changed("team", asked.id, team["region_code"], disbanded_on=asked.on)
    event = events.TeamDisbanded(
        team_id=asked.id, region_id=team["region_id"], region_code=team["region_code"], disbanded_on=asked.on
    )
    await publish(session, event, asked.id, version, team["region_code"])
    return asked.id


async def _locked(session: WriteSession, permit: Permit, team_id: UUID) -> RowMapping:
    team = await lock(session, t.team, team_id, "team")
    permit.require(team["region_code"], what="team")
    return team


async def _bump(session: WriteSession, team: RowMapping) -> int:
    version = int(team["version"]) + 1
    await session.execute(update(t.team).where(t.team.c.id == team["id"]).values(version=version))
    return version
