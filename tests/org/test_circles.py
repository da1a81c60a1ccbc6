"""Service circles: what is within reach of a compound, and how the compounds of a region are covered."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from chassis.service import ImportRefused
from services.org.domain.walking import Point, walking_metres, walking_minutes
from tests.org import city
from tests.org.compounds import PLACES, compound_id, placed, registered, tell
from tests.org.conftest import Org

COVERAGE = """query($code: String!, $asOf: Date, $minutes: Int, $circle: String, $kinds: [String!],
    $functions: [String!]) { region(code: $code, asOf: $asOf) {
    serviceCircle(minutes: $minutes, circle: $circle, kinds: $kinds, functions: $functions) {
        minutes circle { code name stationKinds { code } } compounds located covered uncovered coveredPercent
        functions { function compounds }
        uncoveredCompounds { totalCount edges { node { compound { id } region { code } } } }
        unlocatedCompounds { totalCount edges { node { compound { id } } } } } } }"""
AROUND = """query($refs: [_Any!]!, $minutes: Int, $circle: String, $kinds: [String!], $functions: [String!],
    $asOf: Date) { _entities(representations: $refs) { ... on Compound { id
        reachableStations(minutes: $minutes, circle: $circle, kinds: $kinds, functions: $functions, asOf: $asOf) {
            metres minutes station { name } }
        reachableServiceItems(minutes: $minutes, circle: $circle, asOf: $asOf) { item { title } } } } }"""
NORTH, EAST = 36.96, 118.1
TEN = {
    "record": "service_circle",
    "code": "ten",
    "name_zh": "10分钟党群服务圈",
    "name_en": "ten-minute circle",
    "position": 1,
    "minutes": 10,
}


def station(key: str, latitude: float | None, longitude: float = EAST, **more: Any) -> dict[str, Any]:
    place = {} if latitude is None else {"latitude": latitude, "longitude": longitude}
    return {
        "record": "station",
        "id": str(city.id_of("station", key)),
        "kind": "courtyard_council",
        "name": key,
        "region_code": city.GRID,
        "opened_on": "2024-01-01",
        **place,
        **more,
    }


async def settle(org: Org) -> None:
    """One compound beside a council, one far from it in the same community, one of which nobody knows where it lies."""
    await org.load(
        "\n".join(
            json.dumps(one)
            for one in (
                station("议事", NORTH + 0.002, functions=["议事协商", "便民服务"]),
                station(
                    "大厅", NORTH + 0.003, kind="deliberation_hall", functions=["便民服务"], opened_on="2025-01-01"
                ),
                station("外区", NORTH + 0.02, region_code=city.FOREIGN_GRID),
                station("无址", None),
            )
        )
    )
    await tell(org.runtime.database, placed(NORTH, EAST, 0), placed(NORTH + 0.02, EAST, 1))
    await tell(org.runtime.database, placed(NORTH, EAST, "second"))


async def coverage(org: Org, code: str = city.COMMUNITY, token: str | None = None, **asked: Any) -> Any:
    found = (await org.data(COVERAGE, token, code=code, **asked))["region"]["serviceCircle"]
    if found is not None:
        found["uncoveredCompounds"] = [
            (one["node"]["compound"]["id"], one["node"]["region"]["code"])
            for one in found["uncoveredCompounds"]["edges"]
        ]
        found["unlocatedCompounds"] = {one["node"]["compound"]["id"] for one in found["unlocatedCompounds"]["edges"]}
    return found


def counts(found: Any) -> tuple[int, int, int]:
    return found["compounds"], found["located"], found["covered"]


async def around(org: Org, *key: object, token: str | None = None, **asked: Any) -> Any:
    refs = [{"__typename": "Compound", "id": str(compound_id(*key))}]
    return (await org.data(AROUND, token, refs=refs, **asked))["_entities"][0]


async def test_the_coverage_of_a_region_counts_and_lists_what_has_a_station_within_the_walk(org: Org) -> None:
    await settle(org)
    mine = org.token("observer", region=city.COUNTY)
    in_community = [key for key, code in PLACES.items() if code.startswith(city.COMMUNITY)]
    found = await coverage(org, token=mine, minutes=10)
    assert (found["minutes"], found["circle"]) == (10, None)
    assert counts(found) == (len(in_community), 2, 1)
    assert (found["uncovered"], found["coveredPercent"]) == (1, 50.0)
    assert found["uncoveredCompounds"] == [(str(compound_id(1)), city.COMMUNITY)]
    assert found["unlocatedCompounds"] == {str(compound_id(*key)) for key in in_community if key not in {(0,), (1,)}}
    assert found["functions"] == [{"function": "便民服务", "compounds": 1}, {"function": "议事协商", "compounds": 1}]
    everywhere = await coverage(org, minutes=10)
    assert counts(everywhere)[2] == 2, "who sees the next county sees the station there"
    county = await coverage(org, city.COUNTY, token=mine, minutes=10)
    assert counts(county) == (len(in_community) + 1, 3, 2)
    assert await coverage(org, "3703", token=mine, minutes=10) == county, "of the city, what is in scope"
    assert (await coverage(org, city.UNIT, minutes=10))["coveredPercent"] is None


async def test_stations_count_by_kind_function_and_day(org: Org) -> None:
    await settle(org)

    mine = org.token("observer", region=city.COUNTY)

    async def covered(minutes: int = 5, **asked: Any) -> int:
        return counts(await coverage(org, token=mine, minutes=minutes, **asked))[2]

    assert await covered(kinds=["deliberation_hall"]) == 0, "five and a half minutes away"
    assert await covered(6, kinds=["deliberation_hall"]) == 1
    assert await covered(kinds=["courtyard_council", "deliberation_hall"]) == 1
    assert await covered(functions=["议事协商"]) == 1
    assert await covered(functions=["理发"]) == 0
    assert await covered(functions=["理发", "便民服务"]) == 1
    assert await covered(kinds=["deliberation_hall"], functions=["议事协商"]) == 0
    assert counts(await coverage(org, minutes=5, asOf="2023-12-31"))[1:] == (2, 0), "no station was open yet"
    assert counts(await coverage(org, minutes=5, asOf="2023-05-31")) == (0, 0, 0), "no compound was registered yet"
    assert await covered(6, kinds=["deliberation_hall"], asOf="2024-12-31") == 0


async def test_a_past_day_counts_where_compounds_lay_before_grids_were_merged(org: Org) -> None:
    await tell(org.runtime.database, registered("old", code=city.GRID), placed(NORTH, EAST, "old", code=city.GRID))
    document = "mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code } } }"
    plan = {"within": city.COMMUNITY, "on": "2024-06-01", "merge": [{"code": city.GRID, "intoCode": city.SECOND_GRID}]}
    done = await org.data(document, input={"idempotencyKey": "merge", **plan})
    assert done["redrawGrids"]["problems"] == []
    before = await coverage(org, city.GRID, minutes=10, asOf="2024-05-31")
    assert (before["compounds"], before["uncoveredCompounds"]) == (1, [(str(compound_id("old")), city.GRID)])
    assert (await coverage(org, city.SECOND_GRID, minutes=10, asOf="2024-05-31"))["located"] == 0
    assert (await coverage(org, city.SECOND_GRID, minutes=10))["located"] == 1


async def test_the_practice_says_how_far_and_for_which_stations_unless_it_is_asked_for(org: Org) -> None:
    await settle(org)
    assert await coverage(org) is None, "neither the practice nor the query says how far"
    assert (await around(org, 0))["reachableStations"] is None
    await org.load(json.dumps(TEN))
    found = await coverage(org)
    assert (found["minutes"], found["circle"]) == (
        10,
        {"code": "ten", "name": "ten-minute circle", "stationKinds": []},
    )
    narrower = {**TEN, "minutes": 6, "station_kinds": ["deliberation_hall"]}
    wider = {**TEN, "code": "fifteen", "position": 2, "minutes": 15}
    await org.load(f"{json.dumps(narrower)}\n{json.dumps(wider)}")
    listed = await org.data("{ serviceCircles { code minutes stationKinds { code } } }")
    assert listed["serviceCircles"] == [
        {"code": "ten", "minutes": 6, "stationKinds": [{"code": "deliberation_hall"}]},
        {"code": "fifteen", "minutes": 15, "stationKinds": []},
    ]
    names = [one["station"]["name"] for one in (await around(org, 0))["reachableStations"]]
    assert names == ["大厅"]
    names = [one["station"]["name"] for one in (await around(org, 0, circle="fifteen"))["reachableStations"]]
    assert names == ["议事", "大厅"]
    for wrong in ({"circle": "two"}, {"minutes": 61}, {"minutes": 0}):
        answer = await org.ask(COVERAGE, org.token(), code=city.COMMUNITY, **wrong)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"minutes": 0}, "INVALID_MINUTES"),
        ({"minutes": 61}, "INVALID_MINUTES"),
        ({"station_kinds": ["shop"]}, "UNKNOWN_KIND"),
        ({"code": "Ten"}, "INVALID_WORD_CODE"),
    ],
)
async def test_a_circle_that_cannot_be_is_refused_and_imports_nothing(
    org: Org, wrong: dict[str, Any], code: str
) -> None:
    before = await org.contents()
    with pytest.raises(ImportRefused, match=rf"line 1: .*{code}"):
        await org.load(json.dumps(TEN | wrong))
    assert await org.contents() == before


async def test_what_is_within_reach_of_a_compound_is_told_the_nearest_first(org: Org) -> None:
    await settle(org)
    near = await around(org, 0, minutes=15)
    assert near["reachableStations"] == [
        {"metres": 289, "minutes": 3.6, "station": {"name": "议事"}},
        {"metres": 434, "minutes": 5.4, "station": {"name": "大厅"}},
    ]
    items = {one["item"]["title"] for one in near["reachableServiceItems"]}
    assert items, "an item is handled at halls"
    assert (await around(org, 0, minutes=5))["reachableServiceItems"] == []
    assert (await around(org, 0, minutes=15, asOf="2024-06-01"))["reachableStations"] == near["reachableStations"][:1]
    assert (await around(org, 2, minutes=15))["reachableStations"] is None, "nobody knows where it lies"
    assert (await around(org, 0, minutes=15, asOf="2023-05-31"))["reachableStations"] is None
    assert await around(org, "never told", minutes=15) is None
    foreign = org.token("observer", region=city.FOREIGN)
    assert await around(org, 0, minutes=15, token=foreign) is None, "outside the scope of who asks"


async def test_the_database_measures_as_the_rule_does(org: Org) -> None:
    """The counts in SQL are those of `domain/walking.py`, for places all over the county."""
    random = Random(15)  # noqa: S311 (not a secret)

    def somewhere() -> Point:
        return Point(NORTH + random.uniform(-0.03, 0.03), EAST + random.uniform(-0.03, 0.03))

    stations = {f"s{number}": somewhere() for number in range(25)}
    compounds = {number: somewhere() for number in range(100, 140)}
    lines = [station(key, place.latitude, place.longitude) for key, place in stations.items()]
    await org.load("\n".join(json.dumps(one) for one in lines))
    for number, place in compounds.items():
        told = placed(place.latitude, place.longitude, number, code=city.SECOND_COMMUNITY)
        await tell(org.runtime.database, told)
    some_are_near = some_are_not = False
    for minutes in (5, 10, 20):
        near = {
            number
            for number, here in compounds.items()
            if any(walking_minutes(walking_metres(here, there)) <= minutes for there in stations.values())
        }
        some_are_near, some_are_not = some_are_near or bool(near), some_are_not or len(near) < len(compounds)
        assert counts(await coverage(org, city.SECOND_COMMUNITY, minutes=minutes))[2] == len(near)
        for number, here in list(compounds.items())[:5]:
            expected = sorted(
                (round(walking_metres(here, there)), key)
                for key, there in stations.items()
                if walking_minutes(walking_metres(here, there)) <= minutes
            )
            found = (await around(org, number, minutes=minutes))["reachableStations"]
            assert [(one["metres"], one["station"]["name"]) for one in found] == expected
    assert some_are_near
    assert some_are_not


async def test_uncovered_compounds_come_in_pages(org: Org) -> None:
    for number in range(200, 205):
        await tell(org.runtime.database, placed(NORTH, EAST, number, code=city.SECOND_COMMUNITY))
    document = """query($after: String) { region(code: "%s") { serviceCircle(minutes: 5) {
        uncoveredCompounds(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor }
            edges { node { compound { id } } } } } } }"""
    after, seen = None, []
    for _ in range(3):
        found = await org.data(document % city.SECOND_COMMUNITY, after=after)
        page = found["region"]["serviceCircle"]["uncoveredCompounds"]
        seen += [one["node"]["compound"]["id"] for one in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        assert page["totalCount"] == 5
    assert not page["pageInfo"]["hasNextPage"]
    assert sorted(seen) == sorted(str(compound_id(number)) for number in range(200, 205))
