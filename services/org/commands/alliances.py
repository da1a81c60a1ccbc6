"""Let organisations join and leave alliances; let those that take over from others do so there too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import or_, select, update

from services.org.commands.places import hold_organisation, lock, region_in_force
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, where
from services.org.domain import alliance_events as events
from services.org.domain.alliances import Ally, Membership, check_joins, handed_over
from services.org.domain.periods import Period, check_not_future, today
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
    m = t.alliance_member
    member = await hold_organisation(session, asked.organisation_id, "organisationId")
    both = (m.c.alliance_id == asked.alliance_id) & (m.c.organisation_id == asked.organisation_id)
    earlier = [Period(row["valid_from"], row["valid_to"]) for row in await session.rows(select(m).where(both))]
    period = Period(asked.valid_from)
    check_joins(await _ally(session, alliance), await _ally(session, member), earlier, period)
    return await _enter(session, alliance, asked.organisation_id, period)


async def leave_alliance(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Let a membership end."""

    def told(row: RowMapping) -> Event:
        return _left(row, asked.on)

    return await end(session, permit, t.alliance_member, asked, told)


async def hand_over_alliances(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let the organisation `into_id` be in the alliances of one that is merged into it on `on`, and have its members.

    Both organisations must be locked, so that whoever lets one of them join waits.
    """
    m, o = t.alliance_member, t.organisation
    both = [gone_id, into_id]
    theirs = or_(m.c.alliance_id.in_(both), m.c.organisation_id.in_(both))
    still = or_(m.c.valid_to.is_(None), m.c.valid_to > on)
    rows = await session.rows(select(m).where(theirs, still).order_by(m.c.id).with_for_update())
    by_id = {row["id"]: row for row in rows}
    for held, follows in handed_over([_membership(row) for row in rows], gone_id, into_id, on):
        row, until = by_id[held.id], max(on, held.period.start)
        values = {"valid_to": until, "version": row["version"] + 1}
        await session.execute(update(m).where(m.c.id == held.id).values(**values))
        session.changed(m.name, held.id, row["region_code"], valid_to=until)
        await publish(session, _left(row, until), held.id, values["version"], row["region_code"])
        if follows is not None:
            alliance_id, member_id, period = follows
            (alliance,) = await session.rows(select(o).where(o.c.id == alliance_id))
            await _enter(session, alliance, member_id, period)


async def _enter(session: WriteSession, alliance: RowMapping, member_id: UUID, period: Period) -> UUID:
    """Store a membership where the alliance lies, and tell of it."""

    def told(row: dict[str, Any]) -> Event:
        names = ("alliance_id", "organisation_id")
        facts = {name: row[name] for name in names} | where(row)
        return events.AllianceJoined(membership_id=row["id"], **facts, valid_to=period.until)

    region = await region_in_force(session, alliance["region_code"])
    values = {"alliance_id": alliance["id"], "organisation_id": member_id}
    values |= {"valid_from": period.start, "valid_to": period.until}
    return await enter(session, t.alliance_member, region, values, told)


def _left(row: RowMapping, on: date) -> Event:
    names = ("alliance_id", "organisation_id")
    return events.AllianceLeft(membership_id=row["id"], **{name: row[name] for name in names}, **gone(row, on))


async def _ally(session: WriteSession, row: RowMapping) -> Ally:
    k = t.kind
    kind = select(k.c.alliance).where(k.c.category == "organisation", k.c.code == row["kind"])
    existence = Period(row["established_on"], row["dissolved_on"])
    return Ally(row["id"], bool(await session.scalar(kind)), existence)


def _membership(row: RowMapping) -> Membership:
    return Membership(row["id"], row["alliance_id"], row["organisation_id"], Period(row["valid_from"], row["valid_to"]))
