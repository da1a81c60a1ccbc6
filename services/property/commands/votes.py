"""Announce votes, object to results, answer objections."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.places import lock
from services.property.commands.publishing import publish
from services.property.domain.ballots import MOST_ITEMS
from services.property.domain.content import LONGEST_WORD, ZONE, now
from services.property.domain.contracts import check_money
from services.property.domain.events import VoteAnnounced
from services.property.domain.problems import PropertyProblem
from services.property.domain.rules import DEFAULT, VoteRule
from services.property.domain.voting import OF_MONEY, Matter
from services.property.storage import tables as t
from services.property.storage import vote_tables as v
from services.property.storage.care_tables import ticket_told

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class AskedItem(msgspec.Struct, frozen=True):
    """A matter by its item in article 278, and what exactly is to be decided."""

    matter: int
    text: str
    amount: int | None = None
    """Of money to use or raise, in 0.01 yuan."""


class AnnounceVote(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a vote of a compound's owners on some matters, by a local rule."""

    compound_id: UUID
    title: str
    items: tuple[AskedItem, ...]
    opens_at: datetime
    closes_at: datetime
    rule: str | None = None
    follows: UUID | None = None
    ticket_id: UUID | None = None
    """The ticket that was deliberated (两议) and brings the matter here."""


class ObjectToVote(msgspec.Struct, frozen=True):
    """What is asked: an objection to a result."""

    vote_id: UUID
    text: str


class AnswerObjection(msgspec.Struct, frozen=True):
    """What is asked: an answer to an objection."""

    id: UUID
    answer: str


async def announce_vote(session: WriteSession, permit: Permit, asked: AnnounceVote) -> UUID:
    """Announce a vote and return its id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    return await place_vote(session, compound, asked)


async def place_vote(session: WriteSession, compound: RowMapping, asked: AnnounceVote) -> UUID:
    """Announce a vote of a locked compound and return its id. Raises Refused."""
    rule, at = await _rule(session, asked.rule), now()
    title = demanded(asked.title, "title")
    if not 1 <= len(asked.items) <= MOST_ITEMS:
        raise Refused(PropertyProblem.INVALID_ITEMS, "items", most=MOST_ITEMS)
    days = (asked.opens_at.astimezone(ZONE).date() - at.astimezone(ZONE).date()).days
    # 民法典 article 201: the day of the notice does not count.
    if days < rule.notice_days:
        raise Refused(PropertyProblem.NOTICE_TOO_SHORT, "opensAt", days=rule.notice_days)
    if asked.closes_at <= asked.opens_at:
        raise Refused(PropertyProblem.INVALID_PERIOD, "closesAt")
    number = await _round(session, asked)
    await _check_ticket(session, compound, asked.ticket_id)
    id_, matters = new_id(), [item.matter for item in asked.items]
    of = {"compound_id": compound["id"], "region_code": compound["region_code"]}
    row = of | {
        "id": id_,
        "title": title,
        "status": "announced",
        "secret": any(matter in rule.secret for matter in matters),
        "rule": msgspec.to_builtins(rule),
        "round": number,
        "follows": asked.follows,
        "ticket_id": asked.ticket_id,
        "announced_at": at,
        "opens_at": asked.opens_at,
        "closes_at": asked.closes_at,
        "events": 1,
    }
    await session.execute(insert(v.vote), row)
    items = [
        of
        | {"vote_id": id_, "position": at, "matter": item.matter, "amount": _amount(item)}
        | {"text": demanded(item.text, "text", LONGEST_WORD)}
        for at, item in enumerate(asked.items)
    ]
    await session.execute(insert(v.vote_item), items)
    session.changed("vote", id_, compound["region_code"], title=title, matters=matters, rule=rule.code)
    event = VoteAnnounced(
        vote_id=id_,
        **of,
        title=title,
        matters=tuple(matters),
        secret=row["secret"],
        round=number,
        opens_at=asked.opens_at,
        closes_at=asked.closes_at,
        ticket_id=asked.ticket_id,
    )
    await publish(session, event, id_, 1, compound["region_code"])
    return id_


def _amount(item: AskedItem) -> int | None:
    """Return the amount of a matter. Raises Refused for one that is none of money."""
    if item.amount is None:
        return None
    if Matter(item.matter) not in OF_MONEY:
        raise Refused(PropertyProblem.INVALID_AMOUNT, "amountFen")
    return check_money(item.amount, "amountFen", least=1)


async def _check_ticket(session: WriteSession, compound: RowMapping, id_: UUID | None) -> None:
    """Refuse a ticket that was not deliberated, or of a place that is neither the compound's nor within it."""
    if id_ is None:
        return
    told = await session.row(select(ticket_told).where(ticket_told.c.id == id_))
    ours, theirs = compound["region_code"], told["region_code"] if told else ""
    if told is None or not told["is_deliberated"] or not (theirs.startswith(ours) or ours.startswith(theirs)):
        raise Refused(PropertyProblem.NOT_DELIBERATED, "ticketId")


