"""The rules of training, the talent pool and duty guides."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.guides import check_guide
from services.org.domain.periods import Period
from services.org.domain.talents import TalentOutcome, check_advanced, check_pooled, check_talent, outcome_of
from services.org.domain.training import (
    attended_for,
    check_attendees,
    check_programme,
    check_session,
    check_text,
)

ONE, OTHER = UUID(int=1), UUID(int=2)
YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
titles = st.sets(st.sampled_from("abcdef"))


@given(titles, titles)
def test_who_attends_does_so_for_the_titles_of_the_programme_that_they_hold(asked: set[str], held: set[str]) -> None:
    if asked & held:
        assert attended_for(asked, held) == sorted(asked & held)
    else:
        with pytest.raises(Refused, match="NOT_FOR_THEM"):
            attended_for(asked, held)


def test_a_programme_is_for_known_titles_each_once_and_has_a_day() -> None:
    assert check_programme(["b", "a", "b"], {"a", "b"}, YEAR) == ["a", "b"]
    for wanted, code in (([], "INVALID_COUNT"), (["c"], "UNKNOWN_DUTY_TITLE")):
        with pytest.raises(Refused, match=code):
            check_programme(wanted, {"a", "b"}, YEAR)
    with pytest.raises(Refused, match="PERIOD_REVERSED"):
        check_programme(["a"], {"a"}, Period(date(2025, 1, 1), date(2025, 1, 1)))


def test_a_session_lies_in_its_programme_and_has_lessons() -> None:
    check_session(YEAR, date(2025, 12, 31), 1)
    for on, lessons in ((date(2026, 1, 1), 1), (date(2025, 6, 1), 0), (date(2025, 6, 1), 201)):
        with pytest.raises(Refused):
            check_session(YEAR, on, lessons)
    check_attendees(500)
    with pytest.raises(Refused, match="INVALID_COUNT"):
        check_attendees(501)
    assert check_text(" 轮训 ", "name") == "轮训"
    for wrong in (" ", "长" * 101):
        with pytest.raises(Refused):
            check_text(wrong, "name")


def test_who_leaves_the_pool_is_appointed_to_a_duty_of_theirs_or_says_why() -> None:
    day = date(2025, 6, 1)
    assert outcome_of((ONE, YEAR), ONE, day, None) is TalentOutcome.APPOINTED
    assert outcome_of(None, ONE, day, "调离") is TalentOutcome.LEFT
    for duty, on, code in (
        ((OTHER, YEAR), day, "NOT_THEIR_DUTY"),
        ((ONE, YEAR), date(2026, 1, 1), "NOT_THEIR_DUTY"),
        (None, day, "REQUIRED"),
    ):
        with pytest.raises(Refused, match=code):
            outcome_of(duty, ONE, on, " ")


def test_the_pool_has_one_stage_a_person_at_a_time_and_no_one_is_their_own_mentor() -> None:
    check_talent(ONE, OTHER, YEAR, date(2025, 1, 2))
    with pytest.raises(Refused, match="OWN_MENTOR"):
        check_talent(ONE, ONE, YEAR, None)
    with pytest.raises(Refused, match="PERIOD_REVERSED"):
        check_talent(ONE, None, YEAR, date(2025, 1, 1))
    check_pooled([YEAR], Period(date(2026, 1, 1)))
    with pytest.raises(Refused, match="ALREADY_IN_POOL"):
        check_pooled([YEAR], Period(date(2025, 12, 31)))
    check_advanced("reserve", None, "reserve", ONE)
    with pytest.raises(Refused, match="NOTHING_CHANGES"):
        check_advanced("reserve", ONE, "reserve", ONE)


@pytest.mark.parametrize(
    ("version", "items", "field"),
    [(0, ["走访"], "version"), (1, [], "items"), (1, ["走访", " "], "items"), (1, ["长" * 201], "items")],
)
def test_a_guide_has_a_version_and_items(version: int, items: list[str], field: str) -> None:
    assert check_guide("职责", "guide", 1, ["走访"]) == ("走访",)
    with pytest.raises(Refused) as refused:
        check_guide("职责", "guide", version, items)
    assert refused.value.path == (field,)
