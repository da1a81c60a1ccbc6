"""docs/events.md: every event, what it tells and what its payload holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from services.org.domain.events import EVENTS as ORG_EVENTS
from services.tickets.domain.events import EVENTS as TICKETS_EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.events.event import Event

_HEAD = """\
# Events

Made from the event types by `make docs`; the machine-readable form is `services/<service>/contract/asyncapi.yaml`.
[district-systems.md](district-systems.md) says how to receive them and what is promised. No event carries personal
data. Payloads only grow within a version, and only by optional members: ignore what you do not know.
"""
_SERVICES: tuple[tuple[str, Sequence[type[Event]]], ...] = (("org", ORG_EVENTS), ("tickets", TICKETS_EVENTS))
_PLAIN = {"string": "text", "integer": "integer", "boolean": "boolean", "number": "number", "null": "null"}


def _kind(schema: dict[str, Any]) -> str:
    """Return a payload member's type in words."""
    if "$ref" in schema:
        name: str = schema["$ref"].rpartition("/")[2]
        return name
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or _PLAIN.get(schema.get("type", ""), "any"))


def _event(service: str, event: type[Event]) -> str:
    _, components = msgspec.json.schema_components([event])
    properties = components[event.__name__].get("properties", {})
    required = components[event.__name__].get("required", [])
    rows = "\n".join(
        f"| `{name}` | {_kind(schema)} | {'' if name in required else 'optional'} |"
        for name, schema in properties.items()
    )
    told = " ".join((event.__doc__ or "").split())
    return f"### `{event.type_in(service)}`\n\n{told}\n\n| member | type | |\n| --- | --- | --- |\n{rows}"


def page() -> str:
    """Return the page."""
    parts = [_HEAD.rstrip()]
    for service, events in _SERVICES:
        parts.append(f"## {service}")
        parts += [_event(service, event) for event in sorted(events, key=lambda event: event.type_in(service))]
    return "\n\n".join(parts) + "\n"
