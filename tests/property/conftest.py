"""property on a real database, knowing the small city; each module has a database of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import orjson
import pytest_asyncio
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import migrations
from chassis.cipher import DataCipher
from chassis.database import Database
from chassis.graphql.documents import DocumentCache
from chassis.graphql.endpoint import GraphQLEndpoint
from chassis.identity import TokenVerifier
from chassis.service import Runtime
from services.property.main import SERVICE
from tests.property import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncEngine

    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer

_KEY = Fernet.generate_key().decode()


@dataclass
class Property:
    """The running service, without HTTP and NATS, and a look under it."""

    runtime: Runtime
    endpoint: GraphQLEndpoint
    admin: AsyncEngine
    app_url: str
    issuer: Issuer
    folder: Path

    def staff(self, role: str = "community_worker", region: str = city.COMMUNITY) -> str:
        return self.issuer.mint(role, region=region, subject=f"staff of {region}")

    def resident(self, name: str, region: str = city.COMMUNITY) -> str:
        return self.issuer.mint("resident", region=region, subject=name)

    async def ask(self, query: str, token: str | None = None, **variables: Any) -> dict[str, Any]:
        headers = [(b"accept-language", b"en")]
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

    async def do(self, name: str, token: str | None, fields: str, /, **asked: Any) -> dict[str, Any]:
        """Run a mutation and return its payload; `fields` are what of the payload beside the problems."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        query = (
            f"mutation($input: {kind}!) {{ payload: {name}(input: $input) {{ {fields} problems {{ code path }} }} }}"
        )
        payload: dict[str, Any] = (await self.data(query, token, input=asked))["payload"]
        return payload

    async def done(self, name: str, token: str | None, fields: str, /, **asked: Any) -> dict[str, Any]:
        """Run a mutation that must succeed."""
        payload = await self.do(name, token, fields, **asked)
        assert payload["problems"] == [], payload
        return payload

    async def refused(self, name: str, token: str | None, fields: str, /, **asked: Any) -> str:
        """Run a mutation that must be refused with a problem; return its code. Nothing may have changed."""
        before = await self.contents()
        payload = await self.do(name, token, fields, **asked)
        assert payload["problems"], payload
        assert await self.contents() == before
        return str(payload["problems"][0]["code"])

    async def compound(self, name: str, region: str = city.COMMUNITY, **more: Any) -> str:
        """Register a compound and return its id."""
        payload = await self.done(
            "registerCompound", self.staff(region=region), "compound { id }",
            idempotencyKey=f"compound {name}", regionCode=region, name=name, kind="commercial", **more,
        )  # fmt: skip
        return str(payload["compound"]["id"])

    async def household(self, compound: str, room: str, *owners: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Register an exclusive part and return it."""
        asked = {"building": "1号楼", "area": "100", "owners": list(owners)} | more
        payload = await self.done(
            "registerHousehold", self.staff(), "household { id version }",
            idempotencyKey=f"{compound} {room}", compoundId=compound, room=room, **asked,
        )  # fmt: skip
        found: dict[str, Any] = payload["household"]
        return found

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
        await self.admin.dispose()
        await self.runtime.database.close()


async def start(server: ThrowawayPostgres, issuer: Issuer, folder: Path) -> Property:
    """Start the service on a database of its own that knows the city."""
    made = await server.create_service_database("property")
    await asyncio.to_thread(migrations.upgrade, SERVICE.package / "migrations", made.owner_url, "linli_property")
    runtime = Runtime(None, Database(made.app_url, name="property"), DataCipher([_KEY]))  # type: ignore[arg-type]
    await city.tell(runtime.database, *city.history())
    schema = SERVICE.schema._schema
    endpoint = GraphQLEndpoint(
        service="property",
        schema=schema,
        documents=DocumentCache(schema, introspection=True),
        verifier=TokenVerifier(issuer.jwks_url, issuer="linli-local", audience="linli"),
        database=runtime.database,
        access=SERVICE.access,
        problem_type=SERVICE.problem_type,
        cipher=runtime.cipher,
    )
    admin = create_async_engine(server.admin_url_of(made.app_url.rpartition("/")[2]))
    return Property(runtime, endpoint, admin, made.app_url, issuer, folder)


@pytest_asyncio.fixture(scope="module")
async def service(postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path_factory: Any) -> AsyncIterator[Property]:
    """property for the tests of one module; each makes compounds of its own."""
    started = await start(postgres_server, issuer, tmp_path_factory.mktemp("property"))
    yield started
    await started.close()
