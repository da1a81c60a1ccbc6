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

    from deploy.practices.demonstration import City
    from tests.kit import Plant

STATS = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region { propertyStats { serviceSystems {
    name levels bodies posts compounds complete vacancies { code vacant } } } } } }"""


@pytest_asyncio.fixture
async def empty_property(plant: Plant, tmp_path: Path) -> AsyncIterator[Property]:
    """property with nothing in it, for one test alone."""
    started = Property.on(plant, SERVICE, await plant.database(SERVICE), tmp_path)
    yield started
    await started.close()


SOLUTIONS = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region { propertyStats {
    lackSolutions { count ways { care compounds } } open: lacks(open: true) threeNo: lacks(threeNo: true) } } } }"""


async def _know_district(service: Property, city: City) -> str:
    """Let property know the district alone; return its id."""
    (district,) = city.tree.at("DISTRICT")
    established = org.RegionEstablished(
        region_id=district.id, code=district.code, level="DISTRICT", name=district.name, parent_id=None,
        valid_from=date(2022, 3, 1),
    )  # fmt: skip
    await small.tell(service.runtime.database, established)
    file = service.folder / "practice.jsonl"
    file.write_bytes(json_lines(property_records(city)))
    await import_file(service.runtime, file)
    return str(district.id)


async def test_gusus_ways_of_care_for_compounds_without_service_are_counted_from_the_register(
    empty_property: Property,
) -> None:
    practice = read_practice("gusu")
    city = build_city(practice)
    ids = [{"__typename": "Region", "id": await _know_district(empty_property, city)}]
    token = empty_property.staff("observer", practice.region.district.code)
    (found,) = (await empty_property.data(SOLUTIONS, token, ids=ids))["_entities"]
    (row,) = [one for one in practice.figures.rows if one.id == "no_property_remedies"]
    assert answered_at({"district": found}, row.path) == row.expected == 3
    stats = found["propertyStats"]
    assert [(one["care"], one["compounds"]) for one in stats["lackSolutions"]["ways"]] == [
        ("COMMUNITY", 5), ("COMPANY", 8), ("SELF_MANAGED", 6),
    ]  # fmt: skip
    assert (stats["open"], stats["threeNo"]) == (19, 0)
    planned = [payload["data"] for type_, payload in await empty_property.events() if "solution_planned" in type_]
    assert len(planned) == 19


async def test_huantais_five_levels_and_two_bodies_are_counted_from_what_the_demonstration_loads(
    empty_property: Property,
) -> None:
    practice = read_practice("huantai")
    city = build_city(practice)
    district = await _know_district(empty_property, city)
    # As org's events tell of them.
    duties: list[dict[str, Any]] = [
        {"id": one.id, "person_id": one.person, "title": one.title, "valid_from": one.valid_from}
        for one in city.staff.duties
        if one.valid_to is None and one.title in {"grid_leader", "grid_worker", "building_leader", "unit_leader"}
    ]
    ids = [{"__typename": "Region", "id": district}]
    token = empty_property.staff("observer", practice.region.district.code)

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
