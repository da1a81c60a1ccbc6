"""org on a real database, with the small city loaded; each test that changes something has a database of its own."""

from __future__ import annotations

import asyncio
import itertools
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
    from collections.abc import AsyncIterator, Iterator
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


def _org(server: ThrowawayPostgres, app_url: str, issuer: Issuer, folder: Path) -> Org:
    schema = SERVICE.schema._schema
    runtime = Runtime(None, Database(app_url, name="org"), DataCipher([_KEY]))  # type: ignore[arg-type]
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
    admin = create_async_engine(server.admin_url_of(app_url.rpartition("/")[2]))
    return Org(runtime, endpoint, admin, issuer, folder)


@dataclass
class Templates:
    """Databases to copy: migrated once, and filled once, for all tests."""

    server: ThrowawayPostgres
    empty: str
    city: str
    numbers: Iterator[int]

    async def copy(self, template: str) -> str:
        """Make a database like `template` (an application URL); return its application URL."""
        start, _, original = template.rpartition("/")
        name = f"{original}_copy_{next(self.numbers)}"
        engine = create_async_engine(self.server.admin_url, isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{original}"'))
        await engine.dispose()
        return f"{start}/{name}"


@pytest_asyncio.fixture(scope="session")
async def templates(postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path_factory: Any) -> Templates:
    made = await postgres_server.create_service_database("org")
    await asyncio.to_thread(migrations.upgrade, SERVICE.package / "migrations", made.owner_url, "linli_org")
    found = Templates(postgres_server, made.app_url, "", itertools.count(1))
    found.city = await found.copy(found.empty)
    filling = _org(postgres_server, found.city, issuer, tmp_path_factory.mktemp("org"))
    await filling.load(city.lines())
    await filling.close()
    return found


@pytest_asyncio.fixture
async def empty_org(templates: Templates, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Org]:
    """org with nothing in it, for one test alone."""
    org = _org(templates.server, await templates.copy(templates.empty), issuer, tmp_path)
    yield org
    await org.close()


@pytest_asyncio.fixture
async def org(templates: Templates, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Org]:
    """org with the small city, for one test alone."""
    org = _org(templates.server, await templates.copy(templates.city), issuer, tmp_path)
    yield org
    await org.close()


@pytest_asyncio.fixture(scope="session")
async def city_org(templates: Templates, issuer: Issuer, tmp_path_factory: Any) -> AsyncIterator[Org]:
    """org with the small city, for tests that only read."""
    org = _org(templates.server, await templates.copy(templates.city), issuer, tmp_path_factory.mktemp("org"))
    yield org
    await org.close()
