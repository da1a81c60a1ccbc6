"""Lists, counts, statistics, entities and single tickets agree on what a caller sees; pages hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from tests.tickets import city
from tests.tickets.conftest import start

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.kit import Plant
    from tests.objects_kit import Files
    from tests.tickets.conftest import Tickets

REGION = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) {
  ... on Region { %s } } }"""
PAGE = """tickets(%s) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor startCursor }
  edges { cursor node { id } } }"""
STATS = """ticketStats { raised open overdue done refused withdrawn reopened public ratings meanRating
  deliberated: performed(kind: DELIBERATE) steps { process step name tickets } punctuality { kind met metOrMissed } }"""


@pytest_asyncio.fixture(scope="module")
async def full(plant: Plant, tmp_path_factory: Any, files: Files) -> AsyncIterator[Tickets]:
    """Tickets of several residents, in two grids and another district, at several steps."""
    tickets = await start(plant, tmp_path_factory.mktemp("lists"), files)
    await tickets.to_step("published", await tickets.raised(key="a", title="路灯不亮"))
    await tickets.to_step("decide", await tickets.raised(key="b", title="100%_充电\\桩"))
    await tickets.raised(tickets.resident("wang"), key="c", category="road")
    await tickets.raised(tickets.resident("wang"), key="d", regionCode=city.GRID_2)
    await tickets.raised(tickets.resident("zhao", city.ELSEWHERE), key="e", regionCode=city.ELSEWHERE)
    refused = await tickets.raised(key="f", title="外星人")
    await tickets.do("refuseTicket", tickets.staff("worker"), refused, reason="不归社区管")
    await tickets.raised(tickets.resident(), key="g", process="micro_wish", category=None, title="微心愿")
    await tickets.look("UPDATE ticket SET due_at = now() - interval '1 day' WHERE title = '微心愿'")
    yield tickets
    await tickets.close()


async def region(tickets: Tickets, token: str, fields: str, code: str = city.CITY) -> Any:
    return (await tickets.data(REGION % fields, token, id=str(city.region_id(code))))["_entities"][0]


async def ids(tickets: Tickets, token: str, arguments: str = "first: 100", code: str = city.CITY) -> list[str]:
    found = await region(tickets, token, PAGE % arguments, code)
    assert found["tickets"]["totalCount"] == len(found["tickets"]["edges"])
    return [edge["node"]["id"] for edge in found["tickets"]["edges"]]


CALLERS = {
    "admin": 7,
    "auditor": 7,
    "observer": 6,  # of the district
    "worker": 5,
    "worker_2": 1,
    "worker_elsewhere": 1,
    "branch": 4,  # named in five sheets, not in the micro-wish
    "committee": 6,
    "first": 5,
    "street": 5,
    "li": 4,
    "wang": 2,
    "nobody": 0,
    "mayor": 0,
}


def token_of(tickets: Tickets, who: str) -> str:
    if who in {"admin", "auditor"}:
        return tickets.role(who)
    if who == "observer":
        return tickets.role(who, city.DISTRICT)
    if who == "mayor":
        return tickets.role(who)
    return tickets.staff(who) if who in city.POSTS else tickets.resident(who)


@pytest.mark.parametrize("who", CALLERS)
async def test_list_count_statistics_entities_and_single_tickets_agree(full: Tickets, who: str) -> None:
    token = token_of(full, who)
    seen = await ids(full, token)
    assert len(seen) == CALLERS[who]
    stats = (await region(full, token, STATS))["ticketStats"]
    assert stats["raised"] == len(seen)
    assert stats["raised"] == stats["open"] + stats["done"] + stats["refused"] + stats["withdrawn"]
    assert sum(one["tickets"] for one in stats["steps"]) == len(seen)
    everything = [str(id_) for (id_,) in await full.look("SELECT id FROM ticket")]
    references = [{"__typename": "Ticket", "id": id_} for id_ in everything]
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Ticket { id } } }"
    entities = (await full.data(query, token, r=references))["_entities"]
    assert {one["id"] for one in entities if one} == set(seen)
    for id_ in everything:
        answer = await full.ask("query($id: ID!) { ticket(id: $id) { id } }", token, id=id_)
        found = answer["data"]["ticket"] if answer.get("data") else None
        assert (found is not None) == (id_ in seen)


