"""Who may use NATS and for what, in one declaration; `chassis.events.configuration` writes servers' files from it.

The account LINLI owns the stream, and only the operator is in it. Each district and each service has an account of its
own, into which exactly the doors listed here are let. What else there is does not exist there: no other consumer,
nobody's inbox. An answer comes back into the account that asked, wherever the asker wants it sent; inside one account a
server would carry an answer to any subject, also to one that the asker may not publish to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from chassis.events.keys import inbox_prefix
from chassis.events.subject import EVERY_SUBJECT, filter_of_service

if TYPE_CHECKING:
    from collections.abc import Sequence

STREAM = "LINLI"
ACCOUNT = "LINLI"
SYSTEM_ACCOUNT = "SYS"
STORED = "stored"
"""Before its subject, what the stream tells of each message that it has stored: headers only."""
FEED_INFO = "feed.info"
"""Where a district asks for the state of its consumer."""
STREAM_API = "stream.api"
"""Where a service asks for the state of the stream, in place of `$JS.API`."""
REPLAY = "replay"
"""Under this a service is asked for events again, `replay.<service>.<district>`, in the service's own account."""
FEED_REPLAY = "feed.replay"
"""Under this a district asks a service for events of its feed again: `feed.replay.<service>`."""
LEAF_API = "feed.leaf"
"""Where a district's leaf node asks for its consumer to begin again, in place of `$JS.API`."""
REPLICAS = 3

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_DISTRICT_CODE = re.compile(r"([0-9]{4}|[0-9]{6})\Z")


class ServiceUser(msgspec.Struct, frozen=True, kw_only=True):
    """A service: publishes its own events and reads everyone's. While its key is rotated it has two."""

    name: str
    public_keys: tuple[str, ...]

    @property
    def account(self) -> str:
        """The service's NATS account."""
        return f"SERVICE_{self.name}"


class District(msgspec.Struct, frozen=True, kw_only=True):
    """A district system: reads the events of its own district. A city's code (4 digits) reads the whole city."""

    code: str
    public_keys: tuple[str, ...]
    leaf_keys: tuple[str, ...] = ()
    """Keys of the district's leaf node, when it has one."""

    @property
    def consumer(self) -> str:
        """The durable consumer that holds the district's place in the stream."""
        return f"district_{self.code}"

    @property
    def account(self) -> str:
        """The district's NATS account."""
        return f"DISTRICT_{self.code}"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one account may take of each server: of connections, of subscriptions on all of them together."""

    connections: int
    subscriptions: int
    payload_bytes: int


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """One server: where it listens for clients, for the other nodes and for leaf nodes, and where it keeps streams."""

    name: str
    host: str = "127.0.0.1"
    port: int = 4222
    store: str
    cluster_port: int | None = None
    leaf_port: int | None = None


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that servers' configurations are made of."""

    nodes: tuple[Node, ...]
    services: tuple[ServiceUser, ...]
    districts: tuple[District, ...]
    admin_keys: tuple[str, ...]
    """Public keys of the user that makes the stream and the consumers."""
    system_keys: tuple[str, ...]
    """Public keys of the user that asks servers to read their configuration again."""
    name: str = "linli"
    """Name of the cluster and of its JetStream domain."""
    sync_interval: str = "always"
    """When JetStream writes through to disk: `always` before it acknowledges, or e.g. `2m`. A server that loses its
    power loses what it had acknowledged and not written through (Jepsen, NATS 2.12.1)."""
    storage_bytes: int | None = None
    """How much the streams of a node may take of its disk; without it, three quarters of what is free."""
    service_limits: Limits = Limits(connections=200, subscriptions=20_000, payload_bytes=1_048_576)
    district_limits: Limits = Limits(connections=20, subscriptions=500, payload_bytes=16_384)

    @property
    def replicas(self) -> int:
        """How many nodes keep each message: three where there are three."""
        return REPLICAS if len(self.nodes) >= REPLICAS else 1

    def check(self) -> None:
        """Raise ValueError for a name or code that could not be part of a subject, and for what is declared twice."""
        _check([service.name for service in self.services], _NAME)
        _check([district.code for district in self.districts], _DISTRICT_CODE)
        _check([node.name for node in self.nodes], _NAME)
        _check([self.name], _NAME)
        keys = [*self.admin_keys, *self.system_keys, *(key for one in self.services for key in one.public_keys)]
        keys += [key for district in self.districts for key in (*district.public_keys, *district.leaf_keys)]
        _check(keys, re.compile(r"U[A-Z0-9]+\Z"))


