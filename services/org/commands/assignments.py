"""Assign members who checked in to a branch or party group, and to a post; change it, end it, hand it over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, or_, select, update

from chassis.errors import NotFound
from chassis.events import outbox
from chassis.events.outbox import Draft
from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_kind, find, lock
from services.org.commands.publishing import SERVICE, publish
from services.org.commands.register_steps import end, gone
from services.org.domain import assignment_events as events
from services.org.domain.assignments import Assignment, Branch, check_branch, check_follows, check_said, cut
from services.org.domain.levels import Level
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.domain.redrawing import pair_up
from services.org.storage import tables as t
from services.org.storage.assignments import assignment_of
from services.org.storage.everywhere import everywhere
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class AssignCheckIn(msgspec.Struct, frozen=True):
    """What is asked: somebody who checked in belongs to a branch, or takes on a post, or both, from a day on."""

    check_in_id: UUID
    valid_from: date
    organisation_id: UUID | None = None
    post: str | None = None


async def assign_check_in(session: WriteSession, permit: Permit, asked: AssignCheckIn) -> UUID:
    """Assign who checked in; the assignment that they had ends that day. Return the check-in."""
    check_in = await lock(session, t.check_in, asked.check_in_id, "check_in")
    permit.require(check_in["region_code"], what="check_in")
    check_not_future(asked.valid_from, today(), "validFrom")
    await assign(session, check_in, Assignment(asked.organisation_id, asked.post, Period(asked.valid_from)))
    return asked.check_in_id


async def assign(session: WriteSession, check_in: RowMapping, wanted: Assignment) -> None:
    """Assign who checked in, whose row is locked: two who assign one person wait for each other."""
    check_said(wanted, "organisationId")
    on = wanted.period.start
    a = t.check_in_assignment
    rows = await session.rows(select(a).where(a.c.check_in_id == check_in["id"]).order_by(a.c.valid_from, a.c.id))
    existence = Period(check_in["valid_from"], check_in["valid_to"])
    check_follows([assignment_of(row) for row in rows], wanted, existence, "validFrom")
    if wanted.organisation_id is not None:
        await _check_branch(session, check_in, wanted.organisation_id, on)
    if wanted.post is not None:
        await check_kind(session, "service_post", wanted.post, "post")
    for row in rows:
        if row["valid_to"] is None:
            await _end(session, row, check_in["person_id"], on)
    new = {
        "id": new_id(),
        "check_in_id": check_in["id"],
        "organisation_id": wanted.organisation_id,
        "post": wanted.post,
        "region_id": check_in["region_id"],
        "region_code": check_in["region_code"],
        "valid_from": on,
        "valid_to": None,
    }
    await session.execute(insert(a), new)
    said = {name: new[name] for name in ("check_in_id", "organisation_id", "post", "valid_from")}
    session.changed("check_in_assignment", new["id"], new["region_code"], **said)
    await publish(session, _begun(new, check_in["person_id"]), new["id"], 1, new["region_code"])


async def end_assignment(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End an assignment: who checked in stays checked in. Return the check-in."""
    a = t.check_in_assignment
    # The check-in first, as whoever assigns does: two who wait for each other would wait for good.
    check_in_id: UUID | None = await session.scalar(select(a.c.check_in_id).where(a.c.id == asked.id))
    if check_in_id is None:
        raise NotFound(what="check_in_assignment")
    check_in = await lock(session, t.check_in, check_in_id, "check_in")

    def told(row: RowMapping) -> Event:
        return _ended(row, check_in["person_id"], asked.on)

    await end(session, permit, a, asked, told)
    return check_in_id


async def end_with_check_in(session: WriteSession, check_in: RowMapping, on: date) -> None:
    """End what a check-in that ends on `on` was assigned to from then on."""
    a = t.check_in_assignment
    rows = select(a).where(a.c.check_in_id == check_in["id"]).order_by(a.c.valid_from, a.c.id).with_for_update()
    for row in await session.rows(rows):
        period = cut(Period(row["valid_from"], row["valid_to"]), on)
        if period is not None and period.until is not None:
            await _end(session, row, check_in["person_id"], period.until)


