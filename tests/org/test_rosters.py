"""Rosters of regions with gaps, and vacancies counted at every level, through the graph."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

ROSTER = """{ %s(code: "%s"%s) { dutyRoster { expected held missing title { code } duties { person { id } } } } }"""
VACANT = """{ %s(code: "%s") { vacancies(title: "%s", first: 10) { totalCount edges { node {
    expected held missing title { code } region { code } } } } } }"""
STATS = '{ %s(code: "%s") { vacancyStats { regions short expected held missing title { code } } } }'


def person(key: str) -> str:
    return str(city.id_of("person", key))


async def roster(org: Org, level: str, code: str, day: str = "") -> dict[str, tuple[int, int, list[str]]]:
    found = (await org.data(ROSTER % (level, code, f', asOf: "{day}"' if day else "")))[level]["dutyRoster"]
    return {
        one["title"]["code"]: (one["expected"], one["missing"], [duty["person"]["id"] for duty in one["duties"]])
        for one in found
    }


async def stats(org: Org, level: str, code: str) -> dict[str, tuple[int, ...]]:
    found: Any = (await org.data(STATS % (level, code)))[level]["vacancyStats"]
    names = ("regions", "short", "expected", "held", "missing")
    return {one["title"]["code"]: tuple(one[name] for name in names) for one in found}


async def test_a_roster_shows_each_post_of_a_region_with_its_holders_or_its_gap(city_org: Org) -> None:
    grid = await roster(city_org, "grid", city.GRID)
    assert grid["grid_leader"] == (1, 0, [person("leader")])
    assert grid["grid_worker"] == (1, 0, [person("worker")])
    assert (await roster(city_org, "grid", city.SECOND_GRID))["grid_worker"] == (1, 1, [])
    assert (await roster(city_org, "grid", city.GRID, "2022-12-31"))["grid_worker"] == (1, 0, [person("spare")])
    building = '{ region(code: "%s") { dutyRoster { held missing title { code } } } }'
    there = (await city_org.data(building % city.BUILDING))["region"]["dutyRoster"]
    assert there == [{"held": 2, "missing": 0, "title": {"code": "building_leader"}}]
    empty = (await city_org.data(building % city.SECOND_BUILDING))["region"]["dutyRoster"]
    assert empty == [{"held": 0, "missing": 1, "title": {"code": "building_leader"}}]


async def test_vacancies_are_listed_and_counted_at_every_level(city_org: Org) -> None:
    for level, code in (("district", city.COUNTY), ("subdistrict", city.SUBDISTRICT), ("community", city.COMMUNITY)):
        found = (await city_org.data(VACANT % (level, code, "grid_worker")))[level]["vacancies"]
        assert found["totalCount"] == 1
        assert found["edges"][0]["node"] == {
            "expected": 1,
            "held": 0,
            "missing": 1,
            "title": {"code": "grid_worker"},
            "region": {"code": city.SECOND_GRID},
        }
    counted = await stats(city_org, "district", city.COUNTY)
    assert counted["grid_worker"] == (2, 1, 2, 1, 1)
    assert counted["community_secretary"] == (2, 1, 2, 1, 1)
    # Two hold the first building, where one is enough: that does not make up for the second.
    assert counted["building_leader"] == (2, 1, 2, 2, 1)
    assert "adviser" not in counted
    assert (await stats(city_org, "grid", city.SECOND_GRID))["grid_leader"] == (1, 1, 1, 0, 1)


async def test_a_vacancy_is_gone_when_somebody_takes_the_post(org: Org) -> None:
    document = "mutation($input: AssignDutyInput!) { assignDuty(input: $input) { problems { code } } }"
    given = {"idempotencyKey": "a", "personId": person("spare"), "title": "grid_worker", "validFrom": "2024-01-01"}
    answer = await org.data(document, input={**given, "regionCode": city.SECOND_GRID})
    assert answer["assignDuty"]["problems"] == []
    assert (await stats(org, "district", city.COUNTY))["grid_worker"] == (2, 0, 2, 2, 0)
    assert (await org.data(VACANT % ("district", city.COUNTY, "grid_worker")))["district"]["vacancies"]["edges"] == []


async def test_a_caller_sees_the_vacancies_of_their_own_district_only(city_org: Org) -> None:
    city_wide = (await city_org.data(STATS % ("city", "3703")))["city"]["vacancyStats"]
    everywhere = {one["title"]["code"]: one["regions"] for one in city_wide}
    mine = city_org.token("observer", region=city.COUNTY)
    seen = (await city_org.data(STATS % ("city", "3703"), mine))["city"]["vacancyStats"]
    assert {one["title"]["code"]: one["regions"] for one in seen}["grid_worker"] == everywhere["grid_worker"] - 1 == 2
