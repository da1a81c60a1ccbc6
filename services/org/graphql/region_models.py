"""What regions of every level have of experts and of methods that model communities share: fields of `Region`."""

from __future__ import annotations

import strawberry

from chassis.graphql.connection import Connection, PageArguments
from services.org.graphql import models
from services.org.graphql.links import Info
from services.org.graphql.region_lists import Placed


@strawberry.type
class Modelled(Placed):
    """A region, and what it learns from others."""

    @strawberry.field(description="Experts for this place: on its panel, or on one above or below. 智库专家")
    async def experts(
        self,
        info: Info,
        field: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[models.Expert]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await models.experts_page(info.context, self.place, field, asked)

    @strawberry.field(description="Communities here that experts accompany. 专家结对")
    async def guidances(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[models.Guidance]:
        """Read a page of them."""
        return await models.guidances_page(info.context, self.place, PageArguments(first, after, last, before))

    @strawberry.field(description="Methods that are shared with this place. 工作法")
    async def shared_methods(
        self,
        info: Info,
        type: str | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[models.SharedMethod]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await models.methods_page(info.context, self.place, type, asked)

    @strawberry.field(description="Communities here that work by a shared method. 工作法应用")
    async def adoptions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[models.Adoption]:
        """Read a page of them."""
        return await models.adoptions_page(info.context, self.place, PageArguments(first, after, last, before))

    @strawberry.field(description="How experts and shared methods stand here. 智库与工作法统计")
    async def model_stats(self, info: Info) -> models.ModelStats:
        """Count them."""
        return await models.model_stats_in(info.context, self.place)
