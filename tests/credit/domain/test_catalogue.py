"""Catalogues, groups, periods: what is refused before it is installed, and when points expire."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from chassis.problems import Refused
from services.credit.domain.catalogue import Period, faults
from services.credit.domain.content import checked_credit_code, checked_name, mask_name
from services.credit.domain.periods import expiry, period_of
from tests.credit import city

FIRE, VOLUNTEER = city.CATALOGUE["deductions"][0], city.CATALOGUE["rewards"][0]


def test_the_example_is_in_order() -> None:
    assert faults(city.catalogue()) == []


ASSESSED = {"source": "company_assessed", "grades": ["excellent"]}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"deductions": [FIRE | {"groups": ["resident"]}]}, "nothing is ever deducted"),
        ({"deductions": [FIRE | {"groups": ["nobody"]}]}, "there is no group nobody"),
        ({"rewards": [VOLUNTEER, VOLUNTEER]}, "item volunteer is there twice"),
        ({"rewards": [VOLUNTEER | {"ceiling": {"points": 5, "per": "day"}}]}, "its ceiling is below its points"),
        ({"rewards": [VOLUNTEER | {"recorders": []}]}, "nobody may record it"),
        ({"rewards": [VOLUNTEER | {"cause": {"source": "company_assessed"}}]}, "grades are named for an assessment"),
        ({"rewards": [VOLUNTEER | {"cause": {"source": "team_joined", "grades": ["good"]}}]}, "grades are named"),
        ({"rewards": [VOLUNTEER | {"cause": ASSESSED}]}, "a company is assessed, and people earn"),
        ({"deductions": [FIRE | {"cause": {"source": "team_joined"}}]}, "a company is assessed, and people earn"),
    ],
)
def test_a_catalogue_that_contradicts_itself_or_the_law_is_told(changed: dict[str, Any], said: str) -> None:
    assert any(said in fault for fault in faults(city.catalogue(**changed)))


def test_a_deduction_without_a_written_basis_cannot_be_read() -> None:
    without = {key: value for key, value in FIRE.items() if key != "basis"}
    with pytest.raises(msgspec.ValidationError, match="basis"):
        city.catalogue(deductions=[without])


@pytest.mark.parametrize(
    ("day", "period", "first", "after"),
    [
        (date(2026, 3, 31), Period.DAY, date(2026, 3, 31), date(2026, 4, 1)),
        (date(2026, 12, 9), Period.MONTH, date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 3, 31), Period.QUARTER, date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 10, 1), Period.QUARTER, date(2026, 10, 1), date(2027, 1, 1)),
        (date(2028, 2, 29), Period.YEAR, date(2028, 1, 1), date(2029, 1, 1)),
    ],
)
def test_periods_are_the_calendars(day: date, period: Period, first: date, after: date) -> None:
    assert period_of(day, period) == (first, after)


def test_points_of_a_month_expire_together_after_that_many_whole_months() -> None:
    assert expiry(date(2026, 1, 31), 1) == expiry(date(2026, 1, 1), 1) == date(2026, 3, 1)
    assert expiry(date(2026, 12, 15), 24) == date(2029, 1, 1)
    assert expiry(date(2026, 1, 1), None) is None


def test_a_credit_code_is_checked_and_a_masked_name_is_not_taken_back() -> None:
    assert checked_credit_code(" 91110000600037341l ") == "91110000600037341L"
    with pytest.raises(Refused, match="INVALID_CREDIT_CODE"):
        checked_credit_code("91110000600037341K")
    with pytest.raises(Refused, match="INVALID_TEXT"):
        checked_name(mask_name("张小明"))
