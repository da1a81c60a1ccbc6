"""The region tree through the graph: codes, dates, pages, scopes."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.org import city
from tests.org.conftest import Org

REGION = "query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) { __typename id code name version } }"


async def version(org: Org, code: str) -> tuple[str, int]:
    region = (await org.data(REGION, code=code))["region"]
    return region["id"], region["version"]


async def change(org: Org, mutation: str, code: str, on: str, **more: Any) -> dict[str, Any]:
    id_, current = await version(org, code)
    given_ = {"regionId": id_, "expectedVersion": current, "effectiveOn": on, **more}
    name = mutation[0].upper() + mutation[1:] + "Input"
    document = (
        f"mutation($input: {name}!) {{ {mutation}(input: $input)"
        " { region { id code name validFrom validTo version parent { code } } problems { code path message } } }"
    )
    answer: dict[str, Any] = (await org.data(document, input=given_))[mutation]
    return answer


async def test_a_code_is_answered_by_the_type_of_its_level(city_org: Org) -> None:
    for code, typename in (
        ("3703", "City"),
        (city.COUNTY, "District"),
        (city.SUBDISTRICT, "Subdistrict"),
        (city.COMMUNITY, "Community"),
        (city.GRID, "Grid"),
        (city.BUILDING, "Building"),
        (city.UNIT, "Unit"),
        ("370321000000", "District"),
    ):
        assert (await city_org.data(REGION, code=code))["region"]["__typename"] == typename


async def test_the_chain_reads_up_and_down(city_org: Org) -> None:
    data = await city_org.data(
        """query($code: String!) { grid(code: $code) {
            level codeKind parent { code } ancestors { code level name }
            children { totalCount edges { node { code } } }
            descendants(level: UNIT) { totalCount edges { node { code } } }
            history { code name validFrom validTo }
        } }""",
        code=city.GRID,
    )
    grid = data["grid"]
    assert grid["parent"] == {"code": city.COMMUNITY}
    assert [one["code"] for one in grid["ancestors"]] == ["3703", city.COUNTY, city.SUBDISTRICT, city.COMMUNITY]
    assert [edge["node"]["code"] for edge in grid["children"]["edges"]] == [city.BUILDING, city.SECOND_BUILDING]
    assert grid["children"]["totalCount"] == 2
    assert grid["descendants"] == {"totalCount": 1, "edges": [{"node": {"code": city.UNIT}}]}
    assert grid["history"] == [{"code": city.GRID, "name": "第一网格", "validFrom": city.SINCE, "validTo": None}]


async def test_pages_of_descendants_join_to_the_whole(city_org: Org) -> None:
    query = """query($after: String) { city(code: "3703") { descendants(first: 3, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { code } } } } }"""
    codes, after = [], None
    for _ in range(20):
        page = (await city_org.data(query, after=after))["city"]["descendants"]
        codes += [edge["node"]["code"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert codes == sorted(set(city.NAMES) - {"3703"})
    assert page["totalCount"] == len(codes)


async def test_a_cursor_of_another_query_is_refused(city_org: Org) -> None:
    page = "pageInfo { endCursor }"
    first = await city_org.data(f'{{ city(code: "3703") {{ descendants(first: 1) {{ {page} }} }} }}')
    cursor = first["city"]["descendants"]["pageInfo"]["endCursor"]
    answer = await city_org.ask(
        f'query($c: String) {{ city(code: "3703") {{ children(after: $c) {{ {page} }} }} }}',
        city_org.token(),
        c=cursor,
    )
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("code", ["", "37032", "370321600", "x" * 5000, "3703210020010010019"])
async def test_a_malformed_code_is_a_bad_request(city_org: Org, code: str) -> None:
    answer = await city_org.ask(REGION, city_org.token(), code=code)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert len(answer["errors"][0]["message"]) < 200


async def test_an_unknown_code_and_one_of_another_level_are_refused(city_org: Org) -> None:
    answer = await city_org.ask(REGION, city_org.token(), code="370399")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    answer = await city_org.ask('{ grid(code: "3703") { id } }', city_org.token())
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2024-02-30", "yesterday"])
async def test_a_day_that_is_surely_a_mistake_is_a_bad_request(city_org: Org, day: str) -> None:
    answer = await city_org.ask(REGION, city_org.token(), code=city.GRID, asOf=day)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_region_is_as_it_will_be_and_was_not_before_it_began(city_org: Org) -> None:
    assert (await city_org.data(REGION, code=city.GRID, asOf="2999-12-31"))["region"]["code"] == city.GRID
    answer = await city_org.ask(REGION, city_org.token(), code=city.GRID, asOf="1900-01-01")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_region_has_its_name_of_the_date(org: Org) -> None:
    done = await change(org, "renameRegion", city.GRID, "2024-01-01", name="红星网格")
    assert done["problems"] == []
    assert (done["region"]["name"], done["region"]["validFrom"]) == ("红星网格", "2024-01-01")
    before = await org.data(REGION, code=city.GRID, asOf="2023-12-31")
    assert before["region"]["name"] == "第一网格"
    answer = await org.ask(REGION, org.token(), code=city.GRID, asOf="2021-01-01")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND", "it did not exist then"


async def test_recoding_a_community_recodes_what_is_below_and_old_codes_lead_there(org: Org) -> None:
    new = "370321002009"
    done = await change(org, "recodeRegion", city.COMMUNITY, "2024-06-01", newCode=new)
    assert done["region"]["code"] == new
    moved = await org.data(REGION, code=city.UNIT)
    assert moved["region"]["code"] == new + city.UNIT[12:], "the old code redirects"
    then = await org.data(REGION, code=city.UNIT, asOf="2024-05-31")
    assert then["region"]["code"] == city.UNIT
    early = await org.data(REGION, code=new, asOf="2024-05-31")
    assert early["region"]["code"] == city.COMMUNITY, "today's code finds the region in its past"
    stamps = await org.look("SELECT region_code FROM duty UNION SELECT region_code FROM team_member")
    assert not [stamp for (stamp,) in stamps if stamp.startswith(city.COMMUNITY)]
    events = await org.look("SELECT region_code FROM outbox WHERE type = 'linli.org.region.recoded.v1' ORDER BY 1")
    assert [code for (code,) in events] == sorted(
        new + code[12:] for code in city.NAMES if code.startswith(city.COMMUNITY)
    )


COUNTS = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) {
    duties { totalCount } organisations { totalCount } teams { totalCount totalMembers } stations { totalCount }
    descendants { totalCount } } }"""


