"""How alike two requests read, so that who takes one in sees what may be the same matter.

Chinese is written without spaces, so pairs of neighbouring characters are compared (Dice's coefficient over bigrams);
width, case, spaces and marks do not count. It is a hint: nothing is joined by itself.
"""

from __future__ import annotations

import unicodedata

ALIKE = 0.35
"""From here on two requests are shown as alike."""
_READ = 500
"""How many characters of a text are compared: what it is about stands at the beginning."""


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text; the one character of a text that has no more."""
    plain = "".join(char for char in unicodedata.normalize("NFKC", text[:_READ]).casefold() if char.isalnum())
    return frozenset(plain[at : at + 2] for at in range(max(len(plain) - 1, 0))) or frozenset({plain} - {""})


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how alike two texts are by their pairs: from 0 (nothing in common) to 1 (the same pairs)."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


class Wording:
    """A request as it is compared: by its title, and by all that is written in it."""

    def __init__(self, title: str, description: str) -> None:
        self._title = pairs(title)
        self._all = self._title | pairs(description)

    def alike(self, other: Wording) -> float:
        """Return how alike two requests are: by their titles or by everything, whichever is more."""
        return max(likeness(self._title, other._title), likeness(self._all, other._all))
