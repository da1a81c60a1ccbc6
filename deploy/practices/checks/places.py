"""Checks what the demonstration holds and offers at places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.domain.services import Way

if TYPE_CHECKING:
    from datetime import date

    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Key
    from deploy.practices.model import Practice
    from deploy.practices.model_places import DemonstrationActivities, DemonstrationServiceItems

_AT = "demonstration"


def check_places(practice: Practice, faults: Faults) -> None:
    """Check that what is held is of a kind that is known here, by somebody who is there, in days that can be."""
    for index, wanted in enumerate(practice.demonstration.activities):
        _check_activities(practice, wanted, faults, _AT, "activities", index)
    for index, items in enumerate(practice.demonstration.service_items):
        _check_items(practice, items, faults, _AT, "service_items", index)
    for index, matters in enumerate(practice.demonstration.authorised_matters):
        path = (_AT, "authorised_matters", index)
        _check_departments(practice, matters.departments, faults, *path, "departments")
        _check_days(practice, (matters.handed_from, matters.handed_to), "handed", faults, *path)
        later = matters.handed_to <= matters.reviewed_on <= practice.demonstration.date
        faults.unless(later, "it is reviewed after it was handed down, and by the date", *path, "reviewed_on")

    _check_models(practice, faults)


def _check_models(practice: Practice, faults: Faults) -> None:
    demonstration = practice.demonstration
    fields = {kind.code for kind in practice.kinds.expertise}
    awarded = {one.kind for one in demonstration.distinctions}
    types = {one.type for one in demonstration.community_types}
    for index, experts in enumerate(demonstration.experts):
        path = (_AT, "experts", index)
        faults.unless(experts.field in fields, f"`{experts.field}` is not a kind of expertise here", *path, "field")
        given = experts.accompany is None or experts.accompany in awarded
        faults.unless(given, f"no {experts.accompany} is awarded", *path, "accompany")
        _check_days(practice, (experts.since_from, experts.since_to), "since", faults, *path)
    for index, method in enumerate(demonstration.methods):
        path = (_AT, "methods", index)
        faults.unless(method.model in awarded, f"no {method.model} is awarded", *path, "model")
        faults.unless(method.type in types, f"no community is of the type `{method.type}`", *path, "type")
        later = method.shared_on <= method.adopted_from
        faults.unless(later, "it is taken up before it is shared", *path, "adopted_from")
        _check_days(practice, (method.adopted_from, method.adopted_to), "adopted", faults, *path)


def _check_activities(practice: Practice, wanted: DemonstrationActivities, faults: Faults, *path: Key) -> None:
    demonstration = practice.demonstration
    _check_days(practice, (wanted.held_from, wanted.held_to), "held", faults, *path)
    kinds = {kind.code: kind for kind in practice.kinds.activity}
    known = wanted.kind in kinds
    faults.unless(known, f"`{wanted.kind}` is not a kind of activity here", *path, "kind")
    enough = wanted.participants == 0 or wanted.participants >= wanted.count
    faults.unless(enough, "fewer take part than there are activities", *path, "participants")
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


def _check_items(practice: Practice, wanted: DemonstrationServiceItems, faults: Faults, *path: Key) -> None:
    _check_departments(practice, wanted.departments, faults, *path, "departments")
    _check_days(practice, (wanted.since_from, wanted.since_to), "since", faults, *path)
    kinds = {kind.code for kind in practice.kinds.station}
    for kind in wanted.station_kinds:
        faults.unless(kind in kinds, f"`{kind}` is not a kind of station here", *path, "station_kinds")
    named = bool(wanted.station_kinds)
    fits = (Way.STATION in wanted.ways) == named and (named or not wanted.functions)
    faults.unless(fits, "what is handled at stations names their kinds, and nothing else does", *path, "ways")


def _check_departments(practice: Practice, kind: str | None, faults: Faults, *path: Key) -> None:
    if kind is not None:
        founded = {one.kind for one in practice.demonstration.organisations}
        faults.unless(kind in founded, f"no {kind} is founded", *path)


def _check_days(practice: Practice, days: tuple[date, date], prefix: str, faults: Faults, *path: Key) -> None:
    """Check that days are drawn from a span that is in order, while the regions exist and before the date."""
    first, last = days
    earliest, latest = practice.demonstration.regions.since, practice.demonstration.date
    faults.unless(first >= earliest, f"the regions exist only from {earliest} on", *path, f"{prefix}_from")
    faults.unless(first <= last, f"it begins ({first}) after it ends ({last})", *path, f"{prefix}_from")
    faults.unless(last <= latest, f"it ends after the date {latest}", *path, f"{prefix}_to")
