"""From a ticket one sees what of the registers it answers, and from a problem the ticket that settles it."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org
from tests.org.test_lists import do as on_lists
from tests.org.test_partners import id_, settle, take

TICKET = id_("ticket", "answering")
OF_TICKET = """query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Ticket { id
  listItems { title settledOn } jointProblems { id settledOn result listItem { title } } } } }"""
PROBLEMS = """query($code: String!) { region(code: $code) { jointProblems(settled: false) {
  edges { node { id ticket { id } } } } } }"""


async def of_ticket(org: Org, token: str | None = None, id_: str = TICKET) -> Any:
    asked = [{"__typename": "Ticket", "id": id_}]
    return (await org.data(OF_TICKET, token, representations=asked))["_entities"][0]


async def handled(org: Org) -> Any:
    """An item on a list that the ticket handles, taken on by a paired unit; return the problem."""
    asked = {"id": city.MEALS, "expectedVersion": 1, "ticketId": TICKET}
    assert (await on_lists(org, "handleListItem", asked))["version"] == 2
    return await take(org, "a", ticketId=None, listItemId=city.MEALS)


async def unsettled(org: Org) -> dict[str, Any]:
    found = (await org.data(PROBLEMS, code=city.COMMUNITY))["region"]["jointProblems"]["edges"]
    return {edge["node"]["id"]: edge["node"]["ticket"] for edge in found}


async def test_a_ticket_shows_the_items_and_problems_that_it_answers_and_when_they_were_settled(org: Org) -> None:
    problem, own = await handled(org), await take(org, "b", ticketId=TICKET)
    seen = await of_ticket(org)
    assert seen["listItems"] == [{"title": "助餐", "settledOn": None}]
    assert sorted(seen["jointProblems"], key=str) == sorted(
        [
            {"id": own["id"], "settledOn": None, "result": None, "listItem": None},
            {"id": problem["id"], "settledOn": None, "result": None, "listItem": {"title": "助餐"}},
        ],
        key=str,
    )
    await settle(org, problem)
    settled = {one["id"]: (one["settledOn"], one["result"]) for one in (await of_ticket(org))["jointProblems"]}
    assert settled == {problem["id"]: ("2024-05-01", "已修"), own["id"]: (None, None)}


async def test_a_problem_from_a_list_leads_to_the_ticket_that_handles_its_item(org: Org) -> None:
    untouched = await take(org, "c", ticketId=None, listItemId=city.MEALS)
    assert (await unsettled(org))[untouched["id"]] is None
    asked = {"id": city.MEALS, "expectedVersion": 1, "ticketId": TICKET}
    await on_lists(org, "handleListItem", asked)
    other = await take(org, "d", ticketId=id_("ticket", "other"))
    found = await unsettled(org)
    assert found[untouched["id"]] == {"id": TICKET}
    assert found[other["id"]] == {"id": id_("ticket", "other")}


async def test_problems_are_shown_to_staff_of_the_place_and_to_nobody_else(org: Org) -> None:
    await handled(org)
    staff = await of_ticket(org, org.token("grid_worker", region=city.COMMUNITY))
    assert len(staff["jointProblems"]) == 1
    resident = await of_ticket(org, org.token("resident", region=city.COUNTY))
    assert (len(resident["listItems"]), resident["jointProblems"]) == (1, [])
    foreign = await of_ticket(org, org.token(region=city.FOREIGN))
    assert (foreign["listItems"], foreign["jointProblems"]) == ([], [])
    # Staff there and a resident here: neither makes the other's.
    mixed = await of_ticket(org, org.issuer.mint(grants=[("grid_worker", city.FOREIGN), ("resident", city.COUNTY)]))
    assert mixed["jointProblems"] == []
    asked = [{"__typename": "Ticket", "id": TICKET}]
    assert await org.error(OF_TICKET, None, representations=asked) == "UNAUTHENTICATED"


async def test_a_ticket_that_nothing_names_answers_nothing(org: Org) -> None:
    assert await of_ticket(org, id_=id_("nothing")) == {"id": id_("nothing"), "listItems": [], "jointProblems": []}
