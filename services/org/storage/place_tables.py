"""What is held and offered at places: the tables of activities."""

from __future__ import annotations

from services.org.storage import activity_tables

activity = activity_tables.activity
activity_part = activity_tables.activity_part

GOVERNED = activity_tables.GOVERNED
"""What is under row-level security."""
