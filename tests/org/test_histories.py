"""What holds on a date equals the replay of the changes up to it: duties, members, and what lies in a region."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.org import city
from tests.org.conftest import Org

FIRST = date(2023, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(10)]
PEOPLE = ["spare", "leader", "worker"]
numbers = itertools.count(1)

ASSIGN = "mutation($i: AssignDutyInput!) { assignDuty(input: $i) { duty { id version } problems { code } } }"
END = "mutation($i: EndInput!) { endDuty(input: $i) { duty { version } problems { code } } }"
HOLDERS = """query($c: String!, $d: Date) { grid(code: $c, asOf: $d) {
    duties(title: "grid_leader", direct: true) { totalCount edges { node { id } } } } }"""
FORM = "mutation($i: FormTeamInput!) { formTeam(input: $i) { team { id } problems { code } } }"
JOIN = "mutation($i: AddTeamMemberInput!) { addTeamMember(input: $i) { team { id } problems { code } } }"
LEAVE = "mutation($i: RemoveTeamMemberInput!) { removeTeamMember(input: $i) { team { id } problems { code } } }"
MEMBERS = """query($t: ID!, $d: Date) { team(id: $t, asOf: $d) {
    members { totalCount edges { node { person { id } } } } } }"""
RECODE = "mutation($i: RecodeRegionInput!) { recodeRegion(input: $i) { region { code version } problems { code } } }"
INSIDE = """query($c: String!, $d: Date) { community(code: $c, asOf: $d) {
    duties { totalCount } teams { totalMembers } descendants { totalCount } } }"""

by_example = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@by_example
@given(
    st.lists(st.tuples(st.sampled_from(["assign", "end"]), st.sampled_from(PEOPLE), st.sampled_from(DAYS)), max_size=8)
)
async def test_who_holds_a_post_on_a_date(org: Org, wanted: list[tuple[str, str, date]]) -> None:
    establish = "mutation($i: EstablishRegionInput!) { establishRegion(input: $i) { region { code } } }"
    code = f"{city.COMMUNITY}{100 + next(numbers)}"
    given_ = {"idempotencyKey": code, "code": code, "name": "网格", "validFrom": "2022-06-01"}
    await org.data(establish, i=given_)
    held: dict[str, dict[str, Any]] = {}
    for number, (what, person, on) in enumerate(wanted):
        if what == "assign":
            asked = {"idempotencyKey": f"{code}/{number}", "personId": str(city.id_of("person", person))}
            asked |= {"title": "grid_leader", "regionCode": code, "validFrom": on.isoformat()}
            duty = (await org.data(ASSIGN, i=asked))["assignDuty"]["duty"]
            if duty is not None:
                held[duty["id"]] = {"start": on, "until": None, "version": 1}
        for id_, one in held.items() if what == "end" else ():
            asked = {"id": id_, "expectedVersion": one["version"], "on": on.isoformat()}
            if not (await org.data(END, i=asked))["endDuty"]["problems"]:
                one["until"], one["version"] = on, one["version"] + 1
    for day in DAYS:
        found = (await org.data(HOLDERS, c=code, d=day.isoformat()))["grid"]["duties"]
        expected = {
            id_ for id_, one in held.items() if one["start"] <= day and (one["until"] is None or day < one["until"])
        }
        assert {edge["node"]["id"] for edge in found["edges"]} == expected
        assert found["totalCount"] == len(expected) <= 1, "a grid has one leader at a time"


@by_example
@given(
    st.lists(st.tuples(st.sampled_from(["join", "leave"]), st.sampled_from(PEOPLE), st.sampled_from(DAYS)), max_size=10)
)
async def test_who_is_a_member_on_a_date(org: Org, wanted: list[tuple[str, str, date]]) -> None:
    key = f"team {next(numbers)}"
    forming = {"idempotencyKey": key, "kind": "patrol", "name": key, "regionCode": city.GRID, "formedOn": "2022-07-01"}
    team = (await org.data(FORM, i=forming))["formTeam"]["team"]["id"]
    spells: dict[str, list[list[date | None]]] = {person: [] for person in PEOPLE}
    for number, (what, person, on) in enumerate(wanted):
        asked = {"teamId": team, "personId": str(city.id_of("person", person))}
        if what == "join":
            asked |= {"idempotencyKey": f"{key}/{number}", "validFrom": on.isoformat()}
            if not (await org.data(JOIN, i=asked))["addTeamMember"]["problems"]:
                spells[person].append([on, None])
        elif not (await org.data(LEAVE, i=asked | {"on": on.isoformat()}))["removeTeamMember"]["problems"]:
            spell = next(one for one in spells[person] if one[0] <= on and (one[1] is None or on < one[1]))  # type: ignore[operator]
            spell[1] = on
    for day in DAYS:
        found = (await org.data(MEMBERS, t=team, d=day.isoformat()))["team"]["members"]
        expected = {
            str(city.id_of("person", person))
            for person, mine in spells.items()
            if any(start <= day and (until is None or day < until) for start, until in mine)  # type: ignore[operator]
        }
        assert {edge["node"]["person"]["id"] for edge in found["edges"]} == expected


@by_example
@given(st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 1)), min_size=1, max_size=4))
async def test_what_lies_in_a_community_on_a_date(org: Org, wanted: list[tuple[date, int]]) -> None:
    """The grid, with its duties, members and buildings, is moved to and fro between two communities."""
    grid = str(city.id_of("region", city.GRID))
    query = "query($c: String!) { region(code: $c) { id code version validFrom } }"
    now = (await org.data(query, c=city.GRID))["region"]
    assert now["id"] == grid
    history = await org.data("query($c: String!) { region(code: $c) { history { code validFrom } } }", c=city.GRID)
    codes = [(date.fromisoformat(one["validFrom"]), one["code"]) for one in history["region"]["history"]]
    for on, where in wanted:
        target = (city.COMMUNITY, city.SECOND_COMMUNITY)[where] + "001"
        asked = {"regionId": grid, "expectedVersion": now["version"], "newCode": target, "effectiveOn": on.isoformat()}
        done = (await org.data(RECODE, i=asked))["recodeRegion"]
        if not done["problems"]:
            now, codes = done["region"], [*codes, (on, target)]
    for day in DAYS:
        lies_in = [code for on, code in codes if on <= day][-1][:12]
        for community, others in ((city.COMMUNITY, 1), (city.SECOND_COMMUNITY, 0)):
            found = (await org.data(INSIDE, c=community, d=day.isoformat()))["community"]
            here = lies_in == community
            assert found["descendants"]["totalCount"] == (4 if here else 0) + others
            assert found["duties"]["totalCount"] == (8 if here else 0) + others
            assert found["teams"]["totalMembers"] == (3 if here else 0)
