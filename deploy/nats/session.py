"""A short connection of an operator's command to NATS, by the key of one user."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from nats.aio.client import Client
from nats.errors import Error as NatsError

from chassis.events.keys import inbox_prefix, public_key
from deploy.local.errors import LocalError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
    from pathlib import Path

    from deploy.nats.declared import Declared

_CONNECT_SECONDS = 3


@contextlib.asynccontextmanager
async def connected(
    servers: Sequence[str], seed: Path, *, error_cb: Callable[[Exception], Awaitable[None]] | None = None
) -> AsyncIterator[Client]:
    """Connect to one of `servers` as the user of a seed file, and disconnect. Raises LocalError when that fails."""
    try:
        prefix = inbox_prefix(public_key(seed)).encode()
    except OSError as error:
        raise LocalError(f"The seed {seed} is not here ({error.strerror}): run this where it is.") from error
    client = Client()
    try:
        await client.connect(
            servers=list(servers),
            nkeys_seed=str(seed),
            inbox_prefix=prefix,
            allow_reconnect=False,
            connect_timeout=_CONNECT_SECONDS,
            error_cb=error_cb or _ignore,
        )
    except (OSError, TimeoutError, NatsError) as error:
        await client.close()
        why = str(error) or type(error).__name__
        raise LocalError(f"NATS at {', '.join(servers)} does not let in {seed.stem}: {why}") from error
    try:
        yield client
    finally:
        await client.close()


def addresses(declared: Declared) -> list[str]:
    """Return where the clients of the declared nodes connect."""
    return [f"nats://{node.host}:{node.port}" for node in declared.file.nodes]


async def _ignore(_error: Exception) -> None:
    return
