"""A service of one table, `note`, by which the chassis is tested without any governance."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import orjson
import pytest_asyncio
import strawberry
import strawberry.federation
from cryptography.fernet import Fernet
from sqlalchemy import Column, MetaData, Table, Text, Uuid, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from strawberry.types import Info

from chassis import records
from chassis.access import ANY_ROLE, Access
from chassis.cipher import DataCipher
from chassis.database import Database, WriteSession
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from chassis.graphql.documents import DocumentCache
from chassis.graphql.endpoint import GraphQLEndpoint
from chassis.graphql.mutate import Permit, mutate, perform
from chassis.graphql.problems import problem_type
from chassis.identity import TokenVerifier
from chassis.ids import new_id
from chassis.problems import ProblemCatalogue, ProblemText, Refused
from chassis.row_security import grant, protect
from deploy.local.fixtures import ThrowawayFolder, ThrowawayPostgres

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from deploy.local.issuer import Issuer

metadata = MetaData(naming_convention=records.NAMING)
records.define_tables(metadata)
note = Table(
    "note",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("region_code", Text(collation="C"), nullable=False),
    Column("text", Text, nullable=False),
)


class NoteProblem(ProblemCatalogue, Enum):
    RUDE = ProblemText(en="{word} is rude.", zh="{word} 不文明。")


if TYPE_CHECKING:
    from chassis.graphql.problems import Problem as NoteProblemType
else:
    NoteProblemType = problem_type(NoteProblem)


@strawberry.type
class Note:
    id: strawberry.ID
    region_code: str
    text: str


@strawberry.type
class NotePayload:
    note: Note | None
    problems: list[NoteProblemType]


@strawberry.type
class Query:
    @strawberry.field
    async def notes(
        self,
        info: Info[Context, None],
        text: str | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Note]:
        statement = select(note.c.id, note.c.region_code, note.c.text)
        if text is not None:
            statement = statement.where(note.c.text == text)
        page = await paginate(
            await info.context.read(),
            statement,
            [note.c.text, note.c.id],
            PageArguments(first, after, last, before),
            fingerprint("notes", text),
        )
        return page.connection(lambda row: Note(**row))

    @strawberry.field
    async def broken(self) -> str | None:
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    async def uncountable(self, info: Info[Context, None]) -> str:
        """Run what PostgreSQL cannot answer; as the field may not be null, others beside it are given up."""
        await (await info.context.read()).rows(text("SELECT 1 / 0"))
        return ""

    @strawberry.field
    async def hang(self, info: Info[Context, None]) -> str | None:
        """Wait inside the request, with its snapshot open, until the test says go on; then read once more."""
        session = await info.context.read()
        info.context.extras.hanging.set()
        await info.context.extras.go_on.wait()
        await session.rows(select(note.c.id))
        return None

    @strawberry.field
    async def both(self, info: Info[Context, None]) -> list[int]:
        """Count what the caller sees, wait until the test says go on, and count by turns what everyone may see."""
        context, everything = info.context, select(note.c.id)
        own = await context.read()
        counted = [len(await own.rows(everything))]
        context.extras.reading += 1
        await context.extras.go_on.wait()
        public = await context.read_public()
        turns = await asyncio.gather(*(session.rows(everything) for session in (public, own, public, own)))
        return counted + [len(rows) for rows in turns]

    @strawberry.field
    async def slow(self) -> str | None:
        await asyncio.sleep(60)
        return None


class WriteNote(msgspec.Struct, frozen=True):
    """What is asked; its text is nobody's business."""

    region_code: str
    text: str

    def bound(self, cipher: DataCipher) -> dict[str, str | bytes]:
        return {"region": self.region_code, "text": cipher.blind_index(self.text)}


