"""Checks what the demonstration holds at places."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Key
    from deploy.practices.model import Practice
    from deploy.practices.model_places import DemonstrationActivities

_AT = "demonstration"


def check_places(practice: Practice, faults: Faults) -> None:
    """Check that what is held is of a kind that is known here, by somebody who is there, in days that can be."""
    for index, wanted in enumerate(practice.demonstration.activities):
        _check_activities(practice, wanted, faults, _AT, "activities", index)


def _check_activities(practice: Practice, wanted: DemonstrationActivities, faults: Faults, *path: Key) -> None:
    demonstration = practice.demonstration
    kinds = {kind.code: kind for kind in practice.kinds.activity}
    known = wanted.kind in kinds
    faults.unless(known, f"`{wanted.kind}` is not a kind of activity here", *path, "kind")
    enough = wanted.participants == 0 or wanted.participants >= wanted.count
    faults.unless(enough, "fewer take part than there are activities", *path, "participants")
    first, last = wanted.held_from, wanted.held_to
    earliest, latest = demonstration.regions.since, demonstration.date
    faults.unless(first >= earliest, f"the regions exist only from {earliest} on", *path, "held_from")
    faults.unless(first <= last, f"it begins ({first}) after it ends ({last})", *path, "held_from")
    faults.unless(last <= latest, f"it ends after the date {latest}", *path, "held_to")
    founded = {(one.kind, one.level) for one in demonstration.organisations}
    if wanted.organisation is not None:
        there = (wanted.organisation, wanted.level) in founded
        faults.unless(there, f"no {wanted.organisation} is founded at that level", *path, "organisation")
    formed = {(one.kind, one.level) for one in demonstration.teams}
    for key, kind in (("team", wanted.team), *(("teams", kind) for kind in wanted.teams)):
        if kind is not None:
            faults.unless((kind, wanted.level) in formed, f"no {kind} is formed at that level", *path, key)
    if known and kinds[wanted.kind].same_type:
        exchanged = wanted.communities > 0 and bool(demonstration.community_types)
        faults.unless(exchanged, f"`{wanted.kind}` joins communities of one type: say how many", *path, "communities")
