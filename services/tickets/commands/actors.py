"""Who acts: the duties that the caller's token claims and org's register confirms, and where they are a resident."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from services.tickets.access import visibility
from services.tickets.domain.assignment import in_force
from services.tickets.domain.calendar import local_day
from services.tickets.domain.charge import charge_of
from services.tickets.domain.process import RESIDENT, Holder
from services.tickets.domain.ticket import Actor, Held, Seat, StandIn
from services.tickets.storage.duties import duties_of, holders_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chassis.database import ReadSession
    from chassis.identity import Caller
    from services.tickets.access import Visibility
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket
    from services.tickets.storage.duties import HeldDuty
    from services.tickets.storage.processes import Processes


def now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


def person_of(caller: Caller) -> UUID | None:
    """Return the person of org's register that the caller is; only such a person holds duties."""
    try:
        return UUID(str(caller.subject))
    except ValueError:
        return None


def actor_with(caller: Caller, held: Sequence[HeldDuty], region_code: str) -> Actor:
    """Return what the caller may act as in `region_code`, holding duties `held` today.

    A duty counts when the caller also has a grant of its title that covers the region; a membership of a team, a
    check-in, and another's duty for which they stand in, when they have any grant there.
    """
    valid = [one for one in held if _is_granted(caller, one, region_code)]
    own = [one for one in valid if one.stands_in_for is None]
    stood_in = [one for one in valid if one.stands_in_for is not None]
    duties = tuple(Held(one.title, one.region_code) for one in valid)
    seats = tuple(Seat(one.title, one.organisation_id) for one in valid if one.organisation_id is not None)
    mine = {(one.title, one.region_code) for one in own}
    stands_in = tuple(
        StandIn(one.title, one.region_code, one.stands_in_for)
        for one in stood_in
        if one.stands_in_for is not None and (one.title, one.region_code) not in mine
    )
    residence = caller.regions(RESIDENT)
    return Actor(str(caller.subject), duties=duties, resident_in=residence, seats=seats, stands_in=stands_in)


def _is_granted(caller: Caller, duty: HeldDuty, region_code: str) -> bool:
    return caller.sees(region_code) if duty.is_by_register else caller.holds(duty.title, region_code)


def sees_by(caller: Caller, held: Sequence[HeldDuty], titles: Mapping[str, frozenset[str]]) -> Visibility:
    """Return which tickets the caller sees, holding duties `held` today; `titles` have to do with each process."""
    return visibility(caller, titles, [(one.title, one.region_code) for one in held if one.is_by_register])


async def sees_in(session: ReadSession, caller: Caller, processes: Processes) -> Visibility:
    """Return which tickets the caller sees."""
    return sees_by(caller, await acting_duties(session, caller), await processes.titles(session))


async def actor_of(session: ReadSession, caller: Caller, region_code: str) -> Actor:
    """Return what the caller may act as in `region_code`."""
    person = person_of(caller)
    held = await duties_of(session, person, local_day(now())) if person else []
    return actor_with(caller, held, region_code)


async def acting_duties(session: ReadSession, caller: Caller) -> list[HeldDuty]:
    """Return the duties by which the caller may act today: their own and those they stand in for, where granted."""
    person = person_of(caller)
    held = await duties_of(session, person, local_day(now())) if person else []
    return [one for one in held if actor_with(caller, [one], one.region_code).duties]


async def stand_ins(session: ReadSession, process: Process, ticket: Ticket) -> tuple[Holder, ...]:
    """Return who is in charge of the ticket's step because nobody holds its duties today."""
    return (await turn_of(session, process, ticket)).standing_in


class Turn(NamedTuple):
    """Whose turn a ticket is where it waits."""

    ticket: Ticket
    """With its assignment, if that is in force."""
    people: frozenset[UUID]
    """Who fills the step's posts today: whose turn it can be."""
    standing_in: tuple[Holder, ...]
    """Who is in charge because nobody does."""


async def turn_of(session: ReadSession, process: Process, ticket: Ticket) -> Turn:
    """Return whose turn it is by org's register and by who is away."""
    charge = charge_of(process, ticket.step, ticket.region_code, ticket.escalated)
    held = await holders_of(session, charge.posts(), local_day(now()))
    people = frozenset(row["person_id"] for post in charge.step_posts() for row in held.get(post, ()))
    return Turn(in_force(ticket, people), people, charge.standing_in(held.keys()))
