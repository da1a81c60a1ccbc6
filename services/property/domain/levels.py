"""Levels of the region tree, as far as property needs them: a level is told by the length of a code."""

from __future__ import annotations

from enum import Enum


class Level(Enum):
    """A level of the region tree; the value is the number of digits of its codes."""

    CITY = 4
    DISTRICT = 6
    SUBDISTRICT = 9
    COMMUNITY = 12
    GRID = 15
    BUILDING = 18
    UNIT = 20

    def of(self, code: str) -> str | None:
        """Return the code of this level above `code` (or `code` itself); None when `code` is of a higher level."""
        return code[: self.value] if len(code) >= self.value else None


def level_of(code: str) -> Level | None:
    """Return the level of a region code; None for a string that is no region code."""
    is_number = code.isascii() and code.isdigit()
    return next((level for level in Level if level.value == len(code)), None) if is_number else None
