"""Who is in charge of a ticket: the duties of its step, whom it was escalated to, and who stands in for a vacancy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.tickets.domain.process import Holder

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket

Post = tuple[str, str]


def post_of(holder: Holder, region_code: str) -> Post | None:
    """Return the title and region code in which a ticket's holder is found; None when the ticket lies above."""
    region = holder.region_of(region_code)
    return None if region is None else (holder.title, region)


def own_holders(process: Process, ticket: Ticket) -> tuple[Holder, ...]:
    """Return who acts in the ticket's step by duty, and before whom it was brought."""
    step = process.step(ticket.step)
    named = [one for one in (step.who if step else ()) if isinstance(one, Holder)]
    return (*named, *ticket.escalated)


def heads(process: Process, ticket: Ticket) -> tuple[Holder, ...]:
    """Return who would be appealed to if the ticket's step were late, the nearest first."""
    step = process.step(ticket.step)
    return tuple(rung.to for rung in step.deadline.escalate) if step and step.deadline else ()


def posts(process: Process, ticket: Ticket) -> set[Post]:
    """Return every post that may bear on who is in charge."""
    found = (post_of(one, ticket.region_code) for one in (*own_holders(process, ticket), *heads(process, ticket)))
    return {post for post in found if post is not None}


def standing_in(process: Process, ticket: Ticket, held: Collection[Post]) -> tuple[Holder, ...]:
    """Return who is in charge because nobody holds the duties of the step; `held` are the posts that are held."""
    own = own_holders(process, ticket)
    if not own or any(post_of(one, ticket.region_code) in held for one in own):
        return ()
    return tuple(one for one in heads(process, ticket) if post_of(one, ticket.region_code) in held)[:1]


def in_charge(process: Process, ticket: Ticket, held: Collection[Post]) -> Sequence[Post]:
    """Return the posts, of those that are held, whose holders are in charge."""
    found = (
        post_of(one, ticket.region_code) for one in (*own_holders(process, ticket), *standing_in(process, ticket, held))
    )
    return [post for post in dict.fromkeys(found) if post is not None and post in held]