async def _rule(session: WriteSession, code: str | None) -> VoteRule:
    if code is None:
        return DEFAULT
    definition = await session.scalar(select(t.rule.c.definition).where(t.rule.c.code == code))
    if definition is None:
        raise Refused(PropertyProblem.UNKNOWN_RULE, "rule", rule=code[:40])
    return msgspec.convert(definition, VoteRule)


async def _round(session: WriteSession, asked: AnnounceVote) -> int:
    """Return the number of the round. Raises Refused for one that takes up what was decided, or nothing known."""
    if asked.follows is None:
        return 1
    c, i = v.vote.c, v.vote_item.c
    before = await session.row(select(c.round, c.status, c.compound_id).where(c.id == asked.follows))
    if before is None or before["status"] != "closed" or before["compound_id"] != asked.compound_id:
        raise Refused(PropertyProblem.NOT_A_FURTHER_ROUND, "follows")
    rows = await session.rows(select(i.matter, i.text, i.result).where(i.vote_id == asked.follows))
    failed = {(row["matter"], row["text"]) for row in rows if not row["result"]["passed"]}
    if not {(item.matter, item.text.strip()) for item in asked.items} <= failed:
        raise Refused(PropertyProblem.NOT_A_FURTHER_ROUND, "items")
    return int(before["round"]) + 1


async def vote_of(session: WriteSession, id_: UUID) -> RowMapping:
    """Return a vote in scope. Raises NotFound."""
    row = await session.row(select(v.vote).where(v.vote.c.id == id_))
    if row is None:
        raise NotFound(what="vote")
    return row


async def object_to_vote(session: WriteSession, permit: Permit, asked: ObjectToVote) -> UUID:
    """Note an owner's objection to a result and return the vote's id."""
    vote, subject = await vote_of(session, asked.vote_id), str(permit.caller.subject)
    permit.require(vote["region_code"], what="vote")
    s = v.elector_subject.c
    mine = select(s.elector_id).where(s.vote_id == vote["id"], s.subject == subject).limit(1)
    if await session.scalar(mine) is None:
        raise NotFound(what="vote among those you take part in")
    if vote["closed_at"] is None:
        raise Refused(PropertyProblem.VOTE_NOT_CLOSED, "voteId")
    until = vote["closed_at"] + timedelta(days=msgspec.convert(vote["rule"], VoteRule).objection_days)
    if now() > until:
        raise Refused(PropertyProblem.OBJECTIONS_OVER, "voteId", until=until.astimezone(ZONE).date())
    row = {
        "id": new_id(),
        "vote_id": vote["id"],
        "compound_id": vote["compound_id"],
        "region_code": vote["region_code"],
        "subject": subject,
        "text": demanded(asked.text, "text", LONGEST_WORD),
        "at": now(),
    }
    await session.execute(insert(v.objection), row)
    session.changed("objection", row["id"], vote["region_code"], text=None)
    return asked.vote_id


async def answer_objection(session: WriteSession, permit: Permit, asked: AnswerObjection) -> UUID:
    """Answer an objection and return the vote's id."""
    o = v.objection
    row = await session.row(select(o).where(o.c.id == asked.id).with_for_update())
    if row is None:
        raise NotFound(what="objection")
    permit.require(row["region_code"], what="objection")
    if row["answer"] is not None:
        raise Refused(PropertyProblem.ALREADY_ANSWERED, "id")
    answer = demanded(asked.answer, "answer", LONGEST_WORD)
    await session.execute(update(o).where(o.c.id == asked.id).values(answer=answer, answered_at=now()))
    session.changed("objection", asked.id, row["region_code"], answer=answer)
    return UUID(str(row["vote_id"]))
