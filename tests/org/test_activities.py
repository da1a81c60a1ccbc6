"""Activities through the graph: planned, held with who took part, called off, counted, and carried over."""

from __future__ import annotations

import json
from typing import Any

from tests.org import city
from tests.org.conftest import Org

STATS = """query($code: String!, $kind: String, $days: DaysInput, $asOf: Date) { region(code: $code, asOf: $asOf) {
    activityStats(kind: $kind, days: $days) { held planned cancelled personTimes
    kinds { kind { code } held personTimes } months { month held personTimes } } } }"""
PAGE = """{ community(code: "%s") { activities(kind: "round") { totalCount edges { node { title state on participants
    result kind { code } region { code } team { name } organisation { name } teams { id } people { id } } } } } }"""
FIELDS = "activity { id version state on participants result communities { code } } problems { code path }"
PLANNED = str(city.id_of("activity", "planned"))
WORKER = str(city.id_of("person", "worker"))


def plan(**more: Any) -> dict[str, Any]:
    return {"kind": "round", "title": "夜间巡诊", "regionCode": city.GRID, "on": "2027-06-01", **more}


async def do(org: Org, name: str, given: dict[str, Any]) -> Any:
    document = f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ {FIELDS} }} }}"
    payload = (await org.data(document, input=given))[name]
    return [(one["code"], one["path"]) for one in payload["problems"]] or payload["activity"]


async def stats(org: Org, code: str = city.COUNTY, **given: Any) -> Any:
    return (await org.data(STATS, code=code, **given))["region"]["activityStats"]


async def told(org: Org, fact: str) -> list[dict[str, Any]]:
    rows = await org.look(
        f"SELECT payload FROM outbox WHERE type = 'linli.org.activity.{fact}.v1' ORDER BY id"  # noqa: S608
    )
    return [json.loads(row[0])["data"] for row in rows]


async def test_a_planned_activity_is_held_with_who_took_part_and_counted_at_every_level(org: Org) -> None:
    entered = await do(org, "planActivity", {"idempotencyKey": "a", "plan": plan(on="2024-06-03", startsAt="19:30:00")})
    assert (entered["state"], entered["version"]) == ("PLANNED", 1)
    held = {"id": entered["id"], "expectedVersion": 1, "participants": 7, "people": [WORKER, WORKER], "result": "3处"}
    done = await do(org, "holdActivity", {**held, "on": "2024-06-04"})
    assert (done["state"], done["on"], done["participants"], done["result"]) == ("HELD", "2024-06-04", 7, "3处")
    for code in ("3703", city.COUNTY, city.SUBDISTRICT, city.COMMUNITY, city.GRID):
        found = await stats(org, code, days={"to": "2024-12-31"}, kind="round")
        there = (3, 24) if code == "3703" else (2, 19)
        planned = 1 if code.startswith(city.COMMUNITY) else 2
        assert (found["held"], found["personTimes"], found["planned"]) == (*there, planned), code
    assert (await stats(org, city.SECOND_GRID))["held"] == 0
    by_month = [(one["month"], one["held"], one["personTimes"]) for one in (await stats(org))["months"]]
    assert by_month == [("2024-05-01", 1, 12), ("2024-06-01", 1, 7)]
    event = (await told(org, "held"))[-1]
    assert (event["participants"], event["people"], event["onDay"]) == (7, [WORKER], "2024-06-04")


