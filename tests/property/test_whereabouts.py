"""Where compounds lie: recorded, corrected, taken back, imported, and told of."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chassis.ids import new_id
from chassis.service import ImportRefused
from services.org.domain import events as org
from services.property.commands.compounds import tell_compounds
from services.property.domain import records as r
from services.property.domain.content import today
from tests.property import city
from tests.property.test_figures import load

if TYPE_CHECKING:
    from tests.property.conftest import Property

PLACE = "compound { version latitude longitude }"
HERE: dict[str, Any] = {"latitude": 36.96, "longitude": 118.1}


async def told_of(service: Property, compound: str) -> list[tuple[str, Any]]:
    """What was told of a compound: fact and data, in order."""
    payloads = [payload for _, payload in await service.events() if payload["subject"] == compound]
    return [(payload["type"].split(".")[3], payload["data"]) for payload in payloads]


async def test_a_compound_has_a_place_that_is_recorded_corrected_and_taken_back(service: Property) -> None:
    compound = await service.compound("定位")
    place = {"id": compound, "expectedVersion": 1}
    done = await service.done("placeCompound", service.staff(), PLACE, **place, **HERE)
    assert done["compound"] == {"version": 2, **HERE}
    better = {"latitude": 36.97, "longitude": 118.1}
    assert (await service.refused("placeCompound", service.staff(), PLACE, **place, **better)) == "STALE_VERSION", (
        "decided on what was there before"
    )
    corrected = await service.done("placeCompound", service.staff(), PLACE, **place | {"expectedVersion": 2}, **better)
    assert corrected["compound"] == {"version": 3, **better}
    back = await service.done("placeCompound", service.staff(), PLACE, **place | {"expectedVersion": 3})
    assert back["compound"] == {"version": 4, "latitude": None, "longitude": None}
    facts = await told_of(service, compound)
    assert [fact for fact, _ in facts] == ["registered", "placed", "placed", "placed"]
    assert [(data["latitude"], data["longitude"]) for _, data in facts] == [
        (None, None),
        (36.96, 118.1),
        (36.97, 118.1),
        (None, None),
    ]
    assert {(data["name"], data["regionCode"], data["registeredOn"]) for _, data in facts} == {
        ("定位", city.COMMUNITY, today().isoformat())
    }


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"latitude": 36.9}, "INVALID_COORDINATES"),
        ({"longitude": 118.1}, "INVALID_COORDINATES"),
        ({"latitude": 90.1, "longitude": 118.1}, "INVALID_COORDINATES"),
        ({"latitude": 36.9, "longitude": -180.5}, "INVALID_COORDINATES"),
        (HERE, "SAME_PLACE"),
    ],
)
async def test_half_a_place_one_that_is_nowhere_and_the_same_again_change_nothing(
    service: Property, place: dict[str, Any], code: str
) -> None:
    compound = await service.compound(f"不收{place}", **HERE)
    asked = {"id": compound, "expectedVersion": 1, **place}
    assert await service.refused("placeCompound", service.staff(), PLACE, **asked) == code
    if code == "INVALID_COORDINATES":
        new = {"idempotencyKey": str(place), "regionCode": city.COMMUNITY, "name": f"新{place}", "kind": "commercial"}
        assert await service.refused("registerCompound", service.staff(), PLACE, **new, **place) == code


async def test_an_imported_compound_brings_its_place_and_half_a_one_imports_nothing(service: Property) -> None:
    def compound(name: str, **place: Any) -> r.CompoundRecord:
        where = (city.region_id(city.COMMUNITY), city.COMMUNITY)
        return r.CompoundRecord(new_id(), name, "commercial", *where, date(2021, 5, 1), **place)

    whole, half = compound("导入定位", **HERE), compound("半个位置", latitude=36.96)
    before = await service.contents()
    with pytest.raises(ImportRefused, match=r"line 2: .*INVALID_COORDINATES"):
        await load(service, "half a place", [whole, half])
    assert await service.contents() == before
    await load(service, "a place", [whole])
    ((fact, data),) = await told_of(service, str(whole.id))
    assert fact == "registered"
    assert (data["latitude"], data["longitude"], data["registeredOn"]) == (36.96, 118.1, "2021-05-01")


async def test_who_begins_to_listen_late_is_told_of_every_compound_as_it_is_now(service: Property) -> None:
    compound = await service.compound("重述", **HERE)
    rows = await service.look("SELECT count(*) FROM compound")
    assert await tell_compounds(service.runtime) == f"told of {rows[0][0]} compounds"
    facts = await told_of(service, compound)
    assert [fact for fact, _ in facts] == ["registered", "placed"]
    told = ("compoundId", "regionId", "regionCode", "name", "registeredOn", "latitude", "longitude")
    assert {name: facts[1][1][name] for name in told} == {name: facts[0][1][name] for name in told}
    assert await service.look(f"SELECT version, events FROM compound WHERE id = '{compound}'") == [(1, 2)]  # noqa: S608


async def test_a_compound_whose_region_was_merged_is_told_of_where_it_lies_now(service: Property) -> None:
    codes = ("370321002001081", "370321002001082")
    for at, code in enumerate(codes):
        grid = org.RegionEstablished(
            region_id=city.region_id(code), code=code, level="GRID", name=f"并入{at}", parent_id=None,
            valid_from=date(2024, 1, 1),
        )  # fmt: skip
        await city.tell(service.runtime.database, grid)
    moved, stays = [await service.compound("同名小区", region=code, **HERE) for code in codes]
    closed = org.RegionClosed(
        region_id=city.region_id(codes[0]), code=codes[0], valid_to=today(), into_region_id=city.region_id(codes[1]),
        into_code=codes[1],
    )  # fmt: skip
    await city.tell(service.runtime.database, closed, closed)
    facts = await told_of(service, moved)
    assert [fact for fact, _ in facts] == ["registered", "moved"], "once, though the merger was heard of twice"
    data = facts[-1][1]
    assert (data["regionId"], data["regionCode"]) == (str(city.region_id(codes[1])), codes[1])
    assert (data["name"], data["latitude"], data["longitude"]) == ("同名小区（原并入0）", 36.96, 118.1)
    assert [fact for fact, _ in await told_of(service, stays)] == ["registered"]
    versions = await service.look(f"SELECT version, events FROM compound WHERE id = '{moved}'")  # noqa: S608
    assert versions == [(2, 2)]
