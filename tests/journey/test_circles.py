"""What is within a walk of a compound: property knows where it lies, org what is around it, by events in between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.journey.test_five_sheets import COMMUNITY

pytestmark = pytest.mark.timeout(600)

STATIONS = """query ($code: String!) { region(code: $code) { stations(first: 100) { edges { node {
  id kind latitude longitude } } } } }"""
REGISTER = """mutation ($input: RegisterCompoundInput!) { registerCompound(input: $input) {
  compound { id } problems { code path } } }"""
NEAR = """query ($id: ID!, $kind: String!) { compound(id: $id) {
  reachableStations(kinds: [$kind]) { minutes station { id } } } }"""


async def test_a_compound_has_its_circle_as_soon_as_org_has_heard_where_it_lies(city: Any) -> None:
    told = await city.ask(STATIONS, city.token("observer"), code=COMMUNITY)
    nodes = [edge["node"] for edge in told["data"]["region"]["stations"]["edges"]]
    station = next(node for node in nodes if node["latitude"] is not None)
    asked = {"idempotencyKey": "circle", "regionCode": COMMUNITY, "name": "步行可达小区", "kind": "commercial_housing"}
    where = {"latitude": station["latitude"], "longitude": station["longitude"]}
    token = city.token("admin")
    payload = (await city.ask(REGISTER, token, input=asked | where))["data"]["registerCompound"]
    assert payload["problems"] == []
    near: list[Any] | None = None
    async with asyncio.timeout(60):
        while near is None:
            answer = await city.ask(NEAR, token, id=payload["compound"]["id"], kind=station["kind"])
            assert "errors" not in answer, answer
            near = answer["data"]["compound"]["reachableStations"]
            await asyncio.sleep(0.1)
    assert {"minutes": 0, "station": {"id": station["id"]}} in near
