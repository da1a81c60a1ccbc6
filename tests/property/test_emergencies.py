"""Urgent repairs from the maintenance fund: no vote, but two people, an amount, and everybody sees it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.property.domain.content import today
from tests.kit import items_of
from tests.property import city
from tests.property.test_care import OFFICER, decided
from tests.property.vote_kit import compound_of

if TYPE_CHECKING:
    from tests.property.conftest import Property

SEEN = """compound { fundEmergencies { edges { node { id hazard amount approved opinion decidedAt } } }
    fundEntries { edges { node { movement amount voteId emergencyId } } } }"""
QUERY = "query($id: ID!) { " + SEEN.replace("compound", "compound(id: $id)") + " }"


async def asked_for(service: Property, compound: str, key: str = "e", fen: int = 50_000) -> str:
    asked = {"idempotencyKey": key, "compoundId": compound, "hazard": "电梯困人", "works": "更换曳引机",
             "amountFen": fen}  # fmt: skip
    done = await service.done("askEmergencyUse", service.staff(), SEEN, **asked)
    again = await service.done("askEmergencyUse", service.staff(), SEEN, **asked)
    assert again == done
    return str(items_of(done["compound"]["fundEmergencies"])[0]["id"])


async def funded(service: Property, name: str) -> tuple[str, dict[str, Any]]:
    """Make a compound of three owners with 1,000 yuan in its fund; return it, and a use of it to be booked."""
    compound = await compound_of(service, name, 3)
    use = {"compoundId": compound, "movement": "USE", "on": today().isoformat(), "text": "电梯抢修"}
    paid = use | {"movement": "PAY_IN", "amountFen": 100_000, "idempotencyKey": f"{name} paid"}
    await service.done("bookFund", service.staff(), SEEN, **paid)
    return compound, use


async def test_an_approved_repair_is_booked_up_to_its_amount_without_a_vote(service: Property) -> None:
    compound, use = await funded(service, "应急")
    staff, officer = service.staff(), service.staff(*OFFICER)
    urgent = await asked_for(service, compound)
    book = use | {"emergencyId": urgent, "amountFen": 30_000, "idempotencyKey": "1"}
    assert await service.refused("bookFund", staff, SEEN, **book) == "NOT_APPROVED"
    (seen,) = items_of(
        (await service.data(QUERY, service.resident("应急 0"), id=compound))["compound"]["fundEmergencies"]
    )
    assert (seen["hazard"], seen["amount"], seen["approved"]) == ("电梯困人", "500.00", None)
    decide = {"id": urgent, "approve": True, "opinion": "现场核实，危及安全"}
    done = await service.done("decideEmergencyUse", officer, SEEN, **decide)
    assert items_of(done["compound"]["fundEmergencies"])[0]["approved"] is True
    assert await service.refused("decideEmergencyUse", officer, SEEN, **decide) == "ALREADY_ANSWERED"
    done = await service.done("bookFund", staff, SEEN, **book)
    assert items_of(done["compound"]["fundEntries"])[-1] == {
        "movement": "USE", "amount": "300.00", "voteId": None, "emergencyId": urgent,
    }  # fmt: skip
    more = book | {"idempotencyKey": "2", "amountFen": 20_001}
    assert await service.refused("bookFund", staff, SEEN, **more) == "BEYOND_APPROVAL"
    await service.done("bookFund", staff, SEEN, **more | {"amountFen": 20_000})
    told = [(type_.removeprefix("linli.property."), payload["data"]) for type_, payload in await service.events()
            if payload["subject"] == urgent]  # fmt: skip
    assert [type_ for type_, _ in told] == ["emergency.asked.v1", "emergency.decided.v1"]
    assert (told[1][1]["amount"], told[1][1]["approved"]) == (50_000, True)


async def test_only_a_use_of_the_fund_of_that_compound_rests_on_an_approval(service: Property) -> None:
    compound, use = await funded(service, "他用")
    other, _ = await funded(service, "邻区")
    staff, officer = service.staff(), service.staff(*OFFICER)
    urgent = await asked_for(service, other, "o")
    await service.done("decideEmergencyUse", officer, SEEN, id=urgent, approve=True, opinion="属实")
    book = use | {"emergencyId": urgent, "amountFen": 1, "idempotencyKey": "x"}
    assert await service.refused("bookFund", staff, SEEN, **book) == "NOT_APPROVED"
    mine = await asked_for(service, compound, "m")
    await service.done("decideEmergencyUse", officer, SEEN, id=mine, approve=True, opinion="属实")
    vote = await decided(service, compound, "他用", ("USE_FUND", 10_000))
    for wrong in ({"movement": "COMMON_EXPENSE"}, {"movement": "RAISE"}, {"voteId": vote}):
        given = book | {"emergencyId": mine} | wrong
        # Common income is empty, which is said first.
        assert await service.refused("bookFund", staff, SEEN, **given) in {"NOT_APPROVED", "BALANCE_TOO_SMALL"}
    assert await service.refused("bookFund", staff, SEEN, **use, amountFen=1, idempotencyKey="y") == "NOT_DECIDED"


async def test_who_asks_does_not_decide_and_what_is_refused_moves_no_money(service: Property) -> None:
    compound, use = await funded(service, "两人")
    officer = service.issuer.mint("subdistrict_officer", region=city.SUBDISTRICT, subject="同一人")
    asked = {"idempotencyKey": "s", "compoundId": compound, "hazard": "漏水", "works": "屋面", "amountFen": 100}
    done = await service.done("askEmergencyUse", officer, SEEN, **asked)
    urgent = items_of(done["compound"]["fundEmergencies"])[0]["id"]
    decide = {"id": urgent, "approve": True, "opinion": "同意"}
    assert await service.refused("decideEmergencyUse", officer, SEEN, **decide) == "OWN_REQUEST"
    with pytest.raises(DBAPIError, match="two_people"):
        await service.look(
            "UPDATE emergency SET decided_by = asked_by, decided_at = now(), approved = true WHERE asked_by = '同一人'"
        )
    refusing = service.staff(*OFFICER)
    await service.done("decideEmergencyUse", refusing, SEEN, **decide | {"approve": False})
    book = use | {"emergencyId": urgent, "amountFen": 1, "idempotencyKey": "z"}
    assert await service.refused("bookFund", service.staff(), SEEN, **book) == "NOT_APPROVED"
    with pytest.raises(DBAPIError):
        async with service.runtime.database.write(("",)) as session:
            await session.execute(text("DELETE FROM emergency"))
