"""Levels of the region tree, as far as credit needs them: a level is told by the length of a code."""

from __future__ import annotations

DISTRICT, COMMUNITY, GRID = 6, 12, 15
LENGTHS = (4, 6, 9, 12, 15, 18, 20)


def is_region_code(code: str) -> bool:
    """Tell whether a string has the form of a region code."""
    return code.isascii() and code.isdigit() and len(code) in LENGTHS


DIGITS = {"DISTRICT": DISTRICT, "SUBDISTRICT": 9, "COMMUNITY": 12, "GRID": 15}
"""How many digits the codes of levels have that are ranked."""
