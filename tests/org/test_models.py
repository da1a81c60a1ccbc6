"""Panels of experts and the methods that model communities share, through the graph."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

STATS = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) {
    modelStats { experts fields accompanied methods models adopting byType { type { code } methods adopting } } } }"""
SEEN = """query($code: String!) { region(code: $code) {
    experts(field: "planning") { totalCount edges { node { field { code } region { code } } } }
    sharedMethods(type: "old_estate") { totalCount edges { node { id title content type { code } model { code } } } }
    guidances { edges { node { region { code } expert { id } } } }
    adoptions { edges { node { region { code } method { title } } } } } }"""
PLANNER = str(city.id_of("expert", "planner"))
METHOD = str(city.id_of("shared_method", "three"))
SINCE = {"validFrom": "2024-01-01"}


async def do(org: Org, name: str, given: dict[str, Any]) -> Any:
    thing = {"Expert": "expert", "Method": "method", "Guidance": "guidance", "Adoption": "adoption"}
    found = next(field for word, field in thing.items() if name.endswith(word))
    found = {"assignExpert": "guidance", "adoptMethod": "adoption"}.get(name, found)
    type_ = "EndInput" if name.startswith("end") else f"{name[0].upper()}{name[1:]}Input"
    asked = f"mutation($input: {type_}!) {{ {name}(input: $input) {{ {found} {{ id version }} problems {{ code }} }} }}"
    payload = (await org.data(asked, input=given))[name]
    return [one["code"] for one in payload["problems"]] or payload[found]


async def stats(org: Org, code: str = city.COUNTY, day: str | None = None) -> Any:
    return (await org.data(STATS, code=code, asOf=day))["region"]["modelStats"]


async def test_a_panel_and_its_methods_are_seen_from_every_community_below_and_counted(city_org: Org) -> None:
    own = city_org.token("community_worker", region=city.COMMUNITY)
    seen = (await city_org.data(SEEN, own, code=city.COMMUNITY))["region"]
    assert seen["experts"]["totalCount"] == 2
    assert seen["experts"]["edges"][0]["node"] == {"field": {"code": "planning"}, "region": {"code": city.COUNTY}}
    assert seen["sharedMethods"]["totalCount"] == 2
    (shared,) = (edge["node"] for edge in seen["sharedMethods"]["edges"] if edge["node"]["id"] == METHOD)
    assert shared == {
        "id": METHOD,
        "title": "三联工作法",
        "content": "联议联办联评",
        "type": {"code": "old_estate"},
        "model": None,
    }
    assert [edge["node"] for edge in seen["guidances"]["edges"]] == [
        {"region": {"code": city.COMMUNITY}, "expert": {"id": PLANNER}}
    ]
    assert [edge["node"]["method"]["title"] for edge in seen["adoptions"]["edges"]] == ["三联工作法"]
    counted = {"experts": 2, "fields": 1, "methods": 2, "models": 1, "accompanied": 1, "adopting": 1}
    old = {"type": {"code": "old_estate"}, "methods": 2}
    for code in (city.COUNTY, city.SUBDISTRICT, city.COMMUNITY):
        assert await stats(city_org, code) == {**counted, "byType": [{**old, "adopting": 1}]}, code
    second = await stats(city_org, city.SECOND_COMMUNITY)
    assert second == {**counted, "accompanied": 0, "adopting": 0, "byType": [{**old, "adopting": 0}]}
    assert (await stats(city_org, day="2023-01-31"))["experts"] == 0
    elsewhere = city_org.token("admin", region=city.FOREIGN)
    assert (await city_org.data(STATS, elsewhere, code=city.FOREIGN))["region"]["modelStats"]["methods"] == 0


async def test_an_expert_accompanies_until_it_ends_and_then_may_leave(org: Org) -> None:
    given = {"idempotencyKey": "a", "expertId": PLANNER, "regionCode": city.SECOND_COMMUNITY, **SINCE}
    made = await do(org, "assignExpert", given)
    assert (await stats(org))["accompanied"] == 2
    leaving = {"id": PLANNER, "expectedVersion": 1, "on": "2025-01-01"}
    assert await do(org, "endExpert", leaving) == ["NOT_EMPTY"]
    for guidance in (made["id"], str(city.id_of("guidance", "first"))):
        over = {"id": guidance, "expectedVersion": 1, "on": "2024-06-01"}
        assert (await do(org, "endGuidance", over))["version"] == 2
    assert (await do(org, "endExpert", leaving))["version"] == 2
    assert ((await stats(org))["experts"], (await stats(org, day="2024-05-31"))["accompanied"]) == (1, 2)
    again = {**given, "idempotencyKey": "b", "regionCode": city.COMMUNITY}
    assert await do(org, "assignExpert", again) == ["ALREADY_ENDED"]
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'expert|guidance' ORDER BY id DESC LIMIT 4")
    assert [".".join(name.split(".")[2:4]) for (name,) in reversed(told)] == [
        "guidance.begun",
        "guidance.ended",
        "guidance.ended",
        "expert.left",
    ]


