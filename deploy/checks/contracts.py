"""Holds the contracts of events to what was released: a change that would break somebody fails `make lint`.

`services/<service>/contract/events/<type>.json` is the JSON Schema of an event version, made from the code by
`make docs`. `contract/released/<type>.json` is what was promised, with its history. Run as

    python -m deploy.checks.contracts                       check; a line for each finding, exit 1 when there is any
    python -m deploy.checks.contracts write                 write contract/events from the code (`make docs` does)
    python -m deploy.checks.contracts release               promise what the contracts say now
    python -m deploy.checks.contracts retire TYPE           no longer promise a version that nobody reads any more
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from chassis.events.describe import components_of, schema_of, told_of
from deploy.checks.compatibility import NEW_VERSION, differences
from services.credit.domain.events import EVENTS as CREDIT_EVENTS
from services.org.domain.events import EVENTS as ORG_EVENTS
from services.property.domain.events import EVENTS as PROPERTY_EVENTS
from services.tickets.domain.events import EVENTS as TICKETS_EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chassis.events.event import Event

SERVICES: dict[str, Sequence[type[Event]]] = {
    "org": ORG_EVENTS,
    "tickets": TICKETS_EVENTS,
    "credit": CREDIT_EVENTS,
    "property": PROPERTY_EVENTS,
}
ROOT = Path(__file__).parents[2] / "services"

HISTORY = "x-history"
RETIRED = "x-retired"


class Contract(NamedTuple):
    """The two folders of a service."""

    service: str
    folder: Path

    @property
    def now(self) -> Path:
        """Where the code's schemas are."""
        return self.folder / "events"

    @property
    def released(self) -> Path:
        """Where the promised schemas are."""
        return self.folder / "released"


def contracts(root: Path = ROOT) -> list[Contract]:
    """Return the contracts of all services that publish events."""
    return [Contract(service, root / service / "contract") for service in SERVICES]


def check(contract: Contract, events: Sequence[type[Event]]) -> list[str]:
    """Return what is wrong with a service's contract, a line each."""
    return [*_not_as_in_the_code(contract, events), *_not_told(contract.service, events), *_broken(contract)]


def write(contract: Contract, events: Sequence[type[Event]]) -> None:
    """Write the schemas of the code, and remove those of types that are no more."""
    contract.now.mkdir(parents=True, exist_ok=True)
    made = _made(contract.service, events)
    for name in {file.name for file in contract.now.glob("*.json")} - made.keys():
        (contract.now / name).unlink()
    for name, text in made.items():
        (contract.now / name).write_text(text, encoding="utf-8")


def release(contract: Contract, on: date) -> list[str]:
    """Promise every schema in `contract.now` from that day; return what is promised anew, a line each.

    Raises ValueError when one is not compatible with what was released.
    """
    if broken := list(_broken(contract)):
        raise ValueError("\n".join(broken))
    contract.released.mkdir(parents=True, exist_ok=True)
    told = []
    for file in sorted(contract.now.glob("*.json")):
        before, now = read(contract.released / file.name), read(file)
        history = before.pop(HISTORY, [])
        if now == before:
            continue
        change = _change(before, now)
        if change:
            history = [*history, {"on": on.isoformat(), "change": change}]
            told.append(f"{file.stem}: {change}")
        (contract.released / file.name).write_text(_text(now | {HISTORY: history}), encoding="utf-8")
    return told


def retire(contract: Contract, type_: str, on: date) -> None:
    """Note that a version is no longer promised. Raises FileNotFoundError when it never was."""
    file = contract.released / f"{type_}.json"
    promised = msgspec.json.decode(file.read_bytes())
    file.write_text(_text(promised | {RETIRED: on.isoformat()}), encoding="utf-8")


def read(file: Path) -> dict[str, Any]:
    """Return a schema file's content, empty when there is none."""
    if not file.exists():
        return {}
    found: dict[str, Any] = msgspec.json.decode(file.read_bytes())
    return found


