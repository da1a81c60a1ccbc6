"""Texts are kept without the space around them, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import CommonProblem, Refused
from services.org.domain.texts import demanded, optional

LIMIT = 8


@given(st.text(max_size=2 * LIMIT))
def test_a_text_is_kept_without_the_space_around_it_or_refused_with_what_is_wrong(text: str) -> None:
    kept = text.strip()
    if kept and len(kept) <= LIMIT:
        assert demanded(text, "title", LIMIT, "title") == kept
        assert optional(text, "title", LIMIT, "title") == kept
        return
    with pytest.raises(Refused) as refused:
        demanded(text, "title", LIMIT, "input", "title")
    assert refused.value.problem is (CommonProblem.TOO_LONG if kept else CommonProblem.REQUIRED)
    assert refused.value.path == ("input", "title")
    assert refused.value.values["field"] == "title"


def test_a_text_that_may_be_left_out_is_none_when_nothing_is_said_and_refused_only_when_too_long() -> None:
    assert [optional(text, "note", LIMIT, "note") for text in (None, "", "  ")] == [None] * 3
    with pytest.raises(Refused) as refused:
        optional("x" * (LIMIT + 1), "note", LIMIT, "note")
    assert refused.value.values == {"field": "note", "limit": LIMIT}