async def test_a_region_shows_what_is_below_it_and_nothing_beside_it(full: Tickets) -> None:
    admin = full.role("admin")
    counts = {code: len(await ids(full, admin, code=code)) for code in city.CODES}
    assert counts == {
        city.CITY: 7, city.DISTRICT: 6, city.SUBDISTRICT: 6, city.COMMUNITY: 6, city.GRID: 5, city.GRID_2: 1,
        city.BUILDING: 0, "370303": 1, "370303001": 1, "370303001001": 1, city.ELSEWHERE: 1,
    }  # fmt: skip
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Region { id ticketStats { raised } } } }"
    references = [{"__typename": "Region", "id": str(city.region_id(code))} for code in city.CODES]
    together = (await full.data(query, admin, r=references))["_entities"]
    assert [one["ticketStats"]["raised"] for one in together] == list(counts.values())
    unknown = [{"__typename": "Region", "id": str(city.person("nowhere"))}]
    assert (await full.data(query, admin, r=unknown))["_entities"][0]["ticketStats"]["raised"] == 0


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ('process: "micro_wish"', 1),
        ("status: OPEN", 5),
        ("status: ENDED", 2),
        ("status: REFUSED", 1),
        ("status: WITHDRAWN", 0),
        ('step: "accept"', 3),
        ('category: "road"', 1),
        ("overdue: true", 1),
        ("overdue: false", 6),
        ('text: "路灯"', 1),
        ('text: "%"', 0),
        ('text: "路灯", status: OPEN', 0),
        ('text: "  "', 7),
        ('text: "\'; DROP TABLE ticket; --"', 0),
        ('process: "five_sheets", status: OPEN, category: "charging"', 3),
    ],
)
async def test_filters_narrow_and_combine(full: Tickets, arguments: str, count: int) -> None:
    assert len(await ids(full, full.role("admin"), f"first: 100, {arguments}")) == count


