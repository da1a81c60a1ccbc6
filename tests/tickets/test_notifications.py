"""Everybody whom it concerns is told of what happens, once, and finds it as long as they may see what it is about."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from services.tickets.commands.actors import now
from services.tickets.commands.notifications import forget
from services.tickets.graphql.notification_enums import NotificationMatter
from tests.tickets import city
from tests.tickets.appointments import office, officer, settle_in, summoned
from tests.tickets.conftest import FIVE_SHEETS
from tests.tickets.test_absences import away
from tests.tickets.test_assignment import colleague, shared
from tests.tickets.test_joining import installed, raised
from tests.tickets.test_objections import ANSWER, objected, posted
from tests.tickets.test_org_events import recoded
from tests.tickets.test_sweeps import due, sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_NODE = "id matter audience heading body isRead raisedAt dueAt title step { code } ticket { id inCharge { id } }"
INBOX = f"""query($unread: Boolean! = false, $first: Int! = 50, $after: String) {{
  myNotifications(unread: $unread, first: $first, after: $after) {{
    totalCount unreadCount pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {_NODE} }} }} }} }}"""
MARK = """mutation($input: MarkNotificationsReadInput!) {
  payload: markNotificationsRead(input: $input) { unreadCount problems { code } } }"""
CHOOSE = """mutation($input: ChooseNotificationsInput!) {
  payload: chooseNotifications(input: $input) { choices { channel matter } problems { code path } } }"""
DELIVER = """query($id: ID!) { notificationToDeliver(id: $id) {
  subject title titleRegionCode organisationId titles heading body } }"""


async def inbox(tickets: Tickets, token: str, language: str = "en", **more: Any) -> dict[str, Any]:
    answer = await tickets.ask(INBOX, token, language, **more)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["myNotifications"]
    return found


async def nodes(tickets: Tickets, token: str, language: str = "en", **more: Any) -> list[dict[str, Any]]:
    """What somebody was told, the first first."""
    return [edge["node"] for edge in reversed((await inbox(tickets, token, language, **more))["edges"])]


async def news(tickets: Tickets, token: str) -> list[tuple[str, str]]:
    return [(one["matter"], one["step"]["code"]) for one in await nodes(tickets, token)]


def with_rules(code: str, rules: list[dict[str, Any]], texts: Any = ()) -> dict[str, Any]:
    process = {**deepcopy(FIVE_SHEETS[0]), "code": code, "notifications": {"rules": rules, "texts": list(texts)}}
    return {"record": "process", "definition": process}


async def test_a_requester_is_told_of_every_step_who_has_it_and_until_when(tickets: Tickets) -> None:
    ticket = await tickets.to_step("published")
    told = await nodes(tickets, tickets.resident())
    # Their own evaluation they know of.
    assert [(one["matter"], one["step"]["code"]) for one in told] == [
        ("PROGRESS", "accept"), ("PROGRESS", "deliberate"), ("PROGRESS", "decide"), ("PROGRESS", "carry_out"),
        ("TURN", "evaluate"), ("PROGRESS", "published"),
    ]  # fmt: skip
    (number,) = (await tickets.look("SELECT number FROM ticket"))[0]
    assert told[0]["heading"] == f"{number} was received"
    assert told[1]["body"].startswith(
        "“the grid worker accepts” is done (accept); it is now at: the grid's party branch deliberates; due: 20"
    )
    assert told[-1]["body"] == (
        "The end: made public (make public). If it is not settled, you can have it reopened in time."
    )
    assert {one["ticket"]["id"] for one in told} == {ticket["id"]}
    chinese = await nodes(tickets, tickets.resident(), "zh-CN")
    assert chinese[1]["body"].startswith("“网格员接单”环节已办（接单），当前环节：网格党支部议单；时限：20")


async def test_a_duty_is_told_when_it_is_in_turn_and_who_acted_has_read_it(tickets: Tickets) -> None:
    await city.tell(tickets.runtime.database, city.duty("colleague", "community_secretary", city.COMMUNITY))
    other = tickets.issuer.mint("community_secretary", region=city.COMMUNITY, subject=str(city.person("colleague")))
    await tickets.to_step("carry_out")
    assert await news(tickets, tickets.staff("worker")) == [("TURN", "accept"), ("TURN", "carry_out")]
    assert await news(tickets, tickets.staff("branch")) == [("TURN", "deliberate")]
    assert [one["isRead"] for one in await nodes(tickets, tickets.staff("committee"))] == [False, True]
    assert [one["isRead"] for one in await nodes(tickets, other)] == [False, False]
    for who in ("worker_2", "worker_elsewhere", "first", "street"):
        assert await news(tickets, tickets.staff(who)) == [], who


async def test_the_unread_are_counted_marked_once_and_only_ones_own(tickets: Tickets) -> None:
    await tickets.to_step("decide")
    mine = await inbox(tickets, tickets.resident())
    assert (mine["unreadCount"], mine["totalCount"]) == (3, 3)
    theirs = (await nodes(tickets, tickets.staff("branch")))[0]["id"]
    first = mine["edges"][-1]["node"]
    for _ in range(2):
        asked = {"ids": [first["id"], theirs, str(city.person("nobody"))]}
        marked = (await tickets.data(MARK, tickets.resident(), input=asked))["payload"]
        assert marked == {"unreadCount": 2, "problems": []}
    assert [one["isRead"] for one in await nodes(tickets, tickets.staff("branch"))] == [False]
    left = await inbox(tickets, tickets.resident(), unread=True)
    assert (left["totalCount"], left["unreadCount"]) == (2, 2)
    assert first["id"] not in str(left)
    second = left["edges"][-1]["node"]["raisedAt"]
    assert (await tickets.data(MARK, tickets.resident(), input={"upTo": second}))["payload"]["unreadCount"] == 1
    assert await tickets.look("SELECT max(cardinality(read_by)) FROM notification") == [(1,)]
    for wrong in ({}, {"ids": [first["id"]], "upTo": second}, {"ids": [first["id"]] * 101}):
        assert await tickets.error(MARK, tickets.resident(), input=wrong) == "BAD_REQUEST"
    assert await tickets.error(MARK, None, input={"upTo": second}) == "UNAUTHENTICATED"
    assert await tickets.error(INBOX, None) == "UNAUTHENTICATED"


async def test_pages_follow_each_other(tickets: Tickets) -> None:
    await tickets.to_step("decide")
    page = await inbox(tickets, tickets.resident(), first=2)
    rest = await inbox(tickets, tickets.resident(), first=2, after=page["pageInfo"]["endCursor"])
    steps = [edge["node"]["step"]["code"] for edge in page["edges"] + rest["edges"]]
    assert (steps, rest["pageInfo"]["hasNextPage"]) == (["decide", "deliberate", "accept"], False)


async def test_who_is_late_is_reminded_and_whom_it_is_brought_before_is_told(tickets: Tickets) -> None:
    await tickets.to_step("deliberate")
    at = await due(tickets)
    await sweep_at(tickets, at - timedelta(minutes=1))
    reminded = (await nodes(tickets, tickets.staff("branch")))[-1]
    assert (reminded["matter"], reminded["body"].endswith("1 working days from now.")) == ("REMINDER", True)
    await sweep_at(tickets, at + timedelta(days=9))
    late = {one["matter"] for one in await nodes(tickets, tickets.staff("branch"))}
    assert late == {"TURN", "REMINDER", "OVERDUE"}
    assert ("ESCALATED", "deliberate") in await news(tickets, tickets.staff("committee"))
    assert ("ESCALATED", "deliberate") not in await news(tickets, tickets.staff("worker"))


async def test_whose_turn_it_was_made_is_told_alone_and_a_vacancy_tells_who_stands_in(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    await tickets.do("assignTicket", tickets.staff("worker"), ticket, assignee=str(city.person("colleague")))
    assert await news(tickets, colleague(tickets)) == [("TURN", "accept")] * 2
    assert await news(tickets, tickets.staff("worker")) == [("TURN", "accept")]
    (told,) = [one for one in await tickets.told() if one["action"] == "assign"]
    assert (told["subject"], told["title"]) == (str(city.person("colleague")), None)
    await city.tell(tickets.runtime.database, city.duty("branch", "grid_branch_secretary", city.GRID, city.SINCE))
    await tickets.to_step("deliberate", await tickets.raised(key="vacant"))
    assert ("TURN", "deliberate") in await news(tickets, tickets.staff("committee"))


async def test_those_who_speak_for_an_invited_organisation_are_told_until_it_has_answered(tickets: Tickets) -> None:
    await settle_in(tickets)
    ticket = await summoned(tickets, "fire", "water")
    assert await news(tickets, officer(tickets, "fire")) == [("INVITATION", "on_the_spot")]
    assert await news(tickets, officer(tickets, "far")) == []
    await tickets.do("answerTicket", officer(tickets, "fire"), ticket, opinion="到场")
    at = await due(tickets)
    await sweep_at(tickets, at - timedelta(minutes=1))
    assert await news(tickets, officer(tickets, "fire")) == [("INVITATION", "on_the_spot")]
    assert await news(tickets, officer(tickets, "water")) == [
        ("INVITATION", "on_the_spot"), ("REMINDER", "on_the_spot"),
    ]  # fmt: skip
    events = [one for one in await tickets.told() if one["audience"] == "invited"]
    assert {one["organisationId"] for one in events} == {str(office("fire")), str(office("water"))}
    assert events[0]["titles"] == ["subdistrict_officer", "district_coordinator"]


async def test_a_deputy_is_told_and_finds_what_waits_for_the_duty_while_they_stand_in(tickets: Tickets) -> None:
    absence = await away(tickets)
    await tickets.raised(process="micro_wish", category=None)
    told = await nodes(tickets, tickets.staff("leader"))
    assert [one["matter"] for one in told] == ["DEPUTY", "TURN"]
    assert told[0]["body"].endswith("you stand in for somebody; their work is in your inbox.")
    assert told[0]["ticket"] is None
    ended = """mutation($input: EndAbsenceInput!) { endAbsence(input: $input) { problems { code } } }"""
    await tickets.data(ended, tickets.staff("worker"), input={"id": absence["id"]})
    assert [one["matter"] for one in await nodes(tickets, tickets.staff("leader"))] == ["DEPUTY", "DEPUTY"]


async def test_who_objected_learns_of_the_answer_without_seeing_the_ticket(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    objection = await objected(tickets, ticket)
    assert (await nodes(tickets, tickets.staff("committee")))[-1]["matter"] == "OBJECTION"
    asked = {"id": objection["id"], "answer": "改在东墙", "upheld": True}
    await tickets.data(ANSWER, tickets.staff("committee"), input=asked)
    (told,) = await nodes(tickets, tickets.resident("wang"))
    assert (told["matter"], told["audience"], told["ticket"]) == ("OBJECTION", "OBJECTOR", None)
    assert "wang" not in str(await tickets.told())


async def test_who_raised_the_same_matter_in_another_grid_is_told_about_theirs(tickets: Tickets) -> None:
    await installed(tickets)
    lead = await raised(tickets)
    mine = await raised(tickets, "wang", regionCode=city.GRID_2)
    await tickets.look(f"UPDATE ticket SET joined_into = '{lead['id']}', step = 'joined' WHERE id = '{mine['id']}'")  # noqa: S608
    await tickets.do("acceptTicket", tickets.staff("worker"), lead)
    told = (await nodes(tickets, tickets.resident("wang", city.GRID_2)))[-1]
    assert (told["audience"], told["step"]["code"], told["ticket"]["id"]) == ("JOINED", "deliberate", mine["id"])
    (event,) = [one for one in await tickets.told() if one["audience"] == "joined"]
    assert (event["regionCode"], event["ticketId"]) == (city.GRID_2, mine["id"])


async def test_what_one_no_longer_sees_is_neither_found_nor_counted(tickets: Tickets) -> None:
    await tickets.to_step("deliberate")
    person = str(city.person("worker"))
    for token in (
        tickets.issuer.mint("grid_worker", region=city.GRID_2, subject=person),
        tickets.issuer.mint("observer", region="370303", subject=person),
        tickets.issuer.mint("mayor", region=city.GRID, subject=person),
    ):
        assert (await inbox(tickets, token))["unreadCount"] == 0
    assert (await inbox(tickets, tickets.resident("li", city.ELSEWHERE)))["totalCount"] == 0
    await city.tell(tickets.runtime.database, city.duty("worker", "grid_worker", city.GRID, city.SINCE))
    assert (await inbox(tickets, tickets.staff("worker")))["totalCount"] == 0


async def test_what_was_made_ones_own_turn_is_found_only_as_long_as_the_ticket_is_seen(tickets: Tickets) -> None:
    ticket = await shared(tickets)
    await tickets.do("assignTicket", tickets.staff("worker"), ticket, assignee=str(city.person("colleague")))
    without = tickets.issuer.mint("mayor", region=city.GRID, subject=str(city.person("colleague")))
    assert ((await inbox(tickets, without))["totalCount"], (await inbox(tickets, without))["unreadCount"]) == (0, 0)
    assert (await inbox(tickets, colleague(tickets)))["unreadCount"] == 2


async def test_notifications_go_with_their_tickets_into_another_code(tickets: Tickets) -> None:
    await tickets.raised()
    await away(tickets, "leader", "branch")
    new = "370321002001009"
    await city.tell(tickets.runtime.database, recoded(new, city.GRID))
    assert await tickets.look("SELECT DISTINCT region_code FROM notification") == [(new,)]
    worker = tickets.issuer.mint("grid_worker", region=new, subject=str(city.person("worker")))
    assert await news(tickets, worker) == [("TURN", "accept")]


async def test_people_choose_what_not_to_be_told_but_for_their_own_duty(tickets: Tickets) -> None:
    await tickets.to_step("deliberate")
    resident = tickets.resident()
    asked = {"channel": "INBOX", "matter": "PROGRESS", "wanted": False}
    for _ in range(2):
        chosen = (await tickets.data(CHOOSE, resident, input=asked))["payload"]
        assert chosen == {"choices": [{"channel": "INBOX", "matter": "PROGRESS"}], "problems": []}
    assert (await inbox(tickets, resident))["unreadCount"] == 0
    await tickets.data(CHOOSE, resident, input=asked | {"wanted": True})
    assert (await inbox(tickets, resident))["unreadCount"] == 2
    before = await tickets.contents()
    kept = [("INBOX", "TURN"), ("INBOX", "OBJECTION"), ("INBOX", "DEPUTY")]
    kept += [(way, one) for way in ("INBOX", "SMS", "MESSAGE") for one in ("REMINDER", "OVERDUE", "ESCALATED")]
    for channel, matter in (*kept, ("SMS", "INVITATION")):
        refused = {"channel": channel, "matter": matter, "wanted": False}
        payload = (await tickets.data(CHOOSE, tickets.staff("worker"), input=refused))["payload"]
        assert payload["problems"] == [{"code": "MUST_BE_TOLD", "path": ["matter"]}], (channel, matter)
    assert await tickets.error(CHOOSE, None, input=asked) == "UNAUTHENTICATED"
    assert await tickets.contents() == before
    assert {one.name for one in NotificationMatter} >= {one for _, one in kept}


async def test_a_process_adds_who_is_told_by_which_way_and_in_which_words(tickets: Tickets) -> None:
    rules: list[Any] = [
        {"action": "accept", "audience": "requester", "channels": ["sms"], "text": "on_its_way"},
        {"to_step": "deliberate", "audience": "watchers"},
        {"action": "overdue", "audience": {"title": "building_leader", "level": "GRID"}},
        {"audience": "in_turn", "channels": ["sms", "message"]},
    ]
    texts = [
        {"code": "on_its_way", "locale": "zh-CN", "subject": "{number}", "body": "{category}已由网格接办，{due}前答复"},
        {
            "code": "on_its_way",
            "locale": "en",
            "subject": "{number}",
            "body": "{category}: the grid has it, until {due}",
        },
    ]
    await tickets.load(with_rules("told", rules, texts))
    declined = {"channel": "SMS", "matter": "TURN", "wanted": False}
    await tickets.data(CHOOSE, tickets.staff("branch"), input=declined)
    ticket = await tickets.raised(process="told")
    await tickets.do("acceptTicket", tickets.staff("worker"), ticket)
    (_, accepted) = await nodes(tickets, tickets.resident())
    assert accepted["body"].startswith("charging of electric bicycles: the grid has it, until 20")
    assert await news(tickets, tickets.staff("first")) == [("WATCH", "deliberate")]
    told = {(one["audience"], one["title"]): one for one in await tickets.told() if one["action"] == "accept"}
    assert told["requester", None]["channels"] == ["inbox", "sms"]
    assert told["watchers", "first_secretary"]["channels"] == ["inbox"]
    branch = told["in_turn", "grid_branch_secretary"]
    assert (branch["channels"], branch["titleRegionCode"]) == (["inbox", "sms", "message"], city.GRID)
    assert branch["declined"] == [{"subject": str(city.person("branch")), "channel": "sms"}]
    refused = {"channel": "SMS", "matter": "PROGRESS", "wanted": False}
    await tickets.data(CHOOSE, tickets.resident(), input=refused)
    await tickets.do("acceptTicket", tickets.staff("worker"), await tickets.raised(process="told", key="again"))
    last = [one for one in await tickets.told() if (one["action"], one["audience"]) == ("accept", "requester")][-1]
    assert last["channels"] == ["inbox"]


async def test_who_delivers_by_other_ways_learns_whom_to_tell_and_nobody_else_does(tickets: Tickets) -> None:
    await tickets.raised()
    (mine,) = [one for one in await tickets.told() if one["audience"] == "requester"]
    assert (mine["subject"], mine["text"], mine["matter"]) == (None, "received", "progress")
    messenger = tickets.role("messenger", city.DISTRICT)
    found = (await tickets.data(DELIVER, messenger, id=mine["notificationId"]))["notificationToDeliver"]
    assert (found["subject"], found["title"]) == ("li", None)
    assert found["heading"].endswith("was received")
    (duty,) = [one for one in await tickets.told() if one["audience"] == "in_turn"]
    found = (await tickets.data(DELIVER, messenger, id=duty["notificationId"]))["notificationToDeliver"]
    assert (found["title"], found["titleRegionCode"]) == ("grid_worker", city.GRID)
    elsewhere = await tickets.data(DELIVER, tickets.role("messenger", "370303"), id=mine["notificationId"])
    assert elsewhere == {"notificationToDeliver": None}
    for token in (tickets.resident(), tickets.staff("worker"), tickets.role("admin")):
        assert await tickets.error(DELIVER, token, id=mine["notificationId"]) == "FORBIDDEN"


async def test_what_is_old_is_forgotten_and_the_rest_stays(tickets: Tickets) -> None:
    await tickets.raised()
    await tickets.look("UPDATE notification SET raised_at = now() - interval '91 days' WHERE subject IS NOT NULL")
    assert await forget(tickets.runtime.database, now() - timedelta(days=90)) == 1
    assert await forget(tickets.runtime.database, now() - timedelta(days=90)) == 0
    assert (await inbox(tickets, tickets.resident()))["totalCount"] == 0
    assert (await inbox(tickets, tickets.staff("worker")))["totalCount"] == 1


@pytest.mark.parametrize("name", ["withdrawTicket", "refuseTicket"])
async def test_who_was_at_work_is_told_to_stop_and_the_requester_of_the_end(tickets: Tickets, name: str) -> None:
    ticket = await tickets.to_step("decide")
    who, more = ("committee", {"reason": "重复"}) if name == "refuseTicket" else (None, {})
    await tickets.do(name, tickets.staff(who) if who else tickets.resident(), ticket, **more)
    mine, theirs = await nodes(tickets, tickets.resident()), await nodes(tickets, tickets.staff("committee"))
    if name == "refuseTicket":
        assert mine[-1]["heading"].endswith("has ended")
        assert len(theirs) == 1
    else:
        assert len(mine) == 3
        assert (theirs[-1]["audience"], theirs[-1]["step"]["code"]) == ("PREVIOUS", "withdrawn")
