"""What a ticket adds to the graph by its results: what it delivered, and the tickets that are about it."""

from __future__ import annotations

from typing import Any

import strawberry

from chassis.graphql.connection import Connection, PageArguments, fingerprint
from services.tickets.domain.process import Process
from services.tickets.graphql.deliverables import TicketDeliverable, delivered
from services.tickets.graphql.joining import LeadTicket, shown_lead
from services.tickets.graphql.links import Info, TicketLink, seen_by
from services.tickets.storage import children as family
from services.tickets.storage import concerns as reads


@strawberry.type
class TicketResults:
    """What a ticket adds by its results: deliverables, its family, and tickets that are about it."""

    row: strawberry.Private[Any]
    definition: strawberry.Private[Process]

    @strawberry.field(description="All that it has delivered, by the last word; at most 20. 成果")
    async def deliverables(self, info: Info) -> list[TicketDeliverable]:
        """Read what stands."""
        rows = await info.context.loader(reads.load_deliverables).load(self.row["id"])
        return delivered((row for row in rows if row["stands"]), self.definition, info.context)

    @strawberry.field(description="The ticket that it is a part of, if the caller sees that too. 母单")
    async def parent(self, info: Info) -> TicketLink | None:
        """Read it, as anybody's."""
        from services.tickets.graphql import tickets  # noqa: PLC0415 (tickets has these fields)

        if self.row["parent"] is None:
            return None
        return await tickets.ticket_by_id(info.context, self.row["parent"], await seen_by(info.context, "ticket"))

    @strawberry.field(description="Its child tickets, as far as the caller sees them themselves. 子单")
    async def children(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[TicketLink]:
        """Read a page of them."""
        from services.tickets.graphql import tickets  # noqa: PLC0415 (tickets has these fields)

        seen = await seen_by(info.context, "ticket")
        mark = fingerprint("children", str(self.row["id"]))
        statement = family.children_of(self.row["id"], seen)
        return await tickets.page_of(info.context, statement, PageArguments(first, after), mark)

    @strawberry.field(description="The ticket that it is about, as a complaint is. 所涉单据")
    async def concerns(self, info: Info) -> LeadTicket | None:
        """Read it."""
        return await shown_lead(info.context, self.row["concerns"])

    @strawberry.field(description="Tickets that are about it, such as complaints, as far as the caller sees. 投诉单据")
    async def complaints(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[TicketLink]:
        """Read a page of them."""
        from services.tickets.graphql import tickets  # noqa: PLC0415 (tickets has these fields)

        seen = await seen_by(info.context, "ticket")
        mark = fingerprint("complaints", str(self.row["id"]))
        statement = reads.concerning(self.row["id"], seen)
        return await tickets.page_of(info.context, statement, PageArguments(first, after), mark)
