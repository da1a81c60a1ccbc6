"""The demonstration's organisations, people and duties; nobody in it exists."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID  # noqa: TC003

from msgspec.structs import replace

from deploy.practices.generate.source import day_between
from services.org.domain.codes import ancestors_of
from services.org.domain.levels import Level
from services.org.domain.people import Education, PartyStatus
from services.org.domain.records import DutyRecord, OrganisationRecord, PersonRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from random import Random

    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import DemonstrationAges, DemonstrationDuty, DutyTitle, Practice
    from deploy.practices.model_registers import DemonstrationPairing
    from services.org.domain.records import CheckInRecord, RegionRecord, TeamMemberRecord

    _Standing = DutyRecord | TeamMemberRecord | CheckInRecord

_YOUNGEST, _OLDEST = 23, 59
_HIGHER = (Education.COLLEGE, Education.COLLEGE, Education.UNIVERSITY, Education.POSTGRADUATE)
_FORMER_DAYS = (200, 500)
"""How long somebody held a duty who has handed it over."""


class Seated(NamedTuple):
    """Who answers for an organisation where a region lies, and in which period."""

    person: UUID
    region_code: str
    valid_from: date
    valid_to: date | None


@dataclass(slots=True)
class Staff:
    """Organisations, people and duties, and who holds what for those who build on them."""

    organisations: list[OrganisationRecord] = field(default_factory=list)
    people: list[PersonRecord] = field(default_factory=list)
    duties: list[DutyRecord] = field(default_factory=list)
    holders: dict[tuple[str, str], list[DutyRecord]] = field(default_factory=lambda: defaultdict(list))
    """Duties, present and former, by title and region code."""
    members: dict[tuple[str, str], list[TeamMemberRecord | CheckInRecord]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Members of teams, leaders first, and who checked in, by what tickets call their post and by region code."""
    assigned: list[tuple[str, UUID, Seated]] = field(default_factory=list)
    """Who checked in and belongs to a branch: what tickets call their post, and the branch."""
    by_place: dict[tuple[str, str], OrganisationRecord] = field(default_factory=dict)
    """Organisations by kind and region code."""
    _sitting: dict[tuple[str, UUID], list[Seated]] | None = None
    _kinds: dict[str, list[OrganisationRecord]] = field(default_factory=dict)

    def holder_at(self, title: str, code: str, day: date) -> UUID | None:
        """Return who holds `title` in the region `code` on `day`, leads a team or checked in there; None: nobody."""
        there: list[DutyRecord | TeamMemberRecord | CheckInRecord] = [
            *self.holders[title, code],
            *self.members[title, code],
        ]
        held = (one for one in there if one.valid_from <= day)
        return next((one.person for one in held if one.valid_to is None or day < one.valid_to), None)

    def organisation_at(self, kind: str, code: str) -> OrganisationRecord | None:
        """Return the organisation of `kind` in the region `code` or the nearest one above it."""
        codes = [code, *reversed(ancestors_of(code))]
        return next((self.by_place[kind, one] for one in codes if (kind, one) in self.by_place), None)

    def organisations_above(self, kind: str, code: str) -> list[OrganisationRecord]:
        """Return the organisations of `kind` in the region `code` and in those above it."""
        codes = {code, *ancestors_of(code)}
        return [one for one in self._of_kind(kind) if one.region_code in codes]

    def sits_in(self, title: str, organisation: UUID, code: str, day: date) -> UUID | None:
        """Return who holds `title` for an organisation on `day` where the region `code` lies; None: nobody."""
        if self._sitting is None:
            self._sitting = defaultdict(list)
            for duty in self.duties:
                if duty.organisation is not None:
                    seated = Seated(duty.person, duty.region_code, duty.valid_from, duty.valid_to)
                    self._sitting[duty.title, duty.organisation].append(seated)
            for post, branch, seated in self.assigned:
                self._sitting[post, branch].append(seated)
        there = (one for one in self._sitting[title, organisation] if code.startswith(one.region_code))
        held = (one for one in there if one.valid_from <= day)
        return next((one.person for one in held if one.valid_to is None or day < one.valid_to), None)

    def _of_kind(self, kind: str) -> list[OrganisationRecord]:
        if kind not in self._kinds:
            self._kinds[kind] = [one for one in self.organisations if one.kind == kind]
        return self._kinds[kind]


