"""Which compounds organisations cover, alone or jointly; what no branch covers; what follows when they change."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest

from chassis.service import ImportRefused
from services.org.commands.organisation_mergers import Part, SplitOrganisation
from tests.org import city
from tests.org.compounds import PLACES, compound_id, registered, tell
from tests.org.conftest import Org

BRANCH, SPARE, LONE, ALLIANCE, COMMITTEE = (
    str(city.id_of("organisation", key)) for key in ("branch", "spare", "lone", "alliance", "committee")
)
SET = "mutation($input: SetOrganisationCompoundsInput!) { setOrganisationCompounds(input: $input) {"
SET += " organisation { id version isJoint compounds { id } } problems { code path message } } }"
SEEN = "query($id: ID!, $asOf: Date) { organisation(id: $id, asOf: $asOf) { isJoint compounds { id } } }"
COVERAGE = """query($code: String!, $kind: String!, $asOf: Date) { region(code: $code, asOf: $asOf) {
    organisationCoverage(kind: $kind) { kind kindName compounds covered uncovered coveredPercent organisations
        jointOrganisations uncoveredCompounds { totalCount edges { node { compound { id } region { code } } } } } } }"""
COVERERS = """query($refs: [_Any!]!, $kind: String, $asOf: Date) { _entities(representations: $refs) {
    ... on Compound { organisations(kind: $kind, asOf: $asOf) { id name } } } }"""
TOLD = "SELECT convert_from(payload, 'UTF8')::json -> 'data' FROM outbox WHERE type ~ 'compounds_set' ORDER BY id"


def ids(*keys: tuple[object, ...]) -> list[str]:
    return sorted(str(compound_id(*key)) for key in keys)


async def cover(org: Org, whose: str, on: str, *keys: tuple[object, ...], token: str | None = None) -> Any:
    given = {"organisationId": whose, "compoundIds": ids(*keys), "effectiveOn": on}
    answer = await org.data(SET, token, input={"idempotencyKey": str(uuid5(UUID(whose), f"{on}{keys}")), **given})
    return answer["setOrganisationCompounds"]


async def lone(org: Org) -> None:
    """Let the lone branch cover two compounds."""
    assert (await cover(org, LONE, "2023-06-01", (2,), ("grid",)))["problems"] == []


async def covers(org: Org, whose: str, as_of: str | None = None, token: str | None = None) -> list[str]:
    found = (await org.data(SEEN, token, id=whose, asOf=as_of))["organisation"]
    assert found["isJoint"] == (len(found["compounds"]) > 1)
    return [one["id"] for one in found["compounds"]]


async def coverage(org: Org, code: str = city.COMMUNITY, as_of: str | None = None, token: str | None = None) -> Any:
    found = await org.data(COVERAGE, token, code=code, kind="grid_party_branch", asOf=as_of)
    return found["region"]["organisationCoverage"]


async def do(org: Org, name: str, **given: Any) -> Any:
    given_as = "EndInput" if name.startswith("dissolve") else f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation($input: {given_as}!) {{ {name}(input: $input) {{ problems {{ code }}"
    return (await org.data(document + " } }", input=given))[name]["problems"]


async def test_a_branch_covers_compounds_jointly_by_date_and_tells_of_it(org: Org) -> None:
    done = await cover(org, BRANCH, "2024-01-01", (0,), (1,))
    assert done["problems"] == []
    assert done["organisation"]["isJoint"] is True
    assert [one["id"] for one in done["organisation"]["compounds"]] == ids((0,), (1,))
    assert (await cover(org, BRANCH, "2024-03-01", (1,)))["organisation"]["isJoint"] is False
    assert (await cover(org, BRANCH, "2024-05-01"))["problems"] == [], "it may cover none"
    shown = [await covers(org, BRANCH, day) for day in ("2023-12-31", "2024-01-01", "2024-02-29", "2024-03-01")]
    assert shown == [[], ids((0,), (1,)), ids((0,), (1,)), ids((1,))]
    assert await covers(org, BRANCH) == []
    told = [one for (one,) in await org.look(TOLD)]
    assert [(one["compounds"], one["validFrom"]) for one in told] == [
        (ids((0,), (1,)), "2024-01-01"),
        (ids((1,)), "2024-03-01"),
        ([], "2024-05-01"),
    ]
    assert {(one["organisationId"], one["kind"], one["regionCode"]) for one in told} == {
        (BRANCH, "grid_party_branch", city.GRID)
    }


async def test_what_was_set_and_taken_back_on_one_day_can_be_set_again(org: Org) -> None:
    for keys in ([(0,)], [(1,)], [(0,)]):
        await cover(org, BRANCH, "2024-01-01", *keys)
        again = {"organisationId": BRANCH, "compoundIds": ids((0,), (2,)), "effectiveOn": "2024-01-01"}
    done = await org.data(SET, input={"idempotencyKey": "again", **again})
    assert done["setOrganisationCompounds"]["problems"] == []
    assert await covers(org, BRANCH) == ids((0,), (2,))


async def test_compounds_that_are_not_known_there_or_not_yet_are_refused_without_effect(org: Org) -> None:
    await tell(org.runtime.database, registered("late", code=city.COMMUNITY, registered_on="2024-06-01"))
    await cover(org, BRANCH, "2024-02-01", (0,))
    before = await org.contents()
    secretary = org.token("subdistrict_secretary", region=city.SUBDISTRICT)
    for on, keys, code, path in (
        ("2024-03-01", [("nowhere",)], "UNKNOWN_COMPOUND", "compoundIds"),
        ("2024-03-01", [("foreign",)], "UNKNOWN_COMPOUND", "compoundIds"),
        ("2024-03-01", [("second",)], "COMPOUND_ELSEWHERE", "compoundIds"),
        ("2024-03-01", [("late",)], "OUTSIDE_EXISTENCE", "compoundIds"),
        ("2024-03-01", [(0,)], "NOTHING_CHANGES", "compoundIds"),
        ("2024-01-31", [(1,)], "DATE_TOO_EARLY", "effectiveOn"),
        ("2022-01-01", [(1,)], "OUTSIDE_EXISTENCE", "effectiveOn"),
        ("2999-01-01", [(1,)], "DATE_IN_FUTURE", "effectiveOn"),
        ("2024-03-01", [(number, "many") for number in range(51)], "TOO_MANY", "compoundIds"),
    ):
        refused = await cover(org, BRANCH, on, *keys, token=secretary)
        assert [(one["code"], one["path"]) for one in refused["problems"]] == [(code, [path])]
        assert refused["organisation"] is None
    assert await org.contents() == before
    assert (await cover(org, BRANCH, "2024-06-01", ("late",)))["problems"] == []


async def test_a_region_counts_and_lists_what_no_branch_covers(org: Org) -> None:
    await lone(org)
    await cover(org, BRANCH, "2024-01-01", (0,), (1,))
    await cover(org, SPARE, "2024-02-01", (0,))
    here = [key for key, code in PLACES.items() if code.startswith(city.COMMUNITY)]
    left = [key for key in here if key not in {(0,), (1,), (2,), ("grid",)}]
    found = await coverage(org)
    assert (found["kind"], found["kindName"]) == ("grid_party_branch", "grid_party_branch")
    assert (found["compounds"], found["covered"], found["uncovered"]) == (len(here), 4, len(left))
    assert (found["organisations"], found["jointOrganisations"]) == (3, 2)
    assert found["coveredPercent"] == round(400 / len(here), 1)
    edges = [one["node"] for one in found["uncoveredCompounds"]["edges"]]
    assert sorted(one["compound"]["id"] for one in edges) == ids(*left)
    assert found["uncoveredCompounds"]["totalCount"] == len(left)
    assert (await coverage(org, as_of="2023-12-31"))["covered"] == 2, "those of the lone branch"
    assert (await coverage(org, city.FOREIGN_COMMUNITY))["covered"] == 0
    assert (await coverage(org, city.SECOND_GRID))["organisations"] == 1
    await cover(org, LONE, "2024-03-01", (2,))
    gone = await coverage(org, city.SECOND_GRID)
    assert (gone["compounds"], gone["covered"], gone["organisations"]) == (1, 0, 0), "it covers none of this grid now"
    other = await org.data(COVERAGE, code=city.COMMUNITY, kind="two_new", asOf=None)
    assert other["region"]["organisationCoverage"]["covered"] == 0
    wrong = await org.ask(COVERAGE, org.token("admin"), code=city.COMMUNITY, kind="nothing", asOf=None)
    assert wrong["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_compound_shows_who_covers_it_also_from_above(org: Org) -> None:
    assert (await cover(org, ALLIANCE, "2024-01-01", (0,)))["problems"] == []
    await cover(org, BRANCH, "2024-02-01", (0,))
    worker = org.token("community_worker", region=city.COMMUNITY)
    refs = [{"__typename": "Compound", "id": str(compound_id(0))}]

    async def by(**asked: Any) -> set[str]:
        (found,) = (await org.data(COVERERS, worker, refs=refs, **asked))["_entities"]
        return {one["id"] for one in found["organisations"]}

    assert await by() == {ALLIANCE, BRANCH}
    assert await by(kind="grid_party_branch") == {BRANCH}
    assert await by(asOf="2024-01-31") == {ALLIANCE}
    above = await org.data(COVERAGE, worker, code=city.COMMUNITY, kind="micro_alliance", asOf=None)
    assert above["region"]["organisationCoverage"]["covered"] == 1


async def test_a_merged_branch_hands_over_and_a_dissolved_one_ends_what_it_covers(org: Org) -> None:
    await lone(org)
    await cover(org, BRANCH, "2024-01-01", (0,), (2,))
    assert await do(org, "mergeOrganisations", idempotencyKey="k", ids=[LONE], intoId=BRANCH, on="2024-05-01") == []
    everything = ids((0,), (2,), ("grid",))
    assert (await covers(org, BRANCH, "2024-04-30"), await covers(org, BRANCH)) == (ids((0,), (2,)), everything)
    assert (await covers(org, LONE, "2024-04-30"), await covers(org, LONE)) == (ids((2,), ("grid",)), [])
    told = [one for (one,) in await org.look(TOLD)][-1]
    assert (told["organisationId"], told["compounds"], told["validFrom"]) == (BRANCH, everything, "2024-05-01")
    assert (await coverage(org))["organisations"] == 1
    await cover(org, SPARE, "2024-03-01", (1,))
    assert await do(org, "dissolveOrganisation", id=SPARE, expectedVersion=2, on="2024-07-01") == []
    assert (await covers(org, SPARE, "2024-06-30"), await covers(org, SPARE)) == (ids((1,)), [])
    assert (await coverage(org, as_of="2024-06-30"))["covered"] - (await coverage(org))["covered"] == 1


async def test_a_merger_by_which_one_would_cover_too_many_is_refused_without_effect(org: Org) -> None:
    await lone(org)
    many = [(number, "many") for number in range(50)]
    database = org.runtime.database
    await tell(database, *(registered(*key, code=city.COMMUNITY) for key in many))
    assert (await cover(org, BRANCH, "2024-01-01", *many))["problems"] == []
    before = await org.contents()
    refused = await do(org, "mergeOrganisations", idempotencyKey="k", ids=[LONE], intoId=BRANCH, on="2024-05-01")
    assert [one["code"] for one in refused] == ["TOO_MANY"]
    assert await org.contents() == before


async def test_what_is_covered_stays_so_when_grids_are_merged_and_the_region_is_recoded(org: Org) -> None:
    await lone(org)
    await cover(org, BRANCH, "2024-01-01", (0,))
    merging = {"merge": [{"code": city.SECOND_GRID, "intoCode": city.GRID}]}
    given = {"idempotencyKey": "k", "within": city.COMMUNITY, "on": "2024-06-01", **merging}
    assert await do(org, "redrawGrids", **given) == []
    left = await covers(org, LONE, token=org.token("grid_worker", region=city.GRID))
    assert left == ids((2,), ("grid",)), "it is read where it lies now"
    assert await covers(org, LONE, "2024-05-31") == left
    asked = {"regionId": str(city.id_of("region", city.COUNTY)), "expectedVersion": 1, "newCode": "370329"}
    assert await do(org, "recodeRegion", **asked, effectiveOn="2024-07-01") == []
    assert (await coverage(org, city.COMMUNITY.replace(city.COUNTY, "370329")))["covered"] == 3


async def test_an_import_says_once_which_compounds_an_organisation_covers(org: Org) -> None:
    def line(whose: str, *keys: tuple[object, ...], since: str = "2023-07-01") -> str:
        record = {"record": "covering", "organisation": whose, "compounds": ids(*keys), "valid_from": since}
        return json.dumps(record)

    assert "1 covering" in await org.load(line(COMMITTEE, (0,), ("unheard",)))
    assert await covers(org, COMMITTEE) == ids((0,), ("unheard",)), "what property has not told of is taken on trust"
    versions = f"SELECT version FROM organisation WHERE id = '{COMMITTEE}'"  # noqa: S608
    assert await org.look(versions) == [(2,)]
    assert "nothing new" in await org.load(line(COMMITTEE, (1,)))
    assert await org.look(versions) == [(2,)]
    for wrong, code in (
        (line(str(city.id_of("nobody")), (0,)), "UNKNOWN_ORGANISATION"),
        (line(BRANCH, ("second",)), "COMPOUND_ELSEWHERE"),
        (line(BRANCH, (0,), since="2021-01-01"), "OUTSIDE_EXISTENCE"),
        (line(BRANCH), "REQUIRED"),
    ):
        with pytest.raises(ImportRefused, match=code):
            await org.load(wrong)
    assert await covers(org, BRANCH) == []


async def split(org: Org, on: str, *parts: Any, key: str = "split", version: int = 2, token: str | None = None) -> Any:
    document = """mutation($input: SplitOrganisationInput!) { splitOrganisation(input: $input) {
        organisation { id version successors { id } } problems { code path } } }"""
    given = {"idempotencyKey": key, "id": BRANCH, "expectedVersion": version, "on": on, "parts": list(parts)}
    return await org.ask(document, token or org.token(), input=given)


async def test_a_part_covers_what_it_is_given_and_the_rest_the_others(org: Org) -> None:
    await cover(org, BRANCH, "2024-01-01", (0,), (1,), (2,))
    parts = [
        {"name": "南苑支部", "regionCode": city.GRID, "compoundIds": ids((0,), (2,))},
        {"name": "北苑支部", "regionCode": city.SECOND_GRID},
    ]
    token = org.token()
    done = (await split(org, "2024-06-01", *parts, token=token))["data"]["splitOrganisation"]
    assert done["problems"] == []
    assert done["organisation"]["version"] == 3
    covered = [await covers(org, one["id"]) for one in done["organisation"]["successors"]]
    assert sorted(covered) == sorted([ids((0,), (2,)), []])
    assert (await covers(org, BRANCH), await covers(org, BRANCH, "2024-05-31")) == (ids((1,)), ids((0,), (1,), (2,)))
    counted = await coverage(org)
    assert (counted["covered"], counted["organisations"], counted["jointOrganisations"]) == (3, 2, 1)
    told = [one for (one,) in await org.look(TOLD)][1:]
    assert [one["compounds"] for one in told] == [ids((0,), (2,)), ids((1,))]
    assert {one["validFrom"] for one in told} == {"2024-06-01"}
    assert told[1]["organisationId"] == BRANCH
    again = (await split(org, "2024-06-01", *parts, token=token))["data"]["splitOrganisation"]
    assert again == done, "the same key splits once"


async def test_a_part_is_given_no_compound_that_is_not_there_or_lies_elsewhere(org: Org) -> None:
    await cover(org, BRANCH, "2024-01-01", (0,), (1,))
    part = {"name": "南苑支部", "regionCode": city.GRID, "compoundIds": ids((0,))}
    elsewhere = {**part, "regionCode": city.SECOND_COMMUNITY}
    before = await org.contents()
    for parts, code in (
        ([{**part, "compoundIds": ids((2,))}], "NOT_PART_OF_IT"),
        ([part, {**part, "name": "北苑支部"}], "NOT_PART_OF_IT"),
        ([elsewhere], "COMPOUND_ELSEWHERE"),
    ):
        refused = (await split(org, "2024-06-01", *parts))["data"]["splitOrganisation"]
        assert [(one["code"], one["path"]) for one in refused["problems"]] == [(code, ["parts", "compounds"])]
        assert refused["organisation"] is None
    for token, told in (
        (org.token("observer", region=city.COUNTY), "FORBIDDEN"),
        (org.token("admin", region=city.FOREIGN), "NOT_FOUND"),
    ):
        answer = await split(org, "2024-06-01", part, token=token)
        assert answer["errors"][0]["extensions"]["code"] == told
    assert await org.contents() == before


def test_a_key_of_a_split_without_compounds_is_bound_to_what_it_was_before_there_were_any() -> None:
    part = Part("南苑支部", city.GRID, [UUID(BRANCH)], [], [])
    asked = SplitOrganisation(UUID(COMMITTEE), 1, date(2024, 6, 1), [part])
    assert b"compounds" not in msgspec.json.encode(asked, order="deterministic")
