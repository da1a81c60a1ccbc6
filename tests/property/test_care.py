"""Compounds without care, funds, and what tickets bring; through the graph."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chassis.events.envelope import Envelope
from chassis.events.subject import tenant_of
from chassis.ids import new_id
from services.property.domain.content import now, today
from services.property.domain.quarters import bounds_of, quarter_of
from services.property.reactions.tickets import TICKET_HANDLERS
from tests.kit import items_of
from tests.property import city
from tests.property.committee_kit import owner_ids
from tests.property.vote_kit import VOTE, announce, cast, close_now, compound_of, open_now

if TYPE_CHECKING:
    from tests.property.conftest import Property

LACKS = """compound { care lacks { edges { node { id isThreeNo solution responsible convertedOn missing
    haves { have evidence } } } } }"""
FUNDS = """compound { fundStatements { edges { node { quarter entries digest maintenance { opening came went closing }
    common { opening came went closing } } } }
    fundEntries { edges { node { number movement amount debit credit voteId } } } }"""
OFFICER = ("subdistrict_officer", city.SUBDISTRICT)


async def lack(service: Property, name: str) -> tuple[str, str]:
    compound = await compound_of(service, name, 3)
    asked = {"compoundId": compound, "noService": True, "noUnit": True, "noSecurity": True, "cause": "单位改制弃管",
             "idempotencyKey": f"lack {name}"}  # fmt: skip
    done = await service.done("registerLack", service.staff(), LACKS, **asked)
    (entry,) = items_of(done["compound"]["lacks"])
    assert entry["isThreeNo"]
    again = asked | {"idempotencyKey": "again"}
    assert await service.refused("registerLack", service.staff(), LACKS, **again) == "LACK_EXISTS"
    return compound, entry["id"]


async def test_a_three_no_compound_converts_when_all_five_hold_and_it_is_cared_for(service: Property) -> None:
    compound, id_ = await lack(service, "三无")
    staff, officer, key = service.staff(), service.staff(*OFFICER), {"lackId": id_}
    planned = key | {"solution": "SELF_MANAGED", "responsible": "社区党委"}
    assert await service.refused("planSolution", staff, LACKS, **planned | {"solution": "NONE"}) == "NO_CARE"
    await service.done("planSolution", staff, LACKS, **planned)
    haves = ("ORGANISATION", "STRENGTH", "PLACE", "RESOURCES", "MECHANISM")
    for have in haves:
        assert await service.refused("convertCompound", officer, LACKS, **key) == "HAVES_MISSING"
        done = await service.done("proveHave", staff, LACKS, **key, have=have, evidence=f"{have} 佐证")
    assert items_of(done["compound"]["lacks"])[0]["missing"] == []
    done = await service.done("proveHave", staff, LACKS, **key, have="PLACE")
    assert items_of(done["compound"]["lacks"])[0]["missing"] == ["PLACE"]
    assert await service.refused("proveHave", staff, LACKS, **key, have="PLACE") == "ALREADY_ENDED"
    await service.done("proveHave", staff, LACKS, **key, have="PLACE", evidence="新驿站")
    assert await service.refused("convertCompound", officer, LACKS, **key) == "NO_CARE"
    care = {"compoundId": compound, "care": "SELF_MANAGED"}
    assert await service.refused("takeOnCare", staff, LACKS, **care) == "NOBODY_MANAGES"
    members = [{"capacity": "OWNER", "ownerId": one} for one in (await owner_ids(service, compound)).values()]
    group = {"idempotencyKey": "g", "compoundId": compound, "form": "SELF_MANAGEMENT_GROUP", "members": members}
    await service.done("formBody", staff, "committee { id }", **group)
    await service.done("takeOnCare", staff, LACKS, **care)
    done = (await service.done("convertCompound", officer, LACKS, **key))["compound"]
    assert (done["care"], items_of(done["lacks"])[0]["convertedOn"]) == ("SELF_MANAGED", today().isoformat())
    types = [type_.removeprefix("linli.property.") for type_, payload in await service.events()
             if payload["subject"] == id_]  # fmt: skip
    assert types == ["lack.registered.v1", "lack.solution_planned.v1", *["lack.have_changed.v1"] * 7,
                     "lack.converted.v1"]  # fmt: skip
    assert await service.refused("proveHave", staff, LACKS, **key, have="PLACE") == "ALREADY_ENDED"


async def decided(service: Property, compound: str, name: str, *amounts: tuple[str, int | None]) -> str:
    """Let the owners decide on amounts of money; return the vote."""
    items = [{"matter": matter, "text": f"议题{at}", "amountFen": fen} for at, (matter, fen) in enumerate(amounts)]
    vote = str((await announce(service, compound, key=f"money {name}", items=items))["id"])
    await open_now(service, vote)
    for number in range(3):
        await cast(service, vote, f"{name} {number}", *["YES"] * len(items), key=f"money {name} {number}")
    await close_now(service, vote)
    return vote


async def test_money_moves_within_what_the_owners_decided_and_is_published_by_quarter(service: Property) -> None:
    compound, staff = await compound_of(service, "资金", 3), service.staff()
    vote = await decided(service, compound, "资金", ("USE_FUND", 30_000), ("RAISE_FUND", 100), ("USE_FUND", None))
    last, _ = bounds_of(quarter_of(today()))
    day = last - timedelta(days=1)
    asked = {"compoundId": compound, "on": day.isoformat(), "text": "外墙维修"}

    async def book(movement: str, fen: int, **more: Any) -> str | None:
        given = asked | {"movement": movement, "amountFen": fen, "idempotencyKey": f"{movement} {fen} {more}"} | more
        payload = await service.do("bookFund", staff, FUNDS, **given)
        return payload["problems"][0]["code"] if payload["problems"] else None

    assert await book("USE", 1, voteId=vote) == "BALANCE_TOO_SMALL"
    assert await book("PAY_IN", 50_000) is None
    assert await book("COMMON_INCOME", 8_000) is None
    assert await book("COMMON_TO_FUND", 8_001) == "BALANCE_TOO_SMALL"
    assert await book("COMMON_TO_FUND", 3_000) is None
    assert await book("USE", 1) == "NOT_DECIDED"
    assert await book("USE", 1, voteId=vote, position=1) == "NOT_DECIDED"
    assert await book("USE", 1, voteId=vote, position=2) == "BEYOND_DECISION"
    assert await book("USE", 20_000, voteId=vote) is None
    assert await book("USE", 10_001, voteId=vote) == "BEYOND_DECISION"
    assert await book("RAISE", 100, voteId=vote, position=1) is None
    publish = {"compoundId": compound, "quarter": quarter_of(day)}
    running = publish | {"quarter": quarter_of(today())}
    assert await service.refused("publishFunds", staff, FUNDS, **running) == "INVALID_QUARTER"
    resident, query = (
        service.resident("资金 0"),
        "query($id: ID!) { " + FUNDS.replace("compound", "compound(id: $id)") + " }",
    )
    assert items_of((await service.data(query, resident, id=compound))["compound"]["fundEntries"]) == []
    await service.done("publishFunds", staff, FUNDS, **publish)
    found = (await service.data(query, resident, id=compound))["compound"]
    (statement,) = items_of(found["fundStatements"])
    assert statement["maintenance"] == {"opening": "0.00", "came": "531.00", "went": "200.00", "closing": "331.00"}
    assert statement["common"] == {"opening": "0.00", "came": "80.00", "went": "30.00", "closing": "50.00"}
    assert [one["number"] for one in items_of(found["fundEntries"])] == [1, 2, 3, 4, 5]
    assert await book("PAY_IN", 1) == "QUARTER_PUBLISHED"
    assert await service.refused("publishFunds", staff, FUNDS, **publish) == "INVALID_QUARTER"
    type_, payload = (await service.events())[-1]
    assert (type_, payload["data"]["maintenanceBalance"]) == ("linli.property.compound.funds_published.v1", 33_100)
    for change in (
        "UPDATE fund_entry SET amount = 1",
        "DELETE FROM fund_entry",
        "UPDATE fund_statement SET entries = 0",
    ):
        with pytest.raises(ProgrammingError):
            async with service.runtime.database.write(("",)) as session:
                await session.execute(text(change))


def told(ticket: Any, fact: str, region: str, **more: Any) -> Envelope:
    data = {"ticketId": ticket, "category": "property_service", "regionId": city.region_id(region),
            "regionCode": region, **more}  # fmt: skip
    return Envelope(
        specversion="1.0", id=new_id(), source="/linli/tickets", type=f"linli.tickets.ticket.{fact}.v1",
        subject=ticket, time=datetime.now(UTC), datacontenttype="application/json", tenant=tenant_of(region),
        regioncode=region, aggregateversion=1, data=msgspec.Raw(msgspec.json.encode(data)),
    )  # fmt: skip


async def hear(service: Property, *events: Envelope) -> None:
    for event in events:
        async with service.runtime.database.write(("",)) as session:
            await TICKET_HANDLERS[event.type](session.connection, [event])


async def test_a_deliberated_ticket_becomes_a_vote_and_its_result_names_it(service: Property) -> None:
    compound = await compound_of(service, "议事", 3)
    ticket, elsewhere = new_id(), new_id()
    await hear(service, told(ticket, "raised", city.GRID), told(elsewhere, "deliberated", city.COMMUNITY_2))
    opens = now() + timedelta(days=16)
    asked = {"idempotencyKey": "t", "compoundId": compound, "title": "加装充电桩", "opensAt": opens.isoformat(),
             "closesAt": (opens + timedelta(days=5)).isoformat(),
             "items": [{"matter": "CHANGE_COMMON_PARTS", "text": "充电桩"}]}  # fmt: skip
    for wrong in (ticket, elsewhere, new_id()):
        given = asked | {"ticketId": str(wrong)}
        assert await service.refused("announceVote", service.staff(), VOTE, **given) == "NOT_DELIBERATED"
    await hear(service, told(ticket, "deliberated", city.GRID), told(ticket, "advanced", city.GRID))
    done = await service.done("announceVote", service.staff(), "vote { id ticketId }", **asked, ticketId=str(ticket))
    assert done["vote"]["ticketId"] == str(ticket)
    await open_now(service, done["vote"]["id"])
    for number in range(3):
        await cast(service, done["vote"]["id"], f"议事 {number}", "YES", key=f"ticket {number}")
    await close_now(service, done["vote"]["id"])
    payloads = [payload["data"] for type_, payload in await service.events() if type_.endswith("vote.closed.v1")]
    assert payloads[-1]["ticketId"] == str(ticket)


COUNTS = """query($ids: [_Any!]!, $of: [String!]!) { _entities(representations: $ids) { ... on Region { propertyStats {
    tickets(categories: $of) { raised done rated } } } } }"""


async def test_tickets_count_by_category_and_one_without_a_category_is_taken_in_too(service: Property) -> None:
    first, second, third = (new_id() for _ in range(3))
    await hear(
        service,
        told(first, "raised", city.ELSEWHERE, category="lighting"),
        told(second, "raised", city.ELSEWHERE, category="parking"),
        told(third, "raised", city.ELSEWHERE, category=None),
        told(first, "evaluated", city.ELSEWHERE, category="lighting", outcome="done", rating=5),
    )
    region = [{"__typename": "Region", "id": str(city.region_id("370303"))}]
    token = service.staff("observer", "370303")
    for categories, expected in (
        (["lighting", "parking", "noise"], {"raised": 2, "done": 1, "rated": 1}),
        (["noise"], {"raised": 0, "done": 0, "rated": 0}),
    ):
        (found,) = (await service.data(COUNTS, token, ids=region, of=categories))["_entities"]
        assert found["propertyStats"]["tickets"] == expected


async def test_an_amount_is_only_of_matters_of_money(service: Property) -> None:
    compound = await compound_of(service, "金额", 1)
    opens = now() + timedelta(days=16)
    asked = {"idempotencyKey": "amount", "compoundId": compound, "title": "t", "opensAt": opens.isoformat(),
             "closesAt": (opens + timedelta(days=5)).isoformat(),
             "items": [{"matter": "MANAGER", "text": "x", "amountFen": 5}]}  # fmt: skip
    assert await service.refused("announceVote", service.staff(), VOTE, **asked) == "INVALID_AMOUNT"
