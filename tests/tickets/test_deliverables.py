"""What tickets delivered is said by kind and number, the last word stands, and it is counted by region and period."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from deploy.practices.generate.results import shares
from services.org.domain import events as org
from services.tickets.commands.tally import compare_counts, fold_all
from services.tickets.domain.deliverables import Delivered, checked_deliverables
from services.tickets.domain.process import Deliverable
from services.tickets.domain.validation import read_processes
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import RAISE
from tests.tickets.test_tally import RIGHT

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FOLDER = Path(__file__).parents[2] / "deploy/practices/processes"
RENOVATION = yaml.safe_load((FOLDER / "renovation.yaml").read_text(encoding="utf-8"))[0]
KINDS = (
    Deliverable(code="shed", name_zh="车棚", name_en="sheds"),
    Deliverable(code="post", name_zh="桩", name_en="posts"),
)
SHED = {"kind": "charging_shed", "quantity": 1, "place": "北门"}
STATS = """query($id: ID!, $from: Date, $to: Date) { _entities(representations: [{__typename: "Region", id: $id}]) {
  ... on Region { ticketStats(raisedFrom: $from, raisedTo: $to) { complaints sheds: delivered(kind: "charging_shed")
  deliverables { process kind quantity name unit } } } } }"""
TICKET = """query($id: ID!) { ticket(id: $id) { deliverables { kind quantity unit place name } complaints { totalCount }
  concerns { number } timeline { edges { node { action deliverables { kind quantity } } } } } }"""


async def stats(tickets: Tickets, code: str, **more: Any) -> Any:
    asked = {"id": str(city.region_id(code)), **more}
    return (await tickets.data(STATS, tickets.role("admin"), **asked))["_entities"][0]["ticketStats"]


async def carried_out(tickets: Tickets, ticket: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    return await tickets.do(
        "carryOutTicket", tickets.staff("committee"), ticket, opinion="已经建成", deliverables=list(lines)
    )


async def test_what_was_delivered_is_counted_in_every_region_and_only_once_however_often_it_is_said(
    tickets: Tickets,
) -> None:
    ticket = await carried_out(
        tickets, await tickets.to_step("carry_out"), SHED, {"kind": "charging_post", "quantity": 8}
    )
    ticket = await tickets.do("evaluateTicket", tickets.resident(), ticket, rating=1)
    ticket = await tickets.do("publiciseTicket", tickets.staff("committee"), ticket, notice="建成")
    ticket = await tickets.do("reopenTicket", tickets.resident(), ticket, reason="少了一个")
    ticket = await tickets.do("deliberateTicket", tickets.staff("branch"), ticket, opinion="补建")
    ticket = await tickets.do("decideTicket", tickets.staff("committee"), ticket, opinion="补建")
    ticket = await carried_out(tickets, ticket, SHED | {"quantity": 2})
    for code in (city.CITY, city.DISTRICT, city.SUBDISTRICT, city.COMMUNITY, city.GRID):
        found = await stats(tickets, code)
        assert found["sheds"] == 2, code
        assert found["deliverables"] == [
            {
                "process": "five_sheets",
                "kind": "charging_shed",
                "quantity": 2,
                "name": "charging sheds",
                "unit": "places",
            }
        ], code  # fmt: skip
    assert (await stats(tickets, city.CITY, to="2020-01-01"))["sheds"] == 0
    shown = (await tickets.data(TICKET, tickets.staff("worker"), id=ticket["id"]))["ticket"]
    assert shown["deliverables"] == [
        {"kind": "charging_shed", "quantity": 2, "unit": "places", "place": "北门", "name": "charging sheds"}
    ]
    said = [entry["deliverables"] for entry in items_of(shown["timeline"]) if entry["action"] == "carry_out"]
    assert said == [
        [{"kind": "charging_shed", "quantity": 1}, {"kind": "charging_post", "quantity": 8}],
        [{"kind": "charging_shed", "quantity": 2}],
    ]
    told = await tickets.events()
    carried = [event["data"] for type_, event in told if type_ == "linli.tickets.ticket.carried_out.v1"]
    assert [one["deliverables"] for one in carried] == said
    assert await compare_counts(tickets.runtime) == RIGHT
    await fold_all(tickets.runtime.database)
    assert await compare_counts(tickets.runtime) == RIGHT
    recoded = org.RegionRecoded(
        region_id=city.region_id(city.GRID), code="370303001001009", previous_code=city.GRID, level="GRID",
        parent_id=None, valid_from=city.SINCE,
    )  # fmt: skip
    await city.tell(tickets.runtime.database, recoded)
    assert ((await stats(tickets, "370303"))["sheds"], (await stats(tickets, city.DISTRICT))["sheds"]) == (2, 0)
    assert await compare_counts(tickets.runtime) == RIGHT


@pytest.mark.parametrize(
    ("lines", "code", "path"),
    [
        ([{"kind": "palace", "quantity": 1}], "UNKNOWN_DELIVERABLE", ["deliverables", "0", "kind"]),
        ([{"kind": "charging_shed", "quantity": 0}], "WRONG_QUANTITY", ["deliverables", "0", "quantity"]),
        ([{"kind": "charging_shed", "quantity": 1_000_001}], "WRONG_QUANTITY", ["deliverables", "0", "quantity"]),
        ([SHED, SHED], "DELIVERABLE_TWICE", ["deliverables", "1", "kind"]),
        ([SHED | {"place": str(number)} for number in range(21)], "TOO_MANY_DELIVERABLES", ["deliverables"]),
    ],
)
async def test_what_cannot_be_delivered_is_refused_and_changes_nothing(
    tickets: Tickets, lines: list[dict[str, Any]], code: str, path: list[str]
) -> None:
    ticket = await tickets.to_step("carry_out")
    before = await tickets.contents()
    payload = await tickets.payload(
        "carryOutTicket", tickets.staff("committee"), ticket, opinion="已经建成", deliverables=lines
    )
    assert [(one["code"], one["path"]) for one in payload["problems"]] == [(code, path)]
    assert await tickets.contents() == before


async def test_a_complaint_names_the_renovation_that_it_is_about_and_is_counted_for_it(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": RENOVATION})
    renovation = await tickets.raised(
        tickets.staff("committee"), key="r", process="renovation", regionCode=city.COMMUNITY, category=None
    )
    token, asked = tickets.resident(region=city.GRID), {"concerns": renovation["id"], "category": "renovation"}
    wanted = {"idempotencyKey": "x", "process": "five_sheets", "regionCode": city.GRID, "title": "噪声", **asked}
    before = await tickets.contents()
    assert await tickets.error(RAISE, token, input=wanted) == "NOT_FOUND"
    assert await tickets.contents() == before
    await tickets.look(f"UPDATE ticket SET public_since = now() WHERE id = '{renovation['id']}'")  # noqa: S608
    assert (await stats(tickets, city.COMMUNITY))["complaints"] == 0
    complaint = await tickets.raised(token, key="c", title="施工太晚", **asked)
    assert (await stats(tickets, city.COMMUNITY))["complaints"] == 1
    assert (await stats(tickets, city.GRID))["complaints"] == 0
    shown = (await tickets.data(TICKET, tickets.role("admin"), id=renovation["id"]))["ticket"]
    assert shown["complaints"] == {"totalCount": 1}
    shown = (await tickets.data(TICKET, tickets.role("admin"), id=complaint["id"]))["ticket"]
    assert shown["concerns"] == {"number": renovation["number"]}
    assert await compare_counts(tickets.runtime) == RIGHT
    other = await tickets.raised(key="o")
    before = await tickets.contents()
    payload = (await tickets.data(RAISE, tickets.resident(), input=wanted | {"concerns": other["id"]}))["payload"]
    assert [(one["code"], one["path"]) for one in payload["problems"]] == [("WRONG_CONCERN", ["concerns"])]
    assert await tickets.contents() == before


def test_a_process_that_delivers_is_checked() -> None:
    _, faults = read_processes([RENOVATION | {"deliverables": []}])
    assert [fault.path for fault in faults] == [(0, "steps", 2, "actions", 1, "requires")]
    steps = [
        step | {"actions": [a for a in step["actions"] if a["kind"] != "carry_out"]} for step in RENOVATION["steps"]
    ]
    _, faults = read_processes([RENOVATION | {"steps": steps}])
    assert "no action records what was delivered" in {fault.en for fault in faults}


@given(st.integers(1, 10_000), st.integers(1, 60))
def test_a_total_is_shared_out_evenly_to_the_last_one(total: int, among: int) -> None:
    found = list(shares(total, among))
    assert (len(found), sum(found)) == (among, total)
    assert max(found) - min(found) <= 1


@given(st.lists(st.tuples(st.sampled_from(["shed", "post", "tree"]), st.integers(-1, 1_000_002)), max_size=4))
def test_only_known_kinds_in_range_each_once_are_taken(lines: list[tuple[str, int]]) -> None:
    given_ = [Delivered(kind, quantity) for kind, quantity in lines]
    right = all(kind != "tree" and 1 <= quantity <= 1_000_000 for kind, quantity in lines)
    if right and len({kind for kind, _ in lines}) == len(lines):
        assert checked_deliverables(given_, KINDS) == tuple(given_)
    else:
        with pytest.raises(Refused):
            checked_deliverables(given_, KINDS)
