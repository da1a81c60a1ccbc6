"""Who is in charge of a ticket and what the caller can do with it, for many tickets of one request at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping

from chassis.graphql.context import Context
from chassis.problems import Refused
from services.tickets.commands.actors import actor_with, now, person_of
from services.tickets.domain import assignment
from services.tickets.domain.actions import Offered, offered
from services.tickets.domain.calendar import ZONE, local_day
from services.tickets.domain.charge import Charge, Post, charge_of
from services.tickets.domain.countersigning import open_seats
from services.tickets.domain.process import Holder, Kind, Process
from services.tickets.domain.process_words import checked_in_group
from services.tickets.domain.reopening import check_reopening
from services.tickets.domain.ticket import Actor, Ticket
from services.tickets.graphql.links import processes_of
from services.tickets.storage import reads
from services.tickets.storage.children import load_open_counts
from services.tickets.storage.state import ticket_of


def charge_of_row(row: RowMapping, process: Process) -> Charge:
    """Return who bears on a ticket where it is."""
    escalated = msgspec.convert(row["escalated"], tuple[Holder, ...])
    return charge_of(process, row["step"], row["region_code"], escalated)


async def holders(context: Context, charge: Charge) -> Mapping[Post, Sequence[RowMapping]]:
    """Return the posts that bear on a ticket and are held today, with the duties."""
    posts = charge.posts()
    found = await context.loader(reads.load_holders).load_many([(post, _today()) for post in posts])
    return {post: rows for post, rows in zip(posts, found, strict=True) if rows}


def filling(charge: Charge, held: Mapping[Post, Sequence[RowMapping]]) -> frozenset[UUID]:
    """Return the people who fill the posts of a ticket's step today."""
    return frozenset(row["person_id"] for post in charge.step_posts() for row in held.get(post, ()))


MOST_IN_CHARGE = 200
"""How many are named as having a ticket; all who hold its duty may act."""


def in_charge(charge: Charge, held: Mapping[Post, Sequence[RowMapping]], assignee: UUID | None) -> list[RowMapping]:
    """Return the duties by which somebody has a ticket; those of others in its step not while it is somebody's turn.

    Of a team it is the leader, if one is there; who checked in is not listed, but for whose turn it is.
    """
    is_theirs = assignee in filling(charge, held)
    step = set(charge.step_posts()) - set(charge.escalated_posts())
    return [
        row
        for post in charge.in_charge(held.keys())
        for row in ([] if is_theirs else [one for one in held[post] if one["leads"]]) or held[post]
        if row["person_id"] == assignee or not ((is_theirs and post in step) or checked_in_group(post[0]))
    ][:MOST_IN_CHARGE]


def _today() -> datetime:
    """Return the start of today, so that all tickets of a request ask about one instant."""
    return datetime.combine(local_day(now()), datetime.min.time(), ZONE)


async def _actor(context: Context, region_code: str) -> Actor:
    """Return what the caller may act as in a region; their duties are read once a request."""
    person = person_of(context.caller)
    held = await context.loader(reads.load_duties).load(person) if person else []
    return actor_with(context.caller, held, region_code)


async def actions_for(context: Context, row: RowMapping, process: Process) -> list[Offered]:
    """Return what the caller can do with a ticket now."""
    here = list(offered(process, row["step"]))
    if not here:
        return []
    charge = charge_of_row(row, process)
    # Asked together, so that each is one batch for all tickets of a page.
    actor, held, evaluations = await asyncio.gather(
        _actor(context, row["region_code"]),
        holders(context, charge),
        context.loader(reads.load_evaluations).load(row["id"]),
    )
    more = (*charge.escalated, *charge.standing_in(held.keys()))
    ticket = assignment.in_force(ticket_of(row, (), evaluations), filling(charge, held))
    found = []
    seats = open_seats(process, ticket)
    for one in here:
        mine = assignment.who_in_turn(process, ticket, one, actor)
        who = (*mine, *more) if one.is_for_duties else mine
        stands = actor.standing(who, row["region_code"], row["requester"], seats) is not None
        if stands and await _is_open(context, process, ticket, one, actor.subject):
            found.append(one)
    return found


async def _is_open(context: Context, process: Process, ticket: Ticket, one: Offered, subject: str) -> bool:
    """Tell whether nothing on record speaks against an action that is the caller's to do."""
    if one.action.kind is Kind.EVALUATE:
        return all(done.by != subject or done.round != ticket.round for done in ticket.evaluations)
    step = process.step(ticket.step)
    if step is not None and step.children is not None and step.children.leaving == "bar":
        leads_out = one.action.to not in {None, step.code}
        if leads_out and await context.loader(load_open_counts).load((ticket.id, ticket.visits)):
            return False
    if one.action.kind in {Kind.CLAIM_TURN, Kind.RELEASE_TURN}:
        return assignment.is_open(one.action.kind, ticket)
    if one.action.count > 1 and any(mark.by == subject and mark.action == one.action.code for mark in ticket.marks):
        return False
    if one.action.kind is Kind.REOPEN and process.reopening is not None:
        calendar = await processes_of(context).calendar(await context.read())
        try:
            check_reopening(process.reopening, ticket, subject, now(), calendar)
        except Refused:
            return False
    return True
