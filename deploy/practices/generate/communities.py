"""The demonstration's teams, stations and muster: how people are organised where they live."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003

from deploy.practices.generate.by_type import types_of_communities
from deploy.practices.generate.source import day_between, spread
from deploy.practices.generate.whereabouts import Whereabouts
from services.org.domain.levels import Level
from services.org.domain.people import PartyStatus
from services.org.domain.records import MusterRecord, PersonRecord, StationRecord, TeamMemberRecord, TeamRecord
from services.tickets.domain.process_words import team_post

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import DemonstrationStations, DemonstrationTeams, MusterSource, Practice
    from services.org.domain.records import RegionRecord

_MEMBERS_IN_PARTY = 0.2
"""The share of volunteers who are party members."""


@dataclass(slots=True)
class Life:
    """Teams with their members, stations, musters, and the people whom they add."""

    people: list[PersonRecord] = field(default_factory=list)
    teams: list[TeamRecord] = field(default_factory=list)
    members: list[TeamMemberRecord] = field(default_factory=list)
    stations: list[StationRecord] = field(default_factory=list)
    musters: list[MusterRecord] = field(default_factory=list)


class _Builder:
    def __init__(self, practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> None:
        self._practice = practice
        self._source = source
        self._name = source.names("communities")
        self._tree = tree
        self._staff = staff
        self._life = Life()
        self._whereabouts = Whereabouts(source, practice.demonstration.regions.centre)
        types = types_of_communities(practice, source, tree)
        self._types = {region.code: type_ for region, type_ in types}
        self._of_team_kind: dict[str, list[tuple[UUID, str]]] = {}

    def build(self) -> Life:
        for teams in self._practice.demonstration.teams:
            self._form_teams(teams)
        for stations in self._practice.demonstration.stations:
            self._open_stations(stations)
        self._muster()
        return self._life

    def _form_teams(self, wanted: DemonstrationTeams) -> None:
        random = self._source.random(f"teams/{wanted.kind}")
        regions = self._tree.at(wanted.level)
        sizes = iter(spread(wanted.members, wanted.teams, random, least=8))
        found = self._of_team_kind.setdefault(wanted.kind, [])
        for region, share in zip(regions, spread(wanted.teams, len(regions), random), strict=True):
            for number in range(1, share + 1):
                name = wanted.names[(number - 1) % len(wanted.names)].format(region=region.name)
                team = TeamRecord(
                    id=self._source.id("team", wanted.kind, region.code, number),
                    kind=wanted.kind,
                    name=name if number <= len(wanted.names) else f"{name}{number}队",
                    region_code=region.code,
                    formed_on=day_between(random, wanted.since_from, wanted.since_to),
                )
                self._life.teams.append(team)
                found += self._join(team, next(sizes), random, self._in_duty(wanted.titles, region.code))

    def _in_duty(self, titles: list[str], code: str) -> list[UUID]:
        """Return who holds one of the titles in a region and below, in the order of the titles."""
        if not titles:
            return []
        held = [one for one in self._staff.duties if one.region_code.startswith(code) and one.valid_to is None]
        return list(dict.fromkeys(one.person for title in titles for one in held if one.title == title))

    def _join(self, team: TeamRecord, size: int, random: Random, in_duty: list[UUID]) -> Iterator[tuple[UUID, str]]:
        for number in range(1, size + 1):
            party = PartyStatus.OTHER if random.random() < _MEMBERS_IN_PARTY else PartyStatus.NONE
            known = in_duty[number - 1] if number <= len(in_duty) else None
            person = known or self._new_person(("member", team.id, number), team.region_code, party)
            member = TeamMemberRecord(team.id, person, team.formed_on, leads=number == 1)
            self._life.members.append(member)
            self._staff.members[team_post(team.kind), team.region_code].append(member)
            yield person, team.region_code

    def _open_stations(self, wanted: DemonstrationStations) -> None:
        random = self._source.random(f"stations/{wanted.kind}")
        beside = self._source.random(f"stations/{wanted.kind}/places")
        for number, region in enumerate(_places(self._tree.at(wanted.level), wanted.count, random), 1):
            latitude, longitude = self._whereabouts.beside(region.code, beside)
            self._life.stations.append(
                StationRecord(
                    id=self._source.id("station", wanted.kind, number),
                    kind=wanted.kind,
                    name=wanted.name.format(region=region.name, number=number),
                    region_code=region.code,
                    opened_on=day_between(random, wanted.opened_from, wanted.opened_to),
                    functions=(*wanted.functions, *self._functions_by_type(wanted, region.code)),
                    latitude=latitude,
                    longitude=longitude,
                )
            )

    def _functions_by_type(self, wanted: DemonstrationStations, code: str) -> list[str]:
        """Return what stations are for beside, in communities of the type of the one in which `code` lies."""
        return wanted.functions_by_type.get(self._types.get(code[: Level.COMMUNITY.code_length], ""), [])

    def _muster(self) -> None:
        wanted = self._practice.demonstration.muster
        if wanted is None:
            return
        random = self._source.random("muster")
        groups = [group.code for group in self._practice.muster_groups]
        weights = [wanted.weights.get(code, 1) for code in groups]
        for source in wanted.sources:
            for person, code in self._mustered(source, random):
                record = MusterRecord(
                    id=self._source.id("muster", person),
                    person=person,
                    group=random.choices(groups, weights)[0],
                    region_code=code[: Level.COMMUNITY.code_length],
                    valid_from=wanted.since,
                    post=source.post,
                )
                self._life.musters.append(record)

    def _mustered(self, source: MusterSource, random: Random) -> Iterator[tuple[UUID, str]]:
        """Yield the people of one source and where they are."""
        if source.title:
            for duty in self._staff.duties:
                if duty.title == source.title and duty.valid_to is None:
                    yield duty.person, duty.region_code
        if source.team:
            yield from self._of_team_kind[source.team]
        for number in range(1, (source.count or 0) + 1):
            community = random.choice(self._tree.at("COMMUNITY"))
            key = ("mustered", source.post, number)
            yield self._new_person(key, community.code, random.choice(list(PartyStatus))), community.code

    def _new_person(self, key: tuple[object, ...], code: str, party: PartyStatus) -> UUID:
        person = PersonRecord(self._source.id("person", *key), self._name(), code, party)
        self._life.people.append(person)
        return person.id


def _places(regions: list[RegionRecord], count: int, random: Random) -> list[RegionRecord]:
    """Return where `count` stations stand: in different regions while there are enough."""
    rounds, rest = divmod(count, len(regions))
    chosen = regions * rounds + random.sample(regions, rest)
    return sorted(chosen, key=lambda region: region.code)


def build_life(practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> Life:
    """Return the demonstration's teams, stations and musters."""
    return _Builder(practice, source, tree, staff).build()
