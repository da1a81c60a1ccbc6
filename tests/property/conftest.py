"""property on a real database, knowing the small city; each module has a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest_asyncio

from services.property.main import SERVICE
from tests.kit import Started
from tests.property import city

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chassis.service import Runtime
    from tests.kit import Plant


class Property(Started):
    """property as tests ask it."""

    def staff(self, role: str = "community_worker", region: str = city.COMMUNITY) -> str:
        return self.issuer.mint(role, region=region, subject=f"staff of {region}")

    def resident(self, name: str, region: str = city.COMMUNITY) -> str:
        return self.issuer.mint("resident", region=region, subject=name)

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


async def _settle(runtime: Runtime) -> None:
    """Let the city be known."""
    await city.tell(runtime.database, *city.history())


async def start(plant: Plant, folder: Path) -> Property:
    """Start the service on a database of its own that knows the city."""
    return Property.on(plant, SERVICE, await plant.database(SERVICE, "city", _settle), folder)


@pytest_asyncio.fixture(scope="module")
async def service(plant: Plant, tmp_path_factory: Any) -> AsyncIterator[Property]:
    """property for the tests of one module; each makes compounds of its own."""
    started = await start(plant, tmp_path_factory.mktemp("property"))
    yield started
    await started.close()