async def test_what_lay_in_a_region_on_a_date_is_answered_by_the_tree_of_that_date(org: Org) -> None:
    before = await org.data(COUNTS, code=city.SECOND_COMMUNITY, asOf="2024-01-01")
    assert before["region"]["duties"]["totalCount"] == 0
    grid_then = (await org.data(COUNTS, code=city.GRID, asOf="2024-01-01"))["region"]
    await change(org, "recodeRegion", city.GRID, "2024-06-01", newCode=city.SECOND_COMMUNITY + "001")
    moved = await org.data(COUNTS, code=city.SECOND_COMMUNITY)
    assert moved["region"]["duties"]["totalCount"] > 0
    assert moved["region"]["descendants"]["totalCount"] == 4
    then = await org.data(COUNTS, code=city.SECOND_COMMUNITY, asOf="2024-05-31")
    assert then == before, "on a date before the move nothing of it shows"
    assert (await org.data(COUNTS, code=city.GRID, asOf="2024-01-01"))["region"] == grid_then
    parents = await org.data('{ grid(code: "%s") { parent { code } } }' % (city.SECOND_COMMUNITY + "001"))
    assert parents["grid"]["parent"]["code"] == city.SECOND_COMMUNITY


async def test_a_region_that_goes_to_another_district_is_told_to_both(org: Org) -> None:
    await change(org, "recodeRegion", city.SECOND_COMMUNITY, "2024-06-01", newCode="370322001002")
    rows = await org.look("SELECT type, tenant FROM outbox WHERE type LIKE '%region.left%' OR type LIKE '%recoded%'")
    assert rows == [("linli.org.region.left.v1", "370321"), ("linli.org.region.recoded.v1", "370322")]


async def test_a_region_closes_only_when_nothing_is_left_in_it(org: Org) -> None:
    refused = await change(org, "closeRegion", city.BUILDING, "2024-06-01")
    assert refused["region"] is None
    assert refused["problems"][0]["code"] == "NOT_EMPTY"
    done = await change(org, "closeRegion", city.SECOND_BUILDING, "2024-06-01")
    assert done["region"]["validTo"] == "2024-06-01"
    below = await org.data("query($c: String!) { grid(code: $c) { children { totalCount } } }", c=city.GRID)
    assert below["grid"]["children"]["totalCount"] == 1
    again = await change(org, "renameRegion", city.SECOND_BUILDING, "2024-07-01", name="x")
    assert again["problems"][0]["code"] == "ALREADY_ENDED"


ESTABLISH = """mutation($input: EstablishRegionInput!) { establishRegion(input: $input) {
    region { id code } problems { code path message } } }"""


