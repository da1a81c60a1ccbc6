"""Counts of experts, and of methods that model communities share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.place_tables import adoption, expert, guidance, shared_method
from services.org.storage.prefixes import in_prefix
from services.org.storage.reads import rows_by_id
from services.org.storage.services import above

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy import ColumnElement, RowMapping, Table

    from chassis.database import ReadSession


def known_in(table: Table, place: Place) -> ColumnElement[bool]:
    """Return the condition that an expert or method is for a place on its day: kept there, above it, or below."""
    here = or_(table.c.region_code.in_(above(place.code)), in_prefix(table.c.region_code, place.code))
    return here & in_force(table, place.as_of)


def there(table: Table, place: Place) -> ColumnElement[bool]:
    """Return the condition that a guidance or adoption is of a community of a place on its day."""
    return within(table.c.region_id, table.c.region_code, place, direct=False) & in_force(table, place.as_of)


async def load_experts(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return experts in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, expert, ids)


async def load_methods(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return shared methods in the order of `ids`, None for what is not in scope."""
    return await rows_by_id(session, shared_method, ids)


async def count_models(session: ReadSession, place: Place) -> dict[str, int]:
    """Count experts, their fields, and communities that are accompanied or took a method up."""
    e, g, m, a = expert, guidance, shared_method, adoption
    asked = {
        "experts": select(func.count(e.c.person_id.distinct())).where(known_in(e, place)),
        "fields": select(func.count(e.c.field.distinct())).where(known_in(e, place)),
        "accompanied": select(func.count(g.c.region_id.distinct())).where(there(g, place)),
        "methods": select(func.count()).select_from(m).where(known_in(m, place)),
        "models": select(func.count(m.c.model_id.distinct())).where(known_in(m, place)),
        "adopting": select(func.count(a.c.region_id.distinct())).where(there(a, place)),
    }
    row = await session.row(select(*(count.scalar_subquery().label(name) for name, count in asked.items())))
    return dict(row) if row is not None else {}


async def count_methods_by_type(session: ReadSession, place: Place) -> Sequence[RowMapping]:
    """Count methods of each type of community, and the communities that took any of them up."""
    m, a, words = shared_method, adoption, t.community_type
    used = m.outerjoin(a, (a.c.method_id == m.c.id) & there(a, place))
    return await session.rows(
        select(
            m.c.type,
            func.count(m.c.id.distinct()).label("methods"),
            func.count(a.c.region_id.distinct()).label("adopting"),
        )
        .select_from(used.join(words, words.c.code == m.c.type))
        .where(known_in(m, place))
        .group_by(m.c.type, words.c.position)
        .order_by(words.c.position)
    )
