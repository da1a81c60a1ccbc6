"""Who looks after grids, buildings and households, their visits, and what is covered at every level."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.org import city
from tests.org.conftest import Org

STATS = """query($code: String!, $asOf: Date, $from: Date, $to: Date) { region(code: $code, asOf: $asOf) {
    contactStats(visitedFrom: $from, visitedTo: $to) {
        contacts members households visits findings tickets units
        grids { regions covered percent without { code } }
        buildings { regions covered percent without { code } }
        visited { regions covered percent without { code } } } } }"""
ASSIGN = """mutation($input: AssignContactInput!) { assignContact(input: $input) {
    contact { id version household kind { name } person { id } region { code } compound { id } pairing { id } }
    problems { code path } } }"""
VISIT = """mutation($input: LogVisitInput!) { logVisit(input: $input) {
    visit { id version on household finding ticket { id } region { code } contact { person { id } } }
    problems { code path } } }"""
HANDLE = """mutation($input: HandleVisitInput!) { handleVisit(input: $input) {
    visit { id version ticket { id } } problems { code } } }"""
YEAR = {"from": "2023-01-01", "to": "2023-12-31"}


def id_(*key: object) -> str:
    return str(city.id_of(*key))


async def assign(org: Org, key: str, token: str | None = None, **more: Any) -> Any:
    given = {"kind": "cadre", "personId": id_("person", "cadre"), "regionCode": city.SECOND_BUILDING}
    asked = {"idempotencyKey": key, **given, "validFrom": "2024-01-01", **more}
    payload = (await org.data(ASSIGN, token, input=asked))["assignContact"]
    return [one["code"] for one in payload["problems"]] or payload["contact"]


async def visit(org: Org, key: str, token: str | None = None, **more: Any) -> Any:
    asked = {"idempotencyKey": key, "contactId": id_("contact", "building"), "on": "2024-03-01", **more}
    payload = (await org.data(VISIT, token, input=asked))["logVisit"]
    return [one["code"] for one in payload["problems"]] or payload["visit"]


async def stats(org: Org, code: str, **more: Any) -> Any:
    return (await org.data(STATS, code=code, **more))["region"]["contactStats"]


async def test_coverage_is_counted_at_every_level_with_who_has_nobody(org: Org) -> None:
    found = await stats(org, city.COUNTY, **YEAR)
    assert found == {
        "contacts": 2,
        "members": 2,
        "households": 1,
        "visits": 1,
        "findings": 1,
        "tickets": 0,
        "units": 0,
        "grids": {
            "regions": 2,
            "covered": 0,
            "percent": 0.0,
            "without": [{"code": city.GRID}, {"code": city.SECOND_GRID}],
        },
        "buildings": {"regions": 2, "covered": 1, "percent": 50.0, "without": [{"code": city.SECOND_BUILDING}]},
        "visited": {"regions": 2, "covered": 1, "percent": 50.0, "without": [{"code": city.SECOND_BUILDING}]},
    }
    await assign(org, "a", regionCode=city.SECOND_BUILDING)
    now = await stats(org, city.GRID, **YEAR)
    assert now["buildings"] == {"regions": 2, "covered": 2, "percent": 100.0, "without": []}
    assert (await stats(org, city.BUILDING, **YEAR))["buildings"]["regions"] == 1
    assert (await stats(org, city.UNIT, **YEAR))["buildings"] == {
        "regions": 0,
        "covered": 0,
        "percent": None,
        "without": [],
    }
    earlier = await stats(org, city.COUNTY, asOf="2023-06-01", **YEAR)
    assert earlier["buildings"]["covered"] == 1
    assert (await stats(org, city.COUNTY, asOf="2022-06-01", **YEAR))["contacts"] == 0
    other = await stats(org, city.COUNTY, **{"from": "2024-01-01", "to": "2024-12-31"})
    assert (other["visits"], other["visited"]["covered"]) == (0, 0)


async def test_a_unit_takes_on_an_area_and_its_member_a_building_in_it(org: Org) -> None:
    pair = "mutation($input: PairPartnerInput!) { pairPartner(input: $input) { pairing { id } problems { code } } }"
    given = {"kind": "partner_unit", "organisationId": id_("organisation", "committee"), "validFrom": "2024-01-01"}
    done = await org.data(pair, input={"idempotencyKey": "p", **given, "regionCode": city.GRID})
    pairing = done["pairPartner"]["pairing"]["id"]
    outside = await assign(org, "a", regionCode=city.SECOND_GRID, pairingId=pairing)
    assert outside == ["OUTSIDE_AREA"]
    made = await assign(org, "b", pairingId=pairing, household="2单元501室", compoundId=id_("compound"))
    assert (made["pairing"], made["household"]) == ({"id": pairing}, "2单元501室")
    assert made["compound"] == {"id": id_("compound")}
    now = await stats(org, city.COUNTY)
    assert (now["units"], now["grids"]["covered"]) == (1, 1)
    assert now["grids"]["without"] == [{"code": city.SECOND_GRID}]
    # A unit that is paired with a whole community has taken on no area.
    assert len(await org.look("SELECT 1 FROM pairing")) == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "nobody"}, "UNKNOWN_KIND"),
        ({"personId": id_("nobody")}, "UNKNOWN_PERSON"),
        ({"personId": id_("person", "leader")}, "MEMBERS_ONLY"),
        ({"regionCode": city.COMMUNITY}, "NOT_IN_A_GRID"),
        ({"regionCode": "370321002001099"}, "UNKNOWN_REGION"),
        ({"household": "张三家"}, "NOT_A_DOOR"),
        ({"household": "13800010000"}, "NOT_A_DOOR"),
        ({"pairingId": id_("nothing")}, "UNKNOWN_PAIRING"),
        ({"regionCode": city.BUILDING}, "ALREADY_IN_CONTACT"),
        ({"validFrom": "2999-01-01"}, "DATE_IN_FUTURE"),
        ({"validFrom": "2020-01-01"}, "OUTSIDE_EXISTENCE"),
    ],
)
async def test_a_contact_that_is_refused_leaves_nothing(city_org: Org, more: dict[str, Any], code: str) -> None:
    before = await city_org.contents()
    assert await assign(city_org, "a", **more) == [code]
    assert await city_org.contents() == before


async def test_only_kinds_of_members_ask_for_party_members(org: Org) -> None:
    made = await assign(org, "a", kind="police", personId=id_("person", "leader"), regionCode=city.GRID)
    assert made["kind"] == {"name": "police"}


async def test_two_at_once_do_not_give_one_person_the_same_place_twice(org: Org) -> None:
    both = await asyncio.gather(*(assign(org, key) for key in "ab"))
    assert sorted(isinstance(one, list) for one in both) == [False, True]


async def test_who_looks_after_a_place_writes_down_their_visits_and_nobody_elses(org: Org) -> None:
    mine = org.issuer.mint("resident", region=city.COUNTY, subject=id_("person", "cadre"))
    made = await visit(org, "a", mine, household="302室", finding="雨篷漏水")
    assert (made["household"], made["finding"], made["contact"]["person"]["id"]) == (
        "302室",
        "雨篷漏水",
        id_("person", "cadre"),
    )
    assert await visit(org, "a", mine, household="302室", finding="雨篷漏水") == made, "the same key does it once"
    ticket = id_("ticket")
    asked = {"id": made["id"], "expectedVersion": 1, "ticketId": ticket}
    handled = (await org.data(HANDLE, mine, input=asked))["handleVisit"]
    assert handled["visit"] == {"id": made["id"], "version": 2, "ticket": {"id": ticket}}
    other = {"idempotencyKey": "b", "contactId": id_("contact", "household"), "on": "2024-03-01"}
    assert await org.error(VISIT, mine, input=other) == "FORBIDDEN"
    worker = org.token("grid_worker", region=city.GRID)
    assert (await visit(org, "c", worker, contactId=other["contactId"]))["household"] == "1单元302室"
    told = await org.look("SELECT convert_from(payload, 'UTF8') FROM outbox WHERE type ~ 'visit|contact'")
    noted = await org.look("SELECT fields::text FROM audit")
    assert not [one for (one,) in told + noted if "雨篷" in one or "302" in one]
    counted = await stats(org, city.GRID, **{"from": "2024-01-01", "to": "2024-12-31"})
    assert (counted["visits"], counted["findings"], counted["tickets"]) == (2, 1, 1)


FOUND_BY = """query($refs: [_Any!]!) { _entities(representations: $refs) { ... on Ticket { id visits { id finding
    contact { person { id } } } } } }"""


async def found_by(org: Org, token: str | None, *tickets: str) -> list[list[dict[str, Any]]]:
    refs = [{"__typename": "Ticket", "id": one} for one in tickets]
    return [one["visits"] for one in (await org.data(FOUND_BY, token, refs=refs))["_entities"]]


async def test_a_ticket_leads_back_to_the_visits_that_found_it_for_staff_of_their_place(org: Org) -> None:
    ticket, other = id_("ticket"), id_("other ticket")
    asked = {"id": id_("visit"), "expectedVersion": 1, "ticketId": ticket}
    await org.data(HANDLE, input=asked)
    second = await visit(org, "s", finding="还没修好")
    await org.data(HANDLE, input={**asked, "id": second["id"]})
    mine = {"contact": {"person": {"id": id_("person", "cadre")}}}
    both = [{"id": id_("visit"), "finding": "楼道灯坏", **mine}, {"id": second["id"], "finding": "还没修好", **mine}]
    worker = org.token("grid_worker", region=city.GRID)
    assert await found_by(org, None, ticket, other) == await found_by(org, worker, ticket, other) == [both, []]
    for nobody in (
        org.token("resident", region=city.GRID),
        org.token("grid_worker", region=city.SECOND_GRID),
        org.token("community_secretary", region=city.FOREIGN),
    ):
        assert await found_by(org, nobody, ticket) == [[]]


async def test_a_visit_is_of_a_day_and_household_of_its_contact(org: Org) -> None:
    before = await org.contents()
    assert await visit(org, "a", on="2022-12-31") == ["OUTSIDE_EXISTENCE"]
    assert await visit(org, "b", on="2999-01-01") == ["DATE_IN_FUTURE"]
    assert await visit(org, "c", household="李家") == ["NOT_A_DOOR"]
    assert await visit(org, "d", contactId=id_("contact", "household"), household="401") == ["ANOTHER_HOUSEHOLD"]
    assert await visit(org, "e", finding="长" * 501) == ["TOO_LONG"]
    assert await org.error(
        VISIT, org.token(), input={"idempotencyKey": "f", "contactId": id_(1), "on": "2024-01-01"}
    ) == ("NOT_FOUND")
    assert await org.contents() == before
    silent = await visit(org, "g")
    asked = {"id": silent["id"], "expectedVersion": 1, "ticketId": id_("ticket")}
    assert (await org.data(HANDLE, input=asked))["handleVisit"]["problems"] == [{"code": "NOTHING_FOUND"}]
    end = "mutation($input: EndInput!) { endContact(input: $input) { problems { code } } }"
    over = {"id": id_("contact", "building"), "expectedVersion": 1, "on": "2024-02-01"}
    assert (await org.data(end, input=over))["endContact"]["problems"] == []
    assert await visit(org, "h") == ["OUTSIDE_EXISTENCE"]
    assert (await visit(org, "i", on="2024-01-31"))["on"] == "2024-01-31"


async def test_contacts_are_for_staff(city_org: Org) -> None:
    for field in ("contacts { totalCount }", "contactStats { contacts }"):
        document = f'{{ district(code: "{city.COUNTY}") {{ {field} }} }}'
        assert await city_org.error(document, city_org.token("resident", region=city.COUNTY)) == "FORBIDDEN"
    listed = '{ grid(code: "%s") { contacts(kind: "cadre") { totalCount edges { node { visits { finding } } } } } }'
    found = (await city_org.data(listed % city.GRID, city_org.token("grid_leader", region=city.GRID)))["grid"]
    assert found["contacts"]["totalCount"] == 2
    assert [edge["node"] for edge in found["contacts"]["edges"]] == [
        {"visits": [{"finding": "楼道灯坏"}]},
        {"visits": []},
    ]
    reversed_ = {"code": city.GRID, "from": "2025-01-02", "to": "2025-01-01"}
    assert await city_org.error(STATS, city_org.token(), **reversed_) == "BAD_REQUEST"
