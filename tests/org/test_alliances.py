"""Micro-alliances and 两新 organisations: founded, joined, left, merged, and read by date from either side."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.service import ImportRefused
from services.org.storage import tables as t
from services.org.storage.everywhere import everywhere
from tests.org import city
from tests.org.conftest import Org
from tests.org.test_registers import codes, do

ALLIANCE, SHOP = str(city.id_of("organisation", "alliance")), str(city.id_of("organisation", "shop"))
BRANCH, FOREIGN = str(city.id_of("organisation", "branch")), str(city.id_of("organisation", "foreign"))
MEMBERS = """query($id: ID!, $asOf: Date, $past: Boolean) { organisation(id: $id, asOf: $asOf) {
    members(past: $past) { totalCount edges { node {
        id version validFrom validTo organisation { id name } region { code } } } } } }"""
ALLIANCES = """query($id: ID!, $asOf: Date, $past: Boolean) { organisation(id: $id, asOf: $asOf) {
    alliances(past: $past) { edges { node { validFrom validTo alliance { id kindName } } } } } }"""


async def members(org: Org, as_of: str | None = None, *, past: bool = False, of: str = ALLIANCE) -> list[Any]:
    found = (await org.data(MEMBERS, id=of, asOf=as_of, past=past))["organisation"]["members"]
    assert found["totalCount"] == len(found["edges"])
    return [edge["node"] for edge in found["edges"]]


async def alliances(org: Org, organisation: str, token: str | None = None, **more: Any) -> list[Any]:
    found = (await org.data(ALLIANCES, token, id=organisation, **more))["organisation"]["alliances"]
    return [edge["node"] for edge in found["edges"]]


def joins(key: str, who: str, on: str = "2024-01-01", **more: Any) -> dict[str, Any]:
    return {"idempotencyKey": key, "allianceId": ALLIANCE, "organisationId": who, "validFrom": on, **more}


async def told(org: Org) -> list[tuple[str, str, str]]:
    rows = await org.look("SELECT type, payload FROM outbox WHERE type ~ 'org.alliance' ORDER BY id")
    found = [(name.split(".")[3], json.loads(payload)["data"]) for name, payload in rows][1:]
    return [(fact, data["allianceId"], data["organisationId"]) for fact, data in found]


async def test_an_enterprise_and_a_micro_alliance_are_founded_and_the_one_joins_the_other(org: Org) -> None:
    found = "mutation($input: FoundOrganisationInput!) { foundOrganisation(input: $input) { organisation { id } } }"

    async def new(kind: str, code: str) -> str:
        given = {"kind": kind, "name": kind, "regionCode": code, "establishedOn": "2024-01-01", "idempotencyKey": kind}
        return str((await org.data(found, input=given))["foundOrganisation"]["organisation"]["id"])

    alliance, shop = await new("micro_alliance", city.SUBDISTRICT), await new("two_new", city.GRID)
    joined = {"idempotencyKey": "a", "allianceId": alliance, "organisationId": shop, "validFrom": "2024-02-01"}
    assert codes(await do(org, "joinAlliance", "membership", joined)) == []
    (one,) = await members(org, of=alliance)
    assert (one["organisation"], one["validFrom"]) == ({"id": shop, "name": "two_new"}, "2024-02-01")
    assert [one["alliance"]["id"] for one in await alliances(org, shop)] == [alliance]
    document = 'query($code: String!) { community(code: $code) { organisations(kind: "two_new") { totalCount } } }'
    listed = await org.data(document, code=city.COMMUNITY)
    assert listed["community"]["organisations"]["totalCount"] == 2
    assert await told(org) == [("joined", alliance, shop)]


async def test_members_join_and_leave_and_the_past_stays(org: Org) -> None:
    assert codes(await do(org, "joinAlliance", "membership", joins("a", BRANCH))) == []
    assert [one["organisation"]["id"] for one in await members(org)] == [SHOP, BRANCH]
    over = {"id": city.ALLIED, "expectedVersion": 1, "on": "2024-06-01"}
    assert codes(await do(org, "leaveAlliance", "membership", over, "EndInput")) == []
    assert [one["organisation"]["id"] for one in await members(org)] == [BRANCH]
    assert [one["organisation"]["id"] for one in await members(org, "2024-05-31")] == [SHOP, BRANCH]
    assert [one["organisation"]["id"] for one in await members(org, "2023-06-01")] == [SHOP]
    assert [one["validTo"] for one in await members(org, past=True)] == ["2024-06-01", None]
    assert await alliances(org, SHOP) == []
    assert len(await alliances(org, SHOP, past=True)) == len(await alliances(org, SHOP, asOf="2024-01-01")) == 1
    # It can come back, and only when it is out.
    assert codes(await do(org, "joinAlliance", "membership", joins("b", SHOP, "2024-05-01"))) == ["ALREADY_IN_ALLIANCE"]
    assert codes(await do(org, "joinAlliance", "membership", joins("c", SHOP, "2024-07-01"))) == []
    assert await told(org) == [("joined", ALLIANCE, BRANCH), ("left", ALLIANCE, SHOP), ("joined", ALLIANCE, SHOP)]


async def test_who_cannot_join_is_refused_and_nothing_changes(org: Org) -> None:
    before = await org.contents()
    for given, code in (
        (joins("a", SHOP), "ALREADY_IN_ALLIANCE"),
        (joins("b", ALLIANCE), "OWN_ALLIANCE"),
        (joins("c", SHOP, allianceId=BRANCH), "NOT_AN_ALLIANCE"),
        (joins("d", city.ALLIED), "UNKNOWN_ORGANISATION"),
        (joins("e", BRANCH, "2999-01-01"), "DATE_IN_FUTURE"),
        (joins("f", BRANCH, "2020-01-01"), "OUTSIDE_EXISTENCE"),
    ):
        assert codes(await do(org, "joinAlliance", "membership", given)) == [code]
    # Neither of the two is dissolved while the one belongs to the other.
    for id_ in (ALLIANCE, SHOP):
        over = {"id": id_, "expectedVersion": 1, "on": "2024-01-01"}
        assert codes(await do(org, "dissolveOrganisation", "organisation", over, "EndInput")) == ["NOT_EMPTY"]
    assert await org.contents() == before
    narrow = org.token("community_secretary", region=city.COMMUNITY)
    answer = await org.ask(
        "mutation($input: JoinAllianceInput!) { joinAlliance(input: $input) { problems { code } } }",
        narrow,
        input=joins("g", BRANCH),
    )
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND", "who lies below an alliance does not change it"


async def test_a_member_reads_of_an_alliance_above_it_and_a_stranger_does_not(city_org: Org) -> None:
    inside = city_org.token("resident", region=city.COMMUNITY)
    (one,) = await alliances(city_org, SHOP, inside)
    assert one["alliance"] == {"id": ALLIANCE, "kindName": "micro_alliance"}
    outside = await city_org.ask(MEMBERS, city_org.token("admin", region=city.FOREIGN), id=ALLIANCE)
    assert outside["errors"][0]["extensions"]["code"] == "NOT_FOUND"


MERGE = """mutation($input: MergeOrganisationsInput!) { mergeOrganisations(input: $input) { problems { code } } }"""


async def merge(org: Org, key: str, gone: str, into: str) -> None:
    given = {"idempotencyKey": key, "ids": [gone], "intoId": into, "on": "2024-06-01"}
    assert (await org.data(MERGE, input=given))["mergeOrganisations"]["problems"] == []


async def test_who_takes_over_is_in_the_alliance_once(org: Org) -> None:
    spare, lone = (str(city.id_of("organisation", key)) for key in ("spare", "lone"))
    await do(org, "joinAlliance", "membership", joins("a", spare))
    await merge(org, "b", spare, lone)
    assert [(one["organisation"]["id"], one["validFrom"]) for one in await members(org)] == [
        (SHOP, "2023-01-01"),
        (lone, "2024-06-01"),
    ]
    assert [one["organisation"]["id"] for one in await members(org, "2024-05-31")] == [SHOP, spare]
    await do(org, "joinAlliance", "membership", joins("c", BRANCH))
    await merge(org, "d", lone, BRANCH)
    assert [one["organisation"]["id"] for one in await members(org)] == [SHOP, BRANCH]


async def test_a_member_merged_by_who_does_not_reach_the_alliance_hands_its_place_on(org: Org) -> None:
    spare, lone = (str(city.id_of("organisation", key)) for key in ("spare", "lone"))
    await do(org, "joinAlliance", "membership", joins("a", spare))
    below = org.token("subdistrict_secretary", region=city.COMMUNITY)
    over = {"id": SHOP, "expectedVersion": 1, "on": "2024-06-01"}
    refused = await do(org, "dissolveOrganisation", "organisation", over, "EndInput", token=below)
    assert codes(refused) == ["NOT_EMPTY"], "what is in an alliance out of reach is not dissolved"
    given = {"idempotencyKey": "b", "ids": [spare], "intoId": lone, "on": "2024-06-01"}
    assert (await org.data(MERGE, below, input=given))["mergeOrganisations"]["problems"] == []
    assert [(one["organisation"]["id"], one["validFrom"]) for one in await members(org)] == [
        (SHOP, "2023-01-01"),
        (lone, "2024-06-01"),
    ]
    assert [one["organisation"]["id"] for one in await members(org, "2024-05-31")] == [SHOP, spare]
    assert await told(org) == [("joined", ALLIANCE, spare), ("left", ALLIANCE, spare), ("joined", ALLIANCE, lone)]
    noted = "SELECT count(*) FROM audit WHERE operation = 'mergeOrganisations' AND kind = 'alliance_member'"
    assert await org.look(noted) == [(2,)]
    # What follows out of reach follows by itself: the alliance is no more theirs than it was.
    leaves = {"id": city.ALLIED, "expectedVersion": 1, "on": "2024-07-01"}
    document = "mutation($input: EndInput!) { leaveAlliance(input: $input) { problems { code } } }"
    answer = await org.ask(document, below, input=leaves)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_branches_of_merged_grids_are_in_the_alliance_above_as_one(org: Org) -> None:
    lone = {"id": str(city.id_of("organisation", "lone")), "expectedVersion": 1, "on": "2024-01-01"}
    assert codes(await do(org, "dissolveOrganisation", "organisation", lone, "EndInput")) == []
    await do(org, "joinAlliance", "membership", joins("a", BRANCH))
    document = "mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) { problems { code } } }"
    plan = {"within": city.COMMUNITY, "on": "2024-06-01", "merge": [{"code": city.GRID, "intoCode": city.SECOND_GRID}]}
    below = org.token("subdistrict_secretary", region=city.COMMUNITY)
    done = await org.data(document, below, input={"idempotencyKey": "b", **plan})
    assert done["redrawGrids"]["problems"] == []
    spare = str(city.id_of("organisation", "spare"))
    assert [one["organisation"]["id"] for one in await members(org)] == [SHOP, spare]
    assert [one["organisation"]["id"] for one in await members(org, "2024-05-31")] == [SHOP, BRANCH]


async def test_an_alliance_that_is_merged_hands_its_members_over(org: Org) -> None:
    other = {"record": "organisation", "id": str(city.id_of("other")), "kind": "micro_alliance", "name": "联盟"}
    await org.load(json.dumps({**other, "region_code": city.SUBDISTRICT, "established_on": "2022-03-02"}))
    await merge(org, "a", ALLIANCE, str(city.id_of("other")))
    assert [one["organisation"]["id"] for one in await members(org, of=str(city.id_of("other")))] == [SHOP]
    assert await members(org) == []
    assert [one["organisation"]["id"] for one in await members(org, "2024-05-31")] == [SHOP]


async def test_an_import_holds_members_to_the_same_rules(org: Org) -> None:
    def record(**more: Any) -> str:
        base = {"record": "alliance_member", "id": str(city.id_of("new")), "valid_from": "2024-01-01"}
        return json.dumps({**base, "alliance": ALLIANCE, "organisation": BRANCH, **more})

    for given, code in (
        ({"organisation": SHOP}, "ALREADY_IN_ALLIANCE"),
        ({"alliance": SHOP}, "NOT_AN_ALLIANCE"),
        ({"organisation": city.ALLIED}, "UNKNOWN_ORGANISATION"),
        ({"valid_to": "2023-01-01"}, "PERIOD_REVERSED"),
    ):
        with pytest.raises(ImportRefused, match=f"line 1: .*{code}"):
            await org.load(record(**given))
    assert "1 alliance member" in await org.load(record())
    assert [one["organisation"]["id"] for one in await members(org)] == [SHOP, BRANCH]


async def test_the_scope_is_the_callers_again_after_what_follows_everywhere(city_org: Org) -> None:
    counted = select(func.count()).select_from(t.organisation)
    async with city_org.runtime.database.write((city.GRID,)) as session:
        mine = await session.scalar(counted)
        async with everywhere(session):
            assert await session.scalar(counted) > mine
        assert await session.scalar(counted) == mine > 0