async def test_pages_forward_and_backward_hold_everything_once(full: Tickets) -> None:
    admin = full.role("admin")
    whole = await ids(full, admin)
    forward: list[str] = []
    cursor = None
    for _ in range(9):
        after = f', after: "{cursor}"' if cursor else ""
        page = (await region(full, admin, PAGE % f"first: 2{after}"))["tickets"]
        forward += [edge["node"]["id"] for edge in page["edges"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forward == whole
    backward: list[str] = []
    cursor = None
    for _ in range(9):
        before = f', before: "{cursor}"' if cursor else ""
        page = (await region(full, admin, PAGE % f"last: 3{before}"))["tickets"]
        backward = [edge["node"]["id"] for edge in page["edges"]] + backward
        cursor = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert backward == whole


async def test_a_cursor_of_another_query_and_a_wrong_page_are_refused(full: Tickets) -> None:
    admin = full.role("admin")
    page = (await region(full, admin, PAGE % "first: 1"))["tickets"]
    cursor = page["edges"][0]["cursor"]
    others = ("first: 0", "first: 101", "first: 1, last: 1", 'first: 1, after: "x"')
    for arguments in (f'first: 1, after: "{cursor}", status: OPEN', *others):
        query = REGION % (PAGE % arguments)
        assert await full.error(query, admin, id=str(city.region_id(city.CITY))) == "BAD_REQUEST"
    elsewhere = REGION % (PAGE % f'first: 1, after: "{cursor}"')
    assert await full.error(elsewhere, admin, id=str(city.region_id(city.GRID))) == "BAD_REQUEST"


async def test_words_that_nothing_can_be_called_are_bad_requests(full: Tickets) -> None:
    for word in ("长" * 10_000, "a\\u0000b"):
        for argument in ("text", "process", "step", "category"):
            query = REGION % (PAGE % f'{argument}: "{word}"')
            assert await full.error(query, full.role("admin"), id=str(city.region_id(city.CITY))) == "BAD_REQUEST"


async def test_statistics_count_what_was_done_and_how_well(full: Tickets) -> None:
    stats = (await region(full, full.role("admin"), STATS))["ticketStats"]
    assert (stats["deliberated"], stats["done"], stats["refused"], stats["public"]) == (2, 1, 1, 1)
    assert (stats["ratings"], stats["meanRating"], stats["overdue"]) == (1, 5, 1)
    assert {one["kind"]: (one["met"], one["metOrMissed"]) for one in stats["punctuality"]} == {
        "FIRST_RESPONSE": (3, 3), "MATTER": (2, 2), "STEP": (9, 9),
    }  # fmt: skip
    period = 'raisedFrom: "2020-01-01", raisedTo: "2020-12-31"'
    none = f"ticketStats({period}) {{ raised deliberated: performed(kind: DELIBERATE) }}"
    assert (await region(full, full.role("admin"), none))["ticketStats"] == {"raised": 0, "deliberated": 0}


async def test_residents_list_their_own_and_what_they_may_evaluate(full: Tickets) -> None:
    query = "{ myTickets(first: 10) { totalCount edges { node { requester { isMe } } } } }"
    mine = await full.data(query, full.resident())
    assert mine["myTickets"]["totalCount"] == 4
    assert all(edge["node"]["requester"]["isMe"] for edge in mine["myTickets"]["edges"])
    query = "{ ticketsToEvaluate { totalCount edges { node { id version publicSince title notice step { code } } } } }"
    # Public already, but still open to evaluation only while it is being made public.
    assert (await full.data(query, full.resident("wang")))["ticketsToEvaluate"]["totalCount"] == 0
    assert await full.error(query, full.staff("worker")) == "FORBIDDEN"
    for field in ("myTickets { totalCount }", "ticketProcesses { code }", "ticketsToEvaluate { totalCount }"):
        assert await full.error(f"{{ {field} }}", None) == "UNAUTHENTICATED"


async def test_a_neighbour_finds_what_to_evaluate_and_does_so_by_the_public_view(tickets: Tickets) -> None:
    ticket = await tickets.to_step("evaluate")
    query = "{ ticketsToEvaluate { edges { node { id version publicSince title notice step { code } } } } }"
    found = (await tickets.data(query, tickets.resident("wang")))["ticketsToEvaluate"]["edges"]
    assert [edge["node"] for edge in found] == [
        {"id": ticket["id"], "version": ticket["version"], "publicSince": None, "title": None, "notice": None,
         "step": {"code": "evaluate"}},
    ]  # fmt: skip
    elsewhere = (await tickets.data(query, tickets.resident("zhao", city.ELSEWHERE)))["ticketsToEvaluate"]
    assert elsewhere["edges"] == []
    payload = await tickets.payload("evaluateTicket", tickets.resident("wang"), found[0]["node"], rating=3)
    assert (payload["ticket"], payload["problems"]) == (None, [])
    assert await tickets.look("SELECT acted_as, rating FROM evaluation") == [("resident", 3)]


async def test_the_public_page_needs_no_token_and_tells_nothing_else(full: Tickets) -> None:
    query = """query($code: String!) { publicTickets(regionCode: $code) {
        totalCount edges { node { number title notice } } } }"""
    page = (await full.data(query, None, code=city.CITY))["publicTickets"]
    assert page["totalCount"] == 1
    assert page["edges"][0]["node"]["title"] is None
    assert (await full.data(query, None, code=city.ELSEWHERE))["publicTickets"]["totalCount"] == 0
    for code in ("", "3", "3703%", "37O3"):
        assert await full.error(query, None, code=code) == "BAD_REQUEST"
