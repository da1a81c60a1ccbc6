"""What the person at the terminal can mend."""

from __future__ import annotations


class LocalError(Exception):
    """Something the person at the terminal can mend; the message says in one or two lines what and how."""
