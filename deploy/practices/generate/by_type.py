"""How the demonstration's organisations were assessed, and what its communities were given by their types."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain, repeat
from typing import TYPE_CHECKING

from services.org.domain.assessment import CountedFrom
from services.org.domain.codes import ancestors_of
from services.org.domain.partners import ContributionRule, score
from services.org.domain.records import AllocationRecord, AssessmentRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.regions import RegionTree
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from services.org.domain.records import (
        CensusRecord,
        CommunityProfileRecord,
        ContributionRecord,
        PairingRecord,
        RegionRecord,
    )

_COMMUNITY_DIGITS = 12


def types_of_communities(practice: Practice, source: Source, tree: RegionTree) -> Iterator[tuple[RegionRecord, str]]:
    """Yield communities with their types: as many of each as the demonstration says, in which of them drawn by lot."""
    types = chain.from_iterable(repeat(one.type, one.count) for one in practice.demonstration.community_types)
    communities = list(tree.at("COMMUNITY"))
    source.random("community types").shuffle(communities)
    yield from zip(communities, types, strict=False)


def make_assessments(
    practice: Practice,
    source: Source,
    staff: Staff,
    pairings: Sequence[PairingRecord],
    contributions: Sequence[ContributionRecord],
) -> Iterator[AssessmentRecord]:
    """Yield the assessments: every capacity scored, in the range that the practice says, or counted by its rules."""
    rules = [ContributionRule(one.kind, one.per, one.points, one.most) for one in practice.contribution_rules]
    counted = {one.code: one.contributions for one in practice.capacities if one.contributions}
    for wanted in practice.demonstration.assessments:
        amounts = _amounts(pairings, contributions, wanted.year) if counted else {}
        random = source.random(f"assessments/{wanted.year}")
        for one in staff.organisations:
            if one.kind == wanted.organisations:
                here = amounts.get(one.region_code, {})
                by_unit = {unit: score(kinds, rules) for unit, kinds in here.items()}
                points = {CountedFrom.UNIT: by_unit.get(one.id, 0), CountedFrom.REGION: sum(by_unit.values())}
                yield AssessmentRecord(
                    id=source.id("assessment", one.id, wanted.year),
                    organisation=one.id,
                    region_code=one.region_code,
                    year=wanted.year,
                    scores={
                        capacity.code: random.randint(*wanted.scores)
                        for capacity in practice.capacities
                        if capacity.code not in counted
                    },
                    assessed_on=wanted.assessed_on,
                    points={code: points[rule.of] for code, rule in counted.items()},
                )


def _amounts(
    pairings: Sequence[PairingRecord], contributions: Sequence[ContributionRecord], year: int
) -> dict[str, dict[UUID, Counter[str]]]:
    """Return what each unit did in a year, by kind, in each region and in those above it."""
    paired = {one.id: one for one in pairings}
    found: dict[str, dict[UUID, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for one in contributions:
        pairing = paired[one.pairing]
        if one.on.year == year:
            for code in (pairing.region_code, *ancestors_of(pairing.region_code)):
                found[code][pairing.organisation][one.kind] += one.amount
    return found


def make_allocations(
    practice: Practice,
    source: Source,
    profiles: Sequence[CommunityProfileRecord],
    censuses: Sequence[CensusRecord],
) -> Iterator[AllocationRecord]:
    """Yield what each community with a type was given, with the rule of its type and the households of its grids."""
    households: Counter[str] = Counter()
    for census in censuses:
        households[census.region_code[:_COMMUNITY_DIGITS]] += census.households
    rules = {(rule.kind, rule.type): rule for rule in practice.allocation_rules}
    for wanted in practice.demonstration.allocations:
        for profile in profiles:
            rule = rules.get((wanted.kind, profile.type))
            if rule is not None:
                yield AllocationRecord(
                    id=source.id("allocation", wanted.kind, wanted.year, profile.region_code),
                    kind=wanted.kind,
                    region_code=profile.region_code,
                    year=wanted.year,
                    type=profile.type,
                    each=rule.each,
                    per_thousand=rule.per_thousand,
                    households=households[profile.region_code],
                    allocated_on=wanted.allocated_on,
                )
