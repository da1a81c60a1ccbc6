"""The result of a vote: each matter decided from the count, and the same once more by another way."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from services.property.domain.ballots import Choice, Count
from services.property.domain.voting import Matter, Outcome, Weight, decide

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.property.domain.rules import VoteRule

_TWO_THIRDS, _THREE_QUARTERS, _HALF = Fraction(2, 3), Fraction(3, 4), Fraction(1, 2)


class Result(NamedTuple):
    """What became of one matter; `silent` is what 弃权从多 added to `yes` or `no`, and is in it."""

    yes: Weight
    no: Weight
    abstain: Weight
    outcome: Outcome


class Cast(NamedTuple):
    """One elector's ballot as the recount reads it: the area of the frozen register, not of the ballot."""

    area: int
    choices: tuple[Choice, ...]


def results(rule: VoteRule, matters: Sequence[int], total: Weight, count: Count, silent: Weight) -> list[Result]:
    """Decide every matter. `silent` are owners who were handed a ballot and did not give it back."""
    added = silent if rule.silent_with_majority else Weight()
    found = []
    for matter, item in zip(matters, count.items, strict=True):
        yes, no, abstain = item[Choice.YES], item[Choice.NO], item[Choice.ABSTAIN]
        if is_majority(yes, count.taking_part):
            yes += added
        else:
            no += added
        special = rule.is_special(Matter(matter))
        found.append(Result(yes, no, abstain, decide(total, count.taking_part + added, yes, special=special)))
    return found


def is_majority(yes: Weight, taking_part: Weight) -> bool:
    """Tell whether more than half of those who gave a ballot agree, by both measures: whom the silent go with."""
    return 2 * yes.area > taking_part.area and 2 * yes.heads > taking_part.heads


def recount(casts: Iterable[Cast], items: int) -> Count:
    """Count ballots one by one; nothing is shared with `ballots.tally`."""
    taking_part = Weight()
    counted: list[dict[Choice, Weight]] = [dict.fromkeys(Choice, Weight()) for _ in range(items)]
    for cast in casts:
        one = Weight(cast.area, 1)
        taking_part += one
        for item, choice in zip(counted, cast.choices, strict=True):
            item[choice] += one
    return Count(taking_part, tuple(counted))


def passes_by_fractions(total: Weight, taking_part: Weight, yes: Weight, *, special: bool) -> bool:
    """Decide a matter as article 278 reads, in exact fractions: what `voting.decide` is compared with."""
    if 0 in {total.area, total.heads, taking_part.area, taking_part.heads}:
        return False
    shares = (Fraction(taking_part.area, total.area), Fraction(taking_part.heads, total.heads))
    agreed = (Fraction(yes.area, taking_part.area), Fraction(yes.heads, taking_part.heads))
    if special:
        return min(shares) >= _TWO_THIRDS and min(agreed) >= _THREE_QUARTERS
    return min(shares) >= _TWO_THIRDS and min(agreed) > _HALF


def agree(one: Sequence[Result], count: Count, again: Count, total: Weight, special: Sequence[bool]) -> bool:
    """Tell whether the recount found the same, and the plain reading of the law decides the same."""
    if count != again:
        return False
    return all(
        result.outcome.passed
        == passes_by_fractions(total, result.yes + result.no + result.abstain, result.yes, special=is_special)
        for result, is_special in zip(one, special, strict=True)
    )
