"""Two at once: what must happen once happens once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chassis.database import Database
from services.tickets.commands.actors import now
from services.tickets.commands.sweep import sweep
from services.tickets.storage.processes import Processes
from tests.tickets import city
from tests.tickets.conftest import RAISE, mutation

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets


async def test_of_two_with_the_same_expected_version_one_is_refused_as_stale(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    accept = {"id": ticket["id"], "expectedVersion": 1}
    answers = await asyncio.gather(
        *(tickets.data(mutation("acceptTicket"), tickets.staff("worker"), input=accept) for _ in range(4)),
        *(
            tickets.data(mutation("refuseTicket"), tickets.staff("worker"), input=accept | {"reason": "不归我管"})
            for _ in range(4)
        ),
    )
    problems = [[one["code"] for one in answer["payload"]["problems"]] for answer in answers]
    assert sorted(problems) == [[]] + [["STALE_VERSION"]] * 7
    assert await tickets.look("SELECT count(*), max(seq) FROM entry") == [(2, 2)]
    assert len(await tickets.events()) == 2


async def test_of_two_with_the_same_key_one_raises(tickets: Tickets) -> None:
    asked = {"idempotencyKey": "k", "process": "five_sheets", "regionCode": city.GRID, "title": "t", "category": "road"}
    answers = await asyncio.gather(*(tickets.data(RAISE, tickets.resident(), input=asked) for _ in range(6)))
    assert len({answer["payload"]["ticket"]["id"] for answer in answers}) == 1
    assert await tickets.look("SELECT count(*) FROM ticket") == [(1,)]
    assert len(await tickets.events()) == 1


async def test_two_instances_sweep_the_same_deadlines_once(tickets: Tickets) -> None:
    for number in range(8):
        await tickets.raised(key=f"k{number}")
    late = now() + timedelta(days=70)
    other = Database(tickets.app_url, name="other")

    async def run(database: Database) -> None:
        processes = Processes()
        for _ in range(20):
            if not await sweep(database, processes, late):
                return

    try:
        await asyncio.gather(run(tickets.runtime.database), run(other), run(tickets.runtime.database))
        # What one skipped because another held it is done by whoever comes next.
        await run(other)
    finally:
        await other.close()
    events = await tickets.events()
    # First response, step and matter overdue; two rungs of the step, one of the matter.
    per_ticket: dict[str, list[str]] = {}
    for type_, event in events:
        per_ticket.setdefault(event["subject"], []).append(type_.split(".")[3])
    assert len(per_ticket) == 8
    for facts in per_ticket.values():
        assert sorted(facts) == ["escalated"] * 3 + ["overdue"] * 3 + ["raised"]
    assert await tickets.look("SELECT count(*) FROM rung WHERE fired_at IS NULL") == [(0,)]


async def test_an_act_during_a_sweep_waits_and_then_counts(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    late = now() + timedelta(days=40)

    async def sweeping() -> None:
        while await sweep(tickets.runtime.database, Processes(), late):
            pass

    async def accepting() -> Any:
        return await tickets.payload("acceptTicket", tickets.staff("worker"), ticket)

    _, payload = await asyncio.gather(sweeping(), accepting())
    # Reminders and overdue marks do not make what a person read stale.
    assert payload["problems"] == []
    versions = [event["aggregateversion"] for _, event in await tickets.events()]
    assert versions == list(range(1, len(versions) + 1))
