"""Parts of a practice file that say what is held at places."""

from __future__ import annotations

from datetime import date, time  # noqa: TC003 (msgspec reads annotations at run time)
from typing import Annotated

import msgspec

from deploy.practices.model_base import Code, Count, Entry, LevelName, Positive, Text


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
