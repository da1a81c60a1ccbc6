"""Deliberations come with their tickets: by the same rules, once, told in their order; what rests on one needs it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml

from chassis.service import ImportRefused
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FILE = Path(__file__).parents[2] / "deploy/practices/processes/four_step.yaml"
PROCESS = {"record": "process", "definition": yaml.safe_load(FILE.read_text(encoding="utf-8"))[0]}
TICKET, DELIBERATION, SESSION = (str(uuid5(NAMESPACE_URL, name)) for name in ("t", "d", "s"))
PLACE = {"region_id": str(city.region_id(city.GRID)), "region_code": city.GRID}
DISCUSSED = {
    "record": "ticket", "id": TICKET, "process": "four_step", **PLACE, "title": "停车", "category": "neighbour_dispute",
    "raised": {"at": "2026-03-02T09:00:00+08:00", "by": "li", "acted_as": "resident"},
    "acts": [
        {
            "at": "2026-03-04T10:00:00+08:00", "action": "discuss", "opinion": "议定",
            "acted_as": "grid_branch_secretary", "by": str(city.person("branch")),
        },
    ],
}  # fmt: skip
HELD = {
    "record": "deliberation", "id": DELIBERATION, **PLACE, "matter": "停车", "parties": ["branch", "residents"],
    "begun_at": "2026-03-02T10:00:00+08:00", "ticket": TICKET,
    "sessions": [
        {
            "id": SESSION, "form": "courtyard", "place": "小院", "starts_at": "2026-03-03T19:00:00+08:00",
            "held_at": "2026-03-03T21:00:00+08:00",
            "attendees": [
                {"person_id": str(city.person("branch")), "party": "branch"},
                {"person_id": str(city.person("leader")), "party": "residents"},
                {"person_id": str(city.person("worker")), "party": "residents", "came": False},
            ],
            "opinions": [
                {"party": "branch", "text": "各停一侧", "agrees": True}, {"party": "residents", "text": "同意"},
            ],
        }
    ],
    "resolution": "各停一侧", "agreed": True, "resolved_at": "2026-03-03T21:30:00+08:00",
    "follow_up": "已划线", "followed_up_at": "2026-03-20T09:00:00+08:00",
}  # fmt: skip
STATS = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  deliberationStats { begun resolved agreed followedUp sessions { form sessions attendances } }
  ticketStats { categories { category raised done } settled(category: "neighbour_dispute") } } } }"""


def changed(record: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    record = copy.deepcopy(record)
    part: Any = record
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = to
    return record


async def test_a_deliberation_is_imported_once_counted_and_told_in_its_order(tickets: Tickets) -> None:
    await tickets.load(PROCESS, DISCUSSED, HELD)
    before = await tickets.contents()
    await tickets.load(PROCESS, DISCUSSED, HELD)
    assert await tickets.contents() == before
    told = [(type_.split(".")[3], event) for type_, event in await tickets.events() if ".deliberation." in type_]
    assert [(name, event["aggregateversion"]) for name, event in told] == [
        ("begun", 1), ("session_convened", 2), ("session_held", 3), ("resolved", 4), ("followed_up", 5),
    ]  # fmt: skip
    held = told[2][1]["data"]
    assert held["people"] == [str(city.person("branch")), str(city.person("leader"))]
    assert held["parties"] == ["branch", "residents"]
    found = await tickets.data(STATS, tickets.role("admin"), id=str(city.region_id(city.DISTRICT)))
    region = found["_entities"][0]
    assert region["deliberationStats"] == {
        "begun": 1, "resolved": 1, "agreed": 1, "followedUp": 1,
        "sessions": [{"form": "COURTYARD", "sessions": 1, "attendances": 2}],
    }  # fmt: skip
    assert region["ticketStats"] == {
        "categories": [{"category": "neighbour_dispute", "raised": 1, "done": 0}], "settled": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ((DISCUSSED,), "line 2: acts[0]: A session about this ticket must be held"),
        (
            (DISCUSSED, changed(HELD, "ticket", to=None)),
            "line 2: acts[0]: A session about this ticket must be held",
        ),
        (
            (changed(DISCUSSED, "raised", "at", to="2026-03-04T09:00:00+08:00"), HELD),
            "line 2: acts[0]: A session about this ticket must be held",
        ),
        ((HELD,), "line 2: there is no ticket"),
        ((DISCUSSED, changed(HELD, "region_code", to=city.GRID_2)), "line 3: there is no ticket"),
        ((DISCUSSED, changed(HELD, "parties", to=["branch"])), "line 3: parties: TOO_FEW_PARTIES"),
        ((DISCUSSED, changed(HELD, "sessions", 0, "attendees", 0, "came", to=False)), "NO_VOICE"),
        ((DISCUSSED, changed(HELD, "sessions", 0, "starts_at", to="2026-03-03T22:00:00+08:00")), "SESSION_NOT_BEGUN"),
        ((DISCUSSED, changed(HELD, "sessions", 0, "opinions", to=[])), "PARTIES_NOT_HEARD"),
        (
            (DISCUSSED, changed(HELD, "resolved_at", to="2026-03-03T20:00:00+08:00")),
            "resolved_at: TIME_REVERSED",
        ),
        ((DISCUSSED, changed(HELD, "resolution", to=None)), "line 3: resolution: REQUIRED"),
    ],
)
async def test_what_could_not_have_been_recorded_is_refused_by_its_line_and_nothing_stays(
    tickets: Tickets, records: tuple[dict[str, Any], ...], said: str
) -> None:
    before = await tickets.contents()
    with pytest.raises(ImportRefused) as refused:
        await tickets.load(PROCESS, *records)
    assert said in str(refused.value)
    after = await tickets.contents()
    assert {name: rows for name, rows in after.items() if "sequence" not in name} == before
