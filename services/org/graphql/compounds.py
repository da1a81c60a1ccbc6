"""What org adds to compounds, which property keeps: what is within reach of one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.domain.walking import Point
from services.org.graphql import circles, organisations, reach, services
from services.org.graphql.links import (
    MOST_LISTED,
    Info,
    OrganisationLink,
    ReachableItemLink,
    ReachableStationLink,
    uuid_of,
)
from services.org.storage.circles import load_compounds
from services.org.storage.covering import load_coverers

_AS_OF = strawberry.argument(description="What is there on this day; today when left out. 截至日期")


@strawberry.federation.type(keys=["id"], description="A compound; property has the rest. 小区")
class Compound:
    """A compound, as far as org knows it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Self | None:  # noqa: A002
        """Answer the gateway, for what org has heard of and the caller's scope has."""
        info.context.access.admit(info.context.caller, "serviceCircle")
        return None if await info.context.loader(load_compounds).load(uuid_of(id)) is None else cls(id=id)

    @strawberry.field(
        description="Stations within a walk, the nearest first, at most 200: as far as the practice's service circle "
        "says or as asked. Null while it is not known where it lies, and when nobody says how far. 服务圈内阵地"
    )
    async def reachable_stations(
        self,
        info: Info,
        minutes: circles.Minutes = None,
        circle: circles.Circle = None,
        kinds: circles.Kinds = None,
        functions: circles.Functions = None,
        as_of: Annotated[date | None, _AS_OF] = None,
    ) -> list[ReachableStationLink] | None:
        """Look around it."""
        found = await self._near(info.context, circles.Asked(circle, minutes, kinds, functions), as_of or today())
        return None if found is None else list(found)

    @strawberry.field(
        description="Items of service that are handled at stations within such a walk, by title, each with the "
        "nearest; at most 200. 服务圈内可办理事项"
    )
    async def reachable_service_items(
        self,
        info: Info,
        minutes: circles.Minutes = None,
        circle: circles.Circle = None,
        as_of: Annotated[date | None, _AS_OF] = None,
    ) -> list[ReachableItemLink] | None:
        """Join what is around it with the catalogue."""
        day = as_of or today()
        near = await self._near(info.context, circles.Asked(circle, minutes), day)
        return None if near is None else list(await services.items_near(info.context, near, day))

    @strawberry.field(
        description="The organisations that cover it, such as its branch, of a kind if given; of your scope and above "
        "it, at most 100. 覆盖该小区的组织"
    )
    async def organisations(
        self, info: Info, kind: str | None = None, as_of: Annotated[date | None, _AS_OF] = None
    ) -> list[OrganisationLink]:
        """Read them."""
        info.context.access.admit(info.context.caller, "organisation")
        day = as_of or today()
        ids = await info.context.loader(load_coverers).load((uuid_of(self.id), day))
        found = [await organisations.organisation_referred_to(info.context, id_, day) for id_ in ids]
        return [one for one in found if one is not None and kind in {None, one.kind}][:MOST_LISTED]

    async def _near(self, context: Context, asked: circles.Asked, day: date) -> list[reach.ReachableStation] | None:
        context.access.admit(context.caller, "serviceCircle")
        wanted = await circles.settle(context, asked)
        row: RowMapping | None = await context.loader(load_compounds).load(uuid_of(self.id))
        if wanted is None or row is None or row["latitude"] is None or row["registered_on"] > day:
            return None
        return await reach.stations_near(context, Point(row["latitude"], row["longitude"]), wanted, day)
