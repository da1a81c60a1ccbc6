"""The mutations: one for each kind of action, one for any action by its code, and the look at personal data."""

from __future__ import annotations

from uuid import UUID

import msgspec
import strawberry
from msgspec.structs import replace

from chassis.graphql.mutate import mutate, perform
from services.tickets.commands import act_on_ticket as acting
from services.tickets.commands.raise_ticket import raise_ticket
from services.tickets.domain.process import Kind
from services.tickets.graphql import inputs
from services.tickets.graphql.absences import AbsenceMutations
from services.tickets.graphql.admission_mutations import AdmissionMutations
from services.tickets.graphql.attachments import AttachmentMutations, inspected
from services.tickets.graphql.bulk import BulkMutations
from services.tickets.graphql.burdens import BurdenMutations
from services.tickets.graphql.deliberation_mutations import DeliberationMutations
from services.tickets.graphql.inbox import InboxMutations
from services.tickets.graphql.links import Info, by_process, seen_by, uuid_of
from services.tickets.graphql.notification_mutations import NotificationMutations
from services.tickets.graphql.objections import ObjectionMutations
from services.tickets.graphql.own_words import OwnWordsMutations
from services.tickets.graphql.personal_data import PersonalDataMutations
from services.tickets.graphql.problem import Problem
from services.tickets.graphql.tickets import Ticket, ticket_by_id
from services.tickets.storage.reads import load_requesters


@strawberry.type(description="What became of it. 结果")
class TicketPayload:
    """Payload of every mutation of a ticket."""

    ticket: Ticket | None = strawberry.field(
        description="The ticket; null when refused, or when the caller may act on it but not see it whole. 单据"
    )
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="A requester's personal data; the look was recorded. 提单人信息")
class RevealedRequester:
    """What was kept encrypted."""

    name: str | None = strawberry.field(description="Name. 姓名")
    phone: str | None = strawberry.field(description="Telephone number. 电话")


@strawberry.type(description="What became of it. 结果")
class RevealRequesterPayload:
    """Payload of revealRequester."""

    requester: RevealedRequester | None = strawberry.field(description="The data; null when refused. 提单人信息")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def _payload(info: Info, id_: UUID | None, problems: list[Problem]) -> TicketPayload:
    if id_ is None:
        return TicketPayload(ticket=None, problems=problems)
    seen = await seen_by(info.context, "ticket")
    return TicketPayload(ticket=await ticket_by_id(info.context, id_, seen), problems=problems)


async def _act(info: Info, operation: str, kind: Kind | None, given: inputs.TicketInput) -> TicketPayload:
    asked = given.asked(kind)
    if problems := await inspected(info.context, asked.uploads):
        return TicketPayload(ticket=None, problems=problems)
    outcome = await perform(info, operation, by_process(info, acting.act_on_ticket), asked)
    return await _payload(info, outcome.id, outcome.problems)


async def divide(info: Info, given: inputs.DivideTicketInput) -> TicketPayload:
    """Open child tickets, once for each key."""
    asked, command = given.asked(Kind.DIVIDE), by_process(info, acting.act_on_ticket)
    # What was asked before their ids were made up.
    children = [replace(one, id=asked.id) for one in asked.given.children]
    bound = {"id": asked.id, "version": asked.expected_version, "children": msgspec.to_builtins(children)}
    outcome = await mutate(
        info.context,
        "divideTicket",
        lambda session, permit: command(session, permit, asked),
        key=given.idempotency_key,
        asked=msgspec.to_builtins(bound),
    )
    return await _payload(info, outcome.id, outcome.problems)


