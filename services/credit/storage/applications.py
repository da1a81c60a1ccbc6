"""Applications: stored, locked for deciding, listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.credit.storage import tables as t
from services.credit.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession, WriteSession

WAITING, APPROVED, REFUSED = "waiting", "approved", "refused"


async def put(session: WriteSession, row: dict[str, Any]) -> bool:
    """Store an application; False when that evidence is used for that item already."""
    return bool((await session.execute(upsert(t.application).values(row).on_conflict_do_nothing())).rowcount)


async def evidence_counted(session: ReadSession, book_id: UUID, item: str, evidence: bytes | None) -> bool:
    """Tell whether a posting of an item rests on this evidence."""
    p = t.posting.c
    there = select(p.id).where(p.book_id == book_id, p.item == item, p.evidence == evidence)
    return evidence is not None and await session.row(there) is not None


async def one(session: ReadSession, id_: UUID) -> RowMapping | None:
    """Return an application."""
    return await session.row(select(t.application).where(t.application.c.id == id_))


async def decide(session: WriteSession, id_: UUID, decided: dict[str, Any]) -> None:
    """Store what was decided of an application whose account is locked."""
    await session.execute(update(t.application).where(t.application.c.id == id_).values(**decided))


async def withdraw_all(session: WriteSession, account_id: UUID, at: datetime) -> None:
    """Refuse what waits of somebody who leaves, and delete the evidence of everything."""
    a = t.application
    waiting = (a.c.account_id == account_id) & (a.c.state == WAITING)
    await session.execute(
        update(a).where(waiting).values(state=REFUSED, decided_by="system:leaving", decided_at=at, reason=None)
    )
    await session.execute(update(a).where(a.c.account_id == account_id).values(evidence_text=None))


def waiting_in(prefix: str, duty_regions: Sequence[str]) -> Select[Any]:
    """Return the statement of what waits in a region, as far as it lies in the regions that the caller has duty in."""
    a, c = t.application, t.account.c
    mine = or_(False, *(in_prefix(c.region_code, region) for region in duty_regions))  # noqa: FBT003 (nothing without any)
    return (
        select(a)
        .join(t.account, c.id == a.c.account_id)
        .where(a.c.state == WAITING, in_prefix(c.region_code, prefix), mine)
    )


def of_account(account_id: UUID) -> Select[Any]:
    """Return the statement of an account's applications."""
    return select(t.application).where(t.application.c.account_id == account_id)
