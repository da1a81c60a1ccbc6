"""The rules of the register of special needs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.special_needs import (
    KEPT_AFTER_END,
    LONGEST_KEPT,
    LegalBasis,
    check_basis,
    check_details,
    check_kept,
    kept_after,
)

TODAY = date(2026, 11, 20)
NUMBER = "11010519491231002X"
days = st.dates(date(2024, 1, 1), date(2030, 1, 1))


@given(st.sampled_from(LegalBasis), st.none() | days)
def test_only_consent_has_a_day_and_that_has_come(basis: LegalBasis, on: date | None) -> None:
    fits = (on is not None and on <= TODAY) if basis is LegalBasis.CONSENT else on is None
    try:
        check_basis(basis, on, TODAY)
        assert fits
    except Refused:
        assert not fits


@given(days, st.integers(-10, 1300))
def test_a_record_is_kept_for_three_years_at_most(since: date, length: int) -> None:
    fits = 0 < length <= LONGEST_KEPT.days
    try:
        check_kept(since, since + timedelta(days=length))
        assert fits
    except Refused:
        assert not fits


@given(days, days)
def test_once_the_need_is_over_a_record_is_never_kept_longer_than_before(until: date, over: date) -> None:
    last = kept_after(until, over)
    assert last <= until
    assert last - over <= KEPT_AFTER_END


@pytest.mark.parametrize(
    ("name", "phone", "number", "situation"),
    [
        ("", None, NUMBER, "送餐"),
        ("周*", None, NUMBER, "送餐"),
        ("周奶奶", "12", NUMBER, "送餐"),
        ("周奶奶", None, NUMBER[:-1] + "1", "送餐"),
        ("周奶奶", None, NUMBER, "  "),
        ("周奶奶", None, NUMBER, "长" * 501),
    ],
)
def test_details_are_whole_and_well_formed(name: str, phone: str | None, number: str, situation: str) -> None:
    with pytest.raises(Refused):
        check_details(name, phone, number, situation)


def test_details_are_stored_trimmed() -> None:
    details, number = check_details(" 周奶奶 ", None, NUMBER.lower(), " 送餐 ")
    assert (details.name, details.situation, number) == ("周奶奶", "送餐", NUMBER)
