"""What a ticket is about when that is another ticket, as with a complaint about a renovation (投诉所涉单据)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.errors import NotFound
from chassis.problems import Refused
from services.tickets.commands.actors import sees_in
from services.tickets.domain.joining import is_one_place
from services.tickets.domain.problems import TicketProblem
from services.tickets.storage.concerns import concerned

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.tickets.domain.process import Process
    from services.tickets.storage.processes import Processes


async def check_concern(
    session: WriteSession, permit: Permit, processes: Processes, process: Process, ticket_id: UUID, region_code: str
) -> None:
    """Refuse what a ticket of `process` in a region cannot be about.

    Raises NotFound for a ticket that is neither public nor seen by the caller, and Refused for one of another process
    or place.
    """
    row = await concerned(session, ticket_id)
    seen = await sees_in(session, permit.caller, processes)
    if row is None or not (row["is_public"] or seen.sees(row["process"], row["region_code"], row["requester"])):
        raise NotFound(what="ticket")
    if row["process"] not in process.raising.concerns or not is_one_place(region_code, row["region_code"]):
        raise Refused(TicketProblem.WRONG_CONCERN, "concerns", number=row["number"])
