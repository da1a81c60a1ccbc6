"""Duties, organisations and the grid's 1+1+N team, through the graph."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.org import city
from tests.org.conftest import Org

ASSIGN = """mutation($input: AssignDutyInput!) { assignDuty(input: $input) {
    duty { id version isInForce validFrom validTo title { code } person { name } organisation { kind }
        region { code } pairedWith { person { name } } }
    problems { code path message } } }"""
END = """mutation($input: EndInput!) { endDuty(input: $input) {
    duty { validTo isInForce version } problems { code } } }"""
TEAM = """query($code: String!, $asOf: Date) { grid(code: $code, asOf: $asOf) { team {
    leader { person { name } } worker { person { name } validFrom }
    buildingLeaders { totalCount edges { node { person { name } region { code } } } }
    unitLeaders { totalCount }
    volunteers { totalCount edges { node { person { name } } } }
    vacancies { title { code } region { code } expected held missing }
    pairs { inService { person { name } } other { person { name } } }
} } }"""


def duty(person: str, title: str, code: str, key: str = "k", **more: Any) -> dict[str, Any]:
    base = {"idempotencyKey": key, "personId": str(city.id_of("person", person)), "title": title, "regionCode": code}
    return {**base, "validFrom": "2024-01-01", **more}


async def assign(org: Org, token: str | None = None, /, *args: str, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = (await org.data(ASSIGN, token, input=duty(*args, **more)))["assignDuty"]
    return answer


async def test_the_team_of_a_grid_shows_who_is_there_and_who_is_missing(city_org: Org) -> None:
    team = (await city_org.data(TEAM, code=city.GRID))["grid"]["team"]
    assert team["leader"] == {"person": {"name": "欧阳*"}}
    assert team["worker"] == {"person": {"name": "王*"}, "validFrom": "2023-01-01"}
    assert team["buildingLeaders"]["totalCount"] == 2
    assert {edge["node"]["region"]["code"] for edge in team["buildingLeaders"]["edges"]} == {city.BUILDING}
    assert team["unitLeaders"]["totalCount"] == 0
    assert team["volunteers"]["totalCount"] == 2, "the patrol are no volunteers, and one volunteer has left"
    assert team["vacancies"] == [
        {"title": {"code": "unit_leader"}, "region": {"code": city.UNIT}, "expected": 1, "held": 0, "missing": 1},
        {
            "title": {"code": "building_leader"},
            "region": {"code": city.SECOND_BUILDING},
            "expected": 1,
            "held": 0,
            "missing": 1,
        },
    ]
    assert team["pairs"] == [{"inService": {"person": {"name": "李*"}}, "other": {"person": {"name": "赵*"}}}]


async def test_an_empty_grid_misses_its_leader_and_its_worker(city_org: Org) -> None:
    team = (await city_org.data(TEAM, code=city.SECOND_GRID))["grid"]["team"]
    assert (team["leader"], team["worker"]) == (None, None)
    assert [vacancy["title"]["code"] for vacancy in team["vacancies"]] == ["grid_leader", "grid_worker"]


async def test_the_team_of_a_past_date_is_who_was_there_then(city_org: Org) -> None:
    team = (await city_org.data(TEAM, code=city.GRID, asOf="2022-06-30"))["grid"]["team"]
    assert team["worker"]["person"] == {"name": "钱*"}
    assert team["leader"] is None
    assert team["volunteers"]["totalCount"] == 0
    assert team["pairs"] == []
    assert {vacancy["title"]["code"] for vacancy in team["vacancies"]} >= {"grid_leader", "building_leader"}


async def test_a_vacancy_closes_when_the_duty_is_given(org: Org) -> None:
    done = await assign(org, None, "spare", "grid_worker", city.SECOND_GRID)
    assert done["problems"] == []
    assert done["duty"]["isInForce"] is True
    team = (await org.data(TEAM, code=city.SECOND_GRID))["grid"]["team"]
    assert team["worker"]["person"] == {"name": "钱*"}
    assert [vacancy["title"]["code"] for vacancy in team["vacancies"]] == ["grid_leader"]
    event = await org.look(
        "SELECT region_code, convert_from(payload, 'UTF8') FROM outbox WHERE type = 'linli.org.duty.assigned.v1'"
        " ORDER BY id DESC LIMIT 1"
    )
    assert event[0][0] == city.SECOND_GRID
    assert f'"regionCode":"{city.SECOND_GRID}"' in event[0][1]
    assert '"title":"grid_worker"' in event[0][1]


async def test_the_rules_of_titles_hold_in_the_graph(org: Org) -> None:
    for arguments, more, code in (
        (("spare", "grid_worker", city.GRID), {}, "POST_TAKEN"),
        (("worker", "grid_worker", city.GRID), {}, "ALREADY_HELD"),
        (("spare", "grid_worker", city.COMMUNITY), {}, "WRONG_LEVEL"),
        (("spare", "grid_branch_secretary", city.SECOND_GRID), {}, "PARTY_MEMBER_REQUIRED"),
        (("spare", "captain", city.GRID), {}, "UNKNOWN_DUTY_TITLE"),
        (("nobody", "adviser", city.GRID), {}, "UNKNOWN_PERSON"),
        (("spare", "adviser", city.GRID[:12] + "999"), {}, "UNKNOWN_REGION"),
        (("spare", "adviser", "3703 or so"), {}, "UNKNOWN_REGION"),
        (("spare", "adviser", city.GRID), {"validTo": "2023-01-01"}, "PERIOD_REVERSED"),
        (("spare", "adviser", city.GRID), {"validFrom": "2020-01-01"}, "OUTSIDE_EXISTENCE"),
        (("spare", "adviser", city.GRID), {"organisationId": str(city.id_of("x"))}, "UNKNOWN_ORGANISATION"),
        (("spare", "building_leader", city.SECOND_BUILDING), {"pairedWith": str(city.id_of("x"))}, "UNKNOWN_DUTY"),
        (
            ("spare", "building_leader", city.SECOND_BUILDING),
            {"pairedWith": str(city.id_of("duty", "elder"))},
            "NOT_A_PAIR",
        ),
    ):
        refused = await assign(org, None, *arguments, **more)
        assert [problem["code"] for problem in refused["problems"]] == [code]
        assert refused["duty"] is None


async def test_two_who_take_a_post_at_once_get_it_once(org: Org) -> None:
    answers = await asyncio.gather(
        *(assign(org, None, person, "grid_leader", city.SECOND_GRID, person) for person in ("spare", "worker", "elder"))
    )
    assert sorted(len(answer["problems"]) for answer in answers) == [0, 1, 1]
    assert {problem["code"] for answer in answers for problem in answer["problems"]} == {"POST_TAKEN"}


async def test_the_same_key_at_once_assigns_once_and_answers_alike(org: Org) -> None:
    token = org.token(subject="one person")
    answers = await asyncio.gather(*(assign(org, token, "spare", "adviser", city.GRID) for _ in range(4)))
    assert len({answer["duty"]["id"] for answer in answers}) == 1
    assert await org.look("SELECT count(*) FROM duty WHERE title = 'adviser'") == [(1,)]


async def test_a_pair_is_told_from_both_sides(org: Org) -> None:
    first = await assign(org, None, "cadre", "building_leader", city.SECOND_BUILDING)
    second = await assign(
        org, None, "spare", "building_leader", city.SECOND_BUILDING, "l", pairedWith=first["duty"]["id"]
    )
    assert second["duty"]["pairedWith"] == {"person": {"name": "李*"}}
    query = "query($id: ID!) { duty(id: $id) { pairedWith { person { name } } } }"
    assert (await org.data(query, id=first["duty"]["id"]))["duty"]["pairedWith"] == {"person": {"name": "钱*"}}
    third = await assign(org, None, "elder", "building_leader", city.SECOND_BUILDING, "m", validFrom="2024-02-01")
    assert third["problems"][0]["code"] == "POST_TAKEN"


async def test_a_duty_ends_once_and_its_end_may_lie_ahead(org: Org) -> None:
    leader = str(city.id_of("duty", "leader"))
    ended = (await org.data(END, input={"id": leader, "expectedVersion": 1, "on": "2999-01-01"}))["endDuty"]
    assert ended["duty"] == {"validTo": "2999-01-01", "isInForce": True, "version": 2}
    sooner = (await org.data(END, input={"id": leader, "expectedVersion": 2, "on": "2024-01-01"}))["endDuty"]
    assert sooner["duty"]["isInForce"] is False
    again = (await org.data(END, input={"id": leader, "expectedVersion": 3, "on": "2024-06-01"}))["endDuty"]
    assert again["problems"] == [{"code": "ALREADY_ENDED"}]
    versions = await org.look("SELECT aggregate_version FROM outbox WHERE type = 'linli.org.duty.ended.v1' ORDER BY id")
    assert versions == [(2,), (3,)]


ORGANISATION = """query($id: ID!) { organisation(id: $id) { name kind kindName level creditCode establishedOn
    region { code } parent { id } children(kind: "grid_party_branch") { totalCount edges { node { name level } } }
    duties { totalCount edges { node { title { code } person { name } } } } } }"""
DISSOLVE = """mutation($input: EndInput!) { dissolveOrganisation(input: $input) {
    organisation { dissolvedOn } problems { code message } } }"""


async def test_an_organisation_reads_up_down_and_across(city_org: Org) -> None:
    found = (await city_org.data(ORGANISATION, id=str(city.id_of("organisation", "committee"))))["organisation"]
    assert (found["level"], found["creditCode"]) == ("COMMUNITY", "12420281MA1000000R")
    assert found["children"] == {"totalCount": 1, "edges": [{"node": {"name": "中共第一网格", "level": "GRID"}}]}
    held = found["duties"]["edges"][0]["node"]
    assert held == {"title": {"code": "community_secretary"}, "person": {"name": "张*"}}


async def test_an_organisation_dissolves_only_when_nothing_depends_on_it(org: Org) -> None:
    for key in ("committee", "branch"):
        asked = {"id": str(city.id_of("organisation", key)), "expectedVersion": 1, "on": "2025-01-01"}
        assert (await org.data(DISSOLVE, input=asked))["dissolveOrganisation"]["problems"][0]["code"] == "NOT_EMPTY"
    asked["id"] = str(city.id_of("organisation", "spare"))
    done = (await org.data(DISSOLVE, input=asked))["dissolveOrganisation"]
    assert done["organisation"] == {"dissolvedOn": "2025-01-01"}
    query = "query($c: String!, $d: Date) { grid(code: $c, asOf: $d) { organisations { totalCount } } }"
    counts = [
        (await org.data(query, c=city.SECOND_GRID, d=day))["grid"]["organisations"]["totalCount"]
        for day in ("2022-03-01", "2022-03-02", "2024-12-31", "2025-01-01")
    ]
    assert counts == [0, 2, 2, 1], "the other branch of the grid is there before and after"
