"""Closing a region: refused while something is left in it, compounds above all, or taken over by another one."""

from __future__ import annotations

from typing import Any

import pytest

from services.org.commands.emptiness import LEFT
from services.org.storage.carried import CARRIED
from tests.org import city
from tests.org.compounds import compound_id, registered, tell
from tests.org.conftest import Org
from tests.org.test_registers import codes, do

CLOSE = """mutation($input: CloseRegionInput!) { closeRegion(input: $input) {
    region { code validTo } rehearsed report { thing fromCode toCode moved joined ended }
    problems { code path message } } }"""
THIRD = city.COMMUNITY + "003"


async def close(org: Org, code: str, into: str | None = None, token: str | None = None, **more: Any) -> Any:
    found = (await org.data("query($c: String!) { region(code: $c) { id version } }", c=code))["region"]
    given = {"regionId": found["id"], "expectedVersion": found["version"], "effectiveOn": "2024-06-01", **more}
    return (await org.data(CLOSE, token, input={**given, "intoCode": into}))["closeRegion"]


async def lies_in(org: Org, *key: object) -> str:
    rows = await org.look(f"SELECT region_code FROM compound WHERE id = '{compound_id(*key)}'")  # noqa: S608
    return str(rows[0][0])


async def test_a_region_that_holds_compounds_is_closed_only_when_another_takes_over(org: Org) -> None:
    await tell(org.runtime.database, registered("late", code=city.SECOND_BUILDING))
    before = await org.contents()
    (problem,) = (await close(org, city.SECOND_BUILDING))["problems"]
    assert (problem["code"], problem["path"]) == ("HOLDS_COMPOUNDS", ["intoCode"])
    assert problem["message"].startswith("1 compounds lie in it")
    given = {"regionId": str(city.id_of("region", city.SECOND_BUILDING)), "expectedVersion": 1}
    answer = await org.ask(CLOSE, org.token(), "zh-CN", input={**given, "effectiveOn": "2024-06-01"})
    assert "其内有 1 个小区" in answer["data"]["closeRegion"]["problems"][0]["message"]
    assert await org.contents() == before
    done = await close(org, city.SECOND_BUILDING, city.BUILDING)
    assert (done["problems"], done["region"]["validTo"]) == ([], "2024-06-01")
    assert await lies_in(org, "late") == city.BUILDING
    told = "SELECT convert_from(payload, 'UTF8')::json->'data'->>'intoCode' FROM outbox WHERE type ~ 'region.closed'"
    assert await org.look(told) == [(city.BUILDING,)]


async def move_grids(org: Org) -> None:
    recode = "mutation($input: RecodeRegionInput!) { recodeRegion(input: $input) { problems { code } } }"
    for grid, new in ((city.GRID, "005"), (city.SECOND_GRID, "006")):
        given = {"regionId": str(city.id_of("region", grid)), "expectedVersion": 1, "effectiveOn": "2024-05-01"}
        done = await org.data(recode, input={**given, "newCode": city.SECOND_COMMUNITY + new})
        assert done["recodeRegion"]["problems"] == []


async def test_what_lies_in_a_community_goes_on_in_the_one_that_takes_over(org: Org) -> None:
    # Its grids go to the other community first: what takes over is what lies directly in it.
    refused = await close(org, city.COMMUNITY, city.SECOND_COMMUNITY)
    assert codes(refused) == ["NOT_EMPTY"]
    await move_grids(org)
    await classify(org, city.SECOND_COMMUNITY)
    lists = """query($c: String!, $d: Date) { community(code: $c, asOf: $d) { type { code }
        pairings { totalCount } } }"""
    before = (await org.data(lists, c=city.COMMUNITY, d="2024-05-31"))["community"]
    assert before["pairings"]["totalCount"] == 1
    assert codes(await close(org, city.COMMUNITY, city.SECOND_COMMUNITY)) == []
    assert await lies_in(org, 0) == city.SECOND_COMMUNITY
    assert (await org.data(lists, c=city.COMMUNITY, d="2024-05-31"))["community"] == before
    now = (await org.data(lists, c=city.SECOND_COMMUNITY))["community"]
    assert now["pairings"]["totalCount"] == 1
    assert now["type"]["code"] == "commercial_housing", "it is of the type that it was of itself"
    gone = city.id_of("region", city.COMMUNITY)
    for table in CARRIED:
        still = "(valid_to IS NULL OR valid_to > '2024-06-01')" if "valid_to" in table.c else "true"
        assert await org.look(f"SELECT 1 FROM {table.name} WHERE region_id = '{gone}' AND {still}") == []  # noqa: S608
    open_ = "SELECT 1 FROM community_profile WHERE valid_to IS NULL"
    assert len(await org.look(f"{open_} AND region_id = '{gone}'")) == 0


