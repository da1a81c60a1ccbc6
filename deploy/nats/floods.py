"""Attacks by amount: more than an account may take, of payload, subscriptions and connections."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError

from deploy.local.errors import LocalError
from deploy.nats.session import addresses, connected

if TYPE_CHECKING:
    from deploy.nats.audit import Finding
    from deploy.nats.declared import Declared

_SETTLE_SECONDS = 0.7


async def floods(declared: Declared, user: str, *, connections: bool) -> list[Finding]:
    """Try to take more than a district may; `connections` also tries that, which keeps the district itself out."""
    findings = [await _payload(declared, user), await _subscriptions(declared, user)]
    if connections:
        findings.append(await _connections(declared, user))
    return findings


async def _payload(declared: Declared, user: str) -> Finding:
    """Send more than a message may hold, past the client's own check; the server must hang up."""
    limit = declared.declaration().district_limits.payload_bytes
    async with connected(addresses(declared), declared.seed(user)) as client:
        client._max_payload = 10 * limit  # noqa: SLF001 (an attacker's client checks nothing)
        await client.publish("feed.info", b"x" * (limit + 1))
        with contextlib.suppress(NatsError, TimeoutError):
            await client.flush(timeout=2)
        await asyncio.sleep(_SETTLE_SECONDS)
        return _finding(user, f"send {limit + 1} bytes", held=client.is_closed)


async def _subscriptions(declared: Declared, user: str) -> Finding:
    """Open more subscriptions than the account may have; the server must hang up."""
    limit = declared.declaration().district_limits.subscriptions
    async with connected(addresses(declared), declared.seed(user)) as client:
        inbox = client.new_inbox()
        with contextlib.suppress(NatsError, TimeoutError):
            for number in range(limit + 1):
                await client.subscribe(f"{inbox}.{number}")
            await client.flush(timeout=2)
        await asyncio.sleep(_SETTLE_SECONDS)
        return _finding(user, f"open {limit + 1} subscriptions", held=client.is_closed)


async def _connections(declared: Declared, user: str) -> Finding:
    limit = declared.declaration().district_limits.connections
    refused = False
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(limit + 1):
            try:
                await stack.enter_async_context(connected(addresses(declared), declared.seed(user)))
            except LocalError:
                refused = True
                break
    return _finding(user, f"open {limit + 1} connections", held=refused)


def _finding(user: str, attack: str, *, held: bool) -> Finding:
    from deploy.nats.audit import Finding  # noqa: PLC0415 (the audit runs these)

    return Finding(user, attack, held=held, why="" if held else "it was let")
