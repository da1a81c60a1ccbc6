"""Checks what the demonstration says of emergencies, and of people who need particular help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.domain.special_needs import LONGEST_KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.practices.checks.faults import Faults
    from deploy.practices.model import Practice

_AT = "demonstration"


def check_care(practice: Practice, sizes: Mapping[str, int], faults: Faults) -> None:
    """Add what is wrong with emergencies and special needs."""
    _check_emergencies(practice, sizes["COMMUNITY"], faults)
    kinds = {kind.code for kind in practice.kinds.special_need}
    for index, one in enumerate(practice.demonstration.special_needs):
        path = (_AT, "special_needs", index)
        faults.unless(one.kind in kinds, f"`{one.kind}` is not a kind of special need here", *path, "kind")
        in_order = one.since_from <= one.since_to < practice.demonstration.date
        faults.unless(in_order, "the days must be in order, and before the date", *path, "since_to")
        ahead = practice.demonstration.date - one.since_from
        kept = ahead.days < one.kept_days <= LONGEST_KEPT.days
        faults.unless(kept, "records must be kept beyond the date, and three years at most", *path, "kept_days")


def _check_emergencies(practice: Practice, communities: int, faults: Faults) -> None:
    wanted, last = practice.demonstration.emergencies, None
    for one in sorted(wanted, key=lambda one: one.begun_at.replace(tzinfo=None)):
        path = (_AT, "emergencies", wanted.index(one))
        faults.unless(bool(practice.muster_groups), "there are no groups to muster in", *path, "begun_at")
        enough = one.communities <= communities
        faults.unless(enough, f"there are only {communities} communities", *path, "communities")
        is_local = one.begun_at.tzinfo is None and one.ended_at.tzinfo is None
        faults.unless(is_local, "a time of the district is needed, without a zone", *path, "begun_at")
        begun, ended = one.begun_at.replace(tzinfo=None), one.ended_at.replace(tzinfo=None)
        in_order = begun < ended and (last is None or last < begun)
        faults.unless(in_order, "it must end after it begins, and begin after the one before", *path, "ended_at")
        is_over = ended.date() < practice.demonstration.date
        faults.unless(is_over, "it must be over before the date", *path, "ended_at")
        last = ended
