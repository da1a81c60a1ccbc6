"""What the people of the demonstration write on their sheets: texts with places to fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from deploy.practices.model import Matter, Matters

PLACEHOLDERS = {"place", "spot", "days", "number"}
"""What texts may use: where it is, something nearby, and two small numbers."""

_DAYS = (3, 10)
_NUMBER = (2, 12)


@dataclass(slots=True)
class Words:
    """The words about one matter at one place; what is filled in stays the same from sheet to sheet."""

    matter: Matter
    shared: Matters
    random: Random
    values: dict[str, object]

    def one_of(self, texts: Sequence[str]) -> str:
        """Return one of `texts`, filled in."""
        return self.random.choice(texts).format(**self.values)


def choose_words(shared: Matters, place: str, random: Random) -> Words:
    """Choose what a ticket at `place` is about."""
    matter = random.choices(shared.matters, [each.weight for each in shared.matters])[0]
    values: dict[str, object] = {
        "place": place,
        "spot": random.choice(shared.spots),
        "days": random.randint(*_DAYS),
        "number": random.randint(*_NUMBER),
    }
    return Words(matter, shared, random, values)
