"""Personal data: identifiers, masking, and that nothing masked comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.identifiers import check_credit_code, check_phone, is_credit_code, is_resident_id
from services.org.domain.masking import check_not_masked, mask_name, mask_phone, mask_resident_id
from services.org.domain.people import PartyStatus, checked

VECTORS = Path(__file__).parents[4] / "shared" / "design" / "id-vectors.json"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
RESIDENT_ID = "11010519491231002X"

names = st.text(alphabet="张王李赵欧阳司马小明红军丽", min_size=2, max_size=4)
phones = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def credit_code_check(body: str) -> str:
    """GB 32100-2015, written out slowly."""
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


credit_code_bodies = st.tuples(
    st.sampled_from("123456789ANY"),
    st.sampled_from("1239"),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(alphabet=ALPHABET, min_size=9, max_size=9),
).map("".join)


@given(credit_code_bodies)
def test_a_credit_code_has_exactly_one_check_character(body: str) -> None:
    assert [char for char in ALPHABET if is_credit_code(body + char)] == [credit_code_check(body)]


@given(credit_code_bodies, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_spoils_a_credit_code(body: str, place: int, char: str) -> None:
    code = body + credit_code_check(body)
    changed = code[:place] + char + code[place + 1 :]
    assert is_credit_code(changed) == (changed == code)


@pytest.mark.parametrize("code", ["91110000600037341L", "N2370321MA1000000A", "Y1610522MA10000009"])
def test_known_credit_codes_hold_also_of_letters_first(code: str) -> None:
    assert is_credit_code(code)
    assert check_credit_code(f" {code.lower()} ") == code


@pytest.mark.parametrize("code", ["91110000600037341K", "9111000060003734IL", "91110000600037341", "", "9" * 18])
def test_false_credit_codes_are_refused(code: str) -> None:
    with pytest.raises(Refused, match="INVALID_CREDIT_CODE"):
        check_credit_code(code)


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        (RESIDENT_ID, True),
        ("440524188001010014", True),
        ("110105194912310021", False),
        ("32050819900230001X", False),
        ("1101051949123100 2", False),
        ("１1010519491231002X", False),
    ],
)
def test_resident_identity_numbers_need_a_true_date_and_check_digit(number: str, holds: bool) -> None:
    assert is_resident_id(number) is holds


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not beside this checkout")
def test_the_shared_vectors_hold() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert [is_credit_code(one["code"]) for one in vectors["uscc"]] == [one["valid"] for one in vectors["uscc"]]
    ids = vectors["resident_id"]
    assert [is_resident_id(one["code"]) for one in ids] == [one["valid"] for one in ids]


def test_masks_show_the_least() -> None:
    assert mask_name("张小明") == "张*"
    assert mask_name("欧阳明") == "欧阳*"
    assert mask_name("欧阳") == "欧*"
    assert mask_name("") == ""
    assert mask_phone("13800010000") == "138****0000"
    assert mask_resident_id(RESIDENT_ID) == "1****************X"


@given(names, phones)
def test_a_masked_value_never_comes_back(name: str, phone: str) -> None:
    assert checked(name, phone, RESIDENT_ID).phone == phone
    for masked in ((mask_name(name), phone, None), (name, mask_phone(phone), None)):
        with pytest.raises(Refused, match="MASKED_VALUE"):
            checked(*masked)
    with pytest.raises(Refused, match="MASKED_VALUE"):
        checked(name, None, mask_resident_id(RESIDENT_ID))


@pytest.mark.parametrize("value", ["138••••0000", "张＊", "●"])
def test_other_stars_are_known_as_masks(value: str) -> None:
    with pytest.raises(Refused, match="MASKED_VALUE"):
        check_not_masked(value, "phone")


@pytest.mark.parametrize("number", ["12345", "23800010000", "1380001000a", "138000100000", "+8613800010000"])
def test_false_telephone_numbers_are_refused_without_being_repeated(number: str) -> None:
    with pytest.raises(Refused, match="INVALID_PHONE") as refusal:
        check_phone(number, "phone")
    assert number not in str(refusal.value)


def test_landlines_and_spaced_mobiles_are_accepted() -> None:
    assert check_phone("0533-8210000") == "0533-8210000"
    assert check_phone("138 0001 0000") == "13800010000"


def test_a_name_is_needed_and_bounded() -> None:
    with pytest.raises(Refused, match="REQUIRED"):
        checked("  ", None, None)
    with pytest.raises(Refused, match="TOO_LONG"):
        checked("长" * 51, None, None)


def test_both_kinds_of_party_members_are_members() -> None:
    assert [status.is_member for status in PartyStatus] == [False, True, True]