async def test_the_same_key_establishes_once_and_a_code_is_given_once(org: Org) -> None:
    asked = {"idempotencyKey": "k", "code": city.GRID[:12] + "003", "name": "第三网格", "validFrom": "2024-01-01"}
    once = (await org.data(ESTABLISH, token := org.token(subject="me"), input=asked))["establishRegion"]
    again = (await org.data(ESTABLISH, token, input=asked))["establishRegion"]
    assert once == again
    other = (await org.data(ESTABLISH, token, input={**asked, "name": "x"}))["establishRegion"]
    assert other["problems"][0]["code"] == "IDEMPOTENCY_CONFLICT"
    taken = (await org.data(ESTABLISH, token, input={**asked, "idempotencyKey": "l"}))["establishRegion"]
    assert taken["problems"][0]["code"] == "CODE_TAKEN"
    found = await org.look("SELECT count(*) FROM outbox WHERE type = 'linli.org.region.established.v1'")
    assert found == [(len(city.NAMES) + 1,)]


async def test_a_stale_version_and_a_future_date_are_refused(org: Org) -> None:
    id_, current = await version(org, city.GRID)
    document = """mutation($input: RenameRegionInput!) { renameRegion(input: $input) { problems { code message } } }"""
    stale = {"regionId": id_, "expectedVersion": current + 1, "name": "x", "effectiveOn": "2024-01-01"}
    answer = await org.ask(document, org.token(), "zh-CN", input=stale)
    problem = answer["data"]["renameRegion"]["problems"][0]
    assert problem["code"] == "STALE_VERSION"
    assert "当前版本" in problem["message"]
    tomorrow = {**stale, "expectedVersion": current, "effectiveOn": "2999-01-01"}
    future = await org.data(document, input=tomorrow)
    assert future["renameRegion"]["problems"][0]["code"] == "DATE_IN_FUTURE"


FIRST = date(2023, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(12)]
moves = st.lists(
    st.tuples(st.sampled_from(["renameRegion", "recodeRegion"]), st.sampled_from(DAYS), st.integers(1, 4)),
    min_size=1,
    max_size=5,
)


numbers = itertools.count(1)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
async def test_the_state_at_any_date_equals_the_replay_of_the_changes(
    org: Org, wanted: list[tuple[str, date, int]]
) -> None:
    number = next(numbers)
    first = f"{city.COMMUNITY}{100 + number}"
    asked = {"idempotencyKey": first, "code": first, "name": "初", "validFrom": "2022-06-01"}
    established = (await org.data(ESTABLISH, input=asked))["establishRegion"]
    assert established["problems"] == []
    id_, accepted = established["region"]["id"], []
    for what, on, value in wanted:
        codes = {"newCode": f"{city.SECOND_COMMUNITY}{number * 10 + value:03d}"}
        more = {"name": f"名{value}"} if what == "renameRegion" else codes
        done = await change(org, what, first, on.isoformat(), **more)
        if not done["problems"]:
            accepted.append((on, more))
    for day in DAYS:
        name, code = "初", first
        for on, more in accepted:
            if on <= day:
                name, code = more.get("name", name), more.get("newCode", code)
        found = (await org.data(REGION, code=first, asOf=day.isoformat()))["region"]
        assert (found["id"], found["name"], found["code"]) == (id_, name, code)


async def test_a_county_of_thousands_is_recoded_at_once(empty_org: Org) -> None:
    codes = ["3703", "370321", "370321001", *(f"370321001{n:03d}" for n in range(1, 41))]
    codes += [f"{code}{n:03d}" for code in codes[3:] for n in range(1, 51)]
    regions = [
        {
            "record": "region",
            "id": str(city.id_of("region", code)),
            "code": code,
            "name": code,
            "valid_from": city.SINCE,
        }
        for code in codes
    ]
    await empty_org.load(city.lines(regions))
    done = await change(empty_org, "recodeRegion", "370321", "2024-06-01", newCode="370305")
    assert done["problems"] == []
    rows = await empty_org.look("SELECT type, count(*), count(DISTINCT tenant) FROM outbox GROUP BY 1 ORDER BY 1")
    moved = len(codes) - 1
    assert rows[1:] == [("linli.org.region.left.v1", moved, 1), ("linli.org.region.recoded.v1", moved, 1)]
    below = await empty_org.data('{ district(code: "370305") { descendants { totalCount } } }')
    assert below["district"]["descendants"]["totalCount"] == moved - 1
    closed = await change(empty_org, "closeRegion", "370321001001001", "2024-07-01")
    assert closed["problems"] == []
    again = await change(empty_org, "recodeRegion", "370305001001001", "2024-08-01", newCode="370305001002999")
    assert again["problems"][0]["code"] == "ALREADY_ENDED"