class _Builder:
    def __init__(self, practice: Practice, source: Source, tree: RegionTree) -> None:
        self._practice = practice
        self._source = source
        self._name = source.names("staff")
        self._tree = tree
        self._titles = {title.code: title for title in practice.duty_titles}
        self._staff = Staff()

    def build(self) -> Staff:
        self._found_organisations()
        for wanted in self._practice.demonstration.duties:
            self._appoint(wanted)
        return self._staff

    def _found_organisations(self) -> None:
        for wanted in self._practice.demonstration.organisations:
            random = self._source.random(f"organisations/{wanted.kind}")
            for region, number in _shared(self._tree.at(wanted.level), wanted.count, random):
                parent = self._staff.organisation_at(wanted.parent, region.code) if wanted.parent else None
                numbered = () if number == 1 else (number,)
                record = OrganisationRecord(
                    id=self._source.id("organisation", wanted.kind, region.code, *numbered),
                    kind=wanted.kind,
                    name=wanted.name.format(region=region.name, number=number),
                    region_code=region.code,
                    established_on=day_between(random, wanted.established_from, wanted.established_to),
                    parent=parent.id if parent else None,
                )
                self._staff.by_place.setdefault((wanted.kind, region.code), record)
                self._staff.organisations.append(record)

    def _appoint(self, wanted: DemonstrationDuty) -> None:
        title = self._titles[wanted.title]
        regions = self._tree.at(title.level or "DISTRICT")
        random = self._source.random(f"duties/{wanted.title}")
        changed = {region.code for region in random.sample(regions, wanted.former + wanted.vacancies)}
        vacant = set(random.sample(sorted(changed), wanted.vacancies))
        parties = cycle(PartyStatus(each) for each in wanted.party)
        open_regions = [region for region in regions if region.code not in vacant]
        places = _shared(open_regions, wanted.total or wanted.each * len(open_regions), random)
        appointed = [
            self._take_up(wanted, title, region, number, next(parties), random, unit)
            for region, number, unit in self._units(wanted, title) or ((*place, None) for place in places)
        ]
        if wanted.ages:
            self._give_ages([duty.person for duty in appointed], wanted.ages, random)
        for duty in appointed:
            if duty.region_code in changed:
                self._add_former(duty, next(parties), random)
        self._staff.duties += self._paired(appointed) if wanted.pairs else appointed

    def _units(
        self, wanted: DemonstrationDuty, title: DutyTitle
    ) -> list[tuple[RegionRecord, int, OrganisationRecord | None]]:
        """Return the organisations of each of which one holds a title, with the region and the number there."""
        found: list[tuple[RegionRecord, int, OrganisationRecord | None]] = []
        numbers: dict[str, int] = defaultdict(int)
        for region, unit in self._each_unit(wanted, title):
            numbers[region.code] += 1
            found.append((region, numbers[region.code], unit))
        return found

    def _each_unit(
        self, wanted: DemonstrationDuty, title: DutyTitle
    ) -> Iterator[tuple[RegionRecord, OrganisationRecord]]:
        """Yield the units that are paired by the wanted kind where they are, or all organisations of the title's."""
        for kind in self._practice.demonstration.pairings:
            if kind.kind == wanted.pairings:
                yield from hooked(kind, self._tree, self._staff.organisations)
        if wanted.each_organisation:
            regions = {region.code: region for region in self._tree.at(title.level or "DISTRICT")}
            for one in self._staff.organisations:
                if one.kind == title.organisation_kind:
                    yield regions[one.region_code], one

    def _take_up(
        self,
        wanted: DemonstrationDuty,
        title: DutyTitle,
        region: RegionRecord,
        number: int,
        party: PartyStatus,
        random: Random,
        unit: OrganisationRecord | None = None,
    ) -> DutyRecord:
        organisation = unit or (
            self._staff.organisation_at(title.organisation_kind, region.code) if title.organisation_kind else None
        )
        founded = organisation.established_on if organisation else wanted.since_from
        duty = DutyRecord(
            id=self._source.id("duty", title.code, region.code, number),
            person=self._holder_of(wanted, region.code)
            or self._new_person((title.code, region.code, number), region.code, party),
            title=title.code,
            region_code=region.code,
            valid_from=max(day_between(random, wanted.since_from, wanted.since_to), founded),
            organisation=organisation.id if organisation else None,
        )
        self._staff.holders[title.code, region.code].append(duty)
        return duty

    def _holder_of(self, wanted: DemonstrationDuty, code: str) -> UUID | None:
        """Return who holds there the title that goes together with the wanted one; None when none does."""
        if wanted.also is None:
            return None
        held = self._staff.holders[wanted.also, code]
        return next((one.person for one in held if one.valid_to is None), None)

    def _give_ages(self, people: list[UUID], wanted: DemonstrationAges, random: Random) -> None:
        """Give people years of birth of the wanted mean, and education in the wanted share."""
        ages = ages_of(len(people), wanted.mean, random)
        college = round(len(people) * wanted.college_percent / 100)
        this_year = self._practice.demonstration.date.year
        given = {
            person: (this_year - age, random.choice(_HIGHER) if number < college else Education.SECONDARY)
            for number, (person, age) in enumerate(zip(people, ages, strict=True))
        }
        for index, person in enumerate(self._staff.people):
            if person.id in given:
                birth_year, education = given[person.id]
                self._staff.people[index] = replace(person, birth_year=birth_year, education=education)

    def _add_former(self, duty: DutyRecord, party: PartyStatus, random: Random) -> None:
        """Add somebody who held `duty` before and handed it over on its first day."""
        earliest = self._practice.demonstration.regions.since
        organisation = next((one for one in self._staff.organisations if one.id == duty.organisation), None)
        if organisation:
            earliest = organisation.established_on
        began = max(earliest, duty.valid_from - timedelta(days=random.randint(*_FORMER_DAYS)))
        if began >= duty.valid_from:
            return
        former = DutyRecord(
            id=self._source.id("duty", duty.title, duty.region_code, "former"),
            person=self._new_person((duty.title, duty.region_code, "former"), duty.region_code, party),
            title=duty.title,
            region_code=duty.region_code,
            valid_from=began,
            valid_to=duty.valid_from,
            organisation=duty.organisation,
        )
        self._staff.duties.append(former)
        self._staff.holders[duty.title, duty.region_code].append(former)

    def _new_person(self, key: tuple[object, ...], code: str, party: PartyStatus) -> UUID:
        person = PersonRecord(self._source.id("person", *key), self._name(), code, party)
        self._staff.people.append(person)
        return person.id

    def _paired(self, duties: list[DutyRecord]) -> list[DutyRecord]:
        """Return the duties with one in-service member and one other of each grid paired, as far as they go."""
        status = {person.id: person.party_status for person in self._staff.people}
        by_grid: dict[str, list[DutyRecord]] = defaultdict(list)
        for duty in duties:
            by_grid[duty.region_code[: Level.GRID.code_length]].append(duty)
        partner: dict[UUID, UUID] = {}
        for group in by_grid.values():
            in_service = [duty.id for duty in group if status[duty.person] is PartyStatus.IN_SERVICE]
            others = [duty.id for duty in group if status[duty.person] is not PartyStatus.IN_SERVICE]
            partner |= dict(zip(in_service, others, strict=False))
        return [replace(duty, paired_with=partner.get(duty.id)) for duty in duties]


