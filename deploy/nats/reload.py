"""Telling running servers to read their configuration again: who still has the right to be there stays connected."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from nats.errors import Error as NatsError

from deploy.local.errors import LocalError
from deploy.nats.declared import SYSTEM
from deploy.nats.session import addresses, connected

if TYPE_CHECKING:
    from nats.aio.client import Client

    from deploy.nats.declared import Declared

_ANSWER_SECONDS = 10.0
_LISTEN_SECONDS = 10.0
_TIMES = 2
"""The imports of an account that is new are in force only after the next time (seen on 2.15.1; compare nats-server's
issue 8560). The second time changes nothing else."""


async def reload(declared: Declared) -> list[str]:
    """Have every declared node read its file again; return their names.

    The files must be in place on the nodes. Raises LocalError when a node does not answer, or refuses what it read; it
    then goes on with what it had.
    """
    async with connected(addresses(declared), declared.seed(SYSTEM)) as client:
        wanted = {node.name for node in declared.file.nodes}
        found = await _servers(client, wanted)
        if missing := sorted(wanted - set(found)):
            raise LocalError(f"Not reloaded, because these nodes do not answer: {', '.join(missing)}.")
        for name in sorted(wanted) * _TIMES:
            answer = await _ask(client, f"$SYS.REQ.SERVER.{found[name]}.RELOAD")
            if error := answer.get("error"):
                raise LocalError(f"Node {name} does not take its configuration: {error.get('description', error)}")
    return sorted(wanted)


async def _servers(client: Client, wanted: set[str]) -> dict[str, str]:
    """Return the id of each server by name, as soon as all that are wanted have answered."""
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    await client.publish("$SYS.REQ.SERVER.PING", b"", reply=inbox)
    found: dict[str, str] = {}
    deadline = time.monotonic() + _LISTEN_SECONDS
    while not wanted <= set(found) and (left := deadline - time.monotonic()) > 0:
        try:
            answer = await subscription.next_msg(timeout=left)
        except (TimeoutError, NatsError):
            break
        server = msgspec.json.decode(answer.data).get("server", {})
        found[server.get("name", "")] = server.get("id", "")
    await subscription.unsubscribe()
    return found


async def _ask(client: Client, subject: str) -> dict[str, Any]:
    try:
        answer = await client.request(subject, b"", timeout=_ANSWER_SECONDS)
    except (TimeoutError, NatsError) as error:
        raise LocalError(f"NATS does not answer {subject}: {error or type(error).__name__}") from error
    decoded: dict[str, Any] = msgspec.json.decode(answer.data)
    return decoded
