"""Intake by several channels, what may be the same matter, and joining it (并案): one ticket goes on for all."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from services.tickets.domain.validation import read_processes
from tests.tickets import city
from tests.tickets.conftest import FIVE_SHEETS, RAISE, mutation

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_ROOT = Path(__file__).parents[2]
[ONE_STOP] = yaml.safe_load((_ROOT / "deploy/practices/processes/one_stop.yaml").read_text(encoding="utf-8"))
INTAKE: dict[str, Any] = {
    **deepcopy(FIVE_SHEETS[0]),
    "code": "five_sheets_one_stop",
    "channels": [
        {"code": "app", "name_zh": "手机端", "name_en": "app"},
        {"code": "hotline", "name_zh": "12345 热线", "name_en": "hotline 12345"},
    ],
    "joining": {"name_zh": "并案", "name_en": "join", "out_of": ["accept", "deliberate"], "to": "joined"},
}
INTAKE["steps"] = [{**step, "who": ["requester"]} if step["code"] == "evaluate" else step for step in INTAKE["steps"]]
INTAKE["ends"] = [*INTAKE["ends"], {"code": "joined", "name_zh": "已并案", "name_en": "joined", "outcome": "joined"}]
SHOWN = """query($id: ID!) { ticket(id: $id) {
  number version channel { code name } channelReference step { code } outcome
  joinedInto { number step { code } outcome notice version } joined { totalCount edges { node { id } } }
  possibleDuplicates { likeness ticket { id } } myActions { code kind requires }
} }"""
ALIKE = """query($code: String!, $title: String!) {
  possibleDuplicates(regionCode: $code, title: $title) { likeness ticket { id title } }
}"""
TO_EVALUATE = "{ ticketsToEvaluate { edges { node { id version } } } }"


async def raised(tickets: Tickets, who: str = "li", title: str = "三号楼门口路灯不亮", **more: Any) -> dict[str, Any]:
    token = more.pop("token", None) or tickets.resident(who)
    return await tickets.raised(
        token, process=INTAKE["code"], category="lighting", title=title, key=f"{who} {title}", **more
    )


async def installed(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": INTAKE})


async def shown(tickets: Tickets, ticket: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = (await tickets.data(SHOWN, token or tickets.staff("worker"), id=ticket["id"]))["ticket"]
    return found


async def tried(tickets: Tickets, token: str, ticket: dict[str, Any], into: str) -> list[tuple[str, Any]]:
    payload = await tickets.payload("joinTicket", token, ticket, into=into)
    return [(one["code"], one["path"]) for one in payload["problems"]]


async def test_a_ticket_says_by_which_channel_it_came_the_first_when_none_is_said(tickets: Tickets) -> None:
    await installed(tickets)
    by_app = await raised(tickets)
    hotline: dict[str, Any] = {"channel": "hotline", "channelReference": "12345-20261124-7", "onBehalf": True}
    called = await raised(tickets, "worker", token=tickets.staff("worker"), **hotline)
    assert (await shown(tickets, by_app))["channel"] == {"code": "app", "name": "app"}
    found = await shown(tickets, called)
    assert (found["channel"]["code"], found["channelReference"]) == ("hotline", "12345-20261124-7")
    told = [event["data"]["channel"] for kind, event in await tickets.events() if kind.endswith("raised.v1")]
    assert told == ["app", "hotline"]


async def test_what_a_hotline_took_down_is_raised_once_and_in_another_place_again(tickets: Tickets) -> None:
    await installed(tickets)
    asked = {
        "process": INTAKE["code"], "category": "lighting", "title": "路灯", "regionCode": city.GRID,
        "channel": "hotline", "channelReference": "A-1", "idempotencyKey": "a",
    }  # fmt: skip
    token = tickets.staff("worker")
    first = (await tickets.data(RAISE, token, input=asked))["payload"]["ticket"]
    again = (await tickets.data(RAISE, token, input=asked | {"idempotencyKey": "b"}))["payload"]
    assert again["ticket"] is None
    assert [(one["code"], one["path"]) for one in again["problems"]] == [("ALREADY_RAISED", ["channelReference"])]
    assert first["number"] in again["problems"][0]["message"]
    there = asked | {"idempotencyKey": "c", "regionCode": city.GRID_2}
    assert (await tickets.data(RAISE, tickets.staff("worker_2"), input=there))["payload"]["problems"] == []
    assert len(await tickets.look("SELECT 1 FROM ticket")) == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"channel": "carrier_pigeon"}, "UNKNOWN_CHANNEL"),
        ({"channelReference": "my own"}, "NOT_TAKEN"),
        ({"channel": "app", "process": "five_sheets"}, "UNKNOWN_CHANNEL"),
    ],
)
async def test_a_channel_is_one_of_the_process_and_a_resident_has_no_reference(
    tickets: Tickets, more: dict[str, Any], code: str
) -> None:
    await installed(tickets)
    asked = {
        "process": INTAKE["code"], "category": "lighting", "title": "路灯", "regionCode": city.GRID,
        "idempotencyKey": "x",
    }  # fmt: skip
    payload = (await tickets.data(RAISE, tickets.resident(), input=asked | more))["payload"]
    assert [one["code"] for one in payload["problems"]] == [code]
    assert await tickets.look("SELECT 1 FROM ticket") == []


async def test_what_reads_alike_is_shown_to_who_handles_it_the_most_alike_first(tickets: Tickets) -> None:
    await installed(tickets)
    lamp = await raised(tickets)
    same = await raised(tickets, "wang", "3号楼门口的路灯不亮了")
    await raised(tickets, "zhao", "楼道堆放杂物")
    gone = await raised(tickets, "qian", "三号楼门口路灯不亮！")
    await tickets.do("withdrawTicket", tickets.resident("qian"), gone)
    found = (await shown(tickets, lamp))["possibleDuplicates"]
    assert [one["ticket"]["id"] for one in found] == [same["id"]]
    assert 0.35 <= found[0]["likeness"] < 1
    asked = {"code": city.GRID_2, "title": "三号楼门口路灯不亮"}
    found = (await tickets.data(ALIKE, tickets.staff("committee"), **asked))["possibleDuplicates"]
    assert [one["ticket"]["id"] for one in found] == [lamp["id"], same["id"]]
    assert found[0]["likeness"] == 1
    for token in (tickets.staff("worker_elsewhere"), tickets.resident("somebody")):
        assert (await tickets.data(ALIKE, token, **asked))["possibleDuplicates"] == []
    mine = (await tickets.data(ALIKE, tickets.resident("wang"), **asked))["possibleDuplicates"]
    assert [one["ticket"]["id"] for one in mine] == [same["id"]]


async def test_a_joined_ticket_ends_and_its_requester_follows_and_evaluates_the_other(tickets: Tickets) -> None:
    await installed(tickets)
    lead, same = await raised(tickets), await raised(tickets, "wang", "路灯坏了")
    assert any(one["code"] == "join" for one in (await shown(tickets, same))["myActions"])
    joined = await tickets.do("joinTicket", tickets.staff("worker"), same, into=lead["id"])
    assert (joined["step"]["code"], joined["outcome"]) == ("joined", "JOINED")
    kind, event = (await tickets.events())[-1]
    told = event["data"]
    assert (kind, told["intoId"], told["outcome"]) == ("linli.tickets.ticket.joined.v1", lead["id"], "withdrawn")
    assert (await shown(tickets, lead))["joined"] == {"totalCount": 1, "edges": [{"node": {"id": same["id"]}}]}
    lead = await tickets.to_step("evaluate", lead)
    mine = (await shown(tickets, same, tickets.resident("wang")))["joinedInto"]
    assert (mine["number"], mine["step"], mine["notice"]) == (lead["number"], {"code": "evaluate"}, None)
    waiting = (await tickets.data(TO_EVALUATE, tickets.resident("wang")))["ticketsToEvaluate"]["edges"]
    assert lead["id"] in [one["node"]["id"] for one in waiting]
    await tickets.do("evaluateTicket", tickets.resident("wang"), lead, rating=4)
    rated = [tuple(row) for row in await tickets.look("SELECT by, acted_as FROM evaluation")]
    assert rated == [("wang", "requester")]
    asked = {"id": lead["id"], "expectedVersion": lead["version"]}
    assert await tickets.error(mutation("withdrawTicket"), tickets.resident("wang"), input=asked) == "NOT_FOUND"


async def test_a_lead_is_not_taken_back_while_others_wait_for_it(tickets: Tickets) -> None:
    await installed(tickets)
    lead, same = await raised(tickets), await raised(tickets, "wang", "路灯坏了")
    await tickets.do("joinTicket", tickets.staff("worker"), same, into=lead["id"])
    payload = await tickets.payload("withdrawTicket", tickets.resident(), lead)
    assert [one["code"] for one in payload["problems"]] == ["OTHERS_WAIT"]
    assert (await shown(tickets, lead))["step"] == {"code": "accept"}


async def test_what_cannot_be_joined_stays_as_it_was(tickets: Tickets) -> None:
    await installed(tickets)
    lead, same, third = await raised(tickets), await raised(tickets, "wang", "路灯坏了"), await raised(tickets, "zhao")
    gone = await raised(tickets, "qian")
    await tickets.do("withdrawTicket", tickets.resident("qian"), gone)
    elsewhere = await tickets.raised(
        tickets.staff("worker_elsewhere"),
        process=INTAKE["code"],
        category="lighting",
        regionCode=city.ELSEWHERE,
        key="e",
    )
    worker, committee = tickets.staff("worker"), tickets.staff("committee")
    wide = tickets.staff("worker", region="3703")
    before = await tickets.contents()
    assert await tried(tickets, worker, same, same["id"]) == [("CANNOT_JOIN_ITSELF", ["into"])]
    assert await tried(tickets, worker, same, gone["id"]) == [("LEAD_HAS_ENDED", ["into"])]
    assert await tried(tickets, wide, same, elsewhere["id"]) == [("LEAD_IS_ELSEWHERE", ["into"])]
    assert await tried(tickets, worker, {**same, "version": 7}, lead["id"]) == [("STALE_VERSION", ["expectedVersion"])]
    for token, into, why in (
        (worker, elsewhere["id"], "NOT_FOUND"),
        (worker, str(city.OFFICE), "NOT_FOUND"),
        (committee, lead["id"], "FORBIDDEN"),
        (tickets.resident("wang"), lead["id"], "FORBIDDEN"),
        (tickets.role("auditor"), lead["id"], "FORBIDDEN"),
    ):
        asked = {"id": same["id"], "expectedVersion": same["version"], "into": into}
        assert await tickets.error(mutation("joinTicket"), token, input=asked) == why
    assert await tickets.contents() == before
    await tickets.do("joinTicket", worker, same, into=lead["id"])
    assert await tried(tickets, worker, lead, third["id"]) == [("LEADS_OTHERS", ["into"])]
    assert (await shown(tickets, lead))["joinedInto"] is None


async def test_an_imported_ticket_keeps_its_channel_and_what_it_was_joined_to(tickets: Tickets) -> None:
    await installed(tickets)
    lead = await raised(tickets)
    record = {
        "record": "ticket", "id": str(city.duty_id("joined")), "process": INTAKE["code"], "category": "lighting",
        "region_id": str(city.region_id(city.GRID)), "region_code": city.GRID, "title": "路灯", "channel": "hotline",
        "channel_reference": "A-2", "raised": {"at": "2026-03-02T09:00:00+08:00", "by": "wang", "acted_as": "resident"},
        "acts": [{
            "at": "2026-03-02T10:00:00+08:00", "action": "join", "into": lead["id"],
            "by": str(city.person("worker")), "acted_as": "grid_worker",
        }],
    }  # fmt: skip
    await tickets.load(record)
    found = await shown(tickets, {"id": record["id"]})
    assert (found["channel"]["code"], found["channelReference"], found["outcome"]) == ("hotline", "A-2", "JOINED")
    assert found["joinedInto"]["number"] == lead["number"]


async def test_what_came_by_a_hotline_is_sorted_handed_up_and_closed_by_who_asked(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": ONE_STOP})
    own = await tickets.raised(process="one_stop", category="facilities", regionCode=city.COMMUNITY)
    called = await tickets.raised(
        tickets.staff("committee"), process="one_stop", category="facilities", key="k2", channel="hotline",
        channelReference="12345-1", onBehalf=True,
    )  # fmt: skip
    committee, street = tickets.staff("committee"), tickets.staff("street")
    joined = await tickets.do("joinTicket", committee, called, into=own["id"])
    assert joined["outcome"] == "JOINED"
    for name, token, more, step in (
        ("actOnTicket", committee, {"action": "hand_up", "opinion": "需街道协调"}, "street"),
        ("returnTicket", street, {"reason": "社区可办"}, "sort"),
        ("acceptTicket", committee, {}, "handle"),
        ("returnTicket", committee, {"reason": "分派有误"}, "sort"),
        ("actOnTicket", committee, {"action": "hand_up", "opinion": "需街道协调"}, "street"),
        ("carryOutTicket", street, {"opinion": "已修好"}, "evaluate"),
        ("evaluateTicket", tickets.resident(), {"rating": 2}, "closed"),
        ("reopenTicket", tickets.resident(), {"reason": "又坏了"}, "sort"),
        ("refuseTicket", committee, {"reason": "已列入改造计划"}, "refused"),
    ):
        own = await tickets.do(name, token, own, **more)
        assert own["step"]["code"] == step


def test_a_process_that_joins_to_nowhere_is_explained() -> None:
    wrong = deepcopy(INTAKE)
    wrong["joining"] |= {"to": "refused", "out_of": ["evaluate", "nowhere"]}
    wrong["channels"].append(wrong["channels"][0])
    _, faults = read_processes([wrong])
    assert {".".join(map(str, one.path)) for one in faults} >= {
        "0.joining.to", "0.joining.out_of.0", "0.joining.out_of.1", "0.channels.2.code",
    }  # fmt: skip
    _, sound = read_processes([INTAKE])
    assert sound == ()
