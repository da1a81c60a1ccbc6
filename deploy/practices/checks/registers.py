"""Checks the demonstration's registers: types of communities, distinctions, pairings, check-ins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.org.domain.lists import HAVE_RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.practices.checks.faults import Faults
    from deploy.practices.model import Practice

_AT = "demonstration"
_ALL = 100
"""Per cent."""


def check_registers(practice: Practice, sizes: Mapping[str, int], faults: Faults) -> None:
    """Check that what the registers name is known here, and that there are regions enough; `sizes` are by level."""
    wanted = practice.demonstration
    types = {one.code for one in practice.community_types}
    for index, profile in enumerate(wanted.community_types):
        faults.unless(
            profile.type in types,
            f"`{profile.type}` is not a type of community here",
            *(_AT, "community_types", index, "type"),
        )
    if sum(profile.count for profile in wanted.community_types) > sizes["COMMUNITY"]:
        faults.add(f"there are only {sizes['COMMUNITY']} communities", _AT, "community_types")
    distinctions = {kind.code for kind in practice.kinds.distinction}
    for index, distinction in enumerate(wanted.distinctions):
        path = (_AT, "distinctions", index)
        known = distinction.kind in distinctions
        faults.unless(known, f"`{distinction.kind}` is not a kind of distinction here", *path, "kind")
        places = sizes[distinction.level]
        faults.unless(distinction.count <= places, f"there are only {places} regions of that level", *path, "count")
    _check_funds(practice, faults)
    _check_lists(practice, faults)
    _check_reserve(practice, faults)
    _check_drills(practice, sizes["COMMUNITY"], faults)
    pairings = {kind.code for kind in practice.kinds.pairing}
    founded = {one.kind for one in wanted.organisations}
    for index, pairing in enumerate(wanted.pairings):
        path = (_AT, "pairings", index)
        faults.unless(pairing.kind in pairings, f"`{pairing.kind}` is not a kind of pairing here", *path, "kind")
        faults.unless(pairing.units in founded, f"no {pairing.units} is founded", *path, "units")


def _check_funds(practice: Practice, faults: Faults) -> None:
    sources = {kind.code for kind in practice.kinds.fund}
    for index, fund in enumerate(practice.demonstration.funds):
        path = (_AT, "funds", index)
        known = fund.source in sources
        faults.unless(known, f"`{fund.source}` is not a kind of fund here", *path, "source")
        in_all = 0
        for number, line in enumerate(fund.spent):
            at = (*path, "spent", number)
            least, most = line.percent
            in_all += most
            faults.unless(
                in_all <= _ALL, f"up to {in_all} per cent would be spent of what was paid out", *at, "percent"
            )
            faults.unless(0 < least <= most, "a range of per cents is needed, from 1", *at, "percent")
            in_order = fund.paid_on <= line.on_from <= line.on_to <= practice.demonstration.date
            faults.unless(in_order, "spent from a day on which it was paid out to a later one, before the date", *at)


def _check_reserve(practice: Practice, faults: Faults) -> None:
    sources = {kind.code for kind in practice.kinds.reserve}
    faults.repeated([one.source for one in practice.reserve_rules], "reserve rule", "reserve_rules", key="source")
    for index, rule in enumerate(practice.reserve_rules):
        known = rule.source in sources
        faults.unless(known, f"`{rule.source}` is not a kind of reserve here", "reserve_rules", index, "source")
    held = {duty.title for duty in practice.demonstration.duties}
    for index, wanted in enumerate(practice.demonstration.reserve):
        path = (_AT, "reserve", index)
        known = wanted.source in sources
        faults.unless(known, f"`{wanted.source}` is not a kind of reserve here", *path, "source")
        given = wanted.title is None or wanted.title in held
        faults.unless(given, f"nobody is given the duty `{wanted.title}`", *path, "title")


def _check_drills(practice: Practice, communities: int, faults: Faults) -> None:
    reserve = practice.demonstration.reserve
    for index, drill in enumerate(practice.demonstration.drills):
        path = (_AT, "drills", index)
        enough = drill.communities <= communities
        faults.unless(enough, f"there are only {communities} communities", *path, "communities")
        there = any(one.since <= drill.called_at.date() for one in reserve)
        faults.unless(there, "nobody is in reserve by then", *path, "called_at")
        is_local = drill.called_at.tzinfo is None
        faults.unless(is_local, "a time of the district is needed, without a zone", *path, "called_at")
        excused = bool(drill.excuses) == bool(drill.excused_percent)
        faults.unless(excused, "who is excused has an excuse, and nobody else", *path, "excused_percent")
        is_over = (drill.called_at + timedelta(hours=drill.hours)).date() < practice.demonstration.date
        faults.unless(is_over, "it must be over before the date", *path, "called_at")


def _check_lists(practice: Practice, faults: Faults) -> None:
    lists = practice.demonstration.lists
    places = {one.name: one for one in lists}
    faults.repeated([one.name for one in lists], "thing on a list", _AT, "lists", key="name")
    for index, one in enumerate(lists):
        path = (_AT, "lists", index)
        kinds = {kind.code for kind in getattr(practice.kinds, one.of.category)}
        known = one.kind in kinds if kinds else one.kind is None
        faults.unless(known, f"`{one.kind}` is not a kind of {one.of.category} here", *path, "kind")
        for target in one.leads_to:
            faults.unless(target in places, f"`{target}` is on no list here", *path, "leads_to")
        if one.result is not None:
            faults.unless(one.of in HAVE_RESULTS, "only services and tasks have results", *path, "result")
