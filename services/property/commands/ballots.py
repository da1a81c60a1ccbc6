"""Give ballots: online by the owner, on paper and on site through who keeps the register; one count for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import func, select, text, update

from chassis.errors import NotFound
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.votes import vote_of
from services.property.domain.ballot_keys import ballot_key, keys_of
from services.property.domain.ballots import Choice, seal
from services.property.domain.content import now
from services.property.domain.problems import PropertyProblem
from services.property.domain.rules import VoteRule
from services.property.storage import vote_tables as v
from services.property.storage.reads import among
from services.property.storage.votes import FIND_ELECTOR, LOCK_SHARED, PUT_FIRST, PUT_LAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_PROXY_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:proxy, 7240129))")


class GiveBallot(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a ballot for an elector, in one of the ways; `proxy` says who hands it in for the owner."""

    vote_id: UUID
    elector_id: UUID
    choices: tuple[Choice, ...]
    channel: str = "online"
    proxy: str | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to: no digest from which the choices could be guessed."""
        return {"asked": cipher.blind_index(msgspec.json.encode(self).decode())}


class RecordDelivery(msgspec.Struct, frozen=True):
    """What is asked: that electors were handed their ballots."""

    vote_id: UUID
    elector_ids: tuple[UUID, ...]


async def give_ballot(session: WriteSession, permit: Permit, asked: GiveBallot, *, own: bool) -> UUID:
    """Take a ballot and return the vote's id; `own`: online, for an elector for whom the caller votes."""
    await session.execute(LOCK_SHARED, {"vote": str(asked.vote_id)})
    subject = str(permit.caller.subject) if own else None
    found = await session.row(FIND_ELECTOR, {"vote": asked.vote_id, "elector": asked.elector_id, "subject": subject})
    if found is None:
        raise NotFound(what="elector")
    permit.require(found["region_code"], what="elector")
    rule = msgspec.convert(found["rule"], VoteRule)
    at = now()
    if found["status"] != "open" or at >= found["closes_at"]:
        raise Refused(PropertyProblem.VOTE_NOT_OPEN, "voteId")
    if asked.channel not in rule.channels:
        raise Refused(PropertyProblem.CHANNEL_NOT_OPEN, "channel")
    if len(asked.choices) != found["items"]:
        raise Refused(PropertyProblem.INVALID_CHOICES, "choices", items=found["items"])
    cipher = permit.context.cipher
    key = ballot_key(cipher, asked.vote_id, asked.elector_id)
    sealed = seal(keys_of(cipher, asked.vote_id), key, found["area"], asked.choices)
    row = {
        "elector": asked.elector_id,
        "vote": asked.vote_id,
        "compound": found["compound_id"],
        "region": found["region_code"],
        "area": found["area"],
        "channel": asked.channel,
        "proxy": await _proxy(session, cipher, rule, asked),
        "at": at,
        "ballot_key": key,
        "nonce": sealed.nonce,
        "body": sealed.body,
        "tag": sealed.tag,
        "receipt": sealed.receipt,
    }
    stored = await session.execute(PUT_LAST if rule.recast else PUT_FIRST, row)
    if not stored.rowcount:
        raise Refused(PropertyProblem.ALREADY_VOTED, "electorId")
    session.changed("ballot", asked.elector_id, found["region_code"], channel=asked.channel, choices=None)
    return asked.vote_id


async def _proxy(session: WriteSession, cipher: DataCipher, rule: VoteRule, asked: GiveBallot) -> bytes | None:
    """Return the digest of who hands the ballot in for another. Raises Refused beyond the rule's limit."""
    if asked.proxy is None:
        return None
    index = cipher.blind_index(f"proxy {asked.vote_id} {demanded(asked.proxy, 'proxy')}")
    await session.execute(_PROXY_LOCK, {"proxy": index.hex()})
    p = v.participation.c
    others = (p.vote_id == asked.vote_id) & (p.proxy_index == index) & (p.elector_id != asked.elector_id)
    if int(await session.scalar(select(func.count()).where(others))) >= rule.most_proxies:
        raise Refused(PropertyProblem.TOO_MANY_PROXIES, "proxy", most=rule.most_proxies)
    return index


async def record_delivery(session: WriteSession, permit: Permit, asked: RecordDelivery) -> UUID:
    """Note that electors were handed their ballots and return the vote's id."""
    await session.execute(LOCK_SHARED, {"vote": str(asked.vote_id)})
    vote = await vote_of(session, asked.vote_id)
    permit.require(vote["region_code"], what="vote")
    if vote["status"] != "open":
        raise Refused(PropertyProblem.VOTE_NOT_OPEN, "voteId")
    count = await _deliver(session, asked.vote_id, asked.elector_ids)
    session.changed("vote", asked.vote_id, vote["region_code"], delivered=count)
    return asked.vote_id


async def _deliver(session: WriteSession, vote_id: UUID, ids: Sequence[UUID]) -> int:
    e = v.elector
    mine = (e.c.vote_id == vote_id) & among(e.c.id, ids) & e.c.delivered_at.is_(None)
    done = await session.execute(update(e).where(mine).values(delivered_at=now()))
    return int(done.rowcount)
