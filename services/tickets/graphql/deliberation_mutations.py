"""The mutations of deliberations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import strawberry

from chassis.database import WriteSession
from chassis.errors import BadRequest
from chassis.graphql.mutate import Permit, perform
from services.tickets.commands import deliberations as commands
from services.tickets.domain import deliberation as rules
from services.tickets.graphql.deliberations import Deliberation, DeliberationParty, SessionForm, deliberation_by_id
from services.tickets.graphql.links import Info, by_process, uuid_of
from services.tickets.graphql.problem import Problem

_KEY = "The same key does it once. 幂等键"
_VERSION = "The version you read; refused when it is another by now. 版本"
_WHICH = "The deliberation. 议题"

A = TypeVar("A")


def _party(party: DeliberationParty) -> rules.Party:
    return rules.Party[party.name]


@strawberry.input(description="A matter to deliberate. 议题")
class BeginDeliberationInput:
    """Input of beginDeliberation."""

    idempotency_key: str = strawberry.field(description=_KEY)
    region_code: str = strawberry.field(description="Where. 区划代码")
    matter: str = strawberry.field(description="What it is about, in at most 100 characters. 议题")
    parties: list[DeliberationParty] = strawberry.field(description="Who is to be heard; at least two. 议事主体")
    ticket_id: strawberry.ID | None = strawberry.field(description="The ticket that it is about. 单据", default=None)


@strawberry.input(description="A session to convene. 召集会议")
class ConveneSessionInput:
    """Input of conveneSession."""

    idempotency_key: str = strawberry.field(description=_KEY)
    id: strawberry.ID = strawberry.field(description=_WHICH)
    form: SessionForm = strawberry.field(description="Where and how. 形式")
    place: str = strawberry.field(description="Where, in words. 地点")
    starts_at: datetime = strawberry.field(description="When, with offset; within a year. 开始时间")
    station_id: strawberry.ID | None = strawberry.field(description="The station where it is held. 驿站", default=None)
    kind: str | None = strawberry.field(
        description="Code of a kind of session (`sessionKinds`); refused on other days than its own. 会议类型",
        default=None,
    )


@strawberry.input(description="Somebody who was invited. 参会人员")
class SessionAttendeeInput:
    """Part of HoldSessionInput."""

    person_id: strawberry.ID = strawberry.field(description="Who, by org's register. 人员")
    party: DeliberationParty = strawberry.field(description="For which party. 议事主体")
    came: bool = strawberry.field(description="Whether they came. 是否到会", default=True)


@strawberry.input(description="What a party said. 各方意见")
class PartyOpinionInput:
    """Part of HoldSessionInput."""

    party: DeliberationParty = strawberry.field(description="Which party. 议事主体")
    text: str = strawberry.field(description="What, in at most 2,000 characters. 意见")
    agrees: bool | None = strawberry.field(description="Whether it agrees. 是否同意", default=None)
    person_id: strawberry.ID | None = strawberry.field(
        description="Who of those who came said it; only for RESIDENTS and CONCERNED, shown to nobody. 发言人",
        default=None,
    )


@strawberry.input(description="A session that was held. 会议登记")
class HoldSessionInput:
    """Input of holdSession."""

    session_id: strawberry.ID = strawberry.field(description="The session. 会议")
    attendees: list[SessionAttendeeInput] = strawberry.field(description="Everybody invited, at most 500. 参会人员")
    opinions: list[PartyOpinionInput] = strawberry.field(
        description="What was said, at most 500. 各方意见", default_factory=list
    )


@strawberry.input(description="A result. 决议")
class ResolveDeliberationInput:
    """Input of resolveDeliberation."""

    id: strawberry.ID = strawberry.field(description=_WHICH)
    expected_version: int = strawberry.field(description=_VERSION)
    resolution: str = strawberry.field(description="In at most 2,000 characters. 决议")
    agreed: bool = strawberry.field(description="Whether the parties agreed. 是否达成一致")


@strawberry.input(description="What came of a resolution. 落实反馈")
class FollowUpDeliberationInput:
    """Input of followUpDeliberation."""

    id: strawberry.ID = strawberry.field(description=_WHICH)
    expected_version: int = strawberry.field(description=_VERSION)
    follow_up: str = strawberry.field(description="In at most 2,000 characters. 落实情况")


@strawberry.type(description="What became of it. 结果")
class DeliberationPayload:
    """Payload of the mutations of deliberations."""

    deliberation: Deliberation | None = strawberry.field(description="The deliberation; null when refused. 议题")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def _done(
    info: Info,
    operation: str,
    command: Callable[[WriteSession, Permit, A], Awaitable[UUID]],
    asked: A,
    key: str | None = None,
) -> DeliberationPayload:
    outcome = await perform(info, operation, command, asked, key)
    found = None if outcome.id is None else await deliberation_by_id(info.context, outcome.id)
    return DeliberationPayload(deliberation=found, problems=outcome.problems)


def _optional(id_: str | None) -> UUID | None:
    return None if id_ is None else uuid_of(id_)


@strawberry.type
class DeliberationMutations:
    """The mutations."""

    @strawberry.mutation(description="Take a matter up for deliberation. 议事立项")
    async def begin_deliberation(
        self,
        info: Info,
        input: BeginDeliberationInput,  # noqa: A002
    ) -> DeliberationPayload:
        """Begin."""
        asked = commands.BeginDeliberation(
            region_code=input.region_code,
            matter=input.matter,
            parties=tuple(map(_party, input.parties)),
            ticket_id=_optional(input.ticket_id),
        )
        return await _done(
            info, "beginDeliberation", by_process(info, commands.begin_deliberation), asked, input.idempotency_key
        )

    @strawberry.mutation(description="Convene a session. 召集会议")
    async def convene_session(self, info: Info, input: ConveneSessionInput) -> DeliberationPayload:  # noqa: A002
        """Convene."""
        if input.starts_at.tzinfo is None:
            raise BadRequest(reason="startsAt has an offset.")
        asked = commands.ConveneSession(
            id=uuid_of(input.id),
            form=rules.Form[input.form.name],
            place=input.place,
            starts_at=input.starts_at,
            station_id=_optional(input.station_id),
            kind=input.kind,
        )
        return await _done(info, "conveneSession", commands.convene_session, asked, input.idempotency_key)

    @strawberry.mutation(description="Record a session that was held, once. 会议登记")
    async def hold_session(self, info: Info, input: HoldSessionInput) -> DeliberationPayload:  # noqa: A002
        """Record."""
        asked = commands.HoldSession(
            session_id=uuid_of(input.session_id),
            attendees=tuple(
                rules.Attendee(uuid_of(one.person_id), _party(one.party), one.came) for one in input.attendees
            ),
            opinions=tuple(
                rules.Opinion(_party(one.party), one.text, one.agrees, _optional(one.person_id))
                for one in input.opinions
            ),
        )
        return await _done(info, "holdSession", commands.hold_session, asked)

    @strawberry.mutation(description="Put the result down, when every party was heard. 形成决议")
    async def resolve_deliberation(
        self,
        info: Info,
        input: ResolveDeliberationInput,  # noqa: A002
    ) -> DeliberationPayload:
        """Resolve."""
        asked = commands.ResolveDeliberation(uuid_of(input.id), input.expected_version, input.resolution, input.agreed)
        return await _done(info, "resolveDeliberation", commands.resolve_deliberation, asked)

    @strawberry.mutation(description="Tell what came of a resolution. 落实反馈")
    async def follow_up_deliberation(
        self,
        info: Info,
        input: FollowUpDeliberationInput,  # noqa: A002
    ) -> DeliberationPayload:
        """Follow up."""
        asked = commands.FollowUp(uuid_of(input.id), input.expected_version, input.follow_up)
        return await _done(info, "followUpDeliberation", commands.follow_up, asked)
