"""Answers districts that ask for events again, over NATS; one instance of a service answers each request.

A district asks in its own account, `feed.replay.<service>`; the server carries that here as
`replay.<service>.<district>`, so who asks is told by the subject, which nobody but the server can write.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
import structlog
from nats.errors import Error as NatsError
from prometheus_client import Counter

from chassis.events import replay
from chassis.events.bus import BusAwayError
from chassis.events.declaration import replay_requests
from chassis.events.outage import is_outage
from chassis.events.replay import AskedWronglyError, End, ReplayProblem
from chassis.events.tasks import end_if_cancelled

if TYPE_CHECKING:
    from nats.aio.msg import Msg
    from sqlalchemy.ext.asyncio import AsyncEngine

    from chassis.events.bus import Bus, Connection
    from chassis.events.replay import Replayed

_log = structlog.get_logger(__name__)

REPLAYED = Counter("linli_replay_events_total", "Events sent again to districts that asked", ["service"])
ASKED = Counter("linli_replay_requests_total", "Requests for a replay by how they ended", ["service", "outcome"])

END_HEADERS = {"content-type": "application/json", "Linli-Replay": "end"}
_QUEUE = "replay"
_AT_ONCE = 4
_PAUSE_SECONDS = 1.0


class Replayer:
    """Answers for one service; run it in every instance."""

    def __init__(self, engine: AsyncEngine, bus: Bus, *, service: str) -> None:
        self._engine = engine
        self._bus = bus
        self._service = service
        self._answering: set[str] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        """Answer until cancelled, on whatever connection there is."""
        while True:
            end_if_cancelled()
            connection = await self._bus.connection()
            try:
                await self._serve(connection)
            except (NatsError, BusAwayError) as error:
                _log.warning("replay waits for NATS", service=self._service, error=str(error))
                await asyncio.sleep(_PAUSE_SECONDS)

    async def _serve(self, connection: Connection) -> None:
        """Answer on one connection until it is lost; each request in a task of its own."""
        tasks: set[asyncio.Task[None]] = set()

        async def asked(message: Msg) -> None:
            task = asyncio.create_task(self._answer(connection, message))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        subject = replay_requests(self._service)
        subscription = await connection.client.subscribe(subject, queue=_QUEUE, cb=asked)
        try:
            await connection.lost.wait()
        finally:
            if not connection.lost.is_set():
                await subscription.unsubscribe()
            for task in tasks:
                task.cancel()

    async def _answer(self, connection: Connection, message: Msg) -> None:
        """Send a page and its end. An account has one request answered at a time: another is told to wait."""
        if not message.reply:
            return
        own = message.subject.rpartition(".")[2]
        if own in self._answering:
            await self._send(connection, message.reply, [], _refused(ReplayProblem.BUSY))
            return
        self._answering.add(own)
        try:
            async with self._turns:
                events, end = await self._page(connection, message.data, own)
                await self._send(connection, message.reply, events, end)
        finally:
            self._answering.discard(own)

    async def _page(self, connection: Connection, payload: bytes, own: str) -> tuple[list[Replayed], End]:
        try:
            tenant, asked = replay.understand(payload, own)
            async with self._engine.connect() as database:
                return await replay.read_page(database, tenant, asked, connection.client.max_payload)
        except AskedWronglyError as error:
            return [], End(events=0, next=None, last=0, problem=error.told)
        except Exception as error:  # noqa: BLE001 (whoever asked is told, and may ask again)
            if is_outage(error):
                _log.warning("a replay waits for the database", service=self._service, error=str(error))
            else:
                _log.exception("a replay failed", service=self._service, district=own)
            return [], _refused(ReplayProblem.UNAVAILABLE)

    async def _send(self, connection: Connection, reply: str, events: list[Replayed], end: End) -> None:
        try:
            for event in events:
                await connection.client.publish(reply, event.payload, headers=event.headers)
            await connection.client.publish(reply, msgspec.json.encode(end), headers=dict(END_HEADERS))
        except (NatsError, OSError) as error:
            _log.warning("a replay was not sent", service=self._service, error=str(error))
        ASKED.labels(self._service, end.problem.code if end.problem else "served").inc()
        REPLAYED.labels(self._service).inc(len(events))


def _refused(problem: ReplayProblem) -> End:
    return End(events=0, next=None, last=0, problem=replay.told(problem))
