"""Public notices with a period and objections (公示): every objection is answered before the ticket goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.tickets.commands.actors import now
from services.tickets.domain.validation import read_processes
from tests.tickets import city
from tests.tickets.test_sweeps import due, sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_COMMITTEE = [{"title": "community_secretary", "level": "COMMUNITY"}]
NOTICE: dict[str, Any] = {
    "code": "plan_notice",
    "version": 1,
    "name_zh": "方案公示",
    "name_en": "notice of a plan",
    "raising": {
        "name_zh": "提出", "name_en": "raise", "who": ["resident"], "levels": ["GRID"], "to": "draft",
    },
    "publicity": {"once": "notice", "shows": ["notice", "timeline"]},
    "steps": [
        {
            "code": "draft", "name_zh": "拟定", "name_en": "draft", "who": _COMMITTEE, "untimed": True,
            "actions": [{
                "code": "post", "kind": "publicise", "name_zh": "公示", "name_en": "post", "to": "notice",
                "requires": ["notice"],
            }],
        },
        {
            "code": "notice", "name_zh": "公示期", "name_en": "notice", "who": _COMMITTEE, "objections": True,
            "deadline": {"within": {"days": 7}, "lapse_to": "done"},
            "actions": [{
                "code": "take_back", "kind": "return", "name_zh": "撤回公示", "name_en": "take back", "to": "draft",
                "requires": ["reason"],
            }],
        },
    ],
    "ends": [{"code": "done", "name_zh": "完成", "name_en": "done", "outcome": "done"}],
}  # fmt: skip
_SEEN = "objection { id reason isMine answer upheld answeredAs } problems { code path }"
OBJECT = f"mutation($input: ObjectToTicketInput!) {{ payload: objectToTicket(input: $input) {{ {_SEEN} }} }}"
ANSWER = (
    f"mutation($input: AnswerTicketObjectionInput!) {{ payload: answerTicketObjection(input: $input) {{ {_SEEN} }} }}"
)
STATE = """query($id: ID!, $answered: Boolean, $first: Int, $after: String) { ticket(id: $id) { step { code } version
  objections(answered: $answered, first: $first, after: $after) {
    totalCount pageInfo { endCursor } edges { node { reason isMine answer } } } } }"""
MINE = "{ myObjections { reason isMine answer upheld answeredAs } }"


async def posted(tickets: Tickets) -> dict[str, Any]:
    await tickets.load({"record": "process", "definition": NOTICE})
    ticket = await tickets.raised(process="plan_notice", category=None)
    return await tickets.do("publiciseTicket", tickets.staff("committee"), ticket, notice="拟在北墙建充电棚")


async def objected(tickets: Tickets, ticket: dict[str, Any], who: str = "wang") -> dict[str, Any]:
    asked = {"idempotencyKey": f"o-{who}", "id": ticket["id"], "reason": "挡住消防通道"}
    payload = (await tickets.data(OBJECT, tickets.resident(who), input=asked))["payload"]
    assert payload["problems"] == []
    found: dict[str, Any] = payload["objection"]
    return found


async def answered(tickets: Tickets, found: dict[str, Any]) -> dict[str, Any]:
    asked = {"id": found["id"], "answer": "已避开通道", "upheld": True}
    payload: dict[str, Any] = (await tickets.data(ANSWER, tickets.staff("committee"), input=asked))["payload"]
    return payload


async def at_step(tickets: Tickets, ticket: dict[str, Any]) -> str:
    found = await tickets.data(STATE, tickets.staff("committee"), id=ticket["id"])
    code: str = found["ticket"]["step"]["code"]
    return code


async def test_without_objections_a_notice_goes_on_by_itself_at_the_end_of_its_period(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    at = await due(tickets)
    assert await sweep_at(tickets, now()) == []
    assert await at_step(tickets, ticket) == "notice"
    assert await sweep_at(tickets, at) == ["lapsed"]
    assert await at_step(tickets, ticket) == "done"


async def test_it_waits_until_the_last_objection_is_answered(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    at = await due(tickets)
    first, second = await objected(tickets, ticket), await objected(tickets, ticket, "zhao")
    assert await sweep_at(tickets, at) == []
    assert await at_step(tickets, ticket) == "notice"
    assert (await answered(tickets, first))["problems"] == []
    assert await sweep_at(tickets, at) == []
    found = (await answered(tickets, second))["objection"]
    assert (found["answer"], found["upheld"], found["answeredAs"]) == ("已避开通道", True, "community_secretary")
    assert await at_step(tickets, ticket) == "notice"
    assert await sweep_at(tickets, at) == ["lapsed"]
    assert await at_step(tickets, ticket) == "done"
    told = [type_ for type_, _ in await tickets.events() if "objection" in type_]
    assert told == [f"linli.tickets.objection.{fact}.v1" for fact in ("raised", "raised", "answered", "answered")]
    assert "消防" not in str(await tickets.events())


async def test_an_answer_within_the_period_does_not_shorten_it(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    at = await due(tickets)
    await answered(tickets, await objected(tickets, ticket))
    assert await sweep_at(tickets, now()) == []
    assert await at_step(tickets, ticket) == "notice"
    assert await sweep_at(tickets, at) == ["lapsed"]


async def test_the_objector_reads_the_answer_and_who_handles_it_does_not_read_who_objected(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    await answered(tickets, await objected(tickets, ticket))
    mine = (await tickets.data(MINE, tickets.resident("wang")))["myObjections"]
    assert mine == [
        {
            "reason": "挡住消防通道",
            "isMine": True,
            "answer": "已避开通道",
            "upheld": True,
            "answeredAs": "community_secretary",
        }
    ]
    assert (await tickets.data(MINE, tickets.resident("zhao")))["myObjections"] == []
    [edge] = (await tickets.data(STATE, tickets.staff("committee"), id=ticket["id"]))["ticket"]["objections"]["edges"]
    assert edge["node"] == {"reason": "挡住消防通道", "isMine": False, "answer": "已避开通道"}


async def test_whoever_handles_a_notice_reads_many_objections_page_by_page(tickets: Tickets) -> None:
    ticket, secretary = await posted(tickets), tickets.staff("committee")
    for number in range(3):
        found = await objected(tickets, ticket, f"r{number}")
        if number == 1:
            await answered(tickets, found)

    async def read(**more: Any) -> Any:
        return (await tickets.data(STATE, secretary, id=ticket["id"], **more))["ticket"]["objections"]

    page = await read(first=2)
    assert (page["totalCount"], [edge["node"]["answer"] for edge in page["edges"]]) == (3, [None, "已避开通道"])
    rest = await read(first=2, after=page["pageInfo"]["endCursor"])
    assert [edge["node"]["answer"] for edge in rest["edges"]] == [None]
    assert [(await read(answered=which))["totalCount"] for which in (True, False)] == [1, 2]
    assert await tickets.error(STATE, secretary, id=ticket["id"], first=101) == "BAD_REQUEST"


async def test_objecting_twice_late_or_to_what_is_not_before_the_public_changes_nothing(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    await objected(tickets, ticket)
    other = await tickets.raised(key="other")
    before = await tickets.contents()
    asked = {"idempotencyKey": "again", "id": ticket["id"], "reason": "再说"}
    payload = (await tickets.data(OBJECT, tickets.resident("wang"), input=asked))["payload"]
    assert [one["code"] for one in payload["problems"]] == ["ALREADY_DONE"]
    asked = {**asked, "id": other["id"]}
    assert await tickets.error(OBJECT, tickets.resident("wang"), input=asked) == "NOT_FOUND"
    assert await tickets.contents() == before
    async with tickets.runtime.database.write(("",)) as session:
        await session.connection.exec_driver_sql("UPDATE clock SET due_at = now() WHERE step = 'notice'")
    before = await tickets.contents()
    asked = {**asked, "id": ticket["id"]}
    payload = (await tickets.data(OBJECT, tickets.resident("zhao"), input=asked))["payload"]
    assert [one["code"] for one in payload["problems"]] == ["OBJECTIONS_OVER"]
    assert await tickets.contents() == before


async def test_only_residents_of_the_place_object_and_only_who_handles_it_answers_once(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    found = await objected(tickets, ticket)
    before = await tickets.contents()
    asked = {"idempotencyKey": "x", "id": ticket["id"], "reason": "不同意"}
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (tickets.staff("worker"), "FORBIDDEN"),
        (tickets.staff("committee"), "FORBIDDEN"),
        (tickets.role("admin"), "FORBIDDEN"),
        (tickets.resident("sun", city.ELSEWHERE), "NOT_FOUND"),
        (tickets.resident("sun", city.GRID_2), "NOT_FOUND"),
    ):
        assert await tickets.error(OBJECT, token, input=asked) == code
    reply = {"id": found["id"], "answer": "好", "upheld": False}
    for token, codes in (
        (None, {"UNAUTHENTICATED"}),
        (tickets.resident("wang"), {"NOT_FOUND"}),
        (tickets.staff("worker"), {"FORBIDDEN", "NOT_FOUND"}),
        (tickets.role("admin"), {"FORBIDDEN"}),
        (tickets.staff("worker_elsewhere"), {"NOT_FOUND"}),
    ):
        assert await tickets.error(ANSWER, token, input=reply) in codes
    assert await tickets.contents() == before
    assert (await answered(tickets, found))["problems"] == []
    assert [one["code"] for one in (await answered(tickets, found))["problems"]] == ["ALREADY_DONE"]


def test_a_notice_without_an_end_an_audience_or_with_a_way_around_is_a_fault() -> None:
    assert read_processes([NOTICE])[1] == ()
    draft, notice = NOTICE["steps"]
    endless = {**NOTICE, "steps": [draft, {**notice, "deadline": {"within": {"days": 7}}}]}
    assert ("steps", 1, "deadline") in [fault.path[1:] for fault in read_processes([endless])[1]]
    unread = {**NOTICE, "publicity": {"once": "notice", "shows": ["title"]}}
    assert [fault.path[1:] for fault in read_processes([unread])[1]] == [("steps", 1, "objections")]
    around = {"code": "skip", "kind": "advance", "name_zh": "跳过", "name_en": "skip", "to": "done"}
    short = {**NOTICE, "steps": [draft, {**notice, "actions": [*notice["actions"], around]}]}
    assert [fault.path[1:] for fault in read_processes([short])[1]] == [("steps", 1, "actions", 1, "to")]
