"""Tickets about the same matter in the graph: what a ticket was joined to, and what may be the same matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.context import Context
from services.tickets.access import Visibility
from services.tickets.commands.actors import now
from services.tickets.domain.levels import Level
from services.tickets.domain.likeness import ALIKE, Wording
from services.tickets.domain.process import Process
from services.tickets.graphql.enums import TicketOutcome
from services.tickets.graphql.links import Info, TicketLink, processes_of
from services.tickets.graphql.words import ProcessStep
from services.tickets.storage import joining as reads

MOST_SHOWN = 20
_SINCE = timedelta(days=90)


@strawberry.type(
    description="A ticket that goes on for others about the same matter, as their requesters see it. 并入单据"
)
class LeadTicket:
    """Where the matter stands, and nothing that its own requester wrote."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    number: str = strawberry.field(description="What people quote. 单号")
    version: int = strawberry.field(description="Counts what was done; give it back as expectedVersion. 版本")
    changed_at: datetime = strawberry.field(description="When something was last done. 最近办理时间")
    ended_at: datetime | None = strawberry.field(description="When it ended. 结束时间")
    outcome: TicketOutcome | None = strawberry.field(description="How it ended. 办结方式")
    notice: str | None = strawberry.field(description="What is made public of the result, once it is. 公开内容")
    row: strawberry.Private[RowMapping]
    definition: strawberry.Private[Process]

    @classmethod
    def of(cls, row: RowMapping, process: Process) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            **{name: row[name] for name in ("number", "version", "changed_at", "ended_at")},
            outcome=None if row["outcome"] is None else TicketOutcome[row["outcome"].upper()],
            notice=row["notice"] if row["public_since"] is not None else None,
            row=row,
            definition=process,
        )

    @strawberry.field(description="The step it waits in, or the end it came to. 当前环节")
    def step(self, info: Info) -> ProcessStep:
        """Show it in the caller's language."""
        return ProcessStep.of(self.definition, self.row["step"], info.context)


@strawberry.type(description="A ticket under way that may be about the same matter; at most 20. 疑似重复")
class PossibleDuplicate:
    """A hint: nothing is joined by itself."""

    likeness: float = strawberry.field(description="How alike they read, up to 1. 相似度")
    ticket: TicketLink = strawberry.field(description="The other ticket. 单据")


async def lead_of(context: Context, row: RowMapping) -> LeadTicket | None:
    """Return the ticket that one was joined to; None for none, or for one in a region out of sight."""
    return await shown_lead(context, row["joined_into"])


async def shown_lead(context: Context, id_: UUID | None) -> LeadTicket | None:
    """Return where a ticket stands that another refers to; None for none, or for one in a region out of sight."""
    if id_ is None:
        return None
    lead = await context.loader(reads.load_leads).load(id_)
    if lead is None:
        return None
    session = await context.read()
    return LeadTicket.of(lead, await processes_of(context).get(session, lead["process"], lead["process_version"]))


async def alike(
    context: Context, region_code: str, wording: Wording, seen: Visibility, but: RowMapping | None = None
) -> Sequence[tuple[float, RowMapping]]:
    """Return tickets under way in the same community that read alike, the most alike first."""
    prefix = region_code[: Level.COMMUNITY.value]
    rows = await reads.under_way(await context.read(), prefix, seen, now() - _SINCE)
    others = (row for row in rows if but is None or row["id"] != but["id"])
    found = [(wording.alike(Wording(row["title"], row["description"])), row) for row in others]
    found.sort(key=lambda one: -one[0])
    return [one for one in found[:MOST_SHOWN] if one[0] >= ALIKE]
