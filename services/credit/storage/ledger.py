"""Load an account for posting, and write what the rules decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import Uuid, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.ids import new_id
from services.credit.domain.groups import Nature
from services.credit.domain.ledger import Account, BodyAccount, Component, Entry, Kind, Lot, PersonAccount
from services.credit.storage import tables as t
from services.credit.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession
    from services.credit.domain.ledger import NewLot, Posting


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


async def lock_accounts(session: WriteSession, ids: Sequence[UUID], region_code: str) -> dict[UUID, RowMapping]:
    """Lock open accounts in a region, in one order whoever locks; return the rows by id, those that there are."""
    a = t.account.c
    among = a.id == func.any(literal(list(ids), ARRAY(Uuid)))
    mine = select(t.account).where(
        among, a.nature != "system", a.closed_at.is_(None), in_prefix(a.region_code, region_code)
    )
    return {row["id"]: row for row in await session.rows(mine.order_by(a.id).with_for_update())}


async def count_events(session: WriteSession, counts: Mapping[UUID, int]) -> None:
    """Count events of locked accounts."""
    await session.execute(_COUNT, {"ids": list(counts), "counts": list(counts.values())})


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


_COUNT = text("""
UPDATE account SET events = events + more.count
FROM unnest(CAST(:ids AS uuid[]), CAST(:counts AS bigint[])) AS more(id, count) WHERE account.id = more.id
""")
_POSTINGS = text("""
INSERT INTO posting (id, book_id, account_id, kind, at, item, catalogue_version, evidence, recorded_by, approved_by,
    reverses, cause, lines)
SELECT * FROM unnest(CAST(:id AS uuid[]), CAST(:book_id AS uuid[]), CAST(:account_id AS uuid[]), CAST(:kind AS text[]),
    CAST(:at AS timestamptz[]), CAST(:item AS text[]), CAST(:catalogue_version AS integer[]),
    CAST(:evidence AS bytea[]), CAST(:recorded_by AS text[]), CAST(:approved_by AS text[]), CAST(:reverses AS uuid[]),
    CAST(:cause AS text[]), CAST(:lines AS smallint[]))
ON CONFLICT DO NOTHING RETURNING id
""")
_LOTS = text("""
INSERT INTO lot (id, account_id, opened_by, expires_on) SELECT * FROM unnest(CAST(:id AS uuid[]),
    CAST(:account_id AS uuid[]), CAST(:opened_by AS uuid[]), CAST(:expires_on AS date[]))
""")
_ENTRIES = text("""
INSERT INTO entry (posting_id, line, account_id, component, amount, lot_id) SELECT * FROM unnest(
    CAST(:posting_id AS uuid[]), CAST(:line AS smallint[]), CAST(:account_id AS uuid[]), CAST(:component AS text[]),
    CAST(:amount AS bigint[]), CAST(:lot_id AS uuid[]))
""")


class Draft(NamedTuple):
    """A posting that is ready to be written, of an account that is locked."""

    account: Account
    posting: Posting
    said: Said


async def write(session: WriteSession, account: Account, posting: Posting, said: Said) -> UUID | None:
    """Write a posting of an account that is locked; return its id, None when it was there already (`write_many`)."""
    (written,) = await write_many(session, [Draft(account, posting, said)])
    return written


async def write_many(session: WriteSession, drafts: Sequence[Draft]) -> list[UUID | None]:
    """Write postings of accounts that are locked, in three statements however many they are; return their ids.

    None for one that was there already: a posting of that cause, or of that item with that evidence, or a second
    reversal. The sums of accounts and lots follow by the trigger, which refuses what does not add up.
    """
    ids = [new_id() for _ in drafts]
    rows = [_posting_row(id_, draft) for id_, draft in zip(ids, drafts, strict=True)]
    written = set((await session.execute(_POSTINGS, _columns(rows))).scalars())
    kept = [(id_, draft.posting) for id_, draft in zip(ids, drafts, strict=True) if id_ in written]
    if lots := [_lot_row(id_, lot) for id_, posting in kept for lot in posting.lots]:
        await session.execute(_LOTS, _columns(lots))
    if entries := [row for id_, posting in kept for row in _entry_rows(id_, posting)]:
        # By one statement, as the trigger demands.
        await session.execute(_ENTRIES, _columns(entries))
    return [id_ if id_ in written else None for id_ in ids]


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _posting_row(id_: UUID, draft: Draft) -> dict[str, Any]:
    account, posting, said = draft
    return {
        "id": id_,
        "book_id": account.book_id,
        "account_id": account.id,
        "kind": posting.kind.value,
        "reverses": posting.reverses,
        "lines": len(posting.entries),
        **{name: getattr(said, name) for name in said.__struct_fields__},
    }


def _lot_row(id_: UUID, lot: NewLot) -> dict[str, Any]:
    return {"id": lot.id, "account_id": lot.account_id, "opened_by": id_, "expires_on": lot.expires_on}


def _entry_rows(id_: UUID, posting: Posting) -> list[dict[str, Any]]:
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


async def earned_since(
    session: ReadSession, ids: Sequence[UUID], item: str, first: datetime, after: datetime
) -> dict[UUID, int]:
    """Return the points of an item that accounts earned from `first` to before `after`, less what was reversed."""
    p, e = t.posting, t.entry
    back = t.posting.alias("back")
    earned = (
        select(p.c.account_id, func.sum(e.c.amount).label("points"))
        .join(e, e.c.posting_id == p.c.id)
        .where(
            p.c.account_id == func.any(literal(list(ids), ARRAY(Uuid))),
            p.c.kind == Kind.EARN.value,
            p.c.item == item,
            p.c.at >= first,
            p.c.at < after,
            ~select(back.c.id).where(back.c.reverses == p.c.id).exists(),
            e.c.component == Component.AVAILABLE.value,
        )
        .group_by(p.c.account_id)
    )
    return {row["account_id"]: int(row["points"]) for row in await session.rows(earned)}
