"""Take over what lies directly in a region that is merged into another: organisations, people, duties, registers, ...

Every row keeps its identity; `relocation` keeps where it lay before. Duties begin anew, so that the past of the merged
region shows who held them there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from chassis.events import outbox
from chassis.events.outbox import Draft
from chassis.ids import new_id
from services.org.commands.activity_parts import move_planned
from services.org.commands.carry_over import carry_over, duties_from
from services.org.commands.carry_registers import carry_registers
from services.org.commands.organisation_mergers import merge_one
from services.org.commands.places import lock_region
from services.org.commands.publishing import SERVICE, publish
from services.org.commands.relocating import relocate
from services.org.domain import events
from services.org.domain.periods import Period, most_at_once
from services.org.domain.redrawing import Line, Thing, pair_up
from services.org.domain.register_events import CensusRecorded
from services.org.storage import tables as t
from services.org.storage.training_tables import training_attendance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from services.org.commands.places import RegionInForce


async def absorb(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> list[Line]:
    """Move all that lies directly in `gone` to `into` on a day; return what was moved, joined and ended."""
    for region_id in sorted((gone.id, into.id)):
        await lock_region(session, region_id)
    joined = await _join_organisations(session, gone, into, on)
    organisations = await relocate(session, t.organisation, "dissolved_on", gone, into, on)
    await _restamp_histories(session, [row["id"] for row in organisations], into)
    people = await relocate(session, t.person, None, gone, into, on)
    teams = await relocate(session, t.team, "disbanded_on", gone, into, on)
    stations = await relocate(session, t.station, "closed_on", gone, into, on)
    await _join_counts(session, gone, into, on)
    m = t.team_member
    stamped = update(m).where(m.c.team_id.in_([row["id"] for row in teams])).values(region_code=into.code)
    await session.execute(stamped)
    a = training_attendance
    trained = update(a).where(a.c.region_id == gone.id).values(region_id=into.id, region_code=into.code)
    await session.execute(trained)
    moved, ended = await _move_duties(session, gone, into, on)
    planned = await move_planned(session, gone, into)
    carried, joined_rows = await carry_registers(session, gone, into, on)
    tellers: list[tuple[Sequence[RowMapping], Callable[[RowMapping], Event]]] = [
        (organisations, lambda row: _organisation_moved(row, into, on)),
        (people, lambda row: _person_updated(row, into)),
        (teams, lambda row: _team_moved(row, gone, into, on)),
        (stations, lambda row: _station_moved(row, gone, into, on)),
    ]
    drafts = [_draft(row, event_of(row), into.code) for rows, event_of in tellers for row in rows]
    await outbox.append_many(session.connection, SERVICE, drafts)

    def line(thing: Thing, count: int, **more: int) -> Line:
        return Line(thing, gone.code, into.code, count, **more)

    return [
        line(Thing.ORGANISATION, len(organisations), joined=joined),
        line(Thing.PERSON, len(people)),
        line(Thing.DUTY, moved, ended=ended),
        line(Thing.TEAM, len(teams)),
        line(Thing.STATION, len(stations)),
        line(Thing.ACTIVITY, planned),
        line(Thing.REGISTER, carried, joined=joined_rows),
    ]


async def _join_organisations(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> int:
    """Merge organisations of which both regions have exactly one of the kind; return how many were merged."""
    o = t.organisation
    there = select(o).where(o.c.region_id.in_([gone.id, into.id]), o.c.dissolved_on.is_(None))
    rows = {row["id"]: row for row in await session.rows(there.order_by(o.c.id).with_for_update())}
    sides = [
        [(row["kind"], str(row["id"])) for row in rows.values() if row["region_id"] == region.id]
        for region in (gone, into)
    ]
    by_name = {str(id_): row for id_, row in rows.items()}
    pairs = pair_up(sides[0], sides[1])
    for one, other in sorted(pairs.items()):
        await merge_one(session, by_name[one], by_name[other], on)
    return len(pairs)


async def _join_counts(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> None:
    """End the counts of both regions; when both were counted, their sum is the count from now on."""
    c = t.census
    there = select(c).where(c.c.region_id.in_([gone.id, into.id]), c.c.valid_to.is_(None))
    rows = await session.rows(there.order_by(c.c.id).with_for_update())
    for row in rows:
        over = {"valid_to": max(on, row["valid_from"]), "version": row["version"] + 1}
        await session.execute(update(c).where(c.c.id == row["id"]).values(**over))
    if {row["region_id"] for row in rows} != {gone.id, into.id}:
        return
    count: dict[str, Any] = {name: sum(row[name] for row in rows) for name in ("households", "residents")}
    count |= {"region_id": into.id, "region_code": into.code, "valid_from": on}
    id_ = new_id()
    await session.execute(insert(c), {"id": id_, **count})
    await publish(session, CensusRecorded(census_id=id_, **count), id_, 1, into.code)


async def _restamp_histories(session: WriteSession, ids: list[UUID], into: RegionInForce) -> None:
    v, s, f, e = t.organisation_version, t.organisation_succession, t.fund, t.fund_entry
    oc = t.organisation_compound
    await session.execute(update(oc).where(oc.c.organisation_id.in_(ids)).values(region_code=into.code))
    funds = select(f.c.id).where(f.c.organisation_id.in_(ids))
    await session.execute(update(e).where(e.c.fund_id.in_(funds)).values(region_code=into.code))
    theirs = f.c.organisation_id.in_(ids)
    await session.execute(update(f).where(theirs).values(region_id=into.id, region_code=into.code))
    await session.execute(update(v).where(v.c.organisation_id.in_(ids)).values(region_code=into.code))
    await session.execute(update(s).where(s.c.predecessor_id.in_(ids)).values(region_code=into.code))


async def _move_duties(session: WriteSession, gone: RegionInForce, into: RegionInForce, on: date) -> tuple[int, int]:
    """Carry duties over where their title has a post left; return how many went on and how many ended."""
    titles = {row["code"]: row["most"] for row in await session.rows(select(t.duty_title))}
    there: dict[str, list[Period]] = {}
    for row in await duties_from(session, on, t.duty.c.region_id == into.id):
        there.setdefault(row["title"], []).append(Period(row["valid_from"], row["valid_to"]))
    here = {"region_id": into.id, "region_code": into.code}
    carried: list[tuple[RowMapping, dict[str, Any] | None]] = []
    for row in await duties_from(session, on, t.duty.c.region_id == gone.id):
        period = Period(max(on, row["valid_from"]), row["valid_to"])
        held = there.setdefault(row["title"], [])
        most = titles[row["title"]]
        if most is not None and most_at_once(held, period) >= most:
            carried.append((row, None))
            continue
        held.append(period)
        carried.append((row, here))
    await carry_over(session, carried, on)
    ended = sum(changes is None for _, changes in carried)
    return len(carried) - ended, ended


def _draft(row: RowMapping, event: Event, region_code: str) -> Draft:
    return Draft(
        event=event,
        aggregate_id=row["id"],
        aggregate_version=row["version"] + 1,
        region_code=region_code,
        occurred_at=datetime.now(UTC),
    )


def _organisation_moved(row: RowMapping, into: RegionInForce, on: date) -> Event:
    return events.OrganisationMoved(
        organisation_id=row["id"],
        parent_id=row["parent_id"],
        region_id=into.id,
        region_code=into.code,
        valid_from=on,
    )


def _person_updated(row: RowMapping, into: RegionInForce) -> Event:
    return events.PersonUpdated(person_id=row["id"], fields=("region",), region_id=into.id, region_code=into.code)


def _team_moved(row: RowMapping, gone: RegionInForce, into: RegionInForce, on: date) -> Event:
    return events.TeamMoved(
        team_id=row["id"],
        region_id=into.id,
        region_code=into.code,
        previous_region_code=gone.code,
        valid_from=on,
    )


def _station_moved(row: RowMapping, gone: RegionInForce, into: RegionInForce, on: date) -> Event:
    return events.StationMoved(
        station_id=row["id"],
        region_id=into.id,
        region_code=into.code,
        previous_region_code=gone.code,
        valid_from=on,
    )
