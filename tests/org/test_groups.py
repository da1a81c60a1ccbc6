"""Teams, stations, musters and modes through the graph."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.org import city
from tests.org.conftest import Org

TEAM_PARTS = "team { version disbandedOn members { totalCount edges { node { person { name } validFrom } } } }"
TEAM = """query($id: ID!, $asOf: Date) { team(id: $id, asOf: $asOf) {
    name kind kindName region { code } members { totalCount } } }"""


def mutation(name: str, given: str, result: str) -> str:
    return f"mutation($input: {given}!) {{ {name}(input: $input) {{ {result} problems {{ code path }} }} }}"


FORM = mutation("formTeam", "FormTeamInput", "team { id version members { totalCount } }")
JOIN = mutation("addTeamMember", "AddTeamMemberInput", TEAM_PARTS)
LEAVE = mutation("removeTeamMember", "RemoveTeamMemberInput", TEAM_PARTS)
DISBAND = mutation("disbandTeam", "EndInput", TEAM_PARTS)
LEAD = mutation("nameTeamLeader", "NameTeamLeaderInput", "team { version leader { name } }")
OPEN = mutation("openStation", "OpenStationInput", "station { id version functions region { code } }")
CLOSE = mutation("closeStation", "EndInput", "station { closedOn }")
MUSTER = mutation("assignMuster", "AssignMusterInput", "muster { id post group { code } community { code } }")
SWITCH = mutation(
    "switchMode",
    "SwitchModeInput",
    "community { mode { version mode since reason } roster { group { code isOffice } members { totalCount } } }",
)


def person(key: str) -> str:
    return str(city.id_of("person", key))


async def test_a_team_has_the_members_of_the_date(city_org: Org) -> None:
    team = str(city.id_of("team", "volunteers"))
    counts = {
        day: (await city_org.data(TEAM, id=team, asOf=day))["team"]["members"]["totalCount"]
        for day in ("2022-06-30", "2022-07-01", "2022-12-31", "2023-01-01")
    }
    assert counts == {"2022-06-30": 0, "2022-07-01": 3, "2022-12-31": 3, "2023-01-01": 2}


async def test_teams_and_members_are_counted_by_kind(city_org: Org) -> None:
    document = """query($kind: String) { district(code: "370321") {
        teams(kind: $kind) { totalCount totalMembers edges { node { name } } } } }"""
    assert (await city_org.data(document, kind="volunteer"))["district"]["teams"]["totalMembers"] == 2
    both = (await city_org.data(document))["district"]["teams"]
    assert (both["totalCount"], both["totalMembers"]) == (2, 3)


async def test_a_team_is_formed_joined_left_and_disbanded(org: Org) -> None:
    asked: dict[str, Any] = {"kind": "patrol", "name": "夜巡队", "regionCode": city.GRID, "formedOn": "2024-01-01"}
    team = (await org.data(FORM, input={"idempotencyKey": "k", **asked}))["formTeam"]["team"]["id"]
    member = {"idempotencyKey": "m", "teamId": team, "personId": person("spare"), "validFrom": "2024-02-01"}
    joined = (await org.data(JOIN, input=member))["addTeamMember"]
    assert joined["team"]["members"]["edges"] == [{"node": {"person": {"name": "钱*"}, "validFrom": "2024-02-01"}}]
    twice = (await org.data(JOIN, input={**member, "idempotencyKey": "n"}))["addTeamMember"]
    assert twice["problems"] == [{"code": "ALREADY_MEMBER", "path": ["personId"]}]
    early = {**member, "idempotencyKey": "o", "personId": person("elder"), "validFrom": "2023-01-01"}
    assert (await org.data(JOIN, input=early))["addTeamMember"]["problems"][0]["code"] == "OUTSIDE_EXISTENCE"
    leaving = {"teamId": team, "personId": person("spare"), "on": "2024-03-01"}
    assert (await org.data(LEAVE, input=leaving))["removeTeamMember"]["team"]["members"]["totalCount"] == 0
    assert (await org.data(LEAVE, input=leaving))["removeTeamMember"]["problems"][0]["code"] == "NOT_A_MEMBER"
    back = {**member, "idempotencyKey": "p", "validFrom": "2024-04-01"}
    version = (await org.data(JOIN, input=back))["addTeamMember"]["team"]["version"]
    ending = {"id": team, "expectedVersion": version, "on": "2024-05-01"}
    gone = (await org.data(DISBAND, input=ending))["disbandTeam"]["team"]
    assert (gone["disbandedOn"], gone["members"]["totalCount"]) == ("2024-05-01", 0)
    events = await org.look(
        f"SELECT type, aggregate_version FROM outbox WHERE aggregate_id = '{team}' ORDER BY id"  # noqa: S608
    )
    assert events == [
        (f"linli.org.team.{fact}.v1", number)
        for number, fact in enumerate(["formed", "member_joined", "member_left", "member_joined", "disbanded"], 1)
    ]


async def test_a_member_leads_a_team_until_they_leave_it_or_another_is_named(org: Org) -> None:
    team = str(city.id_of("team", "volunteers"))
    document = "query($id: ID!) { team(id: $id) { version leader { name } } }"
    first = (await org.data(document, id=team))["team"]
    assert first["leader"] == {"name": "赵*"}, "as the team was imported"
    asked = {"teamId": team, "expectedVersion": first["version"]}
    strange = (await org.data(LEAD, input={**asked, "personId": person("worker")}))["nameTeamLeader"]
    assert strange == {"team": None, "problems": [{"code": "NOT_A_MEMBER", "path": ["personId"]}]}
    gone = (await org.data(LEAD, input={**asked, "personId": person("leader")}))["nameTeamLeader"]
    assert gone["problems"][0]["code"] == "NOT_A_MEMBER", "their membership is over"
    named = (await org.data(LEAD, input={**asked, "personId": person("spare")}))["nameTeamLeader"]
    assert named["team"] == {"version": first["version"] + 1, "leader": {"name": "钱*"}}
    stale = (await org.data(LEAD, input={**asked, "personId": person("elder")}))["nameTeamLeader"]
    assert stale["problems"][0]["code"] == "STALE_VERSION"
    await org.data(LEAVE, input={"teamId": team, "personId": person("spare"), "on": "2024-03-01"})
    assert (await org.data(document, id=team))["team"]["leader"] is None
    events = await org.look(
        "SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type = 'linli.org.team.leader_named.v1'"
    )
    assert [json.loads(row[0])["data"]["leaderId"] for row in events] == [person("spare")]


async def test_a_station_opens_with_its_functions_and_closes(org: Org) -> None:
    asked: dict[str, Any] = {
        "idempotencyKey": "k",
        "kind": "courtyard_council",
        "name": "议事会",
        "regionCode": city.GRID,
    }
    asked |= {"openedOn": "2024-01-01", "functions": ["议事", "议事", "调解"]}
    opened = (await org.data(OPEN, input=asked))["openStation"]["station"]
    assert opened["functions"] == ["议事", "调解"]
    unknown = (await org.data(OPEN, input={**asked, "idempotencyKey": "l", "kind": "ship"}))["openStation"]
    assert unknown["problems"] == [{"code": "UNKNOWN_KIND", "path": ["kind"]}]
    many = await org.data(OPEN, input={**asked, "idempotencyKey": "m", "functions": [str(n) for n in range(31)]})
    assert many["openStation"]["problems"][0]["code"] == "TOO_LONG"
    ending = {"id": opened["id"], "expectedVersion": 1, "on": "2024-06-01"}
    assert (await org.data(CLOSE, input=ending))["closeStation"]["station"] == {"closedOn": "2024-06-01"}
    document = """query($d: Date) { community(code: "370321002001", asOf: $d) {
        stations { totalCount } councils: stations(kind: "courtyard_council") { totalCount } } }"""
    before = (await org.data(document, d="2024-05-31"))["community"]
    assert (before["stations"]["totalCount"], before["councils"]["totalCount"]) == (2, 1)
    assert (await org.data(document, d="2024-06-01"))["community"]["councils"]["totalCount"] == 0


ROSTER = """query($code: String!) { community(code: $code) {
    mode { version mode since reason }
    roster { group { code name isOffice } members { totalCount edges { node { person { name } post } } } }
    unmustered { totalCount edges { node { person { name } title { code } } } } musters { totalCount } } }"""


async def test_everyone_has_a_place_and_who_has_none_is_shown(city_org: Org) -> None:
    community = (await city_org.data(ROSTER, code=city.COMMUNITY))["community"]
    assert community["mode"] == {"version": 0, "mode": "PEACETIME", "since": None, "reason": None}
    assert [(one["group"]["code"], one["members"]["totalCount"]) for one in community["roster"]] == [
        ("command_office", 1),
        ("patrol_group", 1),
        ("supplies_group", 0),
    ]
    assert community["roster"][0]["group"]["isOffice"] is True
    assert community["roster"][0]["members"]["edges"] == [{"node": {"person": {"name": "欧阳*"}, "post": "队员"}}]
    without = {edge["node"]["person"]["name"] for edge in community["unmustered"]["edges"]}
    assert without == {"张*", "李*", "赵*", "冯*", "郑*"}


async def test_a_person_has_one_place_which_the_next_one_replaces(org: Org) -> None:
    asked = {"idempotencyKey": "k", "personId": person("worker"), "group": "supplies_group"}
    asked |= {"regionCode": city.SECOND_COMMUNITY, "validFrom": "2024-06-01", "post": "保管员"}
    done = (await org.data(MUSTER, input=asked))["assignMuster"]
    assert done["muster"]["community"] == {"code": city.SECOND_COMMUNITY}
    assert (await org.data(ROSTER, code=city.COMMUNITY))["community"]["musters"]["totalCount"] == 1
    event = await org.look(
        "SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type LIKE '%muster.assigned%' ORDER BY id DESC LIMIT 1"
    )
    assert json.loads(event[0][0])["data"]["replaces"] == str(city.id_of("muster", "worker"))
    for more, code in (
        ({"group": "navy"}, "UNKNOWN_MUSTER_GROUP"),
        ({"regionCode": city.GRID}, "NOT_A_COMMUNITY"),
        ({"validFrom": "2024-05-31"}, "DATE_TOO_EARLY"),
        ({"post": "长" * 101}, "TOO_LONG"),
    ):
        refused = (await org.data(MUSTER, input={**asked, "idempotencyKey": code, **more}))["assignMuster"]
        assert [problem["code"] for problem in refused["problems"]] == [code]
    assert (await org.data(ROSTER, code=city.SECOND_COMMUNITY))["community"]["musters"]["totalCount"] == 1


async def test_a_place_held_out_of_sight_is_not_taken_over(org: Org) -> None:
    """A member of both districts is mustered in the one; the other's secretary sees them, and not where they are."""
    joining = {"idempotencyKey": "k", "teamId": str(city.id_of("team", "patrol")), "validFrom": "2024-01-01"}
    await org.data(JOIN, input={**joining, "personId": person("foreigner")})
    asked = {"idempotencyKey": "k", "personId": person("foreigner"), "group": "supplies_group"}
    asked |= {"regionCode": city.COMMUNITY, "validFrom": "2024-06-01"}
    token = org.token("community_secretary", region=city.COMMUNITY)
    refused = (await org.data(MUSTER, token, input=asked))["assignMuster"]
    assert refused["problems"] == [{"code": "ALREADY_MUSTERED", "path": ["personId"]}]


