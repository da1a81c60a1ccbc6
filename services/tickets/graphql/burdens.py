"""Reported burdens in the graph: who reported one is shown to nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

import strawberry
from sqlalchemy import RowMapping, or_, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.tickets.access import SEES_BURDENS
from services.tickets.commands import burdens as commands
from services.tickets.graphql.admission import AdmissionItem, admission_item_by_id
from services.tickets.graphql.links import (
    Info,
    Organisation,
    RegionLink,
    TicketLink,
    by_process,
    code_of,
    region_of,
    seen_by,
    uuid_of,
)
from services.tickets.graphql.problem import Problem
from services.tickets.storage import tables as t
from services.tickets.storage.prefixes import in_prefix

_KEY = "The same key does it once. 幂等键"
_REFUSED = "Why it was refused; empty when done. 问题"


@strawberry.type(description="A burden that somebody in duty in a community reported. 减负举报")
class Burden:
    """A report; it does not say who made it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    description: str = strawberry.field(description="What burdens the community. 情况说明")
    reported_at: datetime = strawberry.field(description="When it was reported. 举报时间")
    is_mine: bool = strawberry.field(description="Whether the caller reported it. 是否本人举报")
    answer: str | None = strawberry.field(description="What became of it. 答复")
    answered_at: datetime | None = strawberry.field(description="When it was answered. 答复时间")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        plain = {name: row[name] for name in ("description", "reported_at", "answer", "answered_at")}
        mine = row["reported_by"] == str(context.caller.subject)
        return cls(id=strawberry.ID(str(row["id"])), is_mine=mine, row=row, **plain)

    @strawberry.field(description="The community or grid. 社区或网格")
    def region(self) -> RegionLink:
        """Refer to it."""
        return region_of(self.row["region_id"])

    @strawberry.field(description="The ticket by which it came, if the caller sees it. 交办单据")
    async def ticket(self, info: Info) -> TicketLink | None:
        """Read it."""
        from services.tickets.graphql import tickets  # noqa: PLC0415 (regions, which this is part of, refer to it)

        if self.row["ticket_id"] is None:
            return None
        return await tickets.ticket_by_id(info.context, self.row["ticket_id"], await seen_by(info.context, "ticket"))

    @strawberry.field(description="The organisation that pushed that ticket down. 交办单位")
    def organisation(self) -> Organisation | None:
        """Refer to it."""
        id_ = self.row["organisation_id"]
        return None if id_ is None else Organisation(id=strawberry.ID(str(id_)))

    @strawberry.field(description="The item of entry control that speaks of it. 清单事项")
    async def item(self, info: Info) -> AdmissionItem | None:
        """Read it."""
        return await self._item(info, "item_id")

    @strawberry.field(description="The hotline by which it was reported. 举报电话")
    async def hotline(self, info: Info) -> AdmissionItem | None:
        """Read it."""
        return await self._item(info, "hotline_id")

    async def _item(self, info: Info, name: str) -> AdmissionItem | None:
        id_ = self.row[name]
        return None if id_ is None else await admission_item_by_id(info.context, id_)


@strawberry.input(description="A burden to report. 减负举报")
class ReportBurdenInput:
    """Input of reportBurden."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="The community, or the grid in it. 社区或网格区划代码")
    description: str = strawberry.field(description="What burdens it, in at most 2,000 characters. 情况说明")
    ticket_id: strawberry.ID | None = strawberry.field(description="The ticket by which it came. 单据", default=None)
    item_id: strawberry.ID | None = strawberry.field(description="The item that speaks of it. 清单事项", default=None)
    hotline_id: strawberry.ID | None = strawberry.field(description="By which hotline. 举报电话", default=None)

    def asked(self) -> commands.ReportBurden:
        """Return what the command takes."""
        ids = {name: getattr(self, name) for name in ("ticket_id", "item_id", "hotline_id")}
        return commands.ReportBurden(
            region_code=self.region_code,
            description=self.description,
            **{name: None if id_ is None else uuid_of(id_) for name, id_ in ids.items()},
        )


@strawberry.input(description="An answer to a reported burden. 举报答复")
class AnswerBurdenInput:
    """Input of answerBurden."""

    id: strawberry.ID = strawberry.field(description="The report. 举报")
    answer: str = strawberry.field(description="What became of it, in at most 2,000 characters. 答复")


@strawberry.type(description="What became of it. 结果")
class BurdenPayload:
    """Payload of reportBurden and answerBurden."""

    burden: Burden | None = strawberry.field(description="The report; null when refused. 举报")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


async def _payload(info: Info, outcome: Outcome) -> BurdenPayload:
    session = await info.context.read()
    row = None if outcome.id is None else await session.row(select(t.burden).where(t.burden.c.id == outcome.id))
    return BurdenPayload(burden=None if row is None else Burden.of(row, info.context), problems=outcome.problems)


@strawberry.type
class BurdenMutations:
    """The mutations."""

    @strawberry.mutation(description="Report a burden on one's community. 减负举报")
    async def report_burden(self, info: Info, input: ReportBurdenInput) -> BurdenPayload:  # noqa: A002
        """Report."""
        asked = input.asked()
        outcome = await perform(
            info, "reportBurden", by_process(info, commands.report_burden), asked, input.idempotency_key
        )
        return await _payload(info, outcome)

    @strawberry.mutation(description="Answer a reported burden, once. 举报答复")
    async def answer_burden(self, info: Info, input: AnswerBurdenInput) -> BurdenPayload:  # noqa: A002
        """Answer."""
        asked = commands.AnswerBurden(uuid_of(input.id), input.answer)
        outcome = await perform(info, "answerBurden", commands.answer_burden, asked)
        return await _payload(info, outcome)


@strawberry.type
class RegionBurdens:
    """What burdens add to a region."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")

    @strawberry.field(
        description="Reported burdens here and below, the newest first; one's own, unless one keeps the lists. 减负举报"
    )
    async def burdens(
        self,
        info: Info,
        answered: Annotated[bool | None, strawberry.argument(description="Whether answered. 是否答复")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Burden]:
        """Read a page of them."""
        context, b = info.context, t.burden.c
        context.access.admit(context.caller, "burdens")
        seen = (in_prefix(b.region_code, prefix) for prefix in context.caller.regions(*SEES_BURDENS))
        own = b.reported_by == str(context.caller.subject)
        statement = select(t.burden).where(in_prefix(b.region_code, await code_of(context, self.id)), or_(own, *seen))
        if answered is not None:
            statement = statement.where(b.answered_at.is_not(None) if answered else b.answered_at.is_(None))
        mark = fingerprint("Region.burdens", self.id, answered)
        asked = PageArguments(first, after, last, before)
        order = (b.reported_at, b.id)
        page = await paginate(await context.read(), statement, order, asked, mark, descending=True)
        return page.connection(lambda row: Burden.of(row, context))
