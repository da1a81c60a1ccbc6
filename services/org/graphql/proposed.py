"""What a recommendation and a filing share in the graph: for which post somebody is proposed, and what came of it."""

from __future__ import annotations

import strawberry
from sqlalchemy import RowMapping

from services.org.domain.periods import today
from services.org.graphql import duties, regions
from services.org.graphql.links import DutyLink, Info, RegionLink
from services.org.graphql.words import DutyTitle, title_of


@strawberry.type
class Proposed:
    """A proposal for a post, read from its row."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    row: strawberry.Private[RowMapping]

    @strawberry.field(description="For which duty. 职务")
    async def title(self, info: Info) -> DutyTitle:
        """Read the title."""
        return await title_of(info.context, self.row["title"])

    @strawberry.field(description="Where the duty is held. 任职区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_by_id(info.context, self.row["region_id"], today())

    @strawberry.field(description="The duty that was given on it. 任命")
    async def duty(self, info: Info) -> DutyLink | None:
        """Read the duty."""
        id_ = self.row["duty_id"]
        return None if id_ is None else await duties.duty_by_id(info.context, id_, today())
