"""The demonstration's past emergencies: which communities went over to emergency, and back."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from services.org.domain.muster import Mode
from services.org.domain.periods import ZONE
from services.org.domain.records import ModeSwitchRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.model import Practice
    from services.org.domain.records import MusterRecord


def make_emergencies(
    practice: Practice, tree: RegionTree, musters: Sequence[MusterRecord]
) -> Iterator[ModeSwitchRecord]:
    """Yield the switches, those of each community in order of time."""
    for wanted in sorted(practice.demonstration.emergencies, key=lambda one: one.begun_at):
        for region in islice(tree.at("COMMUNITY"), wanted.communities):
            for mode, reason, at in (
                (Mode.EMERGENCY, wanted.why, wanted.begun_at),
                (Mode.PEACETIME, wanted.over, wanted.ended_at),
            ):
                yield ModeSwitchRecord(
                    region_code=region.code,
                    mode=mode,
                    reason=reason,
                    switched_at=at.replace(tzinfo=ZONE),
                    mustered=_counted(practice, musters, region.code, at.date()),
                )


def _counted(practice: Practice, musters: Sequence[MusterRecord], code: str, day: date) -> dict[str, int]:
    """Return how many people had a place in each group of a community on a day, in the order of the groups."""
    counts = {group.code: 0 for group in practice.muster_groups}
    for one in musters:
        if one.region_code == code and one.valid_from <= day:
            counts[one.group] += 1
    return counts
