"""A district's leaf node: a server at the district with its own JetStream, and in it a mirror of its feed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    ExternalStream,
    StorageType,
    StreamConfig,
    StreamConsumerSource,
    StreamSource,
)
from nats.js.errors import NotFoundError

from chassis.events.declaration import LEAF_API, STREAM, leaf_consumer, leaf_delivery
from chassis.events.provision import STREAM_DAYS, ensure_consumer, ensure_stream
from deploy.local.errors import LocalError

if TYPE_CHECKING:
    from nats.aio.client import Client

    from chassis.events.declaration import Declaration
    from deploy.nats.declared import LeafPlace

LEAF_ACCOUNT = "FEED"
_DAY = 86400.0


def render_leaf(declaration: Declaration, code: str, place: LeafPlace) -> str:
    """Return the configuration of a district's leaf node. Raises LocalError when no node listens for leaf nodes.

    The district's own key is its user here, and may do everything: the streams and consumers are the district's.
    """
    district = next(one for one in declaration.districts if one.code == code)
    nodes = [node for node in declaration.nodes if node.leaf_port is not None]
    if not nodes:
        raise LocalError(f"{code} has a leaf node, but no node has a leaf_port.")
    users = "\n".join(f"      {{ nkey: {key} }}" for key in district.public_keys)
    return f"""\
# Made from one declaration by deploy.nats.leaf; change that, not this.
listen: {_quoted(f"{place.host}:{place.port}")}
server_name: leaf_{code}
jetstream {{
  store_dir: {_quoted(place.store)}
  domain: leaf_{code}
  sync_interval: {declaration.sync_interval}
}}
accounts {{
  {LEAF_ACCOUNT} {{
    jetstream: enabled
    users: [
{users}
    ]
  }}
}}
leafnodes {{
  remotes: [
    {{
      urls: {_quoted([f"nats-leaf://{node.host}:{node.leaf_port}" for node in nodes])}
      account: {LEAF_ACCOUNT}
      include "leaf_{code}.seed"
    }}
  ]
}}
"""


def mirror(code: str) -> StreamConfig:
    """Return the leaf node's stream: what the district's consumer at the city delivers, under the same numbers."""
    return StreamConfig(
        name=STREAM,
        description=f"the feed of {code}, mirrored",
        storage=StorageType.FILE,
        max_age=STREAM_DAYS * _DAY,
        mirror=StreamSource(
            name=STREAM,
            external=ExternalStream(api=LEAF_API, deliver=""),
            consumer=StreamConsumerSource(name=leaf_consumer(code), deliver_subject=leaf_delivery(code)),
        ),
        allow_direct=True,
        mirror_direct=False,
    )


async def provision_leaf(client: Client, code: str, *, anew: bool = False) -> None:
    """Make the mirror and the district's durable consumer on a leaf node, as far as they are missing.

    `client` is connected to the leaf node by the district's key. The consumer has the same name as at the city, so that
    a district's program needs another address and nothing else. `anew` first deletes what is there: a mirror holds the
    numbers of the stream that it was made from, and does not go on with another of the same name. Raises JetStream's
    errors.
    """
    jetstream = client.jetstream()
    if anew:
        with contextlib.suppress(NotFoundError):
            await jetstream.delete_stream(STREAM)
    await ensure_stream(jetstream, mirror(code))
    consumer = ConsumerConfig(
        durable_name=f"district_{code}",
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=30.0,
        max_ack_pending=1000,
    )
    await ensure_consumer(jetstream, STREAM, consumer)


def _quoted(value: str | list[str]) -> str:
    return msgspec.json.encode(value).decode()
