"""Loading a practice into real databases by the services' own imports, as processes of their own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet

from chassis import migrations
from deploy.local import environment
from deploy.local.errors import LocalError
from deploy.local.fixtures import ThrowawayPostgres
from deploy.local.issuer import Issuer
from deploy.practices import catalogue
from deploy.practices.generate.files import PICTURE
from deploy.practices.load import load
from services.credit.main import SERVICE as CREDIT
from services.org.main import SERVICE as ORG
from services.property.main import SERVICE as PROPERTY
from services.tickets.main import SERVICE as TICKETS
from tests.practices.conftest import Copy

SMALLER = {
    "grids: 140": "grids: 15",
    "buildings: 1967": "buildings: 20",
    "units: 3925": "units: 25",
    "vacancies: 3": "vacancies: 1",
    "teams: 206": "teams: 16",
    "members: 4878": "members: 160",
    "count: 46": "count: 6",
    "count: 1143": "count: 5",
    "count: 822": "count: 5",
    "carried_through: 1400": "carried_through: 20",
    "returned: 70": "returned: 2",
    "late: 60": "late: 2",
    "reopened: 24": "reopened: 1",
    "refused: 30": "refused: 2",
    "withdrawn: 20": "withdrawn: 1",
    "open_at_each_step: 4": "open_at_each_step: 1",
    "count: 60": "count: 3",
    "count: 90": "count: 3",
    "count: 45, group": "count: 3, group",
    "carried_through: 80": "carried_through: 4",
    "carried_through: 120": "carried_through: 6",
    "volunteers: 4572": "volunteers: 12",
    "redemptions: 4790": "redemptions: 15",
}


@dataclass
class Databases:
    """A database for each service, and what its import is told."""

    environments: dict[str, dict[str, str]] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    files: Path = field(default_factory=Path)
    """The folder in which the files of tickets lie."""
    said: list[tuple[int, int, str]] = field(default_factory=list)

    async def load(self) -> None:
        await load("huantai", self.environments, lambda *told: self.said.append(told))

    async def contents(self, service: str) -> dict[str, list[Any]]:
        """Every row of a service's database, for comparing before and after."""
        connection = await asyncpg.connect(self.urls[service])
        try:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            return {
                name: await connection.fetch(f'SELECT x::text FROM "{name}" AS x ORDER BY 1')  # noqa: S608
                for (name,) in tables
            }
        finally:
            await connection.close()

    async def count(self, service: str, table: str, where: str = "true") -> Any:
        connection = await asyncpg.connect(self.urls[service])
        try:
            return await connection.fetchval(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608
        finally:
            await connection.close()


@pytest_asyncio.fixture
async def databases(
    postgres_server: ThrowawayPostgres, issuer: Issuer, tmp_path: Path, copy: Copy, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Databases]:
    """Empty databases of the services, and a small copy of the practice in place of the real one."""
    for before, after in SMALLER.items():
        copy.change("huantai.yaml", before, after)
    monkeypatch.setattr(catalogue, "FOLDER", copy.folder)
    made = Databases(files=tmp_path / "files")
    key = tmp_path / "data.key"
    key.write_bytes(Fernet.generate_key())
    for service in (ORG, TICKETS, CREDIT, PROPERTY):
        database = await postgres_server.create_service_database(service.name)
        app_role = f"linli_{service.name}"
        await asyncio.to_thread(migrations.upgrade, service.package / "migrations", database.owner_url, app_role)
        variables = {
            "DATABASE_URL": database.app_url,
            "NATS_URL": "nats://127.0.0.1:1",
            "JWKS_URL": issuer.jwks_url,
            "ISSUER": "linli-local",
            "DATA_KEY_FILE": str(key),
        }
        prefixed = {f"{service.prefix}{name}": value for name, value in variables.items()}
        made.environments[service.name] = environment.plain() | prefixed
        if service is TICKETS:
            link_key = tmp_path / "links.key"
            link_key.write_bytes(Fernet.generate_key())
            store = {"FILES": "folder", "FILES_FOLDER": str(made.files), "FILES_URL": "http://127.0.0.1:1"}
            store["FILES_KEY_FILE"] = str(link_key)
            made.environments[service.name] |= {f"{service.prefix}{name}": value for name, value in store.items()}
        made.urls[service.name] = postgres_server.admin_url_of(database.app_url.rpartition("/")[2]).replace(
            "postgresql+asyncpg", "postgresql"
        )
    yield made


async def test_a_practice_is_loaded_once_and_what_a_service_refuses_is_shown(databases: Databases, copy: Copy) -> None:
    await databases.load()
    assert await databases.count("org", "team_member") == 160
    assert await databases.count("org", "duty", "title = 'first_secretary' AND valid_to IS NULL") == 15
    assert await databases.count("tickets", "ticket", "outcome = 'done' AND process = 'five_sheets'") == 20
    assert await databases.count("tickets", "ticket", "ended_at IS NULL AND process = 'five_sheets'") == 6
    snapshots = await databases.count("tickets", "ticket", "process = 'snapshot'")
    stored = [file.read_bytes() for file in (databases.files / "imported/demonstration").iterdir()]
    assert stored == [PICTURE] * snapshots
    assert await databases.count("credit", "account", "nature = 'natural'") == 12
    assert await databases.count("credit", "redemption", "state = 'redeemed'") == 15
    assert [done for done, _, _ in databases.said] == [0, 1, 2, 3, 4, 5]
    assert await databases.count("property", "compound") == 40
    assert await databases.count("property", "company", "has_party_branch") == 21
    before = {service: await databases.contents(service) for service in databases.urls}
    await databases.load()
    assert {service: await databases.contents(service) for service in databases.urls} == before
    # In order as a practice, but this version of the process is there already, with another definition.
    copy.change("processes/five_sheets.yaml", "within: {working_days: 15}", "within: {working_days: 20}")
    with pytest.raises(LocalError, match="five_sheets version 3 is there with another definition"):
        await databases.load()
    assert {service: await databases.contents(service) for service in databases.urls} == before


async def test_a_faulty_practice_loads_nothing_and_says_where_it_is_wrong(databases: Databases, copy: Copy) -> None:
    line = copy.change("huantai.yaml", "team: volunteer", "team: choir")
    with pytest.raises(LocalError, match=rf"huantai\.yaml:{line}: no team of the kind `choir`"):
        await databases.load()
    assert await databases.count("org", "region") == 0
    assert await databases.count("tickets", "process_version") == 0


async def test_what_was_broken_off_between_the_services_is_finished_by_the_next_load(databases: Databases) -> None:
    right = databases.environments["tickets"]
    databases.environments["tickets"] = right | {"LINLI_TICKETS_TYPO": "1"}
    with pytest.raises(LocalError, match="LINLI_TICKETS_TYPO is not a setting"):
        await databases.load()
    assert await databases.count("tickets", "ticket") == 0
    databases.environments["tickets"] = right
    await databases.load()
    assert await databases.count("tickets", "ticket", "process = 'five_sheets'") == 29
    assert await databases.count("org", "region", "true") == 1 + 1 + 2 + 15 + 15 + 20 + 25
