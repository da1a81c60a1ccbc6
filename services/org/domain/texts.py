"""Texts that people write: without the space around them, and of a length that is kept."""

from __future__ import annotations

from chassis.problems import CommonProblem, Refused


def demanded(text: str, field: str, limit: int, *path: str) -> str:
    """Return a text as it is stored. Raises Refused with REQUIRED when it is empty, TOO_LONG above `limit` characters.

    `field` is what the refusal calls it, `path` what of the input it is about.
    """
    text = text.strip()
    if not text:
        raise Refused(CommonProblem.REQUIRED, *path, field=field)
    if len(text) > limit:
        raise Refused(CommonProblem.TOO_LONG, *path, field=field, limit=limit)
    return text


def optional(text: str | None, field: str, limit: int, *path: str) -> str | None:
    """Return a text that may be left out as it is stored; None when it is. Raises Refused with TOO_LONG."""
    return demanded(text, field, limit, *path) if text and text.strip() else None
