"""What waits for the caller, by each duty that they hold, with the views that were saved for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, Select

from chassis.graphql.connection import Connection, PageArguments, Shaped, count_of, fingerprint
from chassis.graphql.context import Context
from chassis.graphql.mutate import perform
from services.tickets.commands import inbox_views as commands
from services.tickets.commands.actors import actor_with, now, person_of
from services.tickets.domain.calendar import local_day
from services.tickets.domain.inbox import ViewFilter, answering_places_of, places_of
from services.tickets.domain.process_words import is_duty
from services.tickets.graphql.links import Duty, Info, Person, Team, processes_of, seen_by, uuid_of
from services.tickets.graphql.problem import Problem
from services.tickets.graphql.tickets import Ticket, page_of
from services.tickets.storage import inbox, reads
from services.tickets.storage.duties import HeldDuty
from services.tickets.storage.reads import Filter
from services.tickets.storage.search import matching

_SOON = 2


@strawberry.type(description="What a saved view is narrowed to. 视图条件")
class InboxViewFilter:
    """A filter."""

    waits_for_duty: bool = strawberry.field(description="Only what waits for this duty. 仅待办")
    process: str | None = strawberry.field(description="Code of a process. 流程")
    category: str | None = strawberry.field(description="Code of a category. 类别")
    step: str | None = strawberry.field(description="Code of a step. 环节")
    overdue: bool | None = strawberry.field(description="Whether a deadline has passed. 逾期")
    due_within_days: int | None = strawberry.field(description="A deadline within so many days. 到期天数")
    text: str | None = strawberry.field(description="All the words that title or content holds. 检索词")


@strawberry.type(description="A view that holders of a duty saved. 已存视图")
class InboxView:
    """A view."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    name: str = strawberry.field(description="Its name. 名称")
    filter: InboxViewFilter = strawberry.field(description="What it is narrowed to. 条件")
    duty: strawberry.Private[HeldDuty]
    narrowed: strawberry.Private[ViewFilter]

    @classmethod
    def of(cls, row: RowMapping, duty: HeldDuty) -> Self:
        """Make it from its row."""
        narrowed = inbox.filter_of(row)
        shown = InboxViewFilter(
            waits_for_duty=narrowed.waits_for_duty,
            process=narrowed.process,
            category=narrowed.category,
            step=narrowed.step,
            overdue=narrowed.is_overdue,
            due_within_days=narrowed.due_within_days,
            text=narrowed.words,
        )
        return cls(id=strawberry.ID(str(row["id"])), name=row["name"], filter=shown, duty=duty, narrowed=narrowed)

    @strawberry.field(description="How many tickets it shows; 10001 when more than 10,000. 数量")
    async def count(self, info: Info) -> int:
        """Count."""
        statement = await _statement(info.context, self.duty, self.narrowed)
        return await count_of(await info.context.read(), statement, reads.MOST_COUNTED + 1)

    @strawberry.field(description="Its tickets, the newest first. 单据")
    async def tickets(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[Ticket]:
        """Read a page of them."""
        statement = await _statement(info.context, self.duty, self.narrowed)
        mark = fingerprint("InboxView.tickets", self.id)
        return await page_of(info.context, statement, PageArguments(first, after), mark)


@strawberry.type(description="What waits for one duty of the caller's. 职务待办")
class InboxOfDuty:
    """An inbox."""

    title: str = strawberry.field(
        description="Code of the duty title; `team:` and the kind for a team's; `checked_in:` and the group. 职务代码"
    )
    region_code: str = strawberry.field(description="Where it is held. 区划代码")
    held: strawberry.Private[HeldDuty]

    @strawberry.field(description="What inputs take as `dutyId`, for a team's or a check-in too. 任职标识")
    def duty_id(self) -> strawberry.ID:
        """Name it."""
        return strawberry.ID(str(self.held.id))

    @strawberry.field(description="The duty; null for a team's or a check-in. 任职")
    def duty(self) -> Duty | None:
        """Refer to it."""
        return Duty(id=strawberry.ID(str(self.held.id))) if is_duty(self.held.title) else None

    @strawberry.field(description="The team of which they are a member; null for another. 队伍")
    def team(self) -> Team | None:
        """Refer to it."""
        return None if self.held.team_id is None else Team(id=strawberry.ID(str(self.held.team_id)))

    @strawberry.field(description="Who holds it and is away, when the caller stands in. 被代理人")
    def stands_in_for(self) -> Person | None:
        """Refer to them."""
        person = self.held.stands_in_for
        return None if person is None else Person(id=strawberry.ID(str(person)))

    @strawberry.field(description="How many wait; 10001 when more than 10,000. 待办数")
    async def waiting(self, info: Info) -> int:
        """Count."""
        return (await _counts(info.context, self.held)).waiting

    @strawberry.field(description="How many of them are overdue. 逾期数")
    async def overdue(self, info: Info) -> int:
        """Count."""
        return (await _counts(info.context, self.held)).overdue

    @strawberry.field(description="How many of them are due within two days. 即将到期数")
    async def due_soon(self, info: Info) -> int:
        """Count."""
        return (await _counts(info.context, self.held)).due_soon

    @strawberry.field(description="What waits, the newest first. 待办单据")
    async def tickets(
        self,
        info: Info,
        overdue: Annotated[bool | None, strawberry.argument(description="Whether a deadline has passed. 逾期")] = None,
        due_within_days: Annotated[
            int | None, strawberry.argument(description="A deadline within so many days. 到期天数")
        ] = None,
        process: Annotated[str | None, strawberry.argument(description="Code of a process. 流程")] = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[Ticket]:
        """Read a page of them."""
        narrowed = ViewFilter(is_overdue=overdue, due_within_days=due_within_days, process=process)
        statement = await _statement(info.context, self.held, narrowed)
        mark = fingerprint("InboxOfDuty.tickets", self.title, self.region_code, narrowed)
        return await page_of(info.context, statement, PageArguments(first, after), mark)

    @strawberry.field(description="Views that its holders saved, by name; at most 20. 已存视图")
    async def views(self, info: Info) -> list[InboxView]:
        """Read them."""
        rows = await info.context.loader(inbox.load_views).load((self.title, self.region_code))
        return [InboxView.of(row, self.held) for row in rows]


MOST_INBOXES = 100


async def my_inbox(context: Context) -> list[InboxOfDuty]:
    """Return an inbox for each duty by which the caller may act today."""
    person = person_of(context.caller)
    held = await context.loader(reads.load_duties).load(person) if person else []
    mine = [one for one in held if actor_with(context.caller, [one], one.region_code).duties]
    return [InboxOfDuty(title=one.title, region_code=one.region_code, held=one) for one in mine[:MOST_INBOXES]]


async def counts_of(context: Context, inbox_: InboxOfDuty) -> tuple[object, ...]:
    """Return what an inbox counts, with whose it is."""
    held = inbox_.held
    return held.id, held.stands_in_for, *await _counts(context, held)


async def _waiting(context: Context, duty: HeldDuty) -> inbox.Waiting | None:
    """Return what waits for a duty by which the caller may act."""
    person = duty.stands_in_for or person_of(context.caller)
    if person is None:
        return None
    every = await processes_of(context).every(await context.read())
    places = tuple(places_of(every, duty.title, duty.region_code))
    seen = await seen_by(context, "myInbox")
    answering = tuple(answering_places_of(every, duty.title))
    post, organisation = (duty.title, duty.region_code), duty.organisation_id
    return inbox.Waiting(post, person, places, local_day(now()), seen, organisation, answering)


async def _counts(context: Context, duty: HeldDuty) -> inbox.Counts:
    waiting = await _waiting(context, duty)
    if waiting is None:
        return inbox.Counts(0, 0, 0)
    # One instant for a whole request, so that what is asked of one duty is counted together.
    at = context.remembered(now)
    return await context.loader(inbox.load_counts).load((waiting, at, at + timedelta(days=_SOON)))


async def _statement(context: Context, duty: HeldDuty, narrowed: ViewFilter) -> Select[Any] | Shaped:
    soon = narrowed.due_within_days
    wanted = Filter(
        process=narrowed.process,
        category=narrowed.category,
        step=narrowed.step,
        is_overdue=narrowed.is_overdue,
        due_before=None if soon is None else now() + timedelta(days=soon),
    )
    waiting = await _waiting(context, duty) if narrowed.waits_for_duty else None
    words = await matching(await context.read(), narrowed.words, duty.region_code) if narrowed.words else None
    if waiting is not None and words is None:
        return waiting.tickets(wanted, now())
    statement = reads.tickets_in(duty.region_code, await seen_by(context, "myInbox"), wanted, now())
    statement = statement if waiting is None else statement.where(waiting.condition())
    return statement if words is None else statement.where(words)


@strawberry.input(description="A view to save. 保存视图")
class SaveInboxViewInput:
    """Input of saveInboxView."""

    idempotency_key: str = strawberry.field(description="The same key does it once. 幂等键")
    duty_id: strawberry.ID = strawberry.field(description="A duty of the caller's own, or `dutyId` of an inbox. 任职")
    name: str = strawberry.field(description="In at most 100 characters. 名称")
    waits_for_duty: bool = strawberry.field(description="Only what waits for this duty. 仅待办", default=True)
    process: str | None = strawberry.field(description="Code of a process. 流程", default=None)
    category: str | None = strawberry.field(description="Code of a category. 类别", default=None)
    step: str | None = strawberry.field(description="Code of a step. 环节", default=None)
    overdue: bool | None = strawberry.field(description="Whether a deadline has passed. 逾期", default=None)
    due_within_days: int | None = strawberry.field(description="From 1 to 60. 到期天数", default=None)
    text: str | None = strawberry.field(description="Words that title or content holds. 检索词", default=None)

    def asked(self) -> commands.SaveView:
        """Return what the command takes."""
        narrowed = ViewFilter(
            waits_for_duty=self.waits_for_duty,
            process=self.process,
            category=self.category,
            step=self.step,
            is_overdue=self.overdue,
            due_within_days=self.due_within_days,
            words=self.text,
        )
        return commands.SaveView(uuid_of(self.duty_id), self.name, narrowed)


@strawberry.input(description="A view to delete. 删除视图")
class DeleteInboxViewInput:
    """Input of deleteInboxView."""

    id: strawberry.ID = strawberry.field(description="The view. 视图")


@strawberry.type(description="What became of it. 结果")
class InboxViewPayload:
    """Payload of saveInboxView and deleteInboxView."""

    inbox: list[InboxOfDuty] = strawberry.field(description="The caller's inboxes, at most 100, as they are now. 待办")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class InboxMutations:
    """The mutations."""

    @strawberry.mutation(description="Save a view of what waits for a duty, for all who hold it. 保存视图")
    async def save_inbox_view(self, info: Info, input: SaveInboxViewInput) -> InboxViewPayload:  # noqa: A002
        """Save."""
        asked = input.asked()
        outcome = await perform(info, "saveInboxView", commands.save_view, asked, input.idempotency_key)
        return InboxViewPayload(inbox=await my_inbox(info.context), problems=outcome.problems)

    @strawberry.mutation(description="Delete a view. 删除视图")
    async def delete_inbox_view(self, info: Info, input: DeleteInboxViewInput) -> InboxViewPayload:  # noqa: A002
        """Delete."""
        id_: UUID = uuid_of(input.id)
        outcome = await perform(info, "deleteInboxView", commands.delete_view, id_)
        return InboxViewPayload(inbox=await my_inbox(info.context), problems=outcome.problems)
