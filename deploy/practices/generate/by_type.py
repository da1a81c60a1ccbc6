"""How the demonstration's organisations were assessed, and what its communities were given by their types."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from services.org.domain.records import AllocationRecord, AssessmentRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from services.org.domain.records import CensusRecord, CommunityProfileRecord

_COMMUNITY_DIGITS = 12


def make_assessments(practice: Practice, source: Source, staff: Staff) -> Iterator[AssessmentRecord]:
    """Yield the assessments: every capacity scored, in the range that the practice says."""
    for wanted in practice.demonstration.assessments:
        random = source.random(f"assessments/{wanted.year}")
        for one in staff.organisations:
            if one.kind == wanted.organisations:
                yield AssessmentRecord(
                    id=source.id("assessment", one.id, wanted.year),
                    organisation=one.id,
                    region_code=one.region_code,
                    year=wanted.year,
                    scores={capacity.code: random.randint(*wanted.scores) for capacity in practice.capacities},
                    assessed_on=wanted.assessed_on,
                )


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
