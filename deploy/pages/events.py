"""docs/events.md: every event for people: what happened, when, for whom, its members, an example, its history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chassis.events.describe import address_of, components_of, example_of, told_of
from deploy.checks.contracts import HISTORY, RETIRED, ROOT, SERVICES, Contract, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chassis.events.event import Event

_HEAD = """\
# Events

Everything that Linli tells district systems and its own services. Made from the event types by `make docs`; for
programs there are [AsyncAPI](../services/org/contract/asyncapi.yaml) per service and a JSON Schema per event version in
`services/<service>/contract/events/`. [district-systems.md](district-systems.md) says how to receive them,
[reliability.md](reliability.md) what is promised of them and how that is tested.

* **No event carries personal data.** People are ids; whoever may see more asks the graph.
* **Around each payload is an envelope**, the same for all events: a [CloudEvent](https://cloudevents.io) with the
  event's `id`, `type`, `time`, the region where it happened (`regioncode`), the thing it happened to (`subject`), and
  how many things happened to that (`aggregateversion`). The examples show `data` only.
* **A released version stays as it is.** Within a version, payloads only get new members that may be absent: ignore what
  you do not know. Everything else is a new version, published beside the old one until nobody reads that.
  `make lint` compares each version with what was released (`contract/released/`) and refuses what would break you.
"""
_SERVICES = {
    "org": "the organisation chain: regions, organisations, people, duties, teams, stations",
    "tickets": "residents' requests and how they are handled",
    "credit": "points that reward, and their ledger",
    "property": "compounds, owners, votes, committees, property companies",
}
_PLAIN = {"string": "text", "integer": "integer", "boolean": "boolean", "number": "number", "null": "null"}


def _kind(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """Return a member's type in words."""
    if "$ref" in schema:
        name: str = schema["$ref"].rpartition("/")[2]
        target = definitions[name]
        return _kind(target, definitions) if "enum" in target else f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(part, definitions) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), definitions)}"
    return str(schema.get("format") or _PLAIN.get(schema.get("type", ""), "any"))


def _members(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    needed = schema.get("required", [])
    rows = [
        f"| `{name}` | {_kind(member, definitions)} | {member.get('description', '')}"
        f"{'' if name in needed else ' *(may be absent)*'} |"
        for name, member in schema.get("properties", {}).items()
    ]
    return "\n".join(["| member | type | meaning |", "| --- | --- | --- |", *rows])


def _example(service: str, event: type[Event]) -> Iterator[str]:
    example = example_of(service, event)
    if example is not None:
        shown = json.dumps(example["data"], ensure_ascii=False, indent=2)
        yield f"For example on `{address_of(service, event, example)}`:\n\n```json\n{shown}\n```"


def _history(contract: Contract, type_: str) -> str:
    released = read(contract.released / f"{type_}.json")
    entries = [f"{entry['on']}: {entry['change']}" for entry in released.get(HISTORY, [])]
    if RETIRED in released:
        entries.append(f"{released[RETIRED]}: no longer promised")
    return "History: " + ("; ".join(entries) if entries else "not released yet, may still change") + "."


def _event(contract: Contract, event: type[Event]) -> str:
    service = contract.service
    definitions = components_of([event], "{name}")
    told = told_of(event)
    parts = [
        f"### `{event.type_in(service)}`",
        told.what,
        f"* **When:** {told.when}\n* **For:** {told.whom}",
        _members(definitions.pop(event.__name__), definitions),
    ]
    for name, part in definitions.items():
        if "properties" in part:
            parts.append(f'<a id="{name.lower()}"></a>{name}: {part.get("description", "")}')
            parts.append(_members(part, definitions))
    return "\n\n".join([*parts, *_example(service, event), _history(contract, event.type_in(service))])


def _index(service: str, events: list[type[Event]]) -> str:
    rows = [f"| [`{event.type_in(service)}`](#{_anchor(event, service)}) | {told_of(event).what} |" for event in events]
    return "\n".join(["| event | what happened |", "| --- | --- |", *rows])


def _anchor(event: type[Event], service: str) -> str:
    """Return what a heading's link is on GitHub: the text without points."""
    return event.type_in(service).replace(".", "")


def page() -> str:
    """Return the page."""
    parts = [_HEAD.rstrip()]
    for service, published in SERVICES.items():
        events = sorted(published, key=lambda event: event.type_in(service))
        contract = Contract(service, ROOT / service / "contract")
        parts.append(f"## {service}: {_SERVICES[service]}")
        parts.append(_index(service, events))
        parts += [_event(contract, event) for event in events]
    return "\n\n".join(parts) + "\n"
