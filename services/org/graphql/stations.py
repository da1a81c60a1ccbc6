"""Stations in the graph."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Select

from chassis.graphql.connection import Connection, PageArguments, Shaped, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import regions
from services.org.graphql import services as offered
from services.org.graphql.links import Info, RegionLink, ServiceItemLink, uuid_of
from services.org.graphql.rowed import Rowed
from services.org.graphql.words import kind_of
from services.org.storage import tables as t
from services.org.storage.reads import load_stations


@strawberry.federation.type(keys=["id"], description="A place of service: a centre, station, hall or council. 阵地")
class Station(Rowed):
    """A station."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    kind: str = strawberry.field(description="Code of its kind in this practice. 阵地类型")
    name: str = strawberry.field(description="Its name. 名称")
    functions: list[str] = strawberry.field(description="What can be done there, at most 30. 功能")
    latitude: float | None = strawberry.field(description="Where it stands: degrees north. 纬度")
    longitude: float | None = strawberry.field(description="Where it stands: degrees east. 经度")
    opened_on: date = strawberry.field(description="First day. 启用日期")
    closed_on: date | None = strawberry.field(description="First day without it. 停用日期")

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Station | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "station")
        return await station_by_id(info.context, uuid_of(id), today())

    @strawberry.field(description="Name of its kind in the language of Accept-Language. 阵地类型名称")
    async def kind_name(self, info: Info) -> str:
        """Read the kind."""
        return (await kind_of(info.context, "station", self.kind)).name

    @strawberry.field(description="The region it serves. 所在区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_then(info.context, self.row, self.day)

    @strawberry.field(description="Items of service that are handled there, by title. 可办理事项")
    async def service_items(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ServiceItemLink]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await offered.items_at_station(info.context, self.row, self.day, asked)


async def station_by_id(context: Context, id_: UUID, day: date) -> Station | None:
    """Return a station in scope."""
    row = await context.loader(load_stations).load(id_)
    return None if row is None else Station.of(row, day)


async def page_of(
    context: Context, statement: Select[Any] | Shaped, day: date, asked: PageArguments, mark: str
) -> Connection[Station]:
    """Return a page of stations as they are on `day`."""
    order = [t.station.c.region_code, t.station.c.id]
    page = await paginate(await context.read(), statement, order, asked, mark)
    return page.connection(lambda row: Station.of(row, day))
