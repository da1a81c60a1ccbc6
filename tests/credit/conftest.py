"""credit on a real database, knowing the small city; each test that changes something has a database of its own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
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
from services.credit.commands.import_credit import import_credit
from services.credit.commands.sweep import seal_all
from services.credit.commands.verify import Verdict, verify
from services.credit.main import SERVICE
from services.credit.storage.catalogues import Catalogues
from tests.credit import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncEngine

    from deploy.local.databases import ServiceDatabase
    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer

_KEY = Fernet.generate_key().decode()
ACCOUNT = "accountId account { id nature group name balance { available held deducted score } } problems { code path }"
CREDIT_CODE = "91110000600037341L"


@dataclass
class Credit:
    """The running service, without HTTP and NATS, and a look under it."""

    runtime: Runtime
    endpoint: GraphQLEndpoint
    admin: AsyncEngine
    app_url: str
    issuer: Issuer
    folder: Path

    def staff(self, name: str, **more: Any) -> str:
        """A token of somebody in duty, for where they hold it."""
        title, code = city.POSTS[name]
        return self.issuer.mint(title, region=more.pop("region", code), subject=str(city.person(name)), **more)

    def resident(self, name: str = "li", region: str = city.COMMUNITY) -> str:
        return self.issuer.mint("resident", region=region, subject=name)

    def role(self, role: str, region: str = "") -> str:
        return self.issuer.mint(role, region=region)

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

    async def payload(self, mutation: str, token: str, fields: str = ACCOUNT, kind: str = "", **asked: Any) -> Any:
        """Run a mutation that takes one input; return its payload."""
        kind = kind or f"{mutation[0].upper()}{mutation[1:]}Input"
        query = f"mutation($input: {kind}!) {{ payload: {mutation}(input: $input) {{ {fields} }} }}"
        return (await self.data(query, token, input=asked))["payload"]

    async def done(self, mutation: str, token: str, fields: str = ACCOUNT, kind: str = "", **asked: Any) -> Any:
        """Run a mutation that must succeed; return its payload."""
        payload = await self.payload(mutation, token, fields, kind, **asked)
        assert not payload["problems"], payload
        return payload

    async def refused(self, mutation: str, token: str, kind: str = "", **asked: Any) -> str:
        """Run a mutation that must be refused and change nothing; return the code of the problem."""
        before = await self.contents()
        payload = await self.payload(mutation, token, "problems { code }", kind, **asked)
        assert await self.contents() == before
        return str(payload["problems"][0]["code"])

    async def joined(self, name: str = "li", region: str = city.GRID, **more: Any) -> str:
        """Let a resident join; return the account's id."""
        asked: dict[str, Any] = {
            "idempotencyKey": f"join {name}", "group": "resident", "regionCode": region, "name": "李小明",
            "noticeVersion": 2,
        }  # fmt: skip
        payload = await self.done("joinCredit", self.resident(name, region), **asked | more)
        return str(payload["accountId"])

    async def body(self, region: str = city.GRID, **more: Any) -> str:
        """Register a shop; return the account's id."""
        asked: dict[str, Any] = {"group": "shop", "regionCode": region, "creditCode": CREDIT_CODE, "name": "便民超市"}
        payload = await self.done("registerBody", self.staff("clerk"), idempotencyKey="body", **asked | more)
        return str(payload["accountId"])

    async def award(self, account: str, key: str, item: str = "volunteer", **more: Any) -> Any:
        """Give points; return the payload."""
        asked: dict[str, Any] = {"idempotencyKey": key, "accountId": account, "item": item, **more}
        return await self.payload("awardPoints", self.staff("worker"), kind="RecordPointsInput", **asked)

    async def balance(self, account: str) -> tuple[int, int, int]:
        ((*sums,),) = await self.look(f"SELECT available, held, deducted FROM account WHERE id = '{account}'")  # noqa: S608
        return (sums[0], sums[1], sums[2])

    async def verdict(self) -> Verdict:
        """Chain what waits and check the book."""
        await seal_all(self.runtime.database)
        async with self.runtime.database.read(("",)) as session:
            (found,) = await verify(session)
        return found

    async def load(self, *records: Any) -> str:
        file = self.folder / "credit.jsonl"
        file.write_bytes(b"\n".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in records))
        return await import_credit(self.runtime, file)

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


def catalogue_record(**changed: Any) -> dict[str, Any]:
    return {
        "record": "catalogue", "region_id": str(city.region_id(city.DISTRICT)), "region_code": city.DISTRICT,
        "definition": city.CATALOGUE | changed,
    }  # fmt: skip


_templates: dict[int, ServiceDatabase] = {}
_numbers = count(1)


async def _template(server: ThrowawayPostgres) -> ServiceDatabase:
    """A database that knows the city and the catalogue, made once for each server."""
    if id(server) not in _templates:
        made = await server.create_service_database("credit")
        await asyncio.to_thread(migrations.upgrade, SERVICE.package / "migrations", made.owner_url, "linli_credit")
        runtime = Runtime(None, Database(made.app_url, name="template"), DataCipher([_KEY]))  # type: ignore[arg-type]
        await city.tell(runtime.database, *city.history())
        with TemporaryDirectory() as folder:
            file = Path(folder) / "credit.jsonl"
            file.write_bytes(orjson.dumps(catalogue_record()))
            await import_credit(runtime, file)
        await runtime.database.close()
        _templates[id(server)] = made
    return _templates[id(server)]


async def _database(server: ThrowawayPostgres) -> tuple[str, str]:
    """Make a copy of the template; return its URLs by the serving role and by the superuser."""
    made = await _template(server)
    template = made.app_url.rpartition("/")[2]
    name = f"{template}_{next(_numbers)}"
    engine = create_async_engine(server.admin_url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in (
            f"CREATE DATABASE {name} TEMPLATE {template} OWNER linli_credit_owner",
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {name} TO linli_credit",
        ):
            await connection.execute(text(statement))
    await engine.dispose()
    return f"{made.app_url.rpartition('/')[0]}/{name}", server.admin_url_of(name)


async def start(server: ThrowawayPostgres, issuer: Issuer, folder: Path) -> Credit:
    """Start the service on a database of its own that knows the city and the catalogue."""
    app_url, admin_url = await _database(server)
    schema = SERVICE.schema._schema
    runtime = Runtime(None, Database(app_url, name="credit"), DataCipher([_KEY]))  # type: ignore[arg-type]
    endpoint = GraphQLEndpoint(
        service="credit",
        schema=schema,
        documents=DocumentCache(schema, introspection=True),
        verifier=TokenVerifier(issuer.jwks_url, issuer="linli-local", audience="linli"),
        database=runtime.database,
        access=SERVICE.access,
        problem_type=SERVICE.problem_type,
        cipher=runtime.cipher,
        extras=Catalogues(),
    )
    return Credit(runtime, endpoint, create_async_engine(admin_url), app_url, issuer, folder)


@pytest_asyncio.fixture
async def credit(postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Credit]:
    """credit for one test alone."""
    started = await start(postgres_server, issuer, tmp_path)
    yield started
    await started.close()
