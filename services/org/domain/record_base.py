"""What every record of an import file is made of."""

from __future__ import annotations

from typing import Any

import msgspec


class RecordBase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record"):
    """Base: `record` says which one it is, and a field that it does not know is refused."""

    @property
    def key(self) -> Any:
        """What tells it from others of its kind in a file: its id or, of a word of the practice, its code."""
        return self.id if hasattr(self, "id") else self.code  # type: ignore[attr-defined]  # one of the two is there
