"""Who may use NATS and for what, in one declaration, and the server configuration that follows from it.

All services are users of the account LINLI, which owns the stream. Each district has an account of its own, into which
exactly three things are let: to ask its own consumer for messages, to look at that consumer, and to acknowledge. What
else there is in LINLI does not exist for a district: no stream, no other consumer, nobody's inbox.
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
FEED_INFO = "feed.info"
"""Where a district asks for the state of its consumer."""

_SERVICE_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_DISTRICT_CODE = re.compile(r"([0-9]{4}|[0-9]{6})\Z")


class ServiceUser(msgspec.Struct, frozen=True, kw_only=True):
    """A service: publishes its own events and reads everyone's."""

    name: str
    public_key: str


class District(msgspec.Struct, frozen=True, kw_only=True):
    """A district system: reads the events of its own district. A city's code (4 digits) reads the whole city."""

    code: str
    public_key: str

    @property
    def consumer(self) -> str:
        """The durable consumer that holds the district's place in the stream."""
        return f"district_{self.code}"

    @property
    def account(self) -> str:
        """The district's NATS account."""
        return f"DISTRICT_{self.code}"


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a server's configuration is made of."""

    port: int
    store_directory: str
    services: tuple[ServiceUser, ...]
    districts: tuple[District, ...]
    admin_key: str
    """Public key of the user that makes the stream and the consumers."""
    host: str = "127.0.0.1"
    sync_interval: str = "always"
    """When JetStream writes through to disk: `always` before it acknowledges, or e.g. `2m`. A server that loses its
    power loses what it had acknowledged and not written through (Jepsen, NATS 2.12.1)."""
    server_name: str = "linli"


def render(declaration: Declaration) -> str:
    """Return the configuration of nats-server: the same text for the same declaration.

    Raises ValueError for a name or code that could not be part of a subject, and for one that is declared twice.
    """
    _check([service.name for service in declaration.services], _SERVICE_NAME)
    _check([district.code for district in declaration.districts], _DISTRICT_CODE)
    lines = [
        "# Made by chassis.events.declaration from one declaration; change that, not this.",
        f"listen: {_quoted(f'{declaration.host}:{declaration.port}')}",
        f"server_name: {_quoted(declaration.server_name)}",
        "jetstream {",
        f"  store_dir: {_quoted(declaration.store_directory)}",
        f"  sync_interval: {declaration.sync_interval}",
        "}",
        "accounts {",
        *_own_account(declaration),
    ]
    for district in declaration.districts:
        lines += _district_account(district)
    return "\n".join([*lines, "}", ""])


def _own_account(declaration: Declaration) -> list[str]:
    lines = [f"  {ACCOUNT} {{", "    jetstream: enabled", "    users: ["]
    lines.append(f"      {{ nkey: {declaration.admin_key} }}")
    for service in declaration.services:
        lines += _user(service.public_key, _may_publish(service), [EVERY_SUBJECT])
    lines += ["    ]", "    exports: ["]
    for district in declaration.districts:
        for door in _doors(district):
            kind = ", response_type: stream" if door.many_answers else ""
            lines.append(f"      {{ service: {_quoted(door.subject)}, accounts: [{district.account}]{kind} }}")
    return [*lines, "    ]", "  }"]


def _district_account(district: District) -> list[str]:
    doors = _doors(district)
    users = [
        "    users: [",
        *_user(district.public_key, [door.known_as or door.subject for door in doors], []),
        "    ]",
    ]
    imports = [_import(door) for door in doors]
    return [f"  {district.account} {{", *users, "    imports: [", *imports, "    ]", "  }"]


class _Door(NamedTuple):
    """A subject of LINLI that a district may use."""

    subject: str
    known_as: str | None = None
    many_answers: bool = False


def _doors(district: District) -> list[_Door]:
    return [
        _Door(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{district.consumer}", many_answers=True),
        # Under its own name it would be answered twice: the server also answers for the district's account, that
        # JetStream is not enabled there.
        _Door(f"$JS.API.CONSUMER.INFO.{STREAM}.{district.consumer}", known_as=FEED_INFO),
        _Door(f"$JS.ACK.{STREAM}.{district.consumer}.>"),
    ]


def _import(door: _Door) -> str:
    local = f", to: {_quoted(door.known_as)}" if door.known_as else ""
    return f"      {{ service: {{ account: {ACCOUNT}, subject: {_quoted(door.subject)} }}{local} }}"


def _may_publish(service: ServiceUser) -> list[str]:
    """Return the subjects that a service may publish to: its events, and the two questions that reading takes."""
    return [filter_of_service(service.name), f"$JS.API.STREAM.INFO.{STREAM}", f"$JS.API.DIRECT.GET.{STREAM}"]


def _user(public_key: str, publish: Sequence[str], subscribe: Sequence[str]) -> list[str]:
    """Return a user with permissions; answers come to an inbox that only this user may subscribe to."""
    inbox = f"{inbox_prefix(public_key)}.>"
    return [
        f"      {{ nkey: {public_key}, permissions: {{",
        f"        publish: {{ allow: {_list(publish)} }}",
        f"        subscribe: {{ allow: {_list([*subscribe, inbox])} }}",
        "      } }",
    ]


def _check(names: Sequence[str], pattern: re.Pattern[str]) -> None:
    for name in names:
        if not pattern.match(name):
            raise ValueError(f"{name!r} cannot be declared")
    if len(set(names)) < len(names):
        raise ValueError(f"declared twice: {', '.join(sorted({name for name in names if names.count(name) > 1}))}")


def _quoted(value: str) -> str:
    return msgspec.json.encode(value).decode()


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"
