"""The audit of isolation: real clients with one user's key try what they must not be able to do on the real server.

An attack has failed when it got no answer, nobody heard of it, and nothing on the server is different afterwards. The
audit may run while others work: what it sends carries a mark by which it is known.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from nats.errors import Error as NatsError

from chassis.events.declaration import STREAM
from chassis.events.keys import inbox_prefix
from deploy.local.errors import LocalError
from deploy.nats.attacks import (
    Sending,
    on_district,
    on_everyone,
    on_service,
    overheard,
    overheard_by_districts,
)
from deploy.nats.declared import ADMIN
from deploy.nats.floods import floods
from deploy.nats.session import addresses, connected

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nats.aio.client import Client
    from nats.aio.msg import Msg

    from deploy.nats.declared import Declared

_SETTLE_SECONDS = 0.7
"""How long an answer may take that would show that an attack succeeded; nobody waits for one that fails."""
_NO_RESPONDERS = "503"


class Finding(NamedTuple):
    """One attack and how it ended."""

    attacker: str
    attack: str
    held: bool
    why: str = ""

    def __str__(self) -> str:
        why = f" ({self.why})" if self.why else ""
        return f"{'held  ' if self.held else 'FAILED'} {self.attacker}: {self.attack}{why}"


@dataclass
class Canary:
    """Hears everything in the account of the stream, and what comes to inboxes; notes what bears the mark."""

    mark: bytes
    heard: list[str]

    async def hear(self, message: Msg) -> None:
        """Note a message that an attack brought here."""
        carried = message.subject.encode() + message.data + str(message.headers or "").encode()
        if self.mark in carried:
            self.heard.append(message.subject)


async def audit(declared: Declared, *, flood: bool = False) -> list[Finding]:
    """Try every attack; return the findings. Raises LocalError when the seeds of two districts are not here."""
    districts = [one for one in declared.declaration().districts if declared.seed(one.consumer).exists()]
    services = [one for one in declared.declaration().services if declared.seed(one.name).exists()]
    if len(districts) < 2:  # noqa: PLR2004 (one attacks, one is attacked)
        raise LocalError("The audit needs the seeds of two districts in the folder of keys.")
    own, *others = districts
    mark = f"audit{secrets.token_hex(8)}"
    canary = Canary(mark.encode(), [])
    async with contextlib.AsyncExitStack() as stack:
        admin = await stack.enter_async_context(connected(addresses(declared), declared.seed(ADMIN)))
        await admin.subscribe(">", cb=canary.hear)
        victims = [(one.consumer, one.public_keys) for one in others]
        for user, keys in (*victims, *((one.name, one.public_keys) for one in services)):
            victim = await stack.enter_async_context(connected(addresses(declared), declared.seed(user)))
            await victim.subscribe(f"{inbox_prefix(keys[0])}.>", cb=canary.hear)
        before = await _state(admin)
        sendings = [sending for other in others for sending in on_district(other, own, mark)]
        sendings += [sending for service in services for sending in on_service(service, mark)]
        findings = await _attack(
            declared, declared.seed(own.consumer), canary, [*sendings, *on_everyone(may_read=False)]
        )
        findings += await _listen(declared, own.consumer, [*overheard(others), *overheard_by_districts(others)])
        for service in services:
            tried = [one for other in districts for one in on_district(other, other, mark) if _is_foreign(one)]
            tried += [one for other in services if other != service for one in on_service(other, mark, service)]
            seed = declared.seed(service.name)
            findings += await _attack(declared, seed, canary, [*tried, *on_everyone(may_read=True)])
            findings += await _listen(declared, service.name, overheard(districts))
        findings += await floods(declared, own.consumer, connections=flood)
        findings += _compare(before, await _state(admin))
    return findings


def _is_foreign(sending: Sending) -> bool:
    """Tell whether a service may not do this: it may ask for messages, and have the answer in its own account."""
    return sending.subject != f"$JS.API.DIRECT.GET.{STREAM}"


async def _attack(declared: Declared, seed: Path, canary: Canary, sendings: Sequence[Sending]) -> list[Finding]:
    """Send everything, then see what was answered and what was heard."""
    canary.heard.clear()
    answered: dict[str, str] = {}
    async with connected(addresses(declared), seed) as attacker:
        inbox = attacker.new_inbox()

        async def answer(message: Msg) -> None:
            if (message.headers or {}).get("Status") != _NO_RESPONDERS:
                answered[message.subject] = message.data.decode(errors="replace")[:80]

        await attacker.subscribe(f"{inbox}.*", cb=answer)
        for number, sending in enumerate(sendings):
            payload = sending.payload or canary.mark
            headers = (sending.headers or {}) | {"Audit": canary.mark.decode()}
            reply = sending.reply or f"{inbox}.{number}"
            await attacker.publish(sending.subject, payload, reply=reply, headers=headers)
        await attacker.flush()
        await asyncio.sleep(_SETTLE_SECONDS)
    heard = set(canary.heard)
    return [
        _finding(seed.stem, sending, answered.get(f"{inbox}.{number}"), heard)
        for number, sending in enumerate(sendings)
    ]


def _finding(attacker: str, sending: Sending, answer: str | None, heard: set[str]) -> Finding:
    attack = f"{sending.what}: {sending.subject}" + (f" -> {sending.reply}" if sending.reply else "")
    if answer is not None:
        return Finding(attacker, attack, held=False, why=f"answered: {answer}")
    if (sending.reply or sending.subject) in heard:
        return Finding(attacker, attack, held=False, why="somebody heard it")
    return Finding(attacker, attack, held=True)


async def _listen(declared: Declared, user: str, subjects: Iterable[str]) -> list[Finding]:
    """Subscribe where one may not; the server must refuse each by name."""
    told: list[str] = []

    async def tell(error: Exception) -> None:
        told.append(str(error).lower())

    wanted = list(subjects)
    async with connected(addresses(declared), declared.seed(user), error_cb=tell) as spy:
        for subject in wanted:
            await spy.subscribe(subject)
        await spy.flush()
        await asyncio.sleep(_SETTLE_SECONDS)
    refused = [subject for subject in wanted if any(f'subscription to "{subject.lower()}"' in line for line in told)]
    return [
        Finding(user, f"listen: {subject}", held=subject in refused, why="" if subject in refused else "not refused")
        for subject in wanted
    ]


async def _state(admin: Client) -> dict[str, Any]:
    """Return what no attack may change, as the server tells it to the operator."""
    streams = msgspec.json.decode((await _ask(admin, "STREAM.NAMES")).data)
    info = msgspec.json.decode((await _ask(admin, f"STREAM.INFO.{STREAM}")).data)
    consumers = msgspec.json.decode((await _ask(admin, f"CONSUMER.LIST.{STREAM}")).data)
    return {
        "the streams": streams.get("streams"),
        "the stream's configuration": info["config"],
        "the stream's creation": info["created"],
        "the stream's first message": info["state"]["first_seq"],
        "deleted messages": info["state"].get("num_deleted", 0),
        **{
            f"consumer {one['name']}": (one["config"], one["created"], one.get("paused", False))
            for one in consumers["consumers"]
        },
    }


async def _ask(admin: Client, name: str) -> Msg:
    try:
        return await admin.request(f"$JS.API.{name}", b"", timeout=5)
    except (NatsError, TimeoutError) as error:
        raise LocalError(f"NATS does not answer {name}: {error or type(error).__name__}") from error


def _compare(before: dict[str, Any], after: dict[str, Any]) -> list[Finding]:
    names = sorted({*before, *after})
    return [Finding("afterwards", f"{name} unchanged", held=before.get(name) == after.get(name)) for name in names]
