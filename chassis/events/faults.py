"""Named places where a test may make the relay or a consumer die; in production nothing happens there."""

from __future__ import annotations

from collections.abc import Callable

Fault = Callable[[str], None]


def no_fault(_place: str) -> None:
    """Go on."""
