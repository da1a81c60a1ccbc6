"""The checker finds each kind of violation in a record, and nothing in one that is right."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.checker import Applied, Event, Record, violations

A1, A2, B1 = Event("a1", "a", 1, "t", 1), Event("a2", "a", 2, "t", 3), Event("b1", "b", 1, "t", 2)


def right() -> Record:
    """Three events, one of them delivered twice, one set aside."""
    return Record(
        committed=[A1, B1, A2],
        acknowledged={"a1", "b1"},
        refused={"x"},
        streams=[[A1, B1, A1, A2]],
        consumers={"one": Applied([A1, A2], {"b1"}), "two": Applied([B1, A1, A2], any_order=True)},
    )


def test_a_record_that_is_right_has_no_violation() -> None:
    assert violations(right()) == []


def set_effects(record: Record, *events: Event) -> None:
    record.consumers["one"].effects = list(events)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda r: r.acknowledged.add("z"), "acknowledged to their writer"),
        (lambda r: r.refused.add("a1"), "were rolled back"),
        (lambda r: r.committed.pop(0), "aggregate a has versions [2]"),
        (lambda r: r.streams[0].pop(), "are not in the stream"),
        (lambda r: r.streams[0].append(Event("z", "z", 1)), "never committed"),
        (lambda r: r.streams[0].insert(0, A2), "in the order [2, 1]"),
        (lambda r: r.streams[0].append(A1._replace(feed_sequence=9)), "was published as 9 and is 1"),
        (lambda r: r.committed.__setitem__(2, A2._replace(feed_sequence=4)), "feed t is not 1, 2, 3"),
        (lambda r: set_effects(r, A1, A1, A2), "more than once"),
        (lambda r: set_effects(r, A1, A2, Event("z", "z", 1)), "effects are of events that were never committed"),
        (lambda r: set_effects(r, A2, A1), "aggregate a went from 2 to 1"),
        (lambda r: set_effects(r, A1), "1 events had no effect"),
    ],
)
def test_each_violation_is_told(spoil: Callable[[Record], object], told: str) -> None:
    record = right()
    spoil(record)
    assert told in "\n".join(violations(record))


def test_after_a_loss_of_the_stream_only_what_is_newer_excuses_a_missing_effect() -> None:
    record = right()
    record.streams.append([A2, A1, B1])
    set_effects(record, A2)
    assert violations(record) == []
    set_effects(record, A1)
    assert violations(record) == [f"one: 1 events had no effect, e.g. {A2}"]
    record.consumers["two"].effects = [B1, A2]
    assert f"two: 1 events had no effect, e.g. {A1}" in violations(record)
