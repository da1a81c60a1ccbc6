"""A person's own record in the graph: whole for themself, handed out by staff to who has no account, and erased."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping

from chassis.database import ReadSession
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from chassis.graphql.mutate import perform
from services.org.commands import own_records as commands
from services.org.domain.periods import today
from services.org.graphql import regions
from services.org.graphql.enums import Education, PartyStatus
from services.org.graphql.links import Info, RegionLink, uuid_of
from services.org.graphql.people import Person, person_by_id
from services.org.graphql.problem import Problem
from services.org.storage import own_records as reads
from services.org.storage.reads import load_people

_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.enum(description="As what a person is named. 本人信息类别")
class OwnPartKind(Enum):
    """As `domain.people.OwnPart`, by name."""

    DUTY = strawberry.enum_value("DUTY", description="A duty; its title. 任职")
    TEAM = strawberry.enum_value("TEAM", description="Member of a team; its name. 队伍成员")
    MUSTER = strawberry.enum_value("MUSTER", description="In an emergency group; its code. 应急编组")
    CHECK_IN = strawberry.enum_value("CHECK_IN", description="Checked in; the group, if of one. 报到")
    CONTACT = strawberry.enum_value("CONTACT", description="Looks after a place; the kind. 联系任务")
    RESERVE = strawberry.enum_value("RESERVE", description="In a reserve; the source. 应急后备")
    CALL_UP = strawberry.enum_value("CALL_UP", description="Called up; for what. 调用")
    DISTINCTION = strawberry.enum_value("DISTINCTION", description="A distinction; the kind. 命名")
    WORKER_GRADE = strawberry.enum_value("WORKER_GRADE", description="A grade as worker; the post. 岗位等级")
    WORKER_ASSESSMENT = strawberry.enum_value("WORKER_ASSESSMENT", description="Assessed as worker; the year. 年度考核")
    TRAINING = strawberry.enum_value("TRAINING", description="Attended training; the subject. 培训")
    TALENT = strawberry.enum_value("TALENT", description="In the talent pool; the stage. 后备人才")
    QUALIFICATION = strawberry.enum_value("QUALIFICATION", description="Qualified for a window; the kind. 岗位资格")
    EXPERT = strawberry.enum_value("EXPERT", description="On a panel of experts; the field. 专家")
    ACTIVITY = strawberry.enum_value("ACTIVITY", description="Took part in an activity; its title. 活动")
    NOMINATION = strawberry.enum_value("NOMINATION", description="Nominated for a duty; its title. 推选")
    FILING = strawberry.enum_value("FILING", description="Filed for a duty, or to be; its title. 任职备案")


@strawberry.type(description="Something that names a person. 本人相关记录")
class OwnPart:
    """A part of what is kept."""

    part: OwnPartKind = strawberry.field(description="As what. 类别")
    detail: str = strawberry.field(description="Which one, as the kind says; empty where there is nothing. 内容")
    region_code: str = strawberry.field(description="Where. 区划代码")
    valid_from: date = strawberry.field(description="From which day, or on which. 起始日期")
    valid_to: date | None = strawberry.field(description="First day without, if it ended. 终止日期")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        names = ("detail", "region_code")
        begins, ends = row["begins"], row["ends"]
        part = OwnPartKind[row["part"]]
        return cls(part=part, valid_from=begins, valid_to=ends, **{name: row[name] for name in names})


@strawberry.type(description="Somebody looked at the person's data whole. 查看记录")
class PersonLook:
    """A look."""

    looked_at: datetime = strawberry.field(description="When. 查看时间")
    subject: str = strawberry.field(description="Who. 查看人")
    purpose: str | None = strawberry.field(description="What for, as they said. 查看目的")
    exported: bool = strawberry.field(description="Whether it was handed out to the person. 是否导出")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from a row of the audit record."""
        purpose, exported = row["fields"].get("purpose"), row["kind"] == reads.EXPORTED
        return cls(looked_at=row["at"], subject=row["actor"], purpose=purpose, exported=exported)