async def test_a_method_is_shared_by_a_model_and_taken_up_by_others_of_its_type(org: Org) -> None:
    share = {"title": "五心工作法", "type": "old_estate", "modelCode": city.SECOND_COMMUNITY, **SINCE}
    made = await do(org, "shareMethod", {"idempotencyKey": "a", **share, "regionCode": city.COUNTY})
    adopt = {"methodId": made["id"], "validFrom": "2024-02-01"}
    taken = await do(org, "adoptMethod", {"idempotencyKey": "b", **adopt, "regionCode": city.COMMUNITY})
    assert (await stats(org))["byType"] == [{"type": {"code": "old_estate"}, "methods": 3, "adopting": 1}]
    over = {"id": made["id"], "expectedVersion": 1, "on": "2025-01-01"}
    assert (await do(org, "endMethod", over))["version"] == 2
    assert (await do(org, "endAdoption", {**over, "id": taken["id"], "on": "2025-02-01"}))["version"] == 2
    assert (await stats(org))["methods"] == 2
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'method|adoption' ORDER BY id DESC LIMIT 4")
    assert [".".join(name.split(".")[2:4]) for (name,) in reversed(told)] == [
        "method.shared",
        "adoption.begun",
        "method.withdrawn",
        "adoption.ended",
    ]


async def test_what_does_not_fit_is_refused_and_changes_nothing(org: Org) -> None:
    enrol = {"personId": str(city.id_of("person", "leader")), "field": "planning", "regionCode": city.COUNTY, **SINCE}
    assign = {"expertId": PLANNER, "regionCode": city.SECOND_COMMUNITY, **SINCE}
    share = {"title": "法", "type": "old_estate", "modelCode": city.COMMUNITY, "regionCode": city.COUNTY, **SINCE}
    adopt = {"methodId": METHOD, "regionCode": city.COMMUNITY, **SINCE}
    tried: list[tuple[str, dict[str, Any], str]] = [
        ("enrolExpert", {**enrol, "field": "cooking"}, "UNKNOWN_KIND"),
        ("enrolExpert", {**enrol, "personId": METHOD}, "UNKNOWN_PERSON"),
        ("enrolExpert", {**enrol, "personId": str(city.id_of("person", "cadre"))}, "NOTHING_CHANGES"),
        ("assignExpert", {**assign, "regionCode": city.GRID}, "NOT_A_COMMUNITY"),
        ("assignExpert", {**assign, "regionCode": city.COMMUNITY}, "NOTHING_CHANGES"),
        ("assignExpert", {**assign, "regionCode": city.FOREIGN_COMMUNITY}, "NOT_IN_AREA"),
        ("assignExpert", {**assign, "expertId": METHOD}, "UNKNOWN_EXPERT"),
        ("shareMethod", {**share, "title": ""}, "REQUIRED"),
        ("shareMethod", {**share, "type": "castle"}, "UNKNOWN_COMMUNITY_TYPE"),
        ("shareMethod", {**share, "modelCode": city.GRID}, "NOT_A_COMMUNITY"),
        ("shareMethod", {**share, "modelCode": city.FOREIGN_COMMUNITY}, "NOT_IN_AREA"),
        ("shareMethod", {**share, "validFrom": "2022-12-31"}, "NOT_A_MODEL"),
        ("adoptMethod", adopt, "NOTHING_CHANGES"),
        ("adoptMethod", {**adopt, "regionCode": city.SECOND_COMMUNITY}, "OWN_METHOD"),
        ("adoptMethod", {**adopt, "regionCode": city.FOREIGN_COMMUNITY}, "NOT_IN_AREA"),
        ("adoptMethod", {**adopt, "validFrom": "2022-12-31"}, "OTHER_TYPE"),
        ("adoptMethod", {**adopt, "methodId": PLANNER}, "UNKNOWN_METHOD"),
    ]
    before = await org.contents()
    for number, (name, given, code) in enumerate(tried):
        assert await do(org, name, {"idempotencyKey": f"key {number}", **given}) == [code], (name, given)
    assert await org.contents() == before
