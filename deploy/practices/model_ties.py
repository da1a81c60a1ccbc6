"""Parts of a practice file about who looks after buildings and households, and whom branches recommend."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Entry, Positive, Text

Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class DemonstrationContacts(Entry, frozen=True):
    """Every member who checked in at a building looks after it, or a household of it, by a kind of contact.

    `pairings` is the kind by which units took on the areas; `visited_percent` of the contacts have one visit from
    `visited_from` to `visited_to`, every tenth of which has one of the `findings`.
    """

    kind: Code
    pairings: Code
    visited_from: date
    visited_to: date
    households: bool = False
    visited_percent: Percent = 0
    findings: list[Text] = msgspec.field(default_factory=list)


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
