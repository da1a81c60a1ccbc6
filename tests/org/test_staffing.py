"""Counts of grids and the practice's staffing standard, through the graph."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

RECORD = """mutation($input: RecordCensusInput!) { recordCensus(input: $input) {
    grid { code } problems { code path } } }"""
STAFFING = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) { staffing {
    title { code } mostHouseholds mostResidents grids counted households residents tooSmall tooLarge needed held missing
    shortfalls { region { code } households residents size needed held missing } } } }"""


async def standing(org: Org, code: str = city.COMMUNITY, day: str | None = None) -> Any:
    (found,) = (await org.data(STAFFING, code=code, asOf=day))["region"]["staffing"]
    return found


async def record(org: Org, key: str, households: int, residents: int, **more: Any) -> list[str]:
    asked = {"idempotencyKey": key, "regionCode": city.SECOND_GRID, "validFrom": "2024-01-01", **more}
    payload = await org.data(RECORD, input={**asked, "households": households, "residents": residents})
    return [problem["code"] for problem in payload["recordCensus"]["problems"]]


async def test_a_shortfall_is_shown_with_its_grid(city_org: Org) -> None:
    assert await standing(city_org) == {
        "title": {"code": "grid_worker"},
        "mostHouseholds": 500,
        "mostResidents": 2000,
        "grids": 2,
        "counted": 1,
        "households": 420,
        "residents": 2100,
        "tooSmall": 0,
        "tooLarge": 0,
        "needed": 2,
        "held": 1,
        "missing": 1,
        "shortfalls": [
            {
                "region": {"code": city.GRID},
                "households": 420,
                "residents": 2100,
                "size": "WITHIN",
                "needed": 2,
                "held": 1,
                "missing": 1,
            }
        ],
    }
    early = await standing(city_org, day="2022-12-31")
    assert (early["grids"], early["counted"], early["needed"], early["held"]) == (2, 0, 0, 1)


async def test_a_new_count_takes_the_place_of_the_one_before_from_its_day_on(org: Org) -> None:
    assert await record(org, "a", 250, 700) == []
    assert await record(org, "b", 620, 1900, validFrom="2025-01-01") == []
    then = await standing(org, day="2024-06-01")
    assert (then["households"], then["tooSmall"], then["tooLarge"], then["missing"]) == (670, 1, 0, 2)
    now = await standing(org)
    assert (now["households"], now["tooSmall"], now["tooLarge"], now["missing"]) == (1040, 0, 1, 3)
    assert [one["region"]["code"] for one in now["shortfalls"]] == [city.SECOND_GRID, city.GRID]
    told = await org.look("SELECT region_code FROM outbox WHERE type = 'linli.org.census.recorded.v1' ORDER BY id")
    assert [code for (code,) in told][-2:] == [city.SECOND_GRID] * 2


async def test_a_wrong_count_is_refused_and_changes_nothing(org: Org) -> None:
    assert await record(org, "a", 250, 700) == []
    before = await org.contents()
    for key, households, more, code in (
        ("b", -1, {}, "INVALID_COUNT"),
        ("c", 1_000_001, {}, "INVALID_COUNT"),
        ("d", 1, {"regionCode": city.COMMUNITY}, "NOT_A_GRID"),
        ("e", 1, {"regionCode": city.COMMUNITY + "999"}, "UNKNOWN_REGION"),
        ("f", 1, {"validFrom": "2023-12-31"}, "DATE_TOO_EARLY"),
        ("g", 1, {"validFrom": "2999-01-01"}, "DATE_IN_FUTURE"),
    ):
        assert await record(org, key, households, 1, **more) == [code]
    assert await org.contents() == before


async def test_staffing_is_for_staff_of_the_place(city_org: Org) -> None:
    for role, region, code in (("resident", city.COUNTY, "FORBIDDEN"), ("grid_worker", city.GRID, "NOT_FOUND")):
        answer = await city_org.ask(STAFFING, city_org.token(role, region=region), code=city.COMMUNITY)
        assert answer["errors"][0]["extensions"]["code"] == code
    own = await city_org.data(STAFFING, city_org.token("grid_worker", region=city.GRID), code=city.GRID)
    assert own["region"]["staffing"][0]["missing"] == 1


async def test_a_merged_grid_has_the_households_of_both_when_both_were_counted(org: Org) -> None:
    redraw = """mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code } } }"""
    merge = [{"code": city.GRID, "intoCode": city.SECOND_GRID}]
    asked = {"within": city.COMMUNITY, "on": "2024-06-01", "merge": merge}
    assert await record(org, "a", 250, 700) == []
    done = await org.data(redraw, input={"idempotencyKey": "k", **asked})
    assert done["redrawGrids"]["problems"] == []
    now = await standing(org)
    assert (now["grids"], now["counted"], now["households"], now["residents"]) == (1, 1, 670, 2800)
    then = await standing(org, day="2024-05-31")
    assert (then["grids"], then["counted"], then["households"]) == (2, 2, 670)


async def test_a_merged_grid_is_counted_anew_when_one_of_the_two_was_not(org: Org) -> None:
    redraw = """mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code } } }"""
    asked = {"within": city.COMMUNITY, "on": "2024-06-01", "merge": [{"code": city.GRID, "intoCode": city.SECOND_GRID}]}
    await org.data(redraw, input={"idempotencyKey": "k", **asked})
    assert (await standing(org))["counted"] == 0
