"""Members of committees in office: officers, departures, recall, dissolution, and who is no longer an owner."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import func, select, update

from chassis.errors import NotFound
from chassis.problems import Refused
from services.property.commands.committee_parts import IN_OFFICE, lock_committee, of, use_decision
from services.property.commands.places import lock
from services.property.commands.publishing import store
from services.property.domain.content import ZONE, today
from services.property.domain.elections import must_elect
from services.property.domain.events import MemberLeft
from services.property.domain.problems import PropertyProblem
from services.property.domain.seats import Departure, Office
from services.property.domain.voting import Matter
from services.property.storage import committee_tables as c
from services.property.storage import tables as t
from services.property.storage.committees import sitting

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class ChooseOfficers(msgspec.Struct, frozen=True):
    """What is asked: who of the members is chair, and who is deputy."""

    committee_id: UUID
    chair_id: UUID
    deputy_ids: tuple[UUID, ...] = ()


class EndMembership(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: that a member leaves; a recall needs the owners' decision (item 3 of article 278)."""

    member_id: UUID
    reason: Departure
    vote_id: UUID | None = None
    position: int = 0


async def choose_officers(session: WriteSession, permit: Permit, asked: ChooseOfficers) -> UUID:
    """Give members their offices anew and return the committee's id."""
    committee = await lock_committee(session, permit, asked.committee_id, IN_OFFICE)
    s = c.seat
    mine = (s.c.committee_id == committee["id"]) & sitting(today())
    members = {row["id"] for row in await session.rows(select(s.c.id).where(mine))}
    chosen = {asked.chair_id, *asked.deputy_ids}
    if not chosen <= members or len(chosen) != 1 + len(asked.deputy_ids):
        raise Refused(PropertyProblem.NOT_A_MEMBER, "chairId")
    await session.execute(update(s).where(mine).values(office=Office.MEMBER.value))
    await session.execute(update(s).where(s.c.id.in_(asked.deputy_ids)).values(office=Office.DEPUTY.value))
    await session.execute(update(s).where(s.c.id == asked.chair_id).values(office=Office.CHAIR.value))
    session.changed("committee", committee["id"], committee["region_code"], chair=asked.chair_id)
    await store(session, c.committee, committee, None)
    return UUID(str(committee["id"]))


async def end_membership(session: WriteSession, permit: Permit, asked: EndMembership) -> UUID:
    """Note that a member left and return the committee's id."""
    s = c.seat.c
    before = await session.row(select(s.committee_id).where(s.id == asked.member_id))
    if before is None:
        raise NotFound(what="member")
    committee = await lock_committee(session, permit, before["committee_id"], IN_OFFICE)
    seat = await session.row(select(c.seat).where(s.id == asked.member_id, s.valid_to.is_(None)))
    if seat is None:
        raise Refused(PropertyProblem.ALREADY_ENDED, "memberId")
    if asked.reason is Departure.RECALLED:
        if asked.vote_id is None:
            raise Refused(PropertyProblem.NOT_DECIDED, "voteId", matter=Matter.COMMITTEE.value)
        used_for = f"recall {asked.member_id}"
        decided = await use_decision(
            session, committee, asked.vote_id, asked.position, Matter.COMMITTEE.value, used_for
        )
        if decided["closed_at"].astimezone(ZONE).date() < seat["valid_from"]:
            raise Refused(PropertyProblem.NOT_DECIDED, "voteId", matter=Matter.COMMITTEE.value)
    await leave(session, committee, [seat], asked.reason)
    return UUID(str(committee["id"]))


async def leave(session: WriteSession, committee: RowMapping, seats: list[RowMapping], why: Departure) -> None:
    """End seats of a locked committee, and tell of it with how many members are left."""
    s = c.seat
    for seat in seats:
        ended = update(s).where(s.c.id == seat["id"]).values(valid_to=today(), end_reason=why.value)
        await session.execute(ended)
        session.changed("seat", seat["id"], committee["region_code"], reason=why.value)
    mine = (s.c.committee_id == committee["id"]) & sitting(today())
    left = int(await session.scalar(select(func.count()).where(mine)))
    event = MemberLeft(
        **of(committee),
        committee_id=committee["id"],
        reason=why,
        members=left,
        must_elect=must_elect(committee["seats"], left),
    )
    await store(session, c.committee, committee, event)


async def leave_former_owners(session: WriteSession, compound_id: UUID) -> None:
    """End the seats of who owns nothing in the compound any more: they sit there as owners (article 278, item 3)."""
    s, w, m = c.seat.c, t.ownership.c, c.committee.c
    owns = select(w.id).where(w.owner_id == s.owner_id, w.valid_to.is_(None)).exists()
    lost = (
        select(c.seat)
        .join(c.committee, m.id == s.committee_id)
        .where(m.compound_id == compound_id, m.status == IN_OFFICE, s.valid_to.is_(None))
        .where(s.owner_id.is_not(None), ~owns)
    )
    rows = list(await session.rows(lost))
    for committee_id in sorted({row["committee_id"] for row in rows}):
        committee = await lock(session, c.committee, committee_id, "committee")
        mine = [row for row in rows if row["committee_id"] == committee_id]
        await leave(session, committee, mine, Departure.NO_LONGER_OWNER)
