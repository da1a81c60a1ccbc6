"""The auditor: compares what the outbox says is in the stream with what is there, and has the relay publish the rest.

A run looks up the newest published events and some at random by their stream sequence. When one is not there, or
another is in its place, everything that is kept is looked up. What is missing is opened again in the outbox: the relay
publishes it in the order of the feed, with the same ids, numbers and bytes. A stream that was replaced as a whole is
the relay's own business (`Relay._see_stream`): it must not publish anything new before.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import structlog
from nats.errors import Error as NatsError
from prometheus_client import Counter, Gauge
from sqlalchemy import text

from chassis.events import ledger
from chassis.events.bus import BusAwayError
from chassis.events.outage import is_outage
from chassis.events.stream import identity_of
from chassis.events.tasks import end_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import TextClause
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from chassis.events.bus import Bus, Connection

_log = structlog.get_logger(__name__)

CHECKED = Counter("linli_audit_checked_total", "Published events that were looked up in the stream", ["service"])
MISSING = Counter("linli_audit_missing_total", "Published events that the stream had lost", ["service"])
LAST = Gauge("linli_audit_last_timestamp_seconds", "When the last audit ended, in Unix time", ["service"])

_SECONDS = 60.0
_NEWEST = 50
_AT_RANDOM = 50
_AT_ONCE = 100
_ROWS = 1000
_ANSWER_SECONDS = 5.0
_STREAM_DAYS_SURE = 29
"""Younger than the stream's retention by a day: what is older may be gone by right."""
_SETTLED_SECONDS = 10.0
"""What was published a moment ago need not be on every node of a cluster yet, and any of them may answer."""
_NOT_THERE = "404"

_KEPT = """stream_seq IS NOT NULL AND published_at
    BETWEEN now() - make_interval(days => :days) AND now() - make_interval(secs => :settled)"""
_LATEST_ROWS = text(f"""
SELECT id, event_id, stream_seq FROM outbox WHERE {_KEPT} ORDER BY published_at DESC LIMIT :limit
""")  # noqa: S608 (constants)
_SOME_ROWS = text(f"""
SELECT id, event_id, stream_seq FROM outbox WHERE {_KEPT} AND id >= (
    SELECT min(id) + floor(random() * (max(id) - min(id) + 1))::bigint FROM outbox
) ORDER BY id LIMIT :limit
""")  # noqa: S608
_NEXT_ROWS = text(f"""
SELECT id, event_id, stream_seq, tenant, feed_sequence FROM outbox
WHERE {_KEPT} AND (tenant, feed_sequence) > (:tenant, :sequence) ORDER BY tenant, feed_sequence LIMIT :limit
""")  # noqa: S608


class _Row(NamedTuple):
    id: int
    event_id: str
    stream_seq: int


@dataclass
class Audit:
    """What an audit found."""

    checked: int = 0
    missing: int = 0
    """Published events that the stream did not have; they are published again."""
    whole: bool = False
    """Whether everything was looked up, not only some."""
    restoring: bool = False
    """Whether the stream was replaced and the relay is still putting back what was in it; nothing was looked up."""

    def __str__(self) -> str:
        if self.restoring:
            return "The stream is a new one, and the relay is publishing again what is kept; ask again in a moment."
        extent = "all published events that are kept" if self.whole else "a sample"
        found = f"{self.missing} were missing and are published again." if self.missing else "nothing is missing."
        return f"Looked up {self.checked} events, {extent}: {found}"


async def audit(
    engine: AsyncEngine, connection: Connection, *, service: str, stream: str, whole: bool = False
) -> Audit:
    """Compare once; look everything up when `whole`, or when something of a sample is missing.

    Raises BusAwayError when the stream cannot be asked.
    """
    async with engine.connect() as database:
        known = await ledger.published_into(database)
    done = Audit(whole=whole)
    if known is not None and known != await identity_of(connection, stream):
        done.restoring = True
        return done
    if not whole:
        async with engine.connect() as database:
            rows = await _rows(database, _LATEST_ROWS, _NEWEST) + await _rows(database, _SOME_ROWS, _AT_RANDOM)
        done.whole = await _compare(engine, connection, stream, list(dict.fromkeys(rows)), done)
    if done.whole:
        await _compare_all(engine, connection, stream, done)
    CHECKED.labels(service).inc(done.checked)
    MISSING.labels(service).inc(done.missing)
    LAST.labels(service).set_to_current_time()
    if done.missing:
        _log.error("the stream had lost events; they are published again", service=service, events=done.missing)
    return done


