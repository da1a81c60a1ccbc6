"""The commands `... events`: parked aggregates, dead letters and the audit, for who runs a service.

They work on the service's database, whether or not the service runs; only the audit also needs NATS.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import select

from chassis.database import EVERYWHERE
from chassis.events import deadletters, ledger
from chassis.events.auditor import audit
from chassis.events.bus import Bus, BusAwayError
from chassis.events.deadletters import CannotReplayError
from chassis.events.envelope import with_feed_sequence
from chassis.events.tables import outbox
from chassis.records import write_audit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from chassis.database import Database, WriteSession
    from chassis.events.consumer import Handler
    from chassis.settings import ServiceSettings

_CONNECT_SECONDS = 10.0
_EPILOG = """\
A parked aggregate is a thing one of whose events the broker refused again and again: its later events wait behind it,
those of other things go on. Mend what 'parked' tells (mostly the broker's limits), then 'release' it.

A dead letter is an event of another service that could not be applied here. 'show' it; mend the service and 'replay'
it, or mend the event ('show ID --json > event.json', edit, 'replay ID --file event.json'), or give it up ('replay ID
--skip REASON').
Every such decision is kept in the audit record, with who took it.

The exit code is 1 when something was found (parked, dead-letters, audit) or the id is not known, else 0."""


class OpsError(Exception):
    """A command cannot be done; the message says why."""


@dataclass(frozen=True)
class Served:
    """What the commands need of a service."""

    name: str
    settings: ServiceSettings
    database: Database
    handlers: Mapping[str, Mapping[str, Handler]]
    """By durable name of the consumer, then by CloudEvents type."""


def add_commands(commands: Any) -> None:
    """Add `events` and what is under it to a service's command line."""
    described: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter, "epilog": _EPILOG}
    events = commands.add_parser("events", help="look after events: parked, dead letters, audit", **described)
    under = events.add_subparsers(dest="events_command", required=True)
    under.add_parser("parked", help="list things whose events wait because the broker refused one")
    releasing = under.add_parser("release", help="let the relay try a parked thing again")
    releasing.add_argument("aggregate_id", type=UUID, help="the thing's id, as 'parked' tells it")
    listing = under.add_parser("dead-letters", help="list events that could not be applied")
    listing.add_argument("--consumer", help="only those of this consumer")
    listing.add_argument("--all", action="store_true", help="also those that were decided about")
    showing = under.add_parser("show", help="show a dead letter by its number, or an own event by its id")
    showing.add_argument("id", help="a dead letter's number, or an event's UUID")
    showing.add_argument("--json", action="store_true", help="only the event, as it is on the wire")
    replaying = under.add_parser("replay", help="apply a dead letter, mended or not, or decide that it has no effect")
    replaying.add_argument("id", type=int, help="the dead letter's number")
    how = replaying.add_mutually_exclusive_group()
    how.add_argument("--file", type=Path, help="the mended event, whole, in place of the one that was set aside")
    how.add_argument("--skip", metavar="REASON", help="do not apply it, ever, for this reason")
    for command in (releasing, replaying):
        command.add_argument("--by", default=_me(), help="who decides, for the audit record (default: %(default)s)")
    auditing = under.add_parser("audit", help="compare the stream with the outbox; what is missing is published again")
    auditing.add_argument("--whole", action="store_true", help="look up everything that is kept, not only a sample")


async def run(served: Served, chosen: argparse.Namespace) -> int:
    """Do a command; return the exit code. Raises OpsError."""
    commands: dict[str, Callable[[Served, argparse.Namespace], Awaitable[int]]] = {
        "parked": _parked,
        "release": _release,
        "dead-letters": _dead_letters,
        "show": _show,
        "replay": _replay,
        "audit": _audit,
    }
    return await commands[chosen.events_command](served, chosen)


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "ops"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


async def _parked(served: Served, _chosen: argparse.Namespace) -> int:
    async with served.database.write(EVERYWHERE) as session:
        found = await ledger.parked(session.connection)
    for one in found:
        _say(
            f"{one.aggregate_id}  {one.entity}  since {one.created_at:%Y-%m-%d %H:%M:%S}  refused {one.attempts} times"
        )
        _say(f"    event {one.event_id}  {one.type}: {one.last_error}")
    _say(f"{len(found)} parked")
    return int(bool(found))


async def _release(served: Served, chosen: argparse.Namespace) -> int:
    async with served.database.write(EVERYWHERE) as session:
        released = await ledger.release(session.connection, chosen.aggregate_id)
        if released:
            session.changed("outbox", chosen.aggregate_id, await _region(session, chosen.aggregate_id))
            await write_audit(session, f"ops:{chosen.by}", "releaseParked")
    _say(f"{chosen.aggregate_id} is {'released' if released else 'not parked'}")
    return int(not released)


async def _region(session: WriteSession, aggregate_id: UUID) -> str:
    return str(await session.scalar(select(outbox.c.region_code).where(outbox.c.aggregate_id == aggregate_id).limit(1)))


async def _dead_letters(served: Served, chosen: argparse.Namespace) -> int:
    async with served.database.write(EVERYWHERE) as session:
        letters = await deadletters.listed(session, consumer=chosen.consumer, settled=chosen.all)
    for letter in letters:
        settled = f"  decided {letter.settled_at:%Y-%m-%d %H:%M}" if letter.settled_at else ""
        _say(f"{letter.id:6}  {letter.set_aside_at:%Y-%m-%d %H:%M:%S}  {letter.consumer}  {letter.type}{settled}")
        _say(f"        {letter.error.splitlines()[0][:150] if letter.error else ''}")
    _say(f"{len(letters)} dead letters")
    return int(any(letter.settled_at is None for letter in letters))


async def _show(served: Served, chosen: argparse.Namespace) -> int:
    async with served.database.write(EVERYWHERE) as session:
        about, payload = await _looked_up(session, chosen.id)
    if chosen.json:
        sys.stdout.write(payload.decode("utf-8", "backslashreplace") + "\n")
        return 0
    for name, value in about.items():
        _say(f"{name:<12} {value}")
    try:
        _say(msgspec.json.format(payload, indent=2).decode())
    except (msgspec.DecodeError, UnicodeDecodeError):
        _say(f"undecodable: {payload[:2000]!r}")
    return 0


async def _looked_up(session: WriteSession, id_: str) -> tuple[dict[str, Any], bytes]:
    """Return what is known of a dead letter or an own event, and its bytes."""
    if id_.isascii() and id_.isdigit():
        letter = await deadletters.found(session, int(id_))
        if letter is not None:
            about = letter._asdict()
            return {name: about[name] for name in about if name != "payload"}, letter.payload
        raise OpsError(f"There is no dead letter {id_}.")
    try:
        event_id = UUID(id_)
    except ValueError:
        raise OpsError(f"{id_} is neither the number of a dead letter nor the id of an event.") from None
    row = await session.row(select(outbox).where(outbox.c.event_id == event_id))
    if row is None:
        raise OpsError(f"This service keeps no event {id_}; events of others are known here as dead letters only.")
    payload = bytes(row["payload"])
    about = {name: value for name, value in row.items() if name != "payload" and value is not None}
    sequence = row["feed_sequence"]
    return about, payload if sequence is None else with_feed_sequence(payload, sequence)


async def _replay(served: Served, chosen: argparse.Namespace) -> int:
    actor = f"ops:{chosen.by}"
    try:
        edited = None if chosen.file is None else chosen.file.read_bytes()
    except OSError as error:
        raise OpsError(f"{chosen.file} cannot be read: {error.strerror}") from error
    try:
        async with served.database.write(EVERYWHERE) as session:
            if chosen.skip is not None:
                await deadletters.give_up(session, chosen.id, actor, chosen.skip)
                outcome = "skipped"
            else:
                outcome = await deadletters.replay(session, chosen.id, served.handlers, actor, edited)
    except CannotReplayError as error:
        raise OpsError(str(error)) from error
    except Exception as error:
        raise OpsError(f"It failed again, nothing is changed: {type(error).__name__}: {error}") from error
    _say(f"dead letter {chosen.id}: {outcome}")
    return 0


async def _audit(served: Served, chosen: argparse.Namespace) -> int:
    settings = served.settings
    bus = Bus(settings.nats_url, credentials=settings.nats_credentials, name=f"linli-{served.name}-audit")
    await bus.start()
    try:
        connection = await bus.connection_within(_CONNECT_SECONDS)
        done = await audit(
            served.database.engine, connection, service=served.name, stream=settings.stream, whole=chosen.whole
        )
    except BusAwayError as error:
        raise OpsError(f"The stream cannot be asked: {error}") from error
    finally:
        await bus.close()
    _say(str(done))
    return int(bool(done.missing) or done.restoring)
