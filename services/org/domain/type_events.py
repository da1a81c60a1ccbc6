"""What org publishes of how communities are assessed and what they are given by type."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AllocatedAmount,
    AllocationId,
    AssessedLevel,
    AssessedYear,
    AssessmentId,
    CommunityType,
    CountedCapacities,
    Kind,
    OrganisationId,
    RegionCode,
    RegionId,
    ResultHundredths,
)


class OrganisationAssessed(Event, entity="assessment", fact="made"):
    """六力评估: an organisation was assessed for a year; a later one of the same year takes its place.

    When: the assessment of a year is entered, or entered anew.

    For: whoever follows how organisations do from year to year.
    """

    assessment_id: AssessmentId
    organisation_id: OrganisationId
    year: AssessedYear
    result: ResultHundredths
    level: AssessedLevel
    region_id: RegionId
    region_code: RegionCode
    counted: CountedCapacities = ()


class AllocationMade(Event, entity="allocation", fact="made"):
    """差异化配置: a community is given so many units of a kind in a year, by the rule of its type.

    When: the rules are applied to the communities of a region.

    For: who hands the money, staff or places out, and who audits it.
    """

    allocation_id: AllocationId
    kind: Kind
    type: CommunityType
    year: AssessedYear
    amount: AllocatedAmount
    region_id: RegionId
    region_code: RegionCode


class AllocationCorrected(Event, entity="allocation", fact="corrected"):
    """配置调整: what a community is given departs from the rule; why is in the graph.

    When: somebody who may decides so, with a reason.

    For: who hands the money, staff or places out, and who audits it.
    """

    allocation_id: AllocationId
    amount: AllocatedAmount
    region_id: RegionId
    region_code: RegionCode


TYPE_EVENTS: tuple[type[Event], ...] = (OrganisationAssessed, AllocationMade, AllocationCorrected)
"""The events of this module."""
