"""Publishing what the outbox is due to send: many events together, few one by one, always in the order of the feed."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.events.batches import Batches
from chassis.events.lanes import Lanes, Outcome, Trouble, nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chassis.events.bus import Connection
    from chassis.events.ledger import Due

_LEARNING = 0.2
_LEAST_ALONE, _MOST_TOGETHER = 4, 128


@dataclass
class Pace:
    """Whether events go quicker one by one or together, as the last ones went.

    A batch costs the server some milliseconds whatever its size; what an event alone costs is mostly whether the
    stream is written through to the disk for each (`sync_interval: always`).
    """

    alone: float = 0.0001
    """Seconds for an event that goes alone."""
    together: float = 0.005
    """Seconds for a small batch."""

    def least(self) -> int:
        """Return from how many events on a batch is quicker."""
        return max(2, math.ceil(self.together / self.alone))

    def learn(self, events: int, seconds: float, *, together: bool) -> None:
        """Take note of how long it took; a few tell too little of one alone, many too little of a batch as such."""
        if together and events <= _MOST_TOGETHER:
            self.together += (seconds - self.together) * _LEARNING
        elif not together and events >= _LEAST_ALONE:
            self.alone += (seconds / events - self.alone) * _LEARNING


async def publish(
    connection: Connection,
    stream: str,
    rows: Sequence[Due],
    seconds: float,
    pace: Pace,
    settled: Callable[[Mapping[int, int]], None] = nobody,
) -> Outcome:
    """Publish rows in their order within `seconds` and return what became of them; raises nothing of NATS.

    `settled` hears now and then, while others are still on their way, of rows that are stored: stream sequences by id.
    """
    outcome = Outcome()
    lanes = Lanes(connection, stream, outcome)
    batches = Batches(connection, stream, outcome, lanes)
    clock, least = asyncio.get_running_loop().time, pace.least()
    began, together = clock(), len(rows) >= least
    try:
        async with asyncio.timeout(seconds):
            if together:
                await batches.publish(rows, least, settled)
            else:
                await lanes.publish(rows, settled)
        pace.learn(len(rows), clock() - began, together=together)
    except TimeoutError:
        outcome.trouble = f"no acknowledgement within {seconds} seconds"
    except Trouble as trouble:
        outcome.trouble = str(trouble)
    finally:
        batches.give_up()
        lanes.give_up()
    return outcome
