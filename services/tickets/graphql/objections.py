"""Objections to public notices in the graph: who objected is shown to nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.tickets.commands import objections as commands
from services.tickets.graphql.links import Info, by_process, uuid_of
from services.tickets.graphql.problem import Problem
from services.tickets.storage import tables as t
from services.tickets.storage.objections import objections_to

_KEY = "The same key does it once. 幂等键"


@strawberry.type(description="What a resident has against a public notice. 公示异议")
class TicketObjection:
    """An objection; it does not say whose it is."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    step: str = strawberry.field(description="Code of the step of the notice. 环节代码")
    reason: str = strawberry.field(description="What; empty once it was erased. 理由")
    raised_at: datetime = strawberry.field(description="When. 提出时间")
    is_mine: bool = strawberry.field(description="Whether it is the caller's. 是否本人提出")
    answer: str | None = strawberry.field(description="The answer; null until there is one. 答复")
    upheld: bool | None = strawberry.field(description="Whether it was found right. 是否采纳")
    answered_as: str | None = strawberry.field(description="By which duty title it was answered. 答复职务")
    answered_at: datetime | None = strawberry.field(description="When. 答复时间")

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        plain = ("step", "reason", "raised_at", "answer", "upheld", "answered_as", "answered_at")
        mine = row["by"] == str(context.caller.subject)
        return cls(id=strawberry.ID(str(row["id"])), is_mine=mine, **{name: row[name] for name in plain})


@strawberry.input(description="Something against a public notice. 提出异议")
class ObjectToTicketInput:
    """Input of objectToTicket."""

    idempotency_key: str = strawberry.field(description=_KEY)
    id: strawberry.ID = strawberry.field(description="The ticket that is before the public. 公示单据")
    reason: str = strawberry.field(description="Why, in at most 2,000 characters. 理由")


@strawberry.input(description="An answer to an objection. 答复异议")
class AnswerTicketObjectionInput:
    """Input of answerTicketObjection."""

    id: strawberry.ID = strawberry.field(description="The objection. 异议")
    answer: str = strawberry.field(description="In at most 2,000 characters. 答复")
    upheld: bool = strawberry.field(description="Whether it is right. 是否采纳")


@strawberry.type(description="What became of it. 结果")
class TicketObjectionPayload:
    """Payload of objectToTicket and answerTicketObjection."""

    objection: TicketObjection | None = strawberry.field(description="The objection; null when refused. 异议")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def _payload(info: Info, outcome: Outcome) -> TicketObjectionPayload:
    session = await info.context.read()
    row = None if outcome.id is None else await session.row(select(t.objection).where(t.objection.c.id == outcome.id))
    return TicketObjectionPayload(
        objection=None if row is None else TicketObjection.of(row, info.context), problems=outcome.problems
    )


async def objections_of(
    context: Context, ticket_id: UUID, asked: PageArguments, *, answered: bool | None
) -> Connection[TicketObjection]:
    """Return a page of the objections to a ticket's notices, the first first: a whole community may object."""
    statement, o = objections_to(ticket_id, answered=answered), t.objection.c
    mark = fingerprint("Ticket.objections", ticket_id, answered)
    page = await paginate(await context.read(), statement, (o.raised_at, o.id), asked, mark)
    return page.connection(lambda row: TicketObjection.of(row, context))


async def my_objections(context: Context) -> list[TicketObjection]:
    """Return the caller's own objections of the last notices, the newest first, at most 100."""
    o = t.objection
    mine = select(o).where(o.c.by == str(context.caller.subject)).order_by(o.c.raised_at.desc(), o.c.id).limit(100)
    return [TicketObjection.of(row, context) for row in await (await context.read()).rows(mine)]


@strawberry.type
class ObjectionMutations:
    """The mutations."""

    @strawberry.mutation(description="Object to a public notice, within its period. 提出异议")
    async def object_to_ticket(self, info: Info, input: ObjectToTicketInput) -> TicketObjectionPayload:  # noqa: A002
        """Object."""
        asked = commands.ObjectToTicket(uuid_of(input.id), input.reason)
        outcome = await perform(
            info, "objectToTicket", by_process(info, commands.object_to_ticket), asked, input.idempotency_key
        )
        return await _payload(info, outcome)

    @strawberry.mutation(description="Answer an objection, once. 答复异议")
    async def answer_ticket_objection(self, info: Info, input: AnswerTicketObjectionInput) -> TicketObjectionPayload:  # noqa: A002
        """Answer."""
        asked = commands.AnswerObjection(uuid_of(input.id), input.answer, input.upheld)
        outcome = await perform(info, "answerTicketObjection", by_process(info, commands.answer_objection), asked)
        return await _payload(info, outcome)
