"""Indexes of tickets; those by which they are listed give a page in its order, however many a city has (0097)."""

from __future__ import annotations

from sqlalchemy import Index, text

LEVELS = {6: "district_code", 9: "subdistrict_code", 12: "community_code"}
"""The column that is the code of a region of each level, by length of code."""
_OPEN = text("ended_at IS NULL")

INDEXES = (
    Index("ix_ticket_responsible", "responsible", postgresql_where=text("responsible IS NOT NULL")),
    Index("ix_ticket_joined_into", "joined_into", postgresql_where=text("joined_into IS NOT NULL")),
    Index(
        "ix_ticket_channel_reference",
        "channel_reference",
        "channel",
        postgresql_where=text("channel_reference IS NOT NULL"),
    ),
    *(Index(f"ix_ticket_{c.removesuffix('_code')}", c, "raised_at", "id") for c in LEVELS.values()),
    *(
        Index(
            f"ix_ticket_open_{c.removesuffix('_code')}",
            *(c, "process", "step", "raised_at", "id"),
            postgresql_where=_OPEN,
        )
        for c in LEVELS.values()
    ),
    *(
        Index(f"ix_ticket_under_way_{c.removesuffix('_code')}", c, "raised_at", "id", postgresql_where=_OPEN)
        for c in LEVELS.values()
    ),
    Index("ix_ticket_under_way", "raised_at", "id", postgresql_where=_OPEN),
    Index("ix_ticket_open", "process", "step", "raised_at", "id", postgresql_where=_OPEN),
    Index("ix_ticket_process", "process", "raised_at", "id"),
    Index("ix_ticket_category", "category", "raised_at", "id"),
    Index("ix_ticket_not_marked", "due_at", postgresql_where=text("ended_at IS NULL AND NOT late")),
)
