"""Rules of partner units: points follow from a year's sums, and a debt ends with the fewest problems asked for."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.org.domain.partners import ContributionRule, Settled, owing, score

AMOUNTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 10_000))
RULES = st.lists(
    st.builds(ContributionRule, st.sampled_from("abc"), st.integers(1, 100), st.integers(1, 10), st.integers(1, 50)),
    unique_by=lambda rule: rule.kind,
)


@given(AMOUNTS, RULES, st.sampled_from("abc"), st.integers(0, 10_000))
def test_more_never_counts_for_less_nor_for_more_than_the_most(
    amounts: dict[str, int], rules: list[ContributionRule], kind: str, more: int
) -> None:
    before = score(amounts, rules)
    after = score({**amounts, kind: amounts.get(kind, 0) + more}, rules)
    assert before <= after <= sum(rule.most for rule in rules)
    mine = [rule for rule in rules if rule.kind == kind]
    assert after - before <= sum(rule.most for rule in mine)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 5), st.integers(0, 6))))
def test_who_has_settled_enough_owes_nothing_and_who_has_fewest_comes_first(cases: list[tuple[int, int, int]]) -> None:
    counts = [Settled(UUID(int=n), None, fewest, fewest + 1, settled) for n, fewest, settled in cases]
    short = owing(counts)
    assert sorted(map(repr, short)) == sorted(repr(one) for one in counts if one.settled < one.fewest)
    assert [one.settled for one in short] == sorted(one.settled for one in short)
