"""The skeleton of a service: a new one is a page of wiring that says what is its own.

`main(SERVICE)` is the service's command line: serve, migrate, import FILE, events ..., schema, asyncapi.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from chassis import migrations
from chassis.background import keep_up
from chassis.cipher import DataCipher
from chassis.database import Database
from chassis.errors import Unavailable
from chassis.events import ops
from chassis.events.asyncapi import asyncapi
from chassis.events.auditor import Auditor
from chassis.events.bus import Bus
from chassis.events.consumer import Consumer, Handler
from chassis.events.relay import Relay
from chassis.events.replayer import Replayer
from chassis.graphql.documents import DocumentCache
from chassis.graphql.endpoint import GraphQLEndpoint
from chassis.graphql.subscribe import EventStreams
from chassis.http.health import health_routes
from chassis.http.telemetry import configure
from chassis.identity import TokenVerifier
from chassis.memory import spare_what_stays
from chassis.race import cancel
from chassis.row_security import limits_the_role
from chassis.settings import ServiceSettings, SettingsError, load_or_exit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from strawberry.federation import Schema

    from chassis.access import Access
    from chassis.events.event import Event
    from chassis.graphql.problems import Problem

_IMPORT_PATIENCE = 40.0
"""An import is one transaction over a whole city: it may compute for minutes while the database waits."""


@dataclass
class Runtime:
    """What a running service's background work and importers stand on."""

    settings: ServiceSettings
    database: Database
    cipher: DataCipher
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    """What gives back what else the service opened, called when it ends."""

    async def close(self) -> None:
        """Give everything back, what was opened last first."""
        async with AsyncExitStack() as stack:
            for close in (self.database.close, *self.closing):
                stack.push_async_callback(close)


class Background(Protocol):
    """Work that runs beside the requests until it is cancelled, e.g. a deadline sweep; safe in several instances.

    Whatever it raises is logged under its name, and it begins again.
    """

    __name__: str

    async def __call__(self, runtime: Runtime, /) -> None:
        """Do it."""


Importer = Callable[[Runtime, Path], Awaitable[str]]
"""Imports a file whole or not at all and returns a sentence about what it did; raises ImportRefused."""


@dataclass(frozen=True)
class Chore:
    """A command of a service's own: what it is for, and what does it and returns what to tell."""

    help: str
    run: Callable[[Runtime], Awaitable[str]]
    patience: float = _IMPORT_PATIENCE
    """How many times as long as a request it may take over one statement."""


class ImportRefused(Exception):
    """An import file is wrong; the message names the line and what is wrong with it. Nothing was imported."""


class Amiss(Exception):
    """A chore looked, and something is not as it should be; the message says what. The command ends with status 1."""


@dataclass(frozen=True)
class Reaction:
    """A durable consumer of another service's events."""

    durable: str
    subjects: tuple[str, ...]
    handlers: Mapping[str, Handler]
    """By CloudEvents type."""


@dataclass(frozen=True)
class Service:
    """What is a service's own; everything else is the chassis."""

    name: str
    package: Path
    """The service's folder: migrations/ and contract/ are in it."""
    schema: Schema
    access: Access
    problem_type: type[Problem]
    events: Sequence[type[Event]]
    reactions: Sequence[Reaction] = ()
    background: Sequence[Background] = ()
    importer: Importer | None = None
    settings: type[ServiceSettings] = ServiceSettings
    chores: Mapping[str, Chore] = field(default_factory=dict)
    """Further commands of the command line, by name."""
    plans_by_value: bool = False
    """Whether PostgreSQL plans each statement for its values, for prefixes that find few rows or very many."""
    extras: Callable[[Runtime], Any] = field(default=lambda _: None)
    """Makes what resolvers find in `context.extras`."""

    @property
    def prefix(self) -> str:
        """The prefix of the service's environment variables."""
        return f"LINLI_{self.name.upper()}_"


def runtime(service: Service, settings: ServiceSettings, *, patience: float = 1.0) -> Runtime:
    """Open what the service stands on; connections are made when first used. `patience` multiplies time limits."""
    database = Database(
        settings.database_url,
        name=f"linli-{service.name}",
        plans_by_value=service.plans_by_value,
        pool_size=settings.database_pool,
        statement_seconds=settings.request_seconds * patience,
        idle_seconds=settings.request_seconds * patience,
    )
    return Runtime(settings, database, DataCipher.from_file(settings.data_key_file))


def graphql_endpoint(service: Service, stands_on: Runtime) -> GraphQLEndpoint:
    """Make the ASGI application that answers the service's GraphQL requests."""
    settings = stands_on.settings
    schema = service.schema._schema  # noqa: SLF001 (strawberry builds it; graphql-core runs it without its extensions)
    return GraphQLEndpoint(
        service=service.name,
        schema=schema,
        documents=DocumentCache(schema, introspection=settings.introspection),
        verifier=TokenVerifier(settings.jwks_url, issuer=settings.issuer, audience=settings.audience),
        database=stands_on.database,
        access=service.access,
        problem_type=service.problem_type,
        cipher=stands_on.cipher,
        seconds=settings.request_seconds,
        extras=service.extras(stands_on),
    )


