"""The demonstration's compounds, committees and property companies; no such company exists."""

from __future__ import annotations

from collections import defaultdict
from itertools import cycle
from typing import TYPE_CHECKING

from stdnum.cn import uscc

from deploy.practices.generate.service_systems import make_service_systems
from deploy.practices.generate.source import day_between
from deploy.practices.generate.whereabouts import Whereabouts
from services.property.domain.records import (
    CommitteeRecord,
    CompanyRecord,
    CompanyStaffRecord,
    CompoundRecord,
    LackRecord,
    MemberRecord,
    RedRuleRecord,
)
from services.property.domain.seats import Capacity, Office

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from random import Random
    from uuid import UUID

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from deploy.practices.model_property import (
        DemonstrationCommittees,
        DemonstrationCompanies,
        DemonstrationCompounds,
    )
    from services.property.domain.records import Record

_COMMUNITY_DIGITS = 12


def make_property(practice: Practice, source: Source, tree: RegionTree, staff: Staff) -> Iterator[Record]:
    """Yield what property imports."""
    if practice.red_rule:
        yield RedRuleRecord(practice.red_rule)
    compounds = list(compounds_of(practice, source, tree))
    yield from (compound for compound, _ in compounds)
    yield from (lack for compound, wanted in compounds for lack in _lacks(source, compound, wanted))
    yield from make_service_systems(practice, source, tree, staff, [compound for compound, _ in compounds])
    builder = _Builder(source, staff)
    free = iter([compound for compound, _ in compounds])
    for wanted in practice.demonstration.committees:
        yield from builder.committees(wanted, free)
    (district,) = tree.at("DISTRICT")
    yield from builder.companies(practice.demonstration.property_companies, district.id, district.code)


def _lacks(source: Source, compound: CompoundRecord, wanted: DemonstrationCompounds) -> Iterator[LackRecord]:
    """Yield what a compound lacks, if it lacks anything: all three, or property service alone."""
    cause = wanted.three_no or wanted.no_service
    if cause is not None:
        yield LackRecord(
            id=source.id("lack", compound.id),
            compound_id=compound.id,
            no_unit=wanted.three_no is not None,
            no_security=wanted.three_no is not None,
            cause=cause,
            registered_on=compound.registered_on,
            solution=wanted.solution,
            responsible=wanted.responsible,
        )


def compounds_of(
    practice: Practice, source: Source, tree: RegionTree
) -> Iterator[tuple[CompoundRecord, DemonstrationCompounds]]:
    """Yield compounds, one community after the other, with what of the demonstration they come from."""
    communities = cycle(tree.at("COMMUNITY"))
    random, beside = source.random("compounds"), source.random("compounds/places")
    whereabouts = Whereabouts(source, practice.demonstration.regions.centre)
    numbers: dict[str, int] = defaultdict(int)
    for wanted in practice.demonstration.compounds:
        for number in range(1, wanted.count + 1):
            region = next(communities)
            numbers[region.code] += 1
            latitude, longitude = whereabouts.beside(region.code, beside)
            ways = (wanted.care, wanted.solution) if wanted.solution else (wanted.care,)
            compound = CompoundRecord(
                id=source.id("compound", wanted.kind, *ways, number),
                name=f"{region.name}第{numbers[region.code]}小区",
                kind=wanted.kind,
                region_id=region.id,
                region_code=region.code,
                registered_on=day_between(random, wanted.registered_from, wanted.registered_to),
                care=wanted.care,
                latitude=latitude,
                longitude=longitude,
            )
            yield compound, wanted


class _Pool:
    """People or organisations of one kind, each given out once: those of a community first."""

    def __init__(self, found: list[tuple[str, UUID]]) -> None:
        self._left = dict.fromkeys(id_ for _, id_ in found)
        self._by_community: dict[str, list[UUID]] = defaultdict(list)
        for code, id_ in found:
            self._by_community[code[:_COMMUNITY_DIGITS]].append(id_)

    def take(self, code: str) -> UUID:
        """Give out one of the community of a code while there are, else any other. Raises StopIteration."""
        here = (id_ for id_ in self._by_community[code[:_COMMUNITY_DIGITS]] if id_ in self._left)
        taken = next(here, None) or next(iter(self._left))
        del self._left[taken]
        return taken