def _made(service: str, events: Sequence[type[Event]]) -> dict[str, str]:
    return {f"{event.type_in(service)}.json": _text(schema_of(service, event)) for event in events}


def _text(schema: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _not_as_in_the_code(contract: Contract, events: Sequence[type[Event]]) -> Iterator[str]:
    made = _made(contract.service, events)
    found = {file.name: file.read_text(encoding="utf-8") for file in contract.now.glob("*.json")}
    for name in sorted(made.keys() | found.keys()):
        if made.get(name) != found.get(name):
            yield f"{contract.now / name}: is not what the code says; run 'make docs'"


def _not_told(service: str, events: Sequence[type[Event]]) -> Iterator[str]:
    """Tell of members and events that a person could not understand."""
    for event in events:
        type_, told = event.type_in(service), told_of(event)
        if not (told.what and told.when and told.whom):
            yield f"{type_}: its docstring lacks what happened, a paragraph 'When: …' or one 'For: …'"
        members = components_of([event], "{name}")[event.__name__].get("properties", {})
        for name, schema in members.items():
            if not schema.get("description") or "examples" not in schema:
                yield f"{type_}: {name} lacks its meaning or an example; annotate it with chassis.events.fields.told"


def _broken(contract: Contract) -> Iterator[str]:
    for file in sorted(contract.released.glob("*.json")):
        promised = read(file)
        if RETIRED in promised:
            continue
        now = read(contract.now / file.name)
        if not now:
            yield (
                f"{file.stem}: is promised and is no longer published; put it back, or, when nobody reads it any more, "
                f"run 'python -m deploy.checks.contracts retire {file.stem}'"
            )
            continue
        for difference in differences(promised, now):
            yield f"{file.stem}: {difference}. This breaks readers: {NEW_VERSION}"


def _change(before: dict[str, Any], now: dict[str, Any]) -> str:
    """Return a compatible change in words; empty when only words and examples changed."""
    if not before:
        return "first released"
    return "; ".join(f"`{name}` was added" for name in sorted(_members(now) - _members(before)))


def _members(schema: dict[str, Any]) -> set[str]:
    """Return the envelope's and the payload's members, and those of what the payload contains with its name."""
    payload = schema["properties"]["data"]["$ref"].rpartition("/")[2]
    found = set(schema["properties"])
    for name, definition in schema["$defs"].items():
        prefix = "" if name == payload else f"{name}."
        found |= {f"{prefix}{member}" for member in definition.get("properties", {})}
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.checks.contracts", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("check", help="compare with the code and with what was released (the default)")
    commands.add_parser("write", help="write the schemas of the code")
    releasing = commands.add_parser("release", help="promise what the contracts say now")
    releasing.add_argument("--on", type=date.fromisoformat, default=None, help="day of the release, today by default")
    retiring = commands.add_parser("retire", help="no longer promise a version")
    retiring.add_argument("type", help="e.g. linli.org.region.renamed.v1")
    chosen = parser.parse_args(arguments)
    today = date.today()  # noqa: DTZ011 (the day where the person who releases is)
    try:
        lines = _run(chosen, today)
    except (ValueError, FileNotFoundError) as error:
        lines, chosen.command = [str(error)], "check"
    for line in lines:
        print(line)  # noqa: T201 (a program's output)
    return 1 if lines and chosen.command in {None, "check"} else 0


def _run(chosen: argparse.Namespace, today: date) -> list[str]:
    lines: list[str] = []
    for contract in contracts():
        events = SERVICES[contract.service]
        if chosen.command == "write":
            write(contract, events)
        elif chosen.command == "release":
            write(contract, events)
            lines += release(contract, chosen.on or today)
        elif chosen.command != "retire":
            lines += check(contract, events)
        elif chosen.type.startswith(f"linli.{contract.service}."):
            retire(contract, chosen.type, today)
    return lines


if __name__ == "__main__":
    sys.exit(main())
