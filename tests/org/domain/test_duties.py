"""Duties and the grid team: the rules of titles, pairs and vacancies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.duties import Candidate, DutyTitle, Held, check_assignment
from services.org.domain.grid_team import PairMember, Place, check_pair, vacancies
from services.org.domain.levels import Level
from services.org.domain.muster import Mode, check_community, switched
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(20)]
periods = st.builds(
    lambda start, length: Period(start, start + timedelta(days=length) if length else None),
    st.sampled_from(DAYS),
    st.integers(0, 10),
)
GRID = "370321002001001"
LEADER = DutyTitle("grid_leader", "网格长", "grid leader", level=Level.GRID, most=1, fewest=1)
CANDIDATE = Candidate(UUID(int=1), PartyStatus.OTHER, Period(DAYS[5]), GRID, Level.GRID, Period(FIRST))


@given(st.lists(st.tuples(st.integers(1, 6), periods), max_size=12), st.integers(1, 3))
def test_no_order_of_assignments_puts_more_holders_in_a_post_than_it_has(
    wanted: list[tuple[int, Period]], most: int
) -> None:
    title = replace(LEADER, most=most)
    held: list[Held] = []
    for person, period in wanted:
        try:
            check_assignment(title, replace(CANDIDATE, person_id=UUID(int=person), period=period), held)
        except Refused:
            continue
        held.append(Held(UUID(int=person), period))
    for day in DAYS:
        holders = [one.person_id for one in held if one.period.holds(day)]
        assert len(holders) <= most
        assert len(set(holders)) == len(holders), "nobody holds the same duty twice at once"


@given(st.lists(st.tuples(st.integers(2, 6), periods), max_size=6), periods)
def test_a_post_is_refused_only_when_some_day_is_full(others: list[tuple[int, Period]], period: Period) -> None:
    held = [Held(UUID(int=person), one) for person, one in others]
    full = any(sum(one.period.holds(day) for one in held) >= 2 for day in [*DAYS, *later()] if period.holds(day))
    try:
        check_assignment(replace(LEADER, most=2), replace(CANDIDATE, period=period), held)
    except Refused as refused:
        assert refused.problem.code == "POST_TAKEN"  # noqa: PT017
        assert full
    else:
        assert not full


def later() -> list[date]:
    return [DAYS[-1] + timedelta(days=n) for n in range(1, 12)]


@pytest.mark.parametrize(
    ("title", "candidate", "code"),
    [
        (LEADER, replace(CANDIDATE, region_level=Level.BUILDING), "WRONG_LEVEL"),
        (
            replace(LEADER, party_member=True),
            replace(CANDIDATE, party_status=PartyStatus.NONE),
            "PARTY_MEMBER_REQUIRED",
        ),
        (replace(LEADER, organisation_kind="grid_party_branch"), CANDIDATE, "WRONG_ORGANISATION_KIND"),
        (LEADER, replace(CANDIDATE, period=Period(DAYS[5], DAYS[5])), "PERIOD_REVERSED"),
        (LEADER, replace(CANDIDATE, region_existence=Period(DAYS[6])), "OUTSIDE_EXISTENCE"),
        (LEADER, replace(CANDIDATE, organisation_existence=Period(FIRST, DAYS[9])), "OUTSIDE_EXISTENCE"),
    ],
)
def test_each_rule_of_a_title_is_enforced(title: DutyTitle, candidate: Candidate, code: str) -> None:
    with pytest.raises(Refused, match=code):
        check_assignment(title, candidate, [])


def test_a_fitting_candidate_is_accepted() -> None:
    title = replace(LEADER, party_member=True, organisation_kind="grid_party_branch")
    check_assignment(
        title, replace(CANDIDATE, organisation_kind="grid_party_branch", organisation_existence=Period(FIRST)), []
    )


TITLES = [
    LEADER,
    DutyTitle("grid_worker", "网格员", "grid worker", level=Level.GRID, fewest=1, most=1),
    DutyTitle("building_leader", "红色楼长", "building leader", level=Level.BUILDING, fewest=2),
    DutyTitle("unit_leader", "红色单元长", "unit leader", level=Level.UNIT, fewest=1),
    DutyTitle("adviser", "顾问", "adviser", level=Level.GRID),
]
PLACES = [
    Place(UUID(int=1), GRID, Level.GRID),
    Place(UUID(int=2), GRID + "001", Level.BUILDING),
    Place(UUID(int=3), GRID + "00101", Level.UNIT),
]


@given(
    st.dictionaries(
        st.tuples(st.sampled_from([title.code for title in TITLES]), st.sampled_from([p.region_id for p in PLACES])),
        st.integers(0, 3),
    )
)
def test_vacancies_are_what_is_expected_less_what_is_held(held: dict[tuple[str, UUID], int]) -> None:
    found = vacancies(TITLES, PLACES, held)
    assert all(vacancy.missing > 0 for vacancy in found)
    expected = {("grid_leader", 1): 1, ("grid_worker", 1): 1, ("building_leader", 2): 2, ("unit_leader", 3): 1}
    missing = {
        (title, place): fewest - held.get((title, UUID(int=place)), 0) for (title, place), fewest in expected.items()
    }
    assert {(v.title, v.region_id.int): v.missing for v in found} == {k: n for k, n in missing.items() if n > 0}


ONE = PairMember(UUID(int=1), "building_leader", GRID + "001", PartyStatus.IN_SERVICE, Period(FIRST), is_paired=False)
TWO = replace(ONE, person_id=UUID(int=2), region_code=GRID + "002", party_status=PartyStatus.OTHER)


def test_a_pair_is_one_in_service_member_and_one_other_of_the_same_grid() -> None:
    check_pair(ONE, TWO)
    check_pair(TWO, ONE)


@pytest.mark.parametrize(
    "other",
    [
        replace(TWO, person_id=ONE.person_id),
        replace(TWO, title="unit_leader"),
        replace(TWO, region_code="370321002001002001"),
        replace(TWO, region_code="370321002001"),
        replace(TWO, party_status=PartyStatus.IN_SERVICE),
        replace(TWO, is_paired=True),
        replace(TWO, period=Period(date(2020, 1, 1), date(2021, 1, 1))),
    ],
)
def test_anything_else_is_not_a_pair(other: PairMember) -> None:
    with pytest.raises(Refused, match="NOT_A_PAIR"):
        check_pair(ONE, other)


def test_a_mode_switches_only_to_the_other() -> None:
    assert switched(Mode.PEACETIME, Mode.EMERGENCY) is Mode.EMERGENCY
    with pytest.raises(Refused, match="ALREADY_IN_MODE"):
        switched(Mode.EMERGENCY, Mode.EMERGENCY)


def test_only_communities_muster() -> None:
    check_community("370321002001", Level.COMMUNITY, "region")
    with pytest.raises(Refused, match="NOT_A_COMMUNITY"):
        check_community(GRID, Level.GRID, "region")
