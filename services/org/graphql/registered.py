"""What rows of every register share in the graph: identity, period and place; and how they are read."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, RowMapping, Select, Table, select

from chassis.graphql.connection import Page, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import regions
from services.org.graphql.links import Info, RegionLink
from services.org.graphql.rowed import Rowed
from services.org.storage.in_force import Place, held_in
from services.org.storage.organisations import load_places_on


@strawberry.type
class Registered(Rowed):
    """What every row of a register has."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day without. 终止日期")

    @strawberry.field(description="Where. 区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region in which it lay on the day."""
        moved = None
        if self.day < today():
            moved = await info.context.loader(load_places_on).load((self.row["id"], self.day))
        return await regions.region_by_id(info.context, moved or self.row["region_id"], self.day)


async def register_row(context: Context, table: Table, id_: UUID) -> RowMapping | None:
    """Return a row of a register in scope."""
    return await (await context.read()).row(select(table).where(table.c.id == id_))


async def register_page(
    context: Context,
    table: Table,
    place: Place,
    kind: str | None,
    asked: PageArguments,
    *conditions: ColumnElement[bool],
    column: str = "kind",
    mark: str | None = None,
) -> Page:
    """Return a page of a register's rows that hold on the day, by region; `mark` tells apart other `conditions`."""
    same: dict[str, Any] = {column: kind}
    statement = held_in(table, place, **same)
    if conditions:
        everything = statement if isinstance(statement, Select) else statement.everything()
        statement = everything.where(*conditions)
    told = (table.name, place.id, kind, place.as_of)
    seen = fingerprint(*told) if mark is None else fingerprint(*told, mark)
    return await paginate(await context.read(), statement, [table.c.region_code, table.c.id], asked, seen)
