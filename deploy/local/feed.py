"""`linli tail`: a district's own system, as a program that prints what it receives."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import Error as JetStreamError
from rich.console import Console
from rich.text import Text

from chassis.events.declaration import STREAM
from chassis.events.envelope import UndecodableError, decode
from chassis.events.keys import inbox_prefix, public_key
from deploy.local.errors import LocalError
from deploy.local.ports import HOST
from deploy.local.settings import DataFolder

if TYPE_CHECKING:
    from pathlib import Path

    from nats.js import JetStreamContext

    from chassis.events.envelope import Envelope
    from deploy.local.settings import LocalSettings

_BATCH = 100
_WAIT_SECONDS = 5.0
_PREFIX = "district_"


async def follow(settings: LocalSettings, district: str, *, as_json: bool) -> None:
    """Print the district's events as they come, until cancelled, and acknowledge each once it is printed.

    Raises LocalError when the district has no account here or NATS does not answer.
    """
    seed = _seed(DataFolder(settings.data.absolute()), district)
    client = Client()
    url = f"nats://{HOST}:{settings.nats_port}"
    try:
        await client.connect(
            url, nkeys_seed=str(seed), inbox_prefix=inbox_prefix(public_key(seed)).encode(), allow_reconnect=False
        )
        subscription = await client.jetstream().pull_subscribe_bind(f"{_PREFIX}{district}", STREAM)
        sys.stderr.write(f"The feed of {district} from {url}; Ctrl-C ends it.\n")
        await _print_all(subscription, as_json=as_json)
    except (OSError, NatsError, JetStreamError) as error:
        why = str(error) or type(error).__name__
        raise LocalError(
            f"NATS at {url} does not give the feed of {district} ({why}): start it with 'make up'."
        ) from error
    finally:
        await client.close()


async def _print_all(subscription: JetStreamContext.PullSubscription, *, as_json: bool) -> None:
    console = Console(highlight=False, soft_wrap=True)
    while True:
        try:
            messages = await subscription.fetch(_BATCH, timeout=_WAIT_SECONDS)
        except TimeoutError:
            continue
        for message in messages:
            if as_json:
                sys.stdout.write(message.data.decode() + "\n")
                sys.stdout.flush()
            else:
                console.print(_line(message.data))
            await message.ack()


def _line(payload: bytes) -> Text:
    """Return one line about an event: when, which, where, and its number in the feed."""
    try:
        event = decode(payload)
    except UndecodableError as error:
        return Text(f"not an event: {error}", style="red")
    return Text.assemble(
        (f"{event.time:%Y-%m-%d %H:%M:%S} ", "dim"),
        (f"{_name(event):<36} ", "bold"),
        f"{event.regioncode:<20} {event.subject} ",
        (f"#{event.feedsequence}" if event.feedsequence is not None else "", "dim"),
    )


def _name(event: Envelope) -> str:
    """Return what happened, without the words that all types begin with: `tickets.ticket.raised.v1`."""
    return event.type.removeprefix("linli.")


def _seed(folder: DataFolder, district: str) -> Path:
    seed = folder.nats_seed(f"{_PREFIX}{district}")
    if district.isascii() and district.isdigit() and seed.is_file():
        return seed
    known = sorted(file.stem.removeprefix(_PREFIX) for file in seed.parent.glob(f"{_PREFIX}*.nk"))
    if not known:
        raise LocalError(f"There are no NATS accounts in {folder.root} yet: run 'make up' first.")
    raise LocalError(f"{district} has no feed here; districts that have: {', '.join(known)}.")