async def test_a_person_placed_twice_at_once_has_one_place(org: Org) -> None:
    asked = {"personId": person("spare"), "regionCode": city.COMMUNITY, "validFrom": "2024-06-01"}
    groups = ["command_office", "patrol_group", "supplies_group"]
    answers = await asyncio.gather(
        *(org.data(MUSTER, input={**asked, "idempotencyKey": group, "group": group}) for group in groups)
    )
    assert [answer["assignMuster"]["problems"] for answer in answers] == [[], [], []]
    held = await org.look(
        f"SELECT count(*) FROM muster WHERE person_id = '{person('spare')}' AND valid_to IS NULL"  # noqa: S608
    )
    assert held == [(1,)]


async def test_a_community_goes_over_to_emergency_and_back(org: Org) -> None:
    asked = {"regionCode": city.COMMUNITY, "mode": "EMERGENCY", "reason": "防汛", "expectedVersion": 0}
    token = org.token("community_secretary", region=city.COMMUNITY)
    switched = (await org.data(SWITCH, token, input=asked))["switchMode"]["community"]
    assert (switched["mode"]["mode"], switched["mode"]["reason"]) == ("EMERGENCY", "防汛")
    assert [one["members"]["totalCount"] for one in switched["roster"]] == [1, 1, 0]
    rows = await org.look(
        "SELECT subject, convert_from(payload, 'UTF8') FROM outbox WHERE type = 'linli.org.mode.switched.v1'"
    )
    assert rows[0][0] == "linli.3703.21.002.001.org.mode.switched"
    assert json.loads(rows[0][1])["data"]["groups"] == [
        {"group": "command_office", "people": 1},
        {"group": "patrol_group", "people": 1},
        {"group": "supplies_group", "people": 0},
    ]
    stale = (await org.data(SWITCH, token, input={**asked, "mode": "PEACETIME"}))["switchMode"]
    assert stale["problems"][0]["code"] == "STALE_VERSION"
    again = (await org.data(SWITCH, token, input={**asked, "expectedVersion": 1}))["switchMode"]
    assert again["problems"][0]["code"] == "ALREADY_IN_MODE"
    back = {**asked, "mode": "PEACETIME", "expectedVersion": 1, "reason": "汛情解除"}
    assert (await org.data(SWITCH, token, input=back))["switchMode"]["community"]["mode"]["mode"] == "PEACETIME"
    assert await org.look("SELECT count(*) FROM community_mode") == [(2,)]
