"""The talent pool (后备人才库) and what workers are qualified for (全岗通) in the graph."""

from __future__ import annotations

from datetime import date
from enum import Enum
from uuid import UUID

import strawberry
from sqlalchemy import select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.measures import rounded
from services.org.domain.periods import today
from services.org.graphql import duties, people
from services.org.graphql.links import DutyLink, Info, PersonLink
from services.org.graphql.registered import Registered
from services.org.graphql.words import Kind, kind_of
from services.org.storage.in_force import Place, in_force
from services.org.storage.prefixes import in_prefix
from services.org.storage.training import count_qualified, count_talents
from services.org.storage.training_tables import qualification, talent


@strawberry.enum(description="How a stage in the talent pool ended. 出库结果")
class TalentOutcome(Enum):
    """As `domain.talents.TalentOutcome`, by name."""

    ADVANCED = strawberry.enum_value("ADVANCED", description="Went on to another stage or mentor. 进阶")
    APPOINTED = strawberry.enum_value("APPOINTED", description="Appointed to a duty. 任用")
    LEFT = strawberry.enum_value("LEFT", description="Left for another reason. 退出")


@strawberry.type(description="A person's stage in the talent pool. 后备人才")
class Talent(Registered):
    """A stage."""

    @strawberry.field(description="Who. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The stage. 培养阶段")
    async def stage(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "talent", self.row["stage"])

    @strawberry.field(description="Who guides them; null for nobody, or out of your scope. 导师")
    async def mentor(self, info: Info) -> PersonLink | None:
        """Read the person."""
        mentor = self.row["mentor_id"]
        return None if mentor is None else await people.person_by_id(info.context, mentor, self.day)

    @strawberry.field(description="First day after the stage, as planned. 计划结束日期")
    def planned_to(self) -> date | None:
        """Read it off the row."""
        day: date | None = self.row["planned_to"]
        return day

    @strawberry.field(description="How it ended; null while it goes on. 出库结果")
    def outcome(self) -> TalentOutcome | None:
        """Read it off the row."""
        return TalentOutcome(self.row["outcome"]) if self.row["outcome"] else None

    @strawberry.field(description="The duty that they were appointed to. 任用职务")
    async def duty(self, info: Info) -> DutyLink | None:
        """Read the duty."""
        duty = self.row["duty_id"]
        return None if duty is None else await duties.duty_by_id(info.context, duty, self.day)

    @strawberry.field(description="Why they left. 退出原因")
    def reason(self) -> str | None:
        """Read it off the row."""
        reason: str | None = self.row["reason"]
        return reason


@strawberry.type(description="How many are in a stage. 阶段统计")
class TalentStageCount:
    """A count."""

    people: int = strawberry.field(description="How many. 人数")
    mentored: int = strawberry.field(description="Of these, with a mentor. 有导师人数")
    code: strawberry.Private[str]

    @strawberry.field(description="The stage. 培养阶段")
    async def stage(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "talent", self.code)


@strawberry.type(description="The talent pool of a place. 后备人才库统计")
class TalentStats:
    """Counts over a region."""

    in_pool: int = strawberry.field(description="People in the pool on the day asked about. 在库人数")
    stages: list[TalentStageCount] = strawberry.field(description="By the practice's stages. 分阶段")
    advanced: int = strawberry.field(description="Stages that went on to another in the period. 进阶人次")
    appointed: int = strawberry.field(description="Appointed to a duty in the period. 任用人数")
    left: int = strawberry.field(description="Left for another reason in the period. 退出人数")


@strawberry.type(description="What a worker is qualified for. 岗位资格")
class Qualification(Registered):
    """A qualification."""

    @strawberry.field(description="Who. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The post or window. 岗位或窗口")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "window", self.row["kind"])


@strawberry.type(description="How many are qualified for a post or window. 岗位资格统计")
class QualificationCount:
    """A count."""

    workers: int = strawberry.field(description="How many. 人数")
    code: strawberry.Private[str]

    @strawberry.field(description="The post or window. 岗位或窗口")
    async def kind(self, info: Info) -> Kind:
        """Read the kind."""
        return await kind_of(info.context, "window", self.code)


@strawberry.type(description="How many holders of a title can do every post of a service hall. 全岗通")
class AllRoundStats:
    """Counts over a region."""

    workers: int = strawberry.field(description="People who hold the title. 人数")
    all_round: int = strawberry.field(description="Of these, qualified for every post of the practice. 全岗通人数")
    all_round_percent: float | None = strawberry.field(description="Their share in per cent. 全岗通占比")
    kinds: list[QualificationCount] = strawberry.field(description="By the practice's posts. 分岗位")


async def talents_page(context: Context, place: Place, stage: str | None, asked: PageArguments) -> Connection[Talent]:
    """Return a page of who is in the pool of a place; for those who keep it. Raises Forbidden."""
    context.access.permit(context.caller, "talents", place.code, what="region")
    statement = select(talent).where(in_prefix(talent.c.region_code, place.code), in_force(talent, place.as_of))
    if stage is not None:
        statement = statement.where(talent.c.stage == stage)
    mark = fingerprint("talents", place.id, stage, place.as_of)
    page = await paginate(await context.read(), statement, [talent.c.region_code, talent.c.id], asked, mark)
    return page.connection(lambda row: Talent.of(row, place.as_of))


async def talent_stats_in(context: Context, place: Place, first: date, last: date) -> TalentStats:
    """Count the pool of a place, and how stages ended in a period; for those who keep it. Raises Forbidden."""
    context.access.permit(context.caller, "talents", place.code, what="region")
    stages, outcomes = await count_talents(await context.read(), place, first, last)
    return TalentStats(
        in_pool=sum(row["people"] for row in stages),
        stages=[TalentStageCount(people=row["people"], mentored=row["mentored"], code=row["stage"]) for row in stages],
        **{name: outcomes[name] for name in ("advanced", "appointed", "left")},
    )


async def qualifications_page(
    context: Context, place: Place, kind: str | None, asked: PageArguments
) -> Connection[Qualification]:
    """Return a page of who is qualified for what in a place; for staff of it. Raises Forbidden."""
    context.access.permit(context.caller, "training", place.code, what="region")
    q = qualification
    statement = select(q).where(in_prefix(q.c.region_code, place.code), in_force(q, place.as_of))
    if kind is not None:
        statement = statement.where(q.c.kind == kind)
    mark = fingerprint("qualifications", place.id, kind, place.as_of)
    page = await paginate(await context.read(), statement, [q.c.region_code, q.c.id], asked, mark)
    return page.connection(lambda row: Qualification.of(row, place.as_of))


async def all_round_stats_in(context: Context, place: Place, title: str) -> AllRoundStats:
    """Count who is qualified for what among the holders of a title; for staff of the place. Raises Forbidden."""
    context.access.permit(context.caller, "training", place.code, what="region")
    workers, all_round, windows = await count_qualified(await context.read(), place, title)
    return AllRoundStats(
        workers=workers,
        all_round=all_round,
        all_round_percent=rounded(all_round * 100, workers, 2),
        kinds=[QualificationCount(workers=count, code=code) for code, count in windows.items()],
    )


async def talent_by_id(context: Context, id_: UUID) -> Talent | None:
    """Return a stage in scope."""
    row = await (await context.read()).row(select(talent).where(talent.c.id == id_))
    return None if row is None else Talent.of(row, today())


async def qualification_by_id(context: Context, id_: UUID) -> Qualification | None:
    """Return a qualification in scope."""
    row = await (await context.read()).row(select(qualification).where(qualification.c.id == id_))
    return None if row is None else Qualification.of(row, today())
