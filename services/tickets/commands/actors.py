"""Who acts: the duties that the caller's token claims and org's register confirms, and where they are a resident."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.tickets.domain.calendar import local_day
from services.tickets.domain.charge import posts, standing_in
from services.tickets.domain.process import RESIDENT, Holder
from services.tickets.domain.ticket import Actor, Held
from services.tickets.storage.duties import holders_of, posts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.database import ReadSession
    from chassis.identity import Caller
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


async def actor_of(session: ReadSession, caller: Caller, region_code: str) -> Actor:
    """Return what the caller may act as in `region_code`.

    A duty counts when the caller has a grant of its title that covers the region, and holds it today.
    """
    subject = str(caller.subject)
    held: Sequence[tuple[str, str]] = ()
    try:
        person_id = UUID(subject)
    except ValueError:
        # The subject is no person of org's register, who alone hold duties.
        pass
    else:
        held = await posts_of(session, person_id, local_day(now()))
    duties = tuple(Held(title, region) for title, region in held if caller.holds(title, region_code))
    return Actor(subject, duties=duties, resident_in=caller.regions(RESIDENT))


async def stand_ins(session: ReadSession, process: Process, ticket: Ticket) -> tuple[Holder, ...]:
    """Return who is in charge of the ticket's step because nobody holds its duties today."""
    held = await holders_of(session, posts(process, ticket), local_day(now()))
    return standing_in(process, ticket, held.keys())
