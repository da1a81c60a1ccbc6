"""What is on a list shows the ticket that handles it as it is now, and the ticket shows what it answers."""

from __future__ import annotations

from typing import Any

import pytest

from services.org.domain.periods import today
from tests.journey.test_five_sheets import COMMUNITY, carried_to, raised

pytestmark = pytest.mark.timeout(600)

ITEM = "listItem { id version } problems { code path }"
LIVE = """query ($code: String!) { region(code: $code) { ... on Community { listItems(list: TASK) { edges { node {
  id title settledOn ticket { outcome step { code } listItems { title } jointProblems { id } } } } } } } }"""


async def changed(city: Any, name: str, given: str, **asked: Any) -> dict[str, Any]:
    document = f"mutation ($input: {given}!) {{ payload: {name}(input: $input) {{ {ITEM} }} }}"
    payload = (await city.ask(document, city.token("admin"), input=asked))["data"]["payload"]
    assert payload["problems"] == []
    found: dict[str, Any] = payload["listItem"]
    return found


async def live(city: Any, title: str) -> dict[str, Any]:
    answer = await city.ask(LIVE, city.token("admin"), code=COMMUNITY)
    assert "errors" not in answer, answer
    [node] = [edge["node"] for edge in answer["data"]["region"]["listItems"]["edges"] if edge["node"]["title"] == title]
    found: dict[str, Any] = node
    return found


async def test_an_item_shows_its_ticket_live_until_people_settle_it(city: Any) -> None:
    title = "楼道照明整治"
    asked = {"list": "TASK", "regionCode": COMMUNITY, "title": title, "validFrom": "2026-01-05"}
    item = await changed(city, "addListItem", "AddListItemInput", idempotencyKey="answered", **asked)
    ticket = await raised(city, "answered")
    handled = {"id": item["id"], "expectedVersion": item["version"], "ticketId": ticket["id"]}
    item = await changed(city, "handleListItem", "HandleListItemInput", **handled)
    seen = await live(city, title)
    assert seen["ticket"] == {
        "outcome": None, "step": {"code": "accept"}, "listItems": [{"title": title}], "jointProblems": [],
    }  # fmt: skip
    await carried_to(city, ticket, "publiciseTicket")
    seen = await live(city, title)
    assert (seen["ticket"]["outcome"], seen["settledOn"]) == ("DONE", None)
    settled = {"id": item["id"], "expectedVersion": item["version"], "result": "已恢复", "on": today().isoformat()}
    await changed(city, "settleListItem", "SettleListItemInput", **settled)
    assert (await live(city, title))["settledOn"] == today().isoformat()
