"""How an organisation did: what it was named for, in time or not, reopened, rated; and how it answered invitations."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from tests.tickets import city
from tests.tickets.appointments import office, officer, settle_in, summoned

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

DID = """query($ids: [_Any!]!, $process: String, $from: Date, $to: Date) { _entities(representations: $ids) {
  ... on Organisation { id ticketPerformance(process: $process, raisedFrom: $from, raisedTo: $to) {
    named open overdue done reopened withinDeadline ratings meanRating invited answered } } } }"""
NOTHING = {
    "named": 0, "open": 0, "overdue": 0, "done": 0, "reopened": 0, "withinDeadline": None, "ratings": 0,
    "meanRating": None, "invited": 0, "answered": 0,
}  # fmt: skip


async def did(tickets: Tickets, *ids: Any, token: str | None = None, **more: Any) -> list[dict[str, Any]]:
    asked = [{"__typename": "Organisation", "id": str(id_)} for id_ in ids]
    found = await tickets.data(DID, token or tickets.role("observer", city.CITY), ids=asked, **more)
    assert [one["id"] for one in found["_entities"]] == [str(id_) for id_ in ids]
    return [one["ticketPerformance"] for one in found["_entities"]]


async def test_what_it_was_named_for_is_counted_by_how_it_went(tickets: Tickets) -> None:
    for number in range(3):
        await tickets.to_step("published", await tickets.raised(key=f"k{number}"))
    late = await tickets.to_step("carry_out", await tickets.raised(key="late"))
    await tickets.raised(key="nobody named")
    await tickets.look(f"UPDATE ticket SET due_at = now() - interval '1 day' WHERE id = '{late['id']}'")  # noqa: S608
    [found] = await did(tickets, city.OFFICE)
    assert found == NOTHING | {
        "named": 4, "open": 1, "overdue": 1, "done": 3, "withinDeadline": 1.0, "ratings": 3,
    }  # fmt: skip
    for number in range(2):
        await tickets.to_step("published", await tickets.raised(key=f"more{number}"))
    await tickets.look("UPDATE clock SET kept = false WHERE ticket_id = (SELECT min(ticket_id::text)::uuid FROM clock)")
    [found] = await did(tickets, city.OFFICE)
    assert (found["ratings"], found["meanRating"]) == (5, 5.0)
    assert found["withinDeadline"] in {0.8, 1.0}


async def test_it_is_narrowed_by_process_and_period_and_to_what_is_seen(tickets: Tickets) -> None:
    await tickets.to_step("carry_out")
    today = local_day(now())
    assert (await did(tickets, city.OFFICE, process="micro_wish"))[0] == NOTHING
    period = {"from": str(today - timedelta(1)), "to": str(today)}
    assert (await did(tickets, city.OFFICE, **period))[0]["named"] == 1
    period = {"from": str(today - timedelta(9)), "to": str(today - timedelta(1))}
    assert (await did(tickets, city.OFFICE, **period))[0] == NOTHING
    for token, named in (
        (tickets.staff("committee"), 1),
        (tickets.resident(), 1),
        (tickets.resident("somebody"), 0),
        (tickets.staff("worker_2"), 0),
        (tickets.staff("worker_elsewhere"), 0),
    ):
        assert (await did(tickets, city.OFFICE, token=token))[0]["named"] == named


async def test_invitations_and_answers_are_counted_for_each_that_was_invited(tickets: Tickets) -> None:
    await settle_in(tickets)
    ticket = await summoned(tickets, "fire", "water")
    await tickets.do("answerTicket", officer(tickets, "fire"), ticket, opinion="已到场")
    found = await did(tickets, office("fire"), office("water"), office("far"))
    assert [(one["invited"], one["answered"]) for one in found] == [(1, 1), (1, 0), (0, 0)]