async def test_a_rehearsed_end_reports_what_then_happens_and_leaves_everything_as_it_was(org: Org) -> None:
    await move_grids(org)
    before = await org.contents()
    rehearsed = await close(org, city.COMMUNITY, city.SECOND_COMMUNITY, rehearse=True)
    assert (rehearsed["problems"], rehearsed["rehearsed"]) == ([], True)
    assert rehearsed["region"] == {"code": city.COMMUNITY, "validTo": None}
    assert await org.contents() == before
    done = await close(org, city.COMMUNITY, city.SECOND_COMMUNITY)
    assert (done["problems"], done["rehearsed"]) == ([], False)
    assert done["report"] == rehearsed["report"]
    told = {line["thing"]: line["moved"] for line in done["report"]}
    assert told.pop("REGISTER") > 0
    assert told == {"ORGANISATION": 2, "PERSON": 4, "DUTY": 1, "TEAM": 0, "STATION": 1, "ACTIVITY": 0}
    assert {(line["fromCode"], line["toCode"]) for line in done["report"]} == {(city.COMMUNITY, city.SECOND_COMMUNITY)}


async def test_a_rehearsal_is_refused_as_the_real_thing_is_and_reports_nothing(org: Org) -> None:
    before = await org.contents()
    for into, code in ((None, "NOT_EMPTY"), (city.SECOND_GRID, "NOT_EMPTY"), (city.FOREIGN_GRID, "CANNOT_TAKE_OVER")):
        refused = await close(org, city.GRID, into, rehearse=True)
        assert (codes(refused), refused["region"], refused["report"]) == ([code], None, [])
    assert codes(await close(org, city.SECOND_BUILDING, rehearse=True)) == []
    given = {"regionId": str(city.id_of("region", city.SECOND_BUILDING)), "expectedVersion": 1, "rehearse": True}
    for token, code in (
        (org.token("subdistrict_secretary", region=city.COUNTY), "FORBIDDEN"),
        (org.token(region=city.FOREIGN), "NOT_FOUND"),
    ):
        answer = await org.ask(CLOSE, token, input={**given, "effectiveOn": "2024-06-01"})
        assert answer["errors"][0]["extensions"]["code"] == code
    assert await org.contents() == before


async def test_experts_guidances_and_methods_of_both_communities_go_on_as_one(org: Org) -> None:
    await move_grids(org)
    one, other = (city.id_of("region", code) for code in (city.COMMUNITY, city.SECOND_COMMUNITY))
    mine, theirs = city.id_of("expert", "mine"), city.id_of("expert", "theirs")
    planner, leader = city.id_of("expert", "planner"), city.id_of("person", "leader")
    columns = "id, region_id, region_code, valid_from"
    for id_, region, code in ((mine, one, city.COMMUNITY), (theirs, other, city.SECOND_COMMUNITY)):
        row = f"'{id_}', '{region}', '{code}', '2023-01-01'"
        await org.look(f"INSERT INTO expert ({columns}, person_id, field) VALUES ({row}, '{leader}', 'planning')")  # noqa: S608
    accompanied = [(mine, one, city.COMMUNITY), (theirs, one, city.COMMUNITY), (planner, other, city.SECOND_COMMUNITY)]
    for expert, region, code in accompanied:
        row = f"gen_random_uuid(), '{region}', '{code}', '2023-01-01', '{expert}'"
        await org.look(f"INSERT INTO guidance ({columns}, expert_id) VALUES ({row})")  # noqa: S608
    row = f"gen_random_uuid(), '{other}', '{city.SECOND_COMMUNITY}', '2023-01-01'"
    method = city.id_of("shared_method", "three")
    await org.look(f"INSERT INTO adoption ({columns}, method_id) VALUES ({row}, '{method}')")  # noqa: S608
    assert codes(await close(org, city.COMMUNITY, city.SECOND_COMMUNITY)) == []
    there = f"region_id = '{other}' AND valid_to IS NULL"
    assert await org.look(f"SELECT id FROM expert WHERE {there}") == [(theirs,)]  # noqa: S608
    experts = await org.look(f"SELECT expert_id FROM guidance WHERE {there}")  # noqa: S608
    assert {expert for (expert,) in experts} == {theirs, planner}
    assert len(experts) == 2
    assert len(await org.look(f"SELECT 1 FROM adoption WHERE {there}")) == 1  # noqa: S608
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'expert.left|guidance.ended|adoption.ended' ORDER BY 1")
    assert [type_.split(".")[2] for (type_,) in told] == ["adoption", "expert", "guidance", "guidance"]


