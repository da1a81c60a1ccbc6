"""Parts of a practice file: who looks after buildings, whom branches recommend, what partner units do."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Count, Entry, Positive, Range, Text

Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class DemonstrationContacts(Entry, frozen=True):
    """Every member who checked in at a building looks after it, or a household of it, by a kind of contact.

    With `title` it is instead every holder of that title, who looks after where they hold it. `pairings` is the kind by
    which units took on the areas; `visited_percent` of the contacts have one visit from `visited_from` to `visited_to`,
    every tenth of which has one of the `findings`. Of these, as many as there are tickets of the process `handled_by`
    in their grid and time found what one of them handles, a few days before it.
    """

    kind: Code
    visited_from: date
    visited_to: date
    pairings: Code | None = None
    title: Code | None = None
    households: bool = False
    visited_percent: Percent = 0
    findings: list[Text] = msgspec.field(default_factory=list)
    handled_by: Code | None = None


class RecommendationRule(Entry, frozen=True):
    """How a branch recommends holders of a `title`.

    At least `turnout_percent` of its members vote, somebody gets more than `agree_percent` of the ballots, and all of
    it is done within `days`.
    """

    title: Code
    turnout_percent: Percent
    agree_percent: Annotated[int, msgspec.Meta(ge=0, le=99)]
    days: Annotated[int, msgspec.Meta(ge=1, le=366)]


class DemonstrationRecommendations(Entry, frozen=True):
    """The first `count` holders of a `title` were recommended by the `branches` of their grids before they began.

    `electors` members of each branch had a vote, and most of them voted.
    """

    title: Code
    branches: Code
    count: Positive
    electors: Annotated[int, msgspec.Meta(ge=3, le=1000)]


class FilingRule(Entry, frozen=True):
    """A `title` that the subdistrict nominates for, and that is given within `days` of the district's filing alone."""

    title: Code
    days: Annotated[int, msgspec.Meta(ge=1, le=366)]


class DemonstrationFilings(Entry, frozen=True):
    """All who hold a `title` were filed before they began; of its posts, some have another nomination.

    `waiting` of these await their review and `returned` were returned, with one of the `reasons`. Who is nominated
    holds the title `candidates` in the same community; nobody of them was nominated after `latest`. `grounds` are what
    speaks for people, in turn.
    """

    title: Code
    candidates: Code
    latest: date
    grounds: Annotated[list[Text], msgspec.Meta(min_length=1)]
    waiting: Count = 0
    returned: Count = 0
    reasons: list[Text] = msgspec.field(default_factory=list)


class ContributionRule(Entry, frozen=True):
    """What contributions of a `kind` count for: `points` for every full `per` of a year, and `most` of them at most."""

    kind: Code
    per: Positive
    points: Positive
    most: Positive


class PairingRule(Entry, frozen=True):
    """How many problems of a compound, from and to, a unit paired by a `kind` helps to settle in a year."""

    kind: Code
    problems: Range


class DemonstrationContribution(Entry, frozen=True):
    """A contribution of a `kind`, with an amount in a range."""

    kind: Code
    amount: Range
    note: Text | None = None


class DemonstrationPartnerWork(Entry, frozen=True):
    """What units paired by the kind `pairings` did from one day to another.

    Each unit made one of the `contributions` in turn, and took on one of the `problems` in turn, as a need on the list
    of its community, for each compound that it looks after; `settled_percent` of these are settled.
    """

    pairings: Code
    done_from: date
    done_to: date
    contributions: list[DemonstrationContribution] = msgspec.field(default_factory=list)
    problems: list[Text] = msgspec.field(default_factory=list)
    settled_percent: Percent = 100
