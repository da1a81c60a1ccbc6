"""Lists, objections, rankings and publicity: stored and read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, and_, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.credit.domain.ledger import Component, Kind
from services.credit.storage import governance_tables as g
from services.credit.storage import tables as t
from services.credit.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession, WriteSession

OPEN, UPHELD, DISMISSED = "open", "upheld", "dismissed"
MOST_SHOWN = 1000

_RANK = text("SELECT rank_grids(:book, :quarter, :flags)")
"""A function of the owner's (migrations/versions/0011_grid_points.py)."""

_TURN = text("SELECT pg_advisory_xact_lock(7240128, hashtext(:book))")


async def take_turn(session: WriteSession, book_id: UUID) -> None:
    """Let nobody else rank or publish in a book until the transaction ends."""
    await session.execute(_TURN, {"book": str(book_id)})


async def rank_grids(session: WriteSession, book_id: UUID, quarter: date, flags: int) -> int:
    """Rank a book's grids by their people's mean points of a quarter (its first day); return how many grids."""
    parameters = {"book": book_id, "quarter": quarter, "flags": flags}
    return int((await session.execute(_RANK, parameters)).scalar_one())


async def is_ranked(session: ReadSession, book_id: UUID, quarter: date) -> bool:
    """Tell whether a quarter was ranked."""
    k = g.grid_rank.c
    there = select(k.region_id).where(k.book_id == book_id, k.quarter == quarter).limit(1)
    return await session.row(there) is not None


async def ranking(session: ReadSession, book_id: UUID, quarter: date, prefix: str, most: int) -> Sequence[RowMapping]:
    """Return the ranked grids of a region, the best first."""
    k, r = g.grid_rank, t.region.c
    ranked = select(k).join(t.region, r.id == k.c.region_id).where(k.c.book_id == book_id, k.c.quarter == quarter)
    return await session.rows(ranked.where(in_prefix(r.code, prefix)).order_by(k.c.rank, k.c.region_id).limit(most))


async def rank_of(session: ReadSession, account: RowMapping, first: datetime, after: datetime) -> RowMapping | None:
    """Return a person's place in their own grid by points earned, and among how many; nothing of anybody else."""
    a, p, e = t.account.c, t.posting.c, t.entry.c
    earned = (
        select(a.id, func.coalesce(func.sum(e.amount), 0).label("points"))
        .select_from(t.account)
        .outerjoin(t.posting, and_(p.account_id == a.id, p.kind == Kind.EARN.value, p.at >= first, p.at < after))
        .outerjoin(t.entry, and_(e.posting_id == p.id, e.component == Component.AVAILABLE.value))
        .where(a.region_id == account["region_id"], a.nature == account["nature"], a.closed_at.is_(None))
        .group_by(a.id)
        .subquery()
    )
    place = select(
        earned.c.id,
        func.rank().over(order_by=earned.c.points.desc()).label("rank"),
        func.count().over().label("people"),
    ).subquery()
    return await session.row(select(place.c.rank, place.c.people).where(place.c.id == account["id"]))


async def put(session: WriteSession, table: Any, row: dict[str, Any]) -> None:
    """Store a listing, an objection or a publicity."""
    await session.execute(insert(table), row)


async def listing_of(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return a listing."""
    return await session.row(select(g.listing).where(g.listing.c.id == id_))


async def take_off(session: WriteSession, id_: UUID, day: date, by: str, why: str) -> None:
    """Take a body off a list."""
    off = update(g.listing).where(g.listing.c.id == id_, g.listing.c.removed_on.is_(None))
    await session.execute(off.values(removed_on=day, removed_by=by, removal=why))


async def objection_of(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return an objection."""
    return await session.row(select(g.objection).where(g.objection.c.id == id_))


async def objected(session: ReadSession, posting_id: UUID | None, listing_id: UUID | None) -> bool:
    """Tell whether there is an objection already."""
    o = g.objection.c
    same = o.posting_id == posting_id if posting_id else o.listing_id == listing_id
    return await session.row(select(o.id).where(same)) is not None


async def decide(session: WriteSession, id_: UUID, decided: dict[str, Any]) -> None:
    """Store what was decided of an objection."""
    await session.execute(update(g.objection).where(g.objection.c.id == id_).values(**decided))


async def shown_listings(session: ReadSession, prefix: str, day: date, colour: str | None) -> Sequence[RowMapping]:
    """Return what everybody may see on a day: past its notice, in its term, not taken off, under no open objection.

    At most MOST_SHOWN, the newest of them, in the order in which they began.
    """
    s, o, a, h = g.listing, g.objection.c, t.account.c, t.holder.c
    open_ = select(o.id).where(o.listing_id == s.c.id, o.state == OPEN).exists()
    shown = (
        select(s, h.name.label("holder"), h.credit_code)
        .join(t.account, a.id == s.c.account_id)
        .join(t.holder, h.account_id == a.id)
        .where(in_prefix(a.region_code, prefix), s.c.starts_on <= day, s.c.ends_on > day)
        .where(or_(s.c.removed_on.is_(None), s.c.removed_on > day), ~open_)
    )
    chosen = shown if colour is None else shown.where(s.c.colour == colour)
    newest = chosen.order_by(s.c.starts_on.desc(), s.c.id.desc()).limit(MOST_SHOWN)
    return list(reversed(await session.rows(newest)))


async def load_suspended(session: ReadSession, ids: list[UUID]) -> list[int]:
    """Return how many points of each account are counted against it by postings under open objection."""
    o, e = g.objection.c, t.entry.c
    rows = await session.rows(
        select(e.account_id, func.sum(-e.amount).label("points"))
        .join(g.objection, o.posting_id == e.posting_id)
        .where(e.account_id == func.any(literal(ids, ARRAY(Uuid))))
        .where(o.state == OPEN, e.component == Component.DEDUCTED.value)
        .group_by(e.account_id)
    )
    found = {row["account_id"]: int(row["points"]) for row in rows}
    return [found.get(id_, 0) for id_ in ids]


async def month_totals(session: ReadSession, book_id: UUID, first: datetime, after: datetime) -> Sequence[RowMapping]:
    """Return what each account of a book earned in a month, with what is needed to show it: group, name, consent."""
    a, h, p, e = t.account.c, t.holder.c, t.posting.c, t.entry.c
    return await session.rows(
        select(a.id, a.group_code, a.nature, h.name, h.shown, func.sum(e.amount).label("points"))
        .select_from(t.account)
        .join(t.posting, and_(p.account_id == a.id, p.kind == Kind.EARN.value, p.at >= first, p.at < after))
        .join(t.entry, and_(e.posting_id == p.id, e.component == Component.AVAILABLE.value))
        .outerjoin(t.holder, h.account_id == a.id)
        .where(a.book_id == book_id)
        .group_by(a.id, a.group_code, a.nature, h.name, h.shown)
        .order_by(a.group_code, func.sum(e.amount).desc(), a.id)
    )


async def publicity_of(session: ReadSession, book_id: UUID, month: date) -> RowMapping | None:
    """Return the publicity of a month."""
    p = g.publicity
    return await session.row(select(p).where(p.c.book_id == book_id, p.c.month == month))
