"""A resident's request through five sheets, by the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.kit import items_of
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

WHOLE = """
query($id: ID!) { ticket(id: $id) {
  number title description regionCode version round isOverdue notice outcome
  region { id } process { code version name } category { code name } step { code name isEnd }
  requester { name phone isMe } waitsFor { title regionCode isVacant } inCharge { id } organisation { id }
  ratings { count mean } myActions { code kind requires }
  attachments { edges { node { name state } } }
  deadlines { edges { node { kind step { code } dueAt stoppedAt wasKept isOverdue isPaused isProvisional } } }
  timeline { edges { node { seq kind name fromStep { code } toStep { code } actedAs actor { id } opinion rating notice
             responsible { id } attachments { name } } } }
} }
"""


async def whole(tickets: Tickets, ticket: dict[str, Any], token: str, language: str = "en") -> Any:
    answer = await tickets.ask(WHOLE, token, language, id=ticket["id"])
    assert "errors" not in answer, answer
    return answer["data"]["ticket"]


async def test_a_request_goes_through_all_sheets_and_everyone_can_read_the_result(tickets: Tickets) -> None:
    photo = await tickets.uploaded(tickets.resident())
    ticket = await tickets.raised(
        description="每天到处找插座", requesterName="李小明", requesterPhone="13800001234", attachments=[photo]
    )
    seen = await whole(tickets, ticket, tickets.resident())
    assert seen["requester"] == {"name": "李*", "phone": "138****1234", "isMe": True}
    assert seen["region"] == {"id": str(city.region_id(city.GRID))}
    assert seen["waitsFor"] == [{"title": "grid_worker", "regionCode": city.GRID, "isVacant": False}]
    assert seen["inCharge"] == [{"id": str(city.duty_id("worker"))}]
    assert [one["code"] for one in seen["myActions"]] == ["withdraw"]
    assert [one["kind"] for one in items_of(seen["deadlines"]) if one["stoppedAt"] is None] == [
        "FIRST_RESPONSE",
        "MATTER",
        "STEP",
    ]

    ticket = await tickets.to_step("evaluate", ticket)
    assert (await whole(tickets, ticket, tickets.resident()))["organisation"] == {"id": str(city.OFFICE)}
    ticket = await tickets.do("evaluateTicket", tickets.resident(), ticket, rating=4, opinion="还行")
    ticket = await tickets.do("evaluateTicket", tickets.staff("leader"), ticket, rating=5)
    ticket = await tickets.do("publiciseTicket", tickets.staff("committee"), ticket, notice="已建成")

    seen = await whole(tickets, ticket, tickets.resident(), language="zh-CN")
    assert (seen["outcome"], seen["notice"], seen["ratings"]) == ("DONE", "已建成", {"count": 2, "mean": 4.5})
    assert [(one["name"], one["actedAs"]) for one in items_of(seen["timeline"])] == [
        ("居民提单", "resident"),
        ("接单", "grid_worker"),
        ("议单", "grid_branch_secretary"),
        ("定单", "community_secretary"),
        ("办结", "community_secretary"),
        ("评单", "requester"),
        ("补充评单", "grid_leader"),
        ("公开", "community_secretary"),
    ]
    assert items_of(seen["timeline"])[0]["attachments"] == [{"name": "现场.jpg"}]
    assert items_of(seen["timeline"])[1]["actor"] == {"id": str(city.person("worker"))}
    assert items_of(seen["timeline"])[5]["actor"] is None
    assert seen["process"]["name"] == "五单一公开"
    assert all(one["wasKept"] for one in items_of(seen["deadlines"]))

    public = (await tickets.data(
        """{ publicTickets(regionCode: "370321") { totalCount nodes: edges { node {
             number title notice step { code } organisation { id } ratings { count mean }
             timeline { edges { node { name actedAs } } } } } } }""",
        None,
    ))["publicTickets"]  # fmt: skip
    (node,) = (one["node"] for one in public["nodes"])
    assert (public["totalCount"], node["title"], node["notice"]) == (1, None, "已建成")
    assert node["ratings"] == {"count": 2, "mean": 4.5}
    assert len(items_of(node["timeline"])) == 8


async def test_every_step_is_an_event_without_personal_data(tickets: Tickets) -> None:
    await tickets.to_step("published", await tickets.raised(requesterName="李小明", requesterPhone="13800001234"))
    events = await tickets.events()
    assert [type_.split(".")[3] for type_, _ in events] == [
        "raised", "accepted", "deliberated", "decided", "carried_out", "evaluated", "publicised",
    ]  # fmt: skip
    assert [event["aggregateversion"] for _, event in events] == list(range(1, 8))
    last = events[-1][1]
    assert (last["tenant"], last["regioncode"]) == ("370321", city.GRID)
    assert (last["data"]["step"], last["data"]["outcome"]) == ("published", "done")
    (stored,) = await tickets.look("SELECT string_agg(convert_from(payload, 'UTF8'), '') FROM outbox")
    for private in (
        "李小明",
        "13800001234",
        "充电棚想",
        "想加装充电棚",
        "议定加装",
        '"li"',
        str(city.person("worker")),
    ):
        assert private not in stored[0]


async def test_a_bad_evaluation_reopens_and_the_public_page_says_where_it_is(tickets: Tickets) -> None:
    ticket = await tickets.to_step("evaluate")
    ticket = await tickets.do("evaluateTicket", tickets.resident(), ticket, rating=1)
    ticket = await tickets.do("publiciseTicket", tickets.staff("committee"), ticket, notice="办好了")
    seen = await whole(tickets, ticket, tickets.resident())
    assert [one["code"] for one in seen["myActions"]] == ["reopen"]
    ticket = await tickets.do("reopenTicket", tickets.resident(), ticket, reason="灯不亮")
    assert (ticket["step"]["code"], ticket["round"], ticket["outcome"]) == ("deliberate", 1, None)
    public = await tickets.data(
        '{ publicTickets(regionCode: "3703") { edges { node { step { code } outcome } } } }', None
    )
    assert public["publicTickets"]["edges"][0]["node"] == {"step": {"code": "deliberate"}, "outcome": None}


async def test_staff_raise_for_somebody_who_comes_by(tickets: Tickets) -> None:
    ticket = await tickets.raised(
        tickets.staff("worker"), onBehalf=True, requesterName="王大妈", requesterPhone="0533-8212345"
    )
    seen = await whole(tickets, ticket, tickets.staff("worker"))
    assert seen["requester"] == {"name": "王*", "phone": "053*****2345", "isMe": False}
    assert items_of(seen["timeline"])[0]["actor"] == {"id": str(city.person("worker"))}


async def test_the_same_key_raises_once_and_another_request_with_it_is_refused(tickets: Tickets) -> None:
    first = await tickets.raised(requesterName="李小明")
    again = await tickets.raised(requesterName="李小明")
    assert again["id"] == first["id"]
    answer = await tickets.ask(
        """mutation { raiseTicket(input: {idempotencyKey: "k1", process: "five_sheets", regionCode: "370321002001001",
             title: "别的事", category: "other"}) { ticket { id } problems { code path } } }""",
        tickets.resident(),
    )
    assert answer["data"]["raiseTicket"] == {
        "ticket": None, "problems": [{"code": "IDEMPOTENCY_CONFLICT", "path": ["idempotencyKey"]}],
    }  # fmt: skip
    assert await tickets.look("SELECT count(*) FROM ticket") == [(1,)]
    other = await tickets.raised(tickets.resident("wang"))
    assert other["id"] != first["id"]


async def test_a_look_at_the_requester_is_recorded_with_its_purpose(tickets: Tickets) -> None:
    ticket = await tickets.raised(requesterName="李小明", requesterPhone="13800001234")
    query = """mutation($id: ID!, $purpose: String!) { revealRequester(input: {id: $id, purpose: $purpose}) {
        requester { name phone } problems { code path } } }"""
    shown = await tickets.data(query, tickets.staff("worker"), id=ticket["id"], purpose="回访")
    assert shown["revealRequester"]["requester"] == {"name": "李小明", "phone": "13800001234"}
    rows = await tickets.look("SELECT actor, fields->>'purpose' FROM audit WHERE kind = 'requester_revealed'")
    assert rows == [(str(city.person("worker")), "回访")]
    blank = await tickets.data(query, tickets.staff("worker"), id=ticket["id"], purpose=" ")
    assert blank["revealRequester"]["requester"] is None
    for token, code in (
        (tickets.staff("first"), "FORBIDDEN"),
        (tickets.staff("leader"), "FORBIDDEN"),
        (tickets.role("auditor"), "FORBIDDEN"),
        (tickets.resident("wang"), "NOT_FOUND"),
        (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
    ):
        assert await tickets.error(query, token, id=ticket["id"], purpose="好奇") == code
    stored = await tickets.look("SELECT requester_name, requester_phone FROM ticket")
    assert "李小明".encode() not in stored[0][0]
    assert b"13800001234" not in stored[0][1]


async def test_a_second_process_runs_beside_the_first_by_the_generic_action(tickets: Tickets) -> None:
    wish = await tickets.raised(process="micro_wish", category=None, title="想要一副老花镜")
    wish = await tickets.do("actOnTicket", tickets.staff("worker"), wish, action="claim")
    assert wish["step"]["code"] == "fulfil"
    wish = await tickets.do("publiciseTicket", tickets.staff("worker"), wish, notice="已送到")
    assert wish["outcome"] == "DONE"
    processes = await tickets.data(
        "{ ticketProcesses { code version name levels steps { code isEnd } } }", tickets.resident()
    )
    assert [one["code"] for one in processes["ticketProcesses"]] == ["five_sheets", "micro_wish"]
