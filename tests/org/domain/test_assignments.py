"""Which branch somebody who checked in can belong to, and in which order assignments follow."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.assignments import Assignment, Branch, check_branch, check_follows, check_said, cut
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period

FIRST = date(2024, 1, 1)
ALWAYS = Period(date(2000, 1, 1))
CODES = st.text("0123456789", min_size=2, max_size=6)
DAYS = st.integers(0, 400).map(lambda days: FIRST + timedelta(days))


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problem.code


@given(CODES, CODES)
def test_a_branch_lies_in_or_above_the_place_of_the_check_in(branch: str, code: str) -> None:
    wanted = Branch(branch, is_party=True, existence=ALWAYS)
    if code.startswith(branch) or branch.startswith(code):
        check_branch(wanted, code, PartyStatus.IN_SERVICE, Period(FIRST))
    else:
        with pytest.raises(Refused) as refused:
            check_branch(wanted, code, PartyStatus.IN_SERVICE, Period(FIRST))
        assert code_of(refused) == "BRANCH_ELSEWHERE"


def test_a_branch_is_a_party_organisation_for_members_while_it_exists() -> None:
    good = Branch("37", is_party=True, existence=ALWAYS)
    for branch, status, code in (
        (Branch("37", is_party=False, existence=ALWAYS), PartyStatus.IN_SERVICE, "NOT_A_PARTY_ORGANISATION"),
        (good, PartyStatus.NONE, "BRANCH_FOR_MEMBERS"),
        (Branch("37", is_party=True, existence=Period(date(2025, 1, 1))), PartyStatus.OTHER, "OUTSIDE_EXISTENCE"),
    ):
        with pytest.raises(Refused) as refused:
            check_branch(branch, "3703", status, Period(FIRST))
        assert code_of(refused) == code


def test_an_assignment_names_a_branch_or_a_post() -> None:
    for branch, post in ((uuid4(), None), (None, "patrol"), (uuid4(), "patrol")):
        check_said(Assignment(branch, post, Period(FIRST)))
    with pytest.raises(Refused) as refused:
        check_said(Assignment(None, None, Period(FIRST)))
    assert code_of(refused) == "NOTHING_ASSIGNED"


@given(st.lists(DAYS, max_size=6))
def test_accepted_assignments_of_a_check_in_never_meet(days: list[date]) -> None:
    held: list[Assignment] = []
    for day in days:
        wanted = Assignment(uuid4(), None, Period(day))
        try:
            check_follows(held, wanted, ALWAYS)
        except Refused:
            continue
        held = [Assignment(one.organisation_id, one.post, ended(one.period, day)) for one in held] + [wanted]
    for number, one in enumerate(held):
        assert not any(one.period.meets(other.period) for other in held[number + 1 :])
    assert len(held) == 1 + sum(later >= max(days[:place]) for place, later in enumerate(days) if place) if days else 1


def ended(period: Period, on: date) -> Period:
    return period if period.until is not None else Period(period.start, on)


def test_the_same_again_changes_nothing_and_a_check_in_that_is_over_takes_none() -> None:
    branch = uuid4()
    held = [Assignment(branch, "patrol", Period(FIRST))]
    with pytest.raises(Refused) as refused:
        check_follows(held, Assignment(branch, "patrol", Period(date(2024, 6, 1))), ALWAYS)
    assert code_of(refused) == "NOTHING_CHANGES"
    check_follows(held, Assignment(branch, "help", Period(date(2024, 6, 1))), ALWAYS)
    for check_in in (Period(date(2000, 1, 1), date(2024, 7, 1)), Period(date(2024, 8, 1))):
        with pytest.raises(Refused) as refused:
            check_follows([], Assignment(branch, None, Period(date(2024, 6, 1))), check_in)
        assert code_of(refused) == "OUTSIDE_EXISTENCE"


@given(DAYS, st.none() | DAYS, DAYS)
def test_nothing_is_assigned_any_more_when_the_check_in_is_over(start: date, until: date | None, on: date) -> None:
    if until is not None and until < start:
        return
    after = cut(Period(start, until), on) or Period(start, until)
    assert after.start == start
    assert not after.holds(on)
    assert all(after.holds(day) == Period(start, until).holds(day) for day in (start, on - timedelta(1)) if day < on)
