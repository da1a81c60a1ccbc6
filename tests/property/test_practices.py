"""The practices' property loads in full, and property answers the figures that are its own from the rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest_asyncio
from sqlalchemy import insert

from deploy.practices.catalogue import read_practice
from deploy.practices.demonstration import build_city, json_lines, property_records
from deploy.practices.figures import answered_at
from services.org.domain import events as org
from services.property.commands.import_file import import_file
from services.property.main import SERVICE
from services.property.storage import committee_tables as c
from tests.property import city as small
from tests.property.conftest import Property

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.kit import Plant

STATS = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region { propertyStats { serviceSystems {
    name levels bodies posts compounds complete vacancies { code vacant } } } } } }"""


@pytest_asyncio.fixture
async def empty_property(plant: Plant, tmp_path: Path) -> AsyncIterator[Property]:
    """property with nothing in it, for one test alone."""
    started = Property.on(plant, SERVICE, await plant.database(SERVICE), tmp_path)
    yield started
    await started.close()


async def test_huantais_five_levels_and_two_bodies_are_counted_from_what_the_demonstration_loads(
    empty_property: Property,
) -> None:
    practice = read_practice("huantai")
    city = build_city(practice)
    (district,) = city.tree.at("DISTRICT")
    established = org.RegionEstablished(
        region_id=district.id, code=district.code, level="DISTRICT", name=district.name, parent_id=None,
        valid_from=date(2022, 3, 1),
    )  # fmt: skip
    await small.tell(empty_property.runtime.database, established)
    # As org's events tell of them.
    duties: list[dict[str, Any]] = [
        {"id": one.id, "person_id": one.person, "title": one.title, "valid_from": one.valid_from}
        for one in city.staff.duties
        if one.valid_to is None and one.title in {"grid_leader", "grid_worker", "building_leader", "unit_leader"}
    ]
    file = empty_property.folder / "huantai.jsonl"
    file.write_bytes(json_lines(property_records(city)))
    await import_file(empty_property.runtime, file)
    ids = [{"__typename": "Region", "id": str(district.id)}]
    token = empty_property.staff("observer", district.code)

    async def counted() -> dict[str, Any]:
        (found,) = (await empty_property.data(STATS, token, ids=ids))["_entities"]
        (system,) = found["propertyStats"]["serviceSystems"]
        (row,) = [one for one in practice.figures.rows if one.id == "five_plus_two"]
        assert answered_at({"district": found}, row.path) == row.expected == 7
        return system  # type: ignore[no-any-return]

    untold = {one["code"]: one["vacant"] for one in (await counted())["vacancies"]}
    assert (untold["courtyard_steward"], untold["red_leaders"], untold["volunteers"]) == (9, 9, 0)
    async with empty_property.runtime.database.write(("",)) as session:
        await session.execute(insert(c.duty), duties)
    system = await counted()
    assert (system["levels"], system["bodies"], system["compounds"], system["complete"]) == (5, 2, 9, 7)
    assert [(one["code"], one["vacant"]) for one in system["vacancies"]] == [
        ("property_office", 0), ("grid_station", 0), ("courtyard_steward", 2), ("red_leaders", 0), ("volunteers", 0),
        ("property_committee", 0), ("credit_council", 1),
    ]  # fmt: skip
