"""Reserves and call-ups in the graph; for staff."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain import reserve as rules
from services.org.domain.periods import today
from services.org.graphql import people, regions
from services.org.graphql.links import Info, PersonLink, RegionLink
from services.org.graphql.registered import Registered
from services.org.graphql.words import Kind, kind_of
from services.org.storage import histories
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force
from services.org.storage.prefixes import in_prefix
from services.org.storage.reserve import load_called, load_people_called, load_reserves, load_rules

MOST_SHOWN = 200


@strawberry.enum(description="How it stands with somebody who was called up. 到位状态")
class CallState(Enum):
    """As `domain.reserve.CallState`, by name."""

    CALLED = strawberry.enum_value("CALLED", description="Called, not answered yet. 待到位")
    ARRIVED = strawberry.enum_value("ARRIVED", description="Arrived. 已到位")
    EXCUSED = strawberry.enum_value("EXCUSED", description="Does not come. 请假")


@strawberry.type(description="Somebody in the reserve of a community. 应急后备力量")
class Reservist(Registered):
    """A place in the reserve."""

    @strawberry.field(description="From which source of people. 力量来源")
    async def source(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "reserve", self.row["source"])

    @strawberry.field(description="Who. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)


@strawberry.type(description="Somebody who was called up. 集结人员")
class CalledUp:
    """A person of a call-up."""

    state: CallState = strawberry.field(description="How it stands with them. 到位状态")
    post: str | None = strawberry.field(description="Where they go, or what they do there. 分派岗位")
    excuse: str | None = strawberry.field(description="Why they do not come. 请假事由")
    answered_at: datetime | None = strawberry.field(description="When they arrived or were excused. 到位时间")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        names = ("post", "excuse", "answered_at")
        return cls(state=CallState(row["state"]), row=row, **{name: row[name] for name in names})

    @strawberry.field(description="Who. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], today())

    @strawberry.field(description="From which source of people. 力量来源")
    async def source(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "reserve", self.row["source"])


@strawberry.type(description="A call-up of a community's reserve. 集结")
class CallUp:
    """A call-up."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    purpose: str = strawberry.field(description="What for. 事由")
    is_drill: bool = strawberry.field(description="Whether it is a drill. 是否演练")
    asked: int = strawberry.field(description="How many people were asked for. 需求人数")
    called_at: datetime = strawberry.field(description="When. 集结时间")
    ended_at: datetime | None = strawberry.field(description="When it was over; null while it is not. 解除时间")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        names = ("version", "purpose", "is_drill", "asked", "called_at", "ended_at")
        return cls(id=strawberry.ID(str(row["id"])), row=row, **{name: row[name] for name in names})

    @strawberry.field(description="The community. 社区")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the community."""
        return await regions.region_by_id(info.context, self.row["region_id"], today())

    @strawberry.field(description="Who was called, in a fixed order. 集结名单")
    async def people(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CalledUp]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.PEOPLE_CALLED.page(info.context, self.row["id"], asked)
        return page.connection(CalledUp.of)

    @strawberry.field(description="How many were called. 集结人数")
    async def called(self, info: Info) -> int:
        """Count them."""
        return len(await info.context.loader(load_people_called).load(self.row["id"]))

    @strawberry.field(description="How many have arrived. 到位人数")
    async def arrived(self, info: Info) -> int:
        """Count them."""
        rows = await info.context.loader(load_people_called).load(self.row["id"])
        return sum(row["state"] == rules.CallState.ARRIVED for row in rows)


@strawberry.type(description="What is needed and kept in reserve of one source of people. 分来源统计")
class ReserveCount:
    """A source's numbers."""

    needed: int = strawberry.field(description="People needed. 需求")
    enrolled: int = strawberry.field(description="People in reserve. 在册")
    code: strawberry.Private[str]

    @strawberry.field(description="The source. 力量来源")
    async def source(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "reserve", self.code)


