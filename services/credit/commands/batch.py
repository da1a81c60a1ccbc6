"""Post many rewards at once: a fixed number of statements for a thousand rows, and a result for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import Uuid, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from services.credit.commands.actors import now, require_duty
from services.credit.commands.points import evidence_digest
from services.credit.commands.publishing import publish_many
from services.credit.domain.ledger import earn
from services.credit.domain.periods import beginning, expiry, local_day, period_of
from services.credit.domain.problems import CreditProblem
from services.credit.storage import tables as t
from services.credit.storage.books import book_at
from services.credit.storage.ledger import (
    Draft,
    Said,
    account_of,
    earned_since,
    lock_accounts,
    write_many,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from chassis.problems import ProblemCatalogue
    from services.credit.domain.catalogue import Catalogue, Reward
    from services.credit.storage.catalogues import Catalogues

MOST_ROWS = 2000


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row: an account, and the evidence when there is any."""

    account_id: UUID
    evidence: str | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: the same item for many accounts of a region."""

    region_code: str
    item: str
    rows: tuple[Row, ...]


async def record_batch(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Batch) -> UUID:
    """Post what can be posted, and store what became of each row; return the batch's id."""
    if not 1 <= len(asked.rows) <= MOST_ROWS:
        raise Refused(CreditProblem.TOO_MANY_ROWS, "rows", most=MOST_ROWS)
    r = t.region.c
    region = await session.row(select(r.id, r.code).where(r.code == asked.region_code.strip()))
    book = await book_at(session, asked.region_code)
    if region is None or book is None:
        raise Refused(CommonProblem.UNKNOWN_REGION, "regionCode", code=asked.region_code[:40])
    catalogue = await catalogues.latest(session, book["id"])
    item = next((one for one in catalogue.rewards if one.code == asked.item), None)
    await require_duty(session, permit, item.recorders if item else (), region["code"])
    if item is None:
        raise Refused(CreditProblem.UNKNOWN_ITEM, "item", item=asked.item[:60], group="*")
    if item.approvers:
        raise Refused(CreditProblem.NEEDS_APPROVAL, "item", item=item.code)
    actor, at, id_ = str(permit.caller.subject), now(), new_id()
    results = await post_rows(session, catalogue, item, asked.rows, region["code"], actor, at)
    row = {"id": id_, "region_id": region["id"], "region_code": region["code"], "recorded_by": actor, "at": at}
    codes = [problem.code if problem else None for problem in results]
    await session.execute(insert(t.batch), row | {"results": codes})
    done = sum(code is None for code in codes)
    session.changed("batch", id_, region["code"], item=item.code, rows=len(codes), done=done)
    return id_


async def post_rows(
    session: WriteSession,
    catalogue: Catalogue,
    item: Reward,
    rows: Sequence[Row],
    region_code: str,
    actor: str,
    at: datetime,
) -> list[ProblemCatalogue | None]:
    """Give the points of an item for each row; return why not, by row. A row that is refused holds up no other."""
    accounts = await lock_accounts(session, [row.account_id for row in rows], region_code)
    own = await _own(session, accounts, actor)
    left = await _left(session, accounts, item, at)
    problems: list[ProblemCatalogue | None] = []
    drafts: list[Draft] = []
    places: list[int] = []
    expires = expiry(local_day(at), item.valid_months)
    for place, row in enumerate(rows):
        account = accounts.get(row.account_id)
        problem = _refusal(item, account, row, left, own)
        problems.append(problem)
        if problem is None and account is not None:
            left[row.account_id] -= item.points
            known = account_of(account)
            said = Said(
                at=at,
                recorded_by=actor,
                item=item.code,
                catalogue_version=catalogue.version,
                evidence=evidence_digest(row.evidence),
            )
            drafts.append(Draft(known, earn(known, item.points, new_id(), expires), said))
            places.append(place)
    if drafts:
        written = await write_many(session, drafts)
        for place, id_ in zip(places, written, strict=True):
            problems[place] = None if id_ else CreditProblem.EVIDENCE_USED
        await publish_many(session, {id_: dict(row) for id_, row in accounts.items()}, drafts, written)
    return problems


def _refusal(
    item: Reward, account: RowMapping | None, row: Row, left: dict[UUID, int], own: UUID | None
) -> ProblemCatalogue | None:
    if account is None:
        return CreditProblem.UNKNOWN_ACCOUNT
    if not item.is_for(account["group_code"]):
        return CreditProblem.UNKNOWN_ITEM
    if row.account_id == own:
        return CreditProblem.OWN_MATTER
    if item.evidence and not row.evidence:
        return CreditProblem.EVIDENCE_NEEDED
    return CreditProblem.CEILING_REACHED if left[row.account_id] < item.points else None


async def _own(session: WriteSession, accounts: dict[UUID, RowMapping], actor: str) -> UUID | None:
    h = t.holder.c
    among = h.account_id == func.any(literal(list(accounts), ARRAY(Uuid)))
    found: UUID | None = await session.scalar(select(h.account_id).where(among, h.subject == actor))
    return found


async def _left(session: WriteSession, accounts: dict[UUID, RowMapping], item: Reward, at: datetime) -> dict[UUID, int]:
    """Return how many points of the item each account may still earn in the period."""
    if item.ceiling is None:
        return dict.fromkeys(accounts, 1 << 60)
    first, after = period_of(local_day(at), item.ceiling.per)
    earned = await earned_since(session, list(accounts), item.code, beginning(first), beginning(after))
    return {id_: item.ceiling.points - earned.get(id_, 0) for id_ in accounts}