def application(service: Service, settings: ServiceSettings) -> Starlette:
    """Make the service's ASGI application: /graphql, /health/live, /health/ready, /metrics."""
    stands_on = runtime(service, settings)
    bus = Bus(settings.nats_url, credentials=settings.nats_credentials, name=f"linli-{service.name}")
    endpoint = graphql_endpoint(service, stands_on)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(stands_on.close)
            await bus.start()
            stack.push_async_callback(bus.close)
            works = _background(service, stands_on, bus)
            tasks = [asyncio.create_task(keep_up(name, work), name=name) for name, work in works.items()]
            stack.push_async_callback(cancel, tasks)
            yield

    database = stands_on.database
    checks: dict[str, Callable[[], Awaitable[bool]]] = {
        "database": database.is_reachable,
        "row_security": partial(limits_the_role, database),
    }
    return Starlette(
        routes=[*health_routes(checks, {"nats": bus.is_connected}), Route("/graphql", EventStreams(endpoint))],
        lifespan=lifespan,
    )


def _background(service: Service, stands_on: Runtime, bus: Bus) -> dict[str, Callable[[], Awaitable[None]]]:
    """Return everything that runs beside the requests, by name."""
    relay = Relay(
        stands_on.database.engine,
        bus,
        service=service.name,
        stream=stands_on.settings.stream,
        retention_days=stands_on.settings.outbox_days,
    )
    stands_on.database.after_commit.append(relay.wake)
    replayer = Replayer(stands_on.database.engine, bus, service=service.name)
    auditor = Auditor(
        stands_on.database.engine, bus, service=service.name, stream=stands_on.settings.stream, wake=relay.wake
    )
    works: dict[str, Callable[[], Awaitable[None]]] = {
        "relay": relay.run,
        "replay": replayer.run,
        "audit": auditor.run,
    }
    for reaction in service.reactions:
        consumer = Consumer(
            stands_on.database.engine,
            bus,
            stream=stands_on.settings.stream,
            durable=reaction.durable,
            subjects=reaction.subjects,
            handlers=reaction.handlers,
        )
        works[f"reaction {reaction.durable}"] = consumer.run
    return works | {run.__name__: partial(run, stands_on) for run in service.background}


def main(service: Service, arguments: Sequence[str] | None = None) -> None:
    """Run the service's command line; a wrong setting or file ends it with one line and status 2."""
    parser = argparse.ArgumentParser(prog=f"python -m services.{service.name}.main", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="answer requests, publish and consume events, until SIGTERM")
    commands.add_parser("migrate", help="bring the database to the newest migration (needs the owner's URL)")
    commands.add_parser("schema", help="print the subgraph's SDL")
    commands.add_parser("asyncapi", help="print the description of the events")
    importing = commands.add_parser("import", help="import a file of JSON Lines, whole or not at all")
    importing.add_argument("file", type=Path)
    for name, chore in service.chores.items():
        commands.add_parser(name, help=chore.help)
    ops.add_commands(commands)
    chosen = parser.parse_args(arguments)
    if chosen.command == "schema":
        sys.stdout.write(service.schema.as_str() + "\n")
    elif chosen.command == "asyncapi":
        sys.stdout.write(asyncapi(service.name, service.events))
    else:
        settings = load_or_exit(service.settings, service.prefix)
        configure(service.name, settings.log_level)
        try:
            _run(service, settings, chosen)
        except (SettingsError, ImportRefused, Unavailable, migrations.MigrationFailed, ops.OpsError) as error:
            sys.stderr.write(f"{error}\n")
            raise SystemExit(2) from None
        except Amiss as found:
            sys.stdout.write(f"{found}\n")
            raise SystemExit(1) from None


def _run(service: Service, settings: ServiceSettings, chosen: argparse.Namespace) -> None:
    if chosen.command == "migrate":
        if settings.migration_database_url is None:
            raise SettingsError(f"{service.prefix}MIGRATION_DATABASE_URL is needed to migrate")
        migrations.upgrade(service.package / "migrations", settings.migration_database_url, settings.serving_role)
    elif chosen.command == "events":
        raise SystemExit(asyncio.run(_look_after(service, settings, chosen)))
    elif chosen.command in service.chores:
        sys.stdout.write(asyncio.run(_do(service.chores[chosen.command], service, settings)) + "\n")
    elif chosen.command == "import":
        sys.stdout.write(asyncio.run(_import(service, settings, chosen.file)) + "\n")
    else:
        served = application(service, settings)
        spare_what_stays()
        uvicorn.run(
            served,
            host=settings.host,
            port=settings.port,
            loop="uvloop",
            http="httptools",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=10,
        )


async def _look_after(service: Service, settings: ServiceSettings, chosen: argparse.Namespace) -> int:
    stands_on = runtime(service, settings, patience=_IMPORT_PATIENCE)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # what is asked for goes to stdout
    handlers = {reaction.durable: reaction.handlers for reaction in service.reactions}
    try:
        return await ops.run(ops.Served(service.name, settings, stands_on.database, handlers), chosen)
    finally:
        await stands_on.close()


async def _do(chore: Chore, service: Service, settings: ServiceSettings) -> str:
    stands_on = runtime(service, settings, patience=chore.patience)
    try:
        return await chore.run(stands_on)
    finally:
        await stands_on.close()


async def _import(service: Service, settings: ServiceSettings, file: Path) -> str:
    if service.importer is None:
        raise ImportRefused(f"{service.name} imports nothing")
    stands_on = runtime(service, settings, patience=_IMPORT_PATIENCE)
    try:
        return await service.importer(stands_on, file)
    finally:
        await stands_on.close()
