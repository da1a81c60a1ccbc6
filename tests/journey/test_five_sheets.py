"""五单一公开: a resident's request from the first sheet to publicity, through the gateway, seen by the district."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.journey.conftest import DISTRICT, GRID
from tests.kit import items_of

pytestmark = pytest.mark.timeout(600)

TICKET = "ticket { id number version step { code isEnd } outcome }"
PROBLEMS = "problems { code path message }"
RAISE = f"""mutation ($input: RaiseTicketInput!) {{ raiseTicket(input: $input) {{ {TICKET} {PROBLEMS} }} }}"""
COMMUNITY = GRID[:12]


def act(mutation: str) -> str:
    kind = mutation[0].upper() + mutation[1:]
    return f"mutation ($input: {kind}Input!) {{ payload: {mutation}(input: $input) {{ {TICKET} {PROBLEMS} }} }}"


async def raised(city: Any, key: str, title: str = "楼道照明不亮") -> dict[str, Any]:
    resident = city.token("resident", GRID, "resident-1")
    asked = {
        "idempotencyKey": key,
        "process": "five_sheets",
        "regionCode": GRID,
        "title": title,
        "category": "lighting",
    }
    answer = await city.ask(
        RAISE, resident, input={**asked, "requesterName": "王小明", "requesterPhone": "13812345678"}
    )
    assert answer["data"]["raiseTicket"]["problems"] == [], answer
    ticket: dict[str, Any] = answer["data"]["raiseTicket"]["ticket"]
    return ticket


async def done(city: Any, token: str, mutation: str, ticket: dict[str, Any], **more: Any) -> dict[str, Any]:
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"], **more}
    answer = await city.ask(act(mutation), token, input=asked)
    assert "errors" not in answer, answer
    assert answer["data"]["payload"]["problems"] == [], answer
    changed: dict[str, Any] = answer["data"]["payload"]["ticket"]
    return changed


async def carried_to(city: Any, ticket: dict[str, Any], last: str) -> dict[str, Any]:
    """Take the steps of the process in their turn, up to the one named."""
    worker, branch = await city.holder("grid_worker", GRID), await city.holder("grid_branch_secretary", GRID)
    secretary, resident = (
        await city.holder("community_secretary", COMMUNITY),
        city.token("resident", GRID, "resident-1"),
    )
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("acceptTicket", worker, {}),
        ("deliberateTicket", branch, {"opinion": "同意维修"}),
        ("decideTicket", secretary, {"opinion": "由物业更换灯具"}),
        ("carryOutTicket", secretary, {"opinion": "已更换"}),
        ("evaluateTicket", resident, {"rating": 5}),
        ("publiciseTicket", secretary, {"notice": "照明已恢复"}),
    ]
    for mutation, token, more in steps:
        ticket = await done(city, token, mutation, ticket, **more)
        if mutation == last:
            return ticket
    raise AssertionError(last)


async def test_a_request_travels_from_the_first_sheet_to_publicity_and_the_district_sees_each_step(
    city: Any, key: str
) -> None:
    feed = await city.feed()
    ticket = await carried_to(city, await raised(city, key), "publiciseTicket")
    assert ticket["step"] == {"code": "published", "isEnd": True}
    events = await feed.until(ticket["id"], "publicised")
    assert len(await feed.without_gaps(events[0], events[-1])) >= len(events)
    await feed.close()
    facts = ["raised", "accepted", "deliberated", "decided", "carried_out", "evaluated", "publicised"]
    assert [event.type.split(".")[3] for event in events] == facts
    assert [event.aggregateversion for event in events] == list(range(1, 8))
    assert {event.tenant for event in events} == {DISTRICT}
    assert not any(personal in bytes(event.data).decode() for event in events for personal in ("王小明", "1381234"))


async def test_everybody_reads_the_result_without_personal_data_and_without_a_token(city: Any, key: str) -> None:
    ticket = await carried_to(city, await raised(city, key), "publiciseTicket")
    query = """query ($code: String!) { publicTickets(regionCode: $code, first: 1) { edges { node {
        id title notice outcome ratings { mean count } timeline { edges { node { name actedAs } } } regionName
        } } } }"""
    answer = await city.ask(query, None, code=GRID)
    assert "errors" not in answer, answer
    (node,) = [edge["node"] for edge in answer["data"]["publicTickets"]["edges"]]
    assert (node["id"], node["notice"], node["ratings"]["mean"]) == (ticket["id"], "照明已恢复", 5.0)
    assert "王" not in str(answer)
    assert "1381234" not in str(answer)


async def test_from_a_ticket_to_its_region_the_people_in_charge_their_organisation_and_back(
    city: Any, key: str
) -> None:
    ticket = await raised(city, key)
    query = """query ($id: ID!) { ticket(id: $id) {
        region { code level parent { code } tickets(first: 100) { edges { node { id } } } }
        inCharge { title { code } organisation { kind }
            person { id name duties { region { code } } } }
        timeline { edges { node { kind actor { id } } } } myActions { code } } }"""
    worker = await city.holder("grid_worker", GRID)
    answer = await city.ask(query, worker, id=ticket["id"])
    assert "errors" not in answer, answer
    found = answer["data"]["ticket"]
    assert found["region"]["parent"]["code"] == COMMUNITY
    assert ticket["id"] in [edge["node"]["id"] for edge in found["region"]["tickets"]["edges"]]
    assert [duty["title"]["code"] for duty in found["inCharge"]] == ["grid_worker"]
    assert "*" in found["inCharge"][0]["person"]["name"]
    assert {action["code"] for action in found["myActions"]} == {"accept", "refuse"}


async def test_the_same_key_raises_one_ticket_even_at_the_same_moment(city: Any, key: str) -> None:
    tickets = await asyncio.gather(*(raised(city, key) for _ in range(4)))
    assert len({ticket["id"] for ticket in tickets}) == 1
    rows = await city.look("tickets", f"SELECT count(*) FROM outbox WHERE aggregate_id = '{tickets[0]['id']}'")  # noqa: S608
    assert rows[0][0] == 1


@pytest.mark.parametrize(
    ("role", "region", "mutation", "more", "code"),
    [
        ("grid_branch_secretary", GRID, "deliberateTicket", {"opinion": "x"}, "OUT_OF_TURN"),
        ("grid_branch_secretary", GRID, "acceptTicket", {}, "FORBIDDEN"),
        ("grid_worker", "370321001001002", "acceptTicket", {}, "NOT_FOUND"),
        ("observer", DISTRICT, "acceptTicket", {}, "FORBIDDEN"),
        ("grid_worker", GRID, "refuseTicket", {"reason": " "}, "REQUIRED"),
    ],
)
async def test_what_is_refused_changes_nothing_and_tells_nobody(
    city: Any, key: str, role: str, region: str, mutation: str, more: dict[str, Any], code: str
) -> None:
    ticket = await raised(city, key)
    token = city.token(role, region) if role == "observer" else await city.holder(role, region)
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"], **more}
    answer = await city.ask(act(mutation), token, input=asked)
    payload = (answer.get("data") or {}).get("payload")
    codes = [problem["code"] for problem in payload["problems"]] if payload else []
    codes += [error["extensions"]["code"] for error in answer.get("errors", [])]
    assert codes == [code], answer
    events = await city.look("tickets", f"SELECT type FROM outbox WHERE aggregate_id = '{ticket['id']}'")  # noqa: S608
    assert len(events) == 1
    audited = await city.look("tickets", f"SELECT operation FROM audit WHERE object_id = '{ticket['id']}'")  # noqa: S608
    assert [row[0] for row in audited] == ["raiseTicket"]


async def test_a_stale_version_is_refused_and_two_at_once_do_it_once(city: Any, key: str) -> None:
    ticket = await raised(city, key)
    worker = await city.holder("grid_worker", GRID)
    asked = {"id": ticket["id"], "expectedVersion": ticket["version"]}
    answers = await asyncio.gather(*(city.ask(act("acceptTicket"), worker, input=asked) for _ in range(3)))
    codes = sorted(p["code"] for answer in answers for p in answer["data"]["payload"]["problems"])
    assert codes == ["STALE_VERSION", "STALE_VERSION"]


async def test_ten_thousand_characters_of_title_are_refused_by_name(city: Any, key: str) -> None:
    asked = {"idempotencyKey": key, "process": "five_sheets", "regionCode": GRID, "title": "灯" * 10_000}
    answer = await city.ask(RAISE, city.token("resident", GRID, "resident-1"), input=asked)
    (problem,) = answer["data"]["raiseTicket"]["problems"]
    assert (problem["code"], problem["path"]) == ("TOO_LONG", ["title"])


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("", "INVALID_REGION_CODE"),
        ("37032100100100", "INVALID_REGION_CODE"),
        ("３７０３２１００１００１００１", "INVALID_REGION_CODE"),
        ("370321001001001001001", "INVALID_REGION_CODE"),
        ("370321009009009", "UNKNOWN_REGION"),
        ("370321001001", "WRONG_LEVEL"),
    ],
)
async def test_malformed_and_unknown_region_codes_are_refused_clearly(
    city: Any, key: str, region: str, code: str
) -> None:
    asked = {"idempotencyKey": key, "process": "five_sheets", "regionCode": region, "title": "灯"}
    answer = await city.ask(RAISE, city.token("resident", DISTRICT, "resident-1"), input=asked)
    (problem,) = answer["data"]["raiseTicket"]["problems"]
    assert problem["code"] == code


async def test_a_bad_evaluation_lets_the_resident_reopen(city: Any, key: str) -> None:
    ticket = await carried_to(city, await raised(city, key), "carryOutTicket")
    resident = city.token("resident", GRID, "resident-1")
    ticket = await done(city, resident, "evaluateTicket", ticket, rating=1)
    ticket = await done(city, resident, "reopenTicket", ticket, reason="灯仍然不亮")
    assert ticket["step"]["isEnd"] is False
    query = "query ($id: ID!) { ticket(id: $id) { round timeline { edges { node { kind } } } } }"
    answer = await city.ask(query, resident, id=ticket["id"])
    assert answer["data"]["ticket"]["round"] == 1
    assert [entry["kind"] for entry in items_of(answer["data"]["ticket"]["timeline"])][-1] == "REOPEN"
