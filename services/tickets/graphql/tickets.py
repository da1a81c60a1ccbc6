"""Tickets in the graph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec
import strawberry
from sqlalchemy import RowMapping, Select

from chassis.graphql.connection import Connection, Finder, PageArguments, Shaped, fingerprint, paginate
from chassis.graphql.context import Context
from services.tickets.access import Visibility
from services.tickets.commands.actors import now
from services.tickets.domain.content import mask_name, mask_phone
from services.tickets.domain.likeness import Wording
from services.tickets.domain.personal_data import kept_until
from services.tickets.domain.process import Process
from services.tickets.domain.process_words import checked_in_group, is_duty, team_kind
from services.tickets.domain.ticket import Invitation
from services.tickets.graphql import regions
from services.tickets.graphql.charge import actions_for, charge_of_row, filling, holders, in_charge
from services.tickets.graphql.enums import TicketOutcome
from services.tickets.graphql.history import TicketHistory
from services.tickets.graphql.joining import LeadTicket, PossibleDuplicate, alike, lead_of
from services.tickets.graphql.links import (
    Duty,
    Info,
    Organisation,
    Person,
    RegionLink,
    Team,
    named,
    processes_of,
    seen_by,
    uuid_of,
)
from services.tickets.graphql.objections import TicketObjection, objections_of
from services.tickets.graphql.results import TicketResults
from services.tickets.graphql.timeline import organisation_of
from services.tickets.graphql.words import (
    ProcessStep,
    TicketAction,
    TicketCategory,
    TicketChannel,
    TicketProcess,
)
from services.tickets.storage import joining as joined_reads
from services.tickets.storage import reads

_PLAIN = (
    "number", "title", "description", "region_code", "version", "round", "raised_at", "entered_at", "changed_at",
    "ended_at", "responded_at", "due_at", "public_since", "notice",
)  # fmt: skip


@strawberry.type(description="Who raised a ticket; masked. 提单人")
class TicketRequester:
    """Personal data as it is shown by default."""

    name: str | None = strawberry.field(description="Name, masked: 张*. 姓名")
    phone: str | None = strawberry.field(description="Telephone number, masked: 138****0000. 电话")
    is_me: bool = strawberry.field(description="Whether it is the caller. 是否本人")


@strawberry.type(description="A duty that a ticket waits for. 待办岗位")
class TicketPost:
    """A post, held or vacant."""

    title: str = strawberry.field(
        description="Code of the duty title; `team:` and the kind for a team's; `checked_in:` and the group. 职务代码"
    )
    region_code: str = strawberry.field(description="Where it is held. 区划代码")
    is_vacant: bool = strawberry.field(description="Whether nobody holds it today. 是否空缺")

    @strawberry.field(description="Kind of team whose members it waits for; null for a duty. 队伍类型")
    def team_kind(self) -> str | None:
        """Read it off the title."""
        return team_kind(self.title)

    @strawberry.field(
        description="Who checked in there that it waits for: `member`, or a group of new employment. 报到群体"
    )
    def checked_in(self) -> str | None:
        """Read it off the title."""
        return checked_in_group(self.title)


@strawberry.type(description="A member of a team that a ticket waits for. 在办队员")
class TicketTeamMember:
    """A membership by which somebody has a ticket."""

    team: Team = strawberry.field(description="The team. 队伍")
    person: Person = strawberry.field(description="The member. 队员")
    leads: bool = strawberry.field(description="Whether they lead it. 是否队长")


@strawberry.type(description="An organisation that is asked to answer in the present step. 约请")
class TicketInvitation:
    """An invitation, answered or not."""

    organisation: Organisation = strawberry.field(description="Who is asked. 受邀单位")
    is_answered: bool = strawberry.field(description="Whether it has answered. 是否已答复")


@strawberry.type(description="What people think of the result, in the present round. 评价汇总")
class TicketRatings:
    """Evaluations of a ticket."""

    count: int = strawberry.field(description="How many evaluated. 评价人数")
    mean: float | None = strawberry.field(description="Their mean rating. 平均分")


@strawberry.federation.type(keys=["id"], description="A request and how it is handled. 议事单")
class Ticket(TicketResults, TicketHistory):
    """A ticket, as who may see it whole sees it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    number: str = strawberry.field(description="What people quote: the day and a running number. 单号")
    title: str = strawberry.field(description="What it is about, in short. 标题")
    description: str = strawberry.field(description="What it is about. 内容")
    region_code: str = strawberry.field(description="Code of the region it is about. 区划代码")
    version: int = strawberry.field(description="Counts what was done; give it back as expectedVersion. 版本")
    round: int = strawberry.field(description="How often it was reopened. 重新办理次数")
    raised_at: datetime = strawberry.field(description="When it was raised. 提单时间")
    entered_at: datetime = strawberry.field(description="Since when it is in its step. 进入环节时间")
    changed_at: datetime = strawberry.field(description="When something was last done. 最近办理时间")
    ended_at: datetime | None = strawberry.field(description="When it ended. 结束时间")
    responded_at: datetime | None = strawberry.field(description="First act of somebody in duty. 首次响应时间")
    due_at: datetime | None = strawberry.field(description="The next deadline that runs. 最近截止时间")
    public_since: datetime | None = strawberry.field(description="Since when everyone may see it. 公开时间")
    notice: str | None = strawberry.field(description="What is made public of the result. 公开内容")
    outcome: TicketOutcome | None = strawberry.field(description="How it ended. 办结方式")

    @classmethod
    def of(cls, row: RowMapping, process: Process) -> Self:
        """Make it from its row."""
        outcome = None if row["outcome"] is None else TicketOutcome[row["outcome"].upper()]
        plain = {name: row[name] for name in _PLAIN}
        return cls(id=strawberry.ID(str(row["id"])), **plain, outcome=outcome, row=row, definition=process)

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Ticket | None:  # noqa: A002
        """Answer the gateway."""
        return await ticket_by_id(info.context, uuid_of(id), await seen_by(info.context, "ticket"))

    @strawberry.field(description="The process it goes through. 流程")
    def process(self, info: Info) -> TicketProcess:
        """Show the version it is pinned to."""
        return TicketProcess.of(self.definition, info.context)

    @strawberry.field(description="What kind of matter it is. 类别")
    def category(self, info: Info) -> TicketCategory | None:
        """Show it in the caller's language."""
        code = self.row["category"]
        found = (one for one in self.definition.categories if one.code == code)
        return next((TicketCategory(code=code, name=named(info.context, one)) for one in found), None)

    @strawberry.field(description="By which way it came in; null where the process has none. 渠道")
    def channel(self, info: Info) -> TicketChannel | None:
        """Show it in the caller's language."""
        code = self.row["channel"]
        found = (one for one in self.definition.channels if one.code == code)
        return next((TicketChannel(code=code, name=named(info.context, one)) for one in found), None)

    @strawberry.field(description="What it is called where it came from. 渠道编号")
    def channel_reference(self) -> str | None:
        """Show it."""
        reference: str | None = self.row["channel_reference"]
        return reference

    @strawberry.field(description="The ticket about the same matter that goes on for it. 并入单据")
    async def joined_into(self, info: Info) -> LeadTicket | None:
        """Read it."""
        return await lead_of(info.context, self.row)

    @strawberry.field(description="Tickets about the same matter that were joined to it. 并案单据")
    async def joined(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[Ticket]:
        """Read a page of those that the caller sees."""
        seen = await seen_by(info.context, "ticket")
        statement = joined_reads.joined_to(self.row["id"], seen)
        mark = fingerprint("joined", str(self.id))
        return await page_of(info.context, statement, PageArguments(first, after), mark)

    @strawberry.field(
        description="Tickets under way in the community that may be about the same matter; at most 20. 疑似重复"
    )
    async def possible_duplicates(self, info: Info) -> list[PossibleDuplicate]:
        """Compare the wording; at most 20."""
        seen = await seen_by(info.context, "ticket")
        wording = Wording(self.title, self.description)
        return await duplicates(info.context, await alike(info.context, self.region_code, wording, seen, self.row))

    @strawberry.field(description="The step it waits in, or the end it came to. 当前环节")
    def step(self, info: Info) -> ProcessStep:
        """Show it in the caller's language."""
        return ProcessStep.of(self.definition, self.row["step"], info.context)

    @strawberry.field(description="The region it is about. 区划")
    def region(self) -> RegionLink:
        """Refer to it."""
        return regions.Region(id=strawberry.ID(str(self.row["region_id"])))

    @strawberry.field(description="Whether a deadline has passed. 是否逾期")
    def is_overdue(self) -> bool:
        """Compare with now."""
        return self.due_at is not None and self.due_at <= now()

    @strawberry.field(description="Who raised it, masked; null when nobody was named. 提单人")
    async def requester(self, info: Info) -> TicketRequester | None:
        """Decrypt and mask."""
        row = await info.context.loader(reads.load_requesters).load(self.row["id"])
        cipher, subject = info.context.cipher, self.row["requester"]
        name = mask_name(cipher.decrypt(row["requester_name"])) if row and row["requester_name"] else None
        phone = mask_phone(cipher.decrypt(row["requester_phone"])) if row and row["requester_phone"] else None
        if name is None and phone is None and subject is None:
            return None
        return TicketRequester(name=name, phone=phone, is_me=subject == info.context.caller.subject)

    @strawberry.field(
        description="First day on which the requester's data is erased; null while under way or erased. 个人信息保存至"
    )
    def personal_data_kept_until(self) -> date | None:
        """Count from the end."""
        return None if self.row["erased_at"] else kept_until(self.definition.personal_data, self.ended_at)

    @strawberry.field(description="How the result was evaluated. 评价汇总")
    async def ratings(self, info: Info) -> TicketRatings:
        """Read the present round."""
        count, mean = await info.context.loader(reads.load_ratings).load(self.row["id"])
        return TicketRatings(count=count, mean=mean)

    @strawberry.field(description="The duties it waits for by its process, held or vacant. 待办岗位")
    async def waits_for(self, info: Info) -> list[TicketPost]:
        """List the posts of its step."""
        charge = charge_of_row(self.row, self.definition)
        held = await holders(info.context, charge)
        return [TicketPost(title=one[0], region_code=one[1], is_vacant=one not in held) for one in charge.own_posts()]

    @strawberry.field(
        description="Who has it now, by their duties; who stands in when nobody holds them; at most 200. 当前办理人"
    )
    async def in_charge(self, info: Info) -> list[Duty]:
        """Refer to the duties that are held today."""
        charge = charge_of_row(self.row, self.definition)
        held = await holders(info.context, charge)
        rows = in_charge(charge, held, self.row["assignee"])
        return [Duty(id=strawberry.ID(str(row["id"]))) for row in rows if is_duty(row["title"])]

    @strawberry.field(
        description="Who of a team has it now: its leader, or all members when it has none who is there; at "
        "most 200. 当前办理队员"
    )
    async def team_in_charge(self, info: Info) -> list[TicketTeamMember]:
        """Refer to the members."""
        charge = charge_of_row(self.row, self.definition)
        rows = in_charge(charge, await holders(info.context, charge), self.row["assignee"])
        return [
            TicketTeamMember(
                team=Team(id=strawberry.ID(str(row["team_id"]))),
                person=Person(id=strawberry.ID(str(row["person_id"]))),
                leads=row["leads"],
            )
            for row in rows
            if row["team_id"] is not None
        ]

    @strawberry.field(description="Whose turn it is in its step; null for all who hold its duty. 被指派人")
    async def assignee(self, info: Info) -> Person | None:
        """Refer to them, as long as they hold the duty."""
        charge, assignee = charge_of_row(self.row, self.definition), self.row["assignee"]
        if assignee is None or assignee not in filling(charge, await holders(info.context, charge)):
            return None
        return Person(id=strawberry.ID(str(assignee)))

    @strawberry.field(description="Who stands in today for those who have it and are away; at most 200. 代理人")
    async def deputies(self, info: Info) -> list[Person]:
        """Refer to them."""
        charge = charge_of_row(self.row, self.definition)
        held = await holders(info.context, charge)
        found = (row["deputy_id"] for row in in_charge(charge, held, self.row["assignee"]))
        return [Person(id=strawberry.ID(str(id_))) for id_ in dict.fromkeys(found) if id_ is not None]

    @strawberry.field(description="The organisation that was named to carry it out. 承办单位")
    def organisation(self) -> Organisation | None:
        """Refer to it."""
        return organisation_of(self.row["responsible"])

    @strawberry.field(description="Organisations that are asked to answer in the present step, at most 20. 会签单位")
    def invitations(self) -> list[TicketInvitation]:
        """List them in the order they were named."""
        invited = msgspec.convert(self.row["invitations"], list[Invitation])
        return [
            TicketInvitation(
                organisation=Organisation(id=strawberry.ID(str(one.organisation))),
                is_answered=one.answered_by is not None,
            )
            for one in invited
        ]

    @strawberry.field(description="Objections to its public notices, the first first. 公示异议")
    async def objections(
        self,
        info: Info,
        answered: Annotated[bool | None, strawberry.argument(description="Whether answered. 是否答复")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketObjection]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        return await objections_of(info.context, self.row["id"], asked, answered=answered)

    @strawberry.field(description="What of its process the caller can do with it now. 本人可办理动作")
    async def my_actions(self, info: Info) -> list[TicketAction]:
        """Ask the process, with the duties that the caller holds today."""
        offered = await actions_for(info.context, self.row, self.definition)
        return [TicketAction.of(one, info.context) for one in offered]


async def definitions_of(context: Context, rows: Sequence[RowMapping]) -> dict[tuple[str, int], Process]:
    """Return the processes that tickets are pinned to."""
    session, processes = await context.read(), processes_of(context)
    wanted = {(row["process"], row["process_version"]) for row in rows}
    return {key: await processes.get(session, *key) for key in wanted}


async def duplicates(context: Context, found: Sequence[tuple[float, RowMapping]]) -> list[PossibleDuplicate]:
    """Return what reads alike in the graph."""
    known = await definitions_of(context, [row for _, row in found])
    return [
        PossibleDuplicate(likeness=round(how, 2), ticket=Ticket.of(row, known[row["process"], row["process_version"]]))
        for how, row in found
    ]


async def ticket_by_id(context: Context, id_: UUID, seen: Visibility) -> Ticket | None:
    """Return a ticket that the caller sees."""
    row = await context.loader(reads.load_tickets).load((id_, seen))
    if row is None:
        return None
    process = (await definitions_of(context, [row]))[row["process"], row["process_version"]]
    return Ticket.of(row, process)


async def page_of(
    context: Context, statement: Select[Any] | Shaped | Finder, asked: PageArguments, mark: str
) -> Connection[Ticket]:
    """Return a page of tickets, the newest first."""
    session, most = await context.read(), reads.MOST_COUNTED + 1
    page = await paginate(session, statement, reads.ORDER, asked, mark, descending=True, most_counted=most)
    known = await definitions_of(context, page.rows)
    return page.connection(lambda row: Ticket.of(row, known[row["process"], row["process_version"]]))
