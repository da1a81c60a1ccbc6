"""The tables in memory answer as the real ones do: the same operations on both, chosen by a seed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from random import Random
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from chassis.events import inbox as real_inbox
from chassis.events import ledger as real_ledger
from chassis.events import outbox
from chassis.events.envelope import Envelope, decode
from deploy.local.databases import ServiceDatabase
from deploy.local.fixtures import ThrowawayPostgres
from tests.chassis.events.events_kit import NOW, SERVICE, NoteWritten, emptied, make_database
from tests.faults.simulation import inbox, ledger
from tests.faults.simulation.database import Database, Engine

ENOUGH = 10
HOUR = 3600.0


@pytest_asyncio.fixture(scope="session")
async def database(postgres_server: ThrowawayPostgres) -> ServiceDatabase:
    return await make_database(postgres_server, SERVICE)


@pytest_asyncio.fixture
async def engine(database: ServiceDatabase) -> AsyncIterator[AsyncEngine]:
    made = await emptied(database)
    yield made
    await made.dispose()


async def at_once() -> None:
    return


class Both:
    """The real tables and those in memory, which are asked the same."""

    def __init__(self, seed: int, engine: AsyncEngine) -> None:
        self.random = Random(seed)  # noqa: S311 (to be repeated)
        self.sides: list[tuple[Any, Any, Any]] = [
            (engine, real_ledger, real_inbox),
            (Engine(Database(at_once, lambda: 1000.0)), ledger, inbox),
        ]
        self.aggregates = [UUID(int=self.random.getrandbits(128), version=4) for _ in range(4)]
        self.versions = dict.fromkeys(self.aggregates, 0)

    async def ledger(self, name: str, *arguments: Any, **named: Any) -> Any:
        return await self._same([(side, of, name) for side, of, _ in self.sides], arguments, named)

    async def inbox(self, name: str, *arguments: Any) -> Any:
        return await self._same([(side, of, name) for side, _, of in self.sides], arguments, {})

    async def _same(self, sides: Sequence[Any], arguments: Sequence[Any], named: dict[str, Any]) -> Any:
        answers = []
        for side, module, name in sides:
            async with side.begin() as connection:
                answers.append(await getattr(module, name)(connection, *arguments, **named))
        assert answers[0] == answers[1], name
        return answers[0]

    async def append(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Write an event to both, under the same id, or roll it back on both."""
        aggregate = self.random.choice(self.aggregates)
        event_id = UUID(int=self.random.getrandbits(128), version=4)
        monkeypatch.setattr(outbox, "new_id", lambda: event_id)
        keep = self.random.random() < 0.8
        for side, _, _ in self.sides:
            try:
                async with side.begin() as connection:
                    await outbox.append(
                        connection,
                        SERVICE,
                        NoteWritten(text="x"),
                        aggregate_id=aggregate,
                        aggregate_version=self.versions[aggregate] + 1,
                        region_code=self.random.choice(["370321"]) if aggregate.int % 2 else "370303",
                        occurred_at=NOW,
                    )
                    if not keep:
                        raise LookupError  # noqa: TRY301
            except LookupError:
                continue
        self.versions[aggregate] += keep

    async def relay_something(self) -> None:
        """Number, take, mark and hold as a relay may."""
        due = await self.ledger("take_waiting", self.random.randint(1, 5))
        if not due:
            await self.ledger("number", self.random.randint(1, 5))
            due = await self.ledger("take_numbered")
            if self.random.random() < 0.5:
                await self.ledger("number", self.random.randint(1, 5), ahead=2)
        done = [row for row in due if self.random.random() < 0.6]
        await self.ledger("mark", [(row, row.id * 10) for row in done])
        for row in due:
            if row not in done and self.random.random() < 0.5:
                await self.ledger("hold", row.id, "refused", pause=self.random.choice((0.0, HOUR)), most=3)
        if self.random.random() < 0.8:
            await self.ledger("settle")

    async def lose_something(self) -> None:
        """Lose messages, or the whole stream."""
        await self.ledger(
            "reopen", {id_: id_ * self.random.choice((9, 10)) for id_ in self.random.sample(range(20), 4)}
        )
        stream = self.random.choice(("one", "two"))
        for _ in range(self.random.randint(1, 4)):
            await self.ledger("restored", stream, 3)
        await self.ledger("published_into")

    async def look(self) -> None:
        await self.ledger("is_drained")
        answers = []
        for side, module, _ in self.sides:
            async with side.begin() as connection:
                state = await module.backlog(connection)
                parked = await module.parked(connection)
            answers.append((state.waiting, state.parked, [one[:6] for one in parked]))
        assert answers[0] == answers[1]


@pytest.mark.parametrize("seed", range(6))
async def test_the_ledger_in_memory_is_the_ledger(
    seed: int, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Both(seed, engine)
    for _ in range(40):
        chance = both.random.random()
        if chance < 0.5:
            await both.append(monkeypatch)
        elif chance < 0.8:
            await both.relay_something()
        elif chance < 0.85:
            await both.lose_something()
        elif chance < 0.9:
            await both.ledger("release", both.random.choice(both.aggregates))
        await both.look()
    await both.ledger("settle")
    assert await both.ledger("take_waiting", ENOUGH) is not None


async def test_one_at_a_time_leads_in_both(engine: AsyncEngine) -> None:
    for side, module, _ in Both(0, engine).sides:
        async with side.begin() as first, side.begin() as second:
            assert await module.lead(first)
            assert not await module.lead(second)
        async with side.begin() as third:
            assert await module.lead(third)


@pytest.mark.parametrize("seed", range(4))
async def test_the_inbox_in_memory_is_the_inbox(
    seed: int, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Both(seed, engine)
    for _ in range(30):
        await both.append(monkeypatch)
    await both.ledger("number", 100)
    events = [decode(row.payload) for row in await both.ledger("take_numbered")]
    await both.inbox("start_position", "reader", "one")
    for number in range(1, 30):
        some: list[Envelope] = [both.random.choice(events) for _ in range(both.random.randint(1, 5))]
        consumer = both.random.choice(("reader", "another"))
        fresh = await both.inbox("unseen", consumer, some)
        await both.inbox("newest", consumer, fresh)
        await both.inbox("move_position", "reader", number)
        assert await both.inbox("lock_position", "reader", "one") == number
    assert await both.inbox("start_position", "reader", "one") == number
    assert await both.inbox("start_position", "reader", "two") == 0
    for side, _, module in both.sides:
        with pytest.raises(real_inbox.StreamReplacedError):
            async with side.begin() as connection:
                await module.lock_position(connection, "reader", "one")
