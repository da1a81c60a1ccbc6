"""Grids redrawn: everything goes over, the past stays as it was, and a rehearsal changes nothing."""

from __future__ import annotations

from typing import Any

from tests.org import city
from tests.org.conftest import Org

REDRAW = """mutation($input: RedrawGridsInput!) { redrawGrids(input: $input) {
    region { code } rehearsed report { thing fromCode toCode moved joined ended } problems { code path message } } }"""
COUNTS = """query($code: String!, $asOf: Date) { region(code: $code, asOf: $asOf) {
    duties { totalCount edges { node { title { code } region { code } person { id region { code } } } } }
    organisations { totalCount edges { node { name region { code } } } }
    teams { totalCount totalMembers edges { node { name region { code } } } }
    stations { totalCount edges { node { name region { code } } } }
    descendants { totalCount edges { node { code name } } } } }"""
NEW = city.COMMUNITY + "003"
MERGE: dict[str, Any] = {
    "within": city.COMMUNITY,
    "on": "2024-06-01",
    "merge": [{"code": city.GRID, "intoCode": city.SECOND_GRID}],
}


async def redraw(org: Org, key: str, **given: Any) -> Any:
    return (await org.data(REDRAW, input={"idempotencyKey": key, **given}))["redrawGrids"]


async def counts(org: Org, code: str, as_of: str | None = None) -> Any:
    """What lies in a region; lists are in the order of present codes, so they are sorted to be compared."""
    found = (await org.data(COUNTS, code=code, asOf=as_of))["region"]
    return {what: {**page, "edges": sorted(page["edges"], key=str)} for what, page in found.items()}


async def test_a_rehearsal_reports_what_then_happens_and_leaves_everything_as_it_was(org: Org) -> None:
    before = await org.contents()
    rehearsed = await redraw(org, "k", **MERGE, rehearse=True)
    assert rehearsed["problems"] == []
    assert rehearsed["rehearsed"]
    assert await org.contents() == before
    done = await redraw(org, "k", **MERGE)
    assert done["problems"] == []
    assert done["report"] == rehearsed["report"]
    told = {line["thing"]: (line["moved"], line["joined"], line["ended"]) for line in done["report"]}
    # Two organisations of the kind are in the second grid, so people decide which one the branch joins.
    assert told == {
        "BUILDING": (2, 0, 0),
        "ORGANISATION": (1, 0, 0),
        "PERSON": (3, 0, 0),
        "DUTY": (6, 0, 0),
        "TEAM": (2, 0, 0),
        "STATION": (0, 0, 0),
        "ACTIVITY": (1, 0, 0),
        "REGISTER": (5, 0, 0),
    }


async def test_a_merged_grid_lives_on_in_the_other_and_its_past_stays(org: Org) -> None:
    past = {code: await counts(org, code, "2024-05-31") for code in (city.GRID, city.SECOND_GRID, city.COMMUNITY)}
    await redraw(org, "k", **MERGE)
    for code, then in past.items():
        assert await counts(org, code, "2024-05-31") == then, code
    now = await counts(org, city.SECOND_GRID)
    for what in ("duties", "teams", "stations", "descendants"):
        both = past[city.GRID][what]["totalCount"] + past[city.SECOND_GRID][what]["totalCount"]
        assert now[what]["totalCount"] == both, what
    assert now["teams"]["totalMembers"] == past[city.GRID]["teams"]["totalMembers"]
    codes = [edge["node"]["code"] for edge in now["descendants"]["edges"]]
    assert all(code.startswith(city.SECOND_GRID) for code in codes)
    gone = await org.data("query($c: String!) { region(code: $c) { validTo } }", c=city.GRID)
    assert gone["region"]["validTo"] == "2024-06-01"
    closed = await org.look(
        "SELECT convert_from(payload, 'UTF8')::json->'data'->>'intoCode' FROM outbox WHERE type ~ 'region.closed'"
    )
    assert closed == [(city.SECOND_GRID,)]
    stamps = await org.look("SELECT DISTINCT region_code FROM team_member ORDER BY 1")
    assert not [stamp for (stamp,) in stamps if stamp.startswith(city.GRID)]


async def test_branches_join_and_a_post_that_is_taken_ends(org: Org) -> None:
    lone = str(city.id_of("organisation", "lone"))
    ended = "mutation($input: EndInput!) { dissolveOrganisation(input: $input) { problems { code } } }"
    await org.data(ended, input={"id": lone, "expectedVersion": 1, "on": "2024-05-01"})
    assign = "mutation($input: AssignDutyInput!) { assignDuty(input: $input) { problems { code } } }"
    duty = {"personId": str(city.id_of("person", "spare")), "title": "grid_worker", "regionCode": city.SECOND_GRID}
    answer = await org.data(assign, input={"idempotencyKey": "d", **duty, "validFrom": "2024-01-01"})
    assert answer["assignDuty"]["problems"] == []
    done = await redraw(org, "k", **MERGE)
    told = {line["thing"]: (line["moved"], line["joined"], line["ended"]) for line in done["report"]}
    assert told["ORGANISATION"] == (0, 1, 0)
    assert told["DUTY"] == (5, 0, 1)
    now = await counts(org, city.SECOND_GRID)
    titles = [edge["node"]["title"]["code"] for edge in now["duties"]["edges"]]
    assert titles.count("grid_worker") == 1


async def test_a_grid_is_split_by_founding_one_and_moving_buildings(org: Org) -> None:
    building = {"code": city.BUILDING, "newCode": NEW + "001"}
    done = await redraw(
        org,
        "k",
        within=city.COMMUNITY,
        on="2024-06-01",
        establish=[{"code": NEW, "name": "第三网格"}],
        move=[building],
    )
    assert done["problems"] == []
    now = await counts(org, NEW)
    assert [edge["node"]["code"] for edge in now["descendants"]["edges"]] == [NEW + "001", NEW + "00101"]
    assert now["duties"]["totalCount"] == 2
    assert (await counts(org, city.GRID))["descendants"]["totalCount"] == 1


async def test_a_redrawing_that_is_asked_for_again_answers_with_the_same_report(org: Org) -> None:
    token, given = org.token(), {"idempotencyKey": "k", **MERGE}
    done = await org.data(REDRAW, token, input=given)
    assert done["redrawGrids"]["report"]
    before = await org.contents()
    assert await org.data(REDRAW, token, input=given) == done
    assert await org.contents() == before


async def test_a_plan_that_fails_half_way_leaves_nothing(org: Org) -> None:
    before = await org.contents()
    refused = await redraw(
        org,
        "k",
        within=city.COMMUNITY,
        on="2024-06-01",
        establish=[{"code": NEW, "name": "第三网格"}],
        move=[{"code": city.COMMUNITY + "009001", "newCode": NEW + "001"}],
    )
    assert refused["region"] is None
    assert refused["report"] == []
    assert [one["code"] for one in refused["problems"]] == ["UNKNOWN_REGION"]
    assert await org.contents() == before
