"""Dead letters: events that a consumer could not apply, to be looked at, mended, applied or given up by a person.

Every decision is written into the audit record with who took it and why. What was decided about is in the inbox from
then on: the same event has no effect again, also when the stream is read anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.events import inbox
from chassis.events.consumer import AnyOrder
from chassis.events.envelope import UndecodableError, decode
from chassis.events.tables import dead_letter
from chassis.events.tables import inbox as inbox_table
from chassis.records import write_audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope

_COLUMNS = (
    dead_letter.c.id,
    dead_letter.c.consumer,
    dead_letter.c.event_id,
    dead_letter.c.type,
    dead_letter.c.subject,
    dead_letter.c.payload,
    dead_letter.c.attempts,
    dead_letter.c.error,
    dead_letter.c.set_aside_at,
    dead_letter.c.replayed_at,
)


class DeadLetter(NamedTuple):
    """An event that was set aside."""

    id: int
    consumer: str
    event_id: UUID | None
    type: str | None
    subject: str
    payload: bytes
    attempts: int
    error: str
    set_aside_at: datetime
    settled_at: datetime | None
    """When somebody replayed it or gave it up."""


class CannotReplayError(Exception):
    """A dead letter cannot be replayed so; the message says why. Nothing was changed."""


async def listed(session: WriteSession, *, consumer: str | None = None, settled: bool = False) -> list[DeadLetter]:
    """Return the dead letters, oldest first; with `settled` also those that were decided about."""
    statement = select(*_COLUMNS).order_by(dead_letter.c.id)
    if consumer is not None:
        statement = statement.where(dead_letter.c.consumer == consumer)
    if not settled:
        statement = statement.where(dead_letter.c.replayed_at.is_(None))
    return [DeadLetter(*row.values()) for row in await session.rows(statement)]


async def found(session: WriteSession, id_: int, *, lock: bool = False) -> DeadLetter | None:
    """Return a dead letter; with `lock` nobody else decides about it until the transaction ends."""
    statement = select(*_COLUMNS).where(dead_letter.c.id == id_)
    row = await session.row(statement.with_for_update() if lock else statement)
    return DeadLetter(*row.values()) if row else None


async def replay(
    session: WriteSession, id_: int, handlers: Mapping[str, Mapping[str, Handler]], actor: str, edited: bytes | None
) -> str:
    """Apply a dead letter, or `edited` in its place; return what came of it.

    `handlers` are by durable name of the consumer, then by CloudEvents type.
    Raises CannotReplayError, and whatever the handler raises: then nothing is changed.
    """
    letter = await _open(session, id_)
    event = _event(letter, edited)
    handler = handlers.get(letter.consumer, {}).get(event.type)
    if handler is None:
        raise CannotReplayError(f"This service has no consumer {letter.consumer} that takes {event.type}.")
    fresh = await inbox.unseen(session.connection, letter.consumer, [event])
    chosen = fresh if isinstance(handler, AnyOrder) else await inbox.newest(session.connection, letter.consumer, fresh)
    if chosen:
        await handler(session.connection, chosen)
    outcome = "applied" if chosen else "older than what was applied" if fresh else "applied before"
    told: dict[str, Any] = {"outcome": outcome, "edited": edited is not None}
    if edited is not None:
        told["data"] = msgspec.json.decode(event.data)
    await _settle(session, letter, actor, "replayDeadLetter", event.regioncode, told)
    return outcome


async def give_up(session: WriteSession, id_: int, actor: str, reason: str) -> None:
    """Decide that a dead letter will have no effect. Raises CannotReplayError."""
    letter = await _open(session, id_)
    if not reason.strip():
        raise CannotReplayError("Say why: the reason is kept in the audit record.")
    if letter.event_id is not None:
        row = {"consumer": letter.consumer, "event_id": letter.event_id}
        await session.execute(upsert(inbox_table).values(row).on_conflict_do_nothing())
    await _settle(session, letter, actor, "skipDeadLetter", _region(letter), {"outcome": "skipped", "reason": reason})


async def _open(session: WriteSession, id_: int) -> DeadLetter:
    letter = await found(session, id_, lock=True)
    if letter is None:
        raise CannotReplayError(f"There is no dead letter {id_}.")
    if letter.settled_at is not None:
        raise CannotReplayError(f"Dead letter {id_} was decided about on {letter.settled_at:%Y-%m-%d %H:%M}.")
    return letter


def _event(letter: DeadLetter, edited: bytes | None) -> Envelope:
    try:
        event = decode(letter.payload if edited is None else edited)
    except UndecodableError as error:
        raise CannotReplayError(f"It is not an event: {error}. Mend it and give the whole event as a file.") from error
    if letter.event_id is not None and event.id != letter.event_id:
        raise CannotReplayError(f"The file has the event {event.id}, not {letter.event_id}: the id stays.")
    return event


def _region(letter: DeadLetter) -> str:
    try:
        return decode(letter.payload).regioncode
    except UndecodableError:
        return ""


async def _settle(
    session: WriteSession, letter: DeadLetter, actor: str, operation: str, region: str, told: Mapping[str, Any]
) -> None:
    """Note that it is decided, and by whom and how in the audit record."""
    await session.execute(update(dead_letter).where(dead_letter.c.id == letter.id).values(replayed_at=func.now()))
    session.changed("dead_letter", letter.id, region, consumer=letter.consumer, event_id=letter.event_id, **told)
    await write_audit(session, actor, operation)
