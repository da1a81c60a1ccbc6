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
from services.property.main import SERVICE
from services.property.storage.governed import GOVERNED
from services.tickets.main import SERVICE as TICKETS

if TYPE_CHECKING:
    from deploy.local.fixtures import ThrowawayPostgres
    from tests.property.conftest import Property

_HELP = "python -m services.property.main {} > services/property/contract/{}"


def test_the_schema_is_the_committed_one() -> None:
    file = SERVICE.package / "contract/schema.graphql"
    assert SERVICE.schema.as_str() + "\n" == file.read_text(encoding="utf-8"), _HELP.format("schema", file.name)


def test_the_events_are_the_committed_ones() -> None:
    file = SERVICE.package / "contract/asyncapi.yaml"
    assert asyncapi("property", SERVICE.events) == file.read_text(encoding="utf-8"), _HELP.format("asyncapi", file.name)


def test_it_composes_with_org_and_tickets() -> None:
    compose([SubgraphSource(one.name, f"http://{one.name}", one.schema.as_str()) for one in (ORG, TICKETS, SERVICE)])


async def test_the_migrations_make_the_tables_of_the_code(postgres_server: ThrowawayPostgres) -> None:
    made = await postgres_server.create_service_database("property")
    folder = SERVICE.package / "migrations"
    await asyncio.to_thread(migrations.upgrade, folder, made.owner_url, "linli_property")
    await asyncio.to_thread(migrations.check, folder, made.owner_url, "linli_property")


async def test_every_governed_table_is_under_row_security(service: Property) -> None:
    protected = {name for (name,) in await service.look("SELECT relname FROM pg_class WHERE relrowsecurity")}
    assert protected == {table.name for table in GOVERNED}
    columns = await service.look("SELECT table_name FROM information_schema.columns WHERE column_name = 'region_code'")
    assert {name for (name,) in columns} - protected == {"audit", "outbox"}


async def test_without_a_scope_nothing_governed_is_seen(service: Property) -> None:
    compound = await service.compound("看不见")
    await service.household(compound, "101", {"name": "王一"})
    for scope in ((), ("370303",), ("370321002002",)):
        async with service.runtime.database.read(scope) as session:
            for table in GOVERNED:
                assert await session.rows(text(f"SELECT 1 FROM {table.name}")) == []  # noqa: S608


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM audit", "UPDATE audit SET actor = 'x'", "DELETE FROM ownership", "UPDATE ownership SET numerator = 2",
     "DELETE FROM owner", "DROP TABLE compound"],
)  # fmt: skip
async def test_the_serving_role_cannot_rewrite_the_record(service: Property, statement: str) -> None:
    with pytest.raises(ProgrammingError):
        async with service.runtime.database.write(("",)) as session:
            await session.execute(text(statement))
