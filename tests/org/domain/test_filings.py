"""Rules of filings: nobody files what they submitted, and a duty is given on what was filed for it alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.duties import DutyTitle
from services.org.domain.filings import (
    FilingRule,
    FilingState,
    FilingVerdict,
    Seat,
    check_given,
    check_rule,
    review,
)
from services.org.domain.levels import Level

ON = date(2026, 3, 1)
IDS = st.integers(1, 3).map(lambda number: UUID(int=number))
SEATS = st.builds(Seat, st.sampled_from(["secretary", "deputy"]), IDS, IDS, IDS)
STATES = st.sampled_from(list(FilingState))
DAYS = st.integers(-40, 40).map(lambda days: ON + timedelta(days=days))


@given(STATES, st.sampled_from(list(FilingVerdict)), st.sampled_from([None, "", " 考察了解 "]), st.booleans())
def test_a_review_files_or_returns_what_somebody_else_submitted(
    state: FilingState, verdict: FilingVerdict, reason: str | None, is_own: bool
) -> None:
    said = bool(reason and reason.strip())
    if state is not FilingState.SUBMITTED or is_own or (verdict is FilingVerdict.RETURNED and not said):
        with pytest.raises(Refused):
            review(state, verdict, reason, ON, 90, is_own=is_own)
        return
    found = review(state, verdict, reason, ON, 90, is_own=is_own)
    assert found.state.value == verdict.value
    assert found.reason == ("考察了解" if said else None)
    assert found.expires_on == (ON + timedelta(days=90) if verdict is FilingVerdict.FILED else None)


@given(STATES, SEATS, SEATS, st.none() | DAYS, DAYS)
def test_a_duty_is_given_on_what_was_filed_for_it_before(
    state: FilingState, filed: Seat, wanted: Seat, reviewed_on: date | None, start: date
) -> None:
    fits = state is FilingState.FILED and reviewed_on is not None and filed == wanted and start >= reviewed_on
    if fits:
        check_given(state, filed, wanted, reviewed_on, start)
        return
    with pytest.raises(Refused):
        check_given(state, filed, wanted, reviewed_on, start)


@given(st.none() | st.sampled_from(list(Level)), st.none() | st.just("party_branch"), st.integers(-1, 400))
def test_a_rule_is_for_titles_of_organisations_in_a_community_or_below(
    level: Level | None, kind: str | None, days: int
) -> None:
    title = DutyTitle("secretary", "书记", "secretary", level=level, organisation_kind=kind)
    below = level in {Level.COMMUNITY, Level.GRID, Level.BUILDING, Level.UNIT}
    if below and kind and 0 < days <= 366:
        check_rule(FilingRule("secretary", days), title)
        return
    with pytest.raises(Refused):
        check_rule(FilingRule("secretary", days), title)
