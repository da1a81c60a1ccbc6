"""What org tells is kept, and a region that is recoded takes its tickets along."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Any

from services.org.domain import events as org
from services.tickets.reactions.org import HANDLERS
from tests.tickets import city
from tests.tickets.conftest import RAISE

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

NEW = "370303001001009"


def recoded(code: str, previous: str) -> org.RegionRecoded:
    return org.RegionRecoded(
        region_id=city.region_id(previous), code=code, previous_code=previous, level="GRID", parent_id=None,
        valid_from=city.SINCE,
    )  # fmt: skip


def test_every_event_that_is_listened_to_is_published_by_org() -> None:
    assert set(HANDLERS) <= {event.type_in("org") for event in org.EVENTS}


async def test_a_recoded_region_takes_its_tickets_and_duties_along(tickets: Tickets) -> None:
    ticket = await tickets.to_step("deliberate")
    await city.tell(tickets.runtime.database, recoded(NEW, city.GRID))
    for table in ("ticket", "entry", "clock", "rung"):
        codes = await tickets.look(f"SELECT DISTINCT region_code FROM {table}")  # noqa: S608
        assert codes == [(NEW,)], table
    # The old district no longer sees it; the branch secretary of the grid goes on, by the new code.
    query = "query($id: ID!) { ticket(id: $id) { regionCode inCharge { id } } }"
    assert await tickets.error(query, tickets.role("auditor", "370321"), id=ticket["id"]) == "NOT_FOUND"
    seen = await tickets.data(query, tickets.role("auditor", "370303"), id=ticket["id"])
    assert seen["ticket"] == {"regionCode": NEW, "inCharge": [{"id": str(city.duty_id("branch"))}]}
    await tickets.do("deliberateTicket", tickets.staff("branch", region=NEW), ticket, opinion="议")
    (last,) = await tickets.look("SELECT tenant, region_code FROM outbox ORDER BY id DESC LIMIT 1")
    assert tuple(last) == ("370303", NEW)


MERGED_INTO = city.GRID[:12] + "777"


def merged() -> list[Any]:
    """The grid is merged into another, which is told first."""
    into = city.region_id(MERGED_INTO)
    there = org.RegionEstablished(
        region_id=into, code=MERGED_INTO, level="GRID", name="并入网格", parent_id=None, valid_from=city.SINCE
    )
    gone = org.RegionClosed(
        region_id=city.region_id(city.GRID),
        code=city.GRID,
        valid_to=date(2026, 1, 1),
        into_region_id=into,
        into_code=MERGED_INTO,
    )
    return [there, gone]


async def test_an_open_ticket_of_a_merged_grid_goes_on_in_the_other(tickets: Tickets) -> None:
    await tickets.to_step("deliberate")
    await city.tell(tickets.runtime.database, *merged())
    for table in ("ticket", "entry", "clock", "rung"):
        codes = await tickets.look(f"SELECT DISTINCT region_code FROM {table}")  # noqa: S608
        assert codes == [(MERGED_INTO,)], table
    assert await tickets.look("SELECT region_id FROM ticket") == [(city.region_id(MERGED_INTO),)]


async def test_a_ticket_that_ended_stays_where_it_ended(tickets: Tickets) -> None:
    ticket = await tickets.to_step("accept")
    withdraw = "mutation($input: WithdrawTicketInput!) { withdrawTicket(input: $input) { problems { code } } }"
    given = {"id": ticket["id"], "expectedVersion": ticket["version"], "reason": "已解决"}
    assert (await tickets.data(withdraw, tickets.resident(), input=given))["withdrawTicket"]["problems"] == []
    await city.tell(tickets.runtime.database, *merged())
    assert await tickets.look("SELECT region_code FROM ticket") == [(city.GRID,)]


async def test_a_ticket_raised_while_its_region_is_recoded_does_not_keep_the_old_code(tickets: Tickets) -> None:
    told = city.envelope(recoded(NEW, city.GRID))
    asked = {"idempotencyKey": "k", "process": "five_sheets", "regionCode": city.GRID, "title": "t", "category": "road"}
    async with tickets.runtime.database.write(("",)) as session:
        await HANDLERS[told.type](session.connection, [told])
        raising = asyncio.create_task(tickets.data(RAISE, tickets.resident(), input=asked))
        for _ in range(200):
            if await tickets.look("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
                break
            await asyncio.sleep(0.05)
        assert not raising.done()
    payload = (await raising)["payload"]
    assert [one["code"] for one in payload["problems"]] == ["UNKNOWN_REGION"]
    assert await tickets.look("SELECT count(*) FROM ticket") == [(0,)]


async def test_told_twice_is_told_once_and_order_between_aggregates_does_not_matter(tickets: Tickets) -> None:
    database = tickets.runtime.database
    await city.tell(database, recoded(NEW, city.GRID))
    # A duty that was assigned before the recoding, delivered after it.
    await city.tell(database, city.duty("worker", "grid_worker", city.GRID))
    assert await tickets.look(f"SELECT region_code FROM duty WHERE id = '{city.duty_id('worker')}'") == [(NEW,)]  # noqa: S608
    before = await tickets.contents()
    await city.tell(database, *city.history()[-2:], recoded(NEW, city.GRID))
    assert await tickets.contents() == before


async def test_a_closed_region_and_a_dissolved_organisation_take_no_more(tickets: Tickets) -> None:
    ticket = await tickets.to_step("decide")
    database = tickets.runtime.database
    await city.tell(
        database,
        org.RegionClosed(region_id=city.region_id(city.GRID_2), code=city.GRID_2, valid_to=date(2026, 1, 1)),
        org.OrganisationDissolved(
            organisation_id=city.OFFICE, kind="office", region_id=city.region_id(city.COMMUNITY),
            region_code=city.COMMUNITY, dissolved_on=date(2026, 1, 1),
        ),
        org.RegionRenamed(
            region_id=city.region_id(city.GRID), code=city.GRID, name="新名", previous_name="旧名",
            valid_from=city.SINCE,
        ),
    )  # fmt: skip
    asked: dict[str, Any] = {
        "idempotencyKey": "k", "process": "five_sheets", "regionCode": city.GRID_2, "title": "t", "category": "road",
    }  # fmt: skip
    answer = await tickets.data(
        "mutation($input: RaiseTicketInput!) { raiseTicket(input: $input) { problems { code } } }",
        tickets.resident(),
        input=asked,
    )
    assert answer["raiseTicket"]["problems"] == [{"code": "UNKNOWN_REGION"}]
    payload = await tickets.payload(
        "decideTicket", tickets.staff("committee"), ticket, opinion="定", responsible=str(city.OFFICE)
    )
    assert [one["code"] for one in payload["problems"]] == ["UNKNOWN_ORGANISATION"]
    assert await tickets.look(f"SELECT name FROM region WHERE code = '{city.GRID}'") == [("新名",)]  # noqa: S608


async def test_a_duty_that_ended_or_has_not_begun_is_not_held(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    query = "query($id: ID!) { ticket(id: $id) { inCharge { id } waitsFor { isVacant } } }"
    ended = city.duty("worker", "grid_worker", city.GRID, until=date(2026, 1, 1))
    await city.tell(tickets.runtime.database, ended)
    seen = (await tickets.data(query, tickets.role("admin"), id=ticket["id"]))["ticket"]
    assert seen["waitsFor"] == [{"isVacant": True}]
    payload = await tickets.ask(
        "mutation($input: AcceptTicketInput!) { acceptTicket(input: $input) { ticket { id } } }",
        tickets.staff("worker"),
        input={"id": ticket["id"], "expectedVersion": 1},
    )
    assert payload["errors"][0]["extensions"]["code"] == "FORBIDDEN"