async def classify(org: Org, code: str) -> None:
    given = {"idempotencyKey": "type", "regionCode": code, "type": "commercial_housing", "validFrom": "2024-01-01"}
    assert codes(await do(org, "classifyCommunity", "community", given)) == []


@pytest.mark.parametrize(
    ("into", "code"),
    [
        (city.GRID, "CANNOT_TAKE_OVER"),
        (city.COMMUNITY, "CANNOT_TAKE_OVER"),
        (city.BUILDING, "CANNOT_TAKE_OVER"),
        (city.FOREIGN_GRID, "CANNOT_TAKE_OVER"),
        (THIRD, "OUTSIDE_EXISTENCE"),
        (city.COMMUNITY + "099", "UNKNOWN_REGION"),
    ],
)
async def test_what_cannot_take_over_is_refused_and_nothing_changes(org: Org, into: str, code: str) -> None:
    late = {"idempotencyKey": "third", "code": THIRD, "name": "第三网格", "validFrom": "2024-07-01"}
    assert codes(await do(org, "establishRegion", "region", late)) == []
    before = await org.contents()
    (problem,) = (await close(org, city.GRID, into))["problems"]
    assert (problem["code"], problem["path"]) == (code, ["intoCode"])
    assert await org.contents() == before


async def test_who_does_not_reach_what_takes_over_or_may_not_close_closes_nothing(org: Org) -> None:
    before = await org.contents()
    given = {"regionId": str(city.id_of("region", city.GRID)), "expectedVersion": 1, "effectiveOn": "2024-06-01"}
    for token, code in (
        (org.token(region=city.GRID), "UNKNOWN_REGION"),
        (org.token("subdistrict_secretary", region=city.COUNTY), "FORBIDDEN"),
        (org.issuer.mint(grants=[("admin", city.GRID), ("resident", city.COMMUNITY)]), "FORBIDDEN"),
    ):
        answer = await org.ask(CLOSE, token, input={**given, "intoCode": city.SECOND_GRID})
        if "errors" in answer:
            assert answer["errors"][0]["extensions"]["code"] == code
        else:
            assert codes(answer["data"]["closeRegion"]) == [code]
    assert await org.contents() == before


async def test_the_end_of_a_region_is_asked_of_its_present_version_and_once(org: Org) -> None:
    before = await org.contents()
    stale = await close(org, city.GRID, city.SECOND_GRID, expectedVersion=7)
    assert codes(stale) == ["STALE_VERSION"]
    assert await org.contents() == before
    assert codes(await close(org, city.GRID, city.SECOND_GRID)) == ["NOT_EMPTY"], "its buildings are not moved"
    assert await org.contents() == before
    assert codes(await close(org, city.SECOND_BUILDING)) == []
    assert codes(await close(org, city.SECOND_BUILDING, city.BUILDING)) == ["ALREADY_ENDED"]


async def test_what_is_left_is_called_by_its_name_in_both_languages(org: Org) -> None:
    given = {"regionId": str(city.id_of("region", city.SECOND_COMMUNITY)), "expectedVersion": 1}
    for language, words in (("zh-CN", "其下仍有 1 个有效的命名"), ("en", "It still has 1 distinctions in force")):
        answer = await org.ask(CLOSE, org.token(), language, input={**given, "effectiveOn": "2024-06-01"})
        (problem,) = answer["data"]["closeRegion"]["problems"]
        assert problem["code"] == "NOT_EMPTY"
        assert words in problem["message"]


def test_every_register_with_an_end_keeps_a_region_from_being_closed() -> None:
    assert {table for table in CARRIED if "valid_to" in table.c} <= set(LEFT)
