"""A resident's points through the gateway: joining, the balance live, the district's event, the region's sum."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest

from tests.journey.conftest import DISTRICT, GRID

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.journey.conftest import City

pytestmark = pytest.mark.timeout(600)

FOLLOW = "subscription { myCreditAccountChanged { id balance { available } region { name level code } } }"
JOIN = """mutation ($input: JoinCreditInput!) { joinCredit(input: $input) { accountId problems { code } } }"""
AWARD = """mutation ($input: RecordPointsInput!) { awardPoints(input: $input) { accountId problems { code } } }"""
STATS = "query ($code: String!) { grid(code: $code) { name creditStats { people available } } }"


async def changes(city: City, token: str) -> AsyncIterator[Any]:
    """The balance as a browser reads it: `text/event-stream` from the gateway."""
    headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
    timeout = aiohttp.ClientTimeout(total=120)
    async with city.http.post(
        city.settings.gateway_url, json={"query": FOLLOW}, headers=headers, timeout=timeout
    ) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith(b"data:") and line.strip() != b"data:":
                yield orjson.loads(line.removeprefix(b"data:"))["data"]["myCreditAccountChanged"]


async def test_points_are_seen_live_by_their_holder_and_as_an_event_by_the_district(city: City, key: str) -> None:
    resident, worker = city.token("resident", GRID, "points-1"), await city.holder("grid_worker", GRID)
    joining = {"idempotencyKey": key, "group": "resident", "regionCode": GRID, "name": "李小明", "noticeVersion": 1}
    joined = (await city.ask(JOIN, resident, input=joining))["data"]["joinCredit"]
    assert joined["problems"] == []
    account = joined["accountId"]
    before = (await city.ask(STATS, city.token("observer"), code=GRID))["data"]["grid"]["creditStats"]
    feed, balance = await city.feed(DISTRICT), changes(city, resident)
    async with asyncio.timeout(120):
        first = await anext(balance)
        assert (first["id"], first["balance"]["available"]) == (account, 0)
        assert (first["region"]["level"], first["region"]["code"]) == ("GRID", GRID)
        asked = {"idempotencyKey": key, "accountId": account, "item": "volunteer_service"}
        for _ in range(2):  # the same key gives once
            answer = await city.ask(AWARD, worker, input=asked)
            assert answer["data"]["awardPoints"] == {"accountId": account, "problems": []}
        assert (await anext(balance))["balance"]["available"] == 10
    await balance.aclose()  # type: ignore[attr-defined]
    events = await feed.until(account, "posted")
    assert [event.type for event in events] == ["linli.credit.account.opened.v1", "linli.credit.account.posted.v1"]
    await feed.close()
    after = (await city.ask(STATS, city.token("observer"), code=GRID))["data"]["grid"]["creditStats"]
    assert (after["people"], after["available"]) == (before["people"], before["available"] + 10)
