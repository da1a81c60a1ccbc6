"""A cluster of real servers on the loopback address, and a district's leaf node; each is a process to be killed."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError

from chassis.events.bus import Bus, BusAwayError
from chassis.events.declaration import STREAM, Node
from chassis.events.tasks import end_if_cancelled
from deploy.local.errors import LocalError
from deploy.local.nats import NatsServer
from deploy.local.ports import free_port
from deploy.nats import change, declared
from deploy.nats.declared import ADMIN, DeclarationFile, Declared, DistrictEntry, LeafPlace
from deploy.nats.files import write_configurations
from deploy.nats.session import addresses, connected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from nats.aio.client import Client

DISTRICT = "370321"
PATIENCE_SECONDS = 120.0
"""How long is waited for what servers do of themselves: elections, mirrors that try again, slow disks."""
NODES = ("n1", "n2", "n3")


class Cluster:
    """Three nodes as `deploy.nats` declares them, and a leaf node of one district."""

    def __init__(self, folder: Path) -> None:
        self.leaf_port = free_port()
        nodes = tuple(
            Node(name=name, port=free_port(), cluster_port=free_port(), leaf_port=free_port(), store=str(folder / name))
            for name in NODES
        )
        leaf = LeafPlace(port=self.leaf_port, store=str(folder / "leaf"))
        entries = (DistrictEntry(code=DISTRICT, leaf=leaf), DistrictEntry(code="370303"))
        file = DeclarationFile(nodes=nodes, services=("org", "tickets"), districts=entries, name="zibo")
        self.declared = Declared(folder / "conf" / "nats.yaml", file)
        declared.write(self.declared)
        self.declared.make_missing_keys()
        conf = folder / "conf"
        write_configurations(self.declared, conf)
        self.nodes = {
            node.name: NatsServer(conf / f"{node.name}.conf", node.port, log=folder / f"{node.name}.log")
            for node in nodes
        }
        self.leaf = NatsServer(conf / f"leaf_{DISTRICT}.conf", self.leaf_port, log=folder / "leaf.log")

    @property
    def url(self) -> str:
        """Every node's address."""
        return ",".join(addresses(self.declared))

    async def start(self) -> None:
        """Start the nodes and wait until stream and consumers are there."""
        await asyncio.gather(*(node.start() for node in self.nodes.values()))
        await self.provided()

    async def provided(self) -> None:
        """Wait until the stream and the consumers are there."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                with contextlib.suppress(LocalError):
                    await change.provide(self.declared)
                    return
                await asyncio.sleep(0.2)

    async def mend(self) -> None:
        """Start the nodes that do not run, and wait until all hold the same."""
        await asyncio.gather(*(node.start() for node in self.nodes.values() if node.child is None))
        await self.provided()
        await self.all_current()

    async def stop(self) -> None:
        """Stop whatever runs."""
        await asyncio.gather(*(server.stop() for server in (self.leaf, *self.nodes.values())))

    async def ask(self, name: str, body: Any = None) -> Any:
        """Ask JetStream as the operator, of any node that runs; asks again while it does not answer."""
        payload = msgspec.json.encode(body) if body is not None else b""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                with contextlib.suppress(LocalError, NatsError, TimeoutError):
                    answer = await self._asked(f"$JS.API.{name}", payload)
                    if "error" not in answer:
                        return answer
                await asyncio.sleep(0.2)

    async def _asked(self, subject: str, payload: bytes) -> Any:
        async with connected(self.alive(), self.declared.seed(ADMIN)) as admin:
            return msgspec.json.decode((await admin.request(subject, payload, timeout=2)).data)

    def alive(self) -> list[str]:
        """Return the addresses of the nodes that run."""
        return [node.url for node in self.nodes.values() if node.child is not None]

    async def leader(self) -> str:
        """Return the node that leads the stream."""
        name: str = (await self.ask(f"STREAM.INFO.{STREAM}"))["cluster"]["leader"]
        return name

    async def all_current(self) -> None:
        """Wait until all three nodes hold all of the stream."""

        async def current() -> bool:
            cluster = (await self.ask(f"STREAM.INFO.{STREAM}"))["cluster"]
            replicas = cluster.get("replicas", [])
            return len(replicas) == 2 and all(one["current"] and not one.get("offline") for one in replicas)

        await eventually(current)


@dataclass
class Writer:
    """Publishes as the relay does: by its Bus, each event again under its id until it is acknowledged."""

    cluster: Cluster
    aggregates: int = 8
    acknowledged: list[tuple[int, int]] = field(default_factory=list)
    """(aggregate, version) in the order in which they were acknowledged."""
    slowest: float = 0.0
    """Seconds that the slowest event took until it was acknowledged."""

    def acknowledged_more_than(self, number: int) -> bool:
        """Tell whether more events than that were acknowledged."""
        return len(self.acknowledged) > number

    async def run(self) -> None:
        """Publish until cancelled: for each aggregate one event after the other."""
        bus = Bus(self.cluster.url, credentials=self.cluster.declared.seed("org"), name="org")
        await bus.start()
        try:
            await asyncio.gather(*(self._aggregate(bus, number) for number in range(self.aggregates)))
        finally:
            await bus.close()

    async def _aggregate(self, bus: Bus, number: int) -> None:
        version = 0
        loop = asyncio.get_running_loop()
        while True:
            version += 1
            started = loop.time()
            while not await self._published(bus, number, version):
                end_if_cancelled()
                await asyncio.sleep(0.1)
            end_if_cancelled()
            self.slowest = max(self.slowest, loop.time() - started)
            self.acknowledged.append((number, version))

    async def _published(self, bus: Bus, number: int, version: int) -> bool:
        connection = await bus.connection()
        payload = msgspec.json.encode((number, version))
        headers = {"Nats-Msg-Id": f"{id(self)}-{number}-{version}"}
        subject = f"linli.3703.21._._.org.thing{number}.changed"
        try:
            future = await connection.publish(subject, payload, stream=STREAM, headers=headers)
            await asyncio.wait_for(future, 2)
        except (BusAwayError, JetStreamError, NatsError, TimeoutError, OSError):
            return False
        return True


async def stored(client: Client, stream: str = STREAM) -> list[tuple[int, int]]:
    """Return what is in a stream of district 370321, in its order, as the writer wrote it."""
    state = (await client.jetstream().stream_info(stream)).state
    found: list[tuple[int, int]] = []
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    at = 1
    while at <= state.last_seq:
        request = msgspec.json.encode({"seq": at, "batch": 500, "next_by_subj": "linli.3703.21.>"})
        await client.publish(f"$JS.API.DIRECT.GET.{stream}", request, reply=inbox)
        while True:
            message = await subscription.next_msg(timeout=30)
            headers = message.headers or {}
            if "Status" in headers:
                break
            at = int(headers["Nats-Sequence"]) + 1
            found.append(msgspec.json.decode(message.data, type=tuple[int, int]))
        if headers["Status"] == "404":
            break
    await subscription.unsubscribe()
    return found


def check(found: list[tuple[int, int]], acknowledged: list[tuple[int, int]]) -> None:
    """Nothing acknowledged is missing, nothing is there twice, and each aggregate's versions follow one another."""
    assert set(acknowledged) - set(found) == set()
    assert len(found) == len(set(found))
    for number in {number for number, _ in found}:
        versions = [version for one, version in found if one == number]
        assert versions == list(range(1, len(versions) + 1))


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await holds():  # noqa: ASYNC110 (what is waited for is another process's doing)
            await asyncio.sleep(0.2)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that is known here."""

    async def told() -> bool:
        return holds()

    await eventually(told)
