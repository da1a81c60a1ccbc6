"""To which branch and post members who checked in are assigned, through the graph: by date, and after mergers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chassis.service import ImportRefused
from tests.org import city
from tests.org.conftest import Org
from tests.org.test_registers import codes, do

UNKNOWN = "UNKNOWN_ORGANISATION"
CHECK_IN = str(city.id_of("check_in", "cadre"))
BRANCH, COMMITTEE = str(city.id_of("organisation", "branch")), str(city.id_of("organisation", "committee"))
STATS = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) { checkInStats {
    checkedIn members assigned branches withPost lookingAfter posts { people post { code } } } } }"""
ASSIGNED = """query($id: ID!, $asOf: Date) { organisation(id: $id, asOf: $asOf) { assignments {
    totalCount edges { node {
        id validFrom validTo post { name } checkIn { id person { id } region { code } } } } } } }"""
OF_PERSON = """query($id: ID!) { person(id: $id) { checkIns { id assignment { organisation { id name } post { code } }
    assignments { id validFrom validTo organisation { id } post { code } } contacts { kind { code } household } } } }"""


async def stats(org: Org, code: str, as_of: str | None = None) -> Any:
    return (await org.data(STATS, code=code, asOf=as_of))["region"]["checkInStats"]


async def assigned_to(org: Org, branch: str, as_of: str | None = None) -> list[Any]:
    found = (await org.data(ASSIGNED, id=branch, asOf=as_of))["organisation"]["assignments"]
    assert found["totalCount"] == len(found["edges"])
    return [edge["node"] for edge in found["edges"]]


async def person_of(org: Org, who: str, token: str | None = None) -> Any:
    return (await org.data(OF_PERSON, token, id=str(city.id_of("person", who))))["person"]["checkIns"]


def asked(key: str, on: str, **more: Any) -> dict[str, Any]:
    return {"idempotencyKey": key, "checkInId": CHECK_IN, "validFrom": on, **more}


async def told(org: Org) -> list[tuple[str, Any, Any]]:
    """What was told of assignments since the small city was loaded: fact, branch, days."""
    rows = await org.look("SELECT type, payload FROM outbox WHERE type ~ 'org.assignment' ORDER BY id")
    found = [(name.split(".")[3], json.loads(payload)["data"]) for name, payload in rows][1:]
    return [(fact, data.get("organisationId"), data.get("validTo") or data.get("validFrom")) for fact, data in found]


async def test_an_assignment_is_read_from_the_check_in_the_branch_the_person_and_the_region(city_org: Org) -> None:
    (one,) = await assigned_to(city_org, BRANCH)
    assert one["checkIn"] == {
        "id": CHECK_IN,
        "person": {"id": str(city.id_of("person", "cadre"))},
        "region": {"code": city.GRID},
    }
    assert (one["validFrom"], one["validTo"], one["post"]) == ("2023-02-01", None, {"name": "patrol"})
    assert await assigned_to(city_org, BRANCH, "2023-01-31") == []
    (mine,) = await person_of(city_org, "cadre")
    assert mine["assignment"] == {"organisation": {"id": BRANCH, "name": "中共第一网格"}, "post": {"code": "patrol"}}
    assert mine["contacts"] == [{"kind": {"code": "cadre"}, "household": None}]
    wanted = {"checkedIn": 1, "members": 1, "assigned": 1, "branches": 1, "withPost": 1, "lookingAfter": 1}
    for code in (city.GRID, city.COMMUNITY, city.SUBDISTRICT, city.COUNTY):
        assert await stats(city_org, code) == {**wanted, "posts": [{"people": 1, "post": {"code": "patrol"}}]}
    whole = await stats(city_org, "3703")
    assert (whole["checkedIn"], whole["assigned"]) == (2, 1)
    before = await stats(city_org, city.COUNTY, "2023-01-15")
    assert (before["checkedIn"], before["assigned"], before["posts"]) == (1, 0, [])


