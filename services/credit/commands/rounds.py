"""A quarter's ranking and a month's publicity: done once for each book and period, whoever asks for it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chassis.ids import new_id
from chassis.problems import Refused
from services.credit.domain.catalogue import Period
from services.credit.domain.content import mask_name
from services.credit.domain.groups import Nature
from services.credit.domain.periods import after_months, beginning, period_of
from services.credit.domain.problems import CreditProblem
from services.credit.storage import chain, governance
from services.credit.storage import governance_tables as g

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession


async def rank(session: WriteSession, book: RowMapping, quarter: date, flags: int) -> int:
    """Rank a book's grids for a quarter that is over; return how many. Raises Refused when it was done."""
    await governance.take_turn(session, book["id"])
    if await governance.is_ranked(session, book["id"], quarter):
        raise Refused(CreditProblem.DONE_ALREADY, "day")
    first, _ = period_of(quarter, Period.QUARTER)
    grids = await governance.rank_grids(session, book["id"], first, flags)
    session.changed("ranking", book["id"], book["region_code"], quarter=first, grids=grids)
    return grids


async def publish(session: WriteSession, cipher: DataCipher, book: RowMapping, month: date, at: datetime) -> UUID:
    """Publish a month that is over; return the publicity's id. Raises Refused when it was done.

    Totals by group; of people only those who agreed, masked. The end of the chain goes with it, so that nobody can cut
    it off later.
    """
    await governance.take_turn(session, book["id"])
    if await governance.publicity_of(session, book["id"], month) is not None:
        raise Refused(CreditProblem.DONE_ALREADY, "day")
    rows = await governance.month_totals(session, book["id"], beginning(month), beginning(after_months(month, 1)))
    head = await chain.head(session, book["id"])
    id_ = new_id()
    values = {
        "id": id_,
        "book_id": book["id"],
        "month": month,
        "published_at": at,
        "totals": _totals(rows),
        "shown": _shown(cipher, rows),
        "head_number": head.number,
        "head_hash": head.hash,
    }
    await governance.put(session, g.publicity, values)
    session.changed("publicity", id_, book["region_code"], month=month)
    return id_


def _totals(rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    points: Counter[str] = Counter()
    earners: Counter[str] = Counter()
    for row in rows:
        points[row["group_code"]] += int(row["points"])
        earners[row["group_code"]] += 1
    return [{"group": group, "earners": earners[group], "points": points[group]} for group in sorted(points)]


def _shown(cipher: DataCipher, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    """Return who is shown: people who agreed, masked, in no order of points."""
    people = [
        {
            "name": mask_name(cipher.decrypt(bytes(row["name"]))),
            "group": row["group_code"],
            "points": int(row["points"]),
        }
        for row in rows
        if row["nature"] == Nature.NATURAL and row["shown"] and row["name"]
    ]
    return sorted(people, key=lambda one: (one["group"], one["name"], one["points"]))
