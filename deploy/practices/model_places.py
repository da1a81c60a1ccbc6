"""Parts of a practice file that say what is held and offered at places."""

from __future__ import annotations

from datetime import date, time  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Count, Entry, LevelName, Names, Positive, Text
from services.org.domain.services import Way  # noqa: TC001


class ServiceCircle(Entry, frozen=True):
    """A circle within which residents find a station on foot (服务圈), of one of the `station_kinds` or of any."""

    code: Code
    name: Names
    minutes: Annotated[int, msgspec.Meta(ge=1, le=60)]
    station_kinds: list[Code] = msgspec.field(default_factory=list)


class DemonstrationActivities(Entry, frozen=True):
    """`count` activities of a kind, spread over the regions of `level`, with `participants` person-times together.

    They are held by the `organisation` or the `team` of a kind there, if named; `titles` in turn. `teams` are the kinds
    of the teams there that take part beside it, and `communities` how many others of the same type join.
    """

    kind: Code
    level: LevelName
    count: Positive
    titles: Annotated[list[Text], msgspec.Meta(min_length=1)]
    held_from: date
    held_to: date
    participants: Count = 0
    starts_at: time | None = None
    organisation: Code | None = None
    team: Code | None = None
    teams: list[Code] = msgspec.field(default_factory=list)
    communities: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0
    result: Text | None = None


Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]


class DemonstrationServiceItems(Entry, frozen=True):
    """`count` items of service of the district, handled by the same `ways`; `title` may use `{number}`.

    They come from the organisations of the kind `departments` in turn; with the way STATION they are handled at
    stations of `station_kinds`, under one of the `functions` in turn if there are any.
    """

    title: Text
    count: Positive
    ways: Annotated[list[Way], msgspec.Meta(min_length=1)]
    since_from: date
    since_to: date
    departments: Code | None = None
    station_kinds: list[Code] = msgspec.field(default_factory=list)
    functions: list[Text] = msgspec.field(default_factory=list)


class DemonstrationMatters(Entry, frozen=True):
    """Matters by `titles`, each handed to every subdistrict by one of the organisations of the kind `departments`.

    In `trained_percent` the training was done on a day of the period too; `reviewed_on` each was reviewed, and found to
    work in `works_percent`.
    """

    titles: Annotated[list[Text], msgspec.Meta(min_length=1)]
    handed_from: date
    handed_to: date
    reviewed_on: date
    departments: Code | None = None
    trained_percent: Percent = 100
    works_percent: Percent = 100


class DemonstrationExperts(Entry, frozen=True):
    """`count` people on the district's panel of experts for a `field`, each of whom accompanies communities.

    These are communities that hold the distinction `accompany`, one after the other.
    """

    field: Code
    count: Positive
    since_from: date
    since_to: date
    accompany: Code | None = None


class DemonstrationMethod(Entry, frozen=True):
    """A method for communities of a `type`, of the first of that type that holds the distinction `model`.

    The first `adopted` others of that type work by it, from days between `adopted_from` and `adopted_to`.
    """

    title: Text
    type: Code
    model: Code
    shared_on: date
    adopted_from: date
    adopted_to: date
    adopted: Count = 0
    content: Text | None = None