async def test_another_branch_or_post_follows_and_the_past_stays(org: Org) -> None:
    changed = asked("a", "2024-01-01", organisationId=COMMITTEE, post="help")
    assert codes(await do(org, "assignCheckIn", "checkIn", changed)) == []
    assert [one["post"] for one in await assigned_to(org, BRANCH, "2023-12-31")] == [{"name": "patrol"}]
    assert await assigned_to(org, BRANCH) == []
    (now,) = await assigned_to(org, COMMITTEE)
    assert (now["validFrom"], now["post"]) == ("2024-01-01", {"name": "help"})
    (mine,) = await person_of(org, "cadre")
    assert [(one["validFrom"], one["validTo"], one["organisation"]["id"]) for one in mine["assignments"]] == [
        ("2024-01-01", None, COMMITTEE),
        ("2023-02-01", "2024-01-01", BRANCH),
    ]
    over = {"id": now["id"], "expectedVersion": 1, "on": "2024-03-01"}
    assert codes(await do(org, "endAssignment", "checkIn", over, "EndInput")) == []
    assert (await stats(org, city.GRID))["assigned"] == 0
    assert (await stats(org, city.GRID, "2024-02-01"))["assigned"] == 1
    assert (await stats(org, city.GRID))["checkedIn"] == 1
    assert codes(await do(org, "endAssignment", "checkIn", over, "EndInput")) == ["STALE_VERSION"]
    begun, ended = [("begun", COMMITTEE, "2024-01-01")], [("ended", None, "2024-01-01"), ("ended", None, "2024-03-01")]
    assert await told(org) == [ended[0], *begun, ended[1]]


async def test_what_cannot_be_assigned_is_refused_and_changes_nothing(org: Org) -> None:
    before = await org.contents()
    elsewhere = str(city.id_of("organisation", "spare"))
    for key, given, code in (
        ("a", asked("a", "2024-01-01"), "NOTHING_ASSIGNED"),
        ("b", asked("b", "2024-01-01", organisationId=elsewhere), "BRANCH_ELSEWHERE"),
        ("c", asked("c", "2024-01-01", organisationId=CHECK_IN), "UNKNOWN_ORGANISATION"),
        ("d", asked("d", "2024-01-01", post="nothing"), "UNKNOWN_KIND"),
        ("e", asked("e", "2999-01-01", post="help"), "DATE_IN_FUTURE"),
        ("f", asked("f", "2023-01-15", post="help"), "DATE_TOO_EARLY"),
        ("g", asked("g", "2022-01-15", post="help"), "OUTSIDE_EXISTENCE"),
        ("h", asked("h", "2024-01-01", organisationId=BRANCH, post="patrol"), "NOTHING_CHANGES"),
    ):
        assert codes(await do(org, "assignCheckIn", "checkIn", given)) == [code], key
    wrong = await do(org, "assignCheckIn", "checkIn", asked("d", "2024-01-01", post="nothing"))
    assert wrong["problems"][0]["path"] == ["post"]
    assert await org.contents() == before
    await org.look("UPDATE kind SET party = false WHERE code = 'community_party_committee'")
    office = asked("i", "2024-01-01", organisationId=COMMITTEE)
    assert codes(await do(org, "assignCheckIn", "checkIn", office)) == ["NOT_A_PARTY_ORGANISATION"]


async def test_the_community_and_not_the_grid_assigns_to_a_body_of_the_community(org: Org) -> None:
    # Who lives in the grid may serve in a body of the whole community; who keeps that body says so.
    grid = org.token("grid_branch_secretary", region=city.GRID)
    other = {"personId": str(city.id_of("person", "elder")), "regionCode": city.GRID, "group": "courier"}
    before = await org.contents()
    for organisation, code in ((COMMITTEE, "BRANCH_ABOVE"), (str(city.id_of("organisation", "spare")), UNKNOWN)):
        given = asked(code, "2024-01-01", organisationId=organisation)
        refused = await do(org, "assignCheckIn", "checkIn", given, token=grid)
        assert codes(refused) == [code]
        assert refused["problems"][0]["path"] == ["organisationId"]
        given = {**other, "idempotencyKey": code, "validFrom": "2024-01-01", "organisationId": organisation}
        assert codes(await do(org, "checkIn", "checkIn", given, token=grid)) == [code]
    assert await org.contents() == before
    document = "mutation($input: AssignCheckInInput!) { assignCheckIn(input: $input) { problems { message } } }"
    given = asked("zh", "2024-01-01", organisationId=COMMITTEE)
    answer = await org.ask(document, grid, "zh-CN", input=given)
    assert city.COMMUNITY + "，应由该级人员编入" in answer["data"]["assignCheckIn"]["problems"][0]["message"]
    community = org.token("community_secretary", region=city.COMMUNITY)
    given = asked("c", "2024-01-01", organisationId=COMMITTEE, post="help")
    assert codes(await do(org, "assignCheckIn", "checkIn", given, token=community)) == []
    assert [one["checkIn"]["region"]["code"] for one in await assigned_to(org, COMMITTEE)] == [city.GRID]
    # The grid goes on to see it, and may give its own branch to who serves there.
    assert (await stats(org, city.GRID))["assigned"] == 1
    given = asked("d", "2024-02-01", organisationId=BRANCH)
    assert codes(await do(org, "assignCheckIn", "checkIn", given, token=grid)) == []


