"""The root queries."""

from __future__ import annotations

from typing import Annotated

import strawberry

from chassis.errors import BadRequest, NotFound
from chassis.graphql.connection import Connection, PageArguments, fingerprint
from chassis.graphql.events import PublishedEventConnection, events_field
from services.tickets.domain.levels import Level, level_of
from services.tickets.domain.likeness import Wording
from services.tickets.domain.process import REQUESTER, RESIDENT, Process, Who
from services.tickets.graphql.absences import Absence, my_absences
from services.tickets.graphql.deliberations import SessionKind, all_session_kinds
from services.tickets.graphql.inbox import InboxOfDuty, my_inbox
from services.tickets.graphql.joining import PossibleDuplicate, alike
from services.tickets.graphql.links import Info, plain, processes_of, seen_by, uuid_of
from services.tickets.graphql.notifications import NotificationQueries
from services.tickets.graphql.objections import TicketObjection, my_objections
from services.tickets.graphql.own_words import OwnWords, my_words
from services.tickets.graphql.personal_data import PersonalDataOfTicket, my_personal_data
from services.tickets.graphql.public import PublicTicket, public_page
from services.tickets.graphql.tickets import Ticket, duplicates, page_of, ticket_by_id
from services.tickets.graphql.words import TicketProcess
from services.tickets.storage import reads


@strawberry.type(description="What can be asked. 查询")
class Query(NotificationQueries):
    """What tickets answers at the root."""

    tickets_events: PublishedEventConnection = events_field("tickets")

    @strawberry.field(description="A ticket that the caller may see. 议事单")
    async def ticket(self, info: Info, id: strawberry.ID) -> Ticket | None:  # noqa: A002
        """Read it. Raises NotFound."""
        found = await ticket_by_id(info.context, uuid_of(id), await seen_by(info.context, "ticket"))
        if found is None:
            raise NotFound(what="ticket")
        return found

    @strawberry.field(description="The tickets that the caller raised, the newest first. 我的提单")
    async def my_tickets(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Ticket]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "myTickets")
        subject = str(info.context.caller.subject)
        statement = reads.tickets_of_requester(subject)
        mark = fingerprint("myTickets", subject)
        return await page_of(info.context, statement, PageArguments(first, after, last, before), mark)

    @strawberry.field(description="The caller's objections to public notices, the newest first, at most 100. 我的异议")
    async def my_objections(self, info: Info) -> list[TicketObjection]:
        """Read them."""
        info.context.access.admit(info.context.caller, "myObjections")
        return await my_objections(info.context)

    @strawberry.field(
        description="What tickets keep of the caller, unmasked, with who looked at it, the newest first. 我的个人信息"
    )
    async def my_personal_data(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[PersonalDataOfTicket]:
        """Read a page of it."""
        return await my_personal_data(info.context, PageArguments(first, after))

    @strawberry.field(
        description="What the caller wrote or said beside tickets of their own and is left, the newest first. 我的留言"
    )
    async def my_words(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[OwnWords]:
        """Read a page of it."""
        return await my_words(info.context, PageArguments(first, after))

    @strawberry.field(description="The practice's kinds of sessions that are held regularly, with their days. 会议类型")
    async def session_kinds(self, info: Info) -> list[SessionKind]:
        """Read them all."""
        return await all_session_kinds(info.context)

    @strawberry.field(
        description="What waits for the caller, by each duty that they may act by today, at most 100. 我的待办"
    )
    async def my_inbox(self, info: Info) -> list[InboxOfDuty]:
        """Read what is asked of each."""
        info.context.access.admit(info.context.caller, "myInbox")
        return await my_inbox(info.context)

    @strawberry.field(
        description="Absences from the caller's duties and from those they stand in for, at most 100. 我的外出代理"
    )
    async def my_absences(self, info: Info) -> list[Absence]:
        """Read those that are not over."""
        info.context.access.admit(info.context.caller, "myAbsences")
        return await my_absences(info.context)

    @strawberry.field(description="Tickets that everyone may see; needs no token. The last made public first. 公开单据")
    async def public_tickets(
        self,
        info: Info,
        region_code: Annotated[str, strawberry.argument(description="Here and below. 区划代码")],
        process: Annotated[str | None, strawberry.argument(description="Code of a process. 流程")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PublicTicket]:
        """Read a page of them."""
        code = region_code.strip()
        if level_of(code) is None:
            raise BadRequest(reason=f"{code[:40]!r} is not a region code.")
        session = await info.context.read_public()
        asked = PageArguments(first, after, last, before)
        mark = fingerprint("publicTickets", code, process)
        statement = reads.public_tickets(code, plain(process, "process"))
        return await public_page(info.context, session, statement, asked, mark, by_publicity=True)

    @strawberry.field(
        description="Tickets to evaluate: where the caller lives, or about what they asked for too. 待评单据"
    )
    async def tickets_to_evaluate(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[PublicTicket]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "ticketsToEvaluate")
        session = await info.context.read()
        every = await processes_of(info.context).every(session)
        of_all = [place for process in every for place in _evaluated_by(process, RESIDENT)]
        own = [place for process in every for place in _evaluated_by(process, REQUESTER)]
        subject = str(info.context.caller.subject)
        statement = reads.tickets_to_evaluate(info.context.caller.regions(RESIDENT), of_all, subject, own)
        asked = PageArguments(first, after, last, before)
        mark = fingerprint("ticketsToEvaluate", info.context.caller.subject)
        return await public_page(info.context, session, statement, asked, mark, by_publicity=False)

    @strawberry.field(
        description="Tickets under way in a community that may be about a matter that somebody brings in; at most 20. "
        "疑似重复"
    )
    async def possible_duplicates(
        self,
        info: Info,
        region_code: Annotated[str, strawberry.argument(description="The region it is about. 区划代码")],
        title: Annotated[str, strawberry.argument(description="What it is about, in short. 标题")],
        description: Annotated[str, strawberry.argument(description="What it is about. 内容")] = "",
    ) -> list[PossibleDuplicate]:
        """Compare the wording with what the caller sees; at most 20."""
        code = region_code.strip()
        level = level_of(code)
        if level is None or level.value < Level.COMMUNITY.value:
            raise BadRequest(reason=f"{code[:40]!r} is not the code of a community or below.")
        seen = await seen_by(info.context, "possibleDuplicates")
        return await duplicates(info.context, await alike(info.context, code, Wording(title, description), seen))

    @strawberry.field(description="The processes in which tickets can be raised, in their newest versions. 流程目录")
    async def ticket_processes(self, info: Info) -> list[TicketProcess]:
        """Read them all: a practice has a few dozen."""
        info.context.access.admit(info.context.caller, "processes")
        newest: dict[str, Process] = {}
        for process in await processes_of(info.context).every(await info.context.read()):
            if process.code not in newest or newest[process.code].version < process.version:
                newest[process.code] = process
        return [TicketProcess.of(newest[code], info.context) for code in sorted(newest)]


def _evaluated_by(process: Process, who: Who) -> list[tuple[str, int, str]]:
    """Return the steps in which residents or requesters may evaluate, as (process, version, step)."""
    return [
        (process.code, process.version, step.code)
        for step in process.steps
        for action in step.actions
        if action.kind == "evaluate" and who in step.who_may(action)
    ]
