"""What goes on with the region that takes over, when one is merged into another: every register of a region.

A governed table is carried unless it is named here: a new register needs no word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.storage import tables as t
from services.org.storage.career_tables import recruitment
from services.org.storage.place_tables import activity
from services.org.storage.training_tables import training_attendance

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

BY_RULES_OF_THEIR_OWN = (
    t.organisation,
    t.person,
    t.team,
    t.station,
    t.duty,
    t.census,
    t.fund,
    activity,
    training_attendance,
)
"""What `commands/absorb.py` joins, ends or moves by a rule: each tells of it, or goes with something that does."""

ABOUT_THE_REGION_ITSELF = (
    t.region,
    t.region_version,
    t.relocation,
    t.redrawing,
    t.community_mode,
    t.community_profile,
    t.allocation,
    recruitment,
)
"""What says what a region was and what it was given, or where things lay: it stays with the one that is gone."""

CARRIED: tuple[Table, ...] = tuple(
    table
    for table in t.GOVERNED
    if "region_id" in table.c and table not in (*BY_RULES_OF_THEIR_OWN, *ABOUT_THE_REGION_ITSELF)
)
"""The registers; what ended before stays where it was."""


def parts_of(table: Table) -> list[Column[object]]:
    """Return the columns of governed tables that name a row of `table` and have no region of their own."""
    return [
        key.parent
        for part in t.GOVERNED
        if "region_id" not in part.c
        for key in part.foreign_keys
        if key.column.table is table
    ]