async def test_who_checks_in_can_name_branch_and_post_at_once(org: Org) -> None:
    over = {"id": CHECK_IN, "expectedVersion": 1, "on": "2024-01-01"}
    assert codes(await do(org, "endCheckIn", "checkIn", over, "EndInput")) == []
    # What they were assigned to ends with the check-in.
    assert await assigned_to(org, BRANCH) == []
    assert await told(org) == [("ended", None, "2024-01-01")]
    person = str(city.id_of("person", "cadre"))
    given = {"personId": person, "regionCode": city.BUILDING, "validFrom": "2024-01-01", "post": "help"}
    elsewhere = {**given, "idempotencyKey": "a", "organisationId": str(city.id_of("organisation", "spare"))}
    before = await org.contents()
    assert codes(await do(org, "checkIn", "checkIn", elsewhere)) == ["BRANCH_ELSEWHERE"]
    assert await org.contents() == before
    here = {**given, "idempotencyKey": "b", "organisationId": BRANCH}
    assert codes(await do(org, "checkIn", "checkIn", here)) == []
    latest, earlier = await person_of(org, "cadre")
    assert latest["assignment"]["post"] == {"code": "help"}
    assert (earlier["id"], earlier["assignment"]) == (CHECK_IN, None)
    assert [one["checkIn"]["region"]["code"] for one in await assigned_to(org, BRANCH)] == [city.BUILDING]


async def test_a_courier_who_is_no_member_takes_a_post_and_no_branch(org: Org) -> None:
    given = {"personId": str(city.id_of("person", "spare")), "regionCode": city.GRID, "validFrom": "2024-01-01"}
    courier = {**given, "group": "courier", "post": "patrol"}
    branch = {**courier, "idempotencyKey": "a", "organisationId": BRANCH}
    assert codes(await do(org, "checkIn", "checkIn", branch)) == ["BRANCH_FOR_MEMBERS"]
    assert codes(await do(org, "checkIn", "checkIn", {**courier, "idempotencyKey": "b"})) == []
    found = await stats(org, city.GRID)
    assert (found["checkedIn"], found["members"], found["assigned"], found["withPost"]) == (2, 1, 1, 2)
    assert found["posts"] == [{"people": 2, "post": {"code": "patrol"}}]


async def test_a_check_in_that_ends_earlier_cuts_what_was_assigned_later(org: Org) -> None:
    await do(org, "assignCheckIn", "checkIn", asked("a", "2024-06-01", post="help"))
    over = {"id": CHECK_IN, "expectedVersion": 1, "on": "2024-01-01"}
    assert codes(await do(org, "endCheckIn", "checkIn", over, "EndInput")) == []
    days = await org.look("SELECT valid_from::text, valid_to::text FROM check_in_assignment ORDER BY valid_from")
    assert days == [("2023-02-01", "2024-01-01"), ("2024-06-01", "2024-06-01")]


MERGE = """mutation($input: MergeOrganisationsInput!) { mergeOrganisations(input: $input) {
    organisation { id } problems { code } } }"""


async def test_a_merged_branch_hands_its_members_over_and_cannot_be_dissolved_with_them(org: Org) -> None:
    spare = str(city.id_of("organisation", "spare"))
    await org.look("UPDATE duty SET valid_to = '2023-06-01' WHERE organisation_id IS NOT NULL")
    over = {"id": BRANCH, "expectedVersion": 1, "on": "2024-01-01"}
    assert codes(await do(org, "dissolveOrganisation", "organisation", over, "EndInput")) == ["NOT_EMPTY"]
    merged = {"idempotencyKey": "a", "ids": [BRANCH], "intoId": spare, "on": "2024-01-01"}
    assert (await org.data(MERGE, input=merged))["mergeOrganisations"]["problems"] == []
    (one,) = await assigned_to(org, spare)
    assert (one["checkIn"]["id"], one["validFrom"], one["post"]) == (CHECK_IN, "2024-01-01", {"name": "patrol"})
    assert await assigned_to(org, spare, "2023-12-31") == []
    assert len(await assigned_to(org, BRANCH, "2023-12-31")) == 1
    assert await told(org) == [("ended", None, "2024-01-01"), ("begun", spare, "2024-01-01")]


async def test_a_part_that_is_split_off_takes_the_assignments_that_it_is_given(org: Org) -> None:
    document = """mutation($input: SplitOrganisationInput!) { splitOrganisation(input: $input) {
        organisation { successors { id } } problems { code } } }"""
    part = {"name": "第二支部", "regionCode": city.GRID, "assignmentIds": [city.ASSIGNMENT]}
    given = {"idempotencyKey": "a", "id": BRANCH, "expectedVersion": 1, "on": "2024-01-01"}
    twice = {**given, "parts": [part, {**part, "name": "第三支部"}]}
    refused = (await org.data(document, input=twice))["splitOrganisation"]
    assert refused["problems"] == [{"code": "NOT_PART_OF_IT"}]
    done = (await org.data(document, input={**given, "idempotencyKey": "b", "parts": [part]}))["splitOrganisation"]
    (new,) = done["organisation"]["successors"]
    assert [one["validFrom"] for one in await assigned_to(org, new["id"])] == ["2024-01-01"]
    assert await assigned_to(org, BRANCH) == []


