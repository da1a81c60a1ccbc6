"""Honours (评选表彰): what is chosen, by whom, and how a choice is counted.

Model buildings, families, residents and building leaders, excellent grid workers: nominated, voted for or reviewed,
made public, then concluded; an award may be paid from the dedicated fund. An honour only ever adds something.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec

from services.credit.domain.parts import Code, Part, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Id = TypeVar("Id")

BEST_MARK = 100
"""What a reviewer gives at most; the least is 1."""


class Of(StrEnum):
    """What is honoured."""

    BUILDING = "building"
    """A region of the tree: a building, a unit, a grid."""
    FAMILY = "family"
    """A person's household; the person stands for it."""
    PERSON = "person"
    """A person with an account."""
    DUTY = "duty"
    """Whoever holds a duty in a grid; shown by duty and grid, without a name."""


class How(StrEnum):
    """How it is chosen."""

    VOTE = "vote"
    """Everybody who takes part where it is held has one vote."""
    REVIEW = "review"
    """Reviewers give marks; the mean counts."""


class Honour(Part, frozen=True, kw_only=True):
    """An honour of the catalogue."""

    code: Code
    name_en: Text
    name_zh: Text
    of: Of
    how: How
    organisers: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)]
    """Duty titles that open a selection, publish and conclude it."""
    nominators: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)]
    reviewers: tuple[Code, ...] = ()
    title: Code | None = None
    """The duty that is honoured."""
    places: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    publicity_days: Annotated[int, msgspec.Meta(ge=1, le=60)] = 7
    award_yuan: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 0

    @property
    def titles(self) -> frozenset[str]:
        """Every duty title that has to do with it."""
        honoured = {self.title} if self.title else set()
        return frozenset({*self.organisers, *self.nominators, *self.reviewers, *honoured})

    @property
    def needs_consent(self) -> bool:
        """Whether who is nominated must agree before anything is done with it."""
        return self.of in {Of.FAMILY, Of.PERSON}


def faults_of(honour: Honour) -> Iterator[str]:
    """Tell what is wrong with an honour beyond its form, a sentence each."""
    if (honour.how is How.REVIEW) is not bool(honour.reviewers):
        yield f"honour {honour.code}: reviewers are named for a review, and for nothing else"
    if (honour.of is Of.DUTY) is (honour.title is None):
        yield f"honour {honour.code}: a title is named for an honour of a duty, and for nothing else"


def mean_mark(marks: Sequence[int]) -> Fraction:
    """Return the mean of the marks that a candidate was given, 0 for none."""
    return Fraction(sum(marks), len(marks)) if marks else Fraction(0)


def choose(results: Mapping[Id, Fraction | int], places: int) -> dict[Id, int]:
    """Return who is chosen, with the place of each from 1; `results` are votes or mean marks.

    Equal results share a place, so that there may be more than `places`; nobody is chosen with a result of 0.
    """
    better = sorted(results.values(), reverse=True)
    place = {result: better.index(result) + 1 for result in set(better)}
    return {id_: place[result] for id_, result in results.items() if result > 0 and place[result] <= places}
