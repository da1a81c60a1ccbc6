"""Let organisations join and leave alliances; let those that take over from others do so there too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import or_, select, update

from chassis.problems import Refused
from services.org.commands.places import lock, region_in_force
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, where
from services.org.domain import alliance_events as events
from services.org.domain.alliances import Ally, check_joins
from services.org.domain.periods import Period, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class JoinAlliance(msgspec.Struct, frozen=True):
    """What is asked: an organisation belongs to an alliance from a day on."""

    alliance_id: UUID
    organisation_id: UUID
    valid_from: date


async def join_alliance(session: WriteSession, permit: Permit, asked: JoinAlliance) -> UUID:
    """Let an organisation join; who changes the members of one alliance waits for the other. Return the membership."""
    alliance = await lock(session, t.organisation, asked.alliance_id, "organisation")
    permit.require(alliance["region_code"], what="organisation")
    check_not_future(asked.valid_from, today(), "validFrom")
    o, m = t.organisation, t.alliance_member
    # Whoever merges or dissolves the member waits.
    member = await session.row(select(o).where(o.c.id == asked.organisation_id).with_for_update(read=True))
    if member is None:
        raise Refused(OrgProblem.UNKNOWN_ORGANISATION, "organisationId")
    both = (m.c.alliance_id == asked.alliance_id) & (m.c.organisation_id == asked.organisation_id)
    earlier = [Period(row["valid_from"], row["valid_to"]) for row in await session.rows(select(m).where(both))]
    period = Period(asked.valid_from)
    check_joins(await _ally(session, alliance), await _ally(session, member), earlier, period)
    return await _enter(session, alliance, asked.organisation_id, asked.valid_from)


async def leave_alliance(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Let a membership end."""

    def told(row: RowMapping) -> Event:
        return _left(row, asked.on)

    return await end(session, permit, t.alliance_member, asked, told)


async def hand_over_alliances(session: WriteSession, row: RowMapping, into: RowMapping, on: date) -> None:
    """Let the organisation `into` be in the alliances of one that is merged into it on `on`, and have its members.

    Where it is, or has, already, nothing is joined: the membership of the one that is gone just ends.
    """
    m = t.alliance_member
    still = or_(m.c.valid_to.is_(None), m.c.valid_to > on)
    theirs = or_(m.c.alliance_id == row["id"], m.c.organisation_id == row["id"])
    for held in await session.rows(select(m).where(theirs, still).order_by(m.c.id).with_for_update()):
        until, version = max(on, held["valid_from"]), held["version"] + 1
        await session.execute(update(m).where(m.c.id == held["id"]).values(valid_to=until, version=version))
        await publish(session, _left(held, until), held["id"], version, held["region_code"])
        alliance_id, member_id = (
            into["id"] if held[name] == row["id"] else held[name] for name in ("alliance_id", "organisation_id")
        )
        both = (m.c.alliance_id == alliance_id) & (m.c.organisation_id == member_id) & still
        if alliance_id != member_id and await session.row(select(m.c.id).where(both)) is None:
            alliance = await lock(session, t.organisation, alliance_id, "organisation")
            await _enter(session, alliance, member_id, max(on, held["valid_from"]))


async def _enter(session: WriteSession, alliance: RowMapping, member_id: UUID, on: date) -> UUID:
    """Store a membership where the alliance lies, and tell of it."""

    def told(row: dict[str, Any]) -> Event:
        names = ("alliance_id", "organisation_id")
        return events.AllianceJoined(membership_id=row["id"], **{name: row[name] for name in names}, **where(row))

    region = await region_in_force(session, alliance["region_code"])
    values = {"alliance_id": alliance["id"], "organisation_id": member_id, "valid_from": on}
    return await enter(session, t.alliance_member, region, values, told)


def _left(row: RowMapping, on: date) -> Event:
    names = ("alliance_id", "organisation_id")
    return events.AllianceLeft(membership_id=row["id"], **{name: row[name] for name in names}, **gone(row, on))


async def _ally(session: WriteSession, row: RowMapping) -> Ally:
    k = t.kind
    kind = select(k.c.alliance).where(k.c.category == "organisation", k.c.code == row["kind"])
    existence = Period(row["established_on"], row["dissolved_on"])
    return Ally(row["id"], bool(await session.scalar(kind)), existence)