REDRAW = """mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code } } }"""


async def redraw(org: Org, **plan: Any) -> None:
    given = {"idempotencyKey": "redraw", "within": city.COMMUNITY, "on": "2024-06-01", **plan}
    assert (await org.data(REDRAW, input=given))["redrawGrids"]["problems"] == []


async def test_a_merged_grid_carries_assignments_along(org: Org) -> None:
    await redraw(org, merge=[{"code": city.GRID, "intoCode": city.SECOND_GRID}])
    assert (await stats(org, city.SECOND_GRID))["assigned"] == 1
    (mine,) = await person_of(org, "cadre")
    assert mine["assignment"]["organisation"]["id"] == BRANCH
    (one,) = await assigned_to(org, BRANCH)
    assert one["checkIn"]["region"]["code"] == city.SECOND_GRID
    assert (await stats(org, city.GRID, "2024-05-31"))["assigned"] == 1


async def test_who_lives_in_a_building_that_goes_to_another_grid_goes_to_its_branch(org: Org) -> None:
    # The other grid has two branches: one is left, so that it is plain to which one they go.
    lone = {"id": str(city.id_of("organisation", "lone")), "expectedVersion": 1, "on": "2024-01-01"}
    assert codes(await do(org, "dissolveOrganisation", "organisation", lone, "EndInput")) == []
    over = {"id": CHECK_IN, "expectedVersion": 1, "on": "2024-01-01"}
    await do(org, "endCheckIn", "checkIn", over, "EndInput")
    given = {"personId": str(city.id_of("person", "cadre")), "regionCode": city.BUILDING, "validFrom": "2024-01-01"}
    await do(org, "checkIn", "checkIn", {**given, "idempotencyKey": "a", "organisationId": BRANCH, "post": "help"})
    await redraw(org, move=[{"code": city.BUILDING, "newCode": city.SECOND_GRID + "099"}])
    spare = str(city.id_of("organisation", "spare"))
    assert [one["validFrom"] for one in await assigned_to(org, spare)] == ["2024-06-01"]
    assert await assigned_to(org, BRANCH) == []
    assert (await stats(org, city.SECOND_GRID))["assigned"] == 1


async def test_assignments_are_for_staff_where_they_are_staff_and_for_the_member(city_org: Org) -> None:
    resident = city_org.token("resident", region=city.COUNTY)
    for document, given in ((STATS, {"code": city.GRID}), (ASSIGNED, {"id": BRANCH})):
        answer = await city_org.ask(document, resident, **given)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await person_of(city_org, "cadre", resident) is None
    own = city_org.token("resident", region=city.COUNTY, subject=str(city.id_of("person", "cadre")))
    (mine,) = await person_of(city_org, "cadre", own)
    assert mine["assignment"]["organisation"]["id"] == BRANCH


async def test_an_import_holds_assignments_to_the_same_rules(org: Org) -> None:
    def record(**more: Any) -> str:
        base = {"record": "check_in_assignment", "id": str(city.id_of("new")), "valid_from": "2024-01-01"}
        return json.dumps({**base, "check_in": str(city.id_of("check_in", "foreign")), **more})

    foreign = str(city.id_of("organisation", "foreign"))
    for given, code in (
        ({"check_in": CHECK_IN, "post": "help"}, "ALREADY_ASSIGNED"),
        ({"check_in": BRANCH, "post": "help"}, "UNKNOWN_CHECK_IN"),
        ({"organisation": BRANCH}, "BRANCH_ELSEWHERE"),
        ({"organisation": CHECK_IN}, "UNKNOWN_ORGANISATION"),
        ({"post": "nothing"}, "UNKNOWN_KIND"),
        ({}, "NOTHING_ASSIGNED"),
        ({"post": "help", "valid_to": "2023-01-01"}, "PERIOD_REVERSED"),
    ):
        with pytest.raises(ImportRefused, match=f"line 1: .*{code}"):
            await org.load(record(**given))
    assert "1 check in assignment" in await org.load(record(organisation=foreign, post="help"))
    assert [one["checkIn"]["id"] for one in await assigned_to(org, foreign)] == [str(city.id_of("check_in", "foreign"))]
    assert "nothing new" in await org.load(record(organisation=foreign, post="help"))
