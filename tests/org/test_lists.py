"""The four lists of a community, through the graph."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

STATS = """query($asOf: Date) { district(code: "370321", asOf: $asOf) { listStats { lists
    needs { items linked answered } resources { items kinds linked } services { items settled }
    tasks { items } } } }"""
CHAIN = """{ community(code: "%s") { listItems(list: NEED) { totalCount edges { node { title
    leadsTo { title kind { code }
    leadsTo { title result settledOn ticket { id } ledFrom { title } } } } } } } }"""


def mutation(name: str, given: str | None = None) -> str:
    given = given or name[0].upper() + name[1:] + "Input"
    return f"mutation($input: {given}!) {{ {name}(input: $input) {{ listItem {{ id version }} problems {{ code }} }} }}"


async def do(org: Org, what: str, given: dict[str, Any], input_type: str | None = None) -> Any:
    payload = (await org.data(mutation(what, input_type), input=given))[what]
    return [one["code"] for one in payload["problems"]] or payload["listItem"]


async def stats(org: Org, day: str | None = None) -> Any:
    return (await org.data(STATS, asOf=day))["district"]["listStats"]


async def test_a_need_leads_by_a_resource_to_a_service_and_its_result(org: Org) -> None:
    before = await stats(org)
    assert before == {
        "lists": 3,
        "needs": {"items": 1, "linked": 1, "answered": 0},
        "resources": {"items": 1, "kinds": 1, "linked": 1},
        "services": {"items": 1, "settled": 0},
        "tasks": {"items": 0},
    }
    handled = {"id": city.MEALS, "expectedVersion": 1, "ticketId": str(city.id_of("ticket"))}
    assert (await do(org, "handleListItem", handled))["version"] == 2
    settled = {"id": city.MEALS, "expectedVersion": 2, "result": "开餐", "on": "2024-06-01"}
    assert (await do(org, "settleListItem", settled))["version"] == 3
    found = (await org.data(CHAIN % city.COMMUNITY))["community"]["listItems"]
    (need,) = (edge["node"] for edge in found["edges"])
    assert need["leadsTo"] == [
        {
            "title": "食堂",
            "kind": {"code": "market"},
            "leadsTo": [
                {
                    "title": "助餐",
                    "result": "开餐",
                    "settledOn": "2024-06-01",
                    "ticket": {"id": handled["ticketId"]},
                    "ledFrom": [{"title": "食堂"}],
                }
            ],
        }
    ]
    assert ((await stats(org))["needs"]["answered"], (await stats(org, "2024-05-31"))["needs"]["answered"]) == (1, 0)
    told = await org.look("SELECT type FROM outbox WHERE type ~ 'list_item' ORDER BY id")
    assert [name.split(".")[3] for (name,) in told][-2:] == ["handled", "settled"]


async def test_what_does_not_fit_on_a_list_is_refused_and_changes_nothing(org: Org) -> None:
    task = {"list": "TASK", "regionCode": city.COMMUNITY, "title": "巡查", "validFrom": "2024-01-01"}
    need, canteen, foreign = (str(city.id_of("list_item", one)) for one in ("need", "canteen", "foreign"))
    before = await org.contents()
    tried: list[tuple[str, dict[str, Any], str]] = [
        ("addListItem", {**task, "title": " "}, "REQUIRED"),
        ("addListItem", {**task, "regionCode": city.GRID}, "NOT_A_COMMUNITY"),
        ("addListItem", {**task, "kind": "market"}, "UNKNOWN_KIND"),
        ("addListItem", {**task, "list": "RESOURCE"}, "UNKNOWN_KIND"),
        ("addListItem", {**task, "organisationId": str(city.id_of(1))}, "UNKNOWN_ORGANISATION"),
        ("linkListItems", {"sourceId": city.MEALS, "targetId": need}, "WRONG_LINK"),
        ("linkListItems", {"sourceId": need, "targetId": need}, "WRONG_LINK"),
        ("linkListItems", {"sourceId": need, "targetId": canteen}, "NOTHING_CHANGES"),
        ("linkListItems", {"sourceId": need, "targetId": foreign}, "OTHER_COMMUNITY"),
        ("settleListItem", {"id": need, "expectedVersion": 2, "result": "x", "on": "2024-06-01"}, "HAS_NO_RESULT"),
        (
            "settleListItem",
            {"id": foreign, "expectedVersion": 2, "result": "x", "on": "2024-06-01"},
            "ALREADY_SETTLED",
        ),
        (
            "settleListItem",
            {"id": city.MEALS, "expectedVersion": 9, "result": "x", "on": "2024-06-01"},
            "STALE_VERSION",
        ),
    ]
    for number, (what, given, code) in enumerate(tried):
        key: dict[str, Any] = {} if what == "settleListItem" else {"idempotencyKey": f"key {number}"}
        assert await do(org, what, {**key, **given}) == [code], (what, given)
    assert await org.contents() == before


async def test_what_is_off_its_list_is_counted_only_before_and_leads_nowhere(org: Org) -> None:
    over = {"id": city.MEALS, "expectedVersion": 1, "on": "2025-01-01"}
    assert (await do(org, "endListItem", over, "EndInput"))["version"] == 2
    assert ((await stats(org))["services"]["items"], (await stats(org, "2024-12-31"))["services"]["items"]) == (0, 1)
    link = {"idempotencyKey": "a", "sourceId": str(city.id_of("list_item", "need")), "targetId": city.MEALS}
    assert await do(org, "linkListItems", link) == ["OFF_THE_LIST"]
