"""The journey goes on when a part goes away in the middle of it."""

from __future__ import annotations

import asyncio
from typing import Any

import psutil
import pytest

from tests.journey.conftest import GRID
from tests.journey.test_five_sheets import act, carried_to, done, raised

pytestmark = pytest.mark.timeout(600)


async def test_events_of_a_time_without_nats_arrive_after_it_in_order(city: Any, key: str) -> None:
    await city.runner._nats.stop()
    try:
        ticket = await carried_to(city, await raised(city, key), "deliberateTicket")
    finally:
        await city.runner._nats.start()
    feed = await city.feed()
    events = await feed.until(ticket["id"], "deliberated", seconds=120)
    await feed.close()
    assert [event.type.split(".")[3] for event in events] == ["raised", "accepted", "deliberated"]


async def test_a_service_killed_in_the_middle_loses_and_doubles_nothing(city: Any, key: str) -> None:
    ticket = await carried_to(city, await raised(city, key), "acceptTicket")
    (child,) = [child for child in city.runner._supervisor._children if child.name == "tickets"]
    psutil.Process(child.pid).kill()
    await child.wait(10)
    worker = await city.holder("grid_branch_secretary", GRID)
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"], "opinion": "同意"}
    away = await city.ask(act("deliberateTicket"), worker, input=asked)
    assert away["errors"][0]["extensions"]["service"] == "tickets"
    await city.runner._starters["tickets"]()
    ticket = await done(city, worker, "deliberateTicket", ticket, opinion="同意")
    feed = await city.feed()
    events = await feed.until(ticket["id"], "deliberated", seconds=120)
    await feed.close()
    assert [event.aggregateversion for event in events] == [1, 2, 3]


async def test_a_database_that_goes_away_refuses_changes_and_comes_back(city: Any, key: str) -> None:
    ticket = await raised(city, key)
    worker = await city.holder("grid_worker", GRID)
    await city.runner._postgres.stop()
    try:
        asked = {"id": ticket["id"], "expectedVersion": ticket["version"]}
        answer = await city.ask(act("acceptTicket"), worker, input=asked)
        assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    finally:
        await city.runner._postgres.start()
    async with asyncio.timeout(30):
        while (await city.ask("{ myTickets { totalCount } }", worker)).get("errors"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    ticket = await done(city, worker, "acceptTicket", ticket)
    assert ticket["version"] == 2
