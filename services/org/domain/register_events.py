"""What org publishes of the registers of regions: types, distinctions, pairings, check-ins."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    CensusId,
    CheckInGroup,
    CheckInId,
    CommunityType,
    DistinctionId,
    DistinguishedPerson,
    EmployerId,
    HookedCompounds,
    Households,
    Kind,
    OrganisationId,
    PairingId,
    PersonId,
    PlannedValidTo,
    ProfileId,
    Project,
    RegionCode,
    RegionId,
    Residents,
    ValidFrom,
    ValidTo,
)


class CommunityClassified(Event, entity="community", fact="classified"):
    """社区分类: a community is of a type from a day on; it is no longer of the one it was of before.

    When: a community is classified, for the first time or anew.

    For: whoever plans or measures by type of community.
    """

    profile_id: ProfileId
    type: CommunityType
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class DistinctionAwarded(Event, entity="distinction", fact="awarded"):
    """评选命名: a region, or a person there, holds a distinction from a day on.

    When: a model community, building or person is chosen.

    For: directories of models, and who publishes them.
    """

    distinction_id: DistinctionId
    kind: Kind
    person_id: DistinguishedPerson
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class DistinctionEnded(Event, entity="distinction", fact="ended"):
    """取消命名: a distinction is no longer held.

    When: a distinction is taken back or runs out.

    For: directories of models, and who publishes them.
    """

    distinction_id: DistinctionId
    kind: Kind
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class PairingBegun(Event, entity="pairing", fact="begun"):
    """共建结对: a partner unit is hooked to a region.

    When: a unit is paired with a community, grid or building, or takes on an area.

    For: partner units, and who counts their part.
    """

    pairing_id: PairingId
    kind: Kind
    organisation_id: OrganisationId
    project: Project
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class PairingHooked(Event, entity="pairing", fact="hooked"):
    """挂钩小区: a partner unit looks after these compounds of the region, and no others.

    When: somebody says which compounds, or others than before.

    For: partner units, and the compounds' own people.
    """

    pairing_id: PairingId
    organisation_id: OrganisationId
    compounds: HookedCompounds
    region_id: RegionId
    region_code: RegionCode


class PairingEnded(Event, entity="pairing", fact="ended"):
    """结对结束: a partner unit is no longer hooked to a region.

    When: a pairing ends.

    For: partner units, and who counts their part.
    """

    pairing_id: PairingId
    kind: Kind
    organisation_id: OrganisationId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class CheckInBegun(Event, entity="check_in", fact="begun"):
    """党员报到: an in-service member, or somebody of a group of new employment, reports where they live.

    When: a member checks in.

    For: whoever calls on members for service.
    """

    check_in_id: CheckInId
    person_id: PersonId
    unit_id: EmployerId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None
    group: CheckInGroup = None


class CheckInHandedOver(Event, entity="check_in", fact="handed_over"):
    """报到单位变更: who checked in works for another unit, which theirs was merged into.

    When: the organisation that they work for is merged into this one.

    For: whoever calls on members for service.
    """

    check_in_id: CheckInId
    person_id: PersonId
    unit_id: EmployerId
    region_id: RegionId
    region_code: RegionCode


class CheckInEnded(Event, entity="check_in", fact="ended"):
    """报到结束: a member no longer serves there.

    When: a member moves away or leaves service.

    For: whoever calls on members for service.
    """

    check_in_id: CheckInId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class CensusRecorded(Event, entity="census", fact="recorded"):
    """网格人口户数: so many households and people live in a grid from a day on.

    When: a grid is counted, for the first time or anew.

    For: whoever plans by the size of grids.
    """

    census_id: CensusId
    households: Households
    residents: Residents
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


REGISTER_EVENTS: tuple[type[Event], ...] = (
    CommunityClassified,
    DistinctionAwarded,
    DistinctionEnded,
    PairingBegun,
    PairingHooked,
    PairingEnded,
    CheckInBegun,
    CheckInHandedOver,
    CheckInEnded,
    CensusRecorded,
)
"""The events of this module."""
