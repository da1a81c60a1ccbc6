"""Scores, recommendation, notice: rules of property companies."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.property.domain import company_rules as rules
from services.property.domain.contracts import NoticeBy, check_notice, check_term
from services.property.domain.quarters import bounds_of, next_of, quarter_of

scores = st.integers(0, rules.FULL)


@given(scores, scores, scores)
def test_the_score_is_the_weighted_mean_rounded_half_up(owners: int, community: int, subdistrict: int) -> None:
    found = rules.score_of(
        rules.DEFAULT_ASSESSMENT, {"owners": owners, "community": community, "subdistrict": subdistrict}
    )
    exact = Fraction(40 * owners + 30 * community + 30 * subdistrict, 100)
    assert exact - Fraction(1, 2) < found <= exact + Fraction(1, 2)


@given(scores)
def test_every_score_has_one_grade(score: int) -> None:
    grade = rules.grade_of(rules.DEFAULT_ASSESSMENT, score)
    better = [one for one in rules.DEFAULT_ASSESSMENT.grades if one.least > grade.least]
    assert grade.least <= score
    assert all(score < one.least for one in better)


@given(st.lists(st.integers(1, 5), max_size=30))
def test_satisfaction_is_0_for_the_worst_100_for_the_best_and_none_for_silence(stars: list[int]) -> None:
    found = rules.satisfaction_of(sum(stars), len(stars))
    if not stars:
        assert found is None
        return
    assert found is not None
    assert 0 <= found <= rules.FULL
    assert (found == 0) == (set(stars) == {1})
    assert (found == rules.FULL) == (set(stars) == {5})


@given(scores, st.none() | scores, st.none() | scores)
def test_a_recommendation_never_falls_when_a_part_of_it_rises(
    party: int, service: int | None, said: int | None
) -> None:
    rule = rules.DEFAULT_RECOMMENDATION
    found = rules.recommendation(rule, party, service, said)
    assert 0 <= found <= rules.FULL
    assert rules.recommendation(rule, rules.FULL, service, said) >= found
    assert rules.recommendation(rule, party, rules.FULL, said) >= found
    assert rules.recommendation(rule, party, service, rules.FULL) >= found
    told = msgspec.structs.replace(rule, satisfaction=10, tickets=30)
    with_tickets = rules.recommendation(told, party, service, said, rules.FULL)
    assert rules.FULL >= with_tickets >= rules.recommendation(told, party, service, said, 0)
    assert rules.recommendation(rule, party, service, said, 0) == found, "no weight, no difference"


@pytest.mark.parametrize(
    "change",
    [{"evaluators": rules.DEFAULT_ASSESSMENT.evaluators[:2]}, {"publicity_days": 0}, {"grades": ()},
     {"grades": tuple(reversed(rules.DEFAULT_ASSESSMENT.grades))},
     {"evaluators": (rules.Evaluator("owners", "x", 100, "", ""),)}],
)  # fmt: skip
def test_an_assessment_that_cannot_be_computed_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Refused):
        rules.check_assessment_rule(msgspec.structs.replace(rules.DEFAULT_ASSESSMENT, **change))
    with pytest.raises(Refused):
        rules.check_recommendation_rule(rules.RecommendationRule(party=50))
    with pytest.raises(Refused):
        rules.check_recommendation_rule(rules.RecommendationRule(tickets=1))


DAY, END = date(2026, 1, 1), date(2027, 1, 1)


@pytest.mark.parametrize(
    ("by", "ends_on", "days", "allowed"),
    [
        (NoticeBy.OWNERS, END, 59, False),
        (NoticeBy.OWNERS, END, 60, True),
        (NoticeBy.COMPANY, END, 364, False),
        (NoticeBy.COMPANY, END, 365, True),
        (NoticeBy.COMPANY, DAY + timedelta(days=30), 89, False),
        (NoticeBy.COMPANY, DAY + timedelta(days=30), 90, True),
        (NoticeBy.COMPANY, DAY, 59, False),
        (NoticeBy.COMPANY, DAY, 60, True),
    ],
)
def test_notice_is_as_long_as_the_civil_code_asks(by: NoticeBy, ends_on: date, days: int, allowed: bool) -> None:
    try:
        check_notice(by, DAY, DAY + timedelta(days=days), ends_on)
        found = True
    except Refused:
        found = False
    assert found is allowed


def test_a_contract_has_a_term_of_at_most_ten_years() -> None:
    check_term(DAY, date(2036, 1, 1))
    for ends_on in (DAY, date(2037, 1, 1)):
        with pytest.raises(Refused):
            check_term(DAY, ends_on)


@given(st.dates(date(2000, 1, 1), date(2098, 12, 31)))
def test_every_day_lies_in_its_quarter_and_quarters_follow_each_other(day: date) -> None:
    first, after = bounds_of(quarter_of(day))
    assert first <= day < after
    assert bounds_of(next_of(quarter_of(day)))[0] == after
