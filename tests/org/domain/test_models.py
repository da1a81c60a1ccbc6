"""The rules of experts and shared methods."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.models import check_in_area, check_model, check_not_there, check_still, check_takes_up

CODES = ["370321001001", "370321001002", "370322001001"]
TYPES = ["old_estate", "mixed"]


@given(st.sampled_from(TYPES), st.sampled_from([*TYPES, None]), st.sampled_from(CODES), st.sampled_from(CODES))
def test_a_method_is_for_others_of_its_type(wanted: str, found: str | None, model: str, code: str) -> None:
    if code != model and found == wanted:
        check_takes_up(wanted, found, model, code)
        return
    with pytest.raises(Refused) as refused:
        check_takes_up(wanted, found, model, code)
    assert refused.value.problem.code == ("OWN_METHOD" if code == model else "OTHER_TYPE")


@given(st.sampled_from(["370321", "370321001", "370322"]), st.sampled_from(CODES))
def test_nothing_reaches_beyond_its_area(area: str, code: str) -> None:
    if code.startswith(area):
        check_in_area(area, code)
    else:
        with pytest.raises(Refused):
            check_in_area(area, code)


def test_what_is_there_or_over_or_no_model_is_refused() -> None:
    check_not_there(CODES[:1], CODES[1])
    check_still(None)
    check_model(is_distinguished=True, code=CODES[0])
    with pytest.raises(Refused):
        check_not_there(CODES, CODES[1])
    with pytest.raises(Refused):
        check_still(date(2025, 1, 1))
    with pytest.raises(Refused):
        check_model(is_distinguished=False, code=CODES[0])
