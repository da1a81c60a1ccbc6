"""Let votes open and close when their time has come: freeze the register, count, count again, publish.

Any number of instances may do it: a vote's row is locked, and what another holds is skipped.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from sqlalchemy import RowMapping, func, select, update

from chassis.database import EVERYWHERE
from chassis.errors import Unavailable
from chassis.ids import new_id
from chassis.records import write_audit
from services.property.commands.elections import conclude_election
from services.property.commands.publishing import store
from services.property.commands.recount import recount_vote
from services.property.commands.selections import conclude_selection
from services.property.domain.ballot_keys import keys_of
from services.property.domain.ballots import tally
from services.property.domain.content import now
from services.property.domain.events import VoteClosed, VoteExtended, VoteOpened
from services.property.domain.register import Part, Status, electors_of
from services.property.domain.results import Result, agree, results
from services.property.domain.rules import VoteRule
from services.property.domain.voting import Matter, Weight, has_quorum
from services.property.storage import vote_tables as v
from services.property.storage.bulk import insert_rows
from services.property.storage.votes import ALL_BALLOTS, LOCK, RECEIPTS, load_items, load_participation, load_register

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from chassis.cipher import DataCipher
    from chassis.database import Database, WriteSession
    from chassis.service import Runtime

_SECONDS = 2.0
_log = structlog.get_logger(__name__)


async def sweep_votes(runtime: Runtime) -> None:
    """Open and close what is due, until cancelled; a vote that fails is tried again at the next turn."""
    while True:
        failed: set[UUID] = set()
        while await sweep(runtime.database, runtime.cipher, now(), failed):
            pass
        await asyncio.sleep(_SECONDS)


async def sweep(database: Database, cipher: DataCipher, at: datetime, failed: set[UUID] | None = None) -> bool:
    """Open or close one vote that is due at `at`; tell whether there was one.

    Those in `failed` are left alone, and one that fails is logged and put in there: it holds up no other. Without
    `failed` it raises what went wrong.
    """
    c = v.vote.c
    opening = (c.status == "announced") & (c.opens_at <= at)
    closing = (c.status == "open") & (c.closes_at <= at)
    due = select(v.vote).where(opening | closing, c.id.not_in(failed or ())).order_by(c.opens_at).limit(1)
    row: RowMapping | None = None
    try:
        async with database.write(EVERYWHERE) as session:
            row = await session.row(due.with_for_update(skip_locked=True))
            if row is None:
                return False
            await session.execute(LOCK, {"vote": str(row["id"])})
            if row["status"] == "announced":
                await open_vote(session, row)
            else:
                await close_vote(session, cipher, row, at)
            await write_audit(session, "system:sweep", "sweepVotes")
    except Unavailable:
        raise
    except Exception:
        if row is None or failed is None:
            raise
        failed.add(row["id"])
        _log.exception("a vote could not open or close; it is tried again", vote=str(row["id"]))
    return True


async def open_vote(session: WriteSession, vote: RowMapping) -> None:
    """Freeze the register as it is now, and open."""
    rows = {row["id"]: row for row in await load_register(session, vote["compound_id"])}
    parts = [Part(id_, row["area"], Status(row["status"]), frozenset(row["owners"] or ())) for id_, row in rows.items()]
    of = {"vote_id": vote["id"], "compound_id": vote["compound_id"], "region_code": vote["region_code"]}
    electors: list[dict[str, Any]] = []
    subjects: list[dict[str, Any]] = []
    for number, elector in enumerate(electors_of(parts), 1):
        id_ = new_id()
        electors.append(of | {"id": id_, "number": number, "area": elector.area, "parts": list(elector.parts)})
        if elector.owners:
            # Co-owners are the same in all parts of one elector; whom they agreed on is said with each part.
            agreed = {one for part in elector.parts for one in rows[part]["agents"] or ()}
            bound = any(rows[part]["has_agent"] for part in elector.parts)
            voters = agreed if bound else set(rows[elector.parts[0]]["subjects"] or ())
            subjects += [of | {"subject": subject, "elector_id": id_} for subject in sorted(voters)]
    if electors:
        await session.execute(v.elector.insert(), electors)
    await insert_rows(session, v.elector_subject, subjects)
    digest = hashlib.sha256(msgspec.json.encode([(one["number"], one["area"], one["parts"]) for one in electors]))
    total = Weight(sum(one["area"] for one in electors), len(electors))
    event = VoteOpened(**of, total_area=total.area, total_heads=total.heads)
    await store(
        session, v.vote, vote, event,
        status="open", register_digest=digest.hexdigest(), total_area=total.area, total_heads=total.heads,
    )  # fmt: skip
    session.changed("vote", vote["id"], vote["region_code"], status="open", register=digest.hexdigest())


async def close_vote(session: WriteSession, cipher: DataCipher, vote: RowMapping, at: datetime) -> None:
    """Count and close; without a quorum go on for as long as the rule allows."""
    rule = msgspec.convert(vote["rule"], VoteRule)
    total = Weight(vote["total_area"], vote["total_heads"])
    ((area, heads),) = await load_participation(session, [vote["id"]])
    silent = await _silent(session, vote) if rule.silent_with_majority else Weight()
    there = Weight(area, heads) + silent
    has_both = has_quorum(there.area, total.area) and has_quorum(there.heads, total.heads)
    if not has_both and vote["extensions"] < rule.extensions:
        until = max(vote["closes_at"], at) + timedelta(days=rule.extension_days)
        event = VoteExtended(
            vote_id=vote["id"], compound_id=vote["compound_id"], region_code=vote["region_code"], closes_at=until
        )
        await store(session, v.vote, vote, event, closes_at=until, extensions=vote["extensions"] + 1)
        session.changed("vote", vote["id"], vote["region_code"], closes_at=until)
        return
    await _count(session, cipher, vote, rule, total, silent, at)


async def _silent(session: WriteSession, vote: RowMapping) -> Weight:
    e, p = v.elector.c, v.participation.c
    voted = select(p.elector_id).where(p.vote_id == vote["id"])
    counted = select(func.coalesce(func.sum(e.area), 0).label("area"), func.count().label("heads")).where(
        e.vote_id == vote["id"], e.delivered_at.is_not(None), e.id.not_in(voted)
    )
    row = await session.row(counted)
    return Weight(int(row["area"]), int(row["heads"])) if row else Weight()


async def _count(
    session: WriteSession,
    cipher: DataCipher,
    vote: RowMapping,
    rule: VoteRule,
    total: Weight,
    silent: Weight,
    at: datetime,
) -> None:
    (items,) = await load_items(session, [vote["id"]])
    matters = [item["matter"] for item in items]
    ballots = await session.row(ALL_BALLOTS, {"vote": vote["id"]})
    nonces, bodies = (ballots["nonces"], ballots["bodies"]) if ballots else (None, None)
    count = tally(keys_of(cipher, vote["id"]), nonces or b"", bodies or b"", len(items))
    found = results(rule, matters, total, count, silent)
    again = await recount_vote(session, cipher, vote["id"], len(items))
    special = [rule.is_special(Matter(matter)) for matter in matters]
    agrees = again is not None and agree(found, count, again, total, special)
    there = count.taking_part + silent
    event = VoteClosed(
        vote_id=vote["id"],
        compound_id=vote["compound_id"],
        region_code=vote["region_code"],
        matters=tuple(matters),
        passed=tuple(agrees and one.outcome.passed for one in found),
        total_area=total.area,
        total_heads=total.heads,
        part_area=there.area,
        part_heads=there.heads,
        recount_agrees=agrees,
        ticket_id=vote["ticket_id"],
    )
    receipts = await session.scalar(RECEIPTS, {"vote": vote["id"]})
    await store(
        session, v.vote, vote, event,
        status="closed" if agrees else "disputed", closed_at=at, receipts_digest=receipts,
        part_area=there.area, part_heads=there.heads, silent_area=silent.area, silent_heads=silent.heads,
    )  # fmt: skip
    for item, one in zip(items, found, strict=True):
        mine = (v.vote_item.c.vote_id == vote["id"]) & (v.vote_item.c.position == item["position"])
        await session.execute(update(v.vote_item).where(mine).values(result=_row(one) if agrees else None))
    session.changed("vote", vote["id"], vote["region_code"], status="closed" if agrees else "disputed")
    if agrees:
        await conclude_election(session, vote, found)
        await conclude_selection(session, vote, found)


def _row(result: Result) -> dict[str, Any]:
    weights = {name: msgspec.to_builtins(getattr(result, name)) for name in ("yes", "no", "abstain")}
    outcome: dict[str, Any] = msgspec.to_builtins(result.outcome)
    return {**weights, **outcome, "passed": result.outcome.passed}