def hooked(
    wanted: DemonstrationPairing, tree: RegionTree, organisations: Iterable[OrganisationRecord]
) -> Iterator[tuple[RegionRecord, OrganisationRecord]]:
    """Yield the regions and units of the wanted pairings: each unit in turn to the next region."""
    units = [one for one in organisations if one.kind == wanted.units]
    return zip(islice(cycle(tree.at(wanted.level)), wanted.count), cycle(units), strict=False)


def _shared(regions: list[RegionRecord], count: int | None, random: Random) -> list[tuple[RegionRecord, int]]:
    """Return regions with numbers from 1, `count` together: as evenly as can be, or one in each without a count."""
    rounds, rest = (1, 0) if count is None else divmod(count, len(regions))
    more = {region.code for region in random.sample(regions, rest)} if rest else set()
    return [(region, number) for region in regions for number in range(1, rounds + (region.code in more) + 1)]


def ages_of(count: int, mean: float, random: Random) -> list[int]:
    """Return `count` ages of working people whose mean is `mean` as nearly as whole years allow."""
    ages = [random.randint(_YOUNGEST, _OLDEST) for _ in range(count)]
    missing = round(mean * count) - sum(ages)
    while missing:
        index, step = random.randrange(count), 1 if missing > 0 else -1
        if _YOUNGEST <= ages[index] + step <= _OLDEST:
            ages[index] += step
            missing -= step
    return ages


def build_staff(practice: Practice, source: Source, tree: RegionTree) -> Staff:
    """Return the demonstration's organisations, people and duties."""
    return _Builder(practice, source, tree).build()
