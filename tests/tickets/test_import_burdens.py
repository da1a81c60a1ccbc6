"""Imported reports of burdens: stored with what they rest on, told, and refused when they rest on nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from chassis.service import ImportRefused
from tests.tickets import city
from tests.tickets.appointments import office
from tests.tickets.test_import_hand_downs import FEES, HOTLINE, TASK, item, settled, task

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

ITEMS = [item(FEES), item(HOTLINE, list="hotlines", code="city", keywords=[], phone="12345")]
STORED = "SELECT ticket_id, item_id, hotline_id, organisation_id, answer FROM burden"


def burden(**more: Any) -> dict[str, Any]:
    return {
        "record": "burden",
        "id": str(uuid5(NAMESPACE_URL, "burden")),
        "region_id": str(city.region_id(city.COMMUNITY)),
        "region_code": city.COMMUNITY,
        "description": "未经准入即下派",
        "reported_at": "2026-03-02T11:00:00+08:00",
        "reported_by": "secretary",
        "ticket": TASK,
        "item": FEES,
        "hotline": HOTLINE,
        "answer": "事项已收回",
        "answered_at": "2026-03-05T11:00:00+08:00",
        "answered_by": "keeper",
    } | more


async def test_an_imported_report_names_who_handed_it_down_and_has_its_answer(tickets: Tickets) -> None:
    await settled(tickets, *ITEMS)
    await tickets.load(task(), burden())
    await tickets.load(task(), burden())
    rows = [tuple(map(str, row)) for row in await tickets.look(STORED)]
    assert rows == [(TASK, FEES, HOTLINE, str(office("fire")), "事项已收回")]
    told = [type_ for type_, _ in await tickets.events() if ".burden." in type_]
    assert told == ["linli.tickets.burden.reported.v1", "linli.tickets.burden.answered.v1"]
    document = """query($of: [_Any!]!) { _entities(representations: $of) { ... on Region {
        burdens { totalCount edges { node { description answer item { code } hotline { code } } } } } } }"""
    region = [{"__typename": "Region", "id": str(city.region_id(city.DISTRICT))}]
    keeper = tickets.role("district_coordinator", city.DISTRICT)
    (found,) = (await tickets.data(document, keeper, of=region))["_entities"]
    (edge,) = found["burdens"]["edges"]
    assert edge["node"]["item"] == {"code": "fees"}
    assert edge["node"]["hotline"] == {"code": "city"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"region_code": city.DISTRICT, "region_id": str(city.region_id(city.DISTRICT))},
        {"ticket": str(uuid5(NAMESPACE_URL, "nothing"))},
        {"item": HOTLINE},
        {"hotline": FEES},
        {"answered_by": None},
        {"answered_at": "2026-03-01T11:00:00+08:00"},
        {"description": " "},
    ],
    ids=["a district", "no such ticket", "a hotline", "no hotline", "half an answer", "answered before", "no words"],
)
async def test_a_report_that_rests_on_nothing_is_not_imported(tickets: Tickets, wrong: dict[str, Any]) -> None:
    await settled(tickets, *ITEMS)
    with pytest.raises(ImportRefused, match="line 2"):
        await tickets.load(task(), burden(**wrong))
    assert await tickets.look("SELECT (SELECT count(*) FROM burden), (SELECT count(*) FROM ticket)") == [(0, 0)]
