from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from nats.aio.client import Client

from chassis.events.keys import inbox_prefix, public_key
from deploy.local.errors import LocalError
from deploy.local.fixtures import ThrowawayFolder, throwaway_nats
from deploy.local.nats import NatsServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.local.streams import DeclaredNats

EVENT = "linli.3703.21._._.org.region.added"
START_AND_WAIT = """
import asyncio, sys
from pathlib import Path
from deploy.local.fixtures import throwaway_nats

async def main():
    server = throwaway_nats(Path(sys.argv[1]))
    await server.start()
    print("pid", server.child.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with ThrowawayFolder() as path:
        yield path


async def publish(server: DeclaredNats, payload: bytes) -> None:
    seed = server.service_seeds["org"]
    client = Client()
    await client.connect(server.url, nkeys_seed=str(seed), inbox_prefix=inbox_prefix(public_key(seed)).encode())
    await client.jetstream().publish(EVENT, payload)
    await client.close()


async def received(server: DeclaredNats, district: str) -> list[bytes]:
    seed = server.district_seeds[district]
    client = Client()
    await client.connect(server.url, nkeys_seed=str(seed), inbox_prefix=inbox_prefix(public_key(seed)).encode())
    subscription = await client.jetstream().pull_subscribe_bind(f"district_{district}", "LINLI")
    payloads = []
    try:
        while True:
            for message in await subscription.fetch(10, timeout=0.5):
                payloads.append(message.data)
                await message.ack_sync()
    except TimeoutError:
        pass
    await client.close()
    return payloads


async def test_a_district_receives_what_happened_in_it_once_and_after_a_restart(folder: Path) -> None:
    server = throwaway_nats(folder)
    await server.start()
    try:
        await publish(server, b"first")
        assert await received(server, "370321") == [b"first"]
        await publish(server, b"second")
        server.kill()
        await server.start()
        assert await received(server, "370321") == [b"second"]
        assert await received(server, "370322") == []
        assert await received(server, "3703") == [b"first", b"second"]
    finally:
        await server.stop()


async def test_a_wiped_server_is_empty_and_provisioned_again(folder: Path) -> None:
    server = throwaway_nats(folder)
    await server.start()
    try:
        await publish(server, b"lost")
        await server.wipe()
        await publish(server, b"kept")
        assert await received(server, "370321") == [b"kept"]
    finally:
        await server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux to end children")
async def test_a_killed_starter_leaves_no_server(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", START_AND_WAIT, folder], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        pid = next(line.removeprefix(b"pid ") for line in starter.stdout if line.startswith(b"pid "))
        server_process = psutil.Process(int(pid))
        starter.kill()
    server_process.wait(15)


async def test_a_server_left_running_is_ended_by_the_next_start(folder: Path) -> None:
    left = throwaway_nats(folder)
    await left.start()
    assert left.child is not None
    again = throwaway_nats(folder)
    await again.start()
    try:
        assert left.child.exit_code() is not None
    finally:
        await again.stop()


async def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    configuration = folder / "nats.conf"
    configuration.write_text("listen: nonsense\n")
    with pytest.raises(LocalError, match="nonsense"):
        await NatsServer(configuration, 1, log=folder / "nats.log").start()


def test_seeds_are_readable_by_their_owner_only(nats_server: DeclaredNats) -> None:
    seeds = [*nats_server.service_seeds.values(), *nats_server.district_seeds.values(), nats_server.admin_seed]
    assert {seed.stat().st_mode & 0o777 for seed in seeds} == {0o600}
