"""What people write: kept as they wrote it or refused, never half; masks hide and are not taken back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import CommonProblem, Refused
from chassis.texts import clean
from services.tickets.domain.content import LONGEST_WORD, checked_name, checked_phone, mask_name, mask_phone
from services.tickets.domain.problems import TicketProblem


@given(st.text(max_size=LONGEST_WORD + 5))
def test_a_text_is_kept_whole_or_refused(text: str) -> None:
    wanted = text.replace("\r\n", "\n").strip()
    controls = any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in wanted)
    if len(wanted) > LONGEST_WORD or controls:
        with pytest.raises(Refused) as refused:
            clean(text, "opinion", LONGEST_WORD)
        assert refused.value.problem in {CommonProblem.TOO_LONG, CommonProblem.INVALID_TEXT}
        return
    kept = clean(text, "opinion", LONGEST_WORD)
    assert (kept or "") == wanted
    assert kept is None or (kept.encode() and len(kept) <= LONGEST_WORD)


@given(st.from_regex(r"1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8}", fullmatch=True))
def test_a_masked_phone_hides_the_middle_and_is_not_taken_back(phone: str) -> None:
    assert checked_phone(f" {phone} ") == phone
    masked = mask_phone(phone)
    assert len(masked) == len(phone)
    assert masked.count("*") == len(phone) - 7
    with pytest.raises(Refused) as refused:
        checked_phone(masked)
    assert refused.value.problem is TicketProblem.MASKED_VALUE


@pytest.mark.parametrize(
    "phone", ["110", "1380000000", "138000000000", "abc", "+86", "１３８００００１２３４", "1３８００００１２３４"]
)
def test_what_is_no_phone_is_refused(phone: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_phone(phone)
    assert refused.value.problem is TicketProblem.INVALID_PHONE


@pytest.mark.parametrize("name", ["李*", "张＊＊", "王●", "欧阳•"])
def test_a_masked_name_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_name(name)
    assert refused.value.problem is TicketProblem.MASKED_VALUE


def test_names_are_masked_to_the_first_character_and_nothing_given_stays_nothing() -> None:
    assert mask_name("李小明") == "李*"
    assert checked_name(" ") is None
    assert checked_phone(None) is None
