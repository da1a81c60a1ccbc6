"""Candidates of an election: nomination, joint review by the departments (人选联审), reply, withdrawal."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.property.commands.committee_parts import found, lock_committee, of, require_keeper_or, rule_of
from services.property.commands.publishing import store
from services.property.domain.ballots import MOST_ITEMS
from services.property.domain.content import LONGEST_WORD, now
from services.property.domain.elections import ElectionStatus, Standing, Verdict, reviewed
from services.property.domain.events import ReviewStarted
from services.property.domain.problems import PropertyProblem
from services.property.domain.seats import Nomination  # noqa: TC001 (msgspec reads annotations at run time)
from services.property.storage import committee_tables as c
from services.property.storage import tables as t
from services.property.storage.bulk import insert_rows
from services.property.storage.committees import owners_now

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class Nominate(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: an owner as a candidate, who agrees that their name is made public to the owners."""

    election_id: UUID
    owner_id: UUID
    nominated_by: Nomination
    agrees_to_publication: bool
    person_id: UUID | None = None
    is_party_member: bool = False
    is_public_employee: bool = False


class StartReview(msgspec.Struct, frozen=True):
    """What is asked: that the departments look at the candidates, from now on."""

    election_id: UUID


class AnswerReview(msgspec.Struct, frozen=True):
    """What is asked: a department's verdict on a candidate; an objection needs reasons."""

    candidate_id: UUID
    department: str
    verdict: Verdict
    reasons: str | None = None


class ReplyToReview(msgspec.Struct, frozen=True):
    """What is asked: what a candidate says to the departments' reasons."""

    candidate_id: UUID
    text: str


class WithdrawCandidate(msgspec.Struct, frozen=True):
    """What is asked: that a candidate does not stand."""

    candidate_id: UUID


async def lock_election(
    session: WriteSession, permit: Permit, id_: UUID, *statuses: ElectionStatus
) -> tuple[RowMapping, RowMapping]:
    """Lock the committee of an election; return both. Raises Refused when the election is in none of `statuses`."""
    election = await found(session, c.election, id_, "election")
    committee = await lock_committee(session, permit, election["committee_id"])
    election = await found(session, c.election, id_, "election")
    if election["status"] not in statuses:
        raise Refused(PropertyProblem.WRONG_STAGE, "electionId", status=election["status"])
    return committee, election


async def nominate(session: WriteSession, permit: Permit, asked: Nominate) -> UUID:
    """Nominate an owner and return the committee's id; an owner may nominate themself."""
    committee, election = await lock_election(session, permit, asked.election_id, ElectionStatus.NOMINATING)
    owner = await found(session, t.owner, asked.owner_id, "owner")
    require_keeper_or(permit, owner["subject"], committee["region_code"])
    if not asked.agrees_to_publication:
        raise Refused(PropertyProblem.NO_CONSENT, "agreesToPublication")
    names = await owners_now(session, committee["compound_id"], [asked.owner_id])
    if not names:
        raise Refused(PropertyProblem.NOT_AN_OWNER, "ownerId")
    n = c.candidate.c
    owners = [row["owner_id"] for row in await session.rows(select(n.owner_id).where(n.election_id == election["id"]))]
    s = c.seat.c
    sits = select(s.id).where(s.committee_id == committee["id"], s.owner_id == asked.owner_id, s.valid_to.is_(None))
    if asked.owner_id in owners or await session.scalar(sits.where(s.office != "alternate")) is not None:
        raise Refused(PropertyProblem.CANDIDATE_TWICE, "ownerId")
    if len(owners) >= MOST_ITEMS:
        raise Refused(PropertyProblem.INVALID_ITEMS, "ownerId", most=MOST_ITEMS)
    row = of(
        committee,
        id=new_id(),
        election_id=election["id"],
        owner_id=asked.owner_id,
        person_id=asked.person_id,
        name=names[asked.owner_id],
        is_party_member=asked.is_party_member,
        is_public_employee=asked.is_public_employee,
        nominated_by=asked.nominated_by.value,
        status=Standing.NOMINATED.value,
    )
    await session.execute(insert(c.candidate), row)
    session.changed("candidate", row["id"], committee["region_code"], nominated_by=asked.nominated_by.value, name=None)
    return UUID(str(committee["id"]))


