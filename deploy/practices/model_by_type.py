"""Parts of a practice file by which organisations are assessed, and communities given what their type needs."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Count, Entry, Names, Positive, Range
from services.org.domain.assessment import CountedFrom  # noqa: TC001

Score = Annotated[int, msgspec.Meta(ge=0, le=100)]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2100)]


class CountedContributions(Entry, frozen=True):
    """Whose contributions of the year a score is counted from, and how many points are a full score."""

    of: CountedFrom
    full: Positive


class Capacity(Entry, frozen=True):
    """By what organisations are assessed (六力), and what it weighs beside the others.

    With `contributions`, its score is counted from what partner units did.
    """

    code: Code
    name: Names
    weight: Positive = 1
    contributions: CountedContributions | None = None


class AssessmentLevel(Entry, frozen=True):
    """A level of assessments, and the lowest result of 100 that reaches it."""

    code: Code
    name: Names
    least: Score


class AllocationRule(Entry, frozen=True):
    """What communities of a `type` get of a `kind` in a year: `each`, and `per_thousand` households."""

    kind: Code
    type: Code
    each: Count
    per_thousand: Count = 0


class DemonstrationAssessments(Entry, frozen=True):
    """Every organisation of the kind `organisations` was assessed for a year, with scores in a range."""

    organisations: Code
    year: Year
    scores: Range
    assessed_on: date


class DemonstrationAllocation(Entry, frozen=True):
    """The communities were given, of a kind and for a year, what the rules say."""

    kind: Code
    year: Year
    allocated_on: date
