"""Kinds of subjects that are assessed, each group by itself (八个群体), and what they are before the law."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Nature(StrEnum):
    """What a subject is: only legal persons and other organisations can lose points or be listed."""

    NATURAL = "natural"
    """自然人. Points of people only ever reward."""
    LEGAL = "legal"
    """法人."""
    OTHER = "other"
    """非法人组织 and other organisations."""


BODIES = (Nature.LEGAL, Nature.OTHER)


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group that is assessed separately, as a practice names it."""

    code: str
    nature: Nature
    name_en: str
    name_zh: str

    @property
    def is_body(self) -> bool:
        """Whether its members are legal persons or other organisations."""
        return self.nature in BODIES
