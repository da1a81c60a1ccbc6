"""Importing histories: replayed by the rules, whole or not at all, the second time nothing."""

from __future__ import annotations

import copy
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from chassis.service import ImportRefused
from services.tickets.domain.calendar import ZONE
from tests.tickets import city
from tests.tickets.conftest import FIVE_SHEETS, process_records

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

START = datetime(2026, 3, 2, 9, tzinfo=ZONE)
LATER = "2026-03-03T09:00:00+08:00"
STEPS: list[dict[str, Any]] = [
    {"action": "accept", "by": str(city.person("worker")), "acted_as": "grid_worker"},
    {"action": "deliberate", "by": "b", "acted_as": "grid_branch_secretary", "opinion": "议"},
    {
        "action": "decide",
        "by": "c",
        "acted_as": "community_secretary",
        "opinion": "定",
        "responsible": str(city.OFFICE),
    },
    {"action": "carry_out", "by": "c", "acted_as": "community_secretary", "opinion": "办"},
    {"action": "evaluate", "by": "li", "acted_as": "requester", "rating": 4},
    {"action": "publicise", "by": "c", "acted_as": "community_secretary", "notice": "公开"},
]


def record(number: int = 0, steps: int = 6, hours: int = 2, **more: Any) -> dict[str, Any]:
    raised = START + timedelta(hours=number % 2000)
    acts = [step | {"at": (raised + timedelta(hours=hours * place)).isoformat()} for place, step in enumerate(STEPS, 1)]
    return {
        "record": "ticket",
        "id": str(uuid5(NAMESPACE_URL, f"ticket {number}")),
        "process": "five_sheets",
        "region_id": str(city.region_id(city.GRID)),
        "region_code": city.GRID,
        "category": "charging",
        "title": f"第 {number} 单",
        "requester_name": "李小明",
        "raised": {"at": raised.isoformat(), "by": "li", "acted_as": "resident"},
        "acts": acts[:steps],
    } | more


async def test_a_history_is_as_if_it_had_happened_here(tickets: Tickets) -> None:
    said = await tickets.load(record(1), record(2, steps=3))
    assert said == "Imported 0 process versions and 2 tickets; 0 records were there already."
    rows = await tickets.look("SELECT step, version, events, outcome, number FROM ticket ORDER BY raised_at")
    assert [tuple(row[:4]) for row in rows] == [("published", 7, 7, "done"), ("carry_out", 4, 4, None)]
    assert rows[0][4].startswith("20260302-")
    events = await tickets.events()
    assert len(events) == 11
    assert events[0][1]["time"] == "2026-03-02T10:00:00+08:00"
    moments = [event["time"] for _, event in events]
    assert moments == sorted(moments)
    # A ticket that is under way goes on from where it is.
    ticket = {"id": record(2)["id"], "version": 4}
    done = await tickets.do("carryOutTicket", tickets.staff("committee"), ticket, opinion="办")
    assert done["step"]["code"] == "evaluate"
    kept = await tickets.look("SELECT kind, kept FROM clock WHERE kept IS NOT TRUE AND stopped_at IS NOT NULL")
    assert kept == [("step", False)], "only what was done just now is late"
    assert await tickets.look("SELECT count(*) FROM audit WHERE actor = 'system:import'") == [(2,)]


