"""Refusals: every query and mutation without a token, with the wrong role, and from another district."""

from __future__ import annotations

from typing import Any

import pytest

from services.org.access import ACCESS
from services.org.main import SERVICE
from tests.org import city
from tests.org.conftest import Org
from tests.org.mutations import MUTATIONS, id_, mutation

ID_QUERIES = {
    "organisation": id_("organisation", "committee"),
    "person": id_("person", "leader"),
    "duty": id_("duty", "leader"),
    "team": id_("team", "patrol"),
    "station": id_("station", "hall"),
    "activity": id_("activity", "held"),
}
CODE_QUERIES = {
    "region": city.UNIT,
    "district": city.COUNTY,
    "subdistrict": city.SUBDISTRICT,
    "community": city.COMMUNITY,
    "grid": city.GRID,
    "city": "3703",
}
WORD_QUERIES = {
    "reachableStations": "metres",
    "reachableServiceItems": "item { id }",
    **dict.fromkeys(("communityTypes", "dutyTitles", "musterGroups", "kinds", "capacities"), "code"),
    "assessmentLevels": "code",
    "allocationRules": "each",
    "pairingRules": "fewestProblems",
    "serviceCircles": "minutes",
    "gradeScheme": "postCount",
    "dutyGuides": "version",
    "myWorkerGrades": "grade",
    "myRecord": "name",
}


def query(name: str) -> str:
    if name in ID_QUERIES:
        return f'{{ {name}(id: "{ID_QUERIES[name]}") {{ id }} }}'
    if name in CODE_QUERIES:
        return f'{{ {name}(code: "{CODE_QUERIES[name]}") {{ id }} }}'
    if name.startswith("reachable"):
        return f"{{ {name}(latitude: 36.96, longitude: 118.1) {{ {WORD_QUERIES[name]} }} }}"
    return "{ kinds(category: TEAM) { code } }" if name == "kinds" else f"{{ {name} {{ {WORD_QUERIES[name]} }} }}"


QUERIES = [*ID_QUERIES, *CODE_QUERIES, *WORD_QUERIES]
TRIED_WITH_EVENTS = "orgEvents"
"""In the tests of what every service offers, `tests/org/test_published_events.py`."""


def test_every_query_and_mutation_is_tried() -> None:
    fields = SERVICE.schema._schema
    assert set(MUTATIONS) == set(fields.mutation_type.fields)  # type: ignore[union-attr]
    assert {*QUERIES, TRIED_WITH_EVENTS, "_service", "_entities"} == set(fields.query_type.fields)  # type: ignore[union-attr]
    assert set(MUTATIONS) <= set(ACCESS.operations)


def code_of(answer: dict[str, Any], name: str) -> str:
    """The error's code, or the problem's when the payload refuses."""
    if "errors" in answer:
        return str(answer["errors"][0]["extensions"]["code"])
    payload = answer["data"][name]
    assert payload[MUTATIONS[name][0]] is None
    return str(payload["problems"][0]["code"])


@pytest.mark.parametrize("name", MUTATIONS)
async def test_a_refused_mutation_leaves_everything_as_it_was(city_org: Org, name: str) -> None:
    given = MUTATIONS[name][1]
    before = await city_org.contents()
    answer = await city_org.ask(mutation(name), None, input=given)
    assert code_of(answer, name) == "UNAUTHENTICATED"
    for role in ("resident", "observer", "unit_leader"):
        answer = await city_org.ask(mutation(name), city_org.token(role, region=city.COUNTY), input=given)
        assert code_of(answer, name) == "FORBIDDEN"
    foreign = city_org.token("admin", region=city.FOREIGN)
    refused = code_of(await city_org.ask(mutation(name), foreign, input=given), name)
    assert refused in {"NOT_FOUND", "UNKNOWN_REGION"}
    # The right role in the wrong place, and in the right place another role: neither alone is enough.
    mixed = city_org.issuer.mint(grants=[("admin", city.FOREIGN), ("resident", city.COUNTY)])
    assert code_of(await city_org.ask(mutation(name), mixed, input=given), name) == "FORBIDDEN"
    assert await city_org.contents() == before


