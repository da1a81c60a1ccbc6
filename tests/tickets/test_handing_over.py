"""A matter goes up to subdistrict and county and down again (街呼县应); its clock runs, pauses, starts anew."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tickets.commands.sweep import sweep
from services.tickets.domain.calendar import WorkingCalendar
from services.tickets.domain.clock import ClockKind, start
from services.tickets.domain.process import Kind
from services.tickets.domain.ticket import Actor, Given, Held
from services.tickets.domain.transition import act, raise_ticket
from services.tickets.domain.validation import read_processes
from services.tickets.storage.processes import Processes
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.appointments import APPOINTMENT, officer, settle_in, summoned
from tests.tickets.conftest import mutation

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
CALENDAR = WorkingCalendar()
AGAIN = {"code": "again", "kind": "advance", "name_zh": "延", "name_en": "again", "to": "settle"}
DEADLINES = (
    "query($id: ID!) { ticket(id: $id) { deadlines { edges { node { kind dueAt stoppedAt wasKept isPaused } } } } }"
)


def changed(step: str, **change: Any) -> dict[str, Any]:
    process = deepcopy(APPOINTMENT)
    for one in process["steps"]:
        if one["code"] == step:
            one.update(change)
    return process


async def matters(tickets: Tickets, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    seen = items_of((await tickets.data(DEADLINES, tickets.staff("worker"), id=ticket["id"]))["ticket"]["deadlines"])
    return [one for one in seen if one["kind"] == "MATTER"]


async def handed_up(tickets: Tickets) -> dict[str, Any]:
    """A matter that the community hands up to a subdistrict, where its clock starts anew."""
    await settle_in(tickets, **changed("subdistrict", restarts=True))
    await city.tell(tickets.runtime.database, city.duty("county", "district_coordinator", city.DISTRICT))
    ticket = await summoned(tickets, "fire")
    ticket = await tickets.do("answerTicket", officer(tickets, "fire"), ticket, opinion="到场")
    asked = {"action": "hand_up", "reason": "社区无法解决"}
    return await tickets.do("actOnTicket", tickets.staff("committee"), ticket, **asked)


def county(tickets: Tickets) -> str:
    person = str(city.person("county"))
    return tickets.issuer.mint("district_coordinator", region=city.DISTRICT, subject=person)


async def test_the_clock_starts_anew_above_stands_still_at_the_county_and_goes_on_below(tickets: Tickets) -> None:
    ticket = await handed_up(tickets)
    first, second = await matters(tickets, ticket)
    assert (first["wasKept"], second["stoppedAt"]) == (True, None)
    assert second["dueAt"] >= first["dueAt"]
    street = tickets.staff("street")
    ticket = await tickets.do("actOnTicket", street, ticket, action="call_county", reason="需县级协调")
    assert [(one["isPaused"], one["stoppedAt"] is None) for one in await matters(tickets, ticket)] == [
        (False, False), (True, True),
    ]  # fmt: skip
    ticket = await tickets.do("actOnTicket", county(tickets), ticket, action="respond", reason="县级已协调")
    assert [one["stoppedAt"] is None for one in await matters(tickets, ticket)] == [False, False, True]
    ticket = await tickets.do("returnTicket", street, ticket, reason="请社区落实")
    assert ticket["step"]["code"] == "settle"
    (running,) = [one for one in await matters(tickets, ticket) if one["stoppedAt"] is None]
    assert not running["isPaused"]


async def test_a_clock_that_started_anew_brings_about_by_itself_what_the_first_did(tickets: Tickets) -> None:
    await handed_up(tickets)
    waiting = await tickets.look(
        "SELECT DISTINCT number FROM rung WHERE clock = 'matter' AND fired_at IS NULL ORDER BY 1"
    )
    stopped = await tickets.look("SELECT number FROM clock WHERE kind = 'matter' AND stopped_at IS NOT NULL")
    assert len(waiting) == len(stopped) == 1
    assert waiting[0] > stopped[0]
    while await sweep(tickets.runtime.database, Processes(), datetime.now(UTC) + timedelta(days=90)):
        pass
    late = [event["data"] for type_, event in await tickets.events() if type_.endswith(".overdue.v1")]
    assert [one["clock"] for one in late].count("matter") == 1


async def test_only_the_level_that_has_a_matter_hands_it_on(tickets: Tickets) -> None:
    ticket = await handed_up(tickets)
    kept = await tickets.contents()
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"], "reason": "理由"}
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (tickets.staff("worker"), "FORBIDDEN"),
        (tickets.staff("committee"), "FORBIDDEN"),
        (county(tickets), "FORBIDDEN"),
        (tickets.role("admin"), "FORBIDDEN"),
        (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
    ):
        assert await tickets.error(mutation("actOnTicket"), token, input={**asked, "action": "call_county"}) == code
    payload = await tickets.payload("actOnTicket", tickets.staff("street"), ticket, action="call_county")
    assert [one["code"] for one in payload["problems"]] == ["REQUIRED"]
    assert await tickets.contents() == kept


@given(st.integers(0, 60 * 24 * 60))
def test_a_clock_that_starts_anew_is_as_one_that_starts_then(minutes: int) -> None:
    process = read_processes([changed("settle", restarts=True)])[0][0]
    secretary = Actor("secretary", (Held("community_secretary", city.COMMUNITY),))
    before = raise_ticket(
        process, id_=UUID(int=1), number="1", region_id=UUID(int=2), region_code=city.GRID, category=None,
        given=Given(), actor=Actor("worker", (Held("grid_worker", city.GRID),)), at=AT, calendar=CALENDAR,
    ).ticket  # fmt: skip
    asked = Given(invited=(UUID(int=3),), opinion="请到现场")
    before = act(
        process, before, asked, secretary, kind=Kind.INVITE, expected_version=1, at=AT, calendar=CALENDAR
    ).ticket
    at = AT + timedelta(minutes=minutes)
    made = act(
        process, before, Given(reason="不再等待"), secretary, code="go_on", expected_version=2, at=at, calendar=CALENDAR
    )
    assert process.matter is not None
    (old,) = [one for one in made.stopped if one.kind is ClockKind.MATTER]
    (new,) = [one for one in made.ticket.clocks if one.kind is ClockKind.MATTER]
    assert new == start(ClockKind.MATTER, new.number, None, process.matter.within, at, CALENDAR)
    assert new.number > old.number
    (started,) = [one for one in before.clocks if one.kind is ClockKind.MATTER]
    assert old.was_kept == (started.due_at is not None and at < started.due_at)


@pytest.mark.parametrize(
    ("step", "change"),
    [
        ("subdistrict", {"pauses": True}),
        ("summon", {}),
        (
            "settle",
            {"actions": [{"code": "again", "kind": "advance", "name_zh": "延", "name_en": "on", "to": "settle"}]},
        ),
    ],
)
def test_where_a_clock_cannot_start_anew_is_a_fault(step: str, change: dict[str, Any]) -> None:
    process = changed(step, restarts=True, **change)
    found = [fault.path[1:] for fault in read_processes([process])[1]]
    index = [one["code"] for one in process["steps"]].index(step)
    assert ("steps", index, "restarts") in found
    timeless = {key: value for key, value in changed("subdistrict", restarts=True).items() if key != "matter"}
    assert [fault.path[1:] for fault in read_processes([timeless])[1]] == [
        ("steps", 3, "restarts"), ("steps", 4, "pauses"),
    ]  # fmt: skip
