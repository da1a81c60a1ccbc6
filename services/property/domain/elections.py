"""Elections of owners' committees: candidates, joint review (人选联审), and who is elected. Nothing here does I/O."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.property.domain.voting import Weight


class ElectionStatus(StrEnum):
    """Where an election stands, in this order; it ends `held` or `failed`."""

    NOMINATING = "nominating"
    REVIEWING = "reviewing"
    VOTING = "voting"
    HELD = "held"
    FAILED = "failed"


class Standing(StrEnum):
    """Where a candidate stands."""

    NOMINATED = "nominated"
    ADMITTED = "admitted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ELECTED = "elected"
    ALTERNATE = "alternate"
    TIED = "tied"
    NOT_ELECTED = "not_elected"


class Verdict(StrEnum):
    """What a department says of a candidate."""

    PASS = "pass"  # noqa: S105 (no password)
    OBJECT = "object"


class Votes(NamedTuple):
    """What the owners said of one candidate: whether the matter passed by article 278, and who agreed."""

    passed: bool
    yes: Weight


def reviewed(verdicts: Iterable[Verdict | None]) -> Standing | None:
    """Return what the departments' answers make of a candidate; None while one of them has not answered.

    Every department must agree; silence is not agreement.
    """
    said = list(verdicts)
    if Verdict.OBJECT in said:
        return Standing.REJECTED
    return None if None in said else Standing.ADMITTED


def elect(votes: Sequence[Votes], seats: int) -> list[Standing]:
    """Return what became of each candidate.

    Elected are those who passed, by owners and then by area, as many as there are seats; the others who passed are
    alternates. Of candidates with equal votes between whom the last seats would have to choose, none is elected.
    """
    order = sorted((at for at, one in enumerate(votes) if one.passed), key=lambda at: _rank(votes[at]), reverse=True)
    found = [Standing.NOT_ELECTED] * len(votes)
    for place, at in enumerate(order):
        found[at] = Standing.ELECTED if place < seats else Standing.ALTERNATE
    if len(order) > seats > 0 and _rank(votes[order[seats - 1]]) == _rank(votes[order[seats]]):
        edge = _rank(votes[order[seats]])
        for at in order:
            if _rank(votes[at]) == edge:
                found[at] = Standing.TIED
    return found


def _rank(one: Votes) -> tuple[int, int]:
    return one.yes.heads, one.yes.area


def is_constituted(elected: int, least: int) -> bool:
    """Tell whether enough were elected for a committee to take office."""
    return elected >= least


def must_elect(seats: int, sitting: int) -> bool:
    """Tell whether so many have left that a by-election must be held: half of the seats or more are empty."""
    return 2 * sitting <= seats
