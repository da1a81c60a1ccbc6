"""社区吹哨、党员报到: whom a community can call who checked in there, and who of them came when it called."""

from __future__ import annotations

import json
from typing import Any

from tests.org import city
from tests.org.conftest import Org

CADRE, WORKER = str(city.id_of("person", "cadre")), str(city.id_of("person", "worker"))
TICKET = str(city.id_of("whistle"))
WITH_POST = """query($code: String!, $post: String, $group: String, $asOf: Date, $first: Int, $after: String) {
    region(code: $code, asOf: $asOf) { checkIns(post: $post, group: $group, first: $first, after: $after) {
        totalCount pageInfo { endCursor } edges { node { person { id } assignment { post { code } } } } } } }"""
RESPONDED = """query($code: String!, $from: Date, $to: Date, $asOf: Date) { region(code: $code, asOf: $asOf) {
    checkInStats { checkedIn responded(heldFrom: $from, heldTo: $to) } } }"""
CAME = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) { checkIns { edges { node {
    activities { title on ticket { id } region { code } } } } } } }"""
RECORD = """mutation($input: RecordActivityInput!) { recordActivity(input: $input) {
    activity { id } problems { code } } }"""


async def called(org: Org, key: str, *people: str, **more: Any) -> None:
    """Record that people came when the grid whistled."""
    plan = {
        "kind": "round",
        "title": "清理楼道",
        "regionCode": city.GRID,
        "on": "2024-06-01",
        "ticketId": TICKET,
        **more,
    }
    given = {"idempotencyKey": key, "plan": plan, "participants": len(people) + 1, "people": list(people)}
    assert (await org.data(RECORD, input=given))["recordActivity"]["problems"] == []


async def responded(org: Org, code: str = city.GRID, **days: str) -> tuple[int, int]:
    found = (await org.data(RESPONDED, code=code, **days))["region"]["checkInStats"]
    return found["checkedIn"], found["responded"]


async def test_a_community_finds_who_checked_in_for_a_post(city_org: Org) -> None:
    async def people(**given: Any) -> list[str]:
        found = (await city_org.data(WITH_POST, code=city.COMMUNITY, **given))["region"]["checkIns"]
        assert found["totalCount"] == len(found["edges"])
        return [edge["node"]["person"]["id"] for edge in found["edges"]]

    assert await people() == await people(post="patrol") == [CADRE]
    assert await people(post="help") == await people(post="patrol", group="courier") == []
    assert await people(post="patrol", asOf="2023-01-15") == []
    # A cursor of one list is not one of another.
    whole = (await city_org.data(WITH_POST, code="3703", first=1))["region"]["checkIns"]["pageInfo"]["endCursor"]
    answer = await city_org.ask(WITH_POST, city_org.token(), code="3703", post="patrol", first=1, after=whole)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_members_who_came_when_the_community_called_are_counted_and_told(org: Org) -> None:
    this_year = {"from": "2024-01-01", "to": "2024-12-31"}
    assert await responded(org, **this_year) == (1, 0)
    await called(org, "a", CADRE, WORKER)
    await called(org, "b", CADRE, on="2024-07-01", title="防汛值守")
    # Twice is one who came, and the worker came without having checked in.
    for code in (city.GRID, city.COMMUNITY, city.COUNTY):
        assert await responded(org, code, **this_year) == (1, 1)
    assert await responded(org, **{"from": "2024-07-02", "to": "2024-12-31"}) == (1, 0)
    assert await responded(org, **{"from": "2024-07-01", "to": "2024-07-01"}) == (1, 1)
    assert await responded(org, city.SECOND_GRID, **this_year) == (0, 0)
    (edge,) = (await org.data(CAME, code=city.GRID))["region"]["checkIns"]["edges"]
    assert edge["node"]["activities"] == [
        {"title": "防汛值守", "on": "2024-07-01", "ticket": {"id": TICKET}, "region": {"code": city.GRID}},
        {"title": "清理楼道", "on": "2024-06-01", "ticket": {"id": TICKET}, "region": {"code": city.GRID}},
    ]
    (edge,) = (await org.data(CAME, code=city.GRID, asOf="2024-06-30"))["region"]["checkIns"]["edges"]
    assert [one["title"] for one in edge["node"]["activities"]] == ["清理楼道"]
    rows = await org.look(
        "SELECT payload FROM outbox WHERE type = 'linli.org.activity.held.v1' ORDER BY id DESC LIMIT 2"
    )
    assert [set(json.loads(row[0])["data"]["people"]) for row in rows] == [{CADRE}, {CADRE, WORKER}]


async def test_what_is_only_planned_or_was_before_the_check_in_is_no_response(org: Org) -> None:
    await called(org, "a", CADRE, on="2022-12-30")
    await called(org, "b", WORKER)
    assert await responded(org, **{"from": "2023-01-01", "to": "2024-12-31"}) == (1, 0)
    (edge,) = (await org.data(CAME, code=city.GRID))["region"]["checkIns"]["edges"]
    assert edge["node"]["activities"] == []
    answer = await org.ask(RESPONDED, org.token(), code=city.GRID, **{"from": "2024-02-01", "to": "2024-01-01"})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
