"""Telling people what a member of an event's payload means; it goes into the JSON Schema and the pages."""

from __future__ import annotations

from typing import Any

from msgspec import Meta


def told(meaning: str, example: Any) -> Meta:
    """Return the annotation of a member: what it means, with its unit, and an example as it is on the wire."""
    return Meta(description=meaning, examples=[example])
