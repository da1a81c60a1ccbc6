"""Selections, candidates, ballots, marks and awards: stored and read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.credit.storage import governance_tables as g
from services.credit.storage import selection_tables as s
from services.credit.storage import tables as t
from services.credit.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession, WriteSession

OPEN, PUBLISHED, CONCLUDED = "open", "published", "concluded"
ASKED, STANDING, DECLINED, CHOSEN = "asked", "standing", "declined", "chosen"
PASSED_OVER, STRUCK, WITHDRAWN = "passed_over", "struck", "withdrawn"


async def put(session: WriteSession, table: Any, row: dict[str, Any]) -> bool:
    """Store a row; False when there is one like it already."""
    return bool((await session.execute(upsert(table).values(row).on_conflict_do_nothing())).rowcount)


async def region_of(session: ReadSession, code: str) -> RowMapping | None:
    """Return an open region by its present code."""
    r = t.region
    return await session.row(select(r).where(r.c.code == code, r.c.closed_on.is_(None)))


async def selection_of(session: ReadSession, id_: UUID, *, lock: str = "") -> RowMapping | None:
    """Return a selection with the code of where it is held; `lock`: `share` to add to it, `update` to end it."""
    k, r = s.selection, t.region.c
    found = select(k, r.code.label("region_code")).join(t.region, r.id == k.c.region_id).where(k.c.id == id_)
    return await session.row(found.with_for_update(read=lock == "share", of=k) if lock else found)


async def candidate_of(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return a candidate with the code of its region."""
    c, r = s.candidate, t.region.c
    return await session.row(
        select(c, r.code.label("region_code")).join(t.region, r.id == c.c.region_id).where(c.c.id == id_)
    )


async def duty_of(session: ReadSession, id_: UUID, title: str, day: date) -> RowMapping | None:
    """Return a duty of a title that is in force."""
    d = t.duty
    in_force = and_(d.c.valid_from <= day, or_(d.c.valid_to.is_(None), d.c.valid_to > day))
    return await session.row(select(d).where(d.c.id == id_, d.c.title == title, in_force))


async def person_in(session: ReadSession, duty_id: UUID) -> str | None:
    """Return the token subject of who holds a duty."""
    d = t.duty.c
    found = await session.scalar(select(d.person_id).where(d.id == duty_id))
    return None if found is None else str(found)


async def household_stands(session: ReadSession, selection_id: UUID, account_id: UUID) -> bool:
    """Tell whether another of an account's household is a candidate."""
    c, h, own = s.candidate.c, t.holder.c, t.holder.alias("own")
    others = (
        select(c.id)
        .join(t.holder, h.account_id == c.account_id)
        .join(own, own.c.household == h.household)
        .where(c.selection_id == selection_id, own.c.account_id == account_id)
    )
    return await session.row(others.limit(1)) is not None


async def set_candidate(session: WriteSession, id_: UUID, **values: Any) -> None:
    """Store what became of a candidate."""
    await session.execute(update(s.candidate).where(s.candidate.c.id == id_).values(**values))


async def withdraw_account(session: WriteSession, account_id: UUID) -> None:
    """Take an account that is closed out of every selection: it is shown nowhere any more."""
    c = s.candidate.c
    gone = update(s.candidate).where(c.account_id == account_id)
    await session.execute(gone.values(state=WITHDRAWN, shown=None))


async def set_selection(session: WriteSession, id_: UUID, **values: Any) -> None:
    """Store how far a selection is."""
    await session.execute(update(s.selection).where(s.selection.c.id == id_).values(**values))


async def candidates_of(session: ReadSession, selection_id: UUID) -> Sequence[RowMapping]:
    """Return a selection's candidates with the encrypted names of those who have one."""
    c, h = s.candidate, t.holder.c
    listed = select(c, h.name).outerjoin(t.holder, h.account_id == c.c.account_id)
    return await session.rows(listed.where(c.c.selection_id == selection_id).order_by(c.c.id))


