"""org on a real database, with the small city loaded; each test that changes something has a database of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from chassis import migrations
from chassis.cipher import DataCipher
from chassis.database import Database
from chassis.graphql.documents import DocumentCache
from chassis.graphql.endpoint import GraphQLEndpoint
from chassis.identity import TokenVerifier
from chassis.service import Runtime
from services.org.commands.import_practice import import_practice
from services.org.main import SERVICE
from tests.org import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer

_KEY = Fernet.generate_key().decode()


@dataclass
class Org:
    """The running service, without HTTP and NATS, and a look under it."""

    runtime: Runtime
    endpoint: GraphQLEndpoint
    admin: AsyncEngine
    issuer: Issuer
    folder: Path

    def token(self, role: str = "admin", region: str = "", **more: Any) -> str:
        return self.issuer.mint(role, region=region, **more)

    async def ask(self, query: str, token: str | None = None, language: str = "en", **variables: Any) -> dict[str, Any]:
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

    async def data(self, query: str, token: str | None = None, **variables: Any) -> Any:
        """Ask what must be answered without error."""
        answer = await self.ask(query, token or self.token(), **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def load(self, content: str) -> str:
        file = self.folder / "practice.jsonl"
        file.write_text(content, encoding="utf-8")
        return await import_practice(self.runtime, file)

    async def look(self, statement: str) -> list[Any]:
        """Read as the superuser, whom row-level security does not limit."""
        async with self.admin.connect() as connection:
            return list((await connection.execute(text(statement))).all())

    async def contents(self) -> dict[str, list[Any]]:
        """Everything that is stored, for comparing before and after."""
        tables = await self.look("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {name: await self.look(f'SELECT x::text FROM "{name}" AS x ORDER BY 1') for (name,) in tables}  # noqa: S608

    async def close(self) -> None:
        await self.runtime.database.close()
        await self.admin.dispose()


async def _start(server: ThrowawayPostgres, issuer: Issuer, folder: Path) -> Org:
    made = await server.create_service_database("org")
    await asyncio.to_thread(migrations.upgrade, SERVICE.package / "migrations", made.owner_url, "linli_org")
    schema = SERVICE.schema._schema
    runtime = Runtime(None, Database(made.app_url, name="org"), DataCipher([_KEY]))  # type: ignore[arg-type]
    endpoint = GraphQLEndpoint(
        service="org",
        schema=schema,
        documents=DocumentCache(schema, introspection=True),
        verifier=TokenVerifier(issuer.jwks_url, issuer="linli-local", audience="linli"),
        database=runtime.database,
        access=SERVICE.access,
        problem_type=SERVICE.problem_type,
        cipher=runtime.cipher,
    )
    admin = create_async_engine(server.admin_url_of(made.app_url.rpartition("/")[2]))
    return Org(runtime, endpoint, admin, issuer, folder)


@pytest_asyncio.fixture
async def empty_org(postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Org]:
    """org with nothing in it."""
    org = await _start(postgres_server, issuer, tmp_path)
    yield org
    await org.close()


@pytest_asyncio.fixture
async def org(empty_org: Org) -> Org:
    """org with the small city, for one test alone."""
    await empty_org.load(city.lines())
    return empty_org


@pytest_asyncio.fixture(scope="session")
async def city_org(postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path_factory: Any) -> AsyncIterator[Org]:
    """org with the small city, for tests that only read."""
    org = await _start(postgres_server, issuer, tmp_path_factory.mktemp("org"))
    await org.load(city.lines())
    yield org
    await org.close()
