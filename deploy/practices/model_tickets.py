"""Parts of a practice file that say what tickets the demonstration has."""

from __future__ import annotations

from typing import Literal

import msgspec

from deploy.practices.model_base import Code, Count, Entry, Positive, Text

OtherParty = Literal["OWNERS_COMMITTEE", "PROPERTY_COMPANY"]
"""Who can be heard at a session beside branch and residents."""


class DemonstrationDeliverable(Entry, frozen=True):
    """`total` of a kind of deliverables, spread evenly over tickets of a `category`, at most so many `tickets`."""

    kind: Code
    total: Positive
    category: Code | None = None
    tickets: Positive | None = None


class DemonstrationTickets(Entry, frozen=True):
    """Tickets of one process, in the year up to the date.

    `carried_through` come to the first end whose outcome is done; of these, `returned` are sent back once on the way,
    `late` leave one step after its deadline, and `reopened` come back after a bad evaluation. `refused` and `withdrawn`
    come beside them, and `open_at_each_step` are under way at the date. `matters` is the file of what they are about;
    `responsible` the kind of organisation that is named to carry things out, `invited` the kinds of which one each is
    invited to answer. `deliverables` is what those that are carried through deliver together. Of those that were
    refused by an item of entry control so many were reported as `burdens`; about half of these have their answer.
    """

    process: Code
    carried_through: Count
    matters: Text
    returned: Count = 0
    late: Count = 0
    reopened: Count = 0
    refused: Count = 0
    withdrawn: Count = 0
    open_at_each_step: Count = 0
    responsible: Code | None = None
    invited: list[Code] = msgspec.field(default_factory=list)
    parties: dict[OtherParty, Code] = msgspec.field(default_factory=dict)
    """Who else is heard at the sessions that tickets rest on, beside branch and residents: holders of which title."""
    categories: dict[Code, Positive] = msgspec.field(default_factory=dict)
    """How many of those that are carried through are of each category; by weight of the matters where it says none."""
    deliverables: list[DemonstrationDeliverable] = msgspec.field(default_factory=list)
    burdens: Count = 0


class DemonstrationFamilies(Entry, frozen=True):
    """Matters of communities of a `type` that the `teams` did their parts of, by categories of the task.

    `count` are done, `open` wait for the teams at the date; each is in a community of its own.
    """

    type: Code
    teams: list[Code]
    count: Positive
    open: Count = 0


class DemonstrationJointWork(Entry, frozen=True):
    """Matters of a `process` that are divided among teams, a child ticket of the process `task` for each.

    `matters` is the file of what they are about: by type of community, and of each part by the category of the task.
    """

    process: Code
    task: Code
    matters: Text
    families: list[DemonstrationFamilies]