async def test_a_second_import_changes_nothing(tickets: Tickets) -> None:
    await tickets.load(record(1), record(2))
    before = await tickets.contents()
    said = await tickets.load(*process_records(), record(1), record(2))
    assert said == "Imported 0 process versions and 0 tickets; 4 records were there already."
    assert await tickets.contents() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"process": "ten_sheets"}, "there is no process ten_sheets"),
        ({"process_version": 9}, "there is no process five_sheets 9"),
        ({"title": " "}, "REQUIRED"),
        ({"title": "长" * 10_000}, "TOO_LONG"),
        ({"category": "dragons"}, "raised: UNKNOWN_CATEGORY"),
        ({"region_code": city.COMMUNITY}, "raised: WRONG_LEVEL"),
        ({"region_code": "x"}, "raised: WRONG_LEVEL"),
        ({"requester_phone": "138****0000"}, "MASKED_VALUE"),
        ({"raised": {"at": START.isoformat(), "by": "li", "acted_as": "grid_branch_secretary"}}, "raised: Your roles"),
        ({"raised": {"at": "yesterday", "by": "li", "acted_as": "resident"}}, "$.raised.at"),
        ({"surprise": 1}, "surprise"),
        ({"id": "17"}, "$.id"),
        ({"acts": [STEPS[1] | {"at": LATER}]}, "acts[0]: OUT_OF_TURN"),
        ({"acts": [STEPS[0] | {"at": "2026-03-01T09:00:00+08:00"}]}, "acts[0]: TIME_REVERSED"),
        ({"acts": [STEPS[0] | {"at": LATER, "acted_as": "first_secretary"}]}, "acts[0]: Your roles"),
        ({"acts": [{"at": LATER, "action": "lapse"}]}, "acts[0]: the deadline of accept had not"),
        ({"acts": [{"at": LATER, "action": "dance"}]}, "acts[0]: UNKNOWN_ACTION"),
    ],
)  # fmt: skip
async def test_one_wrong_record_keeps_the_whole_file_out_and_is_named(
    city_tickets: Tickets, change: dict[str, Any], says: str
) -> None:
    before = await city_tickets.contents()
    with pytest.raises(ImportRefused) as refused:
        await city_tickets.load(record(1), record(2, **change))
    (line,) = str(refused.value).splitlines()
    assert line.startswith("line 2: ")
    assert says in line
    assert await city_tickets.contents() == before


async def test_a_file_that_is_no_json_or_says_a_thing_twice_is_refused(city_tickets: Tickets) -> None:
    for lines, says in (
        ((b"\xff\xfe", record(1)), "line 1: "),
        ((record(1), b"not json"), "line 2: "),
        ((record(1), record(1)), "line 2: the ticket"),
        (({"record": "planet"},), "line 1: "),
    ):
        with pytest.raises(ImportRefused, match=says):
            await city_tickets.load(*lines)
    with pytest.raises(ImportRefused) as refused:
        await city_tickets.load(*(record(number, title="") for number in range(50)))
    assert str(refused.value).splitlines()[-1] == "and 30 more"


async def test_a_stored_process_version_is_never_changed_and_a_new_one_runs_beside_it(tickets: Tickets) -> None:
    old = await tickets.raised()
    changed = copy.deepcopy(FIVE_SHEETS[0])
    changed["steps"][0]["actions"][0]["to"] = "decide"
    version = changed["version"]
    with pytest.raises(ImportRefused, match=f"five_sheets version {version} is there with another definition"):
        await tickets.load({"record": "process", "definition": changed})
    changed["version"] = version + 1
    broken = copy.deepcopy(changed)
    broken["steps"][2]["actions"] = [one for one in broken["steps"][2]["actions"] if one["kind"] != "return"]
    del broken["reopening"]
    with pytest.raises(ImportRefused, match=r"line 1: steps\[1\]: deliberate cannot be reached"):
        await tickets.load({"record": "process", "definition": broken})
    await tickets.load({"record": "process", "definition": changed})
    new = await tickets.raised(key="new")
    assert (await tickets.do("acceptTicket", tickets.staff("worker"), old))["step"]["code"] == "deliberate"
    assert (await tickets.do("acceptTicket", tickets.staff("worker"), new))["step"]["code"] == "decide"


async def test_a_step_that_lapsed_need_not_be_said(tickets: Tickets) -> None:
    late = (START + timedelta(days=40)).isoformat()
    acts = [*record(0)["acts"][:4], STEPS[5] | {"at": late}]
    await tickets.load(record(0, acts=acts))
    kinds = await tickets.look("SELECT kind, at FROM entry ORDER BY seq DESC LIMIT 2")
    assert [row[0] for row in kinds] == ["publicise", "lapse"]
    assert kinds[1][1] < kinds[0][1]


async def test_a_years_tickets_are_imported_in_seconds(tickets: Tickets) -> None:
    records = [record(number) for number in range(1400)]
    started = time.monotonic()
    said = await tickets.load(*records)
    assert "1,400 tickets" in said
    assert time.monotonic() - started < 30
    assert await tickets.look("SELECT count(*) FROM outbox") == [(9800,)]
    query = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) {
        ... on Region { ticketStats { raised done performed(kind: DELIBERATE) meanRating } } } }"""
    found = await tickets.data(query, tickets.role("admin"), id=str(city.region_id(city.DISTRICT)))
    assert found["_entities"][0]["ticketStats"] == {"raised": 1400, "done": 1400, "performed": 1400, "meanRating": 4}
