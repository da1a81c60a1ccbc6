"""Organisations assessed by capacities, and communities given what the rules of their types say, through the graph."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

ASSESS = """mutation($input: AssessOrganisationInput!) { assessOrganisation(input: $input) { assessment {
    version year result level movement scores { capacity score } organisation { id } } problems { code path } } }"""
ALLOCATE = """mutation($input: AllocateInput!) { allocate(input: $input) { region { allocations(year: %d) {
    totalCount edges { node { amount byRule each perThousand households type { code } kind { code } region { code } }
    } } } problems { code path } } }"""
CORRECT = """mutation($input: CorrectAllocationInput!) { correctAllocation(input: $input) {
    allocation { version amount byRule reason } problems { code path } } }"""
LEVELS = """{ district(code: "370321") { assessmentStats(year: %d) {
    capacities assessed mean risen same fallen first levels { level organisations } }
    assessments(year: %d, level: "good") { totalCount } } }"""
GIVEN = """{ district(code: "%s") { allocationStats(year: 2023) {
    communities amount departures type { code } kind { code } } } }"""
COMMITTEE = str(city.id_of("organisation", "committee"))


def assessment(year: int, leadership: int, reach: int, **more: Any) -> dict[str, Any]:
    scores = [{"capacity": "leadership", "score": leadership}, {"capacity": "reach", "score": reach}]
    given = {"idempotencyKey": f"{year} {leadership}", "organisationId": COMMITTEE, "year": year, "scores": scores}
    return {**given, "on": "2025-12-20", **more}


async def test_a_level_follows_from_the_scores_and_moves_from_year_to_year(org: Org) -> None:
    answer = (await org.data(ASSESS, input=assessment(2024, 90, 80)))["assessOrganisation"]
    assert answer["assessment"] == {
        "version": 1,
        "year": 2024,
        "result": 86.67,
        "level": "good",
        "movement": "RISEN",
        "scores": [{"capacity": "leadership", "score": 90}, {"capacity": "reach", "score": 80}],
        "organisation": {"id": COMMITTEE},
    }
    again = (await org.data(ASSESS, input=assessment(2024, 70, 70)))["assessOrganisation"]["assessment"]
    assert (again["version"], again["level"], again["movement"]) == (2, "fair", "SAME")
    await org.data(ASSESS, input=assessment(2025, 99, 99))
    found = (await org.data(LEVELS % (2025, 2025)))["district"]
    assert found["assessments"]["totalCount"] == 1
    assert found["assessmentStats"] == {
        "capacities": 2,
        "assessed": 1,
        "mean": 99.0,
        "risen": 1,
        "same": 0,
        "fallen": 0,
        "first": 0,
        "levels": [{"level": "good", "organisations": 1}],
    }
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'org.assessment' ORDER BY id")
    assert len(told) == 2 + 3, "both of the import, and three made here"


async def test_levels_and_capacities_are_named_in_the_readers_language(org: Org) -> None:
    await org.data(ASSESS, input=assessment(2024, 90, 80))
    await org.data(ASSESS, input=assessment(2025, 10, 10))
    named = """{ district(code: "370321") {
        assessments(year: %d) { edges { node { levelName scores { capacityName } } } }
        assessmentStats(year: %d) { levels { levelName } } } }"""
    token = org.token()
    for language, level, capacities in (
        ("zh-CN", "良好", ["引领力", "覆盖力"]),
        ("en", "good", ["leadership", "reach"]),
    ):
        found = (await org.ask(named % (2024, 2024), token, language))["data"]["district"]
        scores: list[Any] = [{"capacityName": name} for name in capacities]
        assert found["assessments"]["edges"] == [{"node": {"levelName": level, "scores": scores}}]
        assert found["assessmentStats"]["levels"] == [{"levelName": level}]
    # A level that was not reached has no name, and a word that the practice gave up none any more.
    await org.look("DELETE FROM capacity WHERE code = 'reach'")
    found = (await org.data(named % (2025, 2025)))["district"]
    scores = [{"capacityName": "leadership"}, {"capacityName": None}]
    assert found["assessments"]["edges"] == [{"node": {"levelName": None, "scores": scores}}]
    assert found["assessmentStats"]["levels"] == [{"levelName": None}]


async def test_only_staff_see_how_organisations_did(city_org: Org) -> None:
    for asked in ("assessments(year: 2023) { totalCount }", "assessmentStats(year: 2023) { assessed }"):
        document = f'{{ district(code: "370321") {{ {asked} }} }}'
        answer = await city_org.ask(document, city_org.token("resident", region=city.COUNTY))
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
        assert "errors" not in await city_org.ask(document, city_org.token("grid_worker", region=city.COUNTY))


async def test_communities_get_what_the_rule_of_their_type_says_once_a_year(org: Org) -> None:
    asked = {"regionCode": city.COUNTY, "kind": "service_fund", "year": 2024, "on": "2023-06-01"}
    answer = (await org.data(ALLOCATE % 2024, input={"idempotencyKey": "a", **asked}))["allocate"]
    (edge,) = answer["region"]["allocations"]["edges"]
    assert edge["node"] == {
        "amount": 1210.0,
        "byRule": 1210.0,
        "each": 1000.0,
        "perThousand": 500.0,
        "households": 420,
        "type": {"code": "old_estate"},
        "kind": {"code": "service_fund"},
        "region": {"code": city.COMMUNITY},
    }
    again = (await org.data(ALLOCATE % 2024, input={"idempotencyKey": "b", **asked}))["allocate"]
    assert [one["code"] for one in again["problems"]] == ["NOTHING_CHANGES"]


async def test_who_departs_from_a_rule_says_why_and_the_sum_stays_to_be_read(org: Org) -> None:
    change = {
        "id": str(city.id_of("allocation", city.COMMUNITY)),
        "expectedVersion": 1,
        "amount": 2000,
        "reason": "扩建",
    }
    answer = (await org.data(CORRECT, input=change))["correctAllocation"]
    assert answer["allocation"] == {"version": 2, "amount": 2000.0, "byRule": 1210.0, "reason": "扩建"}
    stats = (await org.data(GIVEN % city.COUNTY))["district"]["allocationStats"]
    assert stats == [
        {
            "communities": 1,
            "amount": 2000.0,
            "departures": 1,
            "type": {"code": "old_estate"},
            "kind": {"code": "service_fund"},
        }
    ]
    foreign = (await org.data(GIVEN % city.FOREIGN))["district"]["allocationStats"]
    assert [(one["amount"], one["departures"]) for one in foreign] == [(9000.0, 1)]


async def test_what_breaks_a_rule_is_refused_and_changes_nothing(org: Org) -> None:
    before = await org.contents()
    missing = assessment(2024, 90, 80, scores=[{"capacity": "reach", "score": 80}])
    over = assessment(2024, 101, 80)
    tried: list[tuple[str, str, dict[str, Any], str]] = [
        (ASSESS, "assessOrganisation", missing, "WRONG_CAPACITIES"),
        (ASSESS, "assessOrganisation", over, "INVALID_COUNT"),
        (ASSESS, "assessOrganisation", assessment(2199, 90, 80), "INVALID_FUND_YEAR"),
    ]
    given = {"regionCode": city.COUNTY, "kind": "service_fund", "year": 2024, "on": "2023-06-01"}
    tried += [
        (ALLOCATE % 2024, "allocate", {**given, "kind": "market"}, "UNKNOWN_KIND"),
        (ALLOCATE % 2024, "allocate", {**given, "year": 2199}, "INVALID_FUND_YEAR"),
        (ALLOCATE % 2024, "allocate", {**given, "regionCode": city.SECOND_COMMUNITY}, "NOTHING_CHANGES"),
    ]
    change = {
        "id": str(city.id_of("allocation", city.COMMUNITY)),
        "expectedVersion": 1,
        "amount": 1210,
        "reason": "扩建",
    }
    tried += [
        (CORRECT, "correctAllocation", change, "NOTHING_CHANGES"),
        (CORRECT, "correctAllocation", {**change, "amount": 5, "reason": " "}, "REQUIRED"),
        (CORRECT, "correctAllocation", {**change, "amount": -1}, "INVALID_COUNT"),
        (CORRECT, "correctAllocation", {**change, "amount": 5, "expectedVersion": 9}, "STALE_VERSION"),
    ]
    for number, (document, name, asked, code) in enumerate(tried):
        key = {} if name == "correctAllocation" else {"idempotencyKey": str(number)}
        answer = (await org.data(document, input={**asked, **key}))[name]
        assert [one["code"] for one in answer["problems"]] == [code], (name, asked)
    assert await org.contents() == before


async def test_a_part_of_a_unit_or_a_capacity_twice_is_a_bad_request(city_org: Org) -> None:
    twice = assessment(2024, 90, 80, scores=[{"capacity": "reach", "score": 80}] * 2)
    half = {"id": str(city.id_of("allocation", city.COMMUNITY)), "expectedVersion": 1, "amount": 1.5, "reason": "扩建"}
    for document, given in ((ASSESS, twice), (CORRECT, half)):
        answer = await city_org.ask(document, city_org.token(), input=given)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
