"""Panels of experts and shared methods in the graph."""

from __future__ import annotations

from uuid import UUID

import strawberry
from sqlalchemy import ColumnElement, Table, select

from chassis.graphql.connection import Connection, Page, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import people, regions
from services.org.graphql.links import Info, PersonLink, RegionLink
from services.org.graphql.registered import Registered, register_row
from services.org.graphql.words import CommunityType, Kind, kind_of, type_of
from services.org.storage.in_force import Place
from services.org.storage.models import (
    count_methods_by_type,
    count_models,
    known_in,
    load_experts,
    load_methods,
    there,
)
from services.org.storage.place_tables import adoption, expert, guidance, shared_method


@strawberry.type(description="Somebody on the panel of experts of a region. 智库专家")
class Expert(Registered):
    """An expert."""

    @strawberry.field(description="Who, if in your scope. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The field. 专业领域")
    async def field(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "expertise", self.row["field"])


@strawberry.type(description="A community that an expert accompanies. 专家结对")
class Guidance(Registered):
    """A guidance; its region is the community."""

    @strawberry.field(description="The expert. 专家")
    async def expert(self, info: Info) -> Expert | None:
        """Read the expert."""
        row = await info.context.loader(load_experts).load(self.row["expert_id"])
        return None if row is None else Expert.of(row, self.day)


@strawberry.type(description="A working method of a model community, shared with others. 工作法")
class SharedMethod(Registered):
    """A method; its region is where it is shared."""

    @strawberry.field(description="What it is called. 名称")
    def title(self) -> str:
        """Read it off the row."""
        title: str = self.row["title"]
        return title

    @strawberry.field(description="How one works by it. 内容")
    def content(self) -> str | None:
        """Read it off the row."""
        content: str | None = self.row["content"]
        return content

    @strawberry.field(description="For communities of which type. 适用社区类型")
    async def type(self, info: Info) -> CommunityType:
        """Read the type."""
        return await type_of(info.context, self.row["type"])

    @strawberry.field(description="The model community that it comes from, if in your scope. 样板社区")
    async def model(self, info: Info) -> RegionLink | None:
        """Read the community."""
        return await regions.region_by_id(info.context, self.row["model_id"], self.day)


@strawberry.type(description="A community that works by a shared method. 工作法应用")
class Adoption(Registered):
    """An adoption; its region is the community."""

    @strawberry.field(description="The method. 工作法")
    async def method(self, info: Info) -> SharedMethod | None:
        """Read the method."""
        row = await info.context.loader(load_methods).load(self.row["method_id"])
        return None if row is None else SharedMethod.of(row, self.day)


@strawberry.type(description="How many methods there are for a type of community. 分类型工作法")
class MethodTypeCount:
    """Counts of a type."""

    methods: int = strawberry.field(description="Methods. 工作法数")
    adopting: int = strawberry.field(description="Communities here that work by any of them. 应用社区数")
    code: strawberry.Private[str]

    @strawberry.field(description="The type. 类型")
    async def type(self, info: Info) -> CommunityType:
        """Read the type."""
        return await type_of(info.context, self.code)


@strawberry.type(description="How experts and shared methods stand in a place. 智库与工作法统计")
class ModelStats:
    """Counts over a region."""

    experts: int = strawberry.field(description="People on its panels. 专家数")
    fields: int = strawberry.field(description="Fields that they stand for. 领域数")
    accompanied: int = strawberry.field(description="Communities that are accompanied. 结对社区数")
    methods: int = strawberry.field(description="Methods that are shared. 工作法数")
    models: int = strawberry.field(description="Communities that these come from. 来源社区数")
    adopting: int = strawberry.field(description="Communities that work by any of them. 应用社区数")
    place: strawberry.Private[Place]

    @strawberry.field(description="By the practice's types of community. 分类型")
    async def by_type(self, info: Info) -> list[MethodTypeCount]:
        """Count them."""
        rows = await count_methods_by_type(await info.context.read(), self.place)
        return [MethodTypeCount(code=row["type"], methods=row["methods"], adopting=row["adopting"]) for row in rows]


async def experts_page(context: Context, place: Place, field: str | None, asked: PageArguments) -> Connection[Expert]:
    """Return a page of the experts who are for a place."""
    wanted = [known_in(expert, place)]
    if field is not None:
        wanted.append(expert.c.field == field)
    page = await _page(context, expert, place, wanted, asked, field)
    return page.connection(lambda row: Expert.of(row, place.as_of))


async def guidances_page(context: Context, place: Place, asked: PageArguments) -> Connection[Guidance]:
    """Return a page of the communities of a place that experts accompany."""
    page = await _page(context, guidance, place, [there(guidance, place)], asked)
    return page.connection(lambda row: Guidance.of(row, place.as_of))


async def methods_page(
    context: Context, place: Place, type_: str | None, asked: PageArguments
) -> Connection[SharedMethod]:
    """Return a page of the methods that are shared with a place."""
    wanted = [known_in(shared_method, place)]
    if type_ is not None:
        wanted.append(shared_method.c.type == type_)
    page = await _page(context, shared_method, place, wanted, asked, type_)
    return page.connection(lambda row: SharedMethod.of(row, place.as_of))


async def adoptions_page(context: Context, place: Place, asked: PageArguments) -> Connection[Adoption]:
    """Return a page of the communities of a place that work by a shared method."""
    page = await _page(context, adoption, place, [there(adoption, place)], asked)
    return page.connection(lambda row: Adoption.of(row, place.as_of))


async def _page(
    context: Context,
    table: Table,
    place: Place,
    wanted: list[ColumnElement[bool]],
    asked: PageArguments,
    word: str | None = None,
) -> Page:
    context.access.admit(context.caller, "models")
    mark = fingerprint(table.name, place.id, word, place.as_of)
    order = [table.c.region_code, table.c.id]
    return await paginate(await context.read(), select(table).where(*wanted), order, asked, mark)


async def model_stats_in(context: Context, place: Place) -> ModelStats:
    """Count the experts and methods of a place."""
    context.access.admit(context.caller, "models")
    return ModelStats(place=place, **await count_models(await context.read(), place))


async def expert_by_id(context: Context, id_: UUID) -> Expert | None:
    """Return an expert in scope or above it."""
    row = await register_row(context, expert, id_)
    return None if row is None else Expert.of(row, today())


async def guidance_by_id(context: Context, id_: UUID) -> Guidance | None:
    """Return a guidance in scope."""
    row = await register_row(context, guidance, id_)
    return None if row is None else Guidance.of(row, today())


async def method_by_id(context: Context, id_: UUID) -> SharedMethod | None:
    """Return a method in scope or above it."""
    row = await register_row(context, shared_method, id_)
    return None if row is None else SharedMethod.of(row, today())


async def adoption_by_id(context: Context, id_: UUID) -> Adoption | None:
    """Return an adoption in scope."""
    row = await register_row(context, adoption, id_)
    return None if row is None else Adoption.of(row, today())
