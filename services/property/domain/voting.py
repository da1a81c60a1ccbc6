"""The thresholds of a vote of owners, by exact integers.

Civil Code (民法典) article 278: owners of at least two thirds of the exclusive area, and at least two thirds of the
owners, take part; ordinary matters pass with more than half of the area and of the owners that take part, the three
special ones with at least three quarters of both. Article 1259: 以上 includes the number, 过半数 does not.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Matter(IntEnum):
    """The matters that owners decide together; the values are the items of article 278, paragraph 1."""

    ASSEMBLY_RULES = 1
    COVENANT = 2
    COMMITTEE = 3
    MANAGER = 4
    USE_FUND = 5
    RAISE_FUND = 6
    REBUILD = 7
    CHANGE_COMMON_PARTS = 8
    OTHER = 9


SPECIAL = frozenset({Matter.RAISE_FUND, Matter.REBUILD, Matter.CHANGE_COMMON_PARTS})
"""The matters that three quarters decide, everywhere; a local rule may add to them."""


OF_MONEY = frozenset({Matter.USE_FUND, Matter.RAISE_FUND, Matter.OTHER})
"""The matters that may say an amount of money: of the maintenance fund, or of common income."""


class Weight(msgspec.Struct, frozen=True):
    """Owners by both measures of the law: their exclusive area in 0.01 m², and how many they are."""

    area: int = 0
    heads: int = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(self.area + other.area, self.heads + other.heads)


class Outcome(msgspec.Struct, frozen=True):
    """How a matter stands by each measure; it passes when all four hold."""

    quorum_area: bool
    quorum_heads: bool
    majority_area: bool
    majority_heads: bool

    @property
    def quorum(self) -> bool:
        """Whether enough owners take part."""
        return self.quorum_area and self.quorum_heads

    @property
    def passed(self) -> bool:
        """Whether the matter is decided."""
        return self.quorum and self.majority_area and self.majority_heads


def has_quorum(part: int, total: int) -> bool:
    """Tell whether `part` is at least two thirds of `total`; of nothing there is no quorum."""
    return total > 0 and 3 * part >= 2 * total


def has_majority(yes: int, part: int, *, special: bool) -> bool:
    """Tell whether `yes` of `part` agree often enough: three quarters or more, or more than half."""
    return part > 0 and (4 * yes >= 3 * part if special else 2 * yes > part)


def decide(total: Weight, taking_part: Weight, yes: Weight, *, special: bool) -> Outcome:
    """Decide one matter from the frozen register, who took part, and who agreed."""
    return Outcome(
        has_quorum(taking_part.area, total.area),
        has_quorum(taking_part.heads, total.heads),
        has_majority(yes.area, taking_part.area, special=special),
        has_majority(yes.heads, taking_part.heads, special=special),
    )
