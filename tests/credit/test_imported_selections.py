"""Selections that were concluded elsewhere are imported whole, counted by the honour's rule, and are figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chassis.service import ImportRefused
from tests.credit import city
from tests.kit import items_of

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

DISTRICT = str(city.region_id(city.DISTRICT))
STATS = """query($id: ID!, $since: Date) { _entities(representations: [{__typename: "Region", id: $id}]) {
  ... on Region { creditStats(since: $since) { chosen selections buildings: chosen(honour: "building") } } } }"""
PUBLIC = """query($code: String!) { publicCreditSelections(regionCode: $code) { honour state
  candidates { edges { node { state name votes mark place region { id } } } } } }"""
HONOURS = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  creditCatalogue { rewardCount none: rewardCount(theme: "five_small")
  honours { code of how title organisers places awardYuan } } } } }"""


def account(name: str = "li") -> dict[str, Any]:
    return {
        "record": "account", "id": str(city.person(f"account {name}")), "district_id": DISTRICT, "group": "resident",
        "region_id": str(city.region_id(city.GRID)), "region_code": city.GRID, "name": "李小明", "subject": name,
        "opened_on": "2026-01-05",
    }  # fmt: skip


def candidate(name: str, result: int, region: str = city.GRID, **more: Any) -> dict[str, Any]:
    return {"id": str(city.person(f"candidate {name}")), "region_id": str(city.region_id(region)), "result": result,
            **more}  # fmt: skip


def selection(honour: str, *candidates: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {
        "record": "selection", "id": str(city.person(f"selection {honour}")), "district_id": DISTRICT,
        "honour": honour, "region_id": str(city.region_id(city.COMMUNITY)), "region_code": city.COMMUNITY,
        "opened_on": "2026-02-01", "nominations_until": "2026-02-20", "published_on": "2026-03-01",
        "concluded_on": "2026-03-08", "candidates": list(candidates),
    } | changed  # fmt: skip


BUILDINGS = selection("building", candidate("a", 40, city.BUILDING), candidate("b", 12, city.BUILDING_2))


def neighbours() -> dict[str, Any]:
    return selection("neighbour", candidate("li", 9350, account_id=account()["id"]))


async def stats(credit: Credit, code: str, since: str | None = None) -> Any:
    token = credit.role("observer", city.DISTRICT)
    (region,) = (await credit.data(STATS, token, id=str(city.region_id(code)), since=since))["_entities"]
    return region["creditStats"]


async def test_who_is_chosen_is_counted_and_shown_as_if_it_had_been_held_here(credit: Credit) -> None:
    records = (account(), BUILDINGS, neighbours())
    assert await credit.load(*records) == "Imported 1 accounts, 2 selections; 0 records were there already."
    found = (await credit.data(PUBLIC, None, code=city.DISTRICT))["publicCreditSelections"]
    by_honour = {one["honour"]: one for one in found}
    grid, first, second = ({"id": str(city.region_id(code))} for code in (city.GRID, city.BUILDING, city.BUILDING_2))
    assert items_of(by_honour["building"]["candidates"]) == [
        {"state": "CHOSEN", "name": None, "votes": 40, "mark": None, "place": 1, "region": first},
        {"state": "PASSED_OVER", "name": None, "votes": 12, "mark": None, "place": None, "region": second},
    ]
    (person,) = items_of(by_honour["neighbour"]["candidates"])
    assert person["name"] == "李*"
    assert (person["mark"], person["place"], person["region"]) == (93.5, 1, grid)
    assert by_honour["neighbour"]["state"] == "CONCLUDED"
    told = [payload["data"] for type_, payload in await credit.events() if type_ == _CONCLUDED]
    assert [(one["honour"], one["chosen"]) for one in told] == [("building", 1), ("neighbour", 1)]
    before = await credit.contents()
    assert await credit.load(*records) == "Imported nothing; 3 records were there already."
    assert await credit.contents() == before


_CONCLUDED = "linli.credit.selection.concluded.v1"


async def test_figures_count_who_was_chosen_here_and_below_in_that_time(credit: Credit) -> None:
    await credit.load(account(), BUILDINGS, neighbours())
    assert await stats(credit, city.DISTRICT) == {"chosen": 2, "selections": 2, "buildings": 1}
    assert await stats(credit, city.GRID) == {"chosen": 2, "selections": 2, "buildings": 1}
    assert await stats(credit, city.GRID_2) == {"chosen": 0, "selections": 0, "buildings": 0}
    assert await stats(credit, city.DISTRICT, "2026-03-02") == {"chosen": 0, "selections": 0, "buildings": 0}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (selection("nothing", candidate("a", 1)), "there is no honour nothing"),
        (BUILDINGS | {"concluded_on": "2026-03-07"}, "public for too short a time"),
        (BUILDINGS | {"nominations_until": "2026-03-01"}, "not in their order"),
        (selection("building", candidate("a", 1, account_id=DISTRICT)), "is not what building honours"),
        (selection("grid_worker", candidate("a", 1)), "is not what grid_worker honours"),
        (selection("neighbour", candidate("a", 1, account_id=DISTRICT)), "is not opened by this file"),
    ],
)
async def test_a_wrong_selection_imports_nothing_and_says_where(
    credit: Credit, wrong: dict[str, Any], said: str
) -> None:
    before = await credit.contents()
    with pytest.raises(ImportRefused, match=f"line 2: .*{said}"):
        await credit.load(account(), wrong)
    assert await credit.contents() == before


async def test_the_catalogue_tells_what_is_chosen_and_how(credit: Credit) -> None:
    (region,) = (await credit.data(HONOURS, credit.resident(), id=DISTRICT))["_entities"]
    catalogue = region["creditCatalogue"]
    assert (catalogue["rewardCount"], catalogue["none"]) == (3, 0)
    assert [one["code"] for one in catalogue["honours"]] == ["building", "neighbour", "family", "grid_worker"]
    assert catalogue["honours"][3] == {
        "code": "grid_worker", "of": "DUTY", "how": "REVIEW", "title": "grid_worker", "organisers": ["coordinator"],
        "places": 1, "awardYuan": 800,
    }  # fmt: skip
