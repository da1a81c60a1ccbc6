"""The real relay, lanes, bus, reader and consumer under seeded faults; and the checker under faults of the code."""

from __future__ import annotations

import pytest

from tests.faults.simulation.mutations import MUTATIONS
from tests.faults.simulation.run import one, simulate

_SEEDS_TO_FIND = 300
PLACES = {
    "relay: before numbers are committed",
    "relay: after numbers are committed",
    "relay: before publishing",
    "relay: after publishing",
    "relay: before marks are committed",
    "relay: after marks are committed",
    "consumer: before commit",
    "consumer: after commit",
}


def test_whatever_a_seed_does_every_event_is_delivered_in_order_and_has_its_effect_once() -> None:
    summary = simulate(100, 1, processes=1)
    assert [(outcome.seed, outcome.violations) for outcome in summary.failed] == []
    assert summary.places == PLACES
    assert summary.events > 1000


def test_a_seed_is_the_same_every_time() -> None:
    assert one(4) == one(4)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_fault_in_the_code_is_found(name: str) -> None:
    with MUTATIONS[name]():
        assert any(one(seed).violations for seed in range(_SEEDS_TO_FIND))
