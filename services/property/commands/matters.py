"""Major matters (重大事项): a committee reports them to the community's two committees before it decides."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import insert, update

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.committee_parts import IN_OFFICE, found, lock_committee, of
from services.property.commands.publishing import store
from services.property.domain.content import LONGEST_WORD, now
from services.property.domain.events import MatterDecided, MatterReported
from services.property.domain.problems import PropertyProblem
from services.property.storage import committee_tables as c

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class Reviewer(StrEnum):
    """One of the community's two committees (社区“两委”)."""

    PARTY_COMMITTEE = "party_opinion"
    RESIDENTS_COMMITTEE = "residents_opinion"


class ReportMatter(msgspec.Struct, frozen=True):
    """What is asked: that a matter is brought before the community's two committees."""

    committee_id: UUID
    title: str
    text: str


class AnswerMatter(msgspec.Struct, frozen=True):
    """What is asked: what one of the two committees says to it."""

    matter_id: UUID
    of: Reviewer
    opinion: str


class DecideMatter(msgspec.Struct, frozen=True):
    """What is asked: what the committee decided, after both have answered."""

    matter_id: UUID
    decision: str


async def report_matter(session: WriteSession, permit: Permit, asked: ReportMatter) -> UUID:
    """Report a major matter and return the committee's id."""
    committee = await lock_committee(session, permit, asked.committee_id, IN_OFFICE)
    row = of(
        committee,
        id=new_id(),
        committee_id=committee["id"],
        title=demanded(asked.title, "title"),
        text=demanded(asked.text, "text", LONGEST_WORD),
        reported_at=now(),
    )
    await session.execute(insert(c.major_matter), row)
    session.changed("major_matter", row["id"], committee["region_code"], title=row["title"])
    event = MatterReported(**of(committee), committee_id=committee["id"], matter_id=row["id"], title=row["title"])
    await store(session, c.committee, committee, event)
    return UUID(str(committee["id"]))


async def answer_matter(session: WriteSession, permit: Permit, asked: AnswerMatter) -> UUID:
    """Note the opinion of one of the two committees and return the committee's id."""
    matter = await found(session, c.major_matter, asked.matter_id, "matter")
    committee = await lock_committee(session, permit, matter["committee_id"], IN_OFFICE)
    matter = await found(session, c.major_matter, asked.matter_id, "matter")
    if matter["decided_at"] is not None or matter[asked.of.value] is not None:
        raise Refused(PropertyProblem.ALREADY_ANSWERED, "matterId")
    opinion = demanded(asked.opinion, "opinion", LONGEST_WORD)
    mine = c.major_matter.c.id == asked.matter_id
    await session.execute(update(c.major_matter).where(mine).values({asked.of.value: opinion}))
    session.changed("major_matter", asked.matter_id, committee["region_code"], **{asked.of.value: opinion})
    await store(session, c.committee, committee, None)
    return UUID(str(committee["id"]))


async def decide_matter(session: WriteSession, permit: Permit, asked: DecideMatter) -> UUID:
    """Note what a committee decided, which it may once both have answered; return the committee's id."""
    matter = await found(session, c.major_matter, asked.matter_id, "matter")
    committee = await lock_committee(session, permit, matter["committee_id"], IN_OFFICE)
    matter = await found(session, c.major_matter, asked.matter_id, "matter")
    if matter["decided_at"] is not None:
        raise Refused(PropertyProblem.ALREADY_ANSWERED, "matterId")
    if matter["party_opinion"] is None or matter["residents_opinion"] is None:
        raise Refused(PropertyProblem.NOT_REPORTED, "matterId")
    decision = demanded(asked.decision, "decision", LONGEST_WORD)
    values = {"decision": decision, "decided_at": now()}
    await session.execute(update(c.major_matter).where(c.major_matter.c.id == asked.matter_id).values(values))
    session.changed("major_matter", asked.matter_id, committee["region_code"], decision=decision)
    event = MatterDecided(**of(committee), committee_id=committee["id"], matter_id=matter["id"], title=matter["title"])
    await store(session, c.committee, committee, event)
    return UUID(str(committee["id"]))
