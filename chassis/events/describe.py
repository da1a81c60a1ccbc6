"""What an event type says of itself: words for people, JSON Schema for programs, an example for both.

The docstring of an event tells what happened; paragraphs that begin with `When:` and `For:` tell on what occasion it is
published and who should care. What a member means is in its annotation (`chassis.events.fields.told`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import msgspec

from chassis.events.envelope import SPECIFICATION, Envelope
from chassis.events.subject import subject_of, tenant_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.events.event import Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_EVENT_ID = UUID("01981a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b")
_SOMETHING = UUID("01981a2b-7c3d-7e4f-8a5b-0000000000ff")
_MOMENT = datetime(2026, 3, 1, 1, 0, tzinfo=UTC)
_REGION = "370321"
_ATTRIBUTES = {
    "specversion": "version of CloudEvents",
    "id": "UUIDv7 of the event, the same however often it is delivered",
    "source": "`/linli/<service>`",
    "type": "`linli.<service>.<entity>.<fact>.v<version>`",
    "subject": "id of the aggregate, the thing that it happened to",
    "time": "when it happened, with offset",
    "datacontenttype": "media type of `data`",
    "tenant": "code of the district whose feed it is in (6 digits), or of the city (4 digits)",
    "regioncode": "code of the region where it happened, 4 to 20 digits",
    "aggregateversion": "1, 2, 3, … in the order of what happened to the aggregate",
    "traceparent": "W3C trace context of the request",
    "causationid": "id of the event that this one follows from",
    "data": "what happened",
    "feedsequence": "1, 2, 3, … without gaps per source and tenant",
}


class Told(NamedTuple):
    """An event's docstring by its parts; a part that is not there is empty."""

    what: str
    when: str
    whom: str


def told_of(event: type[Event]) -> Told:
    """Return what an event's docstring tells."""
    parts = {"": "", "When": "", "For": ""}
    for paragraph in (event.__doc__ or "").split("\n\n"):
        text = " ".join(paragraph.split())
        label, _, rest = text.partition(": ")
        if rest and label in parts:
            parts[label] = rest
        else:
            parts[""] = f"{parts['']} {text}".strip()
    return Told(parts[""], parts["When"], parts["For"])


def name_of(event: type[Event]) -> str:
    """Return the event's name for programs, other for each version."""
    return event.__name__ if event.version == 1 else f"{event.__name__}V{event.version}"


def components_of(events: Sequence[type[Event]], template: str) -> dict[str, Any]:
    """Return the JSON Schemas of payloads and of what they contain, by name; `template` is of references to them."""
    _, found = msgspec.json.schema_components(events, ref_template=template)
    return {name: folded(schema) for name, schema in sorted(found.items())}


def schema_of(service: str, event: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema of the whole message of an event version: envelope and payload."""
    envelope = envelope_schema()
    properties = envelope["properties"]
    type_ = event.type_in(service)
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "title": type_,
        "description": told_of(event).what,
        "type": "object",
        "properties": properties
        | {
            "type": properties["type"] | {"const": type_},
            "source": properties["source"] | {"const": f"/linli/{service}"},
            "data": {"$ref": f"#/$defs/{event.__name__}"},
        },
        "required": envelope["required"],
        "$defs": components_of([event], "#/$defs/{name}"),
    }
    example = example_of(service, event)
    return schema | ({"examples": [example]} if example else {})


def envelope_schema() -> dict[str, Any]:
    """Return the schema of what every event has; `data` is told by each event."""
    _, found = msgspec.json.schema_components([Envelope], ref_template="#/{name}")
    schema: dict[str, Any] = folded(found["Envelope"])
    properties = schema["properties"]
    for name, meaning in _ATTRIBUTES.items():
        properties[name]["description"] = meaning
    # What a published event has is stricter than what a reader takes.
    properties["specversion"]["const"] = SPECIFICATION
    properties["time"]["format"] = "date-time"
    properties["feedsequence"] = {"type": "integer", "minimum": 1, "description": _ATTRIBUTES["feedsequence"]}
    schema["required"] = [*schema["required"], "feedsequence"]
    return schema


def example_of(service: str, event: type[Event]) -> dict[str, Any] | None:
    """Return an event as it comes, of the examples of its members; None when a member that is needed has none."""
    components = components_of([event], "#/$defs/{name}")
    own = components[event.__name__]
    members = own.get("properties", {})
    if any("examples" not in members[name] for name in own.get("required", [])):
        return None
    shown = {name: schema["examples"][0] for name, schema in members.items() if "examples" in schema}
    data = msgspec.convert(shown, event)  # an example that is not of its type is a fault in the declaration
    code = str(shown.get("regionCode") or shown.get("code") or _REGION)
    envelope = Envelope(
        specversion=SPECIFICATION,
        id=_EVENT_ID,
        source=f"/linli/{service}",
        type=event.type_in(service),
        subject=_subject_in(data),
        time=_MOMENT,
        datacontenttype="application/json",
        tenant=tenant_of(code),
        regioncode=code,
        aggregateversion=int(shown.get("ticketVersion", 1)),
        data=msgspec.Raw(msgspec.json.encode(data)),
        feedsequence=1,
    )
    made: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(envelope))
    return made


def address_of(service: str, event: type[Event], example: dict[str, Any]) -> str:
    """Return the NATS subject that an example would be published on."""
    return subject_of(example["regioncode"], service, event.entity, event.fact)


def folded(schema: Any) -> Any:
    """Return a schema whose descriptions, which are docstrings, are of one line and without `When:` and `For:`."""
    if isinstance(schema, dict):
        return {
            key: _words(value) if key == "description" and isinstance(value, str) else folded(value)
            for key, value in schema.items()
        }
    return [folded(item) for item in schema] if isinstance(schema, list) else schema


def _words(text: str) -> str:
    paragraphs = [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]
    return " ".join(one for one in paragraphs if not one.startswith(("When: ", "For: ")))


def _subject_in(data: Event) -> UUID:
    """Return the aggregate's id: the first member of a payload."""
    first = getattr(data, data.__struct_fields__[0], None)
    return first if isinstance(first, UUID) else _SOMETHING
