"""Region codes: form, ranges, and the two directions between a code and its parent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from services.org.domain.codes import (
    CodeKind,
    ancestors_of,
    check_code,
    kind_of,
    level_of,
    moved,
    normalised,
    parent_of,
)
from services.org.domain.levels import Level

WIDTHS = {Level.CITY: 2, Level.DISTRICT: 2, Level.SUBDISTRICT: 3, Level.COMMUNITY: 3}
HIGHEST = {Level.SUBDISTRICT: 599, Level.COMMUNITY: 599, Level.GRID: 999, Level.BUILDING: 999}


@st.composite
def codes(draw: st.DrawFn, lowest: Level = Level.UNIT) -> str:
    code = draw(st.sampled_from(["32", "37", "42", "61", "35"]))
    for level in Level:
        start = level.parent.code_length if level.parent else 2
        width = level.code_length - start
        code += f"{draw(st.integers(1, HIGHEST.get(level, 99))):0{width}d}"
        if level is lowest:
            break
    return code


any_code = st.sampled_from(list(Level)).flatmap(codes)


@given(any_code)
def test_a_well_formed_code_has_the_level_of_its_length(code: str) -> None:
    level = level_of(code)
    assert level is not None
    assert level.code_length == len(code)


@given(any_code)
def test_the_ancestors_are_the_parents_one_after_another(code: str) -> None:
    climbed = []
    above = parent_of(code)
    while above is not None:
        climbed.append(above)
        above = parent_of(above)
    assert ancestors_of(code) == climbed[::-1]
    assert all(code.startswith(each) and level_of(each) is not None for each in climbed)


@given(st.text(alphabet="0123456789", max_size=22))
def test_whatever_is_well_formed_has_only_well_formed_ancestors(code: str) -> None:
    if level_of(code) is not None:
        assert all(level_of(each) is not None for each in ancestors_of(code))


@given(st.text(max_size=22).filter(lambda text: not (text.isascii() and text.isdigit())))
def test_anything_but_ascii_digits_is_malformed(text: str) -> None:
    assert level_of(text) is None


@given(codes(Level.DISTRICT))
def test_the_zeros_of_a_statistical_code_are_taken_off(code: str) -> None:
    assert normalised(code.ljust(12, "0")) == code


@given(any_code)
def test_a_well_formed_code_is_normal_already(code: str) -> None:
    assert normalised(code) == code


@given(codes(Level.UNIT), codes(Level.COMMUNITY))
def test_moving_there_and_back_gives_the_same_code(code: str, target: str) -> None:
    old = code[:12]
    there = moved(code, old, target)
    assert there.startswith(target)
    assert moved(there, target, old) == code


def test_a_code_outside_is_not_moved() -> None:
    with pytest.raises(ValueError, match="does not lie in"):
        moved("370321002001", "370322", "370323")


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("3703", Level.CITY),
        ("320508", Level.DISTRICT),
        ("370321002", Level.SUBDISTRICT),
        ("370321002001", Level.COMMUNITY),
        ("370321002001001", Level.GRID),
        ("370321002001001001", Level.BUILDING),
        ("37032100200100100101", Level.UNIT),
    ],
)
def test_real_codes_have_their_level(code: str, level: Level) -> None:
    assert level_of(code) is level


@pytest.mark.parametrize(
    "code",
    [
        "",
        "37",
        "37032",
        "9903",  # no such province
        "3700",
        "370300",
        "370321000",
        "370321600",  # beyond GB/T 10114
        "370321002600",
        "370321002001000",
        "37032100200100100100",
        "３７０３",
        " 3703",
        "370321002001001001011",
    ],
)
def test_malformed_codes_are_refused(code: str) -> None:
    assert level_of(code) is None
    with pytest.raises(Refused, match="INVALID_REGION_CODE"):
        check_code(code, Level.CITY, "code")


def test_a_code_of_another_level_is_refused() -> None:
    with pytest.raises(Refused, match="WRONG_CODE_LEVEL") as refusal:
        check_code("3703", Level.DISTRICT, "code")
    assert refusal.value.path == ("code",)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("370321002", CodeKind.STREET),
        ("320508199", CodeKind.TOWN),
        ("320508200", CodeKind.TOWNSHIP),
        ("320508400", CodeKind.SIMILAR_TO_TOWNSHIP),
        ("370321002001", CodeKind.RESIDENTS_COMMITTEE),
        ("370321002201", CodeKind.VILLAGERS_COMMITTEE),
        ("370321002499", CodeKind.SIMILAR_TO_RESIDENTS_COMMITTEE),
        ("370321002500", CodeKind.SIMILAR_TO_VILLAGERS_COMMITTEE),
        ("3703", None),
        ("370321002001001", None),
    ],
)
def test_the_range_of_a_code_says_what_it_is(code: str, kind: CodeKind | None) -> None:
    assert kind_of(code) is kind