@strawberry.type(description="All that is kept of a person, whole. 本人个人信息")
class OwnRecord:
    """A person's record as they see it."""

    id: strawberry.ID = strawberry.field(description="The person. 人员")
    name: str = strawberry.field(description="Full name; empty once erased. 姓名")
    phone: str | None = strawberry.field(description="Telephone number. 电话")
    resident_id: str | None = strawberry.field(description="Resident identity number. 居民身份证号")
    party_status: PartyStatus = strawberry.field(description="Whether a party member. 党员类别")
    birth_year: int | None = strawberry.field(description="Year of birth, kept of who holds posts. 出生年份")
    education: Education | None = strawberry.field(description="Education, kept of who holds posts. 学历")
    erased_on: date | None = strawberry.field(description="The day it was erased. 删除日期")
    row: strawberry.Private[RowMapping]
    own: strawberry.Private[bool]

    @classmethod
    def of(cls, row: RowMapping, context: Context, *, own: bool) -> Self:
        """Make it from a person's row; with `own` it is the caller's, and read wherever it lies."""
        phone, number, education = row["phone"], row["resident_id"], row["education"]
        return cls(
            id=strawberry.ID(str(row["id"])),
            name=row["name"],
            phone=None if phone is None else context.cipher.decrypt(phone),
            resident_id=None if number is None else context.cipher.decrypt(number),
            party_status=PartyStatus[row["party_status"]],
            birth_year=row["birth_year"],
            education=None if education is None else Education[education],
            erased_on=row["erased_on"],
            row=row,
            own=own,
        )

    @strawberry.field(description="Where they are registered; null where the caller does not see it. 登记区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_by_id(info.context, self.row["region_id"], today())

    @strawberry.field(description="What they held and took part in, the latest first. 相关记录")
    async def parts(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[OwnPart]:
        """Read a page of it."""
        statement, asked = reads.parts_of(self.row["id"]), PageArguments(first, after, last, before)
        order = [statement.selected_columns[name] for name in ("begins", "part", "detail", "id")]
        mark = fingerprint("OwnRecord.parts", self.row["id"])
        page = await paginate(await self._session(info.context), statement, order, asked, mark, descending=True)
        return page.connection(OwnPart.of)

    @strawberry.field(description="Who looked at their data whole, the last first. 查看记录")
    async def looks(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PersonLook]:
        """Read a page of them."""
        statement, asked = reads.looks_at(self.row["id"]), PageArguments(first, after, last, before)
        order = [statement.selected_columns[name] for name in ("at", "id")]
        mark = fingerprint("OwnRecord.looks", self.row["id"])
        page = await paginate(await self._session(info.context), statement, order, asked, mark, descending=True)
        return page.connection(PersonLook.of)

    async def _session(self, context: Context) -> ReadSession:
        return await (context.read_public() if self.own else context.read())


async def my_record(context: Context) -> OwnRecord | None:
    """Return what org keeps of the caller, wherever it lies; None for who is no person of org."""
    try:
        person_id = UUID(str(context.caller.subject))
    except ValueError:
        return None
    (row,) = await load_people(await context.read_public(), [person_id])
    return None if row is None else OwnRecord.of(row, context, own=True)


@strawberry.input(description="Whose data are handed out to them. 个人信息查阅复制")
class ExportPersonInput:
    """Input of exportPerson."""

    id: strawberry.ID = strawberry.field(description="The person. 人员")
    purpose: str = strawberry.field(description="What for; it is recorded with your name. 目的")


@strawberry.input(description="Whose data are erased, as they asked. 个人信息删除")
class ErasePersonInput:
    """Input of erasePerson."""

    id: strawberry.ID = strawberry.field(description="The person. 人员")
    expected_version: int = strawberry.field(description="The version you read. 版本")


@strawberry.type(description="All that is kept of a person, for them. 个人信息查阅复制结果")
class ExportPersonPayload:
    """Payload of exportPerson."""

    record: OwnRecord | None = strawberry.field(description="What is kept in your reach; null when refused. 个人信息")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class ErasePersonPayload:
    """Payload of erasePerson."""

    person: Person | None = strawberry.field(description="The person, without a name now; null when refused. 人员")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class OwnRecordMutations:
    """The mutations."""

    @strawberry.mutation(description="Hand out to a person all that is kept of them; it is recorded. 个人信息查阅复制")
    async def export_person(self, info: Info, input: ExportPersonInput) -> ExportPersonPayload:  # noqa: A002
        """Record it, then hand out."""
        asked = commands.ExportPerson(uuid_of(input.id), input.purpose)
        outcome = await perform(info, "exportPerson", commands.export_person, asked)
        row = await info.context.loader(load_people).load(outcome.id) if outcome.id else None
        record = None if row is None else OwnRecord.of(row, info.context, own=False)
        return ExportPersonPayload(record=record, problems=outcome.problems)

    @strawberry.mutation(
        description="Erase what identifies a person, as they asked, once they hold nothing any more. 个人信息删除"
    )
    async def erase_person(self, info: Info, input: ErasePersonInput) -> ErasePersonPayload:  # noqa: A002
        """Erase."""
        asked = commands.ErasePerson(uuid_of(input.id), input.expected_version)
        outcome = await perform(info, "erasePerson", commands.erase_person, asked)
        found = await person_by_id(info.context, outcome.id, today()) if outcome.id else None
        return ErasePersonPayload(person=found, problems=outcome.problems)