DISTRICT_ACTS = ["budgetFund", "disburseFund", "reverseFundEntry", "awardDistinction", "endDistinction"]


@pytest.mark.parametrize("name", DISTRICT_ACTS)
async def test_a_coordinator_does_the_acts_of_the_district_in_their_own_alone(city_org: Org, name: str) -> None:
    given = MUTATIONS[name][1]
    before = await city_org.contents()
    elsewhere = city_org.token("district_coordinator", region=city.FOREIGN)
    refused = code_of(await city_org.ask(mutation(name), elsewhere, input=given), name)
    assert refused in {"NOT_FOUND", "UNKNOWN_REGION"}
    # Whoever sees the district, and is a coordinator of another, is still none of this one.
    watching = city_org.issuer.mint(grants=[("district_coordinator", city.FOREIGN), ("observer", city.COUNTY)])
    assert code_of(await city_org.ask(mutation(name), watching, input=given), name) == "FORBIDDEN"
    assert await city_org.contents() == before


@pytest.mark.parametrize("name", DISTRICT_ACTS)
async def test_a_coordinator_awards_and_pays_out_in_their_district(org: Org, name: str) -> None:
    thing, given = MUTATIONS[name]
    mine = org.token("district_coordinator", region=city.COUNTY)
    done = (await org.data(mutation(name), mine, input=given))[name]
    assert (done["problems"], done[thing] is not None) == ([], True)


async def test_whoever_pays_out_for_the_district_does_not_account_for_it_too(city_org: Org) -> None:
    before = await city_org.contents()
    mine = city_org.token("district_coordinator", region=city.COUNTY)
    answer = await city_org.ask(mutation("spendFund"), mine, input=MUTATIONS["spendFund"][1])
    assert code_of(answer, "spendFund") == "FORBIDDEN"
    assert await city_org.contents() == before


@pytest.mark.parametrize("name", QUERIES)
async def test_a_query_answers_only_to_who_may_ask(city_org: Org, name: str) -> None:
    answer = await city_org.ask(query(name))
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    mine = await city_org.ask(query(name), city_org.token("resident", region=city.COUNTY))
    assert "errors" not in mine
    if name in WORD_QUERIES or name == "city":
        return
    foreign = await city_org.ask(query(name), city_org.token("admin", region=city.FOREIGN))
    assert foreign["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert foreign["data"] == {name: None}


async def test_lists_and_counts_of_an_ancestor_show_only_the_own_district(city_org: Org) -> None:
    document = """{ city(code: "3703") {
        descendants(level: COMMUNITY) { totalCount edges { node { code } } }
        duties { totalCount edges { node { id } } } organisations { totalCount }
        teams { totalCount totalMembers } stations { totalCount } } }"""
    both = (await city_org.data(document))["city"]
    parts = [
        (await city_org.data(document, city_org.token("observer", region=region)))["city"]
        for region in (city.COUNTY, city.FOREIGN)
    ]
    for field in ("duties", "organisations", "teams", "stations", "descendants"):
        assert sum(part[field]["totalCount"] for part in parts) == both[field]["totalCount"]
        assert all(part[field]["totalCount"] for part in parts)
    assert sum(part["teams"]["totalMembers"] for part in parts) == both["teams"]["totalMembers"]
    for part in parts:
        assert len(part["duties"]["edges"]) == part["duties"]["totalCount"]


async def test_musters_are_for_staff_where_they_are_staff(city_org: Org) -> None:
    document = '{ city(code: "3703") { musters { totalCount } } }'
    resident = await city_org.ask(document, city_org.token("resident", region=city.COUNTY))
    assert resident["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    everywhere = await city_org.data(document)
    assert everywhere["city"]["musters"]["totalCount"] == 3
    mixed = city_org.issuer.mint(grants=[("grid_worker", city.FOREIGN), ("resident", city.COUNTY)])
    assert (await city_org.data(document, mixed))["city"]["musters"]["totalCount"] == 1
    roster = '{ community(code: "%s") { roster { members { totalCount } } } }'
    answer = await city_org.ask(roster % city.COMMUNITY, mixed)
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
