"""What every resolver takes, and the types of org that tickets refers to: the gateway fetches the rest from org."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.database import WriteSession
from chassis.errors import BadRequest
from chassis.graphql.context import Context
from chassis.graphql.mutate import Permit
from services.tickets.access import Visibility
from services.tickets.commands.actors import now, person_of, sees_by
from services.tickets.domain.inbox import places_of
from services.tickets.domain.process_words import team_post
from services.tickets.extras import Extras
from services.tickets.graphql.performance import TicketPerformance
from services.tickets.live import Live
from services.tickets.storage import reads
from services.tickets.storage.duties import load_teams
from services.tickets.storage.performance import Wanted, load_performance
from services.tickets.storage.processes import Processes
from services.tickets.storage.stats import Which
from services.tickets.storage.team_performance import WantedOfTeam, load_team_performance

if TYPE_CHECKING:
    from services.tickets.graphql.regions import Region
    from services.tickets.graphql.tickets import Ticket

Info = strawberry.Info[Context, None]
RegionLink = Annotated["Region", strawberry.lazy("services.tickets.graphql.regions")]
TicketLink = Annotated["Ticket", strawberry.lazy("services.tickets.graphql.tickets")]

A = TypeVar("A")

_LONGEST_WORD = 100
_NOWHERE = "-"
"""Lies in no region: for a region that org has not told of yet, in which there can be no ticket."""
_REFERENCE: list[Any] = [Key(fields=FieldSet("id"), resolvable=False)]


@strawberry.federation.type(keys=_REFERENCE, description="A duty that a person holds; org has the rest. 任职")
class Duty:
    """A reference."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")


@strawberry.federation.type(keys=_REFERENCE, description="A person; org has the rest. 人员")
class Person:
    """A reference."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")


@strawberry.federation.type(keys=["id"], description="A team; org has the rest. 队伍")
class Team:
    """A team, as far as tickets knows it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Team":  # noqa: A002
        """Answer the gateway."""
        return cls(id=id)

    @strawberry.field(
        description="How teams of its kind did where it works: tickets that came to a step in which they act, of those "
        "that the caller sees. 办理绩效"
    )
    async def ticket_performance(
        self,
        info: "Info",
        process: Annotated[str | None, strawberry.argument(description="Code of a process. 流程")] = None,
        raised_from: Annotated[date | None, strawberry.argument(description="First day of raising. 起始日期")] = None,
        raised_to: Annotated[date | None, strawberry.argument(description="Last day of raising. 截止日期")] = None,
    ) -> TicketPerformance:
        """Count by the steps of the processes as they are known now."""
        context = info.context
        seen = await seen_by(context, "ticketStats")
        team = await context.loader(load_teams).load(uuid_of(self.id))
        if team is None:
            return TicketPerformance(figures={})
        every = await processes_of(context).every(await context.read())
        places = tuple(sorted(places_of(every, team_post(team["kind"]), team["region_code"])))
        which = Which(plain(process, "process"), raised_from, raised_to, seen)
        wanted = WantedOfTeam(team["region_code"], places, which)
        figures = await context.loader(load_team_performance).load((wanted, now().replace(second=0, microsecond=0)))
        return TicketPerformance(figures=figures)


@strawberry.federation.type(keys=["id"], description="An organisation; org has the rest. 组织")
class Organisation:
    """An organisation, as far as tickets knows it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> "Organisation":  # noqa: A002
        """Answer the gateway."""
        return cls(id=id)

    @strawberry.field(description="How it did with tickets, of those that the caller sees. 办理绩效")
    async def ticket_performance(
        self,
        info: "Info",
        process: Annotated[str | None, strawberry.argument(description="Code of a process. 流程")] = None,
        raised_from: Annotated[date | None, strawberry.argument(description="First day of raising. 起始日期")] = None,
        raised_to: Annotated[date | None, strawberry.argument(description="Last day of raising. 截止日期")] = None,
    ) -> TicketPerformance:
        """Count for all organisations of a page at once."""
        seen = await seen_by(info.context, "ticketStats")
        key = Wanted(uuid_of(self.id), Which(plain(process, "process"), raised_from, raised_to, seen))
        # One instant for a whole request, so that all organisations are one batch.
        figures = await info.context.loader(load_performance).load((key, now().replace(second=0, microsecond=0)))
        return TicketPerformance(figures=figures)


def region_of(id_: UUID) -> "Region":
    """Return the reference to a region."""
    from services.tickets.graphql import regions  # noqa: PLC0415 (it refers to what refers to it)

    return regions.Region(id=strawberry.ID(str(id_)))


def uuid_of(id_: str) -> UUID:
    """Return the identity that an ID stands for. Raises BadRequest."""
    try:
        return UUID(id_)
    except ValueError as error:
        raise BadRequest(reason="An id is a UUID.") from error


async def code_of(context: Context, id_: str) -> str:
    """Return a region's present code."""
    return await context.loader(reads.load_region_codes).load(uuid_of(id_)) or _NOWHERE


def plain(text: str | None, name: str) -> str | None:
    """Return a word to look for. Raises BadRequest for one that nothing can be called, or that is far too long."""
    if text is not None and (len(text) > _LONGEST_WORD or "\0" in text):
        raise BadRequest(reason=f"{name} has at most {_LONGEST_WORD} characters that can be shown.")
    return text


def processes_of(context: Context) -> Processes:
    """Return what this program knows of processes."""
    return extras_of(context).processes


def by_process(
    info: Info, command: Callable[[WriteSession, Permit, Processes, A], Awaitable[UUID]]
) -> Callable[[WriteSession, Permit, A], Awaitable[UUID]]:
    """Return `command` with the processes that it goes by, for `perform`."""
    processes = processes_of(info.context)
    return lambda session, permit, asked: command(session, permit, processes, asked)


def extras_of(context: Context) -> Extras:
    """Return what the service handed to its resolvers."""
    extras: Extras = context.extras
    return extras


def live_of(context: Context) -> Live:
    """Return who follows what in this program."""
    return extras_of(context).live


async def seen_by(context: Context, operation: str) -> Visibility:
    """Return which tickets the caller sees. Raises Unauthenticated or Forbidden."""
    context.access.admit(context.caller, operation)
    person = person_of(context.caller)
    held = await context.loader(reads.load_duties).load(person) if person else []
    return sees_by(context.caller, held, await processes_of(context).titles(await context.read()))


def named(context: Context, thing: Any) -> str:
    """Return the name of a part of a process in the caller's language."""
    name: str = thing.name_zh if context.language == "zh-CN" else thing.name_en
    return name
