"""The levels of the region tree, from city to unit, and how long a code is at each."""

from __future__ import annotations

from enum import Enum
from typing import Literal, cast

LevelName = Literal["CITY", "DISTRICT", "SUBDISTRICT", "COMMUNITY", "GRID", "BUILDING", "UNIT"]
"""How events and import files name a level."""


class Level(Enum):
    """A level of the region tree; the value is the length of its codes in digits.

    Lengths 4 to 12 follow the statistical division code (国统字〔2009〕91号); grid, building and unit extend it.
    """

    CITY = 4
    DISTRICT = 6
    SUBDISTRICT = 9
    COMMUNITY = 12
    GRID = 15
    BUILDING = 18
    UNIT = 20

    @property
    def code_length(self) -> int:
        """How many digits a code of this level has."""
        return self.value

    @property
    def label(self) -> LevelName:
        """How events name the level."""
        return cast("LevelName", self.name)

    @property
    def zh(self) -> str:
        """The official Chinese name of the level."""
        return _CHINESE[self]

    @property
    def parent(self) -> Level | None:
        """The next level up; None above the city."""
        index = _ORDER.index(self)
        return _ORDER[index - 1] if index else None


_ORDER = tuple(Level)
_CHINESE = {
    Level.CITY: "市",
    Level.DISTRICT: "区县",
    Level.SUBDISTRICT: "街道(镇)",
    Level.COMMUNITY: "社区",
    Level.GRID: "网格",
    Level.BUILDING: "楼栋",
    Level.UNIT: "单元",
}