async def test_a_past_day_knows_only_what_was_held_by_then_and_a_period_only_its_days(city_org: Org) -> None:
    assert (await stats(city_org, asOf="2024-05-05"))["held"] == 0
    assert (await stats(city_org, asOf="2024-05-06"))["held"] == 1
    both = [(await stats(city_org, days={"from": day}))["held"] for day in ("2024-05-06", "2024-05-07")]
    assert both == [1, 0]
    days = {"from": "2024-05-06", "to": "2024-05-05"}
    reversed_ = await city_org.ask(STATS, city_org.token(), code=city.GRID, days=days)
    assert reversed_["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_residents_see_what_is_held_and_staff_who_took_part(city_org: Org) -> None:
    asked = PAGE % city.COMMUNITY
    whole = (await city_org.data(asked, city_org.token("grid_worker", region=city.COUNTY)))["community"]["activities"]
    shown = (await city_org.data(asked, city_org.token("resident", region=city.COUNTY)))["community"]["activities"]
    assert whole["totalCount"] == shown["totalCount"] == 2
    mine, theirs = (
        next(edge["node"] for edge in page["edges"] if edge["node"]["state"] == "HELD") for page in (whole, shown)
    )
    team = str(city.id_of("team", "patrol"))
    assert mine == {
        "title": "巡诊held",
        "state": "HELD",
        "on": "2024-05-06",
        "participants": 12,
        "result": "排查3处",
        "kind": {"code": "round"},
        "region": {"code": city.GRID},
        "team": {"name": "第一网格patrol"},
        "organisation": None,
        "teams": [{"id": team}],
        "people": [{"id": WORKER}],
    }
    assert theirs == {**mine, "people": None}


async def test_an_exchange_joins_communities_of_one_type(org: Org) -> None:
    second = {"regionCode": city.SECOND_COMMUNITY, "validFrom": "2023-06-01", "idempotencyKey": "t"}
    classify = "mutation($input: ClassifyCommunityInput!) { classifyCommunity(input: $input) { problems { code } } }"
    exchange = plan(kind="exchange", regionCode=city.COMMUNITY, on="2024-06-01", communities=[city.SECOND_COMMUNITY])
    given = {"plan": exchange, "participants": 4}
    unlike = await do(org, "recordActivity", {"idempotencyKey": "a", **given})
    assert unlike == [("NOT_OF_ONE_TYPE", ["communities"])]
    await org.data(classify, input={**second, "type": "old_estate"})
    done = await do(org, "recordActivity", {"idempotencyKey": "b", **given})
    assert done["communities"] == [{"code": city.SECOND_COMMUNITY}]
    assert (await told(org, "held"))[-1]["communities"] == [str(city.id_of("region", city.SECOND_COMMUNITY))]
    alone = {**given, "plan": {**exchange, "communities": []}}
    assert await do(org, "recordActivity", {"idempotencyKey": "c", **alone}) == [("NOT_OF_ONE_TYPE", ["communities"])]


async def test_what_cannot_be_held_is_refused_and_changes_nothing(org: Org) -> None:
    held = {"id": PLANNED, "expectedVersion": 1, "participants": 3}
    stranger = str(city.id_of("nobody"))
    tried: list[tuple[str, dict[str, Any], str]] = [
        ("planActivity", {"plan": plan(title=" ")}, "REQUIRED"),
        ("planActivity", {"plan": plan(title="很" * 101)}, "TOO_LONG"),
        ("planActivity", {"plan": plan(kind="dance")}, "UNKNOWN_KIND"),
        ("planActivity", {"plan": plan(on="2021-01-01")}, "OUTSIDE_EXISTENCE"),
        ("planActivity", {"plan": plan(organisationId=stranger)}, "UNKNOWN_ORGANISATION"),
        ("planActivity", {"plan": plan(teamId=stranger)}, "UNKNOWN_TEAM"),
        ("planActivity", {"plan": plan(stationId=stranger)}, "UNKNOWN_STATION"),
        ("planActivity", {"plan": plan(teamIds=[stranger])}, "UNKNOWN_TEAM"),
        ("planActivity", {"plan": plan(communities=[city.GRID])}, "NOT_A_COMMUNITY"),
        ("recordActivity", {"plan": plan(), "participants": 1}, "DATE_IN_FUTURE"),
        ("holdActivity", {**held, "participants": -1}, "INVALID_COUNT"),
        ("holdActivity", {**held, "participants": 0, "people": [WORKER]}, "MORE_NAMED_THAN_COUNTED"),
        ("holdActivity", {**held, "people": [stranger]}, "UNKNOWN_PERSON"),
        ("holdActivity", {**held, "on": "2999-01-01"}, "DATE_IN_FUTURE"),
        ("holdActivity", {**held, "expectedVersion": 2}, "STALE_VERSION"),
        ("holdActivity", {**held, "id": str(city.id_of("activity", "held"))}, "NOT_PLANNED"),
        ("cancelActivity", {"id": PLANNED, "expectedVersion": 1, "reason": ""}, "REQUIRED"),
        (
            "cancelActivity",
            {"id": str(city.id_of("activity", "held")), "expectedVersion": 1, "reason": "雨"},
            "NOT_PLANNED",
        ),
    ]
    before = await org.contents()
    for number, (name, given, code) in enumerate(tried):
        key = {} if name in {"holdActivity", "cancelActivity"} else {"idempotencyKey": f"key {number}"}
        refused = await do(org, name, {**key, **given})
        assert [one for one, _ in refused] == [code], (name, given, refused)
    assert await org.contents() == before


async def test_what_is_called_off_counts_as_such_and_is_told(org: Org) -> None:
    done = await do(org, "cancelActivity", {"id": PLANNED, "expectedVersion": 1, "reason": "下雨"})
    assert (done["state"], done["result"], done["version"]) == ("CANCELLED", "下雨", 2)
    found = await stats(org, city.COMMUNITY)
    assert (found["held"], found["planned"], found["cancelled"]) == (1, 0, 1)
    assert [one["activityId"] for one in await told(org, "cancelled")] == [PLANNED]
    assert "下雨" not in json.dumps(await told(org, "cancelled"), ensure_ascii=False)


async def test_what_is_planned_goes_on_in_the_grid_that_takes_over_and_what_was_held_stays(org: Org) -> None:
    redraw = """mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code } } }"""
    merge = [{"code": city.GRID, "intoCode": city.SECOND_GRID}]
    given = {"idempotencyKey": "k", "within": city.COMMUNITY, "on": "2024-06-01", "merge": merge}
    assert (await org.data(redraw, input=given))["redrawGrids"]["problems"] == []
    now = await stats(org, city.SECOND_GRID)
    assert (now["planned"], now["held"]) == (1, 0)
    whole = await stats(org, city.COMMUNITY)
    assert (whole["planned"], whole["held"]) == (1, 1)
    assert [(one["activityId"], one["regionCode"]) for one in await told(org, "moved")] == [(PLANNED, city.SECOND_GRID)]
    held = await do(org, "holdActivity", {"id": PLANNED, "expectedVersion": 2, "participants": 2, "on": "2024-07-01"})
    assert held["state"] == "HELD"


async def test_a_region_with_something_planned_is_not_closed(org: Org) -> None:
    given = {"idempotencyKey": "a", "plan": plan(regionCode=city.UNIT)}
    assert (await do(org, "planActivity", given))["state"] == "PLANNED"
    close = "mutation($input: CloseRegionInput!) { closeRegion(input: $input) { problems { code } } }"
    region = {"regionId": str(city.id_of("region", city.UNIT)), "expectedVersion": 1, "effectiveOn": "2024-01-01"}
    assert (await org.data(close, input=region))["closeRegion"]["problems"] == [{"code": "NOT_EMPTY"}]


async def test_what_an_organisation_planned_is_held_by_the_one_it_is_merged_into(org: Org) -> None:
    merge = "mutation($input: MergeOrganisationsInput!) { mergeOrganisations(input: $input) { problems { code } } }"
    branch, lone = (str(city.id_of("organisation", key)) for key in ("branch", "lone"))
    given = {"idempotencyKey": "a", "ids": [branch], "intoId": lone, "on": "2024-04-01"}
    assert (await org.data(merge, input=given))["mergeOrganisations"]["problems"] == []
    asked = "query($id: ID!) { activity(id: $id) { organisation { id } } }"
    assert (await org.data(asked, id=PLANNED))["activity"]["organisation"] == {"id": lone}
