"""Compounds, exclusive parts and owners through the graph."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from services.org.domain import events as org
from services.property.domain.content import today
from tests.kit import items_of
from tests.property import city

if TYPE_CHECKING:
    from tests.property.conftest import Property

WANG = {"name": "王小明", "number": "11010519491231002X", "phone": "13812345678", "subject": "wang"}
LI = {"name": "李小红", "number": "320508199001010010"}
OWNERS = "owners { ownerId name number phone share isAgent validFrom }"
HOUSEHOLDS = "query($id: ID!) { compound(id: $id) { households { edges { node { id area room " + OWNERS + " } } } } }"


def _rows(data: Any) -> list[Any]:
    return [edge["node"] for edge in data["compound"]["households"]["edges"]]


async def test_a_household_is_registered_with_its_owners_masked(service: Property) -> None:
    compound = await service.compound("云和苑")
    half = {"share": "1/2"}
    await service.household(compound, "101", WANG | half | {"isAgent": True}, LI | half, area="89.5")
    (found,) = _rows(await service.data(HOUSEHOLDS, service.staff(), id=compound))
    assert found["area"] == "89.50"
    shown = {(one["name"], one["number"], one["phone"], one["share"], one["isAgent"]) for one in found["owners"]}
    assert shown == {
        ("王*", "1****************X", "138****5678", "1/2", True),
        ("李*", "3****************0", None, "1/2", False),
    }
    events = [payload["data"] for type_, payload in await service.events() if type_.endswith("register_changed.v1")]
    assert (events[-1]["households"], events[-1]["area"]) == (1, 8950)
    stored = str(await service.contents())
    assert not any(secret in stored for secret in ("王小明", "李小红", "11010519491231002X", "13812345678"))


async def test_a_transfer_keeps_who_owned_it_before(service: Property) -> None:
    compound = await service.compound("过户")
    since = date(2020, 5, 1)
    one = await service.household(compound, "101", WANG, ownedSince=since.isoformat())
    asked = {"id": one["id"], "expectedVersion": one["version"], "owners": [LI]}
    early = asked | {"on": since.isoformat()}
    fields = "household { version " + OWNERS + " ownershipHistory { edges { node { name validFrom validTo } } } }"
    assert await service.refused("transferHousehold", service.staff(), fields, **early) == "INVALID_DATE"
    future = asked | {"on": (today() + timedelta(days=1)).isoformat()}
    assert await service.refused("transferHousehold", service.staff(), fields, **future) == "DATE_IN_FUTURE"
    done = await service.done("transferHousehold", service.staff(), fields, **asked, on="2024-03-01")
    assert [owner["name"] for owner in done["household"]["owners"]] == ["李*"]
    assert items_of(done["household"]["ownershipHistory"]) == [
        {"name": "李*", "validFrom": "2024-03-01", "validTo": None},
        {"name": "王*", "validFrom": "2020-05-01", "validTo": "2024-03-01"},
    ]
    again = asked | {"on": "2024-04-01"}
    assert await service.refused("transferHousehold", service.staff(), fields, **again) == "STALE_VERSION"


@pytest.mark.parametrize(
    ("owners", "more", "code"),
    [
        ([], {}, "NO_OWNERS"),
        ([WANG], {"status": "DEVELOPER_UNSOLD"}, "NO_OWNERS"),
        ([WANG, LI], {}, "INVALID_SHARE"),
        ([WANG | {"share": "1/2"}, LI | {"share": "1/3"}], {}, "INVALID_SHARE"),
        ([WANG | {"share": "1/2"}, WANG | {"share": "1/2"}], {}, "OWNER_TWICE"),
        ([WANG | {"share": "1/101"}] * 101, {}, "TOO_MANY_OWNERS"),
        ([WANG | {"number": "110105194912310021"}], {}, "INVALID_RESIDENT_ID"),
        ([WANG | {"number": "1****************X"}], {}, "MASKED_VALUE"),
        ([WANG | {"name": "王*"}], {}, "MASKED_VALUE"),
        ([WANG], {"area": "0"}, "INVALID_AREA"),
        ([WANG], {"area": "89.505"}, "INVALID_AREA"),
        ([{"name": "某公司", "kind": "LEGAL", "number": "91110000600037341K"}], {}, "INVALID_CREDIT_CODE"),
    ],
)
async def test_what_is_wrong_is_refused_and_changes_nothing(
    service: Property, owners: list[Any], more: dict[str, Any], code: str
) -> None:
    compound = await service.compound("不收")
    asked = {
        "idempotencyKey": "x",
        "compoundId": compound,
        "building": "1",
        "room": "1",
        "area": "90",
        "owners": owners,
    }
    found = await service.refused("registerHousehold", service.staff(), "household { id }", **(asked | more))
    assert found == code


async def test_an_owner_sees_what_is_theirs_and_nothing_else(service: Property) -> None:
    compound = await service.compound("自己的")
    mine = await service.household(compound, "101", WANG | {"subject": "owner of 101"})
    await service.household(compound, "102", LI)
    query = "{ myHouseholds { edges { node { id } } } }"
    found = await service.data(query, service.resident("owner of 101"))
    assert [edge["node"]["id"] for edge in found["myHouseholds"]["edges"]] == [mine["id"]]
    assert (await service.data(query, service.resident("nobody")))["myHouseholds"]["edges"] == []
    assert await service.error(HOUSEHOLDS, service.resident("owner of 101"), id=compound) == "FORBIDDEN"
    assert await service.error(HOUSEHOLDS, service.staff(region=city.ELSEWHERE), id=compound) == "NOT_FOUND"


async def test_a_look_at_an_owner_is_recorded_with_its_purpose(service: Property) -> None:
    compound = await service.compound("查看")
    await service.household(compound, "101", WANG)
    (found,) = _rows(await service.data(HOUSEHOLDS, service.staff(), id=compound))
    asked = {"id": found["owners"][0]["ownerId"], "purpose": "核对表决票"}
    fields = "owner { name number phone }"
    done = await service.done("revealOwner", service.staff(), fields, **asked)
    assert done["owner"] == {name: WANG[name] for name in ("name", "number", "phone")}
    assert await service.refused("revealOwner", service.staff(), fields, **(asked | {"purpose": " "})) == "REQUIRED"
    looks = await service.look("SELECT fields ->> 'purpose' FROM audit WHERE operation = 'revealOwner'")
    assert looks == [("核对表决票",)]


async def test_tenants_and_representatives_come_and_go(service: Property) -> None:
    compound = await service.compound("承租")
    home = await service.household(compound, "101", WANG)
    fields = "household { occupants { edges { node { id role name phone validTo } } } }"
    asked = {"householdId": home["id"], "role": "TENANT", "name": "赵六", "phone": "13900001111"}
    done = await service.done(
        "addOccupant", service.staff(), fields, idempotencyKey="t", validFrom="2024-01-01", **asked
    )
    (tenant,) = items_of(done["household"]["occupants"])
    assert (tenant["role"], tenant["name"], tenant["phone"]) == ("TENANT", "赵*", "139****1111")
    ended = await service.done("endOccupant", service.staff(), fields, id=tenant["id"], on="2024-06-01")
    assert items_of(ended["household"]["occupants"])[0]["validTo"] == "2024-06-01"
    again = {"id": tenant["id"], "on": "2024-07-01"}
    assert await service.refused("endOccupant", service.staff(), fields, **again) == "ALREADY_ENDED"


async def test_figures_are_counted_at_every_level_within_scope(service: Property) -> None:
    compound = await service.compound("统计", region=city.COMMUNITY_2, care="SELF_MANAGED")
    token = service.staff("subdistrict_officer", city.SUBDISTRICT)
    asked = {"idempotencyKey": "f", "compoundId": compound, "building": "1", "room": "1", "area": "70.25"}
    await service.done("registerHousehold", token, "household { id }", **asked, owners=[WANG])
    query = """query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Region {
        propertyStats { compounds(care: SELF_MANAGED) households area }
        compounds(care: SELF_MANAGED) { totalCount } } } }"""
    codes = (city.COMMUNITY_2, city.SUBDISTRICT, city.DISTRICT, city.CITY, city.ELSEWHERE)
    ids = [{"__typename": "Region", "id": str(city.region_id(code))} for code in codes]
    found = (await service.data(query, service.staff(region=city.COMMUNITY_2), ids=ids))["_entities"]
    counted = {"propertyStats": {"compounds": 1, "households": 1, "area": "70.25"}, "compounds": {"totalCount": 1}}
    assert found[:4] == [counted] * 4
    assert found[4]["propertyStats"] == {"compounds": 0, "households": 0, "area": "0.00"}


async def test_a_recoded_region_takes_everything_along(service: Property) -> None:
    compound = await service.compound("改码", region=city.GRID)
    await service.done(
        "registerHousehold", service.staff(), "household { id }",
        idempotencyKey="g", compoundId=compound, building="1", room="1", area="10", owners=[WANG],
    )  # fmt: skip
    new = "370321002002009"
    recoded = org.RegionRecoded(
        region_id=city.region_id(city.GRID), code=new, previous_code=city.GRID, level="GRID", parent_id=None,
        valid_from=today(),
    )  # fmt: skip
    await city.tell(service.runtime.database, recoded)
    for table in ("compound", "part", "owner", "ownership"):
        column = "id" if table == "compound" else "compound_id"
        found = await service.look(f"SELECT DISTINCT region_code FROM {table} WHERE {column} = '{compound}'")  # noqa: S608
        assert found == [(new,)]


async def test_what_lay_in_a_region_that_was_merged_lies_in_the_one_that_took_over(service: Property) -> None:
    codes = ("370321002001071", "370321002001072", "370321002001073")
    grids = [
        org.RegionEstablished(
            region_id=city.region_id(code), code=code, level="GRID", name=f"第{at}网格", parent_id=None,
            valid_from=date(2024, 1, 1),
        )
        for at, code in enumerate(codes)
    ]  # fmt: skip
    await city.tell(service.runtime.database, *grids)
    compounds = [await service.compound("阳光小区", region=code) for code in codes]
    asked = {"building": "1", "room": "1", "area": "10", "owners": [WANG], "compoundId": compounds[0]}
    await service.done("registerHousehold", service.staff(), "household { id }", idempotencyKey="m", **asked)
    for code in codes[:2]:
        closed = org.RegionClosed(
            region_id=city.region_id(code), code=code, valid_to=today(), into_region_id=city.region_id(codes[2]),
            into_code=codes[2],
        )  # fmt: skip
        await city.tell(service.runtime.database, closed, closed)
    rows = await service.look("SELECT id::text, name, region_id, region_code FROM compound WHERE name LIKE '阳光%'")
    assert {row[0] for row in rows} == set(compounds)
    assert {row[2:] for row in rows} == {(city.region_id(codes[2]), codes[2])}
    assert {row[1] for row in rows} == {"阳光小区（原第0网格）", "阳光小区（原第1网格）", "阳光小区"}
    for table in ("part", "owner", "ownership"):
        found = await service.look(f"SELECT DISTINCT region_code FROM {table} WHERE compound_id = '{compounds[0]}'")  # noqa: S608
        assert found == [(codes[2],)]
