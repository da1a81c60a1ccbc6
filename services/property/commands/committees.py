"""Committees in office: filing, Party organisation, dissolution, hand-over, and what is told of their terms."""

from __future__ import annotations

import asyncio
from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import select

from chassis.database import EVERYWHERE
from chassis.problems import Refused
from chassis.records import write_audit
from chassis.texts import demanded
from services.property.commands.committee_parts import (
    ENDED,
    IN_OFFICE,
    PREPARING,
    found,
    lock_committee,
    of,
    rule_of,
    use_decision,
)
from services.property.commands.elections import end_committee
from services.property.commands.publishing import store
from services.property.domain.content import LONGEST_WORD, check_past, today
from services.property.domain.events import CommitteeFiled, CommitteeHandedOver, TermEnding
from services.property.domain.problems import PropertyProblem
from services.property.domain.seats import Ending
from services.property.domain.terms import term_of
from services.property.domain.voting import Matter
from services.property.storage import committee_tables as c

if TYPE_CHECKING:
    from chassis.database import Database, WriteSession
    from chassis.graphql.mutate import Permit
    from chassis.service import Runtime

_SECONDS = 60.0


class FileCommittee(msgspec.Struct, frozen=True):
    """What is asked: that a committee was filed (备案) on a day under a number."""

    committee_id: UUID
    on: date
    number: str


class LinkPartyOrganisation(msgspec.Struct, frozen=True):
    """What is asked: that a Party branch or working group of org is this committee's; None: it has none."""

    committee_id: UUID
    organisation_id: UUID | None = None


class EndCommittee(msgspec.Struct, frozen=True):
    """What is asked: that a committee ends; a dissolution of an owners' committee needs the owners' decision."""

    committee_id: UUID
    reason: Ending
    vote_id: UUID | None = None
    position: int = 0


class HandOverCommittee(msgspec.Struct, frozen=True):
    """What is asked: that a committee that ended has handed over its papers, seal and money."""

    committee_id: UUID
    on: date
    text: str


async def file_committee(session: WriteSession, permit: Permit, asked: FileCommittee) -> UUID:
    """Note the filing and return the committee's id; one that comes late is noted, and says so."""
    committee = await lock_committee(session, permit, asked.committee_id, IN_OFFICE)
    check_past(asked.on, "on")
    if committee["filed_on"] is not None:
        raise Refused(PropertyProblem.ALREADY_FILED, "committeeId")
    if asked.on < committee["elected_on"]:
        raise Refused(PropertyProblem.INVALID_DATE, "on", field="on", earliest=committee["elected_on"])
    number = demanded(asked.number, "number")
    in_time = asked.on <= term_of(committee["elected_on"], rule_of(committee)).file_by
    session.changed("committee", committee["id"], committee["region_code"], filed_on=asked.on, number=number)
    event = CommitteeFiled(**of(committee), committee_id=committee["id"], on=asked.on, in_time=in_time)
    await store(session, c.committee, committee, event, filed_on=asked.on, filing_number=number)
    return UUID(str(committee["id"]))


async def link_party_organisation(session: WriteSession, permit: Permit, asked: LinkPartyOrganisation) -> UUID:
    """Note the Party organisation of a committee and return the committee's id."""
    committee = await lock_committee(session, permit, asked.committee_id, IN_OFFICE)
    if asked.organisation_id is not None:
        organisation = await found(session, c.organisation, asked.organisation_id, "organisation")
        if organisation["dissolved_on"] is not None and organisation["dissolved_on"] <= today():
            raise Refused(PropertyProblem.ALREADY_ENDED, "organisationId")
    session.changed("committee", committee["id"], committee["region_code"], organisation=asked.organisation_id)
    await store(session, c.committee, committee, None, organisation_id=asked.organisation_id)
    return UUID(str(committee["id"]))


async def end_body(session: WriteSession, permit: Permit, asked: EndCommittee) -> UUID:
    """End a committee, or its preparation, and return its id."""
    committee = await lock_committee(session, permit, asked.committee_id, IN_OFFICE, PREPARING)
    prepared = committee["status"] == PREPARING
    if asked.reason is Ending.SUCCEEDED or prepared != (asked.reason is Ending.NOT_ELECTED):
        raise Refused(PropertyProblem.WRONG_STAGE, "reason", status=committee["status"])
    if not prepared and committee["form"] == "owners_committee":
        if asked.vote_id is None:
            raise Refused(PropertyProblem.NOT_DECIDED, "voteId", matter=Matter.COMMITTEE.value)
        used_for = f"end {committee['id']}"
        await use_decision(session, committee, asked.vote_id, asked.position, Matter.COMMITTEE.value, used_for)
    await end_committee(session, committee, asked.reason)
    return UUID(str(committee["id"]))


async def hand_over(session: WriteSession, permit: Permit, asked: HandOverCommittee) -> UUID:
    """Note the hand-over and return the committee's id."""
    committee = await lock_committee(session, permit, asked.committee_id, ENDED)
    check_past(asked.on, "on")
    if committee["handed_over_on"] is not None:
        raise Refused(PropertyProblem.ALREADY_ENDED, "committeeId")
    if asked.on < committee["ended_on"]:
        raise Refused(PropertyProblem.INVALID_DATE, "on", field="on", earliest=committee["ended_on"])
    text = demanded(asked.text, "text", LONGEST_WORD)
    session.changed("committee", committee["id"], committee["region_code"], handed_over_on=asked.on)
    event = CommitteeHandedOver(**of(committee), committee_id=committee["id"], on=asked.on)
    await store(session, c.committee, committee, event, handed_over_on=asked.on, handed_over=text)
    return UUID(str(committee["id"]))


async def sweep_terms(runtime: Runtime) -> None:
    """Tell of terms that end or are over, until cancelled."""
    while True:
        while await warn_of_term(runtime.database, today()):
            pass
        await asyncio.sleep(_SECONDS)


async def warn_of_term(database: Database, day: date) -> bool:
    """Tell of one term that ends soon, or is over, on a day; tell whether there was one."""
    m = c.committee.c
    ending, over = (m.warned == 0) & (m.warn_on <= day), (m.warned < 2) & (m.term_to <= day)  # noqa: PLR2004
    async with database.write(EVERYWHERE) as session:
        due = select(c.committee).where(m.status == IN_OFFICE, ending | over).limit(1)
        row = await session.row(due.with_for_update(skip_locked=True))
        if row is None:
            return False
        is_over = row["term_to"] <= day
        event = TermEnding(**of(row), committee_id=row["id"], term_to=row["term_to"], is_over=is_over)
        await store(session, c.committee, row, event, warned=2 if is_over else 1)
        session.changed("committee", row["id"], row["region_code"], warned=2 if is_over else 1)
        await write_audit(session, "system:sweep", "sweepTerms")
    return True
