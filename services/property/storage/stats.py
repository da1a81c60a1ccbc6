"""Figures of property by region, for many regions in one statement each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.property.domain.care import Care
from services.property.storage import tables as t

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import ReadSession


def prefixes_of(keys: list[str]) -> Subquery:
    """Return the prefixes as a table of one column, `prefix`."""
    return select(func.unnest(literal(sorted(set(keys)), ARRAY(Text))).label("prefix")).subquery()


def inside(prefixes: Subquery, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a code starts with one of the prefixes."""
    prefix = prefixes.c.prefix.collate("C")
    return and_(column >= prefix, column < prefix.concat(literal(":")))


async def rows_by_prefix(session: ReadSession, keys: list[str], statement: Select[Any]) -> list[RowMapping | None]:
    """Return the row of each prefix; `statement` selects `prefix` and groups by it."""
    found = {row["prefix"]: row for row in await session.rows(statement)}
    return [found.get(key) for key in keys]


async def load_compound_counts(session: ReadSession, keys: list[str]) -> list[RowMapping | None]:
    """Count compounds by way of care."""
    prefixes, c = prefixes_of(keys), t.compound.c
    counts = [func.count().filter(c.care == care.value).label(care.value) for care in Care]
    statement = select(prefixes.c.prefix, func.count().label("all"), *counts).join(
        t.compound, inside(prefixes, c.region_code)
    )
    return await rows_by_prefix(session, keys, statement.group_by(prefixes.c.prefix))


async def load_register_counts(session: ReadSession, keys: list[str]) -> list[RowMapping | None]:
    """Count exclusive parts and add up their area."""
    prefixes, p = prefixes_of(keys), t.part.c
    statement = select(prefixes.c.prefix, func.count().label("households"), func.sum(p.area).label("area")).join(
        t.part, inside(prefixes, p.region_code)
    )
    return await rows_by_prefix(session, keys, statement.group_by(prefixes.c.prefix))
