"""What people write is stored without the space around it, or refused: whole, and with the field that is wrong."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import CommonProblem, Refused
from chassis.texts import clean, demanded

TEXTS = st.text(st.characters() | st.sampled_from(" \n\t\r\x00\x1b字"), max_size=30)


def is_hidden(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t"


@given(TEXTS, st.integers(1, 20))
def test_a_text_is_kept_as_it_is_but_for_the_space_around_it_or_refused(text: str, most: int) -> None:
    wanted = text.replace("\r\n", "\n").strip()
    wrong = CommonProblem.TOO_LONG if len(wanted) > most else CommonProblem.INVALID_TEXT
    if len(wanted) > most or any(map(is_hidden, wanted)):
        with pytest.raises(Refused) as refused:
            clean(text, "title", most)
        assert (refused.value.problem, refused.value.path) == (wrong, ("title",))
        return
    found = clean(text, "title", most)
    assert found == (wanted or None)
    assert clean(found, "title", most) == found


@pytest.mark.parametrize("text", [None, "", " \n"])
def test_a_text_that_must_be_there_is_asked_for_by_its_path(text: str | None) -> None:
    assert clean(text, "name", 10, "parts", "0", "name") is None
    with pytest.raises(Refused) as refused:
        demanded(text, "name", 10, "parts", "0", "name")
    assert (refused.value.problem, refused.value.path) == (CommonProblem.REQUIRED, ("parts", "0", "name"))
