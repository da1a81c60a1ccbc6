"""Apply for points, for oneself or for another, and decide: always two people, and never one of the household."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import select

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.credit.commands.actors import now, require_duty
from services.credit.commands.points import check_ceiling, evidence_digest, refuse_own
from services.credit.commands.post import locked, post
from services.credit.domain.content import LONGEST_WORD
from services.credit.domain.ledger import earn
from services.credit.domain.periods import expiry, local_day
from services.credit.domain.problems import CreditProblem
from services.credit.storage import applications as stored
from services.credit.storage import tables as t
from services.credit.storage.ledger import Said, account_of
from services.credit.storage.reads import account_of_subject

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.domain.catalogue import Reward
    from services.credit.storage.catalogues import Catalogues

HOLDER = "holder"
"""Stands for the account's own holder, who applied."""


class Apply(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: points of an item for an account, or for the caller's own when none is named."""

    item: str
    evidence: str | None = None
    account_id: UUID | None = None


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """What is decided of an application; a refusal has a reason."""

    id: UUID
    approve: bool
    reason: str | None = None


async def apply_for_points(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Apply) -> UUID:
    """Store an application and return its id."""
    own = await account_of_subject(session, str(permit.caller.subject))
    account_id = asked.account_id or own
    if account_id is None:
        raise NotFound(what="credit account")
    row = await locked(session, account_id)
    catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
    item = catalogue.reward(asked.item, row["group_code"])
    if account_id == own:
        permit.decided()
    else:
        await require_duty(session, permit, item.recorders if item else (), row["region_code"])
    if item is None:
        raise Refused(CreditProblem.UNKNOWN_ITEM, "item", item=asked.item[:60], group=row["group_code"])
    if not item.approvers:
        raise Refused(CreditProblem.NEEDS_NO_APPROVAL, "item", item=item.code)
    text, evidence = clean(asked.evidence, "evidence", LONGEST_WORD), evidence_digest(asked.evidence)
    if item.evidence and text is None:
        raise Refused(CreditProblem.EVIDENCE_NEEDED, "evidence", item=item.code)
    id_ = new_id()
    put = not await stored.evidence_counted(session, row["book_id"], item.code, evidence) and await stored.put(
        session,
        {
            "id": id_,
            "account_id": account_id,
            "book_id": row["book_id"],
            "item": item.code,
            "catalogue_version": catalogue.version,
            "state": stored.WAITING,
            "evidence": evidence,
            "evidence_text": permit.context.cipher.encrypt(text) if text else None,
            # The ledger outlives who leaves it: it never names an account's own holder.
            "recorded_by": HOLDER if account_id == own else str(permit.caller.subject),
            "recorded_at": now(),
        },
    )
    if not put:
        raise Refused(CreditProblem.EVIDENCE_USED, "evidence", item=item.code)
    session.changed("application", id_, row["region_code"], account=account_id, item=item.code, evidence=None)
    return id_


async def decide_application(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Decide) -> UUID:
    """Approve or refuse what waits; return the application's id."""
    before = await stored.one(session, asked.id)
    if before is None:
        raise NotFound(what="application")
    row = await locked(session, before["account_id"])
    catalogue = await catalogues.get(session, row["book_id"], before["catalogue_version"])
    item = catalogue.reward(before["item"], row["group_code"])
    await require_duty(session, permit, item.approvers if item else (), row["region_code"])
    await refuse_own(session, permit, row["id"])
    actor = str(permit.caller.subject)
    if actor == before["recorded_by"]:
        raise Refused(CreditProblem.OWN_RECORD)
    if await _shares_household(session, actor, row["id"]):
        raise Refused(CreditProblem.SAME_HOUSEHOLD)
    # Read again: the account's lock decides between two who decide at once.
    current = await stored.one(session, asked.id)
    if item is None or current is None or current["state"] != stored.WAITING:
        raise Refused(CreditProblem.DECIDED_ALREADY)
    at = now()
    decided = {"decided_by": actor, "decided_at": at, "reason": clean(asked.reason, "reason", LONGEST_WORD)}
    if not asked.approve:
        decided |= {"state": stored.REFUSED, "reason": demanded(asked.reason, "reason", LONGEST_WORD)}
    else:
        posting_id = await _give(session, row, item, current, at, actor)
        decided |= {"state": stored.APPROVED, "posting_id": posting_id}
    await stored.decide(session, asked.id, decided)
    session.changed("application", asked.id, row["region_code"], state=decided["state"], reason=None)
    return asked.id


async def _give(
    session: WriteSession, row: RowMapping, item: Reward, application: RowMapping, at: datetime, actor: str
) -> UUID:
    today = local_day(at)
    await check_ceiling(session, row["id"], item, today)
    account = account_of(row)
    said = Said(
        at=at,
        recorded_by=application["recorded_by"],
        approved_by=actor,
        item=item.code,
        catalogue_version=application["catalogue_version"],
        evidence=application["evidence"],
    )
    posting = earn(account, item.points, new_id(), expiry(today, item.valid_months))
    id_ = await post(session, row, account, posting, said)
    if id_ is None:
        raise Refused(CreditProblem.EVIDENCE_USED, item=item.code)
    return id_


async def _shares_household(session: ReadSession, actor: str, account_id: UUID) -> bool:
    """Tell whether the actor has an account in the household of another."""
    mine, theirs = t.holder.alias(), t.holder.alias()
    same = select(mine.c.account_id).where(
        mine.c.subject == actor, theirs.c.account_id == account_id, mine.c.household == theirs.c.household
    )
    return await session.row(same) is not None
