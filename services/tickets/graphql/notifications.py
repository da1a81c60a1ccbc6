"""What the caller was told: the inbox of notifications, reading them, and choosing which to have."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

import strawberry
from sqlalchemy import RowMapping, Select, select

from chassis.graphql.connection import Connection, PageArguments, count_of, fingerprint, paginate
from chassis.graphql.context import Context
from services.tickets.commands.actors import actor_with, person_of
from services.tickets.domain.notification_texts import Facts, worded
from services.tickets.domain.process import Process
from services.tickets.graphql.links import Info, Organisation, TicketLink, processes_of, seen_by, uuid_of
from services.tickets.graphql.notification_enums import NotificationAudience, NotificationChannel, NotificationMatter
from services.tickets.graphql.words import ProcessStep
from services.tickets.storage import notifications as stored
from services.tickets.storage import reads
from services.tickets.storage import tables as t
from services.tickets.storage.duties import HeldDuty


@strawberry.type(description="Something that the caller was told. 通知")
class Notification:
    """A notification, as its reader finds it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    matter: NotificationMatter = strawberry.field(description="What kind of news it is. 通知类别")
    audience: NotificationAudience = strawberry.field(description="As what the caller is told. 通知对象")
    heading: str = strawberry.field(description="In a few words, in the language of Accept-Language. 标题")
    body: str = strawberry.field(description="In a sentence. 内容")
    raised_at: datetime = strawberry.field(description="When. 时间")
    is_read: bool = strawberry.field(description="Whether the caller has read it. 是否已读")
    due_at: datetime | None = strawberry.field(description="The deadline that ran then, or that it is about. 时限")
    title: str | None = strawberry.field(description="Code of the duty title that was told. 职务代码")
    step: ProcessStep | None = strawberry.field(description="Where the ticket was then. 环节")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping, process: Process | None, context: Context) -> Self:
        """Put a row into words."""
        details = row["details"]
        facts = Facts(
            **{name: row[name] for name in ("text", "action", "number", "category", "from_step", "step", "due_at")},
            more=dict(zip(details[::2], details[1::2], strict=True)),
        )
        heading, body = worded(process, facts, context.language)
        place = row["step"] if process and (process.step(row["step"]) or process.end(row["step"])) else None
        return cls(
            id=strawberry.ID(str(row["id"])),
            matter=NotificationMatter[row["matter"].upper()],
            audience=NotificationAudience[row["audience"].upper()],
            heading=heading,
            body=body,
            raised_at=row["raised_at"],
            is_read=str(context.caller.subject) in row["read_by"],
            due_at=row["due_at"],
            title=row["title"],
            step=ProcessStep.of(process, place, context) if process and place else None,
            row=row,
        )

    @strawberry.field(description="The ticket, if it is about one that the caller sees whole. 单据")
    async def ticket(self, info: Info) -> TicketLink | None:
        """Read it."""
        from services.tickets.graphql.tickets import ticket_by_id  # noqa: PLC0415 (it refers to what refers to it)

        id_ = self.row["ticket_id"]
        return None if id_ is None else await ticket_by_id(info.context, id_, await seen_by(info.context, "ticket"))

    @strawberry.field(description="The invited organisation that was told. 受邀单位")
    def organisation(self) -> Organisation | None:
        """Refer to it."""
        body = self.row["body"]
        return None if body is None else Organisation(id=strawberry.ID(str(body)))


@strawberry.type(description="A page of the caller's notifications. 通知列表")
class NotificationConnection(Connection[Notification]):
    """A page, with how much is unread."""

    @strawberry.field(description="How many the caller has not read; 10001 when more than 10,000. 未读数")
    async def unread_count(self, info: Info) -> int:
        """Count."""
        return await unread_count(info.context)


@strawberry.type(description="That the caller does not want to be told of a matter by a way. 通知退订")
class NotificationChoice:
    """A choice."""

    channel: NotificationChannel = strawberry.field(description="By which way not. 渠道")
    matter: NotificationMatter = strawberry.field(description="Of what. 类别")
    made_at: datetime = strawberry.field(description="Since when. 时间")


