"""A few rounds of kill -9; `python -m tests.faults kill --rounds 200` is the long form."""

from __future__ import annotations

import pytest

from deploy.local.fixtures import ThrowawayFolder
from tests.faults.processes.rounds import kill_rounds

pytestmark = pytest.mark.timeout(600)

_ROUNDS = 8


async def test_killed_at_any_moment_nothing_is_lost_and_nothing_has_its_effect_twice() -> None:
    with ThrowawayFolder() as folder:
        report = await kill_rounds(folder, _ROUNDS, 7, check_every=_ROUNDS)
    assert report.found == []
    assert report.rounds == _ROUNDS
    assert report.checks == 1
    assert report.events > 100
