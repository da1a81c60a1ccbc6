"""What the fast path does not do."""

from __future__ import annotations


class Unsupported(Exception):
    """The plan is of a kind that is not compiled; the text says which."""


class Unfit(Exception):
    """An answer needs what only the interpretive executor does, null propagation first of all."""
