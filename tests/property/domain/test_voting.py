"""The thresholds of article 278 against its plain reading in fractions, at and around every boundary."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.problems import Refused
from services.property.domain.ballots import Choice, Keys, TamperedError, seal, tally, unseal
from services.property.domain.register import Part, Status, area_of, electors_of, share_of
from services.property.domain.results import Cast, agree, passes_by_fractions, recount, results
from services.property.domain.rules import DEFAULT, VoteRule, check_rule
from services.property.domain.voting import SPECIAL, Matter, Weight, decide, has_majority, has_quorum

EXAMPLES = int(os.environ.get("LINLI_TEST_EXAMPLES", "60"))
VECTORS = Path(__file__).parents[4] / "shared/design/vote-vectors.json"
KEYS = Keys(b"s" * 32, b"m" * 32)
NAMESPACE = UUID(int=1)
few = settings(max_examples=EXAMPLES, deadline=None)


@pytest.fixture(scope="module")
def vectors() -> Any:
    if not VECTORS.exists():
        pytest.skip("the shared vote vectors are not beside this checkout")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def test_the_shared_votes_come_out_as_expected(vectors: Any) -> None:
    for vote in vectors["votes"]:
        total, part, yes = (Weight(vote[f"{of}_area"], vote[f"{of}_heads"]) for of in ("total", "participating", "yes"))
        outcome = decide(total, part, yes, special=Matter(vote["item"]) in SPECIAL)
        found = {name: getattr(outcome, name) for name in vote["expect"]}
        assert found == vote["expect"], vote["name"]


def test_the_shared_register_counts_as_expected(vectors: Any) -> None:
    found = vectors["head_count"]
    parts = []
    for at, unit in enumerate(found["units"], 1):
        status = Status(unit["status"])
        owners = {uuid5(NAMESPACE, unit["owner"])} if status is Status.OWNED else ()
        parts.append(Part(UUID(int=at), unit["area"], status, frozenset(owners)))
    electors = electors_of(parts)
    assert len(electors) == found["expect_heads"]
    assert sum(one.area for one in electors) == found["expect_area"]


@few
@given(st.integers(1, 10**9), st.integers(-3, 3))
def test_two_thirds_include_the_number_itself(total: int, off: int) -> None:
    part = min(max(total * 2 // 3 + off, 0), total)
    assert has_quorum(part, total) == (Fraction(part, total) >= Fraction(2, 3))


@few
@given(st.integers(1, 10**9), st.integers(-3, 3), st.booleans())
def test_half_does_not_include_itself_and_three_quarters_do(part: int, off: int, special: bool) -> None:
    near = part * 3 // 4 if special else part // 2
    yes = min(max(near + off, 0), part)
    share = Fraction(yes, part)
    expected = share >= Fraction(3, 4) if special else share > Fraction(1, 2)
    assert has_majority(yes, part, special=special) == expected


weights = st.builds(Weight, st.integers(0, 10**10), st.integers(0, 200_000))


@few
@given(weights, weights, weights, st.booleans())
def test_a_matter_is_decided_as_the_article_reads(one: Weight, two: Weight, three: Weight, special: bool) -> None:
    yes, part, total = one, one + two, one + two + three
    outcome = decide(total, part, yes, special=special)
    assert outcome.passed == passes_by_fractions(total, part, yes, special=special)


@few
@given(
    st.lists(
        st.tuples(st.integers(1, 9000), st.sampled_from(Status), st.frozensets(st.integers(1, 5), max_size=2)),
        max_size=12,
    )
)
def test_everybody_counts_once_and_no_area_is_lost(made: list[tuple[int, Status, frozenset[int]]]) -> None:
    parts = [
        Part(UUID(int=at), area, status, frozenset(UUID(int=100 + one) for one in owners))
        for at, (area, status, owners) in enumerate(made)
    ]
    electors = electors_of(parts)
    assert sum(one.area for one in electors) == sum(part.area for part in parts)
    owned = [part for part in parts if part.status is Status.OWNED]
    known = {part.owners for part in owned if part.owners}
    unknown = sum(not part.owners for part in owned)
    assert len(electors) == len(known) + unknown + (len(owned) < len(parts))
    assert electors_of(reversed(parts)) == electors


choices = st.sampled_from(Choice)


@few
@given(st.lists(st.tuples(st.integers(1, 10**9), st.tuples(choices, choices)), max_size=40))
def test_tally_and_recount_are_two_ways_to_the_same(cast: list[tuple[int, tuple[Choice, Choice]]]) -> None:
    sealed = [seal(KEYS, bytes([at]), area, chosen) for at, (area, chosen) in enumerate(cast)]
    count = tally(KEYS, b"".join(one.nonce for one in sealed), b"".join(one.body for one in sealed), 2)
    again = recount([Cast(*unseal(KEYS, bytes([at]), one, 2)) for at, one in enumerate(sealed)], 2)
    assert count == again
    by_hand: dict[Choice, int] = defaultdict(int)
    for area, (first, _) in cast:
        by_hand[first] += area
    assert {choice: weight.area for choice, weight in count.items[0].items() if weight.heads} == dict(by_hand)
    total = count.taking_part + Weight(1, 1)
    assert agree(results(DEFAULT, (3, 6), total, count, Weight()), count, again, total, (False, True))


def test_a_ballot_that_was_touched_or_moved_is_not_opened() -> None:
    sealed = seal(KEYS, b"mine", 9000, [Choice.YES])
    assert unseal(KEYS, b"mine", sealed, 1) == (9000, (Choice.YES,))
    flipped = sealed._replace(body=bytes([sealed.body[0] ^ 1]) + sealed.body[1:])
    for key, other in ((b"yours", sealed), (b"mine", flipped), (b"mine", sealed._replace(nonce=bytes(16)))):
        with pytest.raises(TamperedError):
            unseal(KEYS, key, other, 1)


def test_the_same_choices_never_look_the_same() -> None:
    made = [seal(KEYS, b"k", 9000, [Choice.YES]) for _ in range(50)]
    assert len({one.body for one in made}) == len({one.receipt for one in made}) == 50
    assert {len(one.body) for one in made} == {16}


def test_the_silent_go_with_the_majority_only_where_a_rule_says_so() -> None:
    cast = [Cast(100, (Choice.YES,)), Cast(100, (Choice.YES,)), Cast(100, (Choice.NO,))]
    count, total, silent = recount(cast, 1), Weight(600, 6), Weight(200, 2)
    (off,) = results(DEFAULT, [4], total, count, silent)
    assert (off.yes, off.outcome.quorum) == (Weight(200, 2), False)
    rule = VoteRule(code="x", name_zh="x", name_en="x", silent_with_majority=True)
    (on,) = results(rule, [4], total, count, silent)
    assert (on.yes, on.no, on.outcome.passed) == (Weight(400, 4), Weight(100, 1), True)
    tie = recount([Cast(100, (Choice.YES,)), Cast(100, (Choice.NO,))], 1)
    (against,) = results(rule, [4], total, tie, silent)
    assert (against.yes, against.no) == (Weight(100, 1), Weight(300, 3))


@pytest.mark.parametrize(
    "change",
    [{"notice_days": 14}, {"special": (6, 7)}, {"special": (6, 7, 8, 10)}, {"secret": (0,)}, {"channels": ()},
     {"channels": ("telepathy",)}, {"most_proxies": -1}, {"extensions": 9}, {"extension_days": 0}],
)  # fmt: skip
def test_a_local_rule_may_not_break_the_law(change: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="UNLAWFUL_RULE"):
        check_rule(VoteRule(**{"code": "x", "name_zh": "x", "name_en": "x"} | change))


@few
@given(st.integers(1, 99_999_999))
def test_an_area_is_read_exactly(area: int) -> None:
    assert area_of(f"{area // 100}.{area % 100:02}") == area


@pytest.mark.parametrize("text", ["", "-1", "1.005", "1e3", "１００", "0.00", "1000000.01", "1,000"])
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        area_of(text)


@pytest.mark.parametrize("text", ["0/1", "3/2", "1", "1/0", "a/b", "1/1/1"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        share_of(text)
