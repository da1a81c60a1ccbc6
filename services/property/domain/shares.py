"""Shares as people publish them: per cent, rounded half up by integers, to as many decimals as asked for."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

MOST_DECIMALS = 2


def percent(part: int, total: int, decimals: int = MOST_DECIMALS) -> Decimal | None:
    """Return `part` of `total` in per cent; None of nothing. `decimals` is 0 to 2."""
    if total <= 0:
        return None
    scaled = part * 100 * 10**decimals
    return Decimal((2 * scaled + total) // (2 * total)).scaleb(-decimals)


def ratio(part: int, total: int) -> Fraction:
    """Return `part` of `total`, exactly; nought of nothing."""
    return Fraction(part, total) if total else Fraction(0)
