"""Training and its rotation, duty guides, the talent pool and all-round posts, through the graph."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.kit import items_of
from tests.org import city
from tests.org.conftest import Org

SESSION = """trainingSession { id version heldOn attended training { id name } attendances { totalCount
    edges { node { title { code } person { id } } } } }"""
TALENT = "talent { id version validFrom validTo plannedTo outcome reason stage { code } mentor { id } duty { id } }"
ROTATION = """{ %s(code: "%s") { rotation(title: "grid_worker", trainedFrom: "%s", trainedTo: "2024-12-31") {
    holders trained percent untrained { totalCount edges { node { person { id } } } } } } }"""
POOL = """{ %s(code: "%s") { talents { totalCount } talentStats(endedFrom: "2024-01-01", endedTo: "2025-12-31") {
    inPool advanced appointed left stages { people mentored stage { code } } } } }"""
ALL_ROUND = """{ %s(code: "%s") { qualifications { totalCount }
    allRoundStats(title: "grid_worker") { workers allRound allRoundPercent kinds { workers kind { code } } } } }"""
KEEPER = "subdistrict_secretary"


def person(key: str) -> str:
    return str(city.id_of("person", key))


async def do(org: Org, name: str, parts: str, *, input: dict[str, Any]) -> Any:  # noqa: A002
    kind = "EndInput" if name in {"endTraining", "endQualification"} else name[0].upper() + name[1:] + "Input"
    document = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {parts} problems {{ code path }} }} }}"
    token = org.token(KEEPER, region=city.COUNTY, subject="keeper")
    payload = (await org.data(document, token, input=input))[name]
    return [one["code"] for one in payload["problems"]] or payload[parts.split(" ", 1)[0]]


async def hold(org: Org, *who: str, **more: Any) -> Any:
    given = {"trainingId": str(city.id_of("training", city.COUNTY)), "on": "2024-06-01", "subject": "走访"}
    people = [person(one) for one in who]
    base = {"idempotencyKey": f"{who} {more}", **given, "lessons": 4, "personIds": people}
    return await do(org, "holdTrainingSession", SESSION, input={**base, **more})


async def pool(org: Org, who: str, **more: Any) -> Any:
    base = {"idempotencyKey": f"{who} {more}", "personId": person(who), "regionCode": city.COMMUNITY}
    return await do(org, "poolTalent", TALENT, input={**base, "stage": "reserve", "validFrom": "2024-02-01", **more})


async def test_a_session_counts_who_attended_for_the_titles_they_held(org: Org) -> None:
    held = await hold(org, "worker", "leader")
    assert (held["attended"], held["heldOn"], held["training"]["name"]) == (2, "2024-06-01", "网格员轮训worker")
    there = {(one["node"]["title"]["code"], one["node"]["person"]["id"]) for one in held["attendances"]["edges"]}
    assert there == {("grid_worker", person("worker")), ("grid_leader", person("leader"))}
    add = {"idempotencyKey": "a", "sessionId": held["id"], "expectedVersion": 1, "personIds": [person("worker")]}
    assert await do(org, "recordAttendance", SESSION, input=add) == ["NOTHING_CHANGES"]
    imported = {**add, "idempotencyKey": "b", "sessionId": str(city.id_of("training_session", city.COUNTY))}
    more = await do(org, "recordAttendance", SESSION, input={**imported, "personIds": [person("leader")]})
    assert (more["version"], more["attended"]) == (2, 2)
    stale = {**imported, "idempotencyKey": "c", "personIds": [person("leader")]}
    assert await do(org, "recordAttendance", SESSION, input=stale) == ["STALE_VERSION"]
    told = await org.look(
        "SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type ~ 'training_session' ORDER BY id"
    )
    assert sum('"attendees":2' in one for (one,) in told) == 2


TAKE_BACK = """mutation($input: TakeBackAttendanceInput!) { takeBackAttendance(input: $input) {
    trainingSession { version attended } problems { code path } } }"""


async def test_who_was_recorded_by_mistake_is_taken_back_and_was_not_trained(org: Org) -> None:
    async def take_back(version: int, *who: str) -> Any:
        session = str(city.id_of("training_session", city.COUNTY))
        given = {"sessionId": session, "expectedVersion": version, "personIds": [person(one) for one in who]}
        return (await org.data(TAKE_BACK, input=given))["takeBackAttendance"]

    before = await org.contents()
    refused = {"trainingSession": None, "problems": [{"code": "DID_NOT_ATTEND", "path": ["personIds"]}]}
    assert await take_back(1, "leader") == await take_back(1, "worker", "leader") == await take_back(1) == refused
    assert (await take_back(7, "worker"))["problems"][0]["code"] == "STALE_VERSION"
    assert await org.contents() == before
    done = await take_back(1, "worker")
    assert done == {"trainingSession": {"version": 2, "attended": 0}, "problems": []}
    rotation = (await org.data(ROTATION % ("district", city.COUNTY, "2024-01-01")))["district"]["rotation"]
    assert (rotation["holders"], rotation["trained"]) == (1, 0)
    told = await org.look(
        "SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type ~ 'training_session' ORDER BY id DESC LIMIT 1"
    )
    assert '"attendees":0' in told[0][0]
    kept = await org.look(
        "SELECT fields::text FROM audit WHERE operation = 'takeBackAttendance' AND fields::text ~ 'taken'"
    )
    assert person("worker") in str(kept), "whom it concerned is kept for who asks later"


async def test_a_rotation_shows_who_of_the_holders_was_not_trained(org: Org) -> None:
    one = {"holders": 1, "trained": 1, "percent": 100.0, "untrained": {"totalCount": 0, "edges": []}}
    for level, code in (("district", city.COUNTY), ("community", city.COMMUNITY), ("grid", city.GRID)):
        assert (await org.data(ROTATION % (level, code, "2024-01-01")))[level]["rotation"] == one
    later = (await org.data(ROTATION % ("district", city.COUNTY, "2024-03-02")))["district"]["rotation"]
    assert (later["holders"], later["trained"], later["percent"]) == (1, 0, 0.0)
    assert [edge["node"]["person"]["id"] for edge in later["untrained"]["edges"]] == [person("worker")]
    both = (await org.data(ROTATION % ("city", "3703", "2024-01-01")))["city"]["rotation"]
    assert (both["holders"], both["trained"]) == (2, 2)
    mine = org.token("community_worker", region=city.COMMUNITY)
    assert (await org.data(ROTATION % ("community", city.COMMUNITY, "2024-01-01"), mine))["community"][
        "rotation"
    ] == one
    none = (await org.data(ROTATION % ("grid", city.SECOND_GRID, "2024-01-01")))["grid"]["rotation"]
    assert (none["holders"], none["percent"]) == (0, None)


async def test_who_was_trained_stays_trained_when_grids_are_merged(org: Org) -> None:
    document = """mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code message } } }"""
    merge = {"code": city.GRID, "intoCode": city.SECOND_GRID}
    given = {"idempotencyKey": "m", "within": city.COMMUNITY, "on": "2025-06-01", "merge": [merge]}
    answer = await org.data(document, input=given)
    assert answer["redrawGrids"]["problems"] == []
    stamps = await org.look("SELECT region_code FROM training_attendance ORDER BY region_code")
    assert stamps == [(city.SECOND_GRID,), (city.FOREIGN_GRID,)]
    found = (await org.data(ROTATION % ("grid", city.SECOND_GRID, "2024-01-01")))["grid"]["rotation"]
    assert (found["holders"], found["trained"]) == (1, 1)


async def test_programmes_are_listed_with_their_sessions_for_staff(city_org: Org) -> None:
    document = """{ district(code: "%s") { trainings(title: "%s") { totalCount edges { node {
        name titles { code } sessions { edges { node { subject lessons attended } } } } } } } }"""
    (edge,) = (await city_org.data(document % (city.COUNTY, "grid_leader")))["district"]["trainings"]["edges"]
    assert edge["node"]["titles"] == [{"code": "grid_leader"}, {"code": "grid_worker"}]
    assert items_of(edge["node"]["sessions"]) == [{"subject": "走访实务", "lessons": 8, "attended": 1}]
    none = await city_org.data(document % (city.COUNTY, "adviser"))
    assert none["district"]["trainings"]["totalCount"] == 0
    asked = ["trainings { totalCount }", "qualifications { totalCount }"]
    asked += [
        "talents { totalCount }",
        'rotation(title: "x", trainedFrom: "2024-01-01", trainedTo: "2024-01-02") { holders }',
    ]
    asked += [
        'talentStats(endedFrom: "2024-01-01", endedTo: "2024-01-02") { inPool }',
        'allRoundStats(title: "x") { workers }',
    ]
    for field in asked:
        query = f'{{ district(code: "370321") {{ {field} }} }}'
        answer = await city_org.ask(query, city_org.token("resident", region=city.COUNTY))
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    pooled = await city_org.ask(POOL % ("district", city.COUNTY), city_org.token("grid_worker", region=city.COUNTY))
    assert {error["extensions"]["code"] for error in pooled["errors"]} == {"FORBIDDEN"}


async def test_guides_are_read_by_title_team_and_day(org: Org) -> None:
    await org.load(city.lines([city.guide("title", "grid_worker", version=2, since="2025-01-01", items=["上门"])]))
    document = "{ dutyGuides(%s) { title teamKind version items } }"
    resident = org.token("resident", region=city.COMMUNITY)
    both = (await org.data(document % 'title: "grid_worker"', resident))["dutyGuides"]
    assert [(one["version"], one["items"]) for one in both] == [(2, ["上门"]), (1, ["走访", "上报"])]
    then = (await org.data(document % 'title: "grid_worker", asOf: "2024-12-31"', resident))["dutyGuides"]
    assert [one["version"] for one in then] == [1]
    team = (await org.data(document % 'teamKind: "patrol"', resident))["dutyGuides"]
    assert team == [{"title": None, "teamKind": "patrol", "version": 1, "items": ["走访", "上报"]}]
    words = '{ dutyTitles { code guide { version } then: guide(asOf: "2024-12-31") { version items } } }'
    titles = {one["code"]: one for one in (await org.data(words, resident))["dutyTitles"]}
    assert titles["grid_worker"]["guide"] == {"version": 2}
    assert titles["grid_worker"]["then"] == {"version": 1, "items": ["走访", "上报"]}
    assert titles["grid_leader"]["guide"] is None
    asked = "query($id: ID!, $asOf: Date) { team(id: $id, asOf: $asOf) { guide { items } } }"
    patrol = str(city.id_of("team", "patrol"))
    assert (await org.data(asked, resident, id=patrol))["team"]["guide"] == {"items": ["走访", "上报"]}
    assert (await org.data(asked, resident, id=patrol, asOf="2022-12-31"))["team"]["guide"] is None


async def test_somebody_in_the_pool_goes_on_is_appointed_or_leaves(org: Org) -> None:
    before = (await org.data(POOL % ("district", city.COUNTY)))["district"]
    assert before["talentStats"]["stages"] == [{"people": 2, "mentored": 1, "stage": {"code": "reserve"}}]
    on = {"id": str(city.id_of("talent", "leader")), "expectedVersion": 1, "on": "2025-01-01"}
    mentor = person("secretary")
    advance = {**on, "idempotencyKey": "a", "stage": "lead", "mentorId": mentor, "plannedTo": "2027-01-01"}
    assert await do(org, "advanceTalent", TALENT, input={**advance, "stage": "reserve"}) == ["NOTHING_CHANGES"]
    lead = await do(org, "advanceTalent", TALENT, input={**advance, "idempotencyKey": "b"})
    assert (lead["stage"]["code"], lead["mentor"]["id"], lead["plannedTo"]) == ("lead", mentor, "2027-01-01")
    end = {"id": lead["id"], "expectedVersion": 1, "on": "2025-06-01"}
    assert await do(org, "endTalent", TALENT, input=end) == ["REQUIRED"]
    foreign = {**end, "dutyId": str(city.id_of("duty", "worker"))}
    assert await do(org, "endTalent", TALENT, input=foreign) == ["NOT_THEIR_DUTY"]
    duty = str(city.id_of("duty", "leader"))
    appointed = await do(org, "endTalent", TALENT, input={**end, "dutyId": duty})
    assert (appointed["outcome"], appointed["duty"]["id"], appointed["validTo"]) == ("APPOINTED", duty, "2025-06-01")
    left = {"id": str(city.id_of("talent", "elder")), "expectedVersion": 1, "on": "2025-07-01", "reason": "调离"}
    assert (await do(org, "endTalent", TALENT, input=left))["outcome"] == "LEFT"
    after = (await org.data(POOL % ("district", city.COUNTY)))["district"]
    assert after["talentStats"] == {"inPool": 0, "advanced": 1, "appointed": 1, "left": 1, "stages": []}
    assert (await org.data(POOL % ("city", "3703")))["city"]["talentStats"]["inPool"] == 1
    told = await org.look("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type ~ 'talent'")
    assert len(told) == 3 + 2 + 2
    assert not [one for (one,) in told if "调离" in one]


async def test_two_who_pool_one_person_at_once_pool_them_once(org: Org) -> None:
    both = await asyncio.gather(*(pool(org, "spare", idempotencyKey=key) for key in "ab"))
    assert sorted(isinstance(one, list) for one in both) == [False, True]
    assert ["ALREADY_IN_POOL"] in both


async def test_who_can_do_every_post_is_all_round(org: Org) -> None:
    one = (await org.data(ALL_ROUND % ("district", city.COUNTY)))["district"]
    kinds = [{"workers": 1, "kind": {"code": "civil"}}, {"workers": 0, "kind": {"code": "social"}}]
    stats = {"workers": 1, "allRound": 0, "allRoundPercent": 0.0, "kinds": kinds}
    assert one == {"qualifications": {"totalCount": 1}, "allRoundStats": stats}
    given = {"personId": person("worker"), "regionCode": city.COMMUNITY, "kind": "social", "validFrom": "2025-01-01"}
    parts = "qualification { id kind { code } }"
    gained = await do(org, "qualifyWorker", parts, input={"idempotencyKey": "a", **given})
    both = (await org.data(ALL_ROUND % ("community", city.COMMUNITY)))["community"]["allRoundStats"]
    assert (both["allRound"], both["allRoundPercent"]) == (1, 100.0)
    again = await do(org, "qualifyWorker", parts, input={"idempotencyKey": "b", **given})
    assert again == ["ALREADY_QUALIFIED"]
    end = {"id": gained["id"], "expectedVersion": 1, "on": "2025-06-01"}
    assert (await do(org, "endQualification", parts, input=end))["id"] == gained["id"]
    assert (await org.data(ALL_ROUND % ("community", city.COMMUNITY)))["community"]["allRoundStats"]["allRound"] == 0


async def test_what_training_and_the_pool_refuse_changes_nothing(org: Org) -> None:
    before = await org.contents()
    assert await hold(org, "elder") == ["NOT_FOR_THEM"]
    assert await hold(org, "foreigner") == ["NOT_FOR_THEM"]
    assert await hold(org, "worker", on="2023-12-31") == ["OUTSIDE_EXISTENCE"]
    assert await hold(org, "worker", on="2199-01-01") == ["DATE_IN_FUTURE"]
    assert await hold(org, "worker", lessons=0) == ["INVALID_COUNT"]
    assert await hold(org, "worker", subject=" ") == ["REQUIRED"]
    plan = {"idempotencyKey": "p", "regionCode": city.GRID, "name": "x", "titles": ["grid_worker"]}
    for more, code in (
        ({}, "NOT_A_COMMUNITY"),
        ({"regionCode": city.COMMUNITY, "titles": ["mayor"]}, "UNKNOWN_DUTY_TITLE"),
        ({"regionCode": city.COMMUNITY, "validTo": "2024-01-01"}, "PERIOD_REVERSED"),
    ):
        asked = {**plan, "idempotencyKey": code, "validFrom": "2024-01-01", **more}
        assert await do(org, "planTraining", "training { id }", input=asked) == [code]
    assert await pool(org, "leader") == ["ALREADY_IN_POOL"]
    assert await pool(org, "spare", mentorId=person("spare")) == ["OWN_MENTOR"]
    assert await pool(org, "spare", mentorId=person("nobody")) == ["UNKNOWN_PERSON"]
    assert await pool(org, "spare", stage="swan") == ["UNKNOWN_KIND"]
    assert await pool(org, "spare", regionCode=city.GRID) == ["NOT_A_COMMUNITY"]
    assert await pool(org, "spare", plannedTo="2024-02-01") == ["PERIOD_REVERSED"]
    assert await org.contents() == before
