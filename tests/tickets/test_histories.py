"""What grows for as long as a ticket is under way is read in pages, of many tickets at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asyncpg import Connection

from tests.kit import items_of

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

PAGE = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { ticket(id: $id) {
  timeline(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { startCursor endCursor hasNextPage hasPreviousPage } edges { node { seq } } } } }"""
MANY = """{ publicTickets(regionCode: "370321") { edges { node {
  newest: timeline(last: 2) { totalCount edges { node { name } } }
  timeline(first: 3) { pageInfo { hasNextPage } edges { node { name } } } } } } }"""
LISTS = ("timeline", "attachments", "deadlines", "handDowns", "ownersVotes", "deliberations")


async def page(tickets: Tickets, id_: str, **asked: Any) -> Any:
    return (await tickets.data(PAGE, tickets.staff("worker"), id=id_, **asked))["ticket"]["timeline"]


def seqs(found: dict[str, Any]) -> list[int]:
    return [one["seq"] for one in items_of(found)]


async def test_pages_forward_and_backward_meet_every_line_once(tickets: Tickets) -> None:
    ticket = await tickets.to_step("publicise")
    whole = await page(tickets, ticket["id"])
    assert seqs(whole) == list(range(1, whole["totalCount"] + 1))
    seen, after = [], None
    while True:
        found = await page(tickets, ticket["id"], first=2, after=after)
        assert (found["totalCount"], found["pageInfo"]["hasPreviousPage"]) == (whole["totalCount"], after is not None)
        seen += seqs(found)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == seqs(whole)
    newest = await page(tickets, ticket["id"], last=2)
    assert (seqs(newest), newest["pageInfo"]["hasPreviousPage"]) == (seqs(whole)[-2:], True)
    assert newest["pageInfo"]["hasNextPage"] is False
    older = await page(tickets, ticket["id"], last=2, before=newest["pageInfo"]["startCursor"])
    assert (seqs(older), older["pageInfo"]["hasNextPage"]) == (seqs(whole)[-4:-2], True)


async def test_timelines_of_a_list_of_tickets_take_one_statement(
    tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in "abc":
        ticket = await tickets.to_step("publicise", await tickets.raised(key=key))
        await tickets.do("publiciseTicket", tickets.staff("committee"), ticket, notice="公开")
    statements: list[str] = []

    def noting(fetch: Any) -> Any:
        def note(driver: Any, statement: str, *values: Any, **options: Any) -> Any:
            statements.append(statement)
            return fetch(driver, statement, *values, **options)

        return note

    monkeypatch.setattr(Connection, "fetch", noting(Connection.fetch))
    found = items_of((await tickets.data(MANY, None))["publicTickets"])
    of_entries = [one for one in statements if "FROM entry" in one]
    # The first page of each, the last page of each, and how many each has.
    assert (len(found), len(of_entries)) == (3, 3)
    whole = [len(items_of(one["timeline"])) for one in found]
    assert whole == [3] * 3
    assert {one["newest"]["totalCount"] for one in found} == {7}
    assert all(one["timeline"]["pageInfo"]["hasNextPage"] for one in found)
    assert {items_of(one["timeline"])[0]["name"] for one in found} == {"a resident raises the sheet"}
    assert {items_of(one["newest"])[-1]["name"] for one in found} == {"make public"}


async def test_a_cursor_of_another_ticket_is_refused(tickets: Tickets) -> None:
    one, other = await tickets.raised(), await tickets.raised(key="other")
    cursor = (await page(tickets, one["id"]))["pageInfo"]["endCursor"]
    assert (await page(tickets, one["id"], after=cursor))["edges"] == []
    assert await tickets.error(PAGE, tickets.staff("worker"), id=other["id"], after=cursor) == "BAD_REQUEST"


@pytest.mark.parametrize("field", LISTS)
async def test_a_page_beyond_the_limit_is_refused(tickets: Tickets, field: str) -> None:
    ticket, query = await tickets.raised(), "query($id: ID!, $first: Int) { ticket(id: $id) { %s(first: $first) {edges"
    asked = f"{query % field} {{ cursor }} }} }} }}"
    await tickets.data(asked, tickets.staff("worker"), id=ticket["id"], first=100)
    assert await tickets.error(asked, tickets.staff("worker"), id=ticket["id"], first=101) == "BAD_REQUEST"
