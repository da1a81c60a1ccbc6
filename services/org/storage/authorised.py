"""Reads of authorised matters: their reviews, and how many work."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.org.domain.authorised import Verdict
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.place_tables import authorised_matter, matter_review

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import ReadSession

_M, _R = authorised_matter, matter_review


async def load_reviews(session: ReadSession, ids: list[UUID]) -> list[list[RowMapping]]:
    """Return the reviews of each matter in their order."""
    found: dict[UUID, list[RowMapping]] = defaultdict(list)
    for row in await session.rows(select(_R).where(_R.c.matter_id.in_(ids)).order_by(_R.c.seq)):
        found[row["matter_id"]].append(row)
    return [found[id_] for id_ in ids]


async def count_matters(session: ReadSession, place: Place) -> RowMapping:
    """Count the matters of a place on its day: handed down, trained for, by their last review; and taken back."""
    last = (
        select(_R.c.matter_id, _R.c.verdict)
        .where(_R.c.on_day <= place.as_of)
        .ext(distinct_on(_R.c.matter_id))
        .order_by(_R.c.matter_id, _R.c.seq.desc())
        .subquery("last")
    )
    holds = in_force(_M, place.as_of)
    over = and_(_M.c.valid_to.is_not(None), _M.c.valid_to <= place.as_of)
    verdicts = [
        func.count().filter(holds, last.c.verdict == verdict.value).label(verdict.value.lower()) for verdict in Verdict
    ]
    row = await session.row(
        select(
            func.count().filter(holds).label("handed"),
            func.count(_M.c.title.distinct()).filter(holds).label("matters"),
            func.count(_M.c.department_id.distinct()).filter(holds).label("departments"),
            func.count(_M.c.region_id.distinct()).filter(holds).label("subdistricts"),
            func.count().filter(holds, _M.c.trained_on <= place.as_of).label("trained"),
            func.count().filter(holds, last.c.verdict.is_not(None)).label("reviewed"),
            func.count().filter(over).label("taken_back"),
            *verdicts,
        )
        .select_from(_M.outerjoin(last, last.c.matter_id == _M.c.id))
        .where(within(_M.c.region_id, _M.c.region_code, place, direct=False))
    )
    if row is None:
        raise LookupError("a count has a row")
    return row
