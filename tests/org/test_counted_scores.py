"""Capacities whose score is counted from what partner units contributed: proposed, fixed, and kept as they were."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chassis.service import ImportRefused
from tests.org import city
from tests.org.conftest import Org

COMMITTEE, FOREIGN = str(city.id_of("organisation", "committee")), str(city.id_of("organisation", "foreign"))
ASSESS = """mutation($input: AssessOrganisationInput!) { assessOrganisation(input: $input) { assessment {
    version result level scores { capacity score countedFrom points fullPoints } } problems { code path } } }"""
PROPOSED = """query($id: ID!, $year: Int!) { organisation(id: $id) {
    countedScores(year: $year) { capacity score points fullPoints countedFrom } } }"""
CONTRIBUTE = """mutation($input: RecordContributionInput!) { recordContribution(input: $input) {
    contribution { id version } problems { code } } }"""
CANCEL = """mutation($input: CancelContributionInput!) { cancelContribution(input: $input) {
    contribution { id } problems { code } } }"""
KEPT = """query($code: String!, $year: Int!) { community(code: $code) { assessments(year: $year) { edges { node {
    version result scores { capacity score points fullPoints } } } } } }"""
REACH = {"record": "capacity", "code": "reach", "name_zh": "覆盖力", "name_en": "reach", "position": 2}


async def count_reach(org: Org, counted: str = "REGION", full: int = 10) -> None:
    """Let the practice say that reach is counted."""
    await org.load(json.dumps({**REACH, "counted": counted, "full_points": full}))


async def contribute(org: Org, key: str, **more: Any) -> Any:
    given = {"idempotencyKey": key, "pairingId": city.PAIRING, "kind": "money", "amount": 1500, "on": "2024-03-01"}
    answer = (await org.data(CONTRIBUTE, input={**given, **more}))["recordContribution"]
    assert answer["problems"] == []
    return answer["contribution"]


async def assess(org: Org, key: str, year: int = 2024, **scores: int) -> Any:
    given = {"organisationId": COMMITTEE, "year": year, "on": "2025-01-10", "idempotencyKey": key}
    listed = [{"capacity": code, "score": score} for code, score in scores.items()]
    return (await org.data(ASSESS, input={**given, "scores": listed}))["assessOrganisation"]


async def proposed(org: Org, organisation: str, year: int = 2024, token: str | None = None) -> Any:
    return (await org.data(PROPOSED, token, id=organisation, year=year))["organisation"]["countedScores"]


async def test_what_units_contributed_where_it_lies_is_its_score_in_a_counted_capacity(org: Org) -> None:
    await count_reach(org)
    await contribute(org, "a")
    await contribute(org, "b", amount=1600, on="2024-06-01")
    # Of another year, and below the first thousand of its kind.
    await contribute(org, "c", amount=9000, on="2025-02-01")
    counted = {"capacity": "reach", "score": 60, "points": 6, "fullPoints": 10, "countedFrom": "REGION"}
    assert await proposed(org, COMMITTEE) == [counted]
    assert await proposed(org, FOREIGN) == [{**counted, "score": 0, "points": 0}]
    done = await assess(org, "first", leadership=90)
    assert done["problems"] == []
    given = {"capacity": "leadership", "score": 90, "countedFrom": None, "points": None, "fullPoints": None}
    assert done["assessment"] == {"version": 1, "result": 80.0, "level": "good", "scores": [given, counted]}
    told = await org.look("SELECT payload FROM outbox WHERE type ~ 'org.assessment' ORDER BY id DESC LIMIT 1")
    assert json.loads(told[0][0])["data"]["counted"] == ["reach"]


async def test_an_assessment_stays_what_it_was_when_contributions_are_corrected_until_it_is_made_anew(org: Org) -> None:
    await count_reach(org)
    wrong = await contribute(org, "a", amount=5000)
    await assess(org, "first", leadership=90)
    kept = await org.data(KEPT, code=city.COMMUNITY, year=2024)
    given = {"id": wrong["id"], "expectedVersion": 1, "reason": "重复"}
    assert (await org.data(CANCEL, input=given))["cancelContribution"]["problems"] == []
    await count_reach(org, full=20)
    assert await proposed(org, COMMITTEE) == [
        {"capacity": "reach", "score": 0, "points": 0, "fullPoints": 20, "countedFrom": "REGION"}
    ]
    assert await org.data(KEPT, code=city.COMMUNITY, year=2024) == kept
    (edge,) = kept["community"]["assessments"]["edges"]
    assert edge["node"]["scores"][1] == {"capacity": "reach", "score": 100, "points": 10, "fullPoints": 10}
    again = (await assess(org, "again", leadership=90))["assessment"]
    assert (again["version"], again["result"]) == (2, 60.0)


async def test_what_is_counted_of_a_unit_is_its_own(org: Org) -> None:
    await count_reach(org, "UNIT")
    await org.load(
        "\n".join(
            json.dumps(record)
            for record in (
                {"record": "pairing", "id": str(city.id_of("pairing", "branch")), "kind": "partner_unit"}
                | {"organisation": str(city.id_of("organisation", "branch"))}
                | {"region_code": city.COMMUNITY, "valid_from": "2023-01-01"},
                {"record": "contribution", "id": str(city.id_of("contribution", "branch")), "kind": "money"}
                | {"pairing": str(city.id_of("pairing", "branch")), "amount": 3000, "on": "2024-02-01"},
            )
        )
    )
    await contribute(org, "a")
    assert [one["points"] for one in await proposed(org, COMMITTEE)] == [2]
    # The branch lies in a grid: what it did in the whole community is not looked at there.
    assert [one["points"] for one in await proposed(org, str(city.id_of("organisation", "branch")))] == [0]
    await count_reach(org, "REGION")
    assert [one["points"] for one in await proposed(org, COMMITTEE)] == [8]


async def test_a_counted_capacity_is_not_scored_by_people(org: Org) -> None:
    await count_reach(org)
    before = await org.contents()
    for key, scores in (("a", {"leadership": 90, "reach": 80}), ("b", {"reach": 80}), ("c", {})):
        assert (await assess(org, key, **scores))["problems"] == [{"code": "WRONG_CAPACITIES", "path": ["scores"]}]
    assert await org.contents() == before
    words = await org.data("{ capacities { code countedFrom fullPoints } }")
    assert words["capacities"] == [
        {"code": "leadership", "countedFrom": None, "fullPoints": None},
        {"code": "reach", "countedFrom": "REGION", "fullPoints": 10},
    ]


async def test_what_would_be_counted_is_for_staff_of_the_place(city_org: Org) -> None:
    assert await proposed(city_org, COMMITTEE) == []
    for token, code in (
        (city_org.token("resident", region=city.COUNTY), "FORBIDDEN"),
        (city_org.token("community_secretary", region=city.FOREIGN), None),
    ):
        answer = await city_org.ask(PROPOSED, token, id=COMMITTEE, year=2024)
        if code is None:
            assert answer["data"]["organisation"] is None
        else:
            assert answer["errors"][0]["extensions"]["code"] == code
    answer = await city_org.ask(PROPOSED, city_org.token(), id=COMMITTEE, year=2999)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_an_import_gives_points_for_what_is_counted_and_scores_for_the_rest(org: Org) -> None:
    await count_reach(org)

    def record(**more: Any) -> str:
        base = {"record": "assessment", "id": str(city.id_of("new")), "organisation": COMMITTEE, "year": 2025}
        return json.dumps({**base, "region_code": city.COMMUNITY, "assessed_on": "2025-12-20", **more})

    for given, code in (
        ({"scores": {"leadership": 90, "reach": 80}}, "WRONG_CAPACITIES"),
        ({"scores": {"leadership": 90}}, "WRONG_CAPACITIES"),
        ({"scores": {"leadership": 90}, "points": {"reach": -1}}, "INVALID_COUNT"),
        ({"scores": {"leadership": 90}, "points": {"reach": 5, "other": 5}}, "WRONG_CAPACITIES"),
    ):
        with pytest.raises(ImportRefused, match=f"line 1: .*{code}"):
            await org.load(record(**given))
    await org.load(record(scores={"leadership": 90}, points={"reach": 4}))
    (edge,) = (await org.data(KEPT, code=city.COMMUNITY, year=2025))["community"]["assessments"]["edges"]
    assert edge["node"]["scores"][1] == {"capacity": "reach", "score": 40, "points": 4, "fullPoints": 10}
    for wrong in ({"counted": "REGION"}, {"full_points": 5}):
        with pytest.raises(ImportRefused, match="COUNTED_NEEDS_POINTS"):
            await org.load(json.dumps({**REACH, **wrong}))
