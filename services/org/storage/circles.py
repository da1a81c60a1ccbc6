"""Which compounds have a station within a walk, as PostgreSQL works it out: the same way as `domain/walking.py`.

Around each compound a box is looked up in the index of where stations stand, and what lies in it is measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Float, and_, cast, exists, func, literal, select

from services.org.domain.walking import DETOUR, EARTH_METRES, METRES_PER_MINUTE, degrees_within
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within
from services.org.storage.reads import rows_by_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping, Select

    from chassis.database import ReadSession
    from services.org.domain.circles import Reach

_C, _S = t.compound.c, t.station.c
COMPOUND_ORDER: tuple[ColumnElement[Any], ...] = (_C.region_code, _C.id)
HAS_PLACE = _C.latitude.is_not(None)


def there(place: Place) -> ColumnElement[bool]:
    """Return the condition that a compound lies in a place or below on its day, and was registered by then."""
    return within(_C.region_id, _C.region_code, place, direct=False) & (_C.registered_on <= place.as_of)


def served(reach: Reach, day: date) -> ColumnElement[bool]:
    """Return the condition that a compound has such a station, open on a day, within the walk."""
    return exists(select(_S.id).where(*_near(reach, day)).correlate(t.compound))


def wanted(reach: Reach, day: date) -> list[ColumnElement[bool]]:
    """Return the conditions of the stations that are looked for, wherever they stand."""
    conditions = [in_force(t.station, day)]
    if reach.kinds:
        conditions.append(_S.kind.in_(reach.kinds))
    if reach.functions:
        conditions.append(_S.functions.overlap(list(reach.functions)))
    return conditions


def compounds_there(place: Place, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Select compounds of a place by further conditions."""
    return select(t.compound).where(there(place), *conditions)


async def count_covered(session: ReadSession, place: Place, reach: Reach) -> RowMapping:
    """Count compounds, those of which the place is known, and of these those that are served."""
    counted = select(
        func.count().label("compounds"),
        func.count(_C.latitude).label("located"),
        func.count().filter(HAS_PLACE, served(reach, place.as_of)).label("covered"),
    ).select_from(t.compound)
    row = await session.row(counted.where(there(place)))
    if row is None:
        raise LookupError("a count has a row")
    return row


async def count_by_function(session: ReadSession, place: Place, reach: Reach) -> Sequence[RowMapping]:
    """Count for each function of such stations the compounds that have a station with it within the walk."""
    joined = t.compound.join(t.station, and_(*_near(reach, place.as_of)))
    pairs = select(_C.id, func.unnest(_S.functions).label("name")).select_from(joined)
    each = pairs.where(there(place), HAS_PLACE).distinct().subquery()
    return await session.rows(
        select(each.c.name, func.count().label("compounds")).group_by(each.c.name).order_by(each.c.name)
    )


async def load_compounds(session: ReadSession, ids: list[UUID]) -> list[RowMapping | None]:
    """Return compounds in the order of `ids`, None for what is not known in scope."""
    return await rows_by_id(session, t.compound, ids)


def metres_between(*degrees: ColumnElement[float]) -> ColumnElement[float]:
    """Return how far it is on foot between two places: latitude and longitude of one, then of the other."""
    latitude, longitude, other_latitude, other_longitude = degrees
    north, south = func.radians(latitude), func.radians(other_latitude)
    across = func.radians(other_longitude - longitude)
    upright = func.power(func.sin((south - north) / 2), 2)
    chord = upright + func.cos(north) * func.cos(south) * func.power(func.sin(across / 2), 2)
    return _number(2 * EARTH_METRES * DETOUR) * func.asin(func.sqrt(func.least(_number(1.0), chord)))


def _near(reach: Reach, day: date) -> list[ColumnElement[bool]]:
    """Return the conditions of the stations around a compound: in its box, and then within the walk."""
    up = degrees_within(reach.minutes)
    widest = func.least(_number(89.0), func.abs(_C.latitude) + _number(up))
    across = func.least(_number(180.0), _number(up) / func.greatest(_number(0.01), func.cos(func.radians(widest))))
    metres = metres_between(_C.latitude, _C.longitude, _S.latitude, _S.longitude)
    return [
        _S.latitude.between(_C.latitude - _number(up), _C.latitude + _number(up)),
        _S.longitude.between(_C.longitude - across, _C.longitude + across),
        metres / _number(METRES_PER_MINUTE) <= _number(reach.minutes),
        *wanted(reach, day),
    ]


def _number(value: float) -> ColumnElement[float]:
    """Return a parameter of the columns' own type, so that no index is passed by for a conversion."""
    return cast(literal(float(value)), Float)
