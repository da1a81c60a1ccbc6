"""Texts that people write: without the space around them, of a length that is kept, and of characters that show."""

from __future__ import annotations

import unicodedata

from chassis.problems import CommonProblem, Refused

LONGEST_NAME = 100
_LAYOUT = {"\n", "\t"}


def clean(text: str | None, field: str, most: int, *path: str) -> str | None:
    """Return a text as it is stored; None when it is left out or nothing is left of it.

    `field` is what a refusal calls it, `path` what of the input it is about: `field` when it is not given. Raises
    Refused with TOO_LONG above `most` characters, INVALID_TEXT for control characters.
    """
    text = (text or "").replace("\r\n", "\n").strip()
    if len(text) > most:
        raise Refused(CommonProblem.TOO_LONG, *(path or (field,)), field=field, limit=most)
    # Characters that this Python does not know yet may be somebody's new emoji: only control codes are refused.
    if not text.isprintable() and _has_controls(text):
        raise Refused(CommonProblem.INVALID_TEXT, *(path or (field,)), field=field)
    return text or None


def demanded(text: str | None, field: str, most: int = LONGEST_NAME, *path: str) -> str:
    """Return a text that must be there, as `clean` does. Raises Refused, with REQUIRED when it is not."""
    found = clean(text, field, most, *path)
    if found is None:
        raise Refused(CommonProblem.REQUIRED, *(path or (field,)), field=field)
    return found


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(char) in {"Cc", "Cs"} and char not in _LAYOUT for char in text)
