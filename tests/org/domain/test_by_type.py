"""The rules of assessments by capacities, and of what communities are given by their type."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.allocation import Claim, Rule, amount_by, check_departure, shares
from services.org.domain.assessment import (
    HIGHEST,
    Capacity,
    Counted,
    CountedFrom,
    LevelOfResult,
    Movement,
    check_counted,
    check_scores,
    count_scores,
    level_of_result,
    movement,
    result_of,
)

CODES = ["a", "b", "c", "d", "e", "f"]
capacities = st.lists(st.sampled_from(CODES), min_size=1, unique=True).flatmap(
    lambda codes: st.tuples(*(st.builds(Capacity, st.just(code), st.integers(1, 9)) for code in codes)).map(list)
)
levels = st.lists(st.integers(0, HIGHEST), max_size=4, unique=True).map(
    lambda least: [LevelOfResult(f"level{one}", one) for one in least]
)
households = st.integers(0, 100_000)
rules = st.builds(Rule, st.just("fund"), st.just("old"), st.integers(0, 10**9), st.integers(0, 10**9))


@given(capacities, st.data())
def test_a_result_lies_between_the_lowest_and_the_highest_score(weighed: list[Capacity], data: st.DataObject) -> None:
    scores = {one.code: data.draw(st.integers(0, 100)) for one in weighed}
    check_scores(weighed, scores)
    result = result_of(weighed, scores)
    assert 100 * min(scores.values()) <= result <= 100 * max(scores.values())
    better = {**scores, weighed[0].code: min(100, scores[weighed[0].code] + 1)}
    assert result_of(weighed, better) >= result
    exact = sum(one.weight * scores[one.code] for one in weighed) * 100 / sum(one.weight for one in weighed)
    assert abs(result - exact) <= 0.5


@given(capacities, st.dictionaries(st.sampled_from(CODES), st.integers(-5, 105)))
def test_each_capacity_is_scored_once_from_nothing_to_a_hundred(
    weighed: list[Capacity], scores: dict[str, int]
) -> None:
    fits = scores.keys() == {one.code for one in weighed} and all(0 <= one <= 100 for one in scores.values())
    try:
        check_scores(weighed, scores)
        assert fits
    except Refused:
        assert not fits


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_more_points_never_score_less_and_the_full_ones_score_a_hundred(one: int, other: int, full: int) -> None:
    lower, higher = (Counted(CountedFrom.UNIT, points, full).score for points in sorted((one, other)))
    assert 0 <= lower <= higher <= 100
    assert Counted(CountedFrom.UNIT, full, full).score == 100
    assert Counted(CountedFrom.UNIT, 0, full).score == 0
    assert abs(Counted(CountedFrom.UNIT, one, full).score - min(100, one * 100 / full)) <= 0.5


@given(capacities, st.sets(st.sampled_from(CODES)), st.data())
def test_each_capacity_is_scored_by_people_or_counted(
    weighed: list[Capacity], which: set[str], data: st.DataObject
) -> None:
    all_ = [replace(one, counted=CountedFrom.REGION, full_points=10) if one.code in which else one for one in weighed]
    points = {one.code: data.draw(st.integers(0, 20)) for one in all_ if one.counted}
    given_ = {one.code: data.draw(st.integers(0, 100)) for one in all_ if not one.counted}
    scores, counted = count_scores(all_, given_, points)
    assert scores.keys() == {one.code for one in weighed}
    assert counted.keys() == points.keys()
    assert all(scores[code] == min(100, 10 * points[code]) for code in points)
    # A score given for what is counted, or points for what is not, are refused.
    for code in points:
        with pytest.raises(Refused):
            count_scores(all_, {**given_, code: 50}, points)
        with pytest.raises(Refused):
            count_scores(all_, given_, {other: number for other, number in points.items() if other != code})
    for code in given_:
        with pytest.raises(Refused):
            count_scores(all_, given_, {**points, code: 5})


@pytest.mark.parametrize(
    ("counted", "full"), [(CountedFrom.UNIT, None), (None, 5), (CountedFrom.REGION, 0), (CountedFrom.UNIT, 10**7)]
)
def test_what_is_counted_says_what_a_full_score_is(counted: CountedFrom | None, full: int | None) -> None:
    check_counted(CountedFrom.UNIT, 5)
    check_counted(None, None)
    with pytest.raises(Refused):
        check_counted(counted, full)


def test_nothing_is_assessed_by_nothing() -> None:
    with pytest.raises(Refused):
        check_scores([], {})
    with pytest.raises(Refused):
        count_scores([], {}, {})


@given(levels, st.integers(0, HIGHEST), st.integers(0, HIGHEST))
def test_a_better_result_never_reaches_a_lower_level(those: list[LevelOfResult], one: int, other: int) -> None:
    ranks = {level.code: level.least for level in those}
    lower, higher = (level_of_result(those, result) for result in sorted((one, other)))
    assert movement(ranks, (lower,), higher) in {Movement.SAME, Movement.RISEN}
    assert movement(ranks, (higher,), lower) in {Movement.SAME, Movement.FALLEN}
    assert movement(ranks, None, higher) is Movement.FIRST


@given(rules, households, households)
def test_more_households_never_get_less_and_the_sum_is_right_to_half_a_unit(rule: Rule, one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert rule.each <= amount_by(rule, fewer) <= amount_by(rule, more)
    assert abs(1000 * (amount_by(rule, one) - rule.each) - rule.per_thousand * one) <= 500


@given(
    st.dictionaries(st.sampled_from(["old", "new", "mixed"]), rules),
    st.lists(st.sampled_from(["old", "new", "mixed"]), max_size=6),
    st.sets(st.integers(0, 5)),
)
def test_each_community_with_a_rule_gets_its_part_once(
    by_type: dict[str, Rule], types: list[str], had: set[int]
) -> None:
    ids = [uuid5(UUID(int=0), str(number)) for number in range(6)]
    claims = [
        Claim(id_, f"3703210020{n:02}", type_, 500) for n, (id_, type_) in enumerate(zip(ids, types, strict=False))
    ]
    given_ = {ids[number] for number in had}
    first = list(shares(by_type, claims, given_))
    assert [one.claim for one in first] == [
        claim for claim in claims if claim.type in by_type and claim.region_id not in given_
    ]
    assert all(one.amount == amount_by(by_type[one.claim.type], 500) for one in first)
    again = given_ | {one.claim.region_id for one in first}
    assert list(shares(by_type, claims, again)) == []


@given(st.integers(-2, 5), st.integers(-2, 5), st.sampled_from(["", "  ", " 新建 ", "长" * 201]))
def test_who_departs_from_a_rule_says_why(now: int, amount: int, reason: str) -> None:
    assume(now >= 0)
    fits = amount >= 0 and amount != now and 0 < len(reason.strip()) <= 200
    try:
        assert check_departure(now, amount, reason) == reason.strip()
        assert fits
    except Refused:
        assert not fits


def test_a_part_of_a_unit_is_rounded_half_up() -> None:
    rule = Rule("staff", "old", 3, 2)
    assert [amount_by(rule, households) for households in (249, 250, 750)] == [3, 4, 5]
    assert amount_by(replace(rule, per_thousand=0), 10_000) == 3