async def hand_over_assignments(session: WriteSession, on: date, into: UUID, which: ColumnElement[bool]) -> None:
    """Let the organisation `into` have, from a day on, the chosen assignments to another one; tell of both.

    One that begins on `on` or later has no past yet: it is changed itself.
    """
    a, i = t.check_in_assignment, t.check_in
    drafts: list[Draft] = []
    for row in await assignments_from(session, on, which):
        person = await session.scalar(select(i.c.person_id).where(i.c.id == row["check_in_id"]))
        mine = update(a).where(a.c.id == row["id"])
        version = row["version"] + 1
        if row["valid_from"] < on:
            await session.execute(mine.values(valid_to=on, version=version))
            drafts.append(_draft(_ended(row, person, on), row, version))
            names = ("check_in_id", "post", "region_id", "region_code", "valid_to")
            new = {"id": new_id(), **{name: row[name] for name in names}, "organisation_id": into, "valid_from": on}
            await session.execute(insert(a), new)
            version = 1
        else:
            new = {**row, "organisation_id": into}
            await session.execute(mine.values(organisation_id=into, version=version))
        drafts.append(_draft(_begun(new, person), new, version))
    await outbox.append_many(session.connection, SERVICE, drafts)


async def follow_building(session: WriteSession, old: str, new: str, on: date) -> None:
    """Assign who lives in a building that went to another grid, by its codes before and now, to that grid's branch.

    Only where each grid has one organisation of the kind; people decide about the others, whose assignment stays.
    """
    o, a, digits = t.organisation, t.check_in_assignment, Level.GRID.code_length
    sides = []
    for grid in (old[:digits], new[:digits]):
        there = select(o.c.kind, o.c.id).where(o.c.region_code == grid, o.c.dissolved_on.is_(None))
        sides.append([(row["kind"], str(row["id"])) for row in await session.rows(there)])
    for one, other in sorted(pair_up(sides[0], sides[1]).items()):
        theirs = (a.c.organisation_id == UUID(one)) & in_prefix(a.c.region_code, new)
        await hand_over_assignments(session, on, UUID(other), theirs)


async def assignments_from(session: WriteSession, on: date, which: ColumnElement[bool]) -> Sequence[RowMapping]:
    """Lock and return the assignments that hold on `on` or later, in the order of their ids."""
    a = t.check_in_assignment
    still = or_(a.c.valid_to.is_(None), a.c.valid_to > on)
    return await session.rows(select(a).where(still, which).order_by(a.c.id).with_for_update())


async def _check_branch(session: WriteSession, check_in: RowMapping, branch_id: UUID, on: date) -> None:
    o, k = t.organisation, t.kind
    # Whoever merges or dissolves it waits, so that nobody is assigned to what is gone.
    locked = select(o).where(o.c.id == branch_id).with_for_update(read=True)
    row = await session.row(locked)
    if row is None:
        raise await _out_of_scope(session, check_in["region_code"], branch_id)
    is_party = await session.scalar(select(k.c.party).where(k.c.category == "organisation", k.c.code == row["kind"]))
    person = await find(session, t.person, check_in["person_id"], OrgProblem.UNKNOWN_PERSON, "id")
    branch = Branch(row["region_code"], bool(is_party), Period(row["established_on"], row["dissolved_on"]))
    status = PartyStatus(person["party_status"])
    check_branch(branch, check_in["region_code"], status, Period(on), "organisationId")


async def _out_of_scope(session: WriteSession, code: str, branch_id: UUID) -> Refused:
    """Return the refusal of a branch out of the caller's scope: one above where somebody checked in is told as such."""
    o = t.organisation
    async with everywhere(session):
        branch: str | None = await session.scalar(select(o.c.region_code).where(o.c.id == branch_id))
    if branch is not None and code.startswith(branch):
        return Refused(OrgProblem.BRANCH_ABOVE, "organisationId", branch=branch)
    return Refused(OrgProblem.UNKNOWN_ORGANISATION, "organisationId")


async def _end(session: WriteSession, row: RowMapping, person_id: UUID, on: date) -> None:
    a, version = t.check_in_assignment, row["version"] + 1
    await session.execute(update(a).where(a.c.id == row["id"]).values(valid_to=on, version=version))
    session.changed("check_in_assignment", row["id"], row["region_code"], valid_to=on)
    await publish(session, _ended(row, person_id, on), row["id"], version, row["region_code"])


def _begun(row: Any, person_id: UUID) -> events.AssignmentBegun:
    names = ("check_in_id", "organisation_id", "post", "region_id", "region_code", "valid_from", "valid_to")
    return events.AssignmentBegun(assignment_id=row["id"], person_id=person_id, **{name: row[name] for name in names})


def _ended(row: RowMapping, person_id: UUID, on: date) -> events.AssignmentEnded:
    return events.AssignmentEnded(
        assignment_id=row["id"], check_in_id=row["check_in_id"], person_id=person_id, **gone(row, on)
    )


def _draft(event: Event, row: Any, version: int) -> Draft:
    return Draft(
        event=event,
        aggregate_id=row["id"],
        aggregate_version=version,
        region_code=row["region_code"],
        occurred_at=datetime.now(UTC),
    )