@strawberry.type(description="A community whose reserve is too small. 力量缺口社区")
class ReserveShortfall:
    """A shortfall."""

    needed: int = strawberry.field(description="People needed. 需求")
    enrolled: int = strawberry.field(description="People in reserve. 在册")
    missing: int = strawberry.field(description="People missing. 缺口")
    region_id: strawberry.Private[UUID]
    place: strawberry.Private[Place]

    @strawberry.field(description="The community. 社区")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the community."""
        return await regions.region_by_id(info.context, self.region_id, self.place.as_of)


@strawberry.type(description="What the communities here need and keep in reserve. 应急后备力量统计")
class ReserveStats:
    """The numbers of a place."""

    needed: int = strawberry.field(description="People needed by the practice's rules. 需求人数")
    enrolled: int = strawberry.field(description="People in reserve. 在册人数")
    missing: int = strawberry.field(
        description="People missing; what one community or source has too many does not make up for another. 缺口人数"
    )
    call_ups: int = strawberry.field(description="Call-ups that are not over, now. 进行中的集结")
    called: int = strawberry.field(description="People called by these. 集结人数")
    arrived: int = strawberry.field(description="Of these, arrived. 到位人数")
    sources: list[ReserveCount] = strawberry.field(description="By the practice's sources. 分来源")
    short: strawberry.Private[list[ReserveShortfall]]

    @strawberry.field(description="Communities where people are missing, the worst first; at most 200. 缺口社区")
    def shortfalls(self, first: int = 50) -> list[ReserveShortfall]:
        """List them."""
        return self.short[: max(0, min(first, MOST_SHOWN))]


async def reserve_stats_in(context: Context, place: Place) -> ReserveStats:
    """Count the reserves of a place, on its day; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "reserve", place.code, what="region")
    session = await context.read()
    by_source = await load_rules(session)
    needed: Counter[str] = Counter({rule.source: 0 for rule in by_source})
    enrolled: Counter[str] = Counter()
    short = []
    for one in await load_reserves(session, place):
        needs = {rule.source: rules.needed(rule, one.size) for rule in by_source}
        needed.update(needs)
        enrolled.update(one.enrolled)
        missing = rules.missing(needs, one.enrolled)
        if missing:
            total, held = sum(needs.values()), sum(one.enrolled.values())
            short.append(
                ReserveShortfall(needed=total, enrolled=held, missing=missing, region_id=one.region_id, place=place)
            )
    called = await load_called(session, place)
    return ReserveStats(
        needed=needed.total(),
        enrolled=enrolled.total(),
        missing=sum(one.missing for one in short),
        sources=[
            ReserveCount(needed=needed[code], enrolled=enrolled[code], code=code)
            for code in sorted({*needed, *enrolled})
        ],
        short=sorted(short, key=lambda one: -one.missing),
        **called,
    )


async def reservists_page(
    context: Context, place: Place, source: str | None, asked: PageArguments
) -> Connection[Reservist]:
    """Return a page of who is in reserve in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "reserve", place.code, what="region")
    r = t.reservist
    statement = select(r).where(in_prefix(r.c.region_code, place.code), in_force(r, place.as_of))
    if source is not None:
        statement = statement.where(r.c.source == source)
    mark = fingerprint("reservists", place.id, source, place.as_of)
    page = await paginate(await context.read(), statement, [r.c.region_code, r.c.id], asked, mark)
    return page.connection(lambda row: Reservist.of(row, place.as_of))


async def call_ups_page(
    context: Context,
    place: Place,
    is_over: bool | None,  # noqa: FBT001
    asked: PageArguments,
) -> Connection[CallUp]:
    """Return a page of the call-ups of a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "reserve", place.code, what="region")
    c = t.call_up
    statement = select(c).where(in_prefix(c.c.region_code, place.code))
    if is_over is not None:
        statement = statement.where(c.c.ended_at.is_not(None) if is_over else c.c.ended_at.is_(None))
    mark = fingerprint("call_ups", place.id, is_over)
    page = await paginate(await context.read(), statement, [c.c.region_code, c.c.id], asked, mark)
    return page.connection(CallUp.of)


async def reservist_by_id(context: Context, id_: UUID) -> Reservist | None:
    """Return a place in the reserve, in scope."""
    row = await (await context.read()).row(select(t.reservist).where(t.reservist.c.id == id_))
    return None if row is None else Reservist.of(row, today())


async def call_up_by_id(context: Context, id_: UUID) -> CallUp | None:
    """Return a call-up in scope."""
    row = await (await context.read()).row(select(t.call_up).where(t.call_up.c.id == id_))
    return None if row is None else CallUp.of(row)
