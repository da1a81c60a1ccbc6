"""What joins an activity beside who holds it: teams, and other communities; and what goes on with another region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (dataclass fields)

from sqlalchemy import select, update

from chassis.events import outbox
from chassis.events.outbox import Draft
from services.org.commands.handing_over import hand_over_rows
from services.org.commands.places import find, region_in_force
from services.org.commands.publishing import SERVICE
from services.org.commands.register_steps import place_of
from services.org.domain.activities import ActivityState, Part, check_joined, check_one_type
from services.org.domain.activity_events import ActivityHandedOver, ActivityMoved
from services.org.domain.levels import Level
from services.org.domain.muster import check_community
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.in_force import in_force
from services.org.storage.place_tables import activity, activity_part

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from services.org.commands.places import RegionInForce


@dataclass(frozen=True, slots=True)
class Joined:
    """Teams and communities (regions) that take part."""

    teams: tuple[UUID, ...] = ()
    communities: tuple[UUID, ...] = ()


async def check_joining(
    session: WriteSession, kind: str, region: RegionInForce, on: date, teams: list[UUID], communities: list[str]
) -> Joined:
    """Return what joins an activity of a region. Raises Refused for what is not known, or not of one type."""
    wanted = check_joined(teams, "teamIds")
    for team in wanted:
        await find(session, t.team, team, OrgProblem.UNKNOWN_TEAM, "teamIds")
    others: list[RegionInForce] = []
    for code in dict.fromkeys(communities):
        other = await region_in_force(session, code, "communities")
        check_community(other.code, other.level, "communities")
        if other.id != region.id:
            others.append(other)
    joined = check_joined([other.id for other in others], "communities")
    k = t.kind
    one_type = select(k.c.same_type).where(k.c.category == "activity", k.c.code == kind)
    if await session.scalar(one_type):
        await _check_types(session, region, joined, on)
    return Joined(wanted, joined)


async def _check_types(session: WriteSession, region: RegionInForce, joined: tuple[UUID, ...], on: date) -> None:
    own: list[UUID] = []
    if region.level.value >= Level.COMMUNITY.value:
        own = [(await region_in_force(session, region.code[: Level.COMMUNITY.code_length])).id]
    p = t.community_profile
    wanted = list(dict.fromkeys([*own, *joined]))
    rows = await session.rows(select(p.c.region_id, p.c.type).where(p.c.region_id.in_(wanted), in_force(p, on)))
    types = {row["region_id"]: row["type"] for row in rows}
    check_one_type([types.get(id_) for id_ in wanted])


async def joined_of(session: WriteSession, id_: UUID) -> Joined:
    """Return what joined a planned activity."""
    p = activity_part
    rows = await session.rows(select(p.c.part, p.c.thing_id).where(p.c.activity_id == id_).order_by(p.c.thing_id))
    teams = tuple(row["thing_id"] for row in rows if row["part"] == Part.TEAM)
    return Joined(teams, tuple(row["thing_id"] for row in rows if row["part"] == Part.COMMUNITY))


async def move_planned(session: WriteSession, gone: RegionInForce, into: RegionInForce) -> int:
    """Let what is planned in a region that is merged away be held in the one that takes over; return how many.

    What was held or called off stays where it was.
    """
    a = activity
    which = (a.c.region_id == gone.id) & (a.c.state == ActivityState.PLANNED.value)
    rows = await session.rows(select(a).where(which).order_by(a.c.id).with_for_update())
    ids = [row["id"] for row in rows]
    if not ids:
        return 0
    here = {"region_id": into.id, "region_code": into.code, "version": a.c.version + 1}
    await session.execute(update(a).where(a.c.id.in_(ids)).values(**here))
    p = activity_part
    await session.execute(update(p).where(p.c.activity_id.in_(ids)).values(region_code=into.code))
    drafts = [
        Draft(
            event=ActivityMoved(activity_id=row["id"], region_id=into.id, region_code=into.code),
            aggregate_id=row["id"],
            aggregate_version=row["version"] + 1,
            region_code=into.code,
            occurred_at=datetime.now(UTC),
        )
        for row in rows
    ]
    await outbox.append_many(session.connection, SERVICE, drafts)
    return len(ids)


async def hand_over_planned(session: WriteSession, gone: UUID, into: UUID, _on: date) -> None:
    """Let an organisation hold what one that was merged into it had planned."""
    a = activity
    which = (a.c.organisation_id == gone) & (a.c.state == ActivityState.PLANNED.value)

    def told(row: RowMapping) -> Event:
        return ActivityHandedOver(activity_id=row["id"], organisation_id=into, **place_of(row))

    await hand_over_rows(session, a.c.organisation_id, which, into, told)