class Door(NamedTuple):
    """A subject of LINLI, or of a service's account, that another account may use."""

    subject: str
    known_as: str | None = None
    """The name that it has in that account."""
    many_answers: bool = False
    is_stream: bool = False
    """Messages come out of it; otherwise requests go in."""
    account: str = ACCOUNT
    """Whose subject it is."""


class Permissions(NamedTuple):
    """Where a user may publish and subscribe; nothing else."""

    publish: Sequence[str]
    subscribe: Sequence[str]
    answers: bool = False
    """Whether it may answer what it is asked, for a while."""


def service_doors(service: ServiceUser) -> list[Door]:
    """Return all that a service may use: publish its events, ask the two questions that reading takes, hear events."""
    return [
        Door(filter_of_service(service.name)),
        # Asked under its own name it would be answered twice, as with a district's consumer.
        Door(f"$JS.API.STREAM.INFO.{STREAM}", known_as=f"{STREAM_API}.STREAM.INFO.{STREAM}"),
        Door(f"$JS.API.DIRECT.GET.{STREAM}", many_answers=True),
        # Not the events themselves: what comes in through another account's door does not go out through this one.
        Door(f"{STORED}.{EVERY_SUBJECT}", known_as=EVERY_SUBJECT, is_stream=True),
    ]


def doors(district: District) -> list[Door]:
    """Return all that the clients of a district may use."""
    return [
        Door(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{district.consumer}", many_answers=True),
        # Under its own name it would be answered twice: the server also answers for the district's account, that
        # JetStream is not enabled there.
        Door(f"$JS.API.CONSUMER.INFO.{STREAM}.{district.consumer}", known_as=FEED_INFO),
        Door(f"$JS.ACK.{STREAM}.{district.consumer}.>"),
    ]


def replay_doors(district: District, services: Sequence[ServiceUser]) -> list[Door]:
    """Return where a district asks each service for events again: the subject says which district, not the request."""
    return [
        Door(
            f"{REPLAY}.{service.name}.{district.code}",
            known_as=f"{FEED_REPLAY}.{service.name}",
            many_answers=True,
            account=service.account,
        )
        for service in services
    ]


def replay_requests(service: str) -> str:
    """Return what a service subscribes to in its own account to be asked for events again."""
    return f"{REPLAY}.{service}.*"


def leaf_consumer(code: str) -> str:
    """Return the durable consumer from which a district's leaf node mirrors its feed."""
    return f"leaf_{code}"


def leaf_delivery(code: str) -> str:
    """Return where the messages for a district's leaf node are delivered."""
    return f"feed.deliver.{code}"


def leaf_doors(district: District) -> list[Door]:
    """Return all that a district's leaf node may use: what the mirror of one consumer made beforehand takes."""
    if not district.leaf_keys:
        return []
    consumer = leaf_consumer(district.code)
    return [
        Door(leaf_delivery(district.code), is_stream=True),
        Door(
            f"$JS.API.CONSUMER.RESET.{STREAM}.{consumer}",
            known_as=f"{LEAF_API}.CONSUMER.RESET.{STREAM}.{consumer}",
        ),
        Door(f"$JS.FC.{STREAM}.{consumer}.>"),
    ]


def of_service(service: ServiceUser, key: str) -> Permissions:
    """Return what a service may do: use its doors and hear the answers, be asked for events again and answer that."""
    heard = [EVERY_SUBJECT, _inbox(key), replay_requests(service.name)]
    return Permissions(_inward(service_doors(service)), heard, answers=True)


def of_district(district: District, services: Sequence[ServiceUser], key: str) -> Permissions:
    """Return what a district's client may do: use the doors, and hear the answers."""
    return Permissions(_inward([*doors(district), *replay_doors(district, services)]), [_inbox(key)])


def of_leaf(district: District) -> Permissions:
    """Return what a district's leaf node may pass on; `$JSC.R.*` is where it hears that its consumer began again."""
    return Permissions(_inward(leaf_doors(district)), [leaf_delivery(district.code), "$JSC.R.*"])


def _inward(through: Sequence[Door]) -> list[str]:
    return [door.known_as or door.subject for door in through if not door.is_stream]


def _inbox(key: str) -> str:
    """Answers come to an inbox that only the user of this key may subscribe to."""
    return f"{inbox_prefix(key)}.>"


def _check(names: Sequence[str], pattern: re.Pattern[str]) -> None:
    for name in names:
        if not pattern.match(name):
            raise ValueError(f"{name!r} cannot be declared")
    if len(set(names)) < len(names):
        raise ValueError(f"declared twice: {', '.join(sorted({name for name in names if names.count(name) > 1}))}")
