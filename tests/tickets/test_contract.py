"""The contract files are what the code says, the migrations make the tables of the code, row security is on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chassis import migrations
from chassis.events.asyncapi import asyncapi
from gateway.composition.compose import compose
from gateway.composition.read_subgraph import SubgraphSource
from services.org.main import SERVICE as ORG
from services.tickets.main import SERVICE
from services.tickets.storage.tables import GOVERNED

if TYPE_CHECKING:
    from deploy.local.fixtures import ThrowawayPostgres
    from tests.tickets.conftest import Tickets

_HELP = "python -m services.tickets.main {} > services/tickets/contract/{}"


def test_the_schema_is_the_committed_one() -> None:
    file = SERVICE.package / "contract/schema.graphql"
    assert SERVICE.schema.as_str() + "\n" == file.read_text(encoding="utf-8"), _HELP.format("schema", file.name)


def test_the_events_are_the_committed_ones() -> None:
    file = SERVICE.package / "contract/asyncapi.yaml"
    assert asyncapi("tickets", SERVICE.events) == file.read_text(encoding="utf-8"), _HELP.format("asyncapi", file.name)


def test_it_composes_with_org() -> None:
    compose([SubgraphSource(one.name, f"http://{one.name}", one.schema.as_str()) for one in (ORG, SERVICE)])


async def test_the_migrations_make_the_tables_of_the_code(postgres_server: ThrowawayPostgres) -> None:
    made = await postgres_server.create_service_database("tickets")
    folder = SERVICE.package / "migrations"
    await asyncio.to_thread(migrations.upgrade, folder, made.owner_url, "linli_tickets")
    await asyncio.to_thread(migrations.check, folder, made.owner_url, "linli_tickets")


async def test_every_governed_table_is_under_row_security(city_tickets: Tickets) -> None:
    protected = {name for (name,) in await city_tickets.look("SELECT relname FROM pg_class WHERE relrowsecurity")}
    assert protected == {table.name for table in GOVERNED}
    columns = await city_tickets.look(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'region_code'"
    )
    # Who holds which duty, ids only, is needed by who is below it; a view shows the reader's own rows.
    options = await city_tickets.look("SELECT reloptions FROM pg_class WHERE relname = 'ticket_count'")
    assert options == [(["security_invoker=true"],)]
    assert {name for (name,) in columns} - protected == {"audit", "outbox", "duty", "ticket_count"}


async def test_without_a_scope_nothing_governed_is_seen_or_written(tickets: Tickets) -> None:
    await tickets.to_step("published")
    for scope in ((), ("370303",), ("370321002002",)):
        async with tickets.runtime.database.read(scope) as session:
            for table in GOVERNED:
                assert await session.rows(text(f"SELECT 1 FROM {table.name}")) == []  # noqa: S608
        async with tickets.runtime.database.write(scope) as session:
            touched = await session.execute(text("UPDATE ticket SET title = 'x'"))
            assert touched.rowcount == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit", "UPDATE audit SET actor = 'x'", "DELETE FROM entry", "UPDATE entry SET opinion = 'x'",
        "UPDATE attachment SET name = 'x'", "UPDATE attachment SET key = 'x'",
        "DELETE FROM process_version", "UPDATE process_version SET version = 9", "DROP TABLE ticket",
    ],
)  # fmt: skip
async def test_the_serving_role_cannot_rewrite_the_record(city_tickets: Tickets, statement: str) -> None:
    with pytest.raises(ProgrammingError):
        async with city_tickets.runtime.database.write(("",)) as session:
            await session.execute(text(statement))
