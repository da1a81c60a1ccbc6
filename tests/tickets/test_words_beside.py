"""What residents wrote and said beside a ticket goes with its requester's data: objections, sessions, burdens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from services.tickets.commands.personal_data import erase_over
from services.tickets.storage.processes import Processes
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.test_burdens import REPORT, report
from tests.tickets.test_deliberation import convened, done
from tests.tickets.test_objections import ANSWER, OBJECT, posted
from tests.tickets.test_personal_data import ERASE
from tests.tickets.test_sweeps import due, sweep_at

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

PARTIES = ("BRANCH", "RESIDENTS", "CONCERNED")


async def objected(tickets: Tickets, ticket: dict[str, Any], who: str) -> None:
    """An objection of somebody, which says that it is theirs, and its answer."""
    asked = {"idempotencyKey": who, "id": ticket["id"], "reason": f"{who}家门口"}
    found = (await tickets.data(OBJECT, tickets.resident(who), input=asked))["payload"]["objection"]
    answer = {"id": found["id"], "answer": "已避开", "upheld": True}
    assert (await tickets.data(ANSWER, tickets.staff("committee"), input=answer))["payload"]["problems"] == []


async def deliberated(tickets: Tickets, ticket: dict[str, Any]) -> None:
    """A session of the community about the ticket, at which every party says something."""
    secretary = tickets.staff("committee")
    asked: dict[str, Any] = {"matter": "充电棚选址", "parties": list(PARTIES), "ticketId": ticket["id"]}
    found = await done(tickets, "beginDeliberation", secretary, idempotencyKey="d", regionCode=city.COMMUNITY, **asked)
    found = await convened(tickets, found, by="committee")
    people = zip(("branch", "wang", "li"), PARTIES, strict=True)
    attendees = [{"personId": str(city.person(name)), "party": party} for name, party in people]
    said = [{"party": party, "text": f"{party}的话"} for party in PARTIES]
    asked = {"sessionId": items_of(found["sessions"])[0]["id"], "attendees": attendees, "opinions": said}
    found = await done(tickets, "holdSession", secretary, **asked)
    asked = {"id": found["id"], "resolution": "靠北墙建", "agreed": True, "expectedVersion": found["version"]}
    await done(tickets, "resolveDeliberation", secretary, **asked)


async def ended(tickets: Tickets) -> dict[str, Any]:
    """A notice that the requester and a neighbour object to, deliberated, and over."""
    ticket = await posted(tickets)
    for who in ("li", "wang"):
        await objected(tickets, ticket, who)
    await deliberated(tickets, ticket)
    assert await sweep_at(tickets, await due(tickets)) == ["lapsed"]
    return ticket


async def words(tickets: Tickets) -> tuple[dict[str, str], dict[str, str]]:
    """What is left of objections, by whose they are, and of opinions, by party."""
    objections = dict(await tickets.look("SELECT by, reason FROM objection"))
    return objections, dict(await tickets.look("SELECT party, text FROM deliberation_opinion"))


SAID = {"branch": "BRANCH的话", "residents": "RESIDENTS的话", "concerned": "CONCERNED的话"}


async def test_what_the_requester_wrote_goes_when_they_ask_and_what_others_wrote_stays(tickets: Tickets) -> None:
    ticket = await ended(tickets)
    assert await words(tickets) == ({"li": "li家门口", "wang": "wang家门口"}, SAID)
    payload = (await tickets.data(ERASE, tickets.resident(), input={"ticketId": ticket["id"]}))["payload"]
    assert payload["problems"] == []
    assert await words(tickets) == ({"li": "", "wang": "wang家门口"}, SAID | {"concerned": ""})
    assert await tickets.look("SELECT DISTINCT answer, upheld FROM objection") == [("已避开", True)]
    mine = "{ myObjections { reason isMine answer } }"
    assert (await tickets.data(mine, tickets.resident()))["myObjections"] == [
        {"reason": "", "isMine": True, "answer": "已避开"}
    ]


async def test_time_takes_what_all_residents_wrote_and_leaves_what_was_done(tickets: Tickets) -> None:
    await ended(tickets)
    await tickets.look("UPDATE ticket SET ended_at = '2026-01-31T20:00:00+08:00'")
    at = datetime(2028, 1, 30, 16, 0, tzinfo=UTC)
    assert await erase_over(tickets.runtime.database, Processes(), at) == 1
    assert await words(tickets) == ({"li": "", "wang": ""}, {"branch": "BRANCH的话", "residents": "", "concerned": ""})
    assert await tickets.look("SELECT matter, resolution FROM deliberation") == [("充电棚选址", "靠北墙建")]


async def test_words_at_a_session_above_the_requesters_own_grid_go_too(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    await deliberated(tickets, ticket)
    li = tickets.resident(region=city.GRID)
    await tickets.do("withdrawTicket", li, ticket, reason="不用了")
    assert (await tickets.data(ERASE, li, input={"ticketId": ticket["id"]}))["payload"]["problems"] == []
    assert (await words(tickets))[1] == SAID | {"concerned": ""}


async def test_a_burden_that_the_requester_reported_loses_its_words_and_no_other(tickets: Tickets) -> None:
    secretary = str(city.person("committee"))
    grants = [("resident", city.COMMUNITY), ("community_secretary", city.COMMUNITY)]
    token = tickets.issuer.mint(grants=grants, subject=secretary)
    ticket = await tickets.raised(token, regionCode=city.GRID)
    for who, by in (("a", token), ("b", tickets.staff("first"))):
        asked = report(idempotencyKey=who, ticketId=ticket["id"], description=f"{who}的报表")
        payload = (await tickets.data(REPORT, by, input=asked))["payload"]
        assert payload["problems"] == [], who
    await tickets.do("withdrawTicket", token, ticket, reason="已解决")
    assert (await tickets.data(ERASE, token, input={"ticketId": ticket["id"]}))["payload"]["problems"] == []
    assert await tickets.look("SELECT description FROM burden ORDER BY description") == [("",), ("b的报表",)]


async def test_who_may_not_erase_leaves_every_word(tickets: Tickets) -> None:
    ticket = await ended(tickets)
    kept = await tickets.contents()
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (tickets.resident("wang"), "NOT_FOUND"),
        (tickets.resident("zhao", city.ELSEWHERE), "NOT_FOUND"),
        (tickets.staff("committee"), "FORBIDDEN"),
    ):
        assert await tickets.error(ERASE, token, input={"ticketId": ticket["id"]}) == code
    assert await tickets.contents() == kept
