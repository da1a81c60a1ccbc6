"""How alike two requests read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.tickets.domain.joining import is_one_place
from services.tickets.domain.likeness import ALIKE, Wording, likeness, pairs

WORDS = st.text(st.sampled_from("路灯不亮三号楼门口abAB 1２，。"), max_size=30)
CODE = st.sampled_from([4, 6, 9, 12, 15, 18, 20]).flatmap(lambda n: st.text("12", min_size=n, max_size=n))


@given(WORDS, WORDS)
def test_it_is_a_share_the_same_from_both_sides(one: str, other: str) -> None:
    found = likeness(pairs(one), pairs(other))
    assert 0 <= found <= 1
    assert found == likeness(pairs(other), pairs(one))


@given(WORDS.filter(lambda text: any(char.isalnum() for char in text)))
def test_the_same_words_are_wholly_alike_whatever_their_width_case_and_marks(text: str) -> None:
    assert likeness(pairs(text), pairs(f" {text.upper()}！")) == 1


@given(WORDS, WORDS)
def test_a_longer_description_never_hides_that_the_titles_are_the_same(description: str, other: str) -> None:
    title = "三号楼门口路灯不亮"
    assert Wording(title, description).alike(Wording(title, other)) == 1


def test_the_same_matter_in_other_words_is_found_and_another_matter_is_not() -> None:
    lamp = Wording("三号楼门口路灯不亮", "")
    assert lamp.alike(Wording("3号楼门口的路灯不亮了", "")) >= ALIKE
    assert lamp.alike(Wording("楼道里堆放杂物，无法通行", "")) < ALIKE
    assert Wording("", "").alike(Wording("", "")) == 0


@given(CODE, CODE)
def test_two_regions_are_one_place_in_one_community_or_when_one_holds_the_other(one: str, other: str) -> None:
    expected = one[:12] == other[:12] or one.startswith(other) or other.startswith(one)
    assert is_one_place(one, other) == expected == is_one_place(other, one)
