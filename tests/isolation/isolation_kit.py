"""Live clients of a real server: a service that publishes all the time, a district that reads all the time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from nats.aio.client import Client
from nats.js.errors import NoStreamResponseError, ServiceUnavailableError

from chassis.events.declaration import STREAM
from chassis.events.keys import inbox_prefix, public_key
from chassis.events.tasks import end_if_cancelled
from deploy.nats import declared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from deploy.local.streams import DeclaredNats


async def connect(url: str, seed: Path | None, told: list[str] | None = None, lost: list[str] | None = None) -> Client:
    """Connect as the user of a seed; errors that the server tells go to `told`, a lost connection to `lost`."""
    client = Client()

    async def tell(error: Exception) -> None:
        if told is not None:
            told.append(str(error))

    async def lose() -> None:
        if lost is not None:
            lost.append("disconnected")

    try:
        await client.connect(
            url,
            nkeys_seed=str(seed) if seed else None,
            inbox_prefix=inbox_prefix(public_key(seed)) if seed else "_INBOX",
            allow_reconnect=False,
            error_cb=tell,
            disconnected_cb=lose,
        )
    except BaseException:
        await client.close()
        raise
    return client


def declared_by(server: DeclaredNats) -> declared.Declared:
    return declared.read(server.declaration_file)


@dataclass
class Traffic:
    """Events published to one subject one after the other, and what a reader got of them."""

    sent: list[bytes] = field(default_factory=list)
    got: list[bytes] = field(default_factory=list)
    deliveries: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    longest_pause: float = 0.0
    """Seconds between two messages that were read, at most."""

    async def publish(self, client: Client, subject: str) -> None:
        """Publish until cancelled; what was not acknowledged is counted as a failure.

        In the moment in which a server takes up its configuration nobody may be there to acknowledge; like every relay,
        this one publishes the same message under the same id again until somebody does.
        """
        for number in count(1):
            payload = str(number).encode()
            while True:
                end_if_cancelled()
                try:
                    await client.jetstream(timeout=5).publish(
                        subject, payload, headers={"Nats-Msg-Id": f"{id(self)}-{number}"}
                    )
                except NoStreamResponseError:
                    await asyncio.sleep(0.01)
                except Exception as error:
                    self.failures.append(f"publish {number}: {type(error).__name__} {error}")
                    raise
                else:
                    break
            self.sent.append(payload)
            await asyncio.sleep(0.002)

    async def read(self, client: Client, code: str) -> None:
        """Fetch and acknowledge until cancelled.

        A request that comes in the moment in which a server takes up its configuration may find nobody to answer; like
        every reader, this one asks again.
        """
        feed = await client.jetstream().pull_subscribe_bind(f"district_{code}", STREAM)
        last = time.monotonic()
        while True:
            end_if_cancelled()
            try:
                messages = await feed.fetch(20, timeout=1)
            except (TimeoutError, ServiceUnavailableError):
                await asyncio.sleep(0.01)
                continue
            for message in messages:
                now = time.monotonic()
                self.longest_pause, last = max(self.longest_pause, now - last), now
                self.got.append(message.data)
                self.deliveries.append(message.metadata.num_delivered)
                await message.ack()

    def read_more_than(self, number: int) -> bool:
        return len(self.got) > number

    async def everything_read(self, seconds: float = 40) -> None:
        await until(lambda: len(set(self.got)) >= len(self.sent), seconds)


async def until(holds: Callable[[], Any], seconds: float = 10) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (what is waited for is another process's doing)
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def beside(*work: Any) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run coroutines beside the test; end them afterwards."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
