"""A matter is divided among teams: each child waits for the members of the community's team of its kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
import yaml

from services.org.domain import events as org
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from services.tickets.reactions.teams import TEAM_HANDLERS, membership_id
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import mutation
from tests.tickets.test_notifications import news, nodes
from tests.tickets.test_sweeps import sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FILE = Path(__file__).parents[2] / "deploy/practices/processes/joint_work.yaml"
RAW: list[Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
POLICE, DOCTORS = city.team_id("police_team"), city.team_id("doctor_team")
MEMBERS = ("zhao", "qian", "sun")
OTHER_COMMUNITY = "370303001001"
INBOX = """{ myInbox { title regionCode dutyId duty { id } team { id } standsInFor { id } waiting overdue
  tickets { edges { node { id myActions { code } } } } views { id name } } }"""
SHOWN = """query($id: ID!) { ticket(id: $id) { step { code } regionCode waitsFor { title regionCode isVacant teamKind }
  inCharge { id } teamInCharge { team { id } person { id } leads } assignee { id } deputies { id }
  myActions { code } timeline { edges { node { kind actedAs actedFor { id } } } } } }"""
AWAY = """mutation($input: BeginAbsenceInput!) { payload: beginAbsence(input: $input) {
  absence { dutyId duty { id } team { id } deputy { id } } problems { code } } }"""
VIEW = """mutation($input: SaveInboxViewInput!) { payload: saveInboxView(input: $input) {
  inbox { views { name count } } problems { code } } }"""


def membership(name: str, team: Any = POLICE) -> str:
    return str(membership_id(team, city.person(name), city.SINCE))


def token(tickets: Tickets, name: str, region: str = city.COMMUNITY, role: str = "resident") -> str:
    """Of a member, whose token says only where they may act."""
    return tickets.issuer.mint(role, region=region, subject=str(city.person(name)))


def helper(tickets: Tickets) -> str:
    return token(tickets, "helper", role="community_worker")


@pytest_asyncio.fixture
async def teams(tickets: Tickets) -> Tickets:
    """The city with joint work, a community worker, a police team, and doctors of this and of another community."""
    await tickets.load(*({"record": "process", "definition": one} for one in RAW))
    await city.tell(
        tickets.runtime.database,
        city.duty("helper", "community_worker", city.COMMUNITY),
        city.team("police_team", city.COMMUNITY, *MEMBERS),
        city.team("doctor_team", city.COMMUNITY, "li_doctor"),
        city.team("police_team", OTHER_COMMUNITY, "far"),
    )
    return tickets


def child(category: str = "police_officer", region: str = city.GRID, **more: Any) -> dict[str, Any]:
    return {"process": "team_task", "regionCode": region, "title": "上门看一看", "category": category, **more}


async def divided(tickets: Tickets, *children: dict[str, Any], key: str = "k") -> tuple[Any, list[dict[str, Any]]]:
    """A matter that was divided, and its children in the order of their steps."""
    ticket = await tickets.raised(process="joint_work", category=None, key=key)
    payload = await tickets.payload(
        "divideTicket", helper(tickets), ticket, idempotencyKey=key, children=list(children or [child()])
    )
    assert payload["problems"] == []
    rows = await tickets.look(f"SELECT id, version, step FROM ticket WHERE parent = '{ticket['id']}' ORDER BY step")  # noqa: S608
    return payload["ticket"], [{"id": str(row[0]), "version": row[1], "step": row[2]} for row in rows]


async def shown(tickets: Tickets, who: str, ticket: dict[str, Any]) -> Any:
    return (await tickets.data(SHOWN, who, id=ticket["id"]))["ticket"]


async def inbox_of(tickets: Tickets, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await tickets.data(INBOX, token(tickets, name)))["myInbox"]
    return found


async def led_by(tickets: Tickets, name: str | None) -> None:
    leader = None if name is None else city.person(name)
    here: Any = {"region_id": city.region_id(city.COMMUNITY), "region_code": city.COMMUNITY}
    await city.tell(tickets.runtime.database, org.TeamLeaderNamed(team_id=POLICE, leader_id=leader, **here))


async def left(tickets: Tickets, name: str, on: date) -> None:
    here: Any = {"region_id": city.region_id(city.COMMUNITY), "region_code": city.COMMUNITY}
    gone = org.TeamMemberLeft(team_id=POLICE, person_id=city.person(name), valid_to=on, **here)
    await city.tell(tickets.runtime.database, gone)


def test_every_event_that_is_listened_to_is_published_by_org() -> None:
    assert set(TEAM_HANDLERS) <= {event.type_in("org") for event in org.EVENTS}


async def test_a_child_waits_for_the_team_of_its_kind_in_its_community_and_any_member_does_it(teams: Tickets) -> None:
    parent, children = await divided(teams, child("doctor", city.GRID_2), child())
    doctors, police = children
    assert [one["step"] for one in children] == ["doctor", "police_officer"]
    found = await shown(teams, token(teams, "qian"), police)
    assert found["waitsFor"] == [
        {"title": "team:police_team", "regionCode": city.COMMUNITY, "isVacant": False, "teamKind": "police_team"}
    ]
    assert found["inCharge"] == []
    assert {one["person"]["id"] for one in found["teamInCharge"]} == {str(city.person(one)) for one in MEMBERS}
    assert {one["team"]["id"] for one in found["teamInCharge"]} == {str(POLICE)}
    assert {one["code"] for one in found["myActions"]} == {"report", "decline", "assign", "claim_turn"}
    [mine] = await inbox_of(teams, "qian")
    assert (mine["title"], mine["regionCode"], mine["waiting"]) == ("team:police_team", city.COMMUNITY, 1)
    assert (mine["duty"], mine["team"], mine["dutyId"]) == (None, {"id": str(POLICE)}, membership("qian"))
    assert [edge["node"]["id"] for edge in mine["tickets"]["edges"]] == [police["id"]]
    for name, one in (("qian", police), ("li_doctor", doctors)):
        await teams.do("carryOutTicket", token(teams, name), one, opinion="已上门")
    assert (await inbox_of(teams, "qian"))[0]["waiting"] == 0
    done = await shown(teams, helper(teams), police)
    assert (done["step"]["code"], items_of(done["timeline"])[-1]["actedAs"]) == ("check", "team:police_team")
    assert [one["title"] for one in done["waitsFor"]] == ["community_worker", "community_secretary"]
    for one in children:
        await teams.do("carryOutTicket", helper(teams), {"id": one["id"], "version": one["version"] + 1})
    await sweep_at(teams, datetime.now(UTC))
    assert (await shown(teams, helper(teams), parent))["step"]["code"] == "review"


async def test_nobody_else_acts_for_a_team_and_what_they_try_changes_nothing(teams: Tickets) -> None:
    _, (police,) = await divided(teams)
    await left(teams, "sun", local_day(now()))
    before = await teams.contents()
    asked = {"id": police["id"], "expectedVersion": police["version"], "opinion": "已上门"}
    observer = "observer"
    for who, refused in (
        (None, "UNAUTHENTICATED"),
        # A member of another kind of team, of the same kind elsewhere, of the past, and one only by name of the role.
        (token(teams, "li_doctor", role=observer), "FORBIDDEN"),
        (token(teams, "far", role=observer, region=city.CITY), "FORBIDDEN"),
        (token(teams, "sun", role=observer), "FORBIDDEN"),
        (token(teams, "stranger", role="police_team"), "NOT_FOUND"),
        # A member whose token reaches only another place.
        (token(teams, "qian", region=OTHER_COMMUNITY), "NOT_FOUND"),
        (helper(teams), "FORBIDDEN"),
        (teams.staff("committee"), "FORBIDDEN"),
        (teams.role("admin"), "FORBIDDEN"),
    ):
        assert await teams.error(mutation("carryOutTicket"), who, input=asked) == refused, refused
    assert await teams.contents() == before
    assert (await teams.data(INBOX, token(teams, "qian", region=OTHER_COMMUNITY)))["myInbox"] == []


async def test_the_leader_is_in_charge_until_they_are_away_and_every_member_still_acts(teams: Tickets) -> None:
    await led_by(teams, "zhao")
    _, (police,) = await divided(teams)

    async def charged(name: str = "qian") -> list[tuple[str, bool]]:
        found = (await shown(teams, token(teams, name), police))["teamInCharge"]
        return sorted((one["person"]["id"], one["leads"]) for one in found)

    assert await charged() == [(str(city.person("zhao")), True)]
    assert await news(teams, token(teams, "qian")) == [("TURN", "police_officer")]
    today = local_day(now())
    days = {"firstDay": str(today), "lastDay": str(today + timedelta(3))}
    asked = {"dutyId": membership("zhao"), **days}
    payload = (await teams.data(AWAY, token(teams, "zhao"), input={"idempotencyKey": "a", **asked}))["payload"]
    assert payload == {
        "absence": {"dutyId": membership("zhao"), "duty": None, "team": {"id": str(POLICE)}, "deputy": None},
        "problems": [],
    }
    assert await charged() == sorted((str(city.person(one)), False) for one in ("qian", "sun"))
    await teams.do("carryOutTicket", token(teams, "sun"), police, opinion="已上门")


async def test_a_deputy_of_a_member_is_of_the_team_or_in_duty_there(teams: Tickets) -> None:
    await led_by(teams, "zhao")
    _, (police,) = await divided(teams)
    today = local_day(now())
    asked = {"dutyId": membership("zhao"), "firstDay": str(today), "lastDay": str(today)}
    for number, name in enumerate(("li_doctor", "far")):
        given = {"idempotencyKey": f"a{number}", **asked, "deputyId": str(city.person(name))}
        payload = (await teams.data(AWAY, token(teams, "zhao"), input=given))["payload"]
        assert payload["problems"] == [{"code": "NO_DEPUTY"}]
    # Nor does a member of a team stand in for a duty, or somebody name a deputy for another's membership.
    duty = {"idempotencyKey": "d", **asked, "dutyId": str(city.duty_id("committee"))}
    payload = await teams.data(AWAY, teams.staff("committee"), input=duty | {"deputyId": str(city.person("qian"))})
    assert payload["payload"]["problems"] == [{"code": "NO_DEPUTY"}]
    other = {"idempotencyKey": "o", **asked, "deputyId": str(city.person("qian"))}
    assert await teams.error(AWAY, token(teams, "qian"), input=other) == "FORBIDDEN"
    given = {"idempotencyKey": "h", **asked, "deputyId": str(city.person("helper"))}
    assert (await teams.data(AWAY, token(teams, "zhao"), input=given))["payload"]["problems"] == []
    found = await shown(teams, helper(teams), police)
    assert found["deputies"] == [{"id": str(city.person("helper"))}]
    assert "report" in {one["code"] for one in found["myActions"]}
    await teams.do("carryOutTicket", helper(teams), police, opinion="代办")
    last = items_of((await shown(teams, helper(teams), police))["timeline"])[-1]
    assert (last["actedAs"], last["actedFor"]) == ("team:police_team", {"id": str(city.person("zhao"))})


async def test_a_team_without_members_is_vacant_and_the_secretary_stands_in(teams: Tickets) -> None:
    _, (police,) = await divided(teams)
    for name in MEMBERS:
        await left(teams, name, local_day(now()))
    found = await shown(teams, teams.staff("committee"), police)
    assert [one["isVacant"] for one in found["waitsFor"]] == [True]
    assert found["inCharge"] == [{"id": str(city.duty_id("committee"))}]
    assert found["teamInCharge"] == []
    await teams.do("carryOutTicket", teams.staff("committee"), police, opinion="代为办理")


async def test_a_turn_is_taken_made_another_members_and_lapses_with_their_membership(teams: Tickets) -> None:
    _, (police,) = await divided(teams)
    claimed = await teams.do("claimTicket", token(teams, "qian"), police)
    assert [one["waiting"] for one in await inbox_of(teams, "sun")] == [0]
    asked = {"id": police["id"], "expectedVersion": claimed["version"], "opinion": "x"}
    assert await teams.error(mutation("carryOutTicket"), token(teams, "sun"), input=asked) == "FORBIDDEN"
    stranger = await teams.payload(
        "assignTicket", token(teams, "qian"), claimed, assignee=str(city.person("li_doctor"))
    )
    assert [one["code"] for one in stranger["problems"]] == ["NOT_A_HOLDER"]
    given = await teams.do("assignTicket", token(teams, "qian"), claimed, assignee=str(city.person("zhao")))
    found = await shown(teams, token(teams, "zhao"), police)
    assert found["assignee"] == {"id": str(city.person("zhao"))}
    assert [one["person"]["id"] for one in found["teamInCharge"]] == [str(city.person("zhao"))]
    await left(teams, "zhao", local_day(now()))
    assert [one["waiting"] for one in await inbox_of(teams, "sun")] == [1]
    await teams.do("carryOutTicket", token(teams, "sun"), given, opinion="接着办")


async def test_members_share_views_of_their_inbox(teams: Tickets) -> None:
    await divided(teams)
    asked = {"idempotencyKey": "v", "dutyId": membership("qian"), "name": "到期", "process": "team_task"}
    payload = (await teams.data(VIEW, token(teams, "qian"), input=asked))["payload"]
    assert payload == {"inbox": [{"views": [{"name": "到期", "count": 1}]}], "problems": []}
    assert [one["name"] for one in (await inbox_of(teams, "sun"))[0]["views"]] == ["到期"]
    before = await teams.contents()
    assert await teams.error(VIEW, token(teams, "sun"), input=asked | {"idempotencyKey": "w"}) == "FORBIDDEN"
    assert await teams.contents() == before


async def test_a_team_is_told_like_a_duty_also_of_its_deadline_and_by_the_event(teams: Tickets) -> None:
    _, (police,) = await divided(teams)
    late = datetime.now(UTC) + timedelta(days=20)
    await sweep_at(teams, late)
    told = [one["matter"] for one in await nodes(teams, token(teams, "qian"))]
    assert told[0] == "TURN"
    assert "OVERDUE" in told
    assert await news(teams, token(teams, "li_doctor")) == []
    mine = [one for one in await teams.told() if one["ticketId"] == police["id"] and one["title"] == "team:police_team"]
    assert {one["titleRegionCode"] for one in mine} == {city.COMMUNITY}
    # Brought before the secretary, as the step says.
    assert "ESCALATED" in [one["matter"] for one in await nodes(teams, teams.staff("committee"))]


async def test_a_process_can_bring_what_is_late_before_a_team(teams: Tickets) -> None:
    raw = {**RAW[1], "code": "watched_task", "raising": {**RAW[1]["raising"], "who": ["resident"]}, "version": 1}
    raw.pop("recall")
    raw["ends"] = [one for one in raw["ends"] if one["code"] != "recalled"]
    first = raw["steps"][0]
    rung = {"after_working_days": 1, "to": {"team": "police_team", "level": "COMMUNITY"}}
    raw["steps"] = [{**first, "deadline": {**first["deadline"], "escalate": [rung]}}, *raw["steps"][1:]]
    await teams.load({"record": "process", "definition": raw})
    ticket = await teams.raised(process="watched_task", category="community_worker", key="w")
    await sweep_at(teams, datetime.now(UTC) + timedelta(days=20))
    [mine] = await inbox_of(teams, "qian")
    assert [edge["node"]["id"] for edge in mine["tickets"]["edges"]] == [ticket["id"]]
    assert "ESCALATED" in [one["matter"] for one in await nodes(teams, token(teams, "qian"))]
    escalated = [event["data"] for type_, event in await teams.events() if ".ticket.escalated." in type_]
    assert "team:police_team" in {one["title"] for one in escalated}


async def test_how_a_team_did_is_counted_by_the_tickets_that_came_to_it(teams: Tickets) -> None:
    document = """query($ids: [_Any!]!, $process: String) { _entities(representations: $ids) { ... on Team { id
      ticketPerformance(process: $process) { named open overdue done withinDeadline } } } }"""

    async def did(who: str, *ids: Any, **more: Any) -> list[dict[str, Any]]:
        asked = [{"__typename": "Team", "id": str(one)} for one in ids]
        return [one["ticketPerformance"] for one in (await teams.data(document, who, ids=asked, **more))["_entities"]]

    _, children = await divided(teams, child(), child("police_officer", city.GRID_2), child("doctor"))
    [police] = [one for one in children if one["step"] == "police_officer"][:1]
    await teams.do("carryOutTicket", token(teams, "qian"), police, opinion="已上门")
    await teams.do("carryOutTicket", helper(teams), {"id": police["id"], "version": police["version"] + 1})
    nothing = {"named": 0, "open": 0, "overdue": 0, "done": 0, "withinDeadline": None}
    observer = teams.role("observer", city.CITY)
    far = city.team_id("police_team", OTHER_COMMUNITY)
    assert await did(observer, POLICE, DOCTORS, far, city.team_id("unknown")) == [
        {"named": 2, "open": 1, "overdue": 0, "done": 1, "withinDeadline": 1.0},
        {"named": 1, "open": 1, "overdue": 0, "done": 0, "withinDeadline": None},
        nothing,
        nothing,
    ]
    assert await did(observer, POLICE, process="joint_work") == [nothing]
    assert await did(teams.resident(), POLICE) == [nothing]
    assert (await did(token(teams, "qian"), POLICE))[0]["named"] == 2


async def test_what_org_tells_of_teams_is_kept_whatever_comes_first(teams: Tickets) -> None:
    database = teams.runtime.database
    here: Any = {"region_id": city.region_id(city.GRID), "region_code": city.GRID}

    async def members() -> dict[str, tuple[str, str, bool]]:
        rows = await teams.look(
            "SELECT person_id, region_code, valid_to, leads FROM duty WHERE title = 'team:patrol' ORDER BY valid_from"
        )
        return {str(row[0]): (row[1], str(row[2]), row[3]) for row in rows}

    team = city.team("patrol", city.GRID, "wu", leader="zheng")
    unknown = org.TeamMemberJoined(team_id=team.team_id, person_id=city.person("zheng"), valid_from=city.SINCE, **here)
    await city.tell(database, unknown)
    assert await members() == {}
    later = org.TeamMemberJoined(
        team_id=team.team_id, person_id=city.person("wang"), valid_from=date(2030, 1, 1), **here
    )
    await city.tell(database, team, unknown, later, team)
    wu, zheng, wang = (str(city.person(one)) for one in ("wu", "zheng", "wang"))
    assert await members() == {
        wu: (city.GRID, "None", False), zheng: (city.GRID, "None", True), wang: (city.GRID, "None", False),
    }  # fmt: skip
    there: Any = {"region_id": city.region_id(city.GRID_2), "region_code": city.GRID_2}
    await city.tell(
        database,
        org.TeamMoved(team_id=team.team_id, previous_region_code=city.GRID, valid_from=city.SINCE, **there),
        org.TeamLeaderNamed(team_id=team.team_id, leader_id=city.person("wu"), **there),
        org.RegionRecoded(
            region_id=city.region_id(city.GRID_2), code="370303001001009", previous_code=city.GRID_2, level="GRID",
            parent_id=None, valid_from=city.SINCE,
        ),
    )  # fmt: skip
    code = "370303001001009"
    assert await members() == {wu: (code, "None", True), zheng: (code, "None", False), wang: (code, "None", False)}
    await city.tell(database, org.TeamLeaderNamed(team_id=team.team_id, leader_id=None, **there))
    await city.tell(database, org.TeamDisbanded(team_id=team.team_id, disbanded_on=date(2026, 1, 1), **there))
    ends = (code, "2026-01-01", False)
    assert await members() == {wu: ends, zheng: ends, wang: (code, "2030-01-01", False)}, "one ends before it began"


async def test_a_member_of_a_team_reports_no_burdens(teams: Tickets) -> None:
    document = """mutation($input: ReportBurdenInput!) { reportBurden(input: $input) { problems { code } } }"""
    before = await teams.contents()
    asked = {"idempotencyKey": "b", "regionCode": city.COMMUNITY, "description": "报表太多"}
    assert await teams.error(document, token(teams, "qian"), input=asked) == "FORBIDDEN"
    assert await teams.contents() == before


@pytest.mark.parametrize(
    ("by", "refused"), [("team:doctor_team", True), ("police_team", True), ("team:police_team", False)]
)
async def test_what_a_team_did_is_imported_under_its_name(teams: Tickets, by: str, refused: bool) -> None:
    from tests.tickets.test_import_families import HELPER, ONE, PARENT, on  # noqa: PLC0415 (its records)

    base: dict[str, Any] = {
        "record": "ticket",
        "title": "一事",
        "region_id": str(city.region_id(city.GRID)),
        "region_code": city.GRID,
    }
    acts = [{"at": on(4), "action": "report", "by": str(city.person("qian")), "acted_as": by, "opinion": "已上门"}]
    divide = {"at": on(3), "action": "divide", "children": [ONE], **HELPER}
    raised = {"at": on(2), "by": "li", "acted_as": "resident"}
    lines = [
        {**base, "id": PARENT, "process": "joint_work", "raised": raised, "acts": [divide]},
        {**base, "id": ONE, "process": "team_task", "category": "police_officer", "parent": PARENT,
         "raised": {"at": on(3), **HELPER}, "acts": acts},
    ]  # fmt: skip
    if refused:
        with pytest.raises(Exception, match="line 2: acts"):
            await teams.load(*lines)
    else:
        assert "2 tickets" in await teams.load(*lines)
