"""Elections: put the admitted candidates to the owners' vote, and seat who is elected when it closes."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.property.commands.candidates import lock_election
from services.property.commands.committee_parts import ENDED, IN_OFFICE, found, lock_committee, of, rule_of
from services.property.commands.places import lock
from services.property.commands.publishing import store
from services.property.commands.votes import AnnounceVote, AskedItem, place_vote
from services.property.domain.content import today
from services.property.domain.elections import ElectionStatus, Standing, Votes, elect, is_constituted
from services.property.domain.events import CommitteeEnded, CommitteeTookOffice, ElectionFailed
from services.property.domain.problems import PropertyProblem
from services.property.domain.seats import Ending, Office
from services.property.domain.terms import term_of
from services.property.domain.voting import Matter
from services.property.storage import committee_tables as c
from services.property.storage import tables as t
from services.property.storage.bulk import insert_rows
from services.property.storage.committees import sitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.property.domain.results import Result


class HoldElection(msgspec.Struct, frozen=True):
    """What is asked: the vote on the admitted candidates, each a matter of its own on one ballot."""

    election_id: UUID
    title: str
    opens_at: datetime
    closes_at: datetime
    rule: str | None = None


class OpenByElection(msgspec.Struct, frozen=True):
    """What is asked: an election for the empty seats of a committee in office."""

    committee_id: UUID


async def hold_election(session: WriteSession, permit: Permit, asked: HoldElection) -> UUID:
    """Announce the vote of an election whose review is done; return the committee's id."""
    committee, election = await lock_election(session, permit, asked.election_id, ElectionStatus.REVIEWING)
    n = c.candidate.c
    mine = select(n.id, n.name, n.status).where(n.election_id == election["id"]).order_by(n.id)
    candidates = list(await session.rows(mine))
    if any(row["status"] == Standing.NOMINATED.value for row in candidates):
        raise Refused(PropertyProblem.REVIEW_OPEN, "electionId")
    admitted = [row for row in candidates if row["status"] == Standing.ADMITTED.value]
    least = rule_of(committee).least_seats if election["kind"] == "first" else 1
    if len(admitted) < least:
        raise Refused(PropertyProblem.TOO_FEW_CANDIDATES, "electionId", least=least)
    decrypt = permit.context.cipher.decrypt
    vote = AnnounceVote(
        compound_id=committee["compound_id"],
        title=asked.title,
        items=tuple(AskedItem(Matter.COMMITTEE.value, decrypt(bytes(row["name"]))) for row in admitted),
        opens_at=asked.opens_at,
        closes_at=asked.closes_at,
        rule=asked.rule,
    )
    compound = await found(session, t.compound, committee["compound_id"], "compound")
    vote_id = await place_vote(session, compound, vote)
    for position, row in enumerate(admitted):
        await session.execute(update(c.candidate).where(n.id == row["id"]).values(position=position))
    changed = update(c.election).where(c.election.c.id == election["id"])
    await session.execute(changed.values(status=ElectionStatus.VOTING.value, vote_id=vote_id))
    session.changed("election", election["id"], committee["region_code"], status="voting", vote_id=vote_id)
    await store(session, c.committee, committee, None)
    return UUID(str(committee["id"]))


async def open_by_election(session: WriteSession, permit: Permit, asked: OpenByElection) -> UUID:
    """Open an election for the empty seats, or for all of them when the last one failed; return the committee's id."""
    committee = await lock_committee(session, permit, asked.committee_id, "preparing", IN_OFFICE)
    e = c.election.c
    going_on = (e.committee_id == committee["id"]) & e.status.not_in(("held", "failed"))
    empty = committee["seats"] - await _sitting(session, committee["id"])
    if await session.scalar(select(e.id).where(going_on)) is not None or not empty:
        raise Refused(PropertyProblem.NO_EMPTY_SEAT, "committeeId")
    kind = "by" if committee["status"] == IN_OFFICE else "first"
    row = of(committee, id=new_id(), committee_id=committee["id"], kind=kind, status="nominating", seats=empty)
    await session.execute(insert(c.election), row)
    session.changed("election", row["id"], committee["region_code"], kind=kind, seats=empty)
    await store(session, c.committee, committee, None)
    return UUID(str(committee["id"]))