class _Builder:
    """Makes committees and companies; who leads one leads no other."""

    def __init__(self, source: Source, staff: Staff) -> None:
        self._source = source
        self._names = {person.id: person.name for person in staff.people}
        self._stranger: Callable[[], str] = source.names("committees")
        self._staff = staff
        self._pools: dict[tuple[str, str], _Pool] = {}

    def _holders(self, title: str) -> _Pool:
        held = ((one.region_code, one.person) for one in self._staff.duties if one.title == title and not one.valid_to)
        return self._pools.setdefault(("title", title), _Pool(list(held)))

    def _organisations(self, kind: str) -> _Pool:
        founded = ((one.region_code, one.id) for one in self._staff.organisations if one.kind == kind)
        return self._pools.setdefault(("organisation", kind), _Pool(list(founded)))

    def committees(self, wanted: DemonstrationCommittees, free: Iterator[CompoundRecord]) -> Iterator[CommitteeRecord]:
        """Yield the committees, in the next compounds that have none."""
        random = self._source.random(f"committees/{wanted.form}/{wanted.elected_from}")
        holders = self._holders(wanted.chair) if wanted.chair else None
        organisations = self._organisations(wanted.organisation) if wanted.organisation else None
        sizes = odd_sizes(wanted.members, wanted.count)
        party, public = even(wanted.party_members, sizes), even(wanted.public_employees, sizes)
        for number, size in enumerate(sizes):
            compound = next(free)
            chair = holders.take(compound.region_code) if holders else None
            elected_on = _elected_on(random, wanted, compound)
            yield CommitteeRecord(
                id=self._source.id("committee", compound.id),
                compound_id=compound.id,
                form=wanted.form,
                seats=size,
                elected_on=elected_on,
                organisation_id=organisations.take(compound.region_code) if organisations else None,
                members=tuple(self._member(at, chair, party[number], size - public[number]) for at in range(size)),
            )

    def _member(self, at: int, chair: UUID | None, party: int, others: int) -> MemberRecord:
        person = chair if at == 0 else None
        return MemberRecord(
            name=self._names[person] if person else self._stranger(),
            capacity=Capacity.OWNER,
            office=Office.MEMBER if at else Office.CHAIR,
            is_party_member=at < party or person is not None,
            is_public_employee=at >= others,
            person_id=person,
        )

    def companies(
        self, wanted: list[DemonstrationCompanies], region_id: UUID, code: str
    ) -> Iterator[CompanyRecord | CompanyStaffRecord]:
        """Yield the companies of the district, with made-up credit codes whose check characters hold, and who leads."""
        random, serial = self._source.random("property companies"), 0
        for one in wanted:
            holders = self._holders(one.manager) if one.manager else None
            for number in range(1, one.count + 1):
                serial += 1
                body = f"91{code}MA{serial:07}"
                company = CompanyRecord(
                    id=self._source.id("property company", serial),
                    name=one.name.format(number=number),
                    credit_code=body + uscc.calc_check_digit(body),
                    region_id=region_id,
                    region_code=code,
                    registered_on=day_between(random, one.registered_from, one.registered_to),
                    has_party_branch=one.party_branch,
                )
                yield company
                if holders:
                    yield CompanyStaffRecord(
                        id=self._source.id("company staff", serial),
                        company_id=company.id,
                        person_id=holders.take(code),
                        valid_from=company.registered_on,
                    )


def _elected_on(random: Random, wanted: DemonstrationCommittees, compound: CompoundRecord) -> date:
    """Return a day of election, not before the compound was registered."""
    return max(compound.registered_on, day_between(random, wanted.elected_from, wanted.elected_to))


def odd_sizes(members: int, count: int) -> list[int]:
    """Share members among committees so that each has an odd number; there are an odd number for each, and pairs."""
    pairs, more = divmod((members - count) // 2, count)
    return [2 * (pairs + (number < more)) + 1 for number in range(count)]


def even(total: int, sizes: list[int]) -> list[int]:
    """Share `total` among committees as evenly as their sizes allow; `total` is at most the sum of these."""
    shares = [0] * len(sizes)
    while total:
        for number, size in enumerate(sizes):
            if total and shares[number] < size:
                shares[number] += 1
                total -= 1
    return shares
