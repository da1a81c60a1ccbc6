"""org on a real database, with the small city loaded; each test that changes something has a database of its own."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest_asyncio

from services.org.commands.import_practice import import_practice
from services.org.main import SERVICE
from tests.kit import Started
from tests.org import city, compounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chassis.service import Runtime
    from tests.kit import Plant


class Org(Started):
    """org as tests ask it."""

    def token(self, role: str = "admin", region: str = "", **more: Any) -> str:
        return self.issuer.mint(role, region=region, **more)

    async def data(self, query: str, token: str | None = None, **variables: Any) -> Any:
        """Ask, as an administrator unless `token` is another's, what must be answered without error."""
        return await super().data(query, token or self.token(), **variables)

    async def load(self, content: str) -> str:
        file = self.folder / "practice.jsonl"
        file.write_text(content, encoding="utf-8")
        return await import_practice(self.runtime, file)


async def _settle(runtime: Runtime) -> None:
    """Let the small city be there."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "practice.jsonl"
        file.write_text(city.lines(), encoding="utf-8")
        await import_practice(runtime, file)
    await compounds.tell(runtime.database, *(compounds.registered(*key) for key in compounds.PLACES))


async def start(plant: Plant, folder: Path) -> Org:
    """Start the service on a database of its own with the small city."""
    return Org.on(plant, SERVICE, await plant.database(SERVICE, "city", _settle), folder)


@pytest_asyncio.fixture
async def empty_org(plant: Plant, tmp_path: Path) -> AsyncIterator[Org]:
    """org with nothing in it, for one test alone."""
    org = Org.on(plant, SERVICE, await plant.database(SERVICE), tmp_path)
    yield org
    await org.close()


@pytest_asyncio.fixture
async def org(plant: Plant, tmp_path: Path) -> AsyncIterator[Org]:
    """org with the small city, for one test alone."""
    org = await start(plant, tmp_path)
    yield org
    await org.close()


@pytest_asyncio.fixture(scope="session")
async def city_org(plant: Plant, tmp_path_factory: Any) -> AsyncIterator[Org]:
    """org with the small city, for tests that only read."""
    org = await start(plant, tmp_path_factory.mktemp("org"))
    yield org
    await org.close()