async def votes_of(session: ReadSession, selection_id: UUID) -> dict[UUID, int]:
    """Count the votes of open accounts by candidate."""
    b, a = s.ballot.c, t.account.c
    counted = (
        select(b.candidate_id, func.count().label("votes"))
        .join(t.account, a.id == b.account_id)
        .where(b.selection_id == selection_id, a.closed_at.is_(None))
        .group_by(b.candidate_id)
    )
    return {row["candidate_id"]: int(row["votes"]) for row in await session.rows(counted)}


async def marks_of(session: ReadSession, selection_id: UUID) -> Mapping[UUID, list[int]]:
    """Return the marks by candidate."""
    v, c = s.review.c, s.candidate.c
    marks = select(v.candidate_id, v.mark).join(s.candidate, c.id == v.candidate_id)
    found: dict[UUID, list[int]] = defaultdict(list)
    for row in await session.rows(marks.where(c.selection_id == selection_id)):
        found[row["candidate_id"]].append(row["mark"])
    return found


async def chosen_of(session: ReadSession, selection_id: UUID) -> Sequence[RowMapping]:
    """Return who is chosen, with the codes of their regions."""
    c, r = s.candidate, t.region.c
    chosen = select(c, r.code.label("region_code")).join(t.region, r.id == c.c.region_id)
    return await session.rows(
        chosen.where(c.c.selection_id == selection_id, c.c.state == CHOSEN).order_by(c.c.place, c.c.id)
    )


def selections_in(prefix: str) -> Select[Any]:
    """Return the statement of the selections that are held in a region and below."""
    k, r = s.selection, t.region.c
    held = select(k, r.code.label("region_code")).join(t.region, r.id == k.c.region_id)
    return held.where(in_prefix(r.code, prefix))


async def public_selections(session: ReadSession, prefix: str, since: datetime) -> Sequence[RowMapping]:
    """Return the selections of a region that everybody may see: those that were published, the newest first."""
    k = s.selection.c
    shown = selections_in(prefix).where(k.published_at >= since)
    return await session.rows(shown.order_by(k.published_at.desc(), k.id).limit(200))


async def red_flags(session: ReadSession, book_id: UUID, quarter: date) -> Sequence[RowMapping]:
    """Return the red-flag grids of a quarter."""
    k, r = g.grid_rank, t.region.c
    flagged = select(k, r.code.label("region_code")).join(t.region, r.id == k.c.region_id)
    return await session.rows(
        flagged.where(k.c.book_id == book_id, k.c.quarter == quarter, k.c.red_flag).order_by(k.c.rank, k.c.region_id)
    )


async def award_of(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return an award, locked, with the code of its region."""
    w, r = s.award, t.region.c
    found = select(w, r.code.label("region_code")).join(t.region, r.id == w.c.region_id).where(w.c.id == id_)
    return await session.row(found.with_for_update(of=w))


async def pay(session: WriteSession, id_: UUID, at: datetime, by: str, document: str) -> None:
    """Store that an award was paid."""
    paid = update(s.award).where(s.award.c.id == id_)
    await session.execute(paid.values(paid_at=at, paid_by=by, document=document))


def awards_in(book_id: UUID, prefix: str) -> Select[Any]:
    """Return the statement of a book's awards in a region and below."""
    w, r = s.award, t.region.c
    granted = select(w, r.code.label("region_code")).join(t.region, r.id == w.c.region_id)
    return granted.where(w.c.book_id == book_id, in_prefix(r.code, prefix))


async def add_review(session: WriteSession, row: dict[str, Any]) -> bool:
    """Store a mark; False when the reviewer gave one already."""
    return await put(session, s.review, row)


async def add_ballot(session: WriteSession, row: dict[str, Any]) -> bool:
    """Store a vote; False when the account has voted already."""
    return await put(session, s.ballot, row)


async def add_selection(session: WriteSession, row: dict[str, Any]) -> None:
    """Store a selection."""
    await session.execute(insert(s.selection), row)
