"""Importing divided tickets: parents and children replayed together, refused by line, seen to by the sweep after."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import pytest_asyncio

from chassis.service import ImportRefused
from tests.tickets import city
from tests.tickets.test_children import RAW
from tests.tickets.test_sweeps import sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

PARENT = str(uuid5(NAMESPACE_URL, "parent"))
ONE, TWO = (str(uuid5(NAMESPACE_URL, f"child {number}")) for number in (1, 2))
HELPER = {"by": str(city.person("helper")), "acted_as": "community_worker"}


def on(day: int, hour: int = 9) -> str:
    return f"2026-03-{day:02}T{hour:02}:00:00+08:00"


DIVIDE = {"at": on(3), "action": "divide", "children": [ONE, TWO], **HELPER}
REPORT = {
    "action": "report", "by": str(city.person("doctor")), "acted_as": "team_member", "answers_for": str(city.OFFICE),
    "opinion": "已上门",
}  # fmt: skip
CONFIRM = {"action": "confirm", **HELPER}
DONE = [{"at": on(4)} | REPORT, {"at": on(4, 11)} | CONFIRM]
GATHER = {"at": on(4, 11), "action": "gather"}
FINISH = {"at": on(5), "action": "finish", "by": "s", "acted_as": "community_secretary", "opinion": "办结"}
GO_ON = {"at": on(5), "action": "go_on", "reason": "不等了", **HELPER}
RECALL = {"at": on(5), "action": "recall"}


def parent(*acts: dict[str, Any], **more: Any) -> dict[str, Any]:
    return _ticket(PARENT, "joint_work", city.GRID, {"at": on(2), "by": "li", "acted_as": "resident"}, acts) | more


def child(id_: str, *acts: dict[str, Any], **more: Any) -> dict[str, Any]:
    region = city.GRID if id_ == ONE else city.GRID_2
    one = _ticket(id_, "team_task", region, {"at": on(3), **HELPER}, acts)
    return one | {"category": "doctor", "parent": PARENT, "organisation": str(city.OFFICE)} | more


def _ticket(id_: str, process: str, region: str, raised: dict[str, Any], acts: Any) -> dict[str, Any]:
    return {
        "record": "ticket", "id": id_, "process": process, "region_id": str(city.region_id(region)),
        "region_code": region, "title": "一事", "raised": raised, "acts": list(acts),
    }  # fmt: skip


@pytest_asyncio.fixture
async def teams(tickets: Tickets) -> Tickets:
    await tickets.load(*({"record": "process", "definition": one} for one in RAW))
    return tickets


async def steps(tickets: Tickets) -> dict[str, str]:
    return {str(row[0]): row[1] for row in await tickets.look("SELECT id, step FROM ticket")}


async def test_a_divided_matter_is_imported_with_its_children_and_goes_on_when_they_ended(teams: Tickets) -> None:
    # A child may come before its parent in the file.
    said = await teams.load(child(TWO, *DONE), parent(DIVIDE, GATHER, FINISH), child(ONE, *DONE))
    assert said.startswith("Imported 0 process versions and 3 tickets")
    assert await steps(teams) == {PARENT: "evaluate", ONE: "done", TWO: "done"}
    rows = await teams.look("SELECT id, parent, parent_visit, depth FROM ticket WHERE parent IS NOT NULL ORDER BY id")
    assert [tuple(map(str, row)) for row in rows] == [(id_, PARENT, "2", "1") for id_ in sorted((ONE, TWO))]
    events = [(type_.split(".")[3], event["data"]) for type_, event in await teams.events() if ".ticket." in type_]
    assert [name for name, data in events if data["ticketId"] == PARENT] == [
        "raised",
        "divided",
        "gathered",
        "carried_out",
    ]
    (opened,) = [data["childIds"] for name, data in events if name == "divided"]
    assert opened == [ONE, TWO]
    assert [data["parentId"] for name, data in events if name == "raised"] == [None, PARENT, PARENT]
    before = await teams.contents()
    said = await teams.load(parent(DIVIDE, GATHER, FINISH), child(ONE, *DONE), child(TWO, *DONE))
    assert said.endswith("0 tickets; 3 records were there already.")
    assert await teams.contents() == before


async def test_an_imported_parent_under_way_waits_for_its_children_as_if_divided_here(teams: Tickets) -> None:
    await teams.load(parent(DIVIDE), child(ONE, *DONE), child(TWO))
    await sweep_at(teams, datetime.now(UTC))
    assert (await steps(teams))[PARENT] == "work"
    (row,) = await teams.look(f"SELECT version FROM ticket WHERE id = '{TWO}'")  # noqa: S608
    await city.tell(teams.runtime.database, city.duty("helper", "community_worker", city.COMMUNITY))
    token = teams.issuer.mint("community_worker", region=city.COMMUNITY, subject=str(city.person("helper")))
    await teams.do("refuseTicket", token, {"id": TWO, "version": row[0]}, reason="不需要")
    await sweep_at(teams, datetime.now(UTC))
    assert (await steps(teams))[PARENT] == "divide"


async def test_an_imported_parent_whose_children_had_all_ended_goes_on_with_the_next_sweep(teams: Tickets) -> None:
    await teams.load(parent(DIVIDE), child(ONE, *DONE), child(TWO, *DONE))
    assert (await steps(teams))[PARENT] == "work"
    await sweep_at(teams, datetime.now(UTC))
    assert (await steps(teams))[PARENT] == "review"


async def test_children_that_a_parent_went_on_without_are_recalled_in_the_file_or_by_the_sweep(teams: Tickets) -> None:
    await teams.load(parent(DIVIDE, GO_ON), child(ONE, RECALL), child(TWO))
    assert await steps(teams) == {PARENT: "review", ONE: "recalled", TWO: "work"}
    await sweep_at(teams, datetime.now(UTC))
    assert await steps(teams) == {PARENT: "review", ONE: "recalled", TWO: "recalled"}
    told = [data["data"]["ticketId"] for type_, data in await teams.events() if ".ticket.recalled." in type_]
    assert told == [ONE, TWO]


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([parent(DIVIDE), child(ONE)], f"line 1: acts[0].children[1]: there is no new ticket {TWO}"),
        ([parent(DIVIDE | {"children": [ONE, ONE]}), child(ONE)], "line 1: acts[0].children[1]"),
        ([parent(DIVIDE | {"children": [ONE]}), child(ONE), child(TWO)], "line 3: parent: no new ticket"),
        ([child(ONE)], "line 1: parent: no new ticket"),
        ([parent(DIVIDE | {"children": []})], "line 1: acts[0]: REQUIRED"),
        ([parent(organisation=str(city.OFFICE))], "line 1: organisation: only a child"),
        ([parent(), child(ONE, parent=None)], "line 2: organisation: only a child"),
        ([parent({"at": on(3), "action": "gather"})], "line 1: acts[0]: its children had not ended"),
        ([parent({"at": on(3), "action": "recall"})], "line 1: acts[0]: only a child under way"),
        ([parent(DIVIDE, GATHER), child(ONE, *DONE), child(TWO, DONE[0])], "line 1: acts[1]: its children had not"),
        ([parent(DIVIDE, GATHER | {"at": on(4, 10)}), child(ONE, *DONE), child(TWO, *DONE)], "line 1: acts[1]: its"),
        ([parent(DIVIDE), child(ONE, RECALL), child(TWO)], "line 2: acts: it was recalled"),
        ([parent(DIVIDE, GO_ON), child(ONE), child(TWO, RECALL | {"at": on(4)})], "line 3: acts: it was recalled"),
        ([parent(DIVIDE, GO_ON), child(ONE), child(TWO, RECALL, CONFIRM | {"at": on(6)})], "line 3: acts[1]: OUT_OF_"),
        ([parent(DIVIDE), child(ONE), child(TWO, CONFIRM | {"at": on(4)})], "line 3: acts[0]: OUT_OF_TURN"),
        ([parent(DIVIDE), child(ONE), child(TWO, category="palace")], "line 3: raised: UNKNOWN_CATEGORY"),
        ([parent(DIVIDE), child(ONE), child(TWO, title=" ")], "line 3: title: REQUIRED"),
        ([parent(DIVIDE), child(ONE), child(TWO, process="five_sheets")], "line 1: acts[0]: WRONG_CHILD_PROCESS"),
        ([parent(DIVIDE), child(ONE), child(TWO, organisation=None)], "line 3: raised: REQUIRED"),
        ([parent(DIVIDE), child(ONE), child(TWO, region_code=city.SUBDISTRICT)], "line 1: acts[0]: CHILD_ELSEWHERE"),
        (
            [parent(DIVIDE), child(ONE), child(TWO, raised={"at": on(4), **HELPER})],
            "line 3: raised: a child is raised when its parent is divided",
        ),
    ],
)
async def test_a_family_that_the_rules_do_not_allow_is_refused_by_line_and_nothing_is_stored(
    teams: Tickets, records: list[dict[str, Any]], says: str
) -> None:
    before = await teams.contents()
    with pytest.raises(ImportRefused) as refused:
        await teams.load(*records)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(says)
    assert await teams.contents() == before
