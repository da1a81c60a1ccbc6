"""One seed: writers, relays, the stream and consumers, the faults that the seed chooses, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

from chassis.events import batches, outbox, relay
from chassis.events import consumer as consumer_module
from chassis.events.bus import Bus, Connection
from chassis.events.consumer import AnyOrder, Consumer
from chassis.events.declaration import STREAM
from chassis.events.envelope import Envelope, decode
from chassis.events.event import Event as EventType
from chassis.events.relay import Relay
from chassis.events.subject import filter_of_service
from tests.faults.checker import Applied, Event, Record, violations
from tests.faults.simulation import inbox, ledger
from tests.faults.simulation.broker import Broker, Chances, Client
from tests.faults.simulation.clock import VirtualLoop
from tests.faults.simulation.database import ConnectionLostError, Database, Engine, Transaction

SERVICE = "notes"
ORDERED, ANY_ORDER = "ordered", "any_order"
_REGIONS = ("370321001002", "370303001")
_CHAOS_SECONDS = 10.0
_REST_SECONDS = 400.0
_WHEN = datetime(2026, 3, 1, tzinfo=UTC)


class Crash(BaseException):
    """The process dies here."""


class NoteWritten(EventType, entity="note", fact="written"):
    """A note was written."""

    mood: str


TYPE = NoteWritten.type_in(SERVICE)


@dataclass
class Scenario:
    """What may happen under a seed."""

    wipes: bool
    writers: int
    events: int
    chances: Chances
    dies_at_a_place: float

    @classmethod
    def of(cls, random: Random) -> Scenario:
        """Choose: some seeds are rough, some lose the stream."""
        rough = random.random()
        return cls(
            wipes=random.random() < 0.3,
            writers=random.randint(1, 4),
            events=random.randint(5, 15),
            chances=Chances(0.1 * rough * random.random(), 0.1 * rough * random.random(), 0.05 * rough),
            dies_at_a_place=0.1 * rough,
        )


class World:
    """Everything that lives under one seed."""

    def __init__(self, seed: int, loop: asyncio.AbstractEventLoop) -> None:
        self.random = Random(seed)  # noqa: S311 (to be repeated)
        self.loop = loop
        self.scenario = Scenario.of(self.random)
        self.publisher = Database(self.hop, loop.time)
        self.reader = Database(self.hop, loop.time)
        self.broker = Broker(self.random, loop.time, self.scenario.chances)
        self.is_calm = False
        self.places: set[str] = set()
        self.processes: list[Process] = []
        self.acknowledged: set[str] = set()
        self.refused: set[str] = set()

    async def hop(self) -> None:
        """Take a way over the network: mostly short, sometimes long."""
        chance = self.random.random()
        if chance < 0.6:
            await asyncio.sleep(0)
        else:
            await asyncio.sleep(self.random.expovariate(1 / (0.2 if chance > 0.96 else 0.003)))

    def fault(self, place: str) -> None:
        """Die at a named place, now and then."""
        self.places.add(place)
        if not self.is_calm and self.random.random() < self.scenario.dies_at_a_place:
            raise Crash(place)

    def new_id(self) -> UUID:
        """Return an id that is the same in every run of the seed."""
        return UUID(int=self.random.getrandbits(128), version=4)


@dataclass
class Process:
    """A process that is started again whenever it dies."""

    world: World
    engine: Engine
    make: Callable[[Engine, Bus], Awaitable[None]]
    bus: SimulatedBus | None = None
    work: asyncio.Task[None] | None = None

    async def live(self) -> None:
        """Run for ever."""
        while True:
            self.bus = SimulatedBus(self.world)
            await self.bus.start()
            self.work = asyncio.create_task(self.make_and_run(self.bus))
            await asyncio.wait({self.work})
            self.bus.die()
            for transaction in list(self.engine.own):
                transaction.abort()
            await self.bus.close()
            await asyncio.sleep(self.world.random.uniform(0.05, 2.0))

    async def make_and_run(self, bus: Bus) -> None:
        with contextlib.suppress(Crash, asyncio.CancelledError):
            await self.make(self.engine, bus)

    def die(self) -> None:
        """Die at whatever it does: what it sent is cut, its transactions end."""
        if self.work is not None and self.bus is not None:
            self.bus.die()
            for transaction in list(self.engine.own):
                transaction.abort()
            self.work.cancel()


class SimulatedBus(Bus):
    """The real keeping of a connection, to the simulated server."""

    def __init__(self, world: World) -> None:
        super().__init__("nats://simulated", name="simulated")
        self._world = world
        self.client: Client | None = None

    async def _connect(self) -> Connection:
        await self._world.hop()
        if self._world.broker.away:
            raise OSError("the server is away")
        made: list[Connection] = []

        def lost() -> None:
            for connection in made:
                connection.lose()

        self.client = Client(self._world.broker, lost)
        connection = Connection(self.client)  # type: ignore[arg-type]
        await connection.listen()
        made.append(connection)
        self._current = connection
        self._connected.set()
        return connection

    def die(self) -> None:
        if self.client is not None:
            self.client.cut()


async def write(world: World, aggregates: list[UUID]) -> None:
    """Write events as commands do: lock the aggregate, count up, append, commit; sometimes roll back."""
    random = world.random
    for _ in range(world.scenario.events):
        await asyncio.sleep(random.expovariate(1 / 0.4))
        if not aggregates or random.random() < 0.2:
            aggregates.append(world.new_id())
        written: UUID | None = None
        try:
            async with Engine(world.publisher).begin() as transaction:
                written = await _append(world, transaction, random.choice(aggregates))
                if random.random() < 0.1:
                    raise LookupError("the command was refused")  # noqa: TRY301
        except LookupError:
            world.refused.add(str(written))
        except ConnectionLostError:
            continue  # nobody knows whether it is committed
        else:
            world.acknowledged.add(str(written))


async def _append(world: World, transaction: Transaction, aggregate: UUID) -> UUID:
    await transaction.lock(("note", aggregate))
    await transaction.step()
    version = transaction.database.versions_of_notes.get(aggregate, 0) + 1
    transaction.put(transaction.database.versions_of_notes, aggregate, version)
    chance = world.random.random()
    return await outbox.append(
        transaction,  # type: ignore[arg-type]
        SERVICE,
        NoteWritten(mood="poison" if chance < 0.02 else "flaky" if chance < 0.08 else "good"),
        aggregate_id=aggregate,
        aggregate_version=version,
        region_code=_REGIONS[aggregate.int % len(_REGIONS)],
        occurred_at=_WHEN,
    )


def relay_process(world: World) -> Process:
    """Return a process with the real relay."""

    async def run(engine: Engine, bus: Bus) -> None:
        batch = world.random.choice((1, 3, 10, 500))
        relay = Relay(
            engine,  # type: ignore[arg-type]
            bus, service=SERVICE, stream=STREAM, batch=batch, attempts=4, fault=world.fault,
        )  # fmt: skip
        relay.pace.together *= world.random.choice((0.01, 0.05, 1.0))  # most batches are small here
        await relay.run()

    return Process(world, Engine(world.publisher), run)


def consumer_process(world: World, durable: str) -> Process:
    """Return a process with the real consumer; some events fail twice, some always."""
    failures: dict[UUID, int] = {}

    async def handle(connection: Any, events: Sequence[Envelope]) -> None:
        for event in events:
            await connection.step()
            mood = event.payload(NoteWritten).mood
            if mood == "poison" or (mood == "flaky" and failures.setdefault(event.id, 0) < 2):
                failures[event.id] = failures.get(event.id, 0) + 1
                raise ValueError("this does not work")
            connection.add(connection.database.effects, (durable, event))

    async def run(engine: Engine, bus: Bus) -> None:
        await Consumer(
            engine,  # type: ignore[arg-type]
            bus,
            stream=STREAM,
            durable=durable,
            subjects=(filter_of_service(SERVICE),),
            handlers={TYPE: AnyOrder(handle) if durable == ANY_ORDER else handle},
            fault=world.fault,
        ).run()

    return Process(world, Engine(world.reader), run)


async def faults(world: World) -> None:
    """Do harm until it is calm."""
    random = world.random
    while True:
        await asyncio.sleep(random.expovariate(1 / 0.7))
        chance = random.random()
        if chance < 0.35:
            random.choice(world.processes).die()
        elif chance < 0.6:
            if clients := world.broker.clients:
                random.choice(clients).cut(notices_after=random.choice((0.0, 0.5, 7.0)))
        elif chance < 0.75:
            await _without_database(world, random.choice((world.publisher, world.reader)))
        elif chance < 0.85:
            world.publisher.crash()  # whoever leads does not know that it leads no more
        elif chance < 0.95:
            world.broker.stop()
            await asyncio.sleep(random.uniform(0.1, 3.0))
            world.broker.away = False
        elif world.scenario.wipes:
            world.broker.wipe()


async def _without_database(world: World, database: Database) -> None:
    database.away = True
    database.crash()
    await asyncio.sleep(world.random.uniform(0.1, 3.0))
    database.away = False


async def come_to_rest(world: World) -> bool:
    """Let everything run without faults, with an operator who releases; tell whether it came to rest."""
    world.is_calm = True
    world.broker.away = world.publisher.away = world.reader.away = False
    world.broker.chances = Chances()
    while world.broker.under_way:  # noqa: ASYNC110 (virtual time)
        await asyncio.sleep(1.0)
    async with asyncio.timeout(_REST_SECONDS):
        while not _is_at_rest(world):
            await asyncio.sleep(2.0)
            with contextlib.suppress(ConnectionLostError):
                await operate(world)
    return True


async def operate(world: World) -> None:
    """Do what is left to the operator: release parked aggregates. What the stream has lost comes back by itself."""
    async with Engine(world.publisher).begin() as transaction:
        for one in await ledger.parked(transaction):
            await ledger.release(transaction, one.aggregate_id)


def _is_at_rest(world: World) -> bool:
    stored = {message.id for message in world.broker.streams[-1]}
    place = (world.broker.created.isoformat(), len(world.broker.streams[-1]))
    return all(
        row.published_at is not None and str(row.event_id) in stored for row in world.publisher.rows.values()
    ) and all(world.reader.positions.get(name) == place for name in (ORDERED, ANY_ORDER) if stored)


def record(world: World) -> Record:
    """Return what was observed."""
    made = Record(acknowledged=world.acknowledged, refused=world.refused)
    for row in sorted(world.publisher.rows.values(), key=lambda row: row.id):
        made.committed.append(
            Event(str(row.event_id), str(row.aggregate_id), row.aggregate_version, row.tenant, row.feed_sequence)
        )
    made.streams = [[_event(decode(message.payload)) for message in stream] for stream in world.broker.streams]
    for name in (ORDERED, ANY_ORDER):
        made.consumers[name] = Applied(
            effects=[_event(event) for of, event in world.reader.effects if of == name],
            set_aside={str(event.id) for of, (_, event, _, _) in world.reader.dead_letters if of == name},
            any_order=name == ANY_ORDER,
        )
    return made


def _event(event: Envelope) -> Event:
    return Event(str(event.id), str(event.subject), event.aggregateversion, event.tenant, event.feedsequence)


@dataclass
class Outcome:
    """What came of a seed."""

    violations: list[str]
    events: int
    places: set[str]
    seed: int = 0


async def live(world: World) -> Outcome:
    """Let a world have its faults and its rest, and judge it."""
    world.processes = [relay_process(world) for _ in range(2)]
    world.processes += [consumer_process(world, name) for name in (ORDERED, ORDERED, ANY_ORDER)]
    tasks = [asyncio.create_task(process.live()) for process in world.processes]
    harm = asyncio.create_task(faults(world))
    aggregates: list[UUID] = []
    writers = [asyncio.create_task(write(world, aggregates)) for _ in range(world.scenario.writers)]
    try:
        await asyncio.sleep(_CHAOS_SECONDS)
        harm.cancel()
        await asyncio.wait({harm})
        await asyncio.sleep(0)
        world.publisher.away = world.reader.away = False
        await asyncio.gather(*writers)
        await come_to_rest(world)
    except TimeoutError:
        found = ["it did not come to rest"]
    else:
        found = []
    finally:
        for task in [*tasks, harm]:
            task.cancel()
        await asyncio.wait(tasks)
    observed = record(world)
    return Outcome(found + violations(observed), len(observed.committed), world.places)


@contextlib.contextmanager
def real_code_on_simulated_ports(world: World) -> Iterator[None]:
    """Put the simulated tables, clock and ids under the real relay, lanes, bus, reader and consumer."""
    clock = SimpleNamespace(monotonic=world.loop.time)
    with (
        patch.object(relay, "ledger", ledger),
        patch.object(relay, "time", clock),
        patch.object(relay, "_POLL_SECONDS", 1.0),
        patch.object(batches, "MOST", world.random.choice((2, 4, 1000))),
        patch.object(consumer_module, "inbox", inbox),
        patch.object(consumer_module, "time", clock),
        patch.object(outbox, "new_id", world.new_id),
    ):
        yield


def run_seed(seed: int) -> Outcome:
    """Run one seed to its end."""
    loop = VirtualLoop()
    world = World(seed, loop)
    try:
        with real_code_on_simulated_ports(world):
            outcome = loop.run_until_complete(live(world))
    finally:
        loop.run_until_complete(_end_all(loop))
        loop.close()
    outcome.seed = seed
    return outcome


async def _end_all(loop: asyncio.AbstractEventLoop) -> None:
    others = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
