"""A region's history: the state at any date equals the replay of the changes up to it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.levels import Level
from services.org.domain.periods import Period
from services.org.domain.regions import (
    Holder,
    RegionVersion,
    check_code_is_free,
    check_name,
    check_takes_over,
    check_under,
    closed,
    in_force,
    recoded,
    renamed,
    resolve,
)

FIRST = date(2024, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(30)]
CODES = ["370321002001", "370321002002", "370321002003"]
REGION, OTHER = UUID(int=1), UUID(int=2)

changes = st.lists(
    st.tuples(
        st.sampled_from(["rename", "recode", "close"]),
        st.sampled_from(DAYS),
        st.sampled_from([*CODES, "甲", "乙", "丙"]),
    ),
    max_size=8,
)


def start() -> list[RegionVersion]:
    return [RegionVersion(CODES[0], "甲", UUID(int=9), Period(FIRST))]


def apply(history: list[RegionVersion], what: str, on: date, value: str) -> list[RegionVersion]:
    if what == "rename":
        return renamed(history, value, on)
    if what == "recode":
        return recoded(history, history[-1].code, value if value in CODES else CODES[0], on)
    return closed(history, on)


@given(changes)
def test_the_state_at_any_date_equals_the_replay_of_the_changes_up_to_it(wanted: list[tuple[str, date, str]]) -> None:
    history = start()
    accepted: list[tuple[str, date, str]] = []
    for what, on, value in wanted:
        try:
            history = apply(history, what, on, value)
        except Refused:
            continue
        accepted.append((what, on, value))
    for day in DAYS:
        code, name, exists = CODES[0], "甲", True
        for what, on, value in accepted:
            if on <= day:
                name = value if what == "rename" else name
                code = (value if value in CODES else CODES[0]) if what == "recode" else code
                exists = exists and what != "close"
        found = in_force(history, day)
        assert (found is not None) == exists
        if found is not None:
            assert (found.code, found.name) == (code, name)


@given(changes)
def test_every_code_ever_borne_leads_to_the_region(wanted: list[tuple[str, date, str]]) -> None:
    history = start()
    for what, on, value in wanted:
        try:
            history = apply(history, what, on, value)
        except Refused:
            continue
    for version in history:
        holders = [Holder(REGION, each.period) for each in history if each.code == version.code]
        assert resolve(holders, DAYS[-1]) == REGION


@given(changes)
def test_versions_follow_each_other_without_gap_or_overlap(wanted: list[tuple[str, date, str]]) -> None:
    history = start()
    for what, on, value in wanted:
        try:
            history = apply(history, what, on, value)
        except Refused:
            continue
    for one, following in itertools.pairwise(history):
        assert one.period.until == following.period.start


def test_a_reused_code_means_its_bearer_of_the_day() -> None:
    holders = [Holder(REGION, Period(DAYS[0], DAYS[5])), Holder(OTHER, Period(DAYS[10]))]
    assert resolve(holders, DAYS[4]) == REGION
    assert resolve(holders, DAYS[7]) == REGION, "between two bearers the last one is meant"
    assert resolve(holders, DAYS[12]) == OTHER
    assert resolve(holders, FIRST - timedelta(days=1)) == REGION, "before all bearers the first one is meant"
    assert resolve([], FIRST) is None


def test_a_change_before_the_last_one_or_after_the_end_is_refused() -> None:
    history = renamed(start(), "乙", DAYS[10])
    with pytest.raises(Refused, match="DATE_TOO_EARLY"):
        renamed(history, "丙", DAYS[9])
    ended = closed(history, DAYS[12])
    with pytest.raises(Refused, match="ALREADY_ENDED"):
        renamed(ended, "丙", DAYS[13])
    with pytest.raises(Refused, match="ALREADY_ENDED"):
        closed(ended, DAYS[13])


def test_what_changes_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="NOTHING_CHANGES"):
        renamed(start(), " 甲 ", DAYS[1])
    with pytest.raises(Refused, match="NOTHING_CHANGES"):
        recoded(start(), CODES[0], CODES[0], DAYS[1])


def test_a_region_below_a_recoded_one_keeps_its_parent_and_its_own_digits() -> None:
    grid = [RegionVersion(CODES[0] + "007", "七", REGION, Period(FIRST))]
    after = recoded(grid, CODES[0], CODES[1], DAYS[3])
    assert (after[-1].code, after[-1].parent_id) == (CODES[1] + "007", REGION)


def test_a_code_that_another_region_bears_that_day_or_later_is_taken() -> None:
    holders = [Holder(OTHER, Period(DAYS[0], DAYS[5]))]
    check_code_is_free(CODES[1], REGION, holders, DAYS[5], "code")
    check_code_is_free(CODES[1], OTHER, holders, DAYS[1], "code")
    with pytest.raises(Refused, match="CODE_TAKEN"):
        check_code_is_free(CODES[1], REGION, holders, DAYS[4], "code")


def test_a_region_needs_its_parent_in_force_since_the_day_it_begins() -> None:
    parent = RegionVersion("370321002", "少海街道", None, Period(DAYS[2]))
    check_under("370321002001", Level.COMMUNITY, parent, DAYS[2], "code")
    check_under("3703", Level.CITY, None, DAYS[0], "code")
    for bad in (
        None,
        RegionVersion("370321003", "别的街道", None, Period(DAYS[0])),
        RegionVersion("370321002", "少海街道", None, Period(DAYS[0], DAYS[9])),
        RegionVersion("370321002", "少海街道", None, Period(DAYS[3])),
    ):
        with pytest.raises(Refused, match="PARENT_NOT_IN_FORCE"):
            check_under("370321002001", Level.COMMUNITY, bad, DAYS[2], "code")


def test_a_name_is_trimmed_and_bounded() -> None:
    assert check_name(" 少海街道 ") == "少海街道"
    with pytest.raises(Refused, match="REQUIRED"):
        check_name("  ", "name")
    with pytest.raises(Refused, match="TOO_LONG"):
        check_name("长" * 101, "name")


BORNE = ["3703", "370321", "370322", "370321002", "370321003", *CODES, "370322001001", "370321002001001"]


@given(st.sampled_from(BORNE), st.sampled_from(BORNE))
def test_only_another_region_of_the_level_in_the_district_takes_over(code: str, into: str) -> None:
    if len(code) == len(into) > 6 and code != into and code.startswith(into[:6]):
        check_takes_over(code, into)
    else:
        with pytest.raises(Refused) as refused:
            check_takes_over(code, into)
        assert refused.value.problem.code == "CANNOT_TAKE_OVER"
