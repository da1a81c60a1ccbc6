"""A matter that was deliberated here becomes a vote of owners in property; its result is seen here and in public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.property.domain import events as property_events
from services.tickets.reactions.property import PROPERTY_HANDLERS
from tests.credit.city import envelope
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.test_objections import posted
from tests.tickets.test_org_events import NEW, recoded

if TYPE_CHECKING:
    from chassis.events.event import Event
    from tests.tickets.conftest import Tickets

VOTES = """ownersVotes { edges { node { voteId compoundId title closesAt closedAt decisions { matter passed }
    owners ownersTakingPart area areaTakingPart } } }"""
SEEN = f"query($id: ID!) {{ ticket(id: $id) {{ {VOTES} }} }}"
PUBLIC = f"query($code: String!) {{ publicTickets(regionCode: $code) {{ edges {{ node {{ number {VOTES} }} }} }} }}"
VOTE, COMPOUND = city.person("vote"), city.person("compound")
OPENS = datetime(2026, 12, 1, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=14)


def announced(ticket: str | None, vote: UUID = VOTE) -> Event:
    return property_events.VoteAnnounced(
        vote_id=vote, compound_id=COMPOUND, region_code=city.GRID, title="更换电梯", secret=False, round=1,
        matters=(5, 9), opens_at=OPENS, closes_at=CLOSES, ticket_id=UUID(ticket) if ticket else None,
    )  # fmt: skip


def closed(ticket: str, *, agrees: bool = True, vote: UUID = VOTE) -> Event:
    return property_events.VoteClosed(
        vote_id=vote, compound_id=COMPOUND, region_code=city.GRID, matters=(5, 9), passed=(True, False),
        total_area=900000, total_heads=90, part_area=700000, part_heads=70, recount_agrees=agrees,
        ticket_id=UUID(ticket),
    )  # fmt: skip


async def hear(tickets: Tickets, *events: Event) -> None:
    async with tickets.runtime.database.write(("",)) as session:
        for event in events:
            told = envelope(event, "property")
            await PROPERTY_HANDLERS[told.type](session.connection, [told])


async def seen(tickets: Tickets, ticket: dict[str, Any]) -> list[dict[str, Any]]:
    return items_of((await tickets.data(SEEN, tickets.staff("committee"), id=ticket["id"]))["ticket"]["ownersVotes"])


def test_every_event_that_is_listened_to_is_published_by_property() -> None:
    assert set(PROPERTY_HANDLERS) <= {event.type_in("property") for event in property_events.EVENTS}


async def test_a_vote_is_seen_at_the_ticket_and_its_result_in_public(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    later = OPENS + timedelta(days=30)
    extended = property_events.VoteExtended(vote_id=VOTE, compound_id=COMPOUND, region_code=city.GRID, closes_at=later)
    await hear(tickets, announced(ticket["id"]), announced(ticket["id"]), extended)
    (vote,) = await seen(tickets, ticket)
    assert vote == {
        "voteId": str(VOTE), "compoundId": str(COMPOUND), "title": "更换电梯", "closesAt": later.isoformat(),
        "closedAt": None, "decisions": [{"matter": 5, "passed": None}, {"matter": 9, "passed": None}],
        "owners": None, "ownersTakingPart": None, "area": None, "areaTakingPart": None,
    }  # fmt: skip
    await hear(tickets, closed(ticket["id"]), closed(ticket["id"]))
    (vote,) = await seen(tickets, ticket)
    assert vote["closedAt"]
    result = {"owners": 90, "ownersTakingPart": 70, "area": "9000.00", "areaTakingPart": "7000.00"}
    assert {name: vote[name] for name in result} == result
    assert vote["decisions"] == [{"matter": 5, "passed": True}, {"matter": 9, "passed": False}]
    ((public,),) = [
        [edge["node"] for edge in found["edges"]]
        for found in (await tickets.data(PUBLIC, None, code=city.DISTRICT)).values()
    ]
    assert items_of(public["ownersVotes"]) == [vote]


async def test_a_disputed_count_is_no_result_and_votes_of_nobodys_ticket_are_left_out(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    other, stranger = city.person("other vote"), city.person("stranger")
    await hear(tickets, announced(None, other), announced(str(stranger), city.person("third")))
    assert await tickets.look("SELECT 1 FROM owners_vote") == []
    await hear(tickets, closed(ticket["id"], vote=other))
    assert await tickets.look("SELECT 1 FROM owners_vote") == []
    await hear(tickets, announced(ticket["id"]), closed(ticket["id"], agrees=False))
    (vote,) = await seen(tickets, ticket)
    assert vote["decisions"] == [{"matter": 5, "passed": None}, {"matter": 9, "passed": None}]


async def test_what_is_not_public_yet_shows_no_vote_and_a_recoded_region_takes_votes_along(tickets: Tickets) -> None:
    ticket = await tickets.to_step("deliberate")
    await hear(tickets, announced(ticket["id"]))
    answer = await tickets.data(PUBLIC, None, code=city.DISTRICT)
    assert answer["publicTickets"]["edges"] == []
    await city.tell(tickets.runtime.database, recoded(NEW, city.GRID))
    assert await tickets.look("SELECT region_code FROM owners_vote") == [(NEW,)]
    assert (await seen_from(tickets, "370303", ticket)) == 1


async def seen_from(tickets: Tickets, region: str, ticket: dict[str, Any]) -> int:
    found = await tickets.data(SEEN, tickets.role("auditor", region), id=ticket["id"])
    return len(items_of(found["ticket"]["ownersVotes"]))
