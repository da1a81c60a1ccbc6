"""Items of service in the graph: by which ways they are handled, at which stations, and what is within reach."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.domain.services import StationThere, Way, nearest_of
from services.org.graphql import organisations, reach
from services.org.graphql.enums import ServiceWay
from services.org.graphql.links import Info, OrganisationLink, ReachableStationLink
from services.org.graphql.registered import Registered, register_row
from services.org.graphql.words import Kind, kind_of
from services.org.storage.in_force import Place
from services.org.storage.place_tables import service_item
from services.org.storage.services import at_station, by_way, count_items, handling_of, items_at, offered_in

MOST_ITEMS = 200


@strawberry.type(description="An item of service, and by which ways it is handled. 就近办理事项")
class ServiceItem(Registered):
    """An item."""

    @strawberry.field(description="What it is. 事项名称")
    def title(self) -> str:
        """Read it off the row."""
        title: str = self.row["title"]
        return title

    @strawberry.field(description="What to bring, and how it goes. 办事指南")
    def guide(self) -> str | None:
        """Read it off the row."""
        guide: str | None = self.row["guide"]
        return guide

    @strawberry.field(description="By which ways it is handled. 办理方式")
    def ways(self) -> list[ServiceWay]:
        """Read them off the row."""
        return [ServiceWay(way) for way in self.row["ways"]]

    @strawberry.field(description="At stations of which kinds it is handled, at most 30. 办理阵地类型")
    async def station_kinds(self, info: Info) -> list[Kind]:
        """Read the kinds."""
        return [await kind_of(info.context, "station", code) for code in self.row["station_kinds"]]

    @strawberry.field(description="Under which function of the station; null for any. 阵地功能")
    def function(self) -> str | None:
        """Read it off the row."""
        function: str | None = self.row["function"]
        return function

    @strawberry.field(description="Which department handed it down, if in your scope. 下放部门")
    async def department(self, info: Info) -> OrganisationLink | None:
        """Read the department."""
        held_by = self.row["department_id"]
        return None if held_by is None else await organisations.organisation_by_id(info.context, held_by, self.day)


@strawberry.type(description="How many items of service are handled in a place, and by which ways. 事项统计")
class ServiceItemStats:
    """Counts."""

    items: int = strawberry.field(description="Items. 事项数")
    nearby: int = strawberry.field(
        description="Handed down: handled by the subdistrict, the community or at stations. 下沉办理事项"
    )
    online: int = strawberry.field(description="Handled online. 网上办理事项")
    subdistrict: int = strawberry.field(description="Handled by the subdistrict. 街道办理事项")
    community: int = strawberry.field(description="Handled by the community. 社区办理事项")
    station: int = strawberry.field(description="Handled at stations. 阵地办理事项")
    departments: int = strawberry.field(description="Departments that they come from. 涉及部门")
    departments_nearby: int = strawberry.field(description="Departments that handed items down. 下放部门")


@strawberry.type(description="An item of service, and the nearest station at which it is handled. 可就近办理事项")
class ReachableItem:
    """An item within reach."""

    item: ServiceItem = strawberry.field(description="The item. 事项")
    nearest: ReachableStationLink = strawberry.field(description="The nearest station that handles it. 最近阵地")

    @classmethod
    def of(cls, row: RowMapping, day: date, nearest: reach.ReachableStation) -> Self:
        """Make it from its row."""
        return cls(item=ServiceItem.of(row, day), nearest=nearest)


async def items_page(
    context: Context, place: Place, way: ServiceWay | None, department: UUID | None, asked: PageArguments
) -> Connection[ServiceItem]:
    """Return a page of the items that are offered in a place, by title."""
    context.access.admit(context.caller, "serviceItem")
    statement = select(service_item).where(offered_in(place))
    if way is not None:
        statement = statement.where(by_way(Way[way.name]))
    if department is not None:
        statement = statement.where(service_item.c.department_id == department)
    mark = fingerprint("service_item", place.id, way and way.name, department, place.as_of)
    order = [service_item.c.title, service_item.c.id]
    page = await paginate(await context.read(), statement, order, asked, mark)
    return page.connection(lambda row: ServiceItem.of(row, place.as_of))


async def item_stats_in(context: Context, place: Place) -> ServiceItemStats:
    """Count the items that are offered in a place."""
    context.access.admit(context.caller, "serviceItem")
    row = await count_items(await context.read(), place)
    names = ("items", "nearby", "online", "subdistrict", "community", "station", "departments", "departments_nearby")
    return ServiceItemStats(**{name: row[name] for name in names})


async def items_at_station(
    context: Context, station: RowMapping, day: date, asked: PageArguments
) -> Connection[ServiceItem]:
    """Return a page of the items that are handled at a station, by title."""
    context.access.admit(context.caller, "serviceItem")
    order = [service_item.c.title, service_item.c.id]
    mark = fingerprint("Station.serviceItems", station["id"], day)
    page = await paginate(await context.read(), at_station(station, day), order, asked, mark)
    return page.connection(lambda row: ServiceItem.of(row, day))


async def reachable_items(
    context: Context, latitude: float, longitude: float, minutes: int, day: date
) -> list[ReachableItem]:
    """Return the items handled at stations within a walk, by title, each with the nearest. Raises BadRequest."""
    return await items_near(context, await reach.reachable(context, latitude, longitude, minutes, None, day), day)


async def items_near(context: Context, near: list[reach.ReachableStation], day: date) -> list[ReachableItem]:
    """Return the items handled at stations, given the nearest first, by title, each with the nearest; at most 200."""
    context.access.admit(context.caller, "serviceItem")
    if not near:
        return []
    there = {_seen(one): one for one in reversed(near)}
    order = [_seen(one) for one in near]
    rows = await items_at(await context.read(), [one.station.row for one in near], day, MOST_ITEMS)
    nearest = [(row, nearest_of(row["region_code"], handling_of(row), order)) for row in rows]
    return [ReachableItem.of(row, day, there[station]) for row, station in nearest if station is not None]


def _seen(one: reach.ReachableStation) -> StationThere:
    row = one.station.row
    return StationThere(row["kind"], row["region_code"], tuple(row["functions"]))


async def item_by_id(context: Context, id_: UUID) -> ServiceItem | None:
    """Return an item in scope or above it."""
    row = await register_row(context, service_item, id_)
    return None if row is None else ServiceItem.of(row, today())
