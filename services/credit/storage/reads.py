"""Batched reads for the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Uuid, bindparam, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.credit.domain.ledger import Component
from services.credit.storage import tables as t

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession


_WITH_HOLDER = (
    select(t.account, t.holder.c.subject, t.holder.c.credit_code, t.holder.c.name, t.holder.c.shown)
    .outerjoin(t.holder, t.holder.c.account_id == t.account.c.id)
    .where(t.account.c.nature != literal_column("'system'"))
)
_OWN = _WITH_HOLDER.where(t.holder.c.subject == bindparam("subject"))
"""Built once: the balance is what is read most."""


async def load_accounts(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return subjects' accounts with whose they are."""
    statement = _WITH_HOLDER.where(t.account.c.id == func.any(literal(ids, ARRAY(Uuid))))
    found = {row["id"]: row for row in await session.rows(statement)}
    return [found.get(id_) for id_ in ids]


async def own_account(session: ReadSession, subject: str) -> RowMapping | None:
    """Return a person's open account with whose it is, by one statement."""
    return await session.row(_OWN, {"subject": subject})


async def account_of_subject(session: ReadSession, subject: str) -> UUID | None:
    """Return the id of a person's open account."""
    h = t.holder.c
    found: UUID | None = await session.scalar(select(h.account_id).where(h.subject == subject))
    return found


async def events_of(session: ReadSession, ids: list[UUID]) -> dict[UUID, int | None]:
    """Return how many events accounts have, None for those that are closed."""
    a = t.account.c
    among = a.id == func.any(literal(ids, ARRAY(Uuid)))
    rows = await session.rows(select(a.id, a.events, a.closed_at).where(among))
    return {row["id"]: None if row["closed_at"] else row["events"] for row in rows}


async def load_region_codes(session: ReadSession, ids: list[UUID]) -> list[str | None]:
    """Return the present codes of regions."""
    r = t.region.c
    among = r.id == func.any(literal(ids, ARRAY(Uuid)))
    found = {row["id"]: row["code"] for row in await session.rows(select(r.id, r.code).where(among))}
    return [found.get(id_) for id_ in ids]


async def balance_at(session: ReadSession, account_id: UUID, at: datetime) -> RowMapping:
    """Return what an account held at an instant, summed from its entries."""
    p, e = t.posting.c, t.entry.c

    def total(component: Component) -> Any:
        return func.coalesce(func.sum(e.amount).filter(e.component == component.value), 0).label(component.value)

    statement = (
        select(total(Component.AVAILABLE), total(Component.HELD), total(Component.DEDUCTED))
        .select_from(t.entry)
        .join(t.posting, p.id == e.posting_id)
        .where(e.account_id == account_id, p.at <= at)
    )
    row = await session.row(statement)
    if row is None:
        raise AssertionError("an aggregate has a row")
    return row


def postings_of(account_id: UUID) -> Select[Any]:
    """Return the statement of an account's postings, with what each did to it."""
    p, e = t.posting, t.entry.c
    moved = (
        select(
            func.coalesce(func.sum(e.amount).filter(e.component == Component.AVAILABLE.value), 0).label("available"),
            func.coalesce(func.sum(e.amount).filter(e.component == Component.HELD.value), 0).label("held"),
            func.coalesce(func.sum(e.amount).filter(e.component == Component.DEDUCTED.value), 0).label("deducted"),
        )
        .where(e.posting_id == p.c.id)
        .lateral("moved")
    )
    return select(p, moved.c.available, moved.c.held, moved.c.deducted).where(p.c.account_id == account_id)


async def load_seals(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return the places of postings in their chains."""
    s = t.seal.c
    statement = select(s.posting_id, s.number, s.hash).where(s.posting_id == func.any(literal(ids, ARRAY(Uuid))))
    found = {row["posting_id"]: row for row in await session.rows(statement)}
    return [found.get(id_) for id_ in ids]


async def batch_results(session: ReadSession, id_: UUID) -> list[str | None]:
    """Return the problem's code for each row of a batch, None for those that were done."""
    b = t.batch.c
    return list(await session.scalar(select(b.results).where(b.id == id_)) or ())
