"""Organisations renamed, moved, merged and split, and what each day shows."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

COMMITTEE, BRANCH, SPARE = (str(city.id_of("organisation", key)) for key in ("committee", "branch", "spare"))

SEEN = """query($id: ID!, $asOf: Date) { organisation(id: $id, asOf: $asOf) {
    name version dissolvedOn parent { id } children { edges { node { id } } }
    duties { edges { node { title { code } validFrom person { id } region { code } } } }
    history { name validFrom validTo parent { id } }
    predecessors { id } successors { id name } } }"""


def mutation(name: str) -> str:
    given = name[0].upper() + name[1:] + "Input"
    return (
        f"mutation($input: {given}!) {{ {name}(input: $input)"
        f" {{ organisation {{ id version name }} problems {{ code path }} }} }}"
    )


async def do(org: Org, what: str, **given: Any) -> Any:
    return (await org.data(mutation(what), input=given))[what]


async def seen(org: Org, id_: str, as_of: str | None = None) -> Any:
    return (await org.data(SEEN, id=id_, asOf=as_of))["organisation"]


def children(organisation: Any) -> set[str]:
    return {edge["node"]["id"] for edge in organisation["children"]["edges"]}


async def test_an_organisation_has_the_name_and_parent_of_the_date(org: Org) -> None:
    await do(org, "renameOrganisation", id=BRANCH, expectedVersion=1, name="新名支部", effectiveOn="2024-01-01")
    moved = await do(org, "moveOrganisation", id=SPARE, expectedVersion=1, parentId=BRANCH, effectiveOn="2024-02-01")
    assert moved["problems"] == []
    before, after = await seen(org, BRANCH, "2023-12-31"), await seen(org, BRANCH)
    assert (before["name"], after["name"]) == ("中共第一网格", "新名支部")
    assert children(await seen(org, BRANCH, "2024-01-31")) == set()
    assert children(after) == {SPARE}
    assert (await seen(org, SPARE, "2024-01-31"))["parent"] is None
    assert (await seen(org, SPARE))["parent"] == {"id": BRANCH}
    assert [one["name"] for one in after["history"]] == ["中共第一网格", "新名支部"]
    events = await org.look("SELECT type FROM outbox WHERE type ~ 'organisation.(renamed|moved)' ORDER BY id")
    assert [name for (name,) in events] == ["linli.org.organisation.renamed.v1", "linli.org.organisation.moved.v1"]


async def test_what_would_be_above_itself_or_is_stale_is_refused_without_effect(org: Org) -> None:
    before = await org.contents()
    circle = await do(
        org, "moveOrganisation", id=COMMITTEE, expectedVersion=1, parentId=BRANCH, effectiveOn="2024-01-01"
    )
    assert circle["problems"] == [{"code": "CIRCLE", "path": ["parentId"]}]
    stale = await do(org, "renameOrganisation", id=BRANCH, expectedVersion=9, name="x", effectiveOn="2024-01-01")
    assert stale["problems"][0]["code"] == "STALE_VERSION"
    mixed = await do(org, "mergeOrganisations", idempotencyKey="k", ids=[SPARE], intoId=COMMITTEE, on="2024-01-01")
    assert mixed["problems"][0]["code"] == "NOT_OF_ONE_KIND"
    assert await org.contents() == before


async def test_merged_branches_hand_over_duties_and_show_who_followed_whom(org: Org) -> None:
    merged = await do(org, "mergeOrganisations", idempotencyKey="k", ids=[BRANCH], intoId=SPARE, on="2024-05-01")
    assert merged["problems"] == []
    then, now = await seen(org, BRANCH, "2024-04-30"), await seen(org, SPARE)
    held = [edge["node"] for edge in now["duties"]["edges"]]
    assert {one["validFrom"] for one in held} == {"2024-05-01"}
    titles = ["branch_member"] * 3 + ["grid_branch_secretary"]
    assert sorted(one["title"]["code"] for one in held) == titles
    assert [edge["node"]["validFrom"] for edge in then["duties"]["edges"]] == ["2022-07-01"] * 4
    assert now["predecessors"] == [{"id": BRANCH}]
    gone = await seen(org, BRANCH)
    assert (gone["dissolvedOn"], [one["id"] for one in gone["successors"]]) == ("2024-05-01", [SPARE])
    types = await org.look("SELECT type FROM outbox WHERE type ~ 'duty.ended|dissolved' ORDER BY 1")
    assert [name for (name,) in types] == ["linli.org.duty.ended.v1"] * 4 + ["linli.org.organisation.dissolved.v1"]


async def test_a_part_takes_over_what_it_is_given_and_the_rest_stays(org: Org) -> None:
    secretary = str(city.id_of("duty", "secretary"))
    part = {"name": "分党委", "regionCode": city.COMMUNITY, "organisationIds": [BRANCH], "dutyIds": [secretary]}
    foreign = {**part, "organisationIds": [SPARE]}
    given = {"id": COMMITTEE, "expectedVersion": 1, "on": "2024-06-01"}
    refused = await do(org, "splitOrganisation", idempotencyKey="a", **given, parts=[foreign])
    assert refused["problems"][0]["code"] == "NOT_PART_OF_IT"
    empty = await do(org, "splitOrganisation", idempotencyKey="b", **given, parts=[])
    assert empty["problems"][0]["code"] == "REQUIRED"
    done = await do(org, "splitOrganisation", idempotencyKey="c", **given, parts=[part])
    assert done["problems"] == []
    (new,) = (await seen(org, COMMITTEE))["successors"]
    assert new["name"] == "分党委"
    assert children(await seen(org, COMMITTEE)) == set()
    assert children(await seen(org, COMMITTEE, "2024-05-31")) == {BRANCH}
    assert children(await seen(org, new["id"])) == {BRANCH}
    assert len((await seen(org, new["id"]))["duties"]["edges"]) == 1
    assert (await seen(org, COMMITTEE))["duties"]["edges"] == []
