"""The tables in code and in a migrated database are the same, and the serving role can do no more than it must."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chassis import migrations
from services.org.main import SERVICE
from services.org.storage.tables import GOVERNED

if TYPE_CHECKING:
    from deploy.local.fixtures import ThrowawayPostgres
    from tests.org.conftest import Org


async def test_the_migrations_make_the_tables_of_the_code(postgres_server: ThrowawayPostgres) -> None:
    made = await postgres_server.create_service_database("org")
    folder = SERVICE.package / "migrations"
    await asyncio.to_thread(migrations.upgrade, folder, made.owner_url, "linli_org")
    await asyncio.to_thread(migrations.check, folder, made.owner_url, "linli_org")


async def test_every_governed_table_is_under_row_security(city_org: Org) -> None:
    protected = {name for (name,) in await city_org.look("SELECT relname FROM pg_class WHERE relrowsecurity")}
    assert protected == {table.name for table in GOVERNED}
    columns = await city_org.look("SELECT table_name FROM information_schema.columns WHERE column_name = 'region_code'")
    assert {name for (name,) in columns} - protected == {"audit", "outbox"}


async def test_without_a_scope_nothing_governed_is_seen(city_org: Org) -> None:
    async with city_org.runtime.database.read(()) as session:
        for table in GOVERNED:
            assert await session.rows(text(f"SELECT 1 FROM {table.name}")) == []  # noqa: S608


@pytest.mark.parametrize("statement", ["DELETE FROM audit", "UPDATE audit SET actor = 'x'", "DROP TABLE duty"])
async def test_the_serving_role_cannot_rewrite_the_record(city_org: Org, statement: str) -> None:
    with pytest.raises(ProgrammingError):
        async with city_org.runtime.database.write(("",)) as session:
            await session.execute(text(statement))
