"""The description of a service's events in AsyncAPI 3.0: generated from the event types, the same text every time.

The NATS binding of AsyncAPI knows queues only, so what JetStream adds is told in `x-jetstream`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from chassis.events.declaration import STREAM
from chassis.events.describe import components_of, envelope_schema, example_of, name_of, told_of
from chassis.events.envelope import CONTENT_TYPE, headers_of
from chassis.events.subject import filter_of_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.events.event import Event

_PROMISE = (
    "Each event is delivered at least once: the same `id` may come again at any time and then has the same content. "
    "Events of one aggregate come in the order of `aggregateversion`; there is no order between aggregates. "
    "`feedsequence` counts without gaps per service and tenant: a gap that stays shows that something is missing. "
    "Within a version of a type, fields are only added and only optional ones: ignore fields that you do not know."
)
_REFERENCES = "#/components/schemas/{name}"
_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$./{}-]*\Z")
_WORDS_OF_YAML = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def asyncapi(service: str, events: Sequence[type[Event]]) -> str:
    """Return the AsyncAPI 3.0 document of a service as YAML."""
    named = sorted(events, key=lambda event: event.type_in(service))
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Linli {service}",
            "version": "1",
            "description": f"What the service {service} publishes. {_PROMISE}",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {event.type_in(service): _channel(service, event) for event in named},
        "operations": {name_of(event): _operation(service, event) for event in named},
        "components": {
            "messages": {name_of(event): _message(service, event) for event in named},
            "schemas": components_of(named, _REFERENCES) | {"Envelope": envelope_schema()},
        },
    }
    return "\n".join(_yaml(document)) + "\n"


def _channel(service: str, event: type[Event]) -> dict[str, Any]:
    return {
        "address": f"linli.{{city}}.{{district}}.{{subdistrict}}.{{community}}.{service}.{event.entity}.{event.fact}",
        "messages": {name_of(event): {"$ref": f"#/components/messages/{name_of(event)}"}},
        "parameters": {
            "city": {"description": "4 digits"},
            "district": {"description": "2 digits, or `_` for what happened in the city as a whole"},
            "subdistrict": {"description": "3 digits, or `_`"},
            "community": {"description": "3 digits, or `_`; grids, buildings and units are in their community's"},
        },
        "x-jetstream": {"stream": STREAM, "filter": filter_of_service(service)},
    }


def _operation(service: str, event: type[Event]) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{event.type_in(service)}"},
        "x-jetstream": {"deduplication": "Nats-Msg-Id is the event's id", "ordering": "per aggregate"},
    }


def _message(service: str, event: type[Event]) -> dict[str, Any]:
    told = told_of(event)
    message: dict[str, Any] = {
        "name": event.type_in(service),
        "title": name_of(event),
        "summary": told.what,
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "properties": {
                "Nats-Msg-Id": {"type": "string", "format": "uuid"},
                "ce-id": {"type": "string", "format": "uuid"},
                "ce-type": {"const": event.type_in(service)},
                "ce-aggregateversion": {"type": "string", "pattern": "^[0-9]+$"},
            },
        },
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event.type_in(service)},
                        "data": {"$ref": f"#/components/schemas/{event.__name__}"},
                    },
                },
            ]
        },
    }
    if more := "\n\n".join(f"{label}: {text}" for label, text in (("When", told.when), ("For", told.whom)) if text):
        message["description"] = more
    if example := example_of(service, event):
        headers = headers_of(UUID(example["id"]), example["type"], example["aggregateversion"])
        del headers["content-type"]
        message["examples"] = [{"headers": headers, "payload": example}]
    return message


def _yaml(value: Any, depth: int = 0) -> list[str]:
    """Return the lines of a value in YAML's block style; texts are written as JSON, which YAML reads."""
    indent = "  " * depth
    if isinstance(value, dict) and value:
        lines = []
        for key, item in value.items():
            lines += _entry(f"{indent}{_key(key)}:", item, depth)
        return lines
    if isinstance(value, list | tuple) and value:
        lines = []
        for item in value:
            inner = _yaml(item, depth + 1)
            lines += [f"{indent}- {inner[0].strip()}", *inner[1:]]
        return lines
    return [indent + msgspec.json.encode(value).decode()]


def _entry(start: str, item: Any, depth: int) -> list[str]:
    if isinstance(item, dict | list | tuple) and item:
        return [start, *_yaml(item, depth + 1)]
    return [f"{start} {msgspec.json.encode(item).decode()}"]


def _key(key: str) -> str:
    plain = _PLAIN.match(key) and key.lower() not in _WORDS_OF_YAML
    return key if plain else msgspec.json.encode(key).decode()
