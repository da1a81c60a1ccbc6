"""Numbers as they are published: means and shares, rounded half up as people round."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def rounded(total: int | None, count: int, digits: int) -> float | None:
    """Return `total` / `count` with `digits` decimals; None when there is nothing to divide by."""
    if not count or total is None:
        return None
    quotient = Decimal(total) / Decimal(count)
    return float(quotient.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
