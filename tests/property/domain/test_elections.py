"""Who is elected, what the departments' answers make of a candidate, and the limits of committees' rules."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.property.domain import committee_rules as rules
from services.property.domain.elections import Standing, Verdict, Votes, elect, must_elect, reviewed
from services.property.domain.red import DEFAULT_RED, Facts, is_red
from services.property.domain.shares import percent
from services.property.domain.terms import term_of
from services.property.domain.voting import Weight

votes = st.builds(Votes, st.booleans(), st.builds(Weight, st.integers(1, 4), st.integers(1, 4)))
PUBLISHED = [(485, 674, 0, "72"), (400, 583, 1, "68.6"), (1, 8, 2, "12.50"), (1147, 2093, 2, "54.80")]


def rank(one: Votes) -> tuple[int, int]:
    return one.yes.heads, one.yes.area


@given(st.lists(votes, max_size=12), st.integers(1, 11))
def test_no_more_are_elected_than_there_are_seats_and_nobody_with_fewer_votes_before_one_with_more(
    candidates: list[Votes], seats: int
) -> None:
    found = elect(candidates, seats)
    assert found.count(Standing.ELECTED) <= seats
    for one, standing in zip(candidates, found, strict=True):
        assert (standing is Standing.NOT_ELECTED) == (not one.passed)
        if standing is Standing.ELECTED:
            assert all(rank(other) <= rank(one) or theirs is Standing.ELECTED
                       for other, theirs in zip(candidates, found, strict=True) if other.passed)  # fmt: skip
        if standing is Standing.TIED:
            same = {theirs for other, theirs in zip(candidates, found, strict=True)
                    if other.passed and rank(other) == rank(one)}  # fmt: skip
            assert same == {Standing.TIED}, "equal votes are treated alike"
    if sum(one.passed for one in candidates) <= seats:
        assert Standing.TIED not in found
        assert Standing.ALTERNATE not in found


@given(st.lists(st.sampled_from([Verdict.PASS, Verdict.OBJECT, None]), min_size=1, max_size=6))
def test_a_candidate_is_admitted_only_when_every_department_agrees(verdicts: list[Verdict | None]) -> None:
    found = reviewed(verdicts)
    assert (found is Standing.ADMITTED) == all(one is Verdict.PASS for one in verdicts)
    assert (found is Standing.REJECTED) == (Verdict.OBJECT in verdicts)


@given(st.integers(0, 20), st.integers(0, 20), st.booleans())
def test_a_preparatory_group_is_odd_half_owners_and_has_the_subdistrict(owners: int, others: int, street: bool) -> None:
    try:
        rules.check_group(rules.DEFAULT, owners, others, has_street=street)
        allowed = True
    except Refused:
        allowed = False
    size = owners + others
    assert allowed == (size % 2 == 1 and size >= 5 and street and Fraction(owners, size) >= Fraction(1, 2))


@pytest.mark.parametrize(("seats", "sitting", "must"), [(5, 3, False), (5, 2, True), (7, 4, False), (7, 3, True)])
def test_a_by_election_must_be_held_when_not_more_than_half_of_the_seats_are_filled(
    seats: int, sitting: int, must: bool
) -> None:
    assert must_elect(seats, sitting) is must


@pytest.mark.parametrize(
    "change",
    [{"least_seats": 4}, {"most_seats": 17}, {"term_years": 6}, {"filing_days": 31}, {"departments": ()},
     {"review_days": 0}, {"least_seats": 11, "most_seats": 5}],
)  # fmt: skip
def test_a_rule_beyond_the_law_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Refused):
        rules.check_committee_rule(msgspec.structs.replace(rules.DEFAULT, **change))


def test_a_term_that_begins_on_a_leap_day_ends_on_the_28th() -> None:
    rule = msgspec.structs.replace(rules.DEFAULT, term_years=3)
    assert term_of(date(2024, 2, 29), rule) == (date(2027, 2, 28), date(2026, 12, 30), date(2024, 3, 30))


@pytest.mark.parametrize(("part", "total", "decimals", "text"), PUBLISHED)
def test_shares_are_rounded_half_up_by_integers(part: int, total: int, decimals: int, text: str) -> None:
    assert str(percent(part, total, decimals)) == text
    assert percent(part, 0) is None


def test_red_is_what_the_rule_says_of_the_facts() -> None:
    facts = Facts(members=5, party_members=3, cross=2, chair_is_cross=True, has_organisation=False)
    change = msgspec.structs.replace
    assert is_red(DEFAULT_RED, facts)
    assert not is_red(DEFAULT_RED, change(facts, chair_is_cross=False))
    assert not is_red(change(DEFAULT_RED, needs_organisation=True), facts)
    assert not is_red(change(DEFAULT_RED, least_cross=3), facts)
    assert is_red(change(DEFAULT_RED, least_share="3/5"), facts)
    assert not is_red(change(DEFAULT_RED, least_share="2/3"), facts)
    assert not is_red(DEFAULT_RED, Facts(0, 0, 0, chair_is_cross=False, has_organisation=True))
