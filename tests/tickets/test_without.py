"""Which communities have not met this quarter: told of a region, to who sees all tickets of the process there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from tests.tickets import city
from tests.tickets.test_deliberation import begun, convened, held

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_FOLDER = Path(__file__).parents[2] / "deploy/practices/processes"
[MEETING] = yaml.safe_load((_FOLDER / "joint_meeting.yaml").read_text(encoding="utf-8"))
WITHOUT = """query($representations: [_Any!]!, $from: Date!, $to: Date!, $kind: TicketActionKind!) {
  _entities(representations: $representations) { ... on Region {
    communitiesWithout(process: "joint_meeting", kind: $kind, doneFrom: $from, doneTo: $to) {
      totalCount edges { node { code region { id } } } } } } }"""


async def without(
    tickets: Tickets, token: str, code: str, days: int = 90, until: int = 0, kind: str = "RAISE"
) -> list[str]:
    today = local_day(now())
    found: Any = await tickets.data(
        WITHOUT, token, representations=[{"__typename": "Region", "id": str(city.region_id(code))}],
        kind=kind, **{"from": str(today - timedelta(days)), "to": str(today - timedelta(until))},
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


async def test_a_matter_on_the_agenda_is_no_meeting_until_the_session_was_held_and_agreed(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": MEETING})
    observer, secretary = tickets.role("observer", city.CITY), tickets.staff("committee")
    ticket = await tickets.raised(secretary, process="joint_meeting", category=None, regionCode=city.COMMUNITY)

    async def not_met(**more: int) -> list[str]:
        return await without(tickets, observer, city.DISTRICT, kind="DELIBERATE", **more)

    assert await not_met() == [city.COMMUNITY]
    found = await begun(tickets, by="committee", regionCode=city.COMMUNITY, ticketId=ticket["id"])
    found = await convened(tickets, found, by="committee")
    assert (await tickets.payload("deliberateTicket", secretary, ticket, opinion="议定"))["problems"] != []
    await held(tickets, found, "BRANCH", "RESIDENTS", by="committee")
    assert await not_met() == [city.COMMUNITY], "the session was held, and nothing agreed"
    ticket = await tickets.do("deliberateTicket", secretary, ticket, opinion="议定")
    assert ticket["step"]["code"] == "propose"
    assert await not_met() == []
    assert await not_met(days=90, until=1) == [city.COMMUNITY], "a quarter that ended before knows nothing of it"


async def test_nobody_is_told_of_communities_whose_tickets_they_do_not_see(tickets: Tickets) -> None:
    await tickets.load({"record": "process", "definition": MEETING})
    assert await without(tickets, tickets.staff("street"), city.CITY) == [city.COMMUNITY]
    assert await without(tickets, tickets.staff("worker"), city.CITY) == []
    assert await without(tickets, tickets.resident(), city.CITY) == []
