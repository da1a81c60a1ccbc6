"""What every part of a practice file is made of: codes, texts, counts, and names in two languages."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

LevelName = Literal["CITY", "DISTRICT", "SUBDISTRICT", "COMMUNITY", "GRID", "BUILDING", "UNIT"]
Code = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]*$", max_length=64)]
"""The code of a kind, title or group, in snake_case."""
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
RegionCode = Annotated[str, msgspec.Meta(pattern="^[0-9]{4,20}$")]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Range = Annotated[tuple[int, int], msgspec.Meta(description="from and to, both included")]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything in a practice: nothing changes it, and an unknown key is refused."""


class Names(Entry, frozen=True):
    """What something is called in the city's own words and in English."""

    zh: Text
    en: Text
