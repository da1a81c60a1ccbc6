"""Activities in the graph: what is held, by whom, who took part, and counts by kind and month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time
from typing import Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.errors import BadRequest
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.access import may
from services.org.domain.activities import Part
from services.org.domain.periods import today
from services.org.graphql import organisations, people, regions, stations, teams
from services.org.graphql.enums import StateOfActivity
from services.org.graphql.links import Info, OrganisationLink, PersonLink, RegionLink, StationLink, TeamLink, uuid_of
from services.org.graphql.lists import Ticket
from services.org.graphql.words import Kind, kind_of
from services.org.storage.activities import Chosen, count_activities, load_activities, load_parts
from services.org.storage.in_force import Place
from services.org.storage.place_tables import activity


@strawberry.federation.type(
    keys=["id"], description="Something held where people live: a round, session, service, exchange. 活动"
)
class Activity:
    """An activity."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    title: str = strawberry.field(description="What it is called. 名称")
    state: StateOfActivity = strawberry.field(description="How it stands with it. 状态")
    on: date = strawberry.field(description="The day on which it is or was held. 日期")
    starts_at: time | None = strawberry.field(description="At what time of that day, where the city is. 开始时间")
    participants: int = strawberry.field(description="How many took part, in person-times. 参加人次")
    result: str | None = strawberry.field(description="What came of it, or why it was called off. 成效")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        names = ("version", "title", "starts_at", "participants", "result")
        return cls(
            id=strawberry.ID(str(row["id"])),
            state=StateOfActivity(row["state"]),
            on=row["on_day"],
            row=row,
            **{name: row[name] for name in names},
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Activity | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "activity")
        return await activity_by_id(info.context, uuid_of(id))

    @strawberry.field(description="Its kind in this practice. 类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "activity", self.row["kind"])

    @strawberry.field(description="Where. 区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_by_id(info.context, self.row["region_id"], today())

    @strawberry.field(description="The organisation that holds it, if in your scope. 主办组织")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the organisation."""
        held_by = self.row["organisation_id"]
        return None if held_by is None else await organisations.organisation_by_id(info.context, held_by, today())

    @strawberry.field(description="The team that holds it, if in your scope. 主办队伍")
    async def team(self, info: Info) -> TeamLink | None:
        """Read the team."""
        held_by = self.row["team_id"]
        return None if held_by is None else await teams.team_by_id(info.context, held_by, today())

    @strawberry.field(description="The station where it is held. 举办阵地")
    async def station(self, info: Info) -> StationLink | None:
        """Read the station."""
        there = self.row["station_id"]
        return None if there is None else await stations.station_by_id(info.context, there, today())

    @strawberry.field(description="The ticket that it is about: joint work of several teams, for example. 议事单")
    def ticket(self) -> Ticket | None:
        """Refer to it."""
        ticket = self.row["ticket_id"]
        return None if ticket is None else Ticket(id=strawberry.ID(str(ticket)))

    @strawberry.field(description="The teams that took part, at most 50; those in your scope. 参加队伍")
    async def teams(self, info: Info) -> list[TeamLink]:
        """Read them."""
        ids = await info.context.loader(load_parts).load((self.row["id"], Part.TEAM.value))
        found = [await teams.team_by_id(info.context, id_, today()) for id_ in ids]
        return [team for team in found if team is not None]

    @strawberry.field(description="The other communities that took part, at most 50. 参加社区")
    async def communities(self, info: Info) -> list[RegionLink]:
        """Read them."""
        ids = await info.context.loader(load_parts).load((self.row["id"], Part.COMMUNITY.value))
        found = [await regions.region_by_id(info.context, id_, today()) for id_ in ids]
        return [region for region in found if region is not None]

    @strawberry.field(description="Who took part, as far as named, at most 500; null unless you are staff. 参加人员")
    async def people(self, info: Info) -> list[PersonLink] | None:
        """Read them."""
        if not may(info.context.caller, "activityPeople", self.row["region_code"]):
            return None
        ids = await info.context.loader(load_parts).load((self.row["id"], Part.PERSON.value))
        found = [await people.person_by_id(info.context, id_, today()) for id_ in ids]
        return [person for person in found if person is not None]


@strawberry.type(description="How many activities there were, of what they count. 活动数量")
class ActivityCounts:
    """Counts."""

    held: int = strawberry.field(description="Held. 已举办")
    planned: int = strawberry.field(description="Planned. 计划中")
    cancelled: int = strawberry.field(description="Called off. 已取消")
    person_times: int = strawberry.field(description="Who took part in those held, in person-times. 参加人次")


@strawberry.type(description="How many activities of a kind there were. 分类活动数量")
class ActivityKindCount(ActivityCounts):
    """Counts of a kind."""

    code: strawberry.Private[str]

    @strawberry.field(description="The kind. 类型")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "activity", self.code)


@strawberry.type(description="How many activities there were in a month. 分月活动数量")
class ActivityMonthCount(ActivityCounts):
    """Counts of a month."""

    month: date = strawberry.field(description="The first day of the month. 月份")


@strawberry.type(description="How many activities there were, by kind and by month. 活动统计")
class ActivityStats(ActivityCounts):
    """Counts over a region."""

    kinds: list[ActivityKindCount] = strawberry.field(
        description="By the practice's kinds, those that there were any of. 分类"
    )
    months: list[ActivityMonthCount] = strawberry.field(
        description="By month, those that there were any in; at most the last 120. 分月"
    )


_COUNTS = {"held": "held", "planned": "planned", "cancelled": "cancelled", "person_times": "persons"}


async def activities_page(context: Context, place: Place, chosen: Chosen, asked: PageArguments) -> Connection[Activity]:
    """Return a page of the activities in a place and below, the latest day first. Raises BadRequest."""
    context.access.admit(context.caller, "activity")
    chosen = _of_day(chosen, place)
    a = activity
    statement = select(a).where(*chosen.conditions(place))
    mark = fingerprint("activity", place.id, chosen.kind, chosen.state, chosen.first, chosen.last, place.as_of)
    order = [a.c.on_day, a.c.id]
    page = await paginate(await context.read(), statement, order, asked, mark, descending=True)
    return page.connection(Activity.of)


_MOST_MONTHS = 120


async def activity_stats_in(context: Context, place: Place, chosen: Chosen) -> ActivityStats:
    """Count the activities in a place and below. Raises BadRequest."""
    context.access.admit(context.caller, "activity")
    rows = await count_activities(await context.read(), place, _of_day(chosen, place))
    kinds: dict[str, list[RowMapping]] = defaultdict(list)
    months: dict[date, list[RowMapping]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row)
        months[row["month"].date()].append(row)
    return ActivityStats(
        **_sum(rows),
        kinds=[ActivityKindCount(**_sum(those), code=kind) for kind, those in sorted(kinds.items())],
        months=[
            ActivityMonthCount(**_sum(those), month=month) for month, those in sorted(months.items())[-_MOST_MONTHS:]
        ],
    )


def _sum(rows: Any) -> dict[str, int]:
    return {name: sum(int(row[column]) for row in rows) for name, column in _COUNTS.items()}


def _of_day(chosen: Chosen, place: Place) -> Chosen:
    """Return what is chosen, nothing later than a past day that is asked about. Raises BadRequest."""
    if chosen.first is not None and chosen.last is not None and chosen.last < chosen.first:
        raise BadRequest(reason="The last day is before the first.")
    if place.as_of >= today():
        return chosen
    last = place.as_of if chosen.last is None else min(chosen.last, place.as_of)
    return Chosen(chosen.kind, chosen.state, chosen.first, last)


async def activity_by_id(context: Context, id_: UUID) -> Activity | None:
    """Return an activity in scope."""
    row = await context.loader(load_activities).load(id_)
    return None if row is None else Activity.of(row)
