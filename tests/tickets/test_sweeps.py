"""Deadlines take effect: reminders, overdue marks, escalation, vacancies, lapses; once, and after any pause."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from services.org.domain import events as org
from services.tickets.commands import sweep as sweeping
from services.tickets.commands.actors import now
from services.tickets.commands.recount import recount_clocks
from services.tickets.commands.sweep import sweep
from services.tickets.domain.calendar import ZONE
from services.tickets.storage.processes import Processes
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import mutation

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

STATE = """query($id: ID!) { ticket(id: $id) { id version isOverdue step { code } waitsFor { title isVacant }
  inCharge { id } myActions { code } deadlines { edges { node { kind dueAt isProvisional stoppedAt } } }
  timeline { edges { node { name actedAs } } } } }"""


async def sweep_at(tickets: Tickets, at: datetime) -> list[str]:
    """Sweep until nothing is left; return what was published by it."""
    before = len(await tickets.events())
    for _ in range(50):
        if not await sweep(tickets.runtime.database, Processes(), at):
            break
    return [type_.split(".")[3] for type_, _ in (await tickets.events())[before:]]


async def state(tickets: Tickets, ticket: dict[str, Any], who: str = "worker") -> Any:
    return (await tickets.data(STATE, tickets.staff(who), id=ticket["id"]))["ticket"]


async def due(tickets: Tickets, kind: str = "STEP") -> datetime:
    (row,) = await tickets.look(f"SELECT due_at FROM clock WHERE kind = '{kind.lower()}' AND stopped_at IS NULL")  # noqa: S608
    at: datetime = row[0]
    return at


async def test_nothing_happens_before_its_time_and_overdue_at_it(tickets: Tickets) -> None:
    await tickets.raised()
    at = await due(tickets)
    first = await due(tickets, "FIRST_RESPONSE")
    (remind,) = (await tickets.look("SELECT at FROM rung WHERE kind = 'hours_reminder'"))[0]
    assert await sweep_at(tickets, remind - timedelta(seconds=1)) == []
    assert await sweep_at(tickets, min(at, first) - timedelta(seconds=1)) == ["reminded"]
    # The one may be escalated by the time the other is due, by where in the week it is raised.
    published = [await sweep_at(tickets, moment) for moment in sorted((at, first))]
    assert [names.count("overdue") for names in published] in ([1, 1], [2, 0])
    assert await sweep_at(tickets, max(at, first)) == []
    clocks = [event["data"]["clock"] for type_, event in await tickets.events() if "overdue" in type_]
    assert sorted(clocks) == ["first_response", "step"]


async def test_a_reminder_comes_before_and_not_after_the_deadline(tickets: Tickets) -> None:
    await tickets.to_step("deliberate")
    at = await due(tickets)
    assert await sweep_at(tickets, at - timedelta(minutes=1)) == ["reminded"]
    second = await tickets.to_step("deliberate", await tickets.raised(key="second"))
    # The service was away while the reminder was due: after the deadline it would only confuse.
    published = await sweep_at(tickets, at + timedelta(days=9))
    mine = [
        type_.split(".")[3] for type_, event in await tickets.events() if event["subject"] == second["id"]
    ]  # fmt: skip
    assert "reminded" not in mine
    assert {"overdue", "escalated"} <= set(published)


async def test_an_escalated_step_can_be_done_by_whom_it_is_brought_before(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    asked = {"id": ticket["id"], "expectedVersion": 1}
    assert await tickets.error(mutation("acceptTicket"), tickets.staff("committee"), input=asked) == "FORBIDDEN"
    published = await sweep_at(tickets, now() + timedelta(days=20))
    assert published.count("escalated") == 2
    seen = await state(tickets, ticket, "committee")
    assert seen["version"] == 1, "deadlines do not make what a person read stale"
    assert {one["title"] for one in seen["waitsFor"]} == {
        "grid_worker", "grid_branch_secretary", "community_secretary",
    }  # fmt: skip
    assert [one["code"] for one in seen["myActions"]] == ["accept", "refuse"]
    ticket = await tickets.do("acceptTicket", tickets.staff("committee"), ticket)
    seen = await state(tickets, ticket, "committee")
    assert [one["title"] for one in seen["waitsFor"]] == ["grid_branch_secretary"]


async def test_a_vacant_duty_is_stood_in_for_by_the_head_of_the_unit(tickets: Tickets) -> None:
    ended = org.DutyEnded(
        duty_id=city.duty_id("worker"), person_id=city.person("worker"), title="grid_worker", organisation_id=None,
        region_id=city.region_id(city.GRID), region_code=city.GRID, valid_from=city.SINCE, valid_to=city.SINCE,
    )  # fmt: skip
    await city.tell(tickets.runtime.database, ended)
    ticket = await tickets.raised()
    seen = await state(tickets, ticket, "branch")
    assert seen["waitsFor"] == [{"title": "grid_worker", "isVacant": True}]
    assert seen["inCharge"] == [{"id": str(city.duty_id("branch"))}]
    asked = {"id": ticket["id"], "expectedVersion": 1}
    assert await tickets.error(mutation("acceptTicket"), tickets.staff("worker"), input=asked) == "FORBIDDEN"
    await tickets.do("acceptTicket", tickets.staff("branch"), ticket)


async def test_what_comes_before_and_after_a_deadline_keeps_to_holidays_and_make_up_days(tickets: Tickets) -> None:
    # Raised on a Friday; Saturday 14 February 2026 is worked for the festival, which lasts from the 15th to the 23rd.
    worker = str(city.person("worker"))
    accepted = {"at": "2026-02-13T10:00:00+08:00", "action": "accept", "by": worker, "acted_as": "grid_worker"}
    for number, acts in enumerate(([], [accepted])):
        await tickets.load({
            "record": "ticket", "id": str(uuid5(NAMESPACE_URL, f"festival {number}")), "process": "five_sheets",
            "region_id": str(city.region_id(city.GRID)), "region_code": city.GRID, "category": "charging",
            "raised": {"at": "2026-02-13T09:30:00+08:00", "by": "li", "acted_as": "resident"}, "title": "充电",
            "acts": acts,
        })  # fmt: skip
    waiting, deliberated = (str(uuid5(NAMESPACE_URL, f"festival {number}")) for number in (0, 1))
    told: list[tuple[str, str, str]] = []
    for moment in (
        "02-14 16:59", "02-14 23:59", "02-15 00:00", "02-24 08:29", "02-24 08:30", "02-25 08:29", "02-25 08:30",
        "02-26 08:29", "02-26 08:30", "02-27 23:59", "02-28 00:00", "02-28 08:29", "02-28 08:30",
    ):  # fmt: skip
        before = len(await tickets.events())
        await sweep_at(tickets, datetime.strptime(f"2026-{moment}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE))
        told += [
            (moment, type_.split(".")[3], event["subject"])
            for type_, event in (await tickets.events())[before:]
            if event["data"].get("clock") == "step"
        ]
    assert told == [
        ("02-15 00:00", "overdue", waiting),
        ("02-24 08:30", "escalated", waiting),
        ("02-25 08:30", "escalated", waiting),
        # Five working days from the 13th end on the 27th: the make-up Saturday is one, and the 28th works too.
        ("02-26 08:30", "reminded", deliberated),
        ("02-28 00:00", "overdue", deliberated),
        ("02-28 08:30", "escalated", deliberated),
    ]


async def test_a_step_that_lapses_goes_on_by_itself(tickets: Tickets) -> None:
    ticket = await tickets.to_step("evaluate")
    assert await sweep_at(tickets, await due(tickets)) == ["lapsed"]
    seen = await state(tickets, ticket)
    assert (seen["step"]["code"], seen["version"]) == ("publicise", ticket["version"] + 1)
    assert items_of(seen["timeline"])[-1] == {"name": "went on by itself", "actedAs": "system"}


async def test_a_ticket_that_fails_holds_up_no_other_and_is_tried_again(
    tickets: Tickets, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = await tickets.raised(), await tickets.raised(key="sound")
    at = now() + timedelta(days=3)
    real = sweeping._take_effect

    async def fail(session: Any, process: Any, ticket: Any, *rest: Any) -> Any:
        if str(ticket.id) == broken["id"]:
            raise RuntimeError("a fault of ours")
        return await real(session, process, ticket, *rest)

    monkeypatch.setattr(sweeping, "_take_effect", fail)
    assert "overdue" in await sweep_at(tickets, at)
    fired = "SELECT DISTINCT ticket_id::text FROM rung WHERE fired_at IS NOT NULL"
    assert await tickets.look(fired) == [(sound["id"],)]
    monkeypatch.setattr(sweeping, "_take_effect", real)
    assert await sweep_at(tickets, at + timedelta(minutes=1)) == [], "not at once again"
    assert "overdue" in await sweep_at(tickets, at + timedelta(minutes=6))


async def test_open_clocks_are_counted_again_when_the_calendar_changes_and_stopped_ones_are_not(
    tickets: Tickets,
) -> None:
    ticket = await tickets.to_step("deliberate")
    stopped = "SELECT kind, number, due_at, calendar FROM clock WHERE stopped_at IS NOT NULL ORDER BY 1, 2"
    before, kept = await due(tickets), await tickets.look(stopped)
    holiday = before - timedelta(hours=12)
    await tickets.load({"record": "calendar", "rule": {"holidays": [holiday.date().isoformat()]}})
    label = await recount_clocks(tickets.runtime.database, Processes(), None)
    assert await due(tickets) > before
    assert await tickets.look(stopped) == kept
    assert await tickets.look("SELECT DISTINCT calendar FROM clock WHERE stopped_at IS NULL") == [(label,)]
    (row,) = await tickets.look(f"SELECT due_at FROM ticket WHERE id = '{ticket['id']}'")  # noqa: S608
    assert row[0] == await due(tickets)
    rungs = await tickets.look("SELECT at FROM rung WHERE clock = 'step' AND kind = 'overdue' AND fired_at IS NULL")
    assert rungs == [(await due(tickets),)]
    assert await recount_clocks(tickets.runtime.database, Processes(), label) == label
