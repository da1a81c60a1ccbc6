"""The root queries."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast

import strawberry
from sqlalchemy import select

from chassis.errors import BadRequest, NotFound
from chassis.graphql.context import Context
from chassis.graphql.events import PublishedEventConnection, events_field
from services.org.domain.codes import level_of, normalised
from services.org.domain.levels import Level
from services.org.domain.periods import today
from services.org.domain.regions import resolve
from services.org.graphql import allocations, assessments, circles, grade_scheme, guides, partners
from services.org.graphql.activities import Activity, activity_by_id
from services.org.graphql.duties import Duty, duty_by_id
from services.org.graphql.enums import KindCategory
from services.org.graphql.grades import WorkerGrade, own_grades
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.organisations import Organisation, organisation_by_id
from services.org.graphql.own_records import OwnRecord, my_record
from services.org.graphql.people import Person, person_by_id
from services.org.graphql.reach import ReachableStation, reachable
from services.org.graphql.regions import City, Community, District, Grid, Region, Subdistrict, region_by_id
from services.org.graphql.services import ReachableItem, reachable_items
from services.org.graphql.stations import Station, station_by_id
from services.org.graphql.teams import Team, team_by_id
from services.org.graphql.words import CommunityType, DutyTitle, Kind, MusterGroup
from services.org.storage import tables as t
from services.org.storage.regions import holders_of

_EARLIEST, _LATEST = date(1900, 1, 1), date(2999, 12, 31)


def _day(as_of: date | None) -> date:
    """Return the day to read; today when none is given. Raises BadRequest for one that is surely a mistake."""
    if as_of is not None and not _EARLIEST <= as_of <= _LATEST:
        raise BadRequest(reason=f"asOf must lie between {_EARLIEST} and {_LATEST}.")
    return as_of or today()


async def _region(context: Context, code: str, as_of: date | None, level: Level | None = None) -> Region:
    """Return the region that a code means on a day; with `as_of` given it must have existed then.

    Raises BadRequest for a malformed code or one of another level, NotFound.
    """
    context.access.admit(context.caller, "region")
    code = normalised(code.strip())
    found = level_of(code)
    if found is None or (level is not None and found is not level):
        wanted = f"a code of {level.code_length} digits" if level else "a region code"
        raise BadRequest(reason=f"{code[:40]!r} is not {wanted}.")
    day = _day(as_of)
    region_id = resolve(await holders_of(await context.read(), code), day)
    region = None if region_id is None else await region_by_id(context, region_id, day)
    existed = region is not None and region.valid_from <= day and region.place.exists
    if region is None or (as_of is not None and not existed):
        raise NotFound(what=f"region {code}")
    return region


AsOf = Annotated[
    date | None, strawberry.argument(description="Everything below is of this day; today when left out. 截至日期")
]
Code = Annotated[str, strawberry.argument(description="Its code, or one it had before. 区划代码")]


@strawberry.type(description="What can be asked. 查询")
class Query:
    """What org answers at the root."""

    org_events: PublishedEventConnection = events_field("org")

    @strawberry.field(description="A region of any level. 区划")
    async def region(self, info: Info, code: Code, as_of: AsOf = None) -> Region | None:
        """Read it."""
        return await _region(info.context, code, as_of)

    @strawberry.field(description="A city. 市")
    async def city(self, info: Info, code: Code, as_of: AsOf = None) -> City | None:
        """Read it."""
        return cast("City", await _region(info.context, code, as_of, Level.CITY))

    @strawberry.field(description="A district. 区县")
    async def district(self, info: Info, code: Code, as_of: AsOf = None) -> District | None:
        """Read it."""
        return cast("District", await _region(info.context, code, as_of, Level.DISTRICT))

    @strawberry.field(description="A subdistrict. 街道(镇)")
    async def subdistrict(self, info: Info, code: Code, as_of: AsOf = None) -> Subdistrict | None:
        """Read it."""
        return cast("Subdistrict", await _region(info.context, code, as_of, Level.SUBDISTRICT))

    @strawberry.field(description="A community. 社区")
    async def community(self, info: Info, code: Code, as_of: AsOf = None) -> Community | None:
        """Read it."""
        return cast("Community", await _region(info.context, code, as_of, Level.COMMUNITY))

    @strawberry.field(description="A grid. 网格")
    async def grid(self, info: Info, code: Code, as_of: AsOf = None) -> Grid | None:
        """Read it."""
        return cast("Grid", await _region(info.context, code, as_of, Level.GRID))

    @strawberry.field(description="An organisation. 组织")
    async def organisation(self, info: Info, id: strawberry.ID, as_of: AsOf = None) -> Organisation | None:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "organisation")
        found = await organisation_by_id(info.context, uuid_of(id), _day(as_of))
        if found is None:
            raise NotFound(what="organisation")
        return found

    @strawberry.field(description="A person. 人员")
    async def person(self, info: Info, id: strawberry.ID, as_of: AsOf = None) -> Person | None:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "person")
        found = await person_by_id(info.context, uuid_of(id), _day(as_of))
        if found is None:
            raise NotFound(what="person")
        return found

    @strawberry.field(description="A duty. 任职")
    async def duty(self, info: Info, id: strawberry.ID, as_of: AsOf = None) -> Duty | None:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "duty")
        found = await duty_by_id(info.context, uuid_of(id), _day(as_of))
        if found is None:
            raise NotFound(what="duty")
        return found

    @strawberry.field(description="A team. 队伍")
    async def team(self, info: Info, id: strawberry.ID, as_of: AsOf = None) -> Team | None:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "team")
        found = await team_by_id(info.context, uuid_of(id), _day(as_of))
        if found is None:
            raise NotFound(what="team")
        return found

    @strawberry.field(description="A station. 阵地")
    async def station(self, info: Info, id: strawberry.ID, as_of: AsOf = None) -> Station | None:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "station")
        found = await station_by_id(info.context, uuid_of(id), _day(as_of))
        if found is None:
            raise NotFound(what="station")
        return found

    @strawberry.field(description="An activity. 活动")
    async def activity(self, info: Info, id: strawberry.ID) -> Activity | None:  # noqa: A002
        """Read it. Raises NotFound."""
        info.context.access.admit(info.context.caller, "activity")
        found = await activity_by_id(info.context, uuid_of(id))
        if found is None:
            raise NotFound(what="activity")
        return found

    @strawberry.field(
        description="Stations within walking time of a point, the nearest first; at most 200. The way is the straight "
        "line times 1.3, at 4.8 km an hour. 步行可达阵地"
    )
    async def reachable_stations(
        self,
        info: Info,
        latitude: float,
        longitude: float,
        minutes: int = 15,
        kind: str | None = None,
        as_of: AsOf = None,
    ) -> list[ReachableStation]:
        """Find them by index."""
        return await reachable(info.context, latitude, longitude, minutes, kind, _day(as_of))

    @strawberry.field(
        description="Items of service that are handled at stations within walking time of a point, by title, each with "
        "the nearest; at most 200. 步行可办理事项"
    )
    async def reachable_service_items(
        self, info: Info, latitude: float, longitude: float, minutes: int = 15, as_of: AsOf = None
    ) -> list[ReachableItem]:
        """Join the stations within reach with the catalogue."""
        return await reachable_items(info.context, latitude, longitude, minutes, _day(as_of))

    @strawberry.field(description="The duty titles of this practice. 职务目录")
    async def duty_titles(self, info: Info) -> list[DutyTitle]:
        """Read them all: a practice has a few dozen."""
        info.context.access.admit(info.context.caller, "words")
        rows = await (await info.context.read()).rows(select(t.duty_title).order_by(t.duty_title.c.code))
        return [DutyTitle.of(row, info.context) for row in rows]

    @strawberry.field(description="The practice's office and groups of an emergency (一办七组). 应急编组目录")
    async def muster_groups(self, info: Info) -> list[MusterGroup]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        groups = select(t.muster_group).order_by(t.muster_group.c.position, t.muster_group.c.code)
        return [MusterGroup.of(row, info.context) for row in await (await info.context.read()).rows(groups)]

    @strawberry.field(description="The types of communities of this practice. 社区类型目录")
    async def community_types(self, info: Info) -> list[CommunityType]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        types = select(t.community_type).order_by(t.community_type.c.position, t.community_type.c.code)
        return [CommunityType.of(row, info.context) for row in await (await info.context.read()).rows(types)]

    @strawberry.field(description="What organisations are assessed by in this practice (六力). 评估能力项目录")
    async def capacities(self, info: Info) -> list[assessments.Capacity]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        return await assessments.capacities(info.context)

    @strawberry.field(description="The practice's levels of assessments, the best first. 评估等次目录")
    async def assessment_levels(self, info: Info) -> list[assessments.AssessmentLevel]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        return await assessments.levels(info.context)

    @strawberry.field(
        description="What communities of each of the practice's types are given in a year. 差异化配置规则"
    )
    async def allocation_rules(self, info: Info) -> list[allocations.AllocationRule]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        return await allocations.rules(info.context)

    @strawberry.field(
        description="Your own posts and grades as a community worker, the latest first, at most 100, with "
        "assessments and the next step; empty when you have none. 我的岗级"
    )
    async def my_worker_grades(self, info: Info) -> list[WorkerGrade]:
        """Read them."""
        info.context.access.admit(info.context.caller, "words")
        return await own_grades(info.context)

    @strawberry.field(
        description="All that is kept of you as a person of org, whole, with who looked at it; null when there is "
        "nothing. 我的个人信息"
    )
    async def my_record(self, info: Info) -> OwnRecord | None:
        """Read it."""
        info.context.access.admit(info.context.caller, "words")
        return await my_record(info.context)

    @strawberry.field(description="Posts and grades of community workers, and the rule of stepping up. 三岗十八级")
    async def grade_scheme(self, info: Info) -> grade_scheme.GradeScheme:
        """Read it whole."""
        info.context.access.admit(info.context.caller, "words")
        return await grade_scheme.scheme(info.context)

    @strawberry.field(
        description="Duty guides, of a title or kind of team if given: all versions, the latest first, or the one of a "
        "day; at most 1,000. 职责指南"
    )
    async def duty_guides(
        self, info: Info, title: str | None = None, team_kind: str | None = None, as_of: date | None = None
    ) -> list[guides.DutyGuide]:
        """Read them."""
        info.context.access.admit(info.context.caller, "words")
        return await guides.guides(info.context, title, team_kind, as_of)

    @strawberry.field(description="The kinds of organisations, teams or stations of this practice. 类型目录")
    async def kinds(self, info: Info, category: KindCategory) -> list[Kind]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        kinds = select(t.kind).where(t.kind.c.category == category.value).order_by(t.kind.c.code)
        return [Kind.of(row, info.context) for row in await (await info.context.read()).rows(kinds)]

    @strawberry.field(description="The practice's service circles, in its order. 服务圈目录")
    async def service_circles(self, info: Info) -> list[circles.ServiceCircle]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        return await circles.circles(info.context)

    @strawberry.field(
        description="How many problems of a compound paired units help to settle in a year, by the practice's rules. "
        "结对要求"
    )
    async def pairing_rules(self, info: Info) -> list[partners.PairingRule]:
        """Read them all."""
        info.context.access.admit(info.context.caller, "words")
        return await partners.pairing_rules(info.context)