@strawberry.type(description="What can be changed. 变更")
class Mutation(
    AbsenceMutations,
    AdmissionMutations,
    AttachmentMutations,
    BulkMutations,
    BurdenMutations,
    DeliberationMutations,
    InboxMutations,
    NotificationMutations,
    ObjectionMutations,
    OwnWordsMutations,
    PersonalDataMutations,
):
    """All mutations of tickets."""

    @strawberry.mutation(description="Raise a ticket. 提单")
    async def raise_ticket(self, info: Info, input: inputs.RaiseTicketInput) -> TicketPayload:  # noqa: A002
        """Raise."""
        asked = input.asked()
        if problems := await inspected(info.context, asked.uploads):
            return TicketPayload(ticket=None, problems=problems)
        outcome = await perform(info, "raiseTicket", by_process(info, raise_ticket), asked, input.idempotency_key)
        return await _payload(info, outcome.id, outcome.problems)

    @strawberry.mutation(description="Accept a ticket for handling. 接单")
    async def accept_ticket(self, info: Info, input: inputs.AcceptTicketInput) -> TicketPayload:  # noqa: A002
        """Accept."""
        return await _act(info, "acceptTicket", Kind.ACCEPT, input)

    @strawberry.mutation(description="Record the deliberation on a ticket. 议单")
    async def deliberate_ticket(self, info: Info, input: inputs.DeliberateTicketInput) -> TicketPayload:  # noqa: A002
        """Deliberate."""
        return await _act(info, "deliberateTicket", Kind.DELIBERATE, input)

    @strawberry.mutation(description="Decide what is to be done, and by which organisation. 定单")
    async def decide_ticket(self, info: Info, input: inputs.DecideTicketInput) -> TicketPayload:  # noqa: A002
        """Decide."""
        return await _act(info, "decideTicket", Kind.DECIDE, input)

    @strawberry.mutation(description="Record that what was decided has been carried out. 办理")
    async def carry_out_ticket(self, info: Info, input: inputs.CarryOutTicketInput) -> TicketPayload:  # noqa: A002
        """Carry out."""
        return await _act(info, "carryOutTicket", Kind.CARRY_OUT, input)

    @strawberry.mutation(description="Evaluate the result; once a person and round. 评单")
    async def evaluate_ticket(self, info: Info, input: inputs.EvaluateTicketInput) -> TicketPayload:  # noqa: A002
        """Evaluate."""
        return await _act(info, "evaluateTicket", Kind.EVALUATE, input)

    @strawberry.mutation(description="Make the result public. 结果公开")
    async def publicise_ticket(self, info: Info, input: inputs.PubliciseTicketInput) -> TicketPayload:  # noqa: A002
        """Publicise."""
        return await _act(info, "publiciseTicket", Kind.PUBLICISE, input)

    @strawberry.mutation(description="Call organisations to a ticket: each is to answer for itself. 约请、吹哨")
    async def invite_to_ticket(self, info: Info, input: inputs.InviteToTicketInput) -> TicketPayload:  # noqa: A002
        """Invite."""
        return await _act(info, "inviteToTicket", Kind.INVITE, input)

    @strawberry.mutation(description="Answer for an organisation that was invited. 应约、报到")
    async def answer_ticket(self, info: Info, input: inputs.AnswerTicketInput) -> TicketPayload:  # noqa: A002
        """Answer."""
        return await _act(info, "answerTicket", Kind.ANSWER, input)

    @strawberry.mutation(description="Refuse a ticket, with the reason. 不予受理")
    async def refuse_ticket(self, info: Info, input: inputs.RefuseTicketInput) -> TicketPayload:  # noqa: A002
        """Refuse."""
        return await _act(info, "refuseTicket", Kind.REFUSE, input)

    @strawberry.mutation(description="Send a ticket back to an earlier step, with the reason. 退回")
    async def return_ticket(self, info: Info, input: inputs.ReturnTicketInput) -> TicketPayload:  # noqa: A002
        """Return."""
        return await _act(info, "returnTicket", Kind.RETURN, input)

    @strawberry.mutation(description="Take one's own ticket back. 撤回")
    async def withdraw_ticket(self, info: Info, input: inputs.WithdrawTicketInput) -> TicketPayload:  # noqa: A002
        """Withdraw."""
        return await _act(info, "withdrawTicket", Kind.WITHDRAW, input)

    @strawberry.mutation(description="Bring a ticket back whose result was found wanting. 重新办理")
    async def reopen_ticket(self, info: Info, input: inputs.ReopenTicketInput) -> TicketPayload:  # noqa: A002
        """Reopen."""
        return await _act(info, "reopenTicket", Kind.REOPEN, input)

    @strawberry.mutation(description="Join a ticket to another under way about the same matter. 并案")
    async def join_ticket(self, info: Info, input: inputs.JoinTicketInput) -> TicketPayload:  # noqa: A002
        """Join."""
        return await _act(info, "joinTicket", Kind.JOIN, input)

    @strawberry.mutation(description="Divide a ticket among child tickets, each with a process of its own. 拆单")
    async def divide_ticket(self, info: Info, input: inputs.DivideTicketInput) -> TicketPayload:  # noqa: A002
        """Open the children."""
        return await divide(info, input)

    @strawberry.mutation(description="Make a ticket somebody's turn: they alone act in its step. 改派")
    async def assign_ticket(self, info: Info, input: inputs.AssignTicketInput) -> TicketPayload:  # noqa: A002
        """Assign."""
        return await _act(info, "assignTicket", Kind.ASSIGN, input)

    @strawberry.mutation(description="Take a ticket on, before others who could do it too. 认领")
    async def claim_ticket(self, info: Info, input: inputs.ClaimTicketInput) -> TicketPayload:  # noqa: A002
        """Claim."""
        return await _act(info, "claimTicket", Kind.CLAIM_TURN, input)

    @strawberry.mutation(description="Put a ticket back, so that it is everybody's turn again. 放回")
    async def release_ticket(self, info: Info, input: inputs.ReleaseTicketInput) -> TicketPayload:  # noqa: A002
        """Release."""
        return await _act(info, "releaseTicket", Kind.RELEASE_TURN, input)

    @strawberry.mutation(description="Do any action that the ticket's process offers, by its code. 办理")
    async def act_on_ticket(self, info: Info, input: inputs.ActOnTicketInput) -> TicketPayload:  # noqa: A002
        """Act."""
        return await _act(info, "actOnTicket", None, input)

    @strawberry.mutation(description="See a requester's personal data unmasked; every look is recorded. 查看提单人信息")
    async def reveal_requester(
        self,
        info: Info,
        input: inputs.RevealRequesterInput,  # noqa: A002
    ) -> RevealRequesterPayload:
        """Record, then decrypt."""
        asked = acting.RevealRequester(uuid_of(input.id), input.purpose)
        outcome = await perform(info, "revealRequester", by_process(info, acting.reveal_requester), asked)
        if outcome.id is None:
            return RevealRequesterPayload(requester=None, problems=outcome.problems)
        row = await info.context.loader(load_requesters).load(outcome.id)
        decrypt = info.context.cipher.decrypt
        name = decrypt(row["requester_name"]) if row and row["requester_name"] else None
        phone = decrypt(row["requester_phone"]) if row and row["requester_phone"] else None
        return RevealRequesterPayload(requester=RevealedRequester(name=name, phone=phone), problems=[])
