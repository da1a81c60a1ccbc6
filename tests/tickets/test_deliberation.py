"""Deliberation: parties come together in the courtyard, everyone is heard, and a ticket waits for it (议事协商)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from tests.kit import items_of
from tests.tickets import city
from tests.tickets.conftest import FIVE_SHEETS

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_SEEN = """deliberation { id version matter unheard resolution agreed followUp
  sessions { edges { node { id form place heldAt station { id } attendees { person { id } came }
    opinions { party text agrees } } } } } problems { code path }"""
STATION = str(uuid5(NAMESPACE_URL, "hall"))
STATS = """query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Region {
  deliberations { totalCount } deliberationStats { begun resolved agreed followedUp
    sessions { form sessions attendances } } } } }"""
OF_TICKET = "query($id: ID!) { ticket(id: $id) { deliberations { edges { node { matter ticket { id } } } } } }"


def asking(name: str) -> str:
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ payload: {name}(input: $input) {{ {_SEEN} }} }}"


async def done(tickets: Tickets, name: str, token: str, **asked: Any) -> dict[str, Any]:
    payload = (await tickets.data(asking(name), token, input=asked))["payload"]
    assert payload["problems"] == []
    found: dict[str, Any] = payload["deliberation"]
    return found


async def refused(tickets: Tickets, name: str, token: str, **asked: Any) -> list[str]:
    payload = (await tickets.data(asking(name), token, input=asked))["payload"]
    assert payload["deliberation"] is None
    return [one["code"] for one in payload["problems"]]


async def begun(tickets: Tickets, by: str = "branch", **more: Any) -> dict[str, Any]:
    asked = {
        "idempotencyKey": "d1",
        "regionCode": city.GRID,
        "matter": "充电棚选址",
        "parties": ["BRANCH", "RESIDENTS"],
    }
    return await done(tickets, "beginDeliberation", tickets.staff(by), **{**asked, **more})


async def convened(
    tickets: Tickets, found: dict[str, Any], *, begins: bool = True, by: str = "branch"
) -> dict[str, Any]:
    """Convene a session; it was an hour ago, as one that was held on the spot, or comes in an hour."""
    at = datetime.now(UTC) + timedelta(hours=-1 if begins else 1)
    asked = {
        "idempotencyKey": f"s{begins} {found['id']}",
        "id": found["id"],
        "form": "COURTYARD",
        "place": "三号楼院内",
    }
    return await done(tickets, "conveneSession", tickets.staff(by), **asked, startsAt=at.isoformat(), stationId=STATION)


def present(*names: str) -> list[dict[str, Any]]:
    return [
        {"personId": str(city.person(name)), "party": "BRANCH" if name == "branch" else "RESIDENTS"} for name in names
    ]


def said(*parties: str) -> list[dict[str, Any]]:
    return [{"party": party, "text": "同意靠北墙", "agrees": True} for party in parties]


async def held(tickets: Tickets, found: dict[str, Any], *parties: str, by: str = "branch") -> dict[str, Any]:
    attendees = [*present("branch", "li"), {**present("wang")[0], "came": False}]
    asked = {"sessionId": items_of(found["sessions"])[0]["id"], "attendees": attendees, "opinions": said(*parties)}
    return await done(tickets, "holdSession", tickets.staff(by), **asked)


async def stats(tickets: Tickets, code: str, token: str) -> Any:
    region = [{"__typename": "Region", "id": str(city.region_id(code))}]
    return (await tickets.data(STATS, token, representations=region))["_entities"][0]


async def test_a_matter_goes_from_the_courtyard_to_a_resolution_and_what_came_of_it(tickets: Tickets) -> None:
    branch = tickets.staff("branch")
    found = await convened(tickets, await begun(tickets))
    found = await held(tickets, found, "BRANCH", "RESIDENTS")
    assert found["unheard"] == []
    assert items_of(found["sessions"])[0]["station"] == {"id": STATION}
    asked = {"id": found["id"], "resolution": "靠北墙建", "agreed": True}
    found = await done(tickets, "resolveDeliberation", branch, **asked, expectedVersion=found["version"])
    asked = {"id": found["id"], "followUp": "已建成", "expectedVersion": found["version"]}
    found = await done(tickets, "followUpDeliberation", branch, **asked)
    assert (found["resolution"], found["agreed"], found["followUp"]) == ("靠北墙建", True, "已建成")
    assert await stats(tickets, city.DISTRICT, tickets.role("observer", city.DISTRICT)) == {
        "deliberations": {"totalCount": 1},
        "deliberationStats": {
            "begun": 1,
            "resolved": 1,
            "agreed": 1,
            "followedUp": 1,
            "sessions": [{"form": "COURTYARD", "sessions": 1, "attendances": 2}],
        },
    }
    told = [(type_.split(".")[3], event["data"]) for type_, event in await tickets.events()]
    assert [name for name, _ in told] == ["begun", "session_convened", "session_held", "resolved", "followed_up"]
    assert told[2][1]["people"] == [str(city.person("branch")), str(city.person("li"))]
    assert told[2][1]["parties"] == ["branch", "residents"]
    assert "同意" not in str(told)


async def test_residents_read_the_matter_and_what_was_said_but_not_who_came(tickets: Tickets) -> None:
    found = await held(tickets, await convened(tickets, await begun(tickets)), "BRANCH")
    assert [one["came"] for one in items_of(found["sessions"])[0]["attendees"]].count(True) == 2
    query = """query($representations: [_Any!]!) { _entities(representations: $representations) {
      ... on Deliberation { matter sessions { edges { node { attendees { came } opinions { party text } } } } } } }"""
    asked = [{"__typename": "Deliberation", "id": found["id"]}]
    seen = (await tickets.data(query, tickets.resident(), representations=asked))["_entities"][0]
    assert seen["matter"] == "充电棚选址"
    assert items_of(seen["sessions"]) == [{"attendees": [], "opinions": [{"party": "BRANCH", "text": "同意靠北墙"}]}]
    elsewhere = tickets.resident("zhao", city.ELSEWHERE)
    assert (await tickets.data(query, elsewhere, representations=asked))["_entities"] == [None]


async def test_a_session_is_not_recorded_before_it_begins(tickets: Tickets) -> None:
    found = await convened(tickets, await begun(tickets), begins=False)
    record = {"sessionId": items_of(found["sessions"])[0]["id"], "attendees": present("branch"), "opinions": []}
    before = await tickets.contents()
    assert await refused(tickets, "holdSession", tickets.staff("branch"), **record) == ["SESSION_NOT_BEGUN"]
    assert await tickets.contents() == before


async def test_an_unheard_party_and_a_second_record_are_refused(tickets: Tickets) -> None:
    branch = tickets.staff("branch")
    found = await held(tickets, await convened(tickets, await begun(tickets)), "BRANCH")
    record = {"sessionId": items_of(found["sessions"])[0]["id"], "attendees": present("branch"), "opinions": []}
    before = await tickets.contents()
    assert await refused(tickets, "holdSession", branch, **record) == ["ALREADY_DONE"]
    resolve = {"id": found["id"], "resolution": "建", "agreed": True}
    asked = {**resolve, "expectedVersion": found["version"]}
    assert await refused(tickets, "resolveDeliberation", branch, **asked) == ["PARTIES_NOT_HEARD"]
    asked = {**resolve, "expectedVersion": 1}
    assert await refused(tickets, "resolveDeliberation", branch, **asked) == ["STALE_VERSION"]
    asked = {"id": found["id"], "followUp": "好", "expectedVersion": found["version"]}
    assert await refused(tickets, "followUpDeliberation", branch, **asked) == ["NOT_RESOLVED"]
    assert await tickets.contents() == before


@pytest.mark.parametrize(("after", "enough"), [("session", "held"), ("resolution", "resolved")])
async def test_an_action_waits_for_the_deliberation_that_its_process_asks_for(
    tickets: Tickets, after: str, enough: str
) -> None:
    process = {**FIVE_SHEETS[0], "version": 9, "steps": [dict(step) for step in FIVE_SHEETS[0]["steps"]]}
    step = next(one for one in process["steps"] if one["code"] == "deliberate")
    step["actions"] = [{**one, "after": after} if one["kind"] == "deliberate" else one for one in step["actions"]]
    await tickets.load({"record": "process", "definition": process})
    ticket = await tickets.do("acceptTicket", tickets.staff("worker"), await tickets.raised())
    branch = tickets.staff("branch")

    async def is_refused() -> bool:
        before = await tickets.contents()
        payload = await tickets.payload("deliberateTicket", branch, ticket, opinion="议定")
        assert [one["code"] for one in payload["problems"]] == ["NOT_DELIBERATED"]
        return await tickets.contents() == before

    assert await is_refused()
    found = await convened(tickets, await begun(tickets, ticketId=ticket["id"]))
    assert await is_refused()
    found = await held(tickets, found, "BRANCH", "RESIDENTS")
    if enough == "resolved":
        assert await is_refused()
        asked = {"id": found["id"], "resolution": "建", "agreed": True, "expectedVersion": found["version"]}
        await done(tickets, "resolveDeliberation", branch, **asked)
    ticket = await tickets.do("deliberateTicket", branch, ticket, opinion="议定")
    assert ticket["step"]["code"] == "decide"
    assert items_of((await tickets.data(OF_TICKET, branch, id=ticket["id"]))["ticket"]["deliberations"]) == [
        {"matter": "充电棚选址", "ticket": {"id": ticket["id"]}}
    ]


async def test_nobody_without_the_duty_there_deliberates_for_others(tickets: Tickets) -> None:
    found = await convened(tickets, await begun(tickets))
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    asked: dict[str, dict[str, Any]] = {
        "beginDeliberation": {
            "idempotencyKey": "x", "regionCode": city.GRID, "matter": "事", "parties": ["BRANCH", "OFFICE"],
        },
        "conveneSession": {
            "idempotencyKey": "y", "id": found["id"], "form": "HALL", "place": "厅", "startsAt": at,
        },
        "holdSession": {
            "sessionId": items_of(found["sessions"])[0]["id"], "attendees": present("branch"), "opinions": [],
        },
        "resolveDeliberation": {
            "id": found["id"], "resolution": "建", "agreed": True, "expectedVersion": found["version"],
        },
        "followUpDeliberation": {"id": found["id"], "followUp": "好", "expectedVersion": found["version"]},
    }  # fmt: skip
    impostor = tickets.issuer.mint("grid_worker", region=city.GRID, subject=str(city.person("worker_2")))
    before = await tickets.contents()
    for name, more in asked.items():
        for token, code in (
            (None, {"UNAUTHENTICATED"}),
            (tickets.resident(), {"FORBIDDEN"}),
            (tickets.role("admin"), {"FORBIDDEN"}),
            (tickets.role("auditor"), {"FORBIDDEN"}),
            (impostor, {"FORBIDDEN"}),
            (tickets.staff("first"), {"FORBIDDEN"}),
            (tickets.staff("worker_2"), {"NOT_FOUND"}),
            (tickets.staff("worker_elsewhere"), {"NOT_FOUND"}),
        ):
            assert await tickets.error(asking(name), token, input=more) in code, (name, code)
    assert await tickets.contents() == before


async def test_one_party_alone_and_a_ticket_of_elsewhere_are_refused(tickets: Tickets) -> None:
    await tickets.raised()
    other = await tickets.raised(tickets.resident("zhou", city.GRID_2), key="k2", regionCode=city.GRID_2)
    branch, committee = tickets.staff("branch"), tickets.staff("committee")
    asked = {"idempotencyKey": "d9", "regionCode": city.GRID, "matter": "事", "parties": ["BRANCH", "BRANCH"]}
    before = await tickets.contents()
    assert await refused(tickets, "beginDeliberation", branch, **asked) == ["TOO_FEW_PARTIES"]
    asked |= {"parties": ["BRANCH", "OFFICE"], "ticketId": other["id"]}
    assert await refused(tickets, "beginDeliberation", committee, **asked) == ["TICKET_ELSEWHERE"]
    assert await tickets.error(asking("beginDeliberation"), branch, input=asked) == "NOT_FOUND"
    assert await tickets.contents() == before
