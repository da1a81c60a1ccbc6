"""Stations within walking time of a point: the service circle (15分钟服务圈)."""

from __future__ import annotations

from datetime import date

import strawberry
from sqlalchemy import select

from chassis.errors import BadRequest
from chassis.graphql.context import Context
from chassis.problems import Refused
from services.org.domain.circles import Reach, check_minutes
from services.org.domain.walking import Point, box_around, point_of, walking_metres, walking_minutes
from services.org.graphql import stations
from services.org.graphql.links import StationLink
from services.org.storage import tables as t
from services.org.storage.circles import wanted

MOST = 200


@strawberry.type(description="A station and how far it is on foot. 可达阵地")
class ReachableStation:
    """A station within reach."""

    station: StationLink = strawberry.field(description="The station. 阵地")
    metres: int = strawberry.field(description="On foot: straight line times 1.3. 步行距离（米）")
    minutes: float = strawberry.field(description="On foot at 4.8 km an hour, to one decimal. 步行时间（分钟）")


async def reachable(
    context: Context, latitude: float, longitude: float, minutes: int, kind: str | None, day: date
) -> list[ReachableStation]:
    """Return the stations that are open on `day` within a walk, the nearest first. Raises BadRequest."""
    try:
        check_minutes(minutes)
        point = point_of(latitude, longitude)
    except Refused as refused:
        raise BadRequest(reason=refused.problem.text("en", **refused.values)) from refused
    here = point or Point(latitude, longitude)
    return await stations_near(context, here, Reach(minutes, (kind,) if kind is not None else ()), day)


async def stations_near(context: Context, here: Point, reach: Reach, day: date) -> list[ReachableStation]:
    """Return the stations that are looked for and open on `day`, the nearest first; at most 200."""
    context.access.admit(context.caller, "station")
    s, box = t.station, box_around(here, reach.minutes)
    boxed = (s.c.latitude.between(box.south, box.north), s.c.longitude.between(box.west, box.east))
    rows = await (await context.read()).rows(select(s).where(*boxed, *wanted(reach, day)))
    ways = [(walking_metres(here, Point(row["latitude"], row["longitude"])), str(row["id"]), row) for row in rows]
    return [
        ReachableStation(
            station=stations.Station.of(row, day), metres=round(metres), minutes=round(walking_minutes(metres), 1)
        )
        for metres, _, row in sorted(ways, key=lambda way: way[:2])[:MOST]
        if walking_minutes(metres) <= reach.minutes
    ]
