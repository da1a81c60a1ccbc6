"""How tickets are found by words: Chinese has no spaces, so pairs of neighbouring characters are what is indexed.

A run of letters, digits and characters is indexed as its pairs, each with its position, and its last character alone.
A run that is looked for is found where all its pairs follow each other, so exactly what contains it is found, whatever
its width and case; a single character is found as the beginning of a pair, or as the last of a run.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAST_POSITION = 16_383
"""PostgreSQL keeps no position beyond it ("Text Search Limitations"), nor more than 255 of one lexeme."""
_MOST_POSITIONS = 255


def runs(text: str) -> list[str]:
    """Return the runs of letters, digits and characters of a text, in one width and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    grouped = groupby(folded, key=str.isalnum)
    return ["".join(chars) for is_word, chars in grouped if is_word]


def vector(*texts: str) -> str:
    """Return the `tsvector` of some texts, as PostgreSQL reads it: no run goes on from one text into the next."""
    found: dict[str, list[int]] = {}
    position = 0
    for run in (run for text in texts for run in runs(text)):
        for lexeme in _pieces(run):
            position += 1
            found.setdefault(lexeme, []).append(min(position, _LAST_POSITION))
        position += 1
    kept = ((lexeme, dict.fromkeys(places[:_MOST_POSITIONS])) for lexeme, places in sorted(found.items()))
    return " ".join(f"'{lexeme}':{','.join(map(str, places))}" for lexeme, places in kept)


def query(text: str) -> str | None:
    """Return the `tsquery` of what contains every run of a text; None for a text without any."""
    wanted = [_wanted(run) for run in runs(text)]
    return " & ".join(f"({one})" for one in wanted) or None


def lexemes(text: str) -> list[str]:
    """Return the pieces that whatever contains every run of a text is indexed by, but for single characters."""
    return [run[at : at + 2] for run in runs(text) for at in range(len(run) - 1)]


def _wanted(run: str) -> str:
    if len(run) == 1:
        return f"'{run}':*"
    return " <-> ".join(f"'{run[at : at + 2]}'" for at in range(len(run) - 1))


def _pieces(run: str) -> Iterator[str]:
    yield from (run[at : at + 2] for at in range(len(run) - 1))
    yield run[-1]
