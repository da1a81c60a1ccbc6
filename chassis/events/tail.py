"""What any instance of a service has published lately, seen from its own database: for who shows changes live.

An event is seen as soon as it is committed, without NATS. Ids are given before transactions commit, so a look goes back
over the ids of the last half minute and leaves out those that it saw: a transaction that takes longer may be missed.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID  # noqa: TC003

from sqlalchemy import text

if TYPE_CHECKING:
    from chassis.database import ReadSession

MOST_AT_ONCE = 5000
_OVERLAP_SECONDS = 30.0
_BEFORE_THE_FIRST = 1000
_HIGHEST = text("SELECT coalesce(max(id), 0) FROM outbox")
_NEW = text("""
SELECT id, entity, aggregate_id, region_code FROM outbox
WHERE id > :floor AND id <> ALL (CAST(:seen AS bigint[])) ORDER BY id LIMIT :most
""")


class Fact(NamedTuple):
    """That something happened to a thing; what it was is read from the thing."""

    entity: str
    id: UUID
    region_code: str


class Tail:
    """Remembers what was seen; one for each program, asked by one task."""

    def __init__(self, *, overlap_seconds: float = _OVERLAP_SECONDS) -> None:
        self._overlap = overlap_seconds
        self._floor: int | None = None
        self._seen: set[int] = set()
        self._looks: deque[tuple[float, int]] = deque()

    async def news(self, session: ReadSession) -> list[Fact]:
        """Return what was committed since the last look, at most MOST_AT_ONCE; nothing at the first."""
        is_first = self._floor is None
        if self._floor is None:
            self._floor = max(int(await session.scalar(_HIGHEST)) - _BEFORE_THE_FIRST, 0)
        asked = {"floor": self._floor, "seen": sorted(self._seen), "most": MOST_AT_ONCE}
        rows = await session.rows(_NEW, asked)
        self._seen |= {row["id"] for row in rows}
        self._move_on(time.monotonic())
        return [] if is_first else [Fact(row["entity"], row["aggregate_id"], row["region_code"]) for row in rows]

    def _move_on(self, now: float) -> None:
        """Forget what no transaction that is still under way can lie below."""
        self._looks.append((now, max(self._seen, default=self._floor or 0)))
        while self._looks[0][0] < now - self._overlap:
            self._floor = max(self._floor or 0, self._looks.popleft()[1])
        self._seen = {id_ for id_ in self._seen if id_ > (self._floor or 0)}
