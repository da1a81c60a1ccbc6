"""The demonstration's activities: what was held, by whom, and how many took part."""

from __future__ import annotations

from collections import defaultdict
from itertools import cycle, islice
from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between, spread
from services.org.domain.activity_records import ActivityRecord
from services.org.domain.levels import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random
    from uuid import UUID

    from deploy.practices.generate.communities import Life
    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from deploy.practices.model_places import DemonstrationActivities
    from services.org.domain.records import CommunityProfileRecord

_COMMUNITY_DIGITS = Level.COMMUNITY.code_length


class _Builder:
    def __init__(self, source: Source, staff: Staff, life: Life, profiles: Iterable[CommunityProfileRecord]) -> None:
        self._source = source
        self._holders: dict[tuple[str, str], UUID] = {}
        for organisation in staff.organisations:
            self._holders.setdefault((organisation.kind, organisation.region_code), organisation.id)
        self._teams: dict[tuple[str, str], UUID] = {}
        for team in life.teams:
            self._teams.setdefault((team.kind, team.region_code), team.id)
        self._of_type: dict[str, list[str]] = defaultdict(list)
        self._type_of = {profile.region_code: profile.type for profile in profiles}
        for code, type_ in self._type_of.items():
            self._of_type[type_].append(code)

    def make(self, wanted: DemonstrationActivities, codes: Sequence[str]) -> Iterator[ActivityRecord]:
        random = self._source.random(f"activities/{wanted.kind}/{wanted.level}")
        shares = spread(wanted.participants, wanted.count, random)
        titles = cycle(wanted.titles)
        for number, code in enumerate(islice(cycle(codes), wanted.count)):
            yield ActivityRecord(
                id=self._source.id("activity", wanted.kind, wanted.level, number),
                kind=wanted.kind,
                title=next(titles),
                region_code=code,
                on=day_between(random, wanted.held_from, wanted.held_to),
                starts_at=wanted.starts_at,
                organisation=self._holders.get((wanted.organisation, code)) if wanted.organisation else None,
                team=self._teams.get((wanted.team, code)) if wanted.team else None,
                participants=shares[number],
                teams=tuple(self._teams[kind, code] for kind in wanted.teams if (kind, code) in self._teams),
                communities=self._others(code, wanted.communities, random),
                result=wanted.result,
            )

    def _others(self, code: str, count: int, random: Random) -> tuple[str, ...]:
        """Return other communities of the type of the one that it is held in."""
        here = code[:_COMMUNITY_DIGITS]
        alike = [one for one in self._of_type[self._type_of.get(here, "")] if one != here] if count else []
        return tuple(sorted(random.sample(alike, min(count, len(alike)))))


def make_activities(
    practice: Practice,
    source: Source,
    tree: RegionTree,
    staff: Staff,
    life: Life,
    profiles: Iterable[CommunityProfileRecord],
) -> list[ActivityRecord]:
    """Return the demonstration's activities."""
    builder = _Builder(source, staff, life, profiles)
    made: list[ActivityRecord] = []
    for wanted in practice.demonstration.activities:
        made += builder.make(wanted, [region.code for region in tree.at(wanted.level)])
    return made
