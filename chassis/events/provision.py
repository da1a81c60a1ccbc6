"""Putting a running NATS into the declared state: the stream and the consumers.

Everything here may be run again: what is on the server already is compared and brought in line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RePublish,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from chassis.events.declaration import STORED, STREAM, leaf_consumer, leaf_delivery
from chassis.events.subject import EVERY_SUBJECT, filter_under

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nats.aio.client import Client
    from nats.js import JetStreamContext
    from nats.js.api import Base

_log = structlog.get_logger(__name__)

STREAM_DAYS = 30
"""How long the stream keeps events; what is older is replayed from the outbox."""

_DAY = 86400.0
_DEDUPLICATION_SECONDS = 600.0
"""Well above a relay's deadline and the time that it takes to connect again."""
_ACKNOWLEDGE_SECONDS = 30.0
_UNACKNOWLEDGED = 1000
_HEARTBEAT_SECONDS = 1.0
"""What a server gives a consumer of this kind whatever is asked (seen on 2.15.1)."""


async def apply(admin: Client, districts: Sequence[str], *, leaves: Sequence[str] = (), replicas: int = 1) -> None:
    """Make the stream and each district's consumer as declared, or bring them in line; `districts` are codes.

    `admin` is a connection of the admin user; `leaves` are the districts that have a leaf node. Raises JetStream's
    errors.
    """
    jetstream = admin.jetstream()
    await ensure_stream(jetstream, stream_config(replicas))
    for code in districts:
        await ensure_consumer(jetstream, STREAM, district_consumer(code))
    for code in leaves:
        await ensure_consumer(jetstream, STREAM, leaf_mirror(code))


def stream_config(replicas: int = 1) -> StreamConfig:
    """Return the stream of all events. Nobody deletes from it: what is too old goes by itself."""
    return StreamConfig(
        name=STREAM,
        description="what happened, in all services",
        subjects=[EVERY_SUBJECT],
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.OLD,
        storage=StorageType.FILE,
        max_age=STREAM_DAYS * _DAY,
        duplicate_window=_DEDUPLICATION_SECONDS,
        num_replicas=replicas,
        allow_direct=True,
        allow_atomic=True,
        deny_delete=True,
        deny_purge=True,
        republish=RePublish(src=EVERY_SUBJECT, dest=f"{STORED}.{EVERY_SUBJECT}", headers_only=True),
    )


def district_consumer(code: str) -> ConsumerConfig:
    """Return the durable pull consumer of a district, or of a city by its 4 digits."""
    return ConsumerConfig(
        durable_name=f"district_{code}",
        description=f"the feed of {code}",
        filter_subject=filter_under(code),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=_ACKNOWLEDGE_SECONDS,
        max_ack_pending=_UNACKNOWLEDGED,
        max_deliver=-1,
    )


def leaf_mirror(code: str) -> ConsumerConfig:
    """Return the durable consumer that a district's leaf node mirrors (ADR-58: made beforehand, server 2.14).

    It is made here, with its filter and its place of delivery, so that a leaf node needs no right to make consumers.
    """
    return ConsumerConfig(
        durable_name=leaf_consumer(code),
        description=f"the feed of {code} for its leaf node",
        filter_subject=filter_under(code),
        deliver_subject=leaf_delivery(code),
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.FLOW_CONTROL,
        flow_control=True,
        idle_heartbeat=_HEARTBEAT_SECONDS,
        max_ack_pending=_UNACKNOWLEDGED,
        max_deliver=-1,
    )


async def ensure_stream(jetstream: JetStreamContext, config: StreamConfig) -> None:
    """Make a stream, or change the one that is there where it differs. Raises JetStream's errors."""
    name = config.name or ""
    try:
        found = await jetstream.stream_info(name)
    except NotFoundError:
        await jetstream.add_stream(config)
        _log.info("made the stream", stream=name)
        return
    if drift := _drift(config, found.config):
        _log.warning("the stream was not as declared", stream=name, differs=drift)
        await jetstream.update_stream(config)


async def ensure_consumer(jetstream: JetStreamContext, stream: str, config: ConsumerConfig) -> None:
    """Make a durable consumer, or change the one that is there where it differs; its place is kept."""
    name = config.durable_name or ""
    try:
        found = await jetstream.consumer_info(stream, name)
    except NotFoundError:
        await jetstream.add_consumer(stream, config)
        _log.info("made the consumer", consumer=name)
        return
    if drift := _drift(config, found.config):
        _log.warning("the consumer was not as declared", consumer=name, differs=drift)
        await jetstream.add_consumer(stream, config)


def _drift(wanted: Base, found: Base) -> dict[str, str]:
    """Return what is declared and differs on the server."""
    declared = {key: value for key, value in vars(wanted).items() if value is not None}
    different = {key: value for key, value in declared.items() if getattr(found, key) != value}
    return {key: f"{getattr(found, key)} instead of {value}" for key, value in different.items()}
