"""Imported tickets that were handed down: noted, flagged and refused by an item as if it had happened here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from chassis.service import ImportRefused
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.appointments import office, settle_in
from tests.tickets.test_hand_downs import ASSIGNED_TASK, seen, stats

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FEES, HOTLINE, TASK = (str(uuid5(NAMESPACE_URL, name)) for name in ("fees", "hotline", "task"))
NOTED = "SELECT (SELECT count(*) FROM hand_down), (SELECT count(*) FROM admission_flag), (SELECT count(*) FROM ticket)"


def item(id_: str, **more: Any) -> dict[str, Any]:
    said = {"list": "matters", "code": "fees", "name_zh": "代收费用", "name_en": "fees", "keywords": ["代收物业费"]}
    return {
        "record": "admission_item",
        "id": id_,
        "region_id": str(city.region_id(city.DISTRICT)),
        "region_code": city.DISTRICT,
        "item": said | more,
        "valid_from": "2023-01-01",
    }


def task(title: str = "请社区代收物业费", grounds: str | None = FEES, **raised: Any) -> dict[str, Any]:
    refused = {"action": "refuse", "by": "secretary", "acted_as": "community_secretary", "reason": "清单已列"}
    return {
        "record": "ticket",
        "id": TASK,
        "process": "assigned_task",
        "region_id": str(city.region_id(city.COMMUNITY)),
        "region_code": city.COMMUNITY,
        "title": title,
        "raised": {
            "at": "2026-03-02T09:00:00+08:00",
            "by": "officer",
            "acted_as": "subdistrict_officer",
            "organisation": str(office("fire")),
        }
        | raised,
        "acts": [refused | {"at": "2026-03-02T10:00:00+08:00", "grounds": grounds}],
    }


async def settled(tickets: Tickets, *items: dict[str, Any]) -> None:
    await settle_in(tickets)
    await tickets.load({"record": "process", "definition": ASSIGNED_TASK}, *items)


async def test_an_imported_task_is_flagged_refused_by_the_item_and_counted(tickets: Tickets) -> None:
    await settled(tickets)
    await tickets.load(item(FEES), task())
    found = await seen(tickets, {"id": TASK}, tickets.staff("committee"))
    [down] = items_of(found["handDowns"])
    assert (down["title"], down["fromRegionCode"]) == ("subdistrict_officer", city.SUBDISTRICT)
    assert down["organisation"] == {"id": str(office("fire"))}
    [flag] = down["flags"]
    assert (flag["cause"], flag["word"], flag["item"]) == ("KEYWORD", "代收物业费", {"id": FEES, "code": "fees"})
    assert flag["refusedAt"] is not None
    assert items_of(found["timeline"])[-1]["grounds"] == {"code": "fees"}
    counted = await stats(tickets, city.DISTRICT, tickets.role("observer", city.DISTRICT))
    assert (counted["handedDown"], counted["flagged"], counted["refused"]) == (1, 1, 1)
    assert counted["organisations"][0]["organisation"] == {"id": str(office("fire"))}
    told = [type_ for type_, _ in await tickets.events() if "admission_flag" in type_]
    assert told == ["linli.tickets.admission_flag.raised.v1", "linli.tickets.admission_flag.upheld.v1"]
    await tickets.load(item(FEES), task())
    assert await tickets.look(NOTED) == [(1, 1, 1)]


async def test_what_no_word_gave_away_is_claimed_and_what_nobody_refused_only_flagged(tickets: Tickets) -> None:
    await settled(tickets, item(FEES))
    taken_on = task(grounds=None) | {"id": str(uuid5(NAMESPACE_URL, "other")), "acts": []}
    await tickets.load(task("请社区收钱"), taken_on)
    rows = await tickets.look("SELECT cause, refused_at IS NOT NULL FROM admission_flag ORDER BY cause")
    assert rows == [("claimed", True), ("keyword", False)]


@pytest.mark.parametrize(
    ("items", "refused"),
    [
        ([], task()),
        ([item(HOTLINE)], task()),
        ([item(HOTLINE, list="hotlines", code="city", keywords=[], phone="12345")], task(grounds=HOTLINE)),
        ([item(FEES) | {"valid_from": "2026-03-03"}], task()),
    ],
    ids=["no lists", "another item", "a hotline", "not yet in force"],
)
async def test_grounds_that_were_not_in_force_are_not_imported(
    tickets: Tickets, items: list[dict[str, Any]], refused: dict[str, Any]
) -> None:
    await settled(tickets, *items)
    with pytest.raises(ImportRefused, match="grounds"):
        await tickets.load(refused)
    assert await tickets.look(NOTED) == [(0, 0, 0)]
