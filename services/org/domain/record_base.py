"""What every record of an import file is made of."""

from __future__ import annotations

import msgspec


class RecordBase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record"):
    """Base: `record` says which one it is, and a field that it does not know is refused."""
