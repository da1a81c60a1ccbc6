"""The demonstration's registers: types and counts, distinctions, partner units, members who checked in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain, cycle, islice, repeat
from typing import TYPE_CHECKING

from deploy.practices.generate.by_type import make_allocations, make_assessments, types_of_communities
from deploy.practices.generate.covering import make_coverings
from deploy.practices.generate.funds import make_funds
from deploy.practices.generate.people import Seated, hooked
from deploy.practices.generate.property import compounds_of
from deploy.practices.generate.reserve import make_drills, make_reserve
from deploy.practices.generate.source import day_between
from deploy.practices.generate.ties import make_contacts, make_filings, make_partner_work, make_recommendations
from services.org.domain.people import PartyStatus
from services.org.domain.records import (
    AllianceMemberRecord,
    AllocationRecord,
    AssessmentRecord,
    CallUpRecord,
    CensusRecord,
    CheckInAssignmentRecord,
    CheckInRecord,
    CommunityProfileRecord,
    ContactRecord,
    ContributionRecord,
    DistinctionRecord,
    FundRecord,
    JointProblemRecord,
    ListItemRecord,
    PairingRecord,
    PersonRecord,
    RecommendationRecord,
    ReservistRecord,
    VisitRecord,
)
from services.org.domain.tie_records import CoveringRecord, DutyFilingRecord
from services.tickets.domain.process_words import MEMBER, checked_in_post

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice

RegisterRecord = (
    FundRecord
    | CommunityProfileRecord
    | CensusRecord
    | DistinctionRecord
    | PairingRecord
    | CheckInRecord
    | AllianceMemberRecord
    | CoveringRecord
    | CheckInAssignmentRecord
    | ListItemRecord
    | AssessmentRecord
    | AllocationRecord
    | ReservistRecord
    | CallUpRecord
    | ContactRecord
    | RecommendationRecord
    | DutyFilingRecord
    | ContributionRecord
    | JointProblemRecord
    | VisitRecord
)


@dataclass(slots=True)
class Registers:
    """The records, and the people whom they add."""

    people: list[PersonRecord] = field(default_factory=list)
    records: list[RegisterRecord] = field(default_factory=list)


class _Builder:
    def __init__(self, practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> None:
        self._practice = practice
        self._wanted = practice.demonstration
        self._source = source
        self._tree = tree
        self._staff = staff
        self._people: list[PersonRecord] = []

    def build(self) -> Registers:
        profiles, censuses = list(self._profiles()), list(self._censuses())
        check_ins, pairings = list(self._check_ins()), list(self._pairings())
        partner_work = list(make_partner_work(self._practice, self._source, pairings))
        reserve = list(make_reserve(self._practice, self._source, self._staff, check_ins))
        contributions = [one for one in partner_work if isinstance(one, ContributionRecord)]
        records: list[RegisterRecord] = [
            *profiles,
            *censuses,
            *self._distinctions(),
            *pairings,
            *check_ins,
            *self._alliances(),
            *make_coverings(self._practice, self._source, self._tree, self._staff),
            *self._assignments(check_ins),
            *make_contacts(self._practice, self._source, self._staff, pairings, check_ins),
            *make_recommendations(self._practice, self._source, self._staff),
            *make_filings(self._practice, self._source, self._staff),
            *partner_work,
            *reserve,
            *make_drills(self._practice, self._source, reserve),
            *make_funds(self._practice, self._source, self._staff),
            *self._lists(),
            *make_assessments(self._practice, self._source, self._staff, pairings, contributions),
            *make_allocations(self._practice, self._source, profiles, censuses),
        ]
        return Registers(self._people, records)

    def _profiles(self) -> Iterator[CommunityProfileRecord]:
        for region, type_ in types_of_communities(self._practice, self._source, self._tree):
            yield CommunityProfileRecord(
                self._source.id("community profile", region.code), region.code, type_, region.valid_from
            )

    def _censuses(self) -> Iterator[CensusRecord]:
        if self._wanted.census is None:
            return
        random, wanted = self._source.random("census"), self._wanted.census
        for region in self._tree.at("GRID"):
            households = random.randint(*wanted.households)
            fewest, most = (each * households for each in wanted.residents_each)
            yield CensusRecord(
                self._source.id("census", region.code),
                region.code,
                households,
                random.randint(fewest, most),
                max(region.valid_from, wanted.counted_on),
            )

    def _distinctions(self) -> Iterator[DistinctionRecord]:
        for wanted in self._wanted.distinctions:
            random = self._source.random(f"distinctions/{wanted.kind}")
            for region in random.sample(self._tree.at(wanted.level), wanted.count):
                day = day_between(random, wanted.since_from, wanted.since_to)
                person = self._staff.holder_at(wanted.title, region.code, day) if wanted.title else None
                yield DistinctionRecord(
                    id=self._source.id("distinction", wanted.kind, region.code),
                    kind=wanted.kind,
                    region_code=region.code,
                    valid_from=day,
                    person=person,
                    reason=wanted.reason,
                )

    def _pairings(self) -> Iterator[PairingRecord]:
        for wanted in self._wanted.pairings:
            random = self._source.random(f"pairings/{wanted.kind}")
            projects = cycle(wanted.projects or [None])
            compounds = self._compounds() if wanted.compounds else {}
            paired = hooked(wanted, self._tree, self._staff.organisations)
            for number, ((region, unit), project) in enumerate(zip(paired, projects, strict=False)):
                there = compounds.get(region.code, ())
                yield PairingRecord(
                    id=self._source.id("pairing", wanted.kind, number),
                    kind=wanted.kind,
                    organisation=unit.id,
                    region_code=region.code,
                    valid_from=max(unit.established_on, day_between(random, wanted.since_from, wanted.since_to)),
                    project=project,
                    compounds=tuple(islice(there, wanted.compounds)),
                )

    def _compounds(self) -> dict[str, Iterator[UUID]]:
        """Return the compounds of each community, round and round, so that in the end each is looked after."""
        found: dict[str, list[UUID]] = defaultdict(list)
        for compound, _ in compounds_of(self._practice, self._source, self._tree):
            found[compound.region_code].append(compound.id)
        return {code: cycle(ids) for code, ids in found.items()}

    def _lists(self) -> Iterator[ListItemRecord]:
        random = self._source.random("lists")
        for region in self._tree.at("COMMUNITY"):
            for wanted in self._wanted.lists:
                since = day_between(random, wanted.since_from, wanted.since_to)
                is_settled = wanted.result is not None and random.randrange(100) < wanted.settled_percent
                yield ListItemRecord(
                    id=self._source.id("list item", region.code, wanted.name),
                    list=wanted.of,
                    region_code=region.code,
                    title=wanted.title,
                    valid_from=since,
                    kind=wanted.kind,
                    leads_to=tuple(self._source.id("list item", region.code, target) for target in wanted.leads_to),
                    result=wanted.result if is_settled else None,
                    settled_on=day_between(random, since, self._wanted.date) if is_settled else None,
                )

    def _check_ins(self) -> Iterator[CheckInRecord]:
        name = self._source.names("check-ins")
        used: set[str] = set()
        for entry, wanted in enumerate(self._wanted.check_ins):
            who = wanted.group or wanted.level
            # A second entry of the same people is apart from the first.
            key = ("check-in", who, *((f"entry {entry}",) if who in used else ()))
            used.add(who)
            random = self._source.random("/".join(("check-ins", *key[1:])))
            status = PartyStatus.NONE if wanted.group else PartyStatus.IN_SERVICE
            for number, region in enumerate(islice(cycle(self._tree.at(wanted.level)), wanted.count)):
                person = self._source.id("person", *key, number)
                self._people.append(PersonRecord(person, name(), region.code, status))
                day = day_between(random, wanted.since_from, wanted.since_to)
                made = CheckInRecord(self._source.id(*key, number), person, region.code, day, group=wanted.group)
                self._staff.members[checked_in_post(wanted.group or MEMBER), region.code].append(made)
                yield made

    def _alliances(self) -> Iterator[AllianceMemberRecord]:
        """Yield which organisations belong to an alliance."""
        joins = {one.kind: one.joins for one in self._wanted.organisations if one.joins}
        for one in self._staff.organisations:
            alliance = self._staff.organisation_at(joins[one.kind], one.region_code) if one.kind in joins else None
            if alliance is not None:
                since = max(one.established_on, alliance.established_on)
                yield AllianceMemberRecord(self._source.id("alliance", one.id), alliance.id, one.id, since)

    def _assignments(self, check_ins: Sequence[CheckInRecord]) -> Iterator[CheckInAssignmentRecord]:
        """Yield to which branch and post who checked in is assigned; `check_ins` are in the order of what is wanted."""
        wanted = chain.from_iterable(repeat(one, one.count) for one in self._wanted.check_ins)
        for number, (one, check_in) in enumerate(zip(wanted, check_ins, strict=True)):
            branch = self._staff.organisation_at(one.branch, check_in.region_code) if one.branch else None
            post = one.posts[number % len(one.posts)] if one.posts else None
            if branch is None and post is None:
                continue
            since = max(check_in.valid_from, branch.established_on) if branch else check_in.valid_from
            if branch is not None:
                seated = Seated(check_in.person, check_in.region_code, since, check_in.valid_to)
                self._staff.assigned.append((checked_in_post(MEMBER), branch.id, seated))
            yield CheckInAssignmentRecord(
                id=self._source.id("check-in assignment", check_in.id),
                check_in=check_in.id,
                valid_from=since,
                organisation=branch.id if branch else None,
                post=post,
            )


def build_registers(practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> Registers:
    """Return the demonstration's registers."""
    return _Builder(practice, source, tree, staff).build()
