"""Many tickets acted on at once (批量办理): each in a transaction of its own, with a result for each."""

from __future__ import annotations

import asyncio
import itertools

import strawberry

from chassis.errors import ApiError, BadRequest, Forbidden, NotFound, TooLarge
from chassis.graphql.mutate import Outcome, perform
from services.tickets.access import Visibility
from services.tickets.commands.act_on_ticket import ActOnTicket, act_on_ticket
from services.tickets.graphql.attachments import inspected
from services.tickets.graphql.inputs import ActOnTicketsInput
from services.tickets.graphql.links import Info, by_process, seen_by
from services.tickets.graphql.problem import Problem
from services.tickets.graphql.tickets import Ticket, ticket_by_id

MOST_AT_ONCE = 100


@strawberry.type(description="Why the caller may not act on one of several tickets. 无权办理")
class TicketRefusal:
    """The error that acting on this ticket alone is answered with."""

    code: str = strawberry.field(description="FORBIDDEN or NOT_FOUND. 代码")
    message: str = strawberry.field(description="In the language of Accept-Language. 说明")


@strawberry.type(description="What became of one of several tickets. 单项结果")
class TicketResult:
    """A result."""

    id: strawberry.ID = strawberry.field(description="The ticket that was asked for. 单据标识")
    ticket: Ticket | None = strawberry.field(
        description="The ticket; null when refused, or when the caller may act on it but not see it whole. 单据"
    )
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")
    refusal: TicketRefusal | None = strawberry.field(description="Set when the caller may not do it. 无权办理")


@strawberry.type(description="What became of several tickets. 批量结果")
class ActOnTicketsPayload:
    """Payload of actOnTickets."""

    done: int = strawberry.field(description="How many were acted on, now or before by the same key. 成功数")
    results: list[TicketResult] = strawberry.field(
        description="One for each ticket, at most 100, in the order given. 各项结果"
    )


@strawberry.type
class BulkMutations:
    """The mutation."""

    @strawberry.mutation(
        description="Do the same action on several tickets: each for itself, what is refused holds up nothing. 批量办理"
    )
    async def act_on_tickets(self, info: Info, input: ActOnTicketsInput) -> ActOnTicketsPayload:  # noqa: A002
        """Act on one after the other, then read what became of all. Raises TooLarge, BadRequest."""
        asked = input.asked()
        if len(asked) > MOST_AT_ONCE:
            raise TooLarge(what="tickets", limit=MOST_AT_ONCE)
        if len({one.id for one in asked}) < len(asked):
            raise BadRequest(reason="Name each ticket once.")
        problems = await inspected(info.context, asked[0].uploads if asked else ())
        if problems:
            refused = [TicketResult(id=one.id, ticket=None, problems=problems, refusal=None) for one in input.tickets]
            return ActOnTicketsPayload(done=0, results=refused)
        outcomes = [await _one(info, one, input.idempotency_key) for one in asked]
        seen = await seen_by(info.context, "actOnTickets")
        is_done = [isinstance(outcome, Outcome) and outcome.id is not None for outcome in outcomes]
        # Asked together, so that they are one batch.
        found = await asyncio.gather(*(_read(info, one, seen) for one in itertools.compress(asked, is_done)))
        tickets = dict(zip(itertools.compress((one.id for one in asked), is_done), found, strict=True))
        results = [
            TicketResult(
                id=strawberry.ID(str(one.id)),
                ticket=tickets.get(one.id),
                problems=outcome.problems if isinstance(outcome, Outcome) else [],
                refusal=None if isinstance(outcome, Outcome) else outcome,
            )
            for one, outcome in zip(asked, outcomes, strict=True)
        ]
        return ActOnTicketsPayload(done=sum(is_done), results=results)


async def _read(info: Info, asked: ActOnTicket, seen: Visibility) -> Ticket | None:
    return await ticket_by_id(info.context, asked.id, seen)


async def _one(info: Info, asked: ActOnTicket, key: str) -> Outcome | TicketRefusal:
    """Act on one ticket; what the caller may not do is a result here, for the others are not to suffer by it."""
    try:
        return await perform(info, "actOnTickets", by_process(info, act_on_ticket), asked, f"{key} {asked.id}")
    except (Forbidden, NotFound) as refused:
        return _refusal(refused, info.context.language)


def _refusal(refused: ApiError, language: str) -> TicketRefusal:
    return TicketRefusal(code=refused.code, message=refused.text(language))
