"""What must hold after any faults, over a record of what was committed, stored in the stream, and done by consumers.

The simulation and the real processes fill the same record and are judged by the same rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Event(NamedTuple):
    """An event as the outbox, a message or an effect has it."""

    id: str
    aggregate: str
    version: int
    tenant: str = ""
    feed_sequence: int | None = None


@dataclass
class Applied:
    """What a consumer did, in the order of its commits."""

    effects: list[Event] = field(default_factory=list)
    set_aside: set[str] = field(default_factory=set)
    any_order: bool = False
    """Whether its effects do not depend on order, so that it also takes what is older than what it has."""


@dataclass
class Record:
    """Everything that was observed of a run, when it has come to rest."""

    committed: list[Event] = field(default_factory=list)
    """The outbox: an event is in it exactly when its change is committed."""
    acknowledged: set[str] = field(default_factory=set)
    """Events whose writer was told that they are committed."""
    refused: set[str] = field(default_factory=set)
    """Events whose writer rolled back."""
    streams: list[list[Event]] = field(default_factory=list)
    """Messages in the order of the stream; one list more for each time that it was wiped."""
    consumers: dict[str, Applied] = field(default_factory=dict)


def violations(record: Record) -> list[str]:
    """Return what does not hold, a line each."""
    return [
        *_commits(record),
        *_deliveries(record),
        *_feeds(record),
        *(line for name, applied in record.consumers.items() for line in _effects(record, name, applied)),
    ]


def _commits(record: Record) -> Iterator[str]:
    ids = {event.id for event in record.committed}
    if lost := record.acknowledged - ids:
        yield f"{len(lost)} events were acknowledged to their writer and are not in the outbox, e.g. {min(lost)}"
    if ghosts := record.refused & ids:
        yield f"{len(ghosts)} events were rolled back and are in the outbox, e.g. {min(ghosts)}"
    versions = defaultdict(list)
    for event in record.committed:
        versions[event.aggregate].append(event.version)
    for aggregate, found in versions.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"aggregate {aggregate} has versions {sorted(found)}"


def _deliveries(record: Record) -> Iterator[str]:
    committed = {event.id: event for event in record.committed}
    stored = {message.id for stream in record.streams for message in stream}
    if phantoms := stored - committed.keys():
        yield f"{len(phantoms)} events are in the stream and were never committed, e.g. {min(phantoms)}"
    now = {message.id for message in record.streams[-1]} if record.streams else set()
    if lost := committed.keys() - now:
        event = committed[min(lost)]
        yield f"{len(lost)} committed events are not in the stream, e.g. {event}"
    if record.streams:
        # What was wiped comes back late, perhaps behind what is newer: only the first stream has the whole order.
        for aggregate, versions in _by_aggregate(record.streams[0]).items():
            if versions != sorted(versions):
                yield f"the stream has aggregate {aggregate} in the order {versions}"


def _feeds(record: Record) -> Iterator[str]:
    feeds = defaultdict(list)
    for event in record.committed:
        feeds[event.tenant].append(event.feed_sequence or 0)
    for tenant, sequences in feeds.items():
        if sorted(sequences) != list(range(1, len(sequences) + 1)):
            yield f"feed {tenant} is not 1, 2, 3, … but {sorted(sequences)[:20]}"
    given = {event.id: event.feed_sequence for event in record.committed}
    for stream in record.streams:
        for message in stream:
            if message.id in given and message.feed_sequence != given[message.id]:
                yield f"{message.id} was published as {message.feed_sequence} and is {given[message.id]} in the feed"


def _effects(record: Record, name: str, applied: Applied) -> Iterator[str]:
    committed = {event.id: event for event in record.committed}
    times = Counter(event.id for event in applied.effects)
    if twice := [id_ for id_, count in times.items() if count > 1]:
        yield f"{name}: {len(twice)} events had their effect more than once, e.g. {min(twice)}"
    if phantoms := times.keys() - committed.keys():
        yield f"{name}: {len(phantoms)} effects are of events that were never committed, e.g. {min(phantoms)}"
    newest: dict[str, int] = {}
    for event in applied.effects:
        if event.version <= newest.get(event.aggregate, 0) and not applied.any_order:
            yield f"{name}: aggregate {event.aggregate} went from {newest[event.aggregate]} to {event.version}"
        newest[event.aggregate] = max(event.version, newest.get(event.aggregate, 0))
    was_wiped = len(record.streams) > 1
    missing = [
        event
        for id_, event in committed.items()
        if id_ not in times
        and id_ not in applied.set_aside
        and not (was_wiped and not applied.any_order and newest.get(event.aggregate, 0) > event.version)
    ]
    if missing:
        yield f"{name}: {len(missing)} events had no effect, e.g. {min(missing)}"


def _by_aggregate(stream: Sequence[Event]) -> dict[str, list[int]]:
    """Return the versions of each aggregate in the order in which they first came."""
    found: dict[str, list[int]] = defaultdict(list)
    seen: set[str] = set()
    for message in stream:
        if message.id not in seen:
            seen.add(message.id)
            found[message.aggregate].append(message.version)
    return found
