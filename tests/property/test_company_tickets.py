"""Tickets about a company are known by who keeps the register or by rule, counted, and go into its recommendation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from chassis.ids import new_id
from services.property.commands.import_file import import_file
from tests.kit import items_of
from tests.property import city
from tests.property.test_care import hear, told
from tests.property.test_service import company, signed

if TYPE_CHECKING:
    from tests.property.conftest import Property

SEEN = """query($id: ID!) { compound(id: $id) { contracts { edges { node { company { tickets { raised done rated }
    recommendation { score tickets ticketsWeight } } } } } } }"""


async def served(service: Property, name: str, number: int, region: str = city.COMMUNITY) -> tuple[str, str]:
    """Make a compound that a company serves by contract; return both."""
    compound, one = await service.compound(name, region), await company(service, number)
    await service.done("signContract", service.staff(region=region[:12]), "contract { id }", **signed(compound, one))
    return compound, one


async def rule(service: Property, **more: Any) -> None:
    definition = {"code": "recommendation", "party": 0, "service": 0, "satisfaction": 60, "tickets": 40} | more
    file = service.folder / "recommendation.jsonl"
    file.write_bytes(orjson.dumps({"record": "recommendation_rule", "definition": definition}))
    await import_file(service.runtime, file)


async def seen(service: Property, compound: str) -> dict[str, Any]:
    (contract,) = items_of(
        (await service.data(SEEN, service.staff("observer", city.CITY), id=compound))["compound"]["contracts"]
    )
    found: dict[str, Any] = contract["company"]
    return found


async def test_a_ticket_that_is_linked_counts_for_the_company_and_moves_when_it_was_another(service: Property) -> None:
    compound, _ = await served(service, "工单", 71, city.GRID)
    other, _ = await served(service, "另区", 72)
    ticket, elsewhere = new_id(), new_id()
    await hear(service, told(ticket, "raised", city.GRID), told(elsewhere, "raised", city.COMMUNITY_2))
    asked = {"compoundId": compound, "ticketId": str(ticket)}
    staff = service.staff()
    await service.done("linkTicket", staff, "compound { id }", **asked)
    officer, wrong = service.staff("subdistrict_officer", city.SUBDISTRICT), asked | {"ticketId": str(elsewhere)}
    assert await service.refused("linkTicket", officer, "compound { id }", **wrong) == "TICKET_ELSEWHERE"
    query = "mutation($input: LinkTicketInput!) { linkTicket(input: $input) { problems { code } } }"
    assert await service.error(query, staff, input=wrong) == "NOT_FOUND"
    await hear(service, told(ticket, "evaluated", city.GRID, outcome="done", rating=5))
    await rule(service)
    found = await seen(service, compound)
    assert found["tickets"] == {"raised": 1, "done": 1, "rated": 1}
    # Nothing is known of satisfaction: 60 of 100 at 60, and 40 of 100 at 100.
    assert found["recommendation"] == {"score": "76.00", "tickets": "100.00", "ticketsWeight": 40}
    type_, payload = (await service.events())[-1]
    assert (type_, payload["data"]["ticketId"]) == ("linli.property.compound.ticket_linked.v1", str(ticket))
    await service.done("linkTicket", staff, "compound { id }", **asked | {"compoundId": other})
    assert (await seen(service, compound))["tickets"] == {"raised": 0, "done": 0, "rated": 0}
    assert (await seen(service, compound))["recommendation"]["tickets"] is None
    assert (await seen(service, other))["tickets"]["rated"] == 1


async def test_by_rule_a_ticket_is_about_the_one_company_nearest_to_where_it_was_raised(service: Property) -> None:
    await rule(service, ticket_categories=["property_service"])
    near, _ = await served(service, "近处", 73, city.COMMUNITY_2)
    first, second, third = new_id(), new_id(), new_id()
    raised = told(first, "raised", city.COMMUNITY_2)
    await hear(service, raised, raised, told(second, "raised", city.COMMUNITY_2, category="parking"))
    assert (await seen(service, near))["tickets"]["raised"] == 1
    # A second compound of the same grid: which company is meant cannot be told.
    beside, _ = await served(service, "隔壁", 74, city.COMMUNITY_2)
    await hear(service, told(third, "raised", city.COMMUNITY_2))
    assert (await seen(service, near))["tickets"]["raised"] == 1
    assert (await seen(service, beside))["tickets"]["raised"] == 0
    linked = await service.look(f"SELECT linked_by FROM company_ticket WHERE ticket_id = '{first}'")  # noqa: S608
    assert linked == [("system:rule",)]
    await rule(service)
