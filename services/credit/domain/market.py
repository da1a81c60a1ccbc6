"""What points are good for: scenarios, tiers, and when points that are given back expire."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec

from services.credit.domain.parts import Code, Part, Points, Text

if TYPE_CHECKING:
    from collections.abc import Sequence


class Use(StrEnum):
    """What a scenario gives. Nothing here is a public service that anybody needs points for."""

    DISCOUNT = "discount"
    FEE_WAIVER = "fee_waiver"
    PRIORITY = "priority"
    GOODS = "goods"
    SCREEN_TIME = "screen_time"


class Scenario(Part, frozen=True, kw_only=True):
    """An application scenario (信易+): where points, or a tier, are good for something."""

    code: Code
    name_en: Text
    name_zh: Text
    use: Use
    groups: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)]
    tier: Code | None = None
    """The least tier that has it; None: everybody."""

    def is_for(self, group: str) -> bool:
        """Tell whether it is for a group."""
        return group in self.groups


class Tier(Part, frozen=True, kw_only=True):
    """A tier by standing: points earned in the last year, spent or not. What a tier is worth is told in yuan."""

    code: Code
    name_en: Text
    name_zh: Text
    standing: Points
    benefit_yuan: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0


def tier_of(tiers: Sequence[Tier], standing: int) -> Tier | None:
    """Return the highest tier that a standing reaches, None below the lowest."""
    reached = [tier for tier in tiers if tier.standing <= standing]
    return max(reached, key=lambda tier: tier.standing, default=None)


def later_expiry(expires_on: date | None, today: date) -> date | None:
    """Return when points that are given back expire: as before, but not before the end of the next month."""
    if expires_on is None:
        return None
    counted = today.year * 12 + today.month + 1
    return max(expires_on, date(counted // 12, counted % 12 + 1, 1))
