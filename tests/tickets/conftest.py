"""tickets on a real database, knowing the small city; each test that changes something has a database of its own."""

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
import yaml
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
from services.tickets.commands.import_tickets import import_tickets
from services.tickets.main import SERVICE
from services.tickets.storage.processes import Processes
from tests.tickets import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncEngine

    from deploy.local.databases import ServiceDatabase
    from deploy.local.fixtures import ThrowawayPostgres
    from deploy.local.issuer import Issuer

_KEY = Fernet.generate_key().decode()
_ROOT = Path(__file__).parents[2]
FIVE_SHEETS = yaml.safe_load((_ROOT / "deploy/practices/processes/five_sheets.yaml").read_text(encoding="utf-8"))
MICRO_WISH = yaml.safe_load((Path(__file__).parent / "example_process.yaml").read_text(encoding="utf-8"))

TICKET = "ticket { id version number step { code } outcome round } problems { code message path }"
RAISE = f"mutation($input: RaiseTicketInput!) {{ payload: raiseTicket(input: $input) {{ {TICKET} }} }}"


def mutation(name: str) -> str:
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ payload: {name}(input: $input) {{ {TICKET} }} }}"


@dataclass
class Tickets:
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

    async def raised(self, token: str | None = None, **more: Any) -> dict[str, Any]:
        """Raise a ticket of five sheets in the grid."""
        asked = {
            "idempotencyKey": more.pop("key", "k1"),
            "process": "five_sheets",
            "regionCode": city.GRID,
            "title": "想加装充电棚",
            "category": "charging",
            **more,
        }
        payload = (await self.data(RAISE, token or self.resident(), input=asked))["payload"]
        assert not payload["problems"], payload
        ticket: dict[str, Any] = payload["ticket"]
        return ticket

    async def do(self, name: str, token: str, ticket: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Do something with a ticket that must succeed; return the ticket."""
        payload = await self.payload(name, token, ticket, **more)
        assert not payload["problems"], payload
        found: dict[str, Any] = payload["ticket"] or {
            "id": ticket["id"], "version": ticket["version"] + 1,
        }  # fmt: skip
        return found

    async def payload(self, name: str, token: str, ticket: dict[str, Any], **more: Any) -> dict[str, Any]:
        asked = {"id": ticket["id"], "expectedVersion": ticket["version"], **more}
        payload: dict[str, Any] = (await self.data(mutation(name), token, input=asked))["payload"]
        return payload

    async def to_step(self, step: str, ticket: dict[str, Any] | None = None) -> dict[str, Any]:
        """Carry a ticket on to a step of five sheets."""
        ticket = ticket or await self.raised()
        for name, who, more in (
            ("acceptTicket", "worker", {}),
            ("deliberateTicket", "branch", {"opinion": "议定加装"}),
            ("decideTicket", "committee", {"opinion": "同意加装", "responsible": str(city.OFFICE)}),
            ("carryOutTicket", "committee", {"opinion": "已经建成"}),
            ("evaluateTicket", None, {"rating": 5}),
            ("publiciseTicket", "committee", {"notice": "充电棚已建成"}),
        ):
            if ticket["step"]["code"] == step:
                break
            ticket = await self.do(name, self.staff(who) if who else self.resident(), ticket, **more)
        assert ticket["step"]["code"] == step
        return ticket

    async def load(self, *records: dict[str, Any] | bytes) -> str:
        file = self.folder / "tickets.jsonl"
        file.write_bytes(b"\n".join(one if isinstance(one, bytes) else orjson.dumps(one) for one in records))
        return await import_tickets(self.runtime, file)

    async def look(self, statement: str) -> list[Any]:
        """Read or write as the superuser, whom row-level security does not limit."""
        async with self.admin.begin() as connection:
            result = await connection.execute(text(statement))
            return list(result.all()) if result.returns_rows else []

    async def contents(self) -> dict[str, list[Any]]:
        """Everything that is stored, for comparing before and after."""
        tables = await self.look("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {name: await self.look(f'SELECT x::text FROM "{name}" AS x ORDER BY 1') for (name,) in tables}  # noqa: S608

    async def close(self) -> None:
        await self.admin.dispose()
        await self.runtime.database.close()

    async def events(self) -> list[Any]:
        """The CloudEvents types and payloads that were written, in order."""
        rows = await self.look("SELECT type, payload FROM outbox ORDER BY id")
        return [(type_, msgspec.json.decode(payload)) for type_, payload in rows]


def process_records() -> list[dict[str, Any]]:
    return [{"record": "process", "definition": one} for one in (*FIVE_SHEETS, *MICRO_WISH)]


_templates: dict[int, ServiceDatabase] = {}
_numbers = count(1)


async def _template(server: ThrowawayPostgres) -> ServiceDatabase:
    """A database that knows the city and the processes, made once for each server."""
    if id(server) not in _templates:
        made = await server.create_service_database("tickets")
        await asyncio.to_thread(migrations.upgrade, SERVICE.package / "migrations", made.owner_url, "linli_tickets")
        runtime = Runtime(None, Database(made.app_url, name="template"), DataCipher([_KEY]))  # type: ignore[arg-type]
        await city.tell(runtime.database, *city.history())
        with TemporaryDirectory() as folder:
            file = Path(folder) / "processes.jsonl"
            file.write_bytes(b"\n".join(orjson.dumps(one) for one in process_records()))
            await import_tickets(runtime, file)
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
            f"CREATE DATABASE {name} TEMPLATE {template} OWNER linli_tickets_owner",
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
            f"GRANT CONNECT ON DATABASE {name} TO linli_tickets",
        ):
            await connection.execute(text(statement))
    await engine.dispose()
    return f"{made.app_url.rpartition('/')[0]}/{name}", server.admin_url_of(name)


async def start(server: ThrowawayPostgres, issuer: Issuer, folder: Path) -> Tickets:
    """Start the service on a database of its own that knows the city and the processes."""
    app_url, admin_url = await _database(server)
    schema = SERVICE.schema._schema
    runtime = Runtime(None, Database(app_url, name="tickets"), DataCipher([_KEY]))  # type: ignore[arg-type]
    endpoint = GraphQLEndpoint(
        service="tickets",
        schema=schema,
        documents=DocumentCache(schema, introspection=True),
        verifier=TokenVerifier(issuer.jwks_url, issuer="linli-local", audience="linli"),
        database=runtime.database,
        access=SERVICE.access,
        problem_type=SERVICE.problem_type,
        cipher=runtime.cipher,
        extras=Processes(),
    )
    return Tickets(runtime, endpoint, create_async_engine(admin_url), app_url, issuer, folder)


@pytest_asyncio.fixture
async def tickets(postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path: Path) -> AsyncIterator[Tickets]:
    """tickets for one test alone."""
    started = await start(postgres_server, issuer, tmp_path)
    yield started
    await started.close()


@pytest_asyncio.fixture(scope="session")
async def city_tickets(
    postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path_factory: Any
) -> AsyncIterator[Tickets]:
    """tickets for tests that change nothing."""
    started = await start(postgres_server, issuer, tmp_path_factory.mktemp("tickets"))
    yield started
    await started.close()