async def start_review(session: WriteSession, permit: Permit, asked: StartReview) -> UUID:
    """Close the list of candidates and ask the departments; asked again after the deadline, those that were silent."""
    stages = (ElectionStatus.NOMINATING, ElectionStatus.REVIEWING)
    committee, election = await lock_election(session, permit, asked.election_id, *stages)
    rule, at = rule_of(committee), now()
    again = election["status"] == ElectionStatus.REVIEWING
    if again and at <= election["review_due"]:
        raise Refused(PropertyProblem.WRONG_STAGE, "electionId", status=election["status"])
    n = c.candidate.c
    mine = (n.election_id == election["id"]) & (n.status == Standing.NOMINATED.value)
    candidates = [row["id"] for row in await session.rows(select(n.id).where(mine))]
    if not candidates:
        raise Refused(PropertyProblem.TOO_FEW_CANDIDATES, "electionId", least=1)
    if not again:
        rows = [
            of(committee, candidate_id=one, department=department.code)
            for one in candidates
            for department in rule.departments
        ]
        await insert_rows(session, c.review, rows)
    due = at + timedelta(days=rule.review_days)
    changed = update(c.election).where(c.election.c.id == election["id"])
    await session.execute(changed.values(status=ElectionStatus.REVIEWING.value, review_due=due))
    session.changed("election", election["id"], committee["region_code"], status="reviewing", review_due=due)
    event = ReviewStarted(
        **of(committee),
        committee_id=committee["id"],
        departments=tuple(one.code for one in rule.departments),
        candidates=len(candidates),
        due_at=due,
    )
    await store(session, c.committee, committee, event)
    return UUID(str(committee["id"]))


async def _candidate(
    session: WriteSession, permit: Permit, id_: UUID, *statuses: ElectionStatus
) -> tuple[RowMapping, RowMapping, RowMapping]:
    before = await found(session, c.candidate, id_, "candidate")
    committee, election = await lock_election(session, permit, before["election_id"], *statuses)
    return committee, election, await found(session, c.candidate, id_, "candidate")


async def answer_review(session: WriteSession, permit: Permit, asked: AnswerReview) -> UUID:
    """Note a department's verdict, within the deadline; the last one of each department counts."""
    committee, election, candidate = await _candidate(session, permit, asked.candidate_id, ElectionStatus.REVIEWING)
    department = next((one for one in rule_of(committee).departments if one.code == asked.department), None)
    if department is None:
        raise NotFound(what="department")
    if not permit.caller.holds(department.title, committee["region_code"]):
        raise Forbidden(operation=permit.operation)
    if now() > election["review_due"]:
        raise Refused(PropertyProblem.REVIEW_OVER, "candidateId")
    read = demanded if asked.verdict is Verdict.OBJECT else clean
    r = c.review.c
    answered: dict[str, Any] = {
        "verdict": asked.verdict.value,
        "reasons": read(asked.reasons, "reasons", LONGEST_WORD),
        "answered_at": now(),
    }
    mine = (r.candidate_id == candidate["id"]) & (r.department == department.code)
    await session.execute(update(c.review).where(mine).values(answered))
    verdicts = await session.rows(select(r.verdict).where(r.candidate_id == candidate["id"]))
    standing = reviewed(Verdict(row["verdict"]) if row["verdict"] else None for row in verdicts) or Standing.NOMINATED
    changed = update(c.candidate).where(c.candidate.c.id == candidate["id"])
    if candidate["status"] != Standing.WITHDRAWN.value:
        await session.execute(changed.values(status=standing.value))
    told = {"department": department.code, "verdict": asked.verdict.value}
    session.changed("candidate", candidate["id"], committee["region_code"], **told, reasons=None)
    return UUID(str(committee["id"]))


async def reply_to_review(session: WriteSession, permit: Permit, asked: ReplyToReview) -> UUID:
    """Keep what a candidate replies; the departments may answer anew until their deadline."""
    committee, _, candidate = await _candidate(session, permit, asked.candidate_id, ElectionStatus.REVIEWING)
    owner = await found(session, t.owner, candidate["owner_id"], "owner")
    require_keeper_or(permit, owner["subject"], committee["region_code"])
    text = demanded(asked.text, "text", LONGEST_WORD)
    await session.execute(update(c.candidate).where(c.candidate.c.id == candidate["id"]).values(reply=text))
    session.changed("candidate", candidate["id"], committee["region_code"], reply=None)
    return UUID(str(committee["id"]))


async def withdraw_candidate(session: WriteSession, permit: Permit, asked: WithdrawCandidate) -> UUID:
    """Take a candidate back, until the ballot is announced."""
    stages = (ElectionStatus.NOMINATING, ElectionStatus.REVIEWING)
    committee, _, candidate = await _candidate(session, permit, asked.candidate_id, *stages)
    owner = await found(session, t.owner, candidate["owner_id"], "owner")
    require_keeper_or(permit, owner["subject"], committee["region_code"])
    changed = update(c.candidate).where(c.candidate.c.id == candidate["id"])
    await session.execute(changed.values(status=Standing.WITHDRAWN.value))
    session.changed("candidate", candidate["id"], committee["region_code"], status=Standing.WITHDRAWN.value)
    return UUID(str(committee["id"]))
