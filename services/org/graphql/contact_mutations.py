"""Mutations of contacts and visits: take on, end, write down a visit, hand its finding to a ticket."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.mutate import Outcome, perform
from services.org.commands import contacts as commands
from services.org.graphql.contacts import Contact, Visit, contact_by_id, visit_by_id
from services.org.graphql.ending import EndInput
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem

_KEY = "The same key does it once. 幂等键"
_REFUSED = "Why it was refused; empty when done. 问题"
_DOOR = "Its door, such as 3单元502室; nobody's name. 住户门牌"


@strawberry.input(description="Who is to look after what. 包片联户")
class AssignContactInput:
    """Input of assignContact."""

    idempotency_key: str = strawberry.field(description=_KEY)
    kind: str = strawberry.field(description="Code of the kind. 类型")
    person_id: strawberry.ID = strawberry.field(description="Who. 包联人员")
    region_code: str = strawberry.field(description="A grid, a building or a unit. 网格、楼栋或单元")
    valid_from: date = strawberry.field(description="First day; today or earlier. 起始日期")
    household: str | None = strawberry.field(default=None, description=_DOOR)
    compound_id: strawberry.ID | None = strawberry.field(default=None, description="A compound there. 小区")
    pairing_id: strawberry.ID | None = strawberry.field(
        default=None, description="The pairing by which their unit took on the area. 单位包片"
    )


@strawberry.input(description="A visit. 走访登记")
class LogVisitInput:
    """Input of logVisit."""

    idempotency_key: str = strawberry.field(description=_KEY)
    contact_id: strawberry.ID = strawberry.field(description="Who visited, by what they look after. 包联")
    on: date = strawberry.field(description="When; today or earlier. 走访日期")
    household: str | None = strawberry.field(default=None, description=_DOOR)
    finding: str | None = strawberry.field(default=None, description="What was found; null for nothing. 走访发现")


@strawberry.input(description="The ticket that handles what a visit found. 走访转办")
class HandleVisitInput:
    """Input of handleVisit."""

    id: strawberry.ID = strawberry.field(description="The visit. 走访")
    expected_version: int = strawberry.field(description="The version you read. 版本")
    ticket_id: strawberry.ID = strawberry.field(description="The ticket. 工单")


@strawberry.type(description="What became of it. 结果")
class ContactPayload:
    """Payload of assignContact and endContact."""

    contact: Contact | None = strawberry.field(description="The contact; null when refused. 包联")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type(description="What became of it. 结果")
class VisitPayload:
    """Payload of logVisit and handleVisit."""

    visit: Visit | None = strawberry.field(description="The visit; null when refused. 走访")
    problems: list[Problem] = strawberry.field(description=_REFUSED)


@strawberry.type
class ContactMutations:
    """The mutations."""

    @strawberry.mutation(description="Let somebody look after a grid, a building or a household. 包片联户")
    async def assign_contact(self, info: Info, input: AssignContactInput) -> ContactPayload:  # noqa: A002
        """Assign."""
        asked = commands.AssignContact(
            input.kind,
            uuid_of(input.person_id),
            input.region_code,
            input.valid_from,
            input.household,
            uuid_of(input.compound_id) if input.compound_id else None,
            uuid_of(input.pairing_id) if input.pairing_id else None,
        )
        outcome = await perform(info, "assignContact", commands.assign_contact, asked, input.idempotency_key)
        return await _contact(info.context, outcome)

    @strawberry.mutation(description="Let somebody look after a place no longer. 结束包联")
    async def end_contact(self, info: Info, input: EndInput) -> ContactPayload:  # noqa: A002
        """End."""
        outcome = await perform(info, "endContact", commands.end_contact, input.asked())
        return await _contact(info.context, outcome)

    @strawberry.mutation(description="Write down a visit; by who made it, or who keeps the register. 走访登记")
    async def log_visit(self, info: Info, input: LogVisitInput) -> VisitPayload:  # noqa: A002
        """Write down."""
        asked = commands.LogVisit(uuid_of(input.contact_id), input.on, input.household, input.finding)
        outcome = await perform(info, "logVisit", commands.log_visit, asked, input.idempotency_key)
        return await _visit(info.context, outcome)

    @strawberry.mutation(description="Name the ticket that handles what a visit found. 走访转办")
    async def handle_visit(self, info: Info, input: HandleVisitInput) -> VisitPayload:  # noqa: A002
        """Name it."""
        asked = commands.HandleVisit(uuid_of(input.id), input.expected_version, uuid_of(input.ticket_id))
        outcome = await perform(info, "handleVisit", commands.handle_visit, asked)
        return await _visit(info.context, outcome)


async def _contact(context: Context, outcome: Outcome) -> ContactPayload:
    found = await contact_by_id(context, outcome.id) if outcome.id else None
    return ContactPayload(contact=found, problems=outcome.problems)


async def _visit(context: Context, outcome: Outcome) -> VisitPayload:
    found = await visit_by_id(context, outcome.id) if outcome.id else None
    return VisitPayload(visit=found, problems=outcome.problems)
