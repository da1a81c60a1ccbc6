"""Reserves of communities, call-ups, and who arrived, through the graph."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from chassis.service import ImportRefused
from tests.kit import items_of
from tests.org import city
from tests.org.conftest import Org

STATS = """{ district(code: "370321") { reserveStats { needed enrolled missing callUps called arrived
    sources { source { code } needed enrolled } shortfalls { missing region { code } } }
    reservists { totalCount edges { node { id person { name } source { name } } } } } }"""
PEOPLE = "people { edges { node { state post excuse answeredAt person { id } } } }"
CALL_UP = f"callUp {{ id version asked called arrived isDrill endedAt {PEOPLE} }} problems {{ code path }}"


def mutation(name: str, parts: str = CALL_UP) -> str:
    given = name[0].upper() + name[1:] + "Input"
    return f"mutation($input: {given}!) {{ {name}(input: $input) {{ {parts} }} }}"


def person(key: str) -> str:
    return str(city.id_of("person", key))


async def do(org: Org, name: str, token: str | None = None, **given: Any) -> Any:
    payload = (await org.data(mutation(name), token, input=given))[name]
    return [one["code"] for one in payload["problems"]] or payload["callUp"]


async def enrol(org: Org, who: str, **more: Any) -> list[str]:
    given = {"idempotencyKey": who, "personId": person(who), "source": "cadre", "regionCode": city.COMMUNITY}
    asked = mutation("enrolReservist", "reservist { id } problems { code }")
    payload = (await org.data(asked, input={**given, "validFrom": "2024-01-01", **more}))["enrolReservist"]
    return [one["code"] for one in payload["problems"]]


async def switch(org: Org, mode: str, version: int) -> None:
    given = {"regionCode": city.COMMUNITY, "mode": mode, "reason": "防汛", "expectedVersion": version}
    document = "mutation($input: SwitchModeInput!) { switchMode(input: $input) { problems { code } } }"
    assert (await org.data(document, input=given))["switchMode"]["problems"] == []


async def test_a_community_needs_people_by_its_size_and_shows_who_is_missing(city_org: Org) -> None:
    found = (await city_org.data(STATS))["district"]
    # 420 households at 5 a thousand, 1 member who checked in at 1,000 a thousand: 3.1, so 4.
    assert found["reserveStats"] == {
        "needed": 4,
        "enrolled": 2,
        "missing": 2,
        "callUps": 1,
        "called": 2,
        "arrived": 0,
        "sources": [{"source": {"code": "cadre"}, "needed": 4, "enrolled": 2}],
        "shortfalls": [{"missing": 2, "region": {"code": city.COMMUNITY}}],
    }
    assert found["reservists"]["totalCount"] == 2
    for field in ("reserveStats { needed }", "reservists { totalCount }", "callUps { totalCount }"):
        document = f'{{ district(code: "370321") {{ {field} }} }}'
        answer = await city_org.ask(document, city_org.token("resident", region=city.COUNTY))
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_who_is_called_up_goes_somewhere_and_arrives_or_is_excused(org: Org) -> None:
    asked: dict[str, Any] = {"idempotencyKey": "k", "regionCode": city.COMMUNITY, "people": 5, "purpose": "防汛"}
    assert await do(org, "callUp", **asked) == ["NOT_IN_EMERGENCY"]
    await switch(org, "EMERGENCY", 0)
    assert await enrol(org, "spare") == []
    assert await enrol(org, "elder") == []
    called = await do(org, "callUp", **asked)
    # The secretary is in a drill that is not over.
    assert {one["person"]["id"] for one in items_of(called["people"])} == {
        person("worker"),
        person("spare"),
        person("elder"),
    }
    assert (called["asked"], called["called"], called["arrived"]) == (5, 3, 0)
    assert await do(org, "callUp", **{**asked, "idempotencyKey": "l"}) == ["NOBODY_IN_RESERVE"]
    of: dict[str, Any] = {"callUpId": called["id"], "personId": person("worker")}
    token = org.token("grid_worker", region=city.GRID[:12])
    await do(org, "postCalledUp", **of, post="一号闸")
    arrived = await do(org, "answerCallUp", token, **of)
    (worker,) = (one for one in items_of(arrived["people"]) if one["state"] == "ARRIVED")
    assert (worker["post"], arrived["arrived"], arrived["version"]) == ("一号闸", 1, 3)
    assert worker["answeredAt"]
    assert await do(org, "answerCallUp", **of, excuse="病假") == ["ALREADY_ANSWERED"]
    excused = await do(org, "answerCallUp", **{**of, "personId": person("spare")}, excuse="病假")
    assert {one["excuse"] for one in items_of(excused["people"])} == {None, "病假"}
    assert await do(org, "answerCallUp", **{**of, "personId": person("cadre")}) == ["NOT_CALLED_UP"]
    await switch(org, "PEACETIME", 1)
    assert await do(org, "endCallUp", id=called["id"], expectedVersion=5) == ["CALL_UP_OVER"]
    assert await do(org, "answerCallUp", **{**of, "personId": person("elder")}) == ["CALL_UP_OVER"]
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'call_up' ORDER BY id")
    assert [name.split(".")[3] for (name,) in told] == ["begun", "begun", "posted", "answered", "answered", "ended"]
    stats = (await org.data(STATS))["district"]["reserveStats"]
    assert (stats["callUps"], stats["called"]) == (1, 2), "the drill goes on"


async def test_two_call_ups_at_once_call_nobody_twice(org: Org) -> None:
    for who in ("spare", "elder"):
        assert await enrol(org, who) == []
    asked: dict[str, Any] = {"regionCode": city.COMMUNITY, "people": 2, "purpose": "演练", "isDrill": True}
    both = await asyncio.gather(*(do(org, "callUp", idempotencyKey=key, **asked) for key in "ab"))
    people = [one["person"]["id"] for found in both for one in items_of(found["people"])]
    assert sorted(people) == sorted({person("worker"), person("spare"), person("elder")})


async def test_who_rested_longest_is_called_first(org: Org) -> None:
    drill = str(city.id_of("call_up"))
    assert (await do(org, "endCallUp", id=drill, expectedVersion=1))["endedAt"]
    asked: dict[str, Any] = {"regionCode": city.COMMUNITY, "people": 1, "purpose": "演练", "isDrill": True}
    first = await do(org, "callUp", idempotencyKey="a", **asked)
    second = await do(org, "callUp", idempotencyKey="b", **asked)
    order = [one["person"]["id"] for found in (first, second) for one in items_of(found["people"])]
    assert order == [person("worker"), person("secretary")]


async def test_what_a_reserve_refuses_changes_nothing(org: Org) -> None:
    before = await org.contents()
    assert await enrol(org, "secretary") == ["ALREADY_IN_RESERVE"]
    assert await enrol(org, "spare", source="nobody") == ["UNKNOWN_KIND"]
    assert await enrol(org, "spare", regionCode=city.GRID) == ["NOT_A_COMMUNITY"]
    assert await enrol(org, "spare", personId=str(city.id_of("nobody"))) == ["UNKNOWN_PERSON"]
    asked: dict[str, Any] = {"regionCode": city.COMMUNITY, "people": 1, "purpose": " ", "isDrill": True}
    assert await do(org, "callUp", idempotencyKey="a", **asked) == ["REQUIRED"]
    assert await do(org, "callUp", idempotencyKey="b", **{**asked, "people": 0}) == ["INVALID_COUNT"]
    assert await do(org, "endCallUp", id=str(city.id_of("call_up")), expectedVersion=7) == ["STALE_VERSION"]
    assert await org.contents() == before


@pytest.mark.parametrize(
    ("state", "excuse", "told"), [("ARRIVED", "值班", "ALREADY_ANSWERED"), ("EXCUSED", " ", "REQUIRED")]
)
async def test_only_who_was_excused_is_imported_with_an_excuse(org: Org, state: str, excuse: str, told: str) -> None:
    def line(**answer: str) -> str:
        record = city.called_up(city.COMMUNITY, "worker")
        one = {**record["people"][0], **answer, "answered_at": "2026-01-05T09:00:00+08:00"}
        return json.dumps({**record, "id": str(city.id_of("call_up", "other")), "people": [one]}) + "\n"

    with pytest.raises(ImportRefused, match=told):
        await org.load(line(state=state, excuse=excuse))
    assert await org.look("SELECT count(*) FROM call_up") == [(1,)]
    await org.load(line(state="EXCUSED", excuse="值班"))
    assert await org.look("SELECT excuse FROM called_up WHERE state = 'EXCUSED'") == [("值班",)]
