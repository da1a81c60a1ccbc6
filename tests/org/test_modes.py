"""Peacetime and emergency at every level, and what whoever lives in a community reads of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chassis.service import ImportRefused
from tests.org import city
from tests.org.conftest import Org

SWITCH = """mutation($input: SwitchModeInput!) { switchMode(input: $input) {
    community { mode { version mode } } problems { code } } }"""
MODE = "query($code: String!, $asOf: Date) { community(code: $code, asOf: $asOf) { mode { version mode reason } } }"
MODES = """query($code: String!) { community(code: $code) { modes { totalCount edges { node {
    version mode reason since mustered { group { code } people } } } } } }"""
STATS = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) {
    modeStats { communities emergency inEmergency { totalCount edges { node { code } } } } } }"""
FIRST = {
    "record": "mode_switch",
    "region_code": city.COMMUNITY,
    "mode": "EMERGENCY",
    "reason": "暴雨",
    "switched_at": "2024-07-18T20:00:00+08:00",
    "mustered": {"command_office": 3, "patrol_group": 5},
}
BACK = {**FIRST, "mode": "PEACETIME", "reason": "解除", "switched_at": "2024-07-20T09:00:00+08:00", "mustered": None}


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


async def switch(org: Org, mode: str, version: int) -> None:
    asked = {"regionCode": city.COMMUNITY, "mode": mode, "reason": "防汛", "expectedVersion": version}
    assert (await org.data(SWITCH, input=asked))["switchMode"]["problems"] == []


async def stats(org: Org, code: str, day: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = (await org.data(STATS, code=code, asOf=day))["region"]["modeStats"]
    return found


@pytest.mark.parametrize("role", ["resident", "grid_worker", "building_leader"])
async def test_whoever_lives_or_works_in_a_grid_is_told_of_the_emergency_of_their_community(
    org: Org, role: str
) -> None:
    await switch(org, "EMERGENCY", 0)
    token = org.token(role, region=city.GRID)
    told = (await org.data(MODE, token, code=city.COMMUNITY))["community"]["mode"]
    assert told == {"version": 1, "mode": "EMERGENCY", "reason": "防汛"}
    (shown,) = (await org.data(MODES, token, code=city.COMMUNITY))["community"]["modes"]["edges"]
    assert shown["node"]["mustered"] is None, "how it mustered is for who keeps the musters of the community"


async def test_whoever_lives_in_a_grid_reads_what_is_said_of_their_community_and_offered_there(org: Org) -> None:
    document = """query($code: String!) { community(code: $code) { type { code } stations { totalCount }
        listItems { totalCount edges { node { leadsTo { id } } } } distinctions { totalCount }
        activities { totalCount } activityStats { held } } }"""
    whole = (await org.data(document, code=city.COMMUNITY))["community"]
    assert whole["type"] is not None
    assert min(whole[one]["totalCount"] for one in ("stations", "listItems", "distinctions", "activities")) > 0
    token = org.token("resident", region=city.GRID)
    assert (await org.data(document, token, code=city.COMMUNITY))["community"] == whole


async def test_switches_are_listed_and_counted_at_every_level_and_date(empty_org: Org) -> None:
    await empty_org.load(city.lines() + lines(FIRST, BACK))
    await empty_org.load(lines(FIRST, BACK))
    listed = (await empty_org.data(MODES, code=city.COMMUNITY))["community"]["modes"]
    assert listed["totalCount"] == 2, "what is there already stays as it is"
    last, first = (edge["node"] for edge in listed["edges"])
    assert (last["version"], last["mode"], last["mustered"]) == (2, "PEACETIME", None)
    assert [(one["group"]["code"], one["people"]) for one in first["mustered"]] == [
        ("command_office", 3),
        ("patrol_group", 5),
    ]
    for code in ("3703", "370321", "370321002", city.COMMUNITY):
        during = await stats(empty_org, code, "2024-07-19")
        assert during["emergency"] == 1
        assert during["inEmergency"] == {"totalCount": 1, "edges": [{"node": {"code": city.COMMUNITY}}]}
        assert [(await stats(empty_org, code, day))["emergency"] for day in ("2024-07-17", "2024-07-20", None)] == [
            0
        ] * 3
    assert (await stats(empty_org, city.SECOND_COMMUNITY, "2024-07-19"))["emergency"] == 0
    told = await empty_org.look(
        "SELECT aggregate_version, convert_from(payload, 'UTF8') FROM outbox"
        " WHERE type = 'linli.org.mode.switched.v1' ORDER BY id"
    )
    assert [version for version, _ in told] == [1, 2]
    assert json.loads(told[0][1])["data"]["groups"] == [
        {"group": "command_office", "people": 3},
        {"group": "patrol_group", "people": 5},
    ]
    await switch(empty_org, "EMERGENCY", 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"region_code": city.GRID},
        {"mode": "PEACETIME"},
        {"reason": " "},
        {"switched_at": "2024-07-18T20:00:00"},
        {"switched_at": "2101-01-01T20:00:00+08:00"},
        {"mustered": {"navy": 1}},
    ],
    ids=["a grid", "already in it", "no reason", "no zone", "the future", "an unknown group"],
)
async def test_a_switch_that_breaks_a_rule_is_not_imported(org: Org, wrong: dict[str, Any]) -> None:
    with pytest.raises(ImportRefused, match="line 1"):
        await org.load(lines({**FIRST, **wrong}))
    assert await org.look("SELECT count(*) FROM community_mode") == [(0,)]


async def test_a_switch_before_the_last_one_is_not_imported(org: Org) -> None:
    with pytest.raises(ImportRefused, match="line 2"):
        await org.load(lines(BACK | {"mode": "EMERGENCY"}, FIRST | {"mode": "PEACETIME"}))
    assert await org.look("SELECT count(*) FROM community_mode") == [(0,)]
