"""Checks the demonstration: that the city it describes can be generated and imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.practices.checks.by_type import check_by_type
from deploy.practices.checks.care import check_care
from deploy.practices.checks.careers import check_careers
from deploy.practices.checks.faults import template_faults
from deploy.practices.checks.places import check_places
from deploy.practices.checks.property import check_property
from deploy.practices.checks.registers import check_registers
from deploy.practices.checks.service_systems import check_service_systems
from deploy.practices.checks.ties import check_ties
from deploy.practices.checks.training import check_training
from services.org.domain.levels import Level

if TYPE_CHECKING:
    from datetime import date

    from deploy.practices.checks.faults import Faults
    from deploy.practices.located import Key
    from deploy.practices.model import DemonstrationDuty, DemonstrationStations, DemonstrationTeams, Practice

_AT = "demonstration"


class _Checker:
    def __init__(self, practice: Practice, faults: Faults) -> None:
        self._practice = practice
        self._wanted = practice.demonstration
        self._faults = faults
        self._titles = {title.code: title for title in practice.duty_titles}
        self._sizes = _sizes(practice)

    def check(self) -> None:
        self._check_regions()
        for index in range(len(self._wanted.organisations)):
            self._check_organisation(index)
        for index, duty in enumerate(self._wanted.duties):
            self._check_duty(duty, (_AT, "duties", index))
        for index, teams in enumerate(self._wanted.teams):
            self._check_teams(teams, (_AT, "teams", index))
        for index, stations in enumerate(self._wanted.stations):
            self._check_stations(stations, (_AT, "stations", index))
        self._check_muster()
        check_by_type(self._practice, self._faults)
        check_careers(self._practice, self._sizes, self._faults)
        check_training(self._practice, self._sizes, self._faults)
        check_registers(self._practice, self._sizes, self._faults)
        check_care(self._practice, self._sizes, self._faults)
        check_ties(self._practice, self._faults)
        check_property(self._practice, self._sizes, self._faults)
        check_service_systems(self._practice, self._faults)
        check_places(self._practice, self._faults)

    def _check_regions(self) -> None:
        regions, faults, at = self._wanted.regions, self._faults, (_AT, "regions")
        known = {place.code for place in self._practice.region.subdistricts}
        for index, group in enumerate(regions.communities):
            path = (*at, "communities", index, "subdistrict")
            faults.unless(group.subdistrict in known, f"{group.subdistrict} is not one of the subdistricts", *path)
        listed = [group.subdistrict for group in regions.communities]
        faults.repeated(listed, "subdistrict", *at, "communities", key="subdistrict")
        for below, above in (("grids", "communities"), ("buildings", "grids"), ("units", "buildings")):
            few, many = self._sizes[_LEVEL_OF[above]], getattr(regions, below)
            faults.unless(many >= few, f"{many} {below} cannot be shared among {few} {above}", *at, below)
        earliest = self._practice.region.since
        faults.unless(regions.since >= earliest, f"the regions above exist only from {earliest} on", *at, "since")

    def _check_organisation(self, index: int) -> None:
        wanted, path = self._wanted.organisations[index], (_AT, "organisations", index)
        self._know("organisation", wanted.kind, *path, "kind")
        self._check_period(wanted.established_from, wanted.established_to, "established", path)
        fillable = {"region"} if wanted.count is None else {"region", "number"}
        self._check_template(wanted.name, fillable, *path, "name")
        founded = {one.kind: Level[one.level] for one in self._wanted.organisations[:index]}
        if wanted.parent is not None:
            above = founded.get(wanted.parent)
            fits = above is not None and above.value <= Level[wanted.level].value
            message = f"`{wanted.parent}` is not founded before it, at this level or above"
            self._faults.unless(fits, message, *path, "parent")
        if wanted.covers:
            fits = Level[wanted.level].value >= Level.COMMUNITY.value
            self._faults.unless(fits, "only communities and what is below have compounds", *path, "level")
            there = bool(self._wanted.compounds)
            self._faults.unless(there, "there are no compounds to cover", *path, "covers")
        if wanted.joins is not None:
            alliances = {kind.code for kind in self._practice.kinds.organisation if kind.alliance}
            message = f"`{wanted.joins}` is not a kind of alliance here"
            self._faults.unless(wanted.joins in alliances, message, *path, "joins")
            level = founded.get(wanted.joins)
            fits = level is not None and level.value <= Level[wanted.level].value
            message = f"`{wanted.joins}` is not founded before it, at this level or above"
            self._faults.unless(fits, message, *path, "joins")

    def _check_duty(self, wanted: DemonstrationDuty, path: tuple[Key, ...]) -> None:
        title = self._titles.get(wanted.title)
        if title is None:
            self._faults.add(f"`{wanted.title}` is not a duty title here", *path, "title")
            return
        if title.level is None:
            self._faults.add(f"`{wanted.title}` has no level, so it cannot be given out by region", *path, "title")
            return
        add = self._faults.add
        places = self._sizes[title.level]
        if wanted.vacancies + wanted.former > places:
            key = "vacancies" if wanted.vacancies else "former"
            add(f"there are only {places} regions of level {title.level}", *path, key)
        if title.most is not None and wanted.total is not None and wanted.total > title.most * places:
            add(f"at most {title.most} hold `{title.code}` in each of {places} regions", *path, "total")
        if wanted.also is not None and wanted.also not in self._titles:
            add(f"`{wanted.also}` is not a duty title here", *path, "also")
        if title.most is not None and wanted.each > title.most:
            add(f"at most {title.most} hold `{title.code}` in one region", *path, "each")
        if title.party_member and "NONE" in wanted.party:
            add(f"`{title.code}` is for party members", *path, "party")
        if wanted.pairings is not None:
            units = {
                one.units for one in self._wanted.pairings if (one.kind, one.level) == (wanted.pairings, title.level)
            }
            fits = title.organisation_kind in units
            self._faults.unless(fits, f"no units of its kind are paired so at level {title.level}", *path, "pairings")
        kind = title.organisation_kind
        if wanted.each_organisation:
            there = {one.level for one in self._wanted.organisations if one.kind == kind}
            message = f"no organisations of its kind are founded at level {title.level} alone"
            self._faults.unless(there == {title.level}, message, *path, "each_organisation")
        founded = [Level[one.level] for one in self._wanted.organisations if one.kind == kind]
        if kind and not any(level.value <= Level[title.level].value for level in founded):
            add(f"`{title.code}` is held in a {kind}, which is not founded there", *path, "title")
        self._check_period(wanted.since_from, wanted.since_to, "since", path)

    def _check_teams(self, wanted: DemonstrationTeams, path: tuple[Key, ...]) -> None:
        self._know("team", wanted.kind, *path, "kind")
        self._faults.unless(wanted.members >= wanted.teams, "a team has at least one member", *path, "members")
        for index, name in enumerate(wanted.names):
            self._check_template(name, {"region"}, *path, "names", index)
        self._check_period(wanted.since_from, wanted.since_to, "since", path)

    def _check_stations(self, wanted: DemonstrationStations, path: tuple[Key, ...]) -> None:
        self._know("station", wanted.kind, *path, "kind")
        self._check_template(wanted.name, {"region", "number"}, *path, "name")
        types = {one.code for one in self._practice.community_types}
        for type_ in wanted.functions_by_type:
            known = type_ in types
            self._faults.unless(
                known, f"`{type_}` is not a type of communities here", *path, "functions_by_type", type_
            )
        self._check_period(wanted.opened_from, wanted.opened_to, "opened", path)

    def _check_muster(self) -> None:
        muster = self._wanted.muster
        if muster is None:
            return
        add, at = self._faults.add, (_AT, "muster")
        given = {duty.title for duty in self._wanted.duties}
        formed = {teams.kind for teams in self._wanted.teams}
        for index, source in enumerate(muster.sources):
            path = (*at, "sources", index)
            if [source.title, source.team, source.count].count(None) != 2:  # noqa: PLR2004 (two of three are absent)
                add("say one of `title`, `team` and `count`", *path)
            if source.title is not None and source.title not in given:
                add(f"nobody is given the duty `{source.title}`", *path, "title")
            if source.team is not None and source.team not in formed:
                add(f"no team of the kind `{source.team}` is formed", *path, "team")
        groups = {group.code for group in self._practice.muster_groups}
        if not groups:
            add("there are no muster groups to muster into", *at)
        for code in muster.weights:
            self._faults.unless(code in groups, f"`{code}` is not a muster group here", *at, "weights", code)
        self._faults.unless(muster.since <= self._wanted.date, "it is after the demonstration's date", *at, "since")

    def _know(self, category: str, kind: str, *path: Key) -> None:
        known = {one.code for one in getattr(self._practice.kinds, category)}
        self._faults.unless(kind in known, f"`{kind}` is not a kind of {category} here", *path)

    def _check_period(self, first: date, last: date, prefix: str, path: tuple[Key, ...]) -> None:
        """Check that days are drawn from a span that is in order, while the regions exist and before the date."""
        earliest, latest = self._wanted.regions.since, self._wanted.date
        at = (*path, f"{prefix}_from")
        self._faults.unless(first >= earliest, f"the regions exist only from {earliest} on", *at)
        self._faults.unless(first <= last, f"it begins ({first}) after it ends ({last})", *at)
        self._faults.unless(last <= latest, f"it ends after the date {latest}", *path, f"{prefix}_to")

    def _check_template(self, text: str, known: set[str], *path: Key) -> None:
        for message in template_faults(text, known):
            self._faults.add(message, *path)


_LEVEL_OF = {"communities": "COMMUNITY", "grids": "GRID", "buildings": "BUILDING"}


def _sizes(practice: Practice) -> dict[str, int]:
    """Return how many regions of each level there will be."""
    regions = practice.demonstration.regions
    return {
        "CITY": 1,
        "DISTRICT": 1,
        "SUBDISTRICT": len(practice.region.subdistricts),
        "COMMUNITY": sum(group.count for group in regions.communities),
        "GRID": regions.grids,
        "BUILDING": regions.buildings,
        "UNIT": regions.units,
    }


def check_demonstration(practice: Practice, faults: Faults) -> None:
    """Check the demonstration section, except for its tickets."""
    _Checker(practice, faults).check()
