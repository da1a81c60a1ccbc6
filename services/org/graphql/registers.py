"""Registers of regions in the graph: community types, distinctions, partner units."""

from __future__ import annotations

from uuid import UUID

import strawberry
from sqlalchemy import func, select, text

from chassis.graphql.connection import Connection, PageArguments
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import organisations, people
from services.org.graphql.compounds import Compound
from services.org.graphql.links import Info, OrganisationLink, PersonLink
from services.org.graphql.registered import Registered, register_page, register_row
from services.org.graphql.words import CommunityType, Kind, kind_of, type_of
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within


@strawberry.type(description="A distinction that a region, or a person there, holds. 评选命名")
class Distinction(Registered):
    """A distinction."""

    @strawberry.field(description="Its kind in this practice. 类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "distinction", self.row["kind"])

    @strawberry.field(description="Who holds it; null when the region itself does. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        held_by = self.row["person_id"]
        return None if held_by is None else await people.person_by_id(info.context, held_by, self.day)

    @strawberry.field(description="What for. 事由")
    def reason(self) -> str | None:
        """Read it off the row."""
        reason: str | None = self.row["reason"]
        return reason


@strawberry.type(description="A partner unit hooked to a region. 共建结对")
class Pairing(Registered):
    """A pairing."""

    @strawberry.field(description="Its kind in this practice. 类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "pairing", self.row["kind"])

    @strawberry.field(description="The partner unit, if in your scope. 共建单位")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the unit."""
        return await organisations.organisation_by_id(info.context, self.row["organisation_id"], self.day)

    @strawberry.field(description="The compounds that it looks after, at most 2. 挂钩小区")
    def compounds(self) -> list[Compound]:
        """Refer to them."""
        return [Compound(id=strawberry.ID(str(one))) for one in self.row["compound_ids"]]

    @strawberry.field(description="What they do together. 共建项目")
    def project(self) -> str | None:
        """Read it off the row."""
        project: str | None = self.row["project"]
        return project


@strawberry.type(description="How many communities are of a type. 社区类型统计")
class CommunityTypeCount:
    """A count."""

    communities: int = strawberry.field(description="How many. 数量")
    code: strawberry.Private[str]

    @strawberry.field(description="The type. 类型")
    async def type(self, info: Info) -> CommunityType:
        """Read the type."""
        return await type_of(info.context, self.code)


@strawberry.type(description="Of which types the communities are. 社区分类情况")
class CommunityTypeStats:
    """Counts over a region."""

    classified: int = strawberry.field(description="Communities that have a type. 已分类社区数")
    types: int = strawberry.field(description="Types that there are communities of. 类型数")
    methods: int = strawberry.field(description="Working methods that these types have. 工作方法数")
    counts: list[CommunityTypeCount] = strawberry.field(description="By type, in the practice's order. 分类统计")


async def type_stats_in(context: Context, place: Place) -> CommunityTypeStats:
    """Return how many communities of each type are in a place."""
    p, words = t.community_profile, t.community_type
    here = within(p.c.region_id, p.c.region_code, place, direct=False)
    counted = (
        select(p.c.type, words.c.method_zh, func.count().label("communities"))
        .join(words, words.c.code == p.c.type)
        .where(here, in_force(p, place.as_of))
        .group_by(p.c.type, words.c.position, words.c.method_zh)
        .order_by(words.c.position)
    )
    rows = await (await context.read()).rows(counted)
    counts = [CommunityTypeCount(communities=row["communities"], code=row["type"]) for row in rows]
    return CommunityTypeStats(
        classified=sum(one.communities for one in counts),
        types=len(counts),
        methods=len({row["method_zh"] for row in rows}),
        counts=counts,
    )


_TYPE_THEN = text(
    "SELECT type FROM community_profile WHERE region_id = :region_id"
    " AND valid_from <= :day AND (valid_to IS NULL OR valid_to > :day) LIMIT 1"
)


async def type_in(context: Context, place: Place) -> CommunityType | None:
    """Return the type of a community on its day."""
    row = await (await context.read()).row(_TYPE_THEN, {"region_id": place.id, "day": place.as_of})
    return None if row is None else await type_of(context, row["type"])


async def distinctions_page(
    context: Context, place: Place, kind: str | None, asked: PageArguments
) -> Connection[Distinction]:
    """Return a page of the distinctions in a place and below."""
    page = await register_page(context, t.distinction, place, kind, asked)
    return page.connection(lambda row: Distinction.of(row, place.as_of))


async def pairings_page(context: Context, place: Place, kind: str | None, asked: PageArguments) -> Connection[Pairing]:
    """Return a page of the pairings in a place and below."""
    page = await register_page(context, t.pairing, place, kind, asked)
    return page.connection(lambda row: Pairing.of(row, place.as_of))


async def distinction_by_id(context: Context, id_: UUID) -> Distinction | None:
    """Return a distinction in scope."""
    row = await register_row(context, t.distinction, id_)
    return None if row is None else Distinction.of(row, today())


async def pairing_by_id(context: Context, id_: UUID) -> Pairing | None:
    """Return a pairing in scope."""
    row = await register_row(context, t.pairing, id_)
    return None if row is None else Pairing.of(row, today())
