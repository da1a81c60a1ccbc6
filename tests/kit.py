"""What the tests of every service stand on: the service on a real database of its own, asked as a client asks it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import msgspec
import orjson
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import migrations
from chassis.service import graphql_endpoint, runtime

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncEngine

    from chassis.graphql.endpoint import GraphQLEndpoint
    from chassis.service import Runtime, Service
    from deploy.local.databases import ServiceDatabase
    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer

_KEY = Fernet.generate_key()
_PATIENCE = 60.0
"""Seconds that a request may take: machines that run tests are busy."""


@dataclass
class Plant:
    """Where tests put services: a server, an issuer whose tokens are accepted, and the databases made so far."""

    postgres: ThrowawayPostgres
    issuer: Issuer
    folder: Path

    def __post_init__(self) -> None:
        self._templates: dict[str, ServiceDatabase] = {}
        (self.folder / "data.key").write_bytes(_KEY)

    def runtime(self, service: Service, database: ServiceDatabase, **more: Any) -> Runtime:
        """Return what the service stands on, on this database and without NATS; `more` are settings of its own."""
        settings = service.settings(
            database_url=database.app_url,
            nats_url="nats://127.0.0.1:1",
            jwks_url=self.issuer.jwks_url,
            issuer="linli-local",
            data_key_file=self.folder / "data.key",
            request_seconds=_PATIENCE,
            introspection=True,
            **more,
        )
        return runtime(service, settings)

    async def database(
        self, service: Service, state: str = "", fill: Callable[[Runtime], Awaitable[None]] | None = None
    ) -> ServiceDatabase:
        """Make a database of the service, migrated and filled; the first of a `state` is kept and copied by others."""
        key = f"{service.name} {state}"
        if key not in self._templates:
            self._templates[key] = await self._template(service, state, fill)
        return await self.postgres.copy_service_database(service.name, self._templates[key])

    async def _template(
        self, service: Service, state: str, fill: Callable[[Runtime], Awaitable[None]] | None
    ) -> ServiceDatabase:
        if not state:
            made = await self.postgres.create_service_database(service.name)
            await asyncio.to_thread(
                migrations.upgrade, service.package / "migrations", made.owner_url, f"linli_{service.name}"
            )
            return made
        made = await self.database(service)
        if fill:
            filled = self.runtime(service, made)
            await fill(filled)
            await filled.database.close()
        return made


@dataclass
class Started:
    """A service without HTTP and NATS, and a look under it."""

    runtime: Runtime
    endpoint: GraphQLEndpoint
    admin: AsyncEngine
    app_url: str
    issuer: Issuer
    folder: Path

    @classmethod
    def on(cls, plant: Plant, service: Service, database: ServiceDatabase, folder: Path, **more: Any) -> Self:
        """Start the service on a database, with `more` settings; `folder` is for the test's files."""
        stands_on = plant.runtime(service, database, **more)
        admin = create_async_engine(plant.postgres.admin_url_of(database.name))
        return cls(stands_on, graphql_endpoint(service, stands_on), admin, database.app_url, plant.issuer, folder)

    async def ask(self, query: str, token: str | None = None, language: str = "en", **variables: Any) -> dict[str, Any]:
        """Answer a GraphQL request as over HTTP."""
        headers = [(b"accept-language", language.encode())]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        sent: list[Any] = []
        body = orjson.dumps({"query": query, "variables": variables})

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.endpoint({"type": "http", "method": "POST", "headers": headers}, receive, send)
        answer: dict[str, Any] = orjson.loads(sent[1]["body"])
        return answer

    async def data(self, query: str, token: str | None, **variables: Any) -> Any:
        """Ask what must be answered without error."""
        answer = await self.ask(query, token, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def error(self, query: str, token: str | None, **variables: Any) -> str:
        """Ask what must be refused; return the code of the error."""
        answer = await self.ask(query, token, **variables)
        assert "errors" in answer, answer
        return str(answer["errors"][0]["extensions"]["code"])

    async def look(self, statement: str) -> list[Any]:
        """Read or write as the superuser, whom row-level security does not limit."""
        async with self.admin.begin() as connection:
            result = await connection.execute(text(statement))
            return list(result.all()) if result.returns_rows else []

    async def contents(self) -> dict[str, list[Any]]:
        """Everything that is stored, for comparing before and after."""
        tables = await self.look("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {name: await self.look(f'SELECT x::text FROM "{name}" AS x ORDER BY 1') for (name,) in tables}  # noqa: S608

    async def events(self) -> list[Any]:
        """The CloudEvents types and payloads that were written, in order."""
        rows = await self.look("SELECT type, payload FROM outbox ORDER BY id")
        return [(type_, msgspec.json.decode(payload)) for type_, payload in rows]

    async def close(self) -> None:
        """Give the connections back."""
        await self.admin.dispose()
        await self.runtime.close()


def items_of(connection: dict[str, Any]) -> list[Any]:
    """Return the items of a page of a connection."""
    return [edge["node"] for edge in connection["edges"]]
