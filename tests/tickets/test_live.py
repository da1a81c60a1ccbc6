"""Who follows a ticket, an inbox or notifications sees every change, wherever it was made, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chassis.service import graphql_endpoint, runtime
from services.tickets.commands.actors import now
from services.tickets.commands.sweep import sweep
from services.tickets.live import MOST_PENDING, READ, Follower, TooSlow
from services.tickets.main import SERVICE
from services.tickets.storage.processes import Processes
from tests.following import Followed
from tests.tickets import city
from tests.tickets.test_absences import END, away
from tests.tickets.test_notifications import MARK
from tests.tickets.test_sweeps import due

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tickets.conftest import Tickets

TICKET = "subscription($id: ID) { ticketChanged(id: $id) { id version step { code } myActions { code } } }"
REGION = "subscription($code: String) { ticketChanged(regionCode: $code) { id version step { code } } }"
INBOX = "subscription { myInboxChanged { title waiting overdue standsInFor { id } } }"
NOTIFIED = """subscription { myNotificationsChanged(first: 1) {
  unreadCount edges { node { id matter step { code } } } } }"""


@pytest.fixture
async def beside(tickets: Tickets) -> AsyncIterator[Tickets]:
    """Another instance of the service on the same database."""
    stands_on = runtime(SERVICE, tickets.runtime.settings)
    yield replace(tickets, runtime=stands_on, endpoint=graphql_endpoint(SERVICE, stands_on))
    await stands_on.database.close()


async def step(followed: Followed) -> tuple[int, str]:
    told = await followed.data()
    return told["version"], told["step"]["code"]


async def test_a_ticket_is_told_at_once_and_after_every_change(tickets: Tickets) -> None:
    ticket, other = await tickets.raised(), await tickets.raised(key="other")
    followed = Followed(tickets, TICKET, tickets.resident(), id=ticket["id"])
    assert await step(followed) == (1, "accept")
    await tickets.do("acceptTicket", tickets.staff("worker"), other)
    ticket = await tickets.do("acceptTicket", tickets.staff("worker"), ticket)
    assert await step(followed) == (2, "deliberate")
    await tickets.do("withdrawTicket", tickets.resident(), ticket)
    told = await followed.data()
    assert (told["id"], told["step"]["code"], told["myActions"]) == (ticket["id"], "withdrawn", [])
    await followed.close()


async def test_changes_by_another_instance_and_by_deadlines_are_seen(tickets: Tickets, beside: Tickets) -> None:
    ticket = await tickets.raised()
    followed = Followed(tickets, TICKET, tickets.staff("worker"), id=ticket["id"])
    assert await step(followed) == (1, "accept")
    await beside.do("acceptTicket", beside.staff("worker"), ticket)
    assert await step(followed) == (2, "deliberate")
    # A reminder changes no version, and is news all the same.
    at = await due(tickets)
    await sweep(beside.runtime.database, Processes(), at)
    assert await step(followed) == (2, "deliberate")
    await followed.close()


async def test_a_region_is_followed_as_far_as_it_is_seen(tickets: Tickets, beside: Tickets) -> None:
    branch = Followed(tickets, REGION, tickets.staff("branch"), code=city.GRID)
    observer = Followed(tickets, REGION, tickets.role("observer", city.DISTRICT), code=city.DISTRICT)
    settled = Followed(tickets, INBOX, tickets.staff("worker_2"))
    assert (await settled.data())[0]["waiting"] == 0
    # Both look by now: they were asked for before the third was answered.
    here = await beside.raised(key="here")
    there = await tickets.raised(regionCode=city.GRID_2, key="there")
    wish = await tickets.raised(process="micro_wish", category=None, key="wish")
    seen = [(await observer.data())["id"] for _ in range(3)]
    assert sorted(seen) == sorted([here["id"], there["id"], wish["id"]])
    # A branch secretary has nothing to do with wishes, nor with the other grid.
    assert (await branch.data())["id"] == here["id"]
    await tickets.do("acceptTicket", tickets.staff("worker"), here)
    assert await step(branch) == (2, "deliberate")
    for one in (branch, observer, settled):
        await one.close()


async def test_an_inbox_is_told_when_a_count_changes(tickets: Tickets, beside: Tickets) -> None:
    followed = Followed(tickets, INBOX, tickets.staff("worker"))
    told = await followed.data()
    assert [(one["title"], one["waiting"]) for one in told] == [("grid_worker", 0)]
    ticket = await beside.raised()
    assert (await followed.data())[0]["waiting"] == 1
    await tickets.do("acceptTicket", tickets.staff("worker"), ticket)
    assert (await followed.data())[0]["waiting"] == 0
    await followed.close()


async def test_a_deputy_has_another_inbox_as_long_as_they_stand_in(tickets: Tickets) -> None:
    await tickets.raised(process="micro_wish", category=None)
    followed = Followed(tickets, INBOX, tickets.staff("leader"))
    assert [one["title"] for one in await followed.data()] == ["grid_leader"]
    absence = await away(tickets)
    lent = [one for one in await followed.data() if one["standsInFor"]]
    assert [(one["title"], one["waiting"]) for one in lent] == [("grid_worker", 1)]
    await tickets.data(END, tickets.staff("worker"), input={"id": absence["id"]})
    assert [one["title"] for one in await followed.data()] == ["grid_leader"]
    await followed.close()


async def test_notifications_are_told_when_one_comes_and_when_one_is_read(tickets: Tickets, beside: Tickets) -> None:
    followed = Followed(tickets, NOTIFIED, tickets.resident())
    assert await followed.data() == {"unreadCount": 0, "edges": []}
    ticket = await beside.raised()
    told = await followed.data()
    assert (told["unreadCount"], told["edges"][0]["node"]["step"]["code"]) == (1, "accept")
    await tickets.raised(tickets.resident("wang"), key="wang")
    await tickets.data(MARK, tickets.resident(), input={"ids": [told["edges"][0]["node"]["id"]]})
    assert (await followed.data())["unreadCount"] == 0
    await tickets.do("acceptTicket", tickets.staff("worker"), ticket)
    told = await followed.data()
    assert (told["unreadCount"], told["edges"][0]["node"]["step"]["code"]) == (1, "deliberate")
    await followed.close()


async def test_what_one_may_not_see_cannot_be_followed(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    expired = tickets.issuer.mint("grid_worker", region=city.GRID, lifetime=-3600)
    asked: list[tuple[str, str | None, dict[str, Any], str]] = [
        (TICKET, None, {"id": ticket["id"]}, "UNAUTHENTICATED"),
        (INBOX, None, {}, "UNAUTHENTICATED"),
        (NOTIFIED, None, {}, "UNAUTHENTICATED"),
        (TICKET, tickets.resident("wang"), {"id": ticket["id"]}, "NOT_FOUND"),
        (TICKET, tickets.staff("worker_2"), {"id": ticket["id"]}, "NOT_FOUND"),
        (TICKET, tickets.staff("worker"), {"id": "x"}, "BAD_REQUEST"),
        (TICKET, tickets.staff("worker"), {}, "BAD_REQUEST"),
        (REGION, tickets.staff("worker"), {"code": "3703x"}, "BAD_REQUEST"),
        (REGION, tickets.staff("worker"), {"code": city.ELSEWHERE}, "NOT_FOUND"),
        (TICKET, expired, {"id": ticket["id"]}, "UNAUTHENTICATED"),
    ]  # fmt: skip
    for query, token, variables, code in asked:
        followed = Followed(tickets, query, token, **variables)
        assert await followed.code() == code, (query, variables)
        await followed.close()


async def test_a_ticket_that_goes_out_of_sight_ends_the_subscription(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    followed = Followed(tickets, TICKET, tickets.staff("worker"), id=ticket["id"])
    assert await step(followed) == (1, "accept")
    for table in ("ticket", "entry", "clock", "rung"):
        await tickets.look(f"UPDATE {table} SET region_code = '{city.GRID_2}'")  # noqa: S608
    worker = tickets.issuer.mint("grid_worker", region=city.GRID_2, subject=str(city.person("worker_2")))
    await tickets.do("acceptTicket", worker, ticket)
    assert await followed.code() == "NOT_FOUND"
    await followed.close()


async def test_a_token_that_expires_ends_the_subscription_at_the_next_change(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    # Tokens are let live half a minute longer, for clocks that differ.
    token = tickets.issuer.mint("grid_worker", region=city.GRID, subject=str(city.person("worker")), lifetime=-2)
    followed = Followed(tickets, TICKET, token, id=ticket["id"])
    assert await step(followed) == (1, "accept")
    verified = tickets.endpoint.verifier._verified
    caller, _ = verified[token]
    verified[token] = caller, now().timestamp() - 1
    verified_by = tickets.endpoint.verifier._registry
    verified_by.leeway = 0
    try:
        await tickets.do("acceptTicket", tickets.staff("worker"), ticket)
        assert await followed.code() == "UNAUTHENTICATED"
    finally:
        verified_by.leeway = 30
    await followed.close()


async def test_a_follower_holds_each_thing_once_and_ends_when_too_many_wait() -> None:
    follower = Follower(lambda fact: fact.entity == READ)
    one = city.person("one")
    for _ in range(3):
        follower.told(_fact(one))
    assert await follower.news() == [one]
    assert await follower.news(0.01) == []
    for number in range(MOST_PENDING + 5):
        follower.told(_fact(city.person(str(number))))
    with pytest.raises(TooSlow):
        await follower.news()


def _fact(id_: Any) -> Any:
    from chassis.events.tail import Fact  # noqa: PLC0415

    return Fact(READ, id_, "")
