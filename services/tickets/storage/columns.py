"""What the modules of tables share: one metadata, and the type of region codes."""

from __future__ import annotations

from sqlalchemy import MetaData, Text

from chassis import records

metadata = MetaData(naming_convention=records.NAMING)

CODE = Text(collation="C")
