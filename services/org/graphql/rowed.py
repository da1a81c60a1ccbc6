"""What types of the graph that are read from one row, on a day, share: both of these, and how they are made."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import date
from functools import cache
from typing import Any, Self

import strawberry
from sqlalchemy import RowMapping


@cache
def _columns(type_: Any) -> tuple[str, ...]:
    """Return the fields that are columns of the row: all that must be given, but the row and the day."""
    given = (field for field in fields(type_) if field.init and field.default is MISSING)
    return tuple(field.name for field in given if field.name not in {"row", "day"})


@strawberry.type
class Rowed:
    """Something that is read from its row; fields that are not columns are resolved from it."""

    row: strawberry.Private[RowMapping]
    day: strawberry.Private[date]

    @classmethod
    def of(cls, row: RowMapping, day: date) -> Self:
        """Make it from its row, for reading on `day`."""
        type_: Any = cls
        given = {name: row[name] for name in _columns(type_)}
        if "id" in given:
            given["id"] = str(given["id"])
        return cls(**given, row=row, day=day)
