"""What the gateway asks: references of each key, batched, and the contract it composes."""

from __future__ import annotations

from typing import Any

import pytest
from asyncpg import Connection

from chassis.events.asyncapi import asyncapi
from services.org.main import SERVICE
from tests.org import city
from tests.org.conftest import Org

ENTITIES = """query($refs: [_Any!]!) { _entities(representations: $refs) {
    __typename
    ... on Region { code name }
    ... on Person { name }
    ... on Duty { title { code } }
    ... on Organisation { kind }
    ... on Team { kind }
    ... on Station { kind }
    ... on Activity { state }
    ... on Compound { id }
} }"""


def ref(typename: str, *key: object) -> dict[str, str]:
    return {"__typename": typename, "id": str(city.id_of(*key))}


async def test_the_interface_and_each_level_are_answered_with_the_concrete_type(city_org: Org) -> None:
    refs = [
        ref("Region", "region", city.GRID),
        ref("Grid", "region", city.GRID),
        ref("Region", "region", city.COUNTY),
        ref("Region", "region", "none"),
    ]
    data = await city_org.data(ENTITIES, refs=refs)
    assert data["_entities"] == [
        {"__typename": "Grid", "code": city.GRID, "name": "第一网格"},
        {"__typename": "Grid", "code": city.GRID, "name": "第一网格"},
        {"__typename": "District", "code": city.COUNTY, "name": "桓台县"},
        None,
    ]


async def test_every_other_entity_is_answered(city_org: Org) -> None:
    refs = [
        ref("Person", "person", "secretary"),
        ref("Duty", "duty", "secretary"),
        ref("Organisation", "organisation", "committee"),
        ref("Team", "team", "volunteers"),
        ref("Station", "station", "hall"),
        ref("Activity", "activity", "held"),
    ]
    data = await city_org.data(ENTITIES, refs=refs)
    assert data["_entities"] == [
        {"__typename": "Person", "name": "张*"},
        {"__typename": "Duty", "title": {"code": "community_secretary"}},
        {"__typename": "Organisation", "kind": "community_party_committee"},
        {"__typename": "Team", "kind": "volunteer"},
        {"__typename": "Station", "kind": "deliberation_hall"},
        {"__typename": "Activity", "state": "HELD"},
    ]


async def test_many_references_take_one_statement_a_kind(city_org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []

    def noting(fetch: Any) -> Any:
        def note(driver: Any, statement: str, *values: Any, **options: Any) -> Any:
            statements.append(statement)
            return fetch(driver, statement, *values, **options)

        return note

    monkeypatch.setattr(Connection, "fetch", noting(Connection.fetch))
    refs = [ref("Region", "region", code) for code in city.NAMES] + [
        ref("Person", "person", key) for key in ("secretary", "leader", "worker", "cadre")
    ]
    data = await city_org.data(ENTITIES, refs=refs)
    assert all(data["_entities"])
    assert len([one for one in statements if "FROM region_version" in one]) == 1
    assert len([one for one in statements if "FROM person" in one]) == 1


@pytest.mark.parametrize("refs", [[{"__typename": "Region", "id": "x"}], [{"__typename": "Grid", "id": "370321"}]])
async def test_a_reference_that_is_no_id_is_a_bad_request(city_org: Org, refs: list[dict[str, str]]) -> None:
    answer = await city_org.ask(ENTITIES, city_org.token(), refs=refs)
    assert answer["data"]["_entities"] == [None]
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_references_of_another_district_are_not_answered(city_org: Org) -> None:
    refs = [
        ref("Region", "region", city.FOREIGN_GRID),
        ref("Person", "person", "foreigner"),
        ref("Duty", "duty", "foreigner"),
        ref("Organisation", "organisation", "foreign"),
        ref("Team", "team", "foreign"),
        ref("Station", "station", "foreign"),
        ref("Activity", "activity", "foreign"),
        ref("Compound", "compound", "foreign"),
    ]
    mine = city_org.token("grid_worker", region=city.COUNTY)
    assert (await city_org.data(ENTITIES, mine, refs=refs))["_entities"] == [None] * len(refs)
    theirs = city_org.token("grid_worker", region=city.FOREIGN)
    assert all((await city_org.data(ENTITIES, theirs, refs=refs))["_entities"])


async def test_ancestors_of_the_scope_are_answered_by_name(city_org: Org) -> None:
    token = city_org.token("resident", region=city.GRID)
    data = await city_org.data(ENTITIES, token, refs=[ref("Region", "region", "3703")])
    assert data["_entities"] == [{"__typename": "City", "code": "3703", "name": "淄博市"}]


async def test_who_holds_an_office_above_is_told_by_reference_and_nobody_beside_it(city_org: Org) -> None:
    above = [ref("Duty", "duty", "secretary"), ref("Person", "person", "secretary")]
    above.append(ref("Organisation", "organisation", "committee"))
    beside = [ref("Duty", "duty", "foreigner"), ref("Person", "person", "foreigner")]
    document = """query($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on Duty { title { code } organisation { id } person { name phone residentId } }
      ... on Person { name residentId }
      ... on Organisation { name } } }"""
    resident = city_org.token("resident", region=city.GRID)
    found = (await city_org.data(document, resident, refs=[*above, *beside]))["_entities"]
    assert found[0] == {
        "title": {"code": "community_secretary"},
        "organisation": {"id": str(city.id_of("organisation", "committee"))},
        "person": {"name": "张*", "phone": "138****0000", "residentId": None},
    }
    assert found[1] == {"name": "张*", "residentId": None}
    assert found[2]["name"]
    assert found[3:] == [None, None]
    # So are teams of a region above, and who is of them.
    below = city_org.token("resident", region=city.BUILDING)
    team = [ref("Team", "team", "volunteers"), ref("Person", "person", "elder"), ref("Person", "person", "foreigner")]
    asked = """query($refs: [_Any!]!) { _entities(representations: $refs) {
      ... on Team { kind leader { id } } ... on Person { name residentId } } }"""
    assert (await city_org.data(asked, below, refs=team))["_entities"] == [
        {"kind": "volunteer", "leader": None}, {"name": "赵*", "residentId": None}, None,
    ]  # fmt: skip
    # Whose own grid is another one finds nobody of this grid.
    other = city_org.token("resident", region=city.SECOND_COMMUNITY)
    refs = [ref("Duty", "duty", "worker"), ref("Person", "person", "worker"), *above]
    assert (await city_org.data(document, other, refs=refs))["_entities"] == [None] * len(refs)
    lists = '{ community(code: "%s") { duties { totalCount } } }' % city.COMMUNITY  # noqa: UP031
    everything = (await city_org.data(lists))["community"]["duties"]["totalCount"]
    assert (await city_org.data(lists, resident))["community"]["duties"]["totalCount"] < everything


async def test_the_sdl_is_served_and_is_the_committed_contract(city_org: Org) -> None:
    contract = SERVICE.package / "contract" / "schema.graphql"
    assert contract.read_text(encoding="utf-8") == SERVICE.schema.as_str() + "\n", (
        "org's schema changed: python -m services.org.main schema > services/org/contract/schema.graphql"
    )
    served = (await city_org.data("{ _service { sdl } }"))["_service"]["sdl"]
    assert 'interface Region @key(fields: "id")' in served


def test_the_events_are_the_committed_contract() -> None:
    contract = SERVICE.package / "contract" / "asyncapi.yaml"
    assert contract.read_text(encoding="utf-8") == asyncapi("org", SERVICE.events), (
        "org's events changed: python -m services.org.main asyncapi > services/org/contract/asyncapi.yaml"
    )