@strawberry.type(description="A notification for who delivers it by other ways. 待投递通知")
class NotificationToDeliver:
    """Whom to tell, and in which words."""

    subject: str | None = strawberry.field(description="Token subject of the one person; null for a duty. 用户标识")
    title: str | None = strawberry.field(description="Code of the duty title. 职务代码")
    title_region_code: str | None = strawberry.field(description="Where it is held. 任职区划")
    organisation_id: strawberry.ID | None = strawberry.field(description="The invited organisation. 受邀单位")
    titles: list[str] = strawberry.field(description="Who speaks for it: codes of the practice's duty titles. 答复职务")
    heading: str = strawberry.field(description="In a few words, in the language of Accept-Language. 标题")
    body: str = strawberry.field(description="In a sentence. 内容")


async def duties_now(context: Context) -> list[HeldDuty]:
    """Return the duties by which the caller may act today."""
    person = person_of(context.caller)
    held = await context.loader(reads.load_duties).load(person) if person else []
    return [one for one in held if actor_with(context.caller, [one], one.region_code).duties]


async def mine(context: Context) -> Select[Any]:
    """Return the statement of what the caller finds in their inbox of notifications."""
    seen = await seen_by(context, "myNotifications")
    return stored.for_reader(str(context.caller.subject), await duties_now(context), seen)


async def unread_count(context: Context) -> int:
    """Return how many the caller has not read."""
    statement = stored.unread(await mine(context), str(context.caller.subject))
    return await count_of(await context.read(), statement, reads.MOST_COUNTED + 1)


async def _definition(context: Context, row: RowMapping) -> Process | None:
    if row["process"] is None:
        return None
    return await processes_of(context).get(await context.read(), row["process"], row["process_version"])


async def notifications_page(
    context: Context, asked: PageArguments, *, unread_only: bool = False
) -> NotificationConnection:
    """Return a page of the caller's notifications, the newest first."""
    subject = str(context.caller.subject)
    statement = await mine(context)
    statement = stored.unread(statement, subject) if unread_only else statement
    mark = fingerprint("myNotifications", subject, unread_only)
    page = await paginate(await context.read(), statement, stored.ORDER, asked, mark, descending=True)
    known = {row["id"]: await _definition(context, row) for row in page.rows}
    plain = page.connection(lambda row: Notification.of(row, known[row["id"]], context))
    return NotificationConnection(edges=plain.edges, page_info=page.info, counter=page.count)


async def choices(context: Context) -> list[NotificationChoice]:
    """Return what the caller does not want to be told."""
    rows = await context.loader(stored.load_choices).load(str(context.caller.subject))
    return [
        NotificationChoice(
            channel=NotificationChannel[row["channel"].upper()],
            matter=NotificationMatter[row["matter"].upper()],
            made_at=row["made_at"],
        )
        for row in rows
    ]


@strawberry.type
class NotificationQueries:
    """The queries."""

    @strawberry.field(description="What the caller was told, the newest first: their inbox of notifications. 我的通知")
    async def my_notifications(
        self,
        info: Info,
        unread: Annotated[bool, strawberry.argument(description="Only what was not read. 仅未读")] = False,  # noqa: FBT002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> NotificationConnection:
        """Read a page of them."""
        return await notifications_page(info.context, PageArguments(first, after, last, before), unread_only=unread)

    @strawberry.field(description="What the caller chose not to be told. 我的通知退订")
    async def my_notification_choices(self, info: Info) -> list[NotificationChoice]:
        """Read them."""
        info.context.access.admit(info.context.caller, "myNotifications")
        return await choices(info.context)

    @strawberry.field(
        description="Whom to tell by text message or messaging app, and in which words; for the role `messenger`, with "
        "the id from `notification.raised`. Null once it is forgotten. 待投递通知"
    )
    async def notification_to_deliver(self, info: Info, id: strawberry.ID) -> NotificationToDeliver | None:  # noqa: A002
        """Read it."""
        context = info.context
        context.access.admit(context.caller, "notificationToDeliver")
        n, c = t.notification.c, t.ticket.c
        joined = t.notification.outerjoin(t.ticket, c.id == n.ticket_id)
        of_ticket = (c.number, c.process, c.process_version, c.category)
        statement = select(t.notification, *of_ticket).select_from(joined).where(n.id == uuid_of(id))
        row = await (await context.read()).row(statement)
        if row is None or not context.caller.holds("messenger", row["region_code"]):
            return None
        told = Notification.of(row, await _definition(context, row), context)
        return NotificationToDeliver(
            subject=row["subject"],
            title=row["title"],
            title_region_code=None if row["level"] is None else row["region_code"][: row["level"]],
            organisation_id=None if row["body"] is None else strawberry.ID(str(row["body"])),
            titles=row["titles"],
            heading=told.heading,
            body=told.body,
        )