async def _sitting(session: WriteSession, committee_id: UUID) -> int:
    s = c.seat.c
    rows = await session.rows(select(s.id).where(s.committee_id == committee_id, sitting(today())))
    return len(rows)


async def conclude_election(session: WriteSession, vote: RowMapping, results: Sequence[Result]) -> None:
    """Seat who was elected by a vote that closed with a result, if it was an election."""
    election = await session.row(select(c.election).where(c.election.c.vote_id == vote["id"]))
    if election is None:
        return
    committee = await lock(session, c.committee, election["committee_id"], "committee")
    n = c.candidate.c
    stood = select(c.candidate).where(n.election_id == election["id"], n.position.is_not(None)).order_by(n.position)
    candidates = list(await session.rows(stood))
    votes = [Votes(results[row["position"]].outcome.passed, results[row["position"]].yes) for row in candidates]
    standings = elect(votes, election["seats"])
    for row, standing in zip(candidates, standings, strict=True):
        await session.execute(update(c.candidate).where(n.id == row["id"]).values(status=standing.value))
    rule, number = rule_of(committee), standings.count(Standing.ELECTED)
    least = rule.least_seats if election["kind"] == "first" else 1
    held = is_constituted(number, least)
    changed = update(c.election).where(c.election.c.id == election["id"])
    await session.execute(changed.values(status="held" if held else "failed", held_on=today()))
    session.changed("election", election["id"], committee["region_code"], elected=number, held=held)
    if not held:
        failed = ElectionFailed(**of(committee), committee_id=committee["id"], elected=number, least=least)
        await store(session, c.committee, committee, failed)
        return
    await insert_rows(session, c.seat, _seats(committee, candidates, standings))
    await _take_office(session, committee, election, await _sitting(session, committee["id"]))


def _seats(
    committee: RowMapping, candidates: Sequence[RowMapping], standings: Sequence[Standing]
) -> list[dict[str, Any]]:
    offices = {Standing.ELECTED: Office.MEMBER, Standing.ALTERNATE: Office.ALTERNATE}
    same = ("owner_id", "person_id", "name", "is_party_member", "is_public_employee")
    return [
        of(committee, id=new_id(), committee_id=committee["id"], capacity="owner", office=offices[standing].value)
        | {"valid_from": today()}
        | {name: row[name] for name in same}
        for row, standing in zip(candidates, standings, strict=True)
        if standing in offices
    ]


async def _take_office(session: WriteSession, committee: RowMapping, election: RowMapping, members: int) -> None:
    is_new, term_to = election["kind"] == "first", committee["term_to"]
    values: dict[str, Any] = {}
    if is_new:
        term = term_of(today(), rule_of(committee))
        term_to = term.ends
        values = {"status": IN_OFFICE, "elected_on": today(), "term_to": term.ends, "warn_on": term.warn_on}
    event = CommitteeTookOffice(
        **of(committee), committee_id=committee["id"], form=committee["form"], members=members, term_to=term_to
    )
    await store(session, c.committee, committee, event, **values)
    if not is_new or committee["predecessor"] is None:
        return
    before = await found(session, c.committee, committee["predecessor"], "committee")
    if before["status"] == IN_OFFICE:
        await end_committee(session, await lock(session, c.committee, before["id"], "committee"), Ending.SUCCEEDED)


async def end_committee(session: WriteSession, committee: RowMapping, why: Ending) -> None:
    """End a locked committee and the terms of all its members."""
    s = c.seat
    mine = (s.c.committee_id == committee["id"]) & s.c.valid_to.is_(None)
    await session.execute(update(s).where(mine).values(valid_to=today(), end_reason=why.value))
    e = c.election
    going_on = (e.c.committee_id == committee["id"]) & e.c.status.not_in(("held", "failed"))
    await session.execute(update(e).where(going_on).values(status="failed"))
    event = CommitteeEnded(**of(committee), committee_id=committee["id"], reason=why)
    await store(session, c.committee, committee, event, status=ENDED, ended_on=today(), end_reason=why.value)
    session.changed("committee", committee["id"], committee["region_code"], status=ENDED, reason=why.value)
