"""Load an account for posting, and write what the rules decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.ids import new_id
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import Account, BodyAccount, Component, Entry, Kind, Lot, PersonAccount
from services.credit.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from services.credit.domain.ledger import Posting


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a posting carries beside its entries: when, by which rule, on what evidence, by whom."""

    at: datetime
    recorded_by: str
    approved_by: str | None = None
    item: str | None = None
    catalogue_version: int | None = None
    evidence: bytes | None = None
    cause: str | None = None


async def lock_account(session: WriteSession, account_id: UUID) -> RowMapping | None:
    """Lock a subject's account and count one more event; return the row, None when it is not in scope.

    The row has `catalogue`, the newest version of its book's catalogue, beside its columns. An account is locked before
    anything else of it.
    """
    a, v = t.account, t.catalogue_version.c
    newest = select(func.max(v.version)).where(v.book_id == a.c.book_id).scalar_subquery()
    locked = (
        update(a)
        .where(a.c.id == account_id, a.c.nature != "system")
        .values(events=a.c.events + 1)
        .returning(a, newest.label("catalogue"))
    )
    return await session.row(locked)


async def with_lots(session: ReadSession, row: RowMapping) -> Account:
    """Return an account with its lots, for the rules."""
    l = t.lot.c  # noqa: E741 (as the other tables)
    full = select(l.id, l.expires_on, l.available, l.held).where(
        l.account_id == row["id"], (l.available > 0) | (l.held > 0)
    )
    return account_of(row, [Lot(**lot) for lot in await session.rows(full)])


def account_of(row: RowMapping, lots: Sequence[Lot] = ()) -> Account:
    """Return an account as the rules know it: a person's or a body's."""
    kind = PersonAccount if row["nature"] == Nature.NATURAL else BodyAccount
    return kind(id=row["id"], book_id=row["book_id"], lots=tuple(lots), deducted=row["deducted"])


async def write(session: WriteSession, account: Account, posting: Posting, said: Said) -> UUID | None:
    """Write a posting of an account that is locked; return its id.

    None when it was there already: a posting of that cause, or of that item with that evidence. The sums of account and
    lots follow by the trigger, which refuses what does not add up.
    """
    id_ = new_id()
    row = posting_row(id_, account, posting, said)
    written = await session.execute(upsert(t.posting).values(row).on_conflict_do_nothing())
    if not written.rowcount:
        return None
    if posting.lots:
        await session.execute(insert(t.lot), lot_rows(id_, posting))
    await session.execute(insert(t.entry).values(entry_rows(id_, posting)))
    return id_


def posting_row(id_: UUID, account: Account, posting: Posting, said: Said) -> dict[str, Any]:
    """Return the row of a posting."""
    return {
        "id": id_,
        "book_id": account.book_id,
        "account_id": account.id,
        "kind": posting.kind.value,
        "reverses": posting.reverses,
        "lines": len(posting.entries),
        **{name: getattr(said, name) for name in said.__struct_fields__},
    }


def lot_rows(id_: UUID, posting: Posting) -> list[dict[str, Any]]:
    """Return the rows of the lots that a posting opens."""
    return [
        {"id": lot.id, "account_id": lot.account_id, "opened_by": id_, "expires_on": lot.expires_on}
        for lot in posting.lots
    ]


def entry_rows(id_: UUID, posting: Posting) -> list[dict[str, Any]]:
    """Return the rows of a posting's entries; written by one statement, as the trigger demands."""
    return [
        {
            "posting_id": id_,
            "line": line,
            "account_id": entry.account_id,
            "component": entry.component.value,
            "amount": entry.amount,
            "lot_id": entry.lot_id,
        }
        for line, entry in enumerate(posting.entries, 1)
    ]


async def posted(session: ReadSession, posting_id: UUID) -> tuple[RowMapping, list[Entry]] | None:
    """Return a posting with its entries, None when it is not in scope."""
    p, e = t.posting, t.entry
    row = await session.row(select(p).where(p.c.id == posting_id))
    if row is None:
        return None
    lines = await session.rows(select(e).where(e.c.posting_id == posting_id).order_by(e.c.line))
    return row, [
        Entry(line["account_id"], Component(line["component"]), line["amount"], line["lot_id"]) for line in lines
    ]


async def earned_since(session: ReadSession, account_id: UUID, item: str, first: datetime, after: datetime) -> int:
    """Return the points of an item that an account earned from `first` to before `after`, less what was reversed."""
    p, e = t.posting, t.entry
    back = select(t.posting.c.reverses).where(t.posting.c.reverses.is_not(None), t.posting.c.account_id == account_id)
    earned = (
        select(func.coalesce(func.sum(e.c.amount), 0))
        .join(p, p.c.id == e.c.posting_id)
        .where(
            p.c.account_id == account_id,
            p.c.kind == Kind.EARN.value,
            p.c.item == item,
            p.c.at >= first,
            p.c.at < after,
            p.c.id.not_in(back),
            e.c.component == Component.AVAILABLE.value,
        )
    )
    return int(await session.scalar(earned))
