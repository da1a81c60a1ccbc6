"""Give points, count them against a body, and take a posting back: staff in duty, never for themselves."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import select

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean
from services.credit.commands.actors import now, require_duty
from services.credit.commands.post import locked, post
from services.credit.domain.catalogue import Reward
from services.credit.domain.content import LONGEST_WORD
from services.credit.domain.ledger import BodyAccount, Kind, deduct, earn, reverse
from services.credit.domain.periods import beginning, expiry, local_day, period_of
from services.credit.domain.problems import CreditProblem
from services.credit.storage import tables as t
from services.credit.storage.ledger import Said, account_of, earned_since, posted, with_lots

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from chassis.graphql.mutate import Permit
    from services.credit.domain.catalogue import Item
    from services.credit.storage.catalogues import Catalogues


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: an item of the catalogue for an account, on this evidence (a document's number, a file's key)."""

    account_id: UUID
    item: str
    evidence: str | None = None


async def award_points(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Record) -> UUID:
    """Give the points of an item that needs no approval; return the account's id."""
    row = await locked(session, asked.account_id)
    catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
    item = catalogue.reward(asked.item, row["group_code"])
    if item is None:
        raise _unknown(asked.item, row)
    said = await _said(session, permit, row, item, catalogue.version, asked)
    today = local_day(said.at)
    await check_ceiling(session, row["id"], item, today)
    account = account_of(row)
    posting = earn(account, item.points, new_id(), expiry(today, item.valid_months))
    if await post(session, row, account, posting, said) is None:
        raise Refused(CreditProblem.EVIDENCE_USED, "evidence", item=item.code)
    return asked.account_id


async def deduct_points(session: WriteSession, permit: Permit, catalogues: Catalogues, asked: Record) -> UUID:
    """Count an item against a body; return the account's id. A person's account has no such item: it is refused."""
    row = await locked(session, asked.account_id)
    catalogue = await catalogues.numbered(session, row["book_id"], row["catalogue"])
    account = account_of(row)
    item = catalogue.deduction(asked.item, row["group_code"])
    if item is None or not isinstance(account, BodyAccount):
        raise _unknown(asked.item, row)
    said = await _said(session, permit, row, item, catalogue.version, asked)
    if said.evidence is None:
        raise Refused(CreditProblem.EVIDENCE_NEEDED, "evidence", item=item.code)
    if await post(session, row, account, deduct(account, item.points), said) is None:
        raise Refused(CreditProblem.EVIDENCE_USED, "evidence", item=item.code)
    return asked.account_id


async def reverse_posting(session: WriteSession, permit: Permit, catalogues: Catalogues, posting_id: UUID) -> UUID:
    """Take a posting back as a whole; return the account's id. Open to whom its item names as approver or recorder."""
    found = await posted(session, posting_id)
    if found is None:
        raise NotFound(what="posting")
    before, entries = found
    row = await locked(session, before["account_id"])
    await _require_corrector(session, permit, catalogues, row, before)
    account = await with_lots(session, row)
    posting = reverse(account, posting_id, Kind(before["kind"]), entries)
    said = Said(
        at=now(),
        recorded_by=str(permit.caller.subject),
        item=before["item"],
        catalogue_version=before["catalogue_version"],
    )
    if await post(session, row, account, posting, said) is None:
        raise Refused(CreditProblem.ALREADY_REVERSED, "id")
    return account.id


async def _require_corrector(
    session: WriteSession, permit: Permit, catalogues: Catalogues, row: RowMapping, before: RowMapping
) -> None:
    titles: tuple[str, ...] = ()
    if before["catalogue_version"] is not None:
        catalogue = await catalogues.get(session, row["book_id"], before["catalogue_version"])
        items: tuple[Item, ...] = (*catalogue.rewards, *catalogue.deductions)
        titles = next((one.approvers or one.recorders for one in items if one.code == before["item"]), ())
    await require_duty(session, permit, titles, row["region_code"])
    await refuse_own(session, permit, row["id"])


async def _said(
    session: WriteSession, permit: Permit, row: RowMapping, item: Item, version: int, asked: Record
) -> Said:
    """Check who records it, and on what; return what the posting will carry."""
    await require_duty(session, permit, item.recorders, row["region_code"])
    await refuse_own(session, permit, row["id"])
    if item.approvers:
        raise Refused(CreditProblem.NEEDS_APPROVAL, "item", item=item.code)
    evidence = evidence_digest(asked.evidence)
    if evidence is None and isinstance(item, Reward) and item.evidence:
        raise Refused(CreditProblem.EVIDENCE_NEEDED, "evidence", item=item.code)
    return Said(
        at=now(),
        recorded_by=str(permit.caller.subject),
        item=item.code,
        catalogue_version=version,
        evidence=evidence,
    )


def evidence_digest(evidence: str | None) -> bytes | None:
    """Return the digest by which evidence is known, None for none. Raises Refused for a text that is wrong."""
    found = clean(evidence, "evidence", LONGEST_WORD)
    return hashlib.sha256(found.encode()).digest() if found else None


async def refuse_own(session: ReadSession, permit: Permit, account_id: UUID) -> None:
    """Refuse who acts on their own account."""
    own = select(t.holder.c.subject).where(t.holder.c.account_id == account_id)
    if await session.scalar(own) == permit.caller.subject:
        raise Refused(CreditProblem.OWN_MATTER)


async def check_ceiling(session: ReadSession, account_id: UUID, item: Reward, today: date) -> None:
    """Refuse what would go beyond an item's ceiling in the period that `today` lies in."""
    if item.ceiling is None:
        return
    first, after = period_of(today, item.ceiling.per)
    earned = await earned_since(session, [account_id], item.code, beginning(first), beginning(after))
    left = max(item.ceiling.points - earned.get(account_id, 0), 0)
    if item.points > left:
        raise Refused(
            CreditProblem.CEILING_REACHED, "item",
            item=item.code, most=item.ceiling.points, period=item.ceiling.per, left=left,
        )  # fmt: skip


def _unknown(item: str, row: RowMapping) -> Refused:
    return Refused(CreditProblem.UNKNOWN_ITEM, "item", item=item[:60], group=row["group_code"])
