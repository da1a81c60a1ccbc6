"""Migrating: one at a time, and told in a sentence when it cannot be done."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from chassis import migrations
from chassis.migrations import MigrationFailed

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.local.databases import ServiceDatabase
    from deploy.local.fixtures import ThrowawayPostgres

_ENVIRONMENT = """
from sqlalchemy import MetaData
from chassis.migrations import run_environment
run_environment(MetaData())
"""
_SCRIPT = """
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.execute("CREATE TABLE thing (id int)")
    op.execute({then!r})
"""


@pytest.fixture
async def made(postgres_server: ThrowawayPostgres) -> ServiceDatabase:
    return await postgres_server.create_service_database("notes")


def scripts(folder: Path, then: str = "SELECT 1") -> Path:
    (folder / "versions").mkdir()
    (folder / "env.py").write_text(_ENVIRONMENT)
    (folder / "versions" / "0001.py").write_text(_SCRIPT.format(then=then))
    return folder


async def test_a_migrator_waits_for_another_however_long_that_takes(
    made: ServiceDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "_LOCK_TIMEOUT", "1ms")
    monkeypatch.setattr(migrations, "_STATEMENT_TIMEOUT", "1s")
    engine = create_async_engine(made.owner_url)
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND wait_event = 'advisory' AND now() - query_start > interval '1.2 s'"
    )
    async with engine.connect() as other:
        await other.execute(text("SELECT pg_advisory_lock(7240124)"))
        second = asyncio.create_task(asyncio.to_thread(migrations.upgrade, scripts(tmp_path), made.owner_url, "x"))
        async with engine.connect() as watching, asyncio.timeout(30):
            while not second.done() and not (await watching.execute(waits)).scalar():
                await watching.rollback()
                await asyncio.sleep(0.05)
        assert not second.done(), "it gave up"
    await engine.dispose()
    await second


async def test_a_migration_that_fails_leaves_nothing_and_says_why(made: ServiceDatabase, tmp_path: Path) -> None:
    folder = scripts(tmp_path, then="SELECT 1 / 0")
    with pytest.raises(MigrationFailed, match="division by zero"):
        await asyncio.to_thread(migrations.upgrade, folder, made.owner_url, "x")
    engine = create_async_engine(made.owner_url)
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT to_regclass('thing')"))).scalar() is None
    await engine.dispose()


@pytest.mark.parametrize("address", ["127.0.0.1:1", ""])
async def test_a_database_that_is_away_or_keeps_us_out_is_told(
    made: ServiceDatabase, tmp_path: Path, address: str
) -> None:
    url = f"postgresql+asyncpg://owner:wrong@{address or made.owner_url.partition('@')[2].partition('/')[0]}/postgres"
    with pytest.raises(MigrationFailed, match=r"the database was not migrated: \S"):
        await asyncio.to_thread(migrations.upgrade, scripts(tmp_path), url, "x")
