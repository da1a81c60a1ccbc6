"""The configuration of nats-server for each node of a declaration: the same text for the same declaration.

Users are known by public keys, so the text holds no secret; nodes of a cluster know each other by TLS or by the network
they are in, which the operator includes (`include`) beside these lines.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from chassis.events.declaration import (
    ACCOUNT,
    SYSTEM_ACCOUNT,
    Declaration,
    District,
    Door,
    Limits,
    Node,
    Permissions,
    ServiceUser,
    doors,
    leaf_doors,
    of_district,
    of_leaf,
    of_service,
    replay_doors,
    service_doors,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLIENTS = ("STANDARD", "WEBSOCKET")
_LEAVES = ("LEAFNODE",)
_MOST_ANSWERS = 2000
_ANSWERS_EXPIRE = '"1m"'
"""How many answers a service may give to one request, and for how long: a page of a replay takes some hundreds."""


def render(declaration: Declaration, node: Node) -> str:
    """Return the configuration of one node. Raises ValueError for a declaration that could let in more."""
    declaration.check()
    lines = [
        "# Made from one declaration by chassis.events.configuration; change that, not this.",
        f"listen: {_quoted(f'{node.host}:{node.port}')}",
        f"server_name: {_quoted(node.name)}",
        f"system_account: {SYSTEM_ACCOUNT}",
        f"max_payload: {declaration.service_limits.payload_bytes}",
        *_jetstream(declaration, node),
        *_cluster(declaration, node),
        *_leafnodes(node),
        "accounts {",
        *_system_account(declaration),
        *_own_account(declaration),
    ]
    for service in declaration.services:
        lines += _service_account(service, declaration)
    for district in declaration.districts:
        lines += _district_account(district, declaration)
    return "\n".join([*lines, "}", ""])


def _jetstream(declaration: Declaration, node: Node) -> list[str]:
    storage = declaration.storage_bytes
    return [
        "jetstream {",
        f"  store_dir: {_quoted(node.store)}",
        f"  domain: {declaration.name}",
        f"  sync_interval: {declaration.sync_interval}",
        *([f"  max_file_store: {storage}"] if storage else []),
        "}",
    ]


def _cluster(declaration: Declaration, node: Node) -> list[str]:
    if node.cluster_port is None:
        return []
    others = [other for other in declaration.nodes if other.cluster_port is not None and other != node]
    routes = [f"nats-route://{other.host}:{other.cluster_port}" for other in others]
    return [
        "cluster {",
        f"  name: {declaration.name}",
        f"  listen: {_quoted(f'{node.host}:{node.cluster_port}')}",
        f"  routes: {_list(routes)}",
        "}",
    ]


def _leafnodes(node: Node) -> list[str]:
    if node.leaf_port is None:
        return []
    return ["leafnodes {", f"  listen: {_quoted(f'{node.host}:{node.leaf_port}')}", "  no_advertise: true", "}"]


def _system_account(declaration: Declaration) -> list[str]:
    users = [f"      {{ nkey: {key} }}" for key in declaration.system_keys]
    return [f"  {SYSTEM_ACCOUNT} {{", "    users: [", *users, "    ]", "  }"]


def _own_account(declaration: Declaration) -> list[str]:
    lines = [f"  {ACCOUNT} {{", "    jetstream: enabled", _limits(declaration.service_limits), "    users: ["]
    lines += [f"      {{ nkey: {key} }}" for key in declaration.admin_keys]
    return [*lines, "    ]", "    exports: [", *_exports(declaration, ACCOUNT), "    ]", "  }"]


def _exports(declaration: Declaration, account: str) -> list[str]:
    """Return a line for each subject that leads out of an account, with all accounts that it leads to."""
    found: defaultdict[Door, list[str]] = defaultdict(list)
    for service in declaration.services:
        for door in service_doors(service):
            found[door].append(service.account)
    for district in declaration.districts:
        for door in _district_doors(district, declaration):
            found[door].append(district.account)
    return [_export(door, accounts) for door, accounts in found.items() if door.account == account]


def _service_account(service: ServiceUser, declaration: Declaration) -> list[str]:
    users = []
    for key in service.public_keys:
        users += _user(key, of_service(service, key), _CLIENTS)
    exports = _exports(declaration, service.account)
    return _account(service.account, declaration.service_limits, users, service_doors(service), exports)


def _district_account(district: District, declaration: Declaration) -> list[str]:
    users = []
    for key in district.public_keys:
        users += _user(key, of_district(district, declaration.services, key), _CLIENTS)
    for key in district.leaf_keys:
        users += _user(key, of_leaf(district), _LEAVES)
    return _account(district.account, declaration.district_limits, users, _district_doors(district, declaration))


def _district_doors(district: District, declaration: Declaration) -> list[Door]:
    return [*doors(district), *replay_doors(district, declaration.services), *leaf_doors(district)]


def _account(
    name: str, limits: Limits, users: Sequence[str], through: Sequence[Door], exports: Sequence[str] = ()
) -> list[str]:
    imports = [_import(door) for door in through]
    head = [f"  {name} {{", _limits(limits), "    users: [", *users, "    ]"]
    out = ["    exports: [", *exports, "    ]"] if exports else []
    return [*head, "    imports: [", *imports, "    ]", *out, "  }"]


def _export(door: Door, accounts: Sequence[str]) -> str:
    kind = "stream" if door.is_stream else "service"
    answers = ", response_type: stream" if door.many_answers else ""
    return f"      {{ {kind}: {_quoted(door.subject)}, accounts: [{', '.join(accounts)}]{answers} }}"


def _import(door: Door) -> str:
    kind = "stream" if door.is_stream else "service"
    local = f", to: {_quoted(door.known_as)}" if door.known_as else ""
    return f"      {{ {kind}: {{ account: {door.account}, subject: {_quoted(door.subject)} }}{local} }}"


def _limits(limits: Limits) -> str:
    return (
        f"    limits {{ max_connections: {limits.connections}, max_subscriptions: {limits.subscriptions},"
        f" max_payload: {limits.payload_bytes} }}"
    )


def _user(public_key: str, permissions: Permissions, connections: Sequence[str]) -> list[str]:
    return [
        f"      {{ nkey: {public_key}, allowed_connection_types: {_list(connections)}, permissions: {{",
        f"        publish: {{ allow: {_list(permissions.publish)} }}",
        f"        subscribe: {{ allow: {_list(permissions.subscribe)} }}",
        *([f"        allow_responses: {{ max: {_MOST_ANSWERS}, expires: {_ANSWERS_EXPIRE} }}"] * permissions.answers),
        "      } }",
    ]


def _quoted(value: str) -> str:
    return msgspec.json.encode(value).decode()


def _list(values: Sequence[str]) -> str:
    return "[" + ", ".join(_quoted(value) for value in values) + "]"