async def _rows(database: AsyncConnection, statement: TextClause, limit: int) -> list[_Row]:
    result = await database.execute(statement, _kept(limit))
    return [_Row(row.id, str(row.event_id), row.stream_seq) for row in result]


def _kept(limit: int) -> dict[str, object]:
    return {"days": _STREAM_DAYS_SURE, "settled": _SETTLED_SECONDS, "limit": limit}


async def _compare_all(engine: AsyncEngine, connection: Connection, stream: str, done: Audit) -> None:
    """Look up everything, feed by feed in the order of the numbers."""
    tenant, sequence = "", 0
    while True:
        async with engine.connect() as database:
            wanted = {"tenant": tenant, "sequence": sequence} | _kept(_ROWS)
            found = (await database.execute(_NEXT_ROWS, wanted)).all()
        if not found:
            return
        tenant, sequence = found[-1].tenant, found[-1].feed_sequence
        rows = [_Row(row.id, str(row.event_id), row.stream_seq) for row in found]
        await _compare(engine, connection, stream, rows, done)


async def _compare(engine: AsyncEngine, connection: Connection, stream: str, rows: Sequence[_Row], done: Audit) -> bool:
    """Look up rows and open again what is missing; tell whether something is."""
    lost: dict[int, int] = {}
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        there = await asyncio.gather(*(_id_at(connection, stream, row.stream_seq) for row in some))
        lost |= {row.id: row.stream_seq for row, id_ in zip(some, there, strict=True) if id_ != row.event_id}
    done.checked += len(rows)
    if lost:
        async with engine.begin() as database:
            done.missing += await ledger.reopen(database, lost)
    return bool(lost)


async def _id_at(connection: Connection, stream: str, sequence: int) -> str | None:
    """Return the id of the event at a sequence of the stream, None when there is none. Raises BusAwayError."""
    request = msgspec.json.encode({"seq": sequence})
    try:
        answer = await connection.client.request(f"$JS.API.DIRECT.GET.{stream}", request, timeout=_ANSWER_SECONDS)
    except (NatsError, TimeoutError) as error:
        raise BusAwayError(f"stream {stream}: {str(error) or type(error).__name__}") from error
    headers = answer.headers or {}
    status = headers.get("Status")
    if status is not None and status != _NOT_THERE:
        raise BusAwayError(f"stream {stream}: {status} {headers.get('Description', '')}")
    return headers.get("Nats-Msg-Id") if status is None else None


class Auditor:
    """Compares every minute, and at once when there is a new connection; run it in every instance."""

    def __init__(
        self, engine: AsyncEngine, bus: Bus, *, service: str, stream: str, wake: Callable[[], None] = lambda: None
    ) -> None:
        """`wake` is called when there is something to publish again."""
        self._engine = engine
        self._bus = bus
        self._service = service
        self._stream = stream
        self._wake = wake

    async def run(self) -> None:
        """Compare until cancelled; what goes wrong is logged and tried again."""
        while True:
            end_if_cancelled()
            connection = await self._bus.connection()
            try:
                done = await audit(self._engine, connection, service=self._service, stream=self._stream)
                if done.missing:
                    self._wake()
            except Exception as error:  # noqa: BLE001 (it must not end while the service runs)
                if isinstance(error, BusAwayError) or is_outage(error):
                    _log.warning("the audit waits", service=self._service, error=str(error))
                else:
                    _log.exception("the audit failed", service=self._service)
            await self._rest(connection)

    async def _rest(self, connection: Connection) -> None:
        """Wait until the next audit is due, or the connection is lost."""
        try:
            async with asyncio.timeout(_SECONDS):
                await connection.lost.wait()
        except TimeoutError:
            return
