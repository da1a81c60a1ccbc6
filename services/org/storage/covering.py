"""Reads of which compounds organisations cover."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, func, select

from services.org.storage import tables as t
from services.org.storage.circles import there
from services.org.storage.in_force import Place, in_force
from services.org.storage.regions import Key, by_day

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession

_OC, _C = t.organisation_compound.c, t.compound.c


async def load_covered(session: ReadSession, keys: list[Key]) -> list[list[UUID]]:
    """Return for each (organisation, day) the compounds that it covers then, in the order of their ids."""
    return await _load(session, keys, _OC.organisation_id, _OC.compound_id)


async def load_coverers(session: ReadSession, keys: list[Key]) -> list[list[UUID]]:
    """Return for each (compound, day) the organisations that cover it then, in the order of their ids."""
    return await _load(session, keys, _OC.compound_id, _OC.organisation_id)


def covered(kind: str, place: Place) -> ColumnElement[bool]:
    """Return the condition that an organisation of a kind covers a compound on the place's day."""
    return exists(select(_OC.compound_id).where(_OC.compound_id == _C.id, *_by(kind, place)).correlate(t.compound))


async def count_covered(session: ReadSession, kind: str, place: Place) -> RowMapping:
    """Count the compounds of a place and those covered by a kind; and who covers them, alone or jointly."""
    compounds = select(
        func.count().label("compounds"), func.count().filter(covered(kind, place)).label("covered")
    ).select_from(t.compound)
    counted = compounds.where(there(place)).subquery()
    # Whoever covers one compound here is counted; joint is joint wherever the others lie.
    here = select(_OC.organisation_id).join(t.compound, _C.id == _OC.compound_id).where(there(place), *_by(kind, place))
    each = (
        select(_OC.organisation_id, func.count().label("number"))
        .where(_OC.organisation_id.in_(here), *_by(kind, place))
        .group_by(_OC.organisation_id)
        .subquery()
    )
    whose = select(
        func.count().label("organisations"), func.count().filter(each.c.number > 1).label("joint_organisations")
    ).select_from(each)
    by = whose.subquery()
    row = await session.row(select(*counted.c, *by.c))
    if row is None:
        raise LookupError("a count has a row")
    return row


def _by(kind: str, place: Place) -> tuple[ColumnElement[bool], ...]:
    return _OC.kind == kind, in_force(t.organisation_compound, place.as_of)


async def _load(
    session: ReadSession, keys: list[Key], mine: ColumnElement[Any], other: ColumnElement[Any]
) -> list[list[UUID]]:
    found: dict[Key, list[UUID]] = defaultdict(list)
    for day, ids in by_day(keys).items():
        statement: Select[Any] = select(mine.label("one"), other.label("other")).where(
            mine.in_(ids), in_force(t.organisation_compound, day)
        )
        for row in await session.rows(statement.order_by(other)):
            found[row["one"], day].append(row["other"])
    return [found[key] for key in keys]
