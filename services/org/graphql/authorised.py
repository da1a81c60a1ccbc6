"""Authorised matters in the graph: what departments handed to subdistricts, training, reviews, taken back."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import strawberry
from sqlalchemy import select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import organisations
from services.org.graphql.enums import MatterVerdict
from services.org.graphql.links import MOST_LISTED, Info, OrganisationLink
from services.org.graphql.registered import Registered, register_row
from services.org.storage.authorised import count_matters, load_reviews
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.place_tables import authorised_matter


@strawberry.type(description="How an authorised matter was found to work. 赋权评估")
class MatterReview:
    """A review."""

    on: date = strawberry.field(description="The day. 日期")
    verdict: MatterVerdict = strawberry.field(description="Whether it works. 评估结果")
    remark: str | None = strawberry.field(description="What is to be said of it. 说明")


@strawberry.type(description="A matter that a department handed to a subdistrict. 赋权事项")
class AuthorisedMatter(Registered):
    """A matter."""

    @strawberry.field(description="What it is. 事项名称")
    def title(self) -> str:
        """Read it off the row."""
        title: str = self.row["title"]
        return title

    @strawberry.field(description="Which department handed it down, if in your scope. 赋权部门")
    async def department(self, info: Info) -> OrganisationLink | None:
        """Read the department."""
        held_by = self.row["department_id"]
        return None if held_by is None else await organisations.organisation_by_id(info.context, held_by, self.day)

    @strawberry.field(description="When the training was done; null while it is not. 培训日期")
    def trained_on(self) -> date | None:
        """Read it off the row, unless it came later."""
        on: date | None = self.row["trained_on"]
        return on if on is not None and on <= self.day else None

    @strawberry.field(description="How many people were trained. 培训人数")
    def trained_people(self) -> int:
        """Read it off the row, unless it came later."""
        on: date | None = self.row["trained_on"]
        people: int = self.row["trained_people"] if on is not None and on <= self.day else 0
        return people

    @strawberry.field(description="How it was found to work, the first review first; at most the last 100. 评估记录")
    async def reviews(self, info: Info) -> list[MatterReview]:
        """Read them."""
        rows = await info.context.loader(load_reviews).load(self.row["id"])
        return [
            MatterReview(on=row["on_day"], verdict=MatterVerdict(row["verdict"]), remark=row["remark"])
            for row in rows
            if row["on_day"] <= self.day
        ][-MOST_LISTED:]

    @strawberry.field(description="Why it was taken back; null when it was not. 收回原因")
    def reason(self) -> str | None:
        """Read it off the row."""
        reason: str | None = self.row["reason"]
        return reason


@strawberry.type(description="How the matters that were handed to subdistricts stand. 赋权事项统计")
class AuthorisedMatterStats:
    """Counts; one matter that was handed to two subdistricts counts twice, except in `matters`."""

    handed: int = strawberry.field(description="Handed to a subdistrict, and in force. 已赋权")
    matters: int = strawberry.field(description="Different matters among them. 事项数")
    departments: int = strawberry.field(description="Departments that they come from. 涉及部门")
    subdistricts: int = strawberry.field(description="Subdistricts that have any. 涉及街道")
    trained: int = strawberry.field(description="With the training done. 已培训")
    reviewed: int = strawberry.field(description="Reviewed. 已评估")
    works: int = strawberry.field(description="That work, by their last review. 运行良好")
    partly: int = strawberry.field(description="That work in part, by their last review. 部分运行")
    fails: int = strawberry.field(description="That do not work, by their last review. 未能运行")
    taken_back: int = strawberry.field(description="Taken back. 已收回")


async def matters_page(
    context: Context, place: Place, department: UUID | None, asked: PageArguments
) -> Connection[AuthorisedMatter]:
    """Return a page of the matters that are in force in a place and below, by subdistrict."""
    context.access.admit(context.caller, "authorisedMatter")
    m = authorised_matter
    statement = select(m).where(within(m.c.region_id, m.c.region_code, place, direct=False), in_force(m, place.as_of))
    if department is not None:
        statement = statement.where(m.c.department_id == department)
    mark = fingerprint("authorised_matter", place.id, department, place.as_of)
    page = await paginate(await context.read(), statement, [m.c.region_code, m.c.id], asked, mark)
    return page.connection(lambda row: AuthorisedMatter.of(row, place.as_of))


async def matter_stats_in(context: Context, place: Place) -> AuthorisedMatterStats:
    """Count the matters of a place and below."""
    context.access.admit(context.caller, "authorisedMatter")
    row = await count_matters(await context.read(), place)
    return AuthorisedMatterStats(**dict(row))


async def matter_by_id(context: Context, id_: UUID) -> AuthorisedMatter | None:
    """Return a matter in scope."""
    row = await register_row(context, authorised_matter, id_)
    return None if row is None else AuthorisedMatter.of(row, today())
