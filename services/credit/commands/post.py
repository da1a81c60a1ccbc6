"""Write a posting with its event: what every command that moves points ends in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from chassis.errors import NotFound
from chassis.problems import Refused
from services.credit.commands.publishing import posted_event, publish
from services.credit.domain.problems import CreditProblem
from services.credit.storage import tables as t
from services.credit.storage.ledger import lock_account, write

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from services.credit.domain.ledger import Account, Posting
    from services.credit.storage.ledger import Said


async def locked(session: WriteSession, account_id: UUID) -> RowMapping:
    """Lock an open account. Raises NotFound out of scope, Refused when it is closed."""
    row = await lock_account(session, account_id)
    if row is None:
        raise NotFound(what="credit account")
    if row["closed_at"] is not None:
        raise Refused(CreditProblem.NOT_A_MEMBER)
    return row


async def open_account(session: WriteSession, account_id: UUID) -> RowMapping | None:
    """Return a subject's open account without locking it, None when there is none in scope."""
    a = t.account.c
    mine = select(t.account).where(a.id == account_id, a.nature != "system", a.closed_at.is_(None))
    return await session.row(mine)


async def post(
    session: WriteSession,
    row: RowMapping,
    account: Account,
    posting: Posting,
    said: Said,
    *,
    causation_id: str | None = None,
) -> UUID | None:
    """Write a posting of a locked account, and its event; None when it was there already (`storage.ledger.write`)."""
    id_ = await write(session, account, posting, said)
    if id_ is None:
        return None
    session.changed(
        "posting", id_, row["region_code"],
        account=account.id, kind=posting.kind, points=posting.points, item=said.item,
    )  # fmt: skip
    await publish(session, posted_event(row, id_, posting, said), row["events"], said.at, causation_id)
    return id_
