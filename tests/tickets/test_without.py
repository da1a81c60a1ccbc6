"""Which communities have not met this quarter: told of a region, to who sees all tickets of the process there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_FOLDER = Path(__file__).parents[2] / "deploy/practices/processes"
[MEETING] = yaml.safe_load((_FOLDER / "joint_meeting.yaml").read_text(encoding="utf-8"))
WITHOUT = """query($representations: [_Any!]!, $from: Date!, $to: Date!) {
  _entities(representations: $representations) { ... on Region {
    communitiesWithout(process: "joint_meeting", kind: RAISE, doneFrom: $from, doneTo: $to) {
      totalCount edges { node { code region { id } } } } } } }"""


async def without(tickets: Tickets, token: str, code: str, days: int = 90, until: int = 0) -> list[str]:
    today = local_day(now())
    found: Any = await tickets.data(
        WITHOUT, token, representations=[{"__typename": "Region", "id": str(city.region_id(code))}],
        **{"from": str(today - timedelta(days)), "to": str(today - timedelta(until))},
    )  # fmt: skip
    found = found["_entities"][0]["communitiesWithout"]
    nodes = [edge["node"] for edge in found["edges"]]
    assert found["totalCount"] == len(nodes)
    assert all(one["region"] == {"id": str(city.region_id(one["code"]))} for one in nodes)
    return [one["code"] for one in nodes]


async def test_a_community_is_named_until_it_has_met_and_again_in_the_next_period(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": MEETING})
    observer = tickets.role("observer", city.CITY)
    elsewhere = city.ELSEWHERE[:12]
    assert await without(tickets, observer, city.CITY) == [elsewhere, city.COMMUNITY]
    await tickets.raised(tickets.staff("committee"), process="joint_meeting", category=None, regionCode=city.COMMUNITY)
    assert await without(tickets, observer, city.CITY) == [elsewhere]
    assert await without(tickets, observer, city.DISTRICT) == []
    assert await without(tickets, observer, city.CITY, until=1) == [elsewhere, city.COMMUNITY]


async def test_nobody_is_told_of_communities_whose_tickets_they_do_not_see(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": MEETING})
    assert await without(tickets, tickets.staff("street"), city.CITY) == [city.COMMUNITY]
    assert await without(tickets, tickets.staff("worker"), city.CITY) == []
    assert await without(tickets, tickets.resident(), city.CITY) == []
