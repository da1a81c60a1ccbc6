"""The requester's own data in the graph: what is kept, what for, until when, who looked; and its erasing."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any, Self

import strawberry

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from chassis.graphql.mutate import perform
from services.tickets.commands import personal_data as commands
from services.tickets.domain import personal_data as domain
from services.tickets.domain.process import Process
from services.tickets.graphql.links import Info, Person, by_process, processes_of, uuid_of
from services.tickets.graphql.personal_rule import PersonalDataRule
from services.tickets.graphql.problem import Problem
from services.tickets.graphql.timeline import person_of
from services.tickets.storage import personal_data as stored
from services.tickets.storage import reads


@strawberry.enum(description="What was looked at. 查看内容")
class PersonalDataLookKind(Enum):
    """As the audit record tells it."""

    REQUESTER = strawberry.enum_value("REQUESTER", description="Name and telephone number. 姓名和电话")
    FILE = strawberry.enum_value("FILE", description="A file of the ticket. 附件")


@strawberry.type(description="Somebody looked at personal data. 查看记录")
class PersonalDataLook:
    """A look."""

    at: datetime = strawberry.field(description="When. 时间")
    kind: PersonalDataLookKind = strawberry.field(description="At what. 查看内容")
    purpose: str | None = strawberry.field(description="What for, as they said. 用途")
    by: Person | None = strawberry.field(description="Who, if in duty. 查看人")
    is_mine: bool = strawberry.field(description="Whether it was the caller. 是否本人")

    @classmethod
    def of(cls, row: Any, context: Context) -> Self:
        """Make it from a row of the audit record."""
        kind = PersonalDataLookKind.REQUESTER if row["kind"] == stored.REVEALED else PersonalDataLookKind.FILE
        return cls(
            at=row["at"],
            kind=kind,
            purpose=row["fields"].get("purpose"),
            by=person_of(row["actor"], ""),
            is_mine=row["actor"] == str(context.caller.subject),
        )


@strawberry.type(description="What one of the caller's tickets has of them, unmasked. 本人个人信息")
class PersonalDataOfTicket:
    """What is kept."""

    ticket_id: strawberry.ID = strawberry.field(description="The ticket. 单据")
    number: str = strawberry.field(description="Its number. 单号")
    region_code: str = strawberry.field(description="What it is about. 区划代码")
    raised_at: datetime = strawberry.field(description="When it was raised. 提单时间")
    name: str | None = strawberry.field(description="Name. 姓名")
    phone: str | None = strawberry.field(description="Telephone number. 电话")
    title: str = strawberry.field(description="What it is about, in short. 标题")
    description: str = strawberry.field(description="What they wrote. 内容")
    rule: PersonalDataRule = strawberry.field(description="What it is for, and how long it is kept. 处理规则")
    kept_until: date | None = strawberry.field(
        description="First day on which it is erased by itself; null as long as the matter is under way. 保存至"
    )
    erased_at: datetime | None = strawberry.field(description="When it was erased. 删除时间")
    row: strawberry.Private[Any]

    @classmethod
    def of(cls, row: Any, process: Process, context: Context) -> Self:
        """Make it from the ticket's row."""
        decrypt = context.cipher.decrypt
        return cls(
            ticket_id=strawberry.ID(str(row["id"])),
            **{name: row[name] for name in ("number", "region_code", "raised_at", "title", "description")},
            name=None if row["requester_name"] is None else decrypt(row["requester_name"]),
            phone=None if row["requester_phone"] is None else decrypt(row["requester_phone"]),
            rule=PersonalDataRule.of(process, context),
            kept_until=None if row["erased_at"] else domain.kept_until(process.personal_data, row["ended_at"]),
            erased_at=row["erased_at"],
            row=row,
        )

    @strawberry.field(description="Who looked at it, the first look first. 查看记录")
    async def looks(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PersonalDataLook]:
        """Read a page of the audit record."""
        statement, asked = stored.looks_at(self.row["id"]), PageArguments(first, after, last, before)
        order = [statement.selected_columns[name] for name in ("at", "id")]
        mark = fingerprint("PersonalDataOfTicket.looks", self.row["id"])
        page = await paginate(await info.context.read(), statement, order, asked, mark)
        return page.connection(lambda row: PersonalDataLook.of(row, info.context))


async def my_personal_data(context: Context, asked: PageArguments) -> Connection[PersonalDataOfTicket]:
    """Return a page of what is kept of the caller, the newest first."""
    context.access.admit(context.caller, "myPersonalData")
    subject, session = str(context.caller.subject), await context.read()
    mark = fingerprint("myPersonalData", subject)
    page = await paginate(session, stored.own_tickets(subject), reads.ORDER, asked, mark, descending=True)
    processes = processes_of(context)
    wanted = {(row["process"], row["process_version"]) for row in page.rows}
    known = {key: await processes.get(session, *key) for key in wanted}
    return page.connection(
        lambda row: PersonalDataOfTicket.of(row, known[row["process"], row["process_version"]], context)
    )


@strawberry.input(description="Personal data to erase. 删除个人信息")
class ErasePersonalDataInput:
    """Input of erasePersonalData."""

    ticket_id: strawberry.ID = strawberry.field(description="The ticket whose requester's data is to go. 单据")


@strawberry.type(description="What became of it. 结果")
class ErasePersonalDataPayload:
    """Payload of erasePersonalData."""

    ticket_id: strawberry.ID | None = strawberry.field(description="The ticket; null when refused. 单据")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class PersonalDataMutations:
    """The mutation."""

    @strawberry.mutation(
        description="Erase what a ticket that has ended has of its requester: name, number, words, files, and what "
        "they said in objections, sessions and reports about it. 删除个人信息"
    )
    async def erase_personal_data(self, info: Info, input: ErasePersonalDataInput) -> ErasePersonalDataPayload:  # noqa: A002
        """Erase."""
        asked = commands.ErasePersonalData(uuid_of(input.ticket_id))
        outcome = await perform(info, "erasePersonalData", by_process(info, commands.erase_personal_data), asked)
        id_ = None if outcome.id is None else strawberry.ID(str(outcome.id))
        return ErasePersonalDataPayload(ticket_id=id_, problems=outcome.problems)
