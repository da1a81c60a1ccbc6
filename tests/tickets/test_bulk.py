"""Many tickets at once: each for itself, a result for each, and once for a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

ACT = """mutation($input: ActOnTicketsInput!) { payload: actOnTickets(input: $input) { done results {
  id ticket { version step { code } } problems { code } refusal { code } } } }"""


async def act(tickets: Tickets, token: str, *found: dict[str, Any], **more: Any) -> Any:
    asked = [{"id": one["id"], "expectedVersion": one["version"]} for one in found]
    given = {"idempotencyKey": "b1", "action": "accept", **more}
    return (await tickets.data(ACT, token, input={"tickets": asked, **given}))["payload"]


def outcome(result: dict[str, Any]) -> str:
    if result["ticket"]:
        return str(result["ticket"]["step"]["code"])
    [code] = [one["code"] for one in [*result["problems"], *filter(None, [result["refusal"]])]]
    return str(code)


async def test_each_is_done_or_refused_for_itself(tickets: Tickets) -> None:
    there = [await tickets.raised(key=f"k{number}") for number in range(3)]
    gone = await tickets.do("withdrawTicket", tickets.resident(), await tickets.raised(key="gone"))
    elsewhere = await tickets.raised(tickets.staff("worker_elsewhere"), regionCode=city.ELSEWHERE, key="elsewhere")
    stale = {**there[2], "version": 9}
    payload = await act(tickets, tickets.staff("worker"), there[0], gone, elsewhere, stale, there[1])
    assert payload["done"] == 2
    assert [outcome(one) for one in payload["results"]] == [
        "deliberate", "OUT_OF_TURN", "NOT_FOUND", "STALE_VERSION", "deliberate",
    ]  # fmt: skip
    told = [type_.split(".")[3] for type_, _ in await tickets.events()]
    assert told == ["raised"] * 3 + ["raised", "withdrawn", "raised"] + ["accepted"] * 2


async def test_the_same_key_acts_once_and_goes_on_with_what_was_left(tickets: Tickets) -> None:
    first, second = await tickets.raised(key="a"), await tickets.raised(key="b")
    worker = tickets.staff("worker")
    assert (await act(tickets, worker, first))["done"] == 1
    events = len(await tickets.events())
    payload = await act(tickets, worker, first, second)
    assert [outcome(one) for one in payload["results"]] == ["deliberate", "deliberate"]
    assert len(await tickets.events()) == events + 1


async def test_who_may_do_it_on_none_changes_nothing(tickets: Tickets) -> None:
    first = await tickets.raised()
    before = await tickets.contents()
    for token, code in (
        (tickets.resident(), "FORBIDDEN"),
        (tickets.resident("somebody"), "NOT_FOUND"),
        (tickets.staff("branch"), "FORBIDDEN"),
        (tickets.staff("worker_2"), "NOT_FOUND"),
        (tickets.role("auditor"), "FORBIDDEN"),
    ):
        payload = await act(tickets, token, first)
        assert (payload["done"], [outcome(one) for one in payload["results"]]) == (0, [code])
    assert await tickets.contents() == before


async def test_too_many_at_once_or_one_twice_is_refused_before_anything_is_done(tickets: Tickets) -> None:
    first = await tickets.raised()
    before = await tickets.contents()
    worker = tickets.staff("worker")
    for asked, code in (([first] * 2, "BAD_REQUEST"), ([first] * 101, "TOO_LARGE")):
        given = [{"id": one["id"], "expectedVersion": 1} for one in asked]
        more = {"idempotencyKey": "b", "action": "accept", "tickets": given}
        assert await tickets.error(ACT, worker, input=more) == code
    assert await tickets.contents() == before