async def write_note(session: WriteSession, permit: Permit, asked: WriteNote) -> UUID:
    permit.require(asked.region_code, what="region")
    id_ = new_id()
    await session.execute(insert(note), {"id": id_, "region_code": asked.region_code, "text": asked.text})
    session.changed("note", id_, asked.region_code, text=None)
    if asked.text == "rude":
        raise Refused(NoteProblem.RUDE, "text", word=asked.text)
    return id_


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def write_note(
        self, info: Info[Context, None], region_code: str, text: str, idempotency_key: str | None = None
    ) -> NotePayload:
        asked = WriteNote(region_code, text)
        outcome = await perform(info, "writeNote", write_note, asked, idempotency_key)
        session = await info.context.read()
        row = await session.row(select(note).where(note.c.id == outcome.id)) if outcome.id else None
        return NotePayload(note=Note(**row) if row else None, problems=outcome.problems)

    @strawberry.mutation
    async def careless(self, info: Info[Context, None]) -> NotePayload:
        async def work(session: Any, _permit: Any) -> UUID:
            id_ = new_id()
            await session.execute(insert(note), {"id": id_, "region_code": "370321", "text": "careless"})
            return id_

        outcome = await mutate(info.context, "careless", work)
        return NotePayload(note=None, problems=outcome.problems)


@dataclass
class Notes:
    """The running endpoint and a look under it."""

    endpoint: GraphQLEndpoint
    database: Database
    admin_url: str
    issuer: Issuer
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    reading: int = 0

    def token(self, role: str = "writer", region: str = "370321", **kwargs: Any) -> str:
        return self.issuer.mint(role, region=region, **kwargs)

    async def post(
        self, body: bytes, token: str | None = None, language: str = "en", method: str = "POST"
    ) -> tuple[int, dict[str, Any]]:
        headers = [(b"accept-language", language.encode())]
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.endpoint({"type": "http", "method": method, "headers": headers}, receive, send)
        return sent[0]["status"], orjson.loads(sent[1]["body"])

    async def ask(self, query: str, token: str | None = None, language: str = "en", **variables: Any) -> dict[str, Any]:
        body = orjson.dumps({"query": query, "variables": variables})
        return (await self.post(body, token, language))[1]

    async def look(self, statement: str) -> list[Any]:
        """Read as the superuser, whom row-level security does not limit."""
        engine = create_async_engine(self.admin_url)
        try:
            async with engine.connect() as connection:
                return list((await connection.execute(text(statement))).all())
        finally:
            await engine.dispose()


@pytest_asyncio.fixture(scope="session")
async def postgres_server() -> AsyncIterator[ThrowawayPostgres]:
    """A PostgreSQL of these tests' own: some of them stop it, which other tests' connections would not survive."""
    with ThrowawayFolder() as folder:
        server = ThrowawayPostgres(folder)
        try:
            await server.start()
            yield server
        finally:
            await server.stop()


@pytest_asyncio.fixture
async def notes(postgres_server: ThrowawayPostgres, issuer: Issuer) -> AsyncIterator[Notes]:
    made = await postgres_server.create_service_database("notes")
    engine = create_async_engine(made.owner_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        for statement in [*protect("note"), grant("note", "linli_notes"), grant("idempotency", "linli_notes")]:
            await connection.execute(text(statement))
        await connection.execute(text(grant("audit", "linli_notes", "SELECT, INSERT")))
    await engine.dispose()
    schema = strawberry.federation.Schema(Query, Mutation)._schema
    database = Database(made.app_url, name="notes")
    endpoint = GraphQLEndpoint(
        service="notes",
        schema=schema,
        documents=DocumentCache(schema),
        verifier=TokenVerifier(issuer.jwks_url, issuer="linli-local", audience="linli"),
        database=database,
        access=Access({"writeNote": frozenset({"writer"}), "careless": frozenset({ANY_ROLE})}),
        problem_type=NoteProblemType,
        cipher=DataCipher([Fernet.generate_key().decode()]),
        seconds=5,
    )
    running = Notes(endpoint, database, postgres_server.admin_url_of(made.app_url.rpartition("/")[2]), issuer)
    endpoint.extras = running
    yield running
    await database.close()
