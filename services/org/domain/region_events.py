"""What org publishes of regions and organisations; `events` has the rest and lists all."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    Code,
    DissolvedOn,
    EstablishedOn,
    Kind,
    KnownDissolvedOn,
    MergedInto,
    MergedIntoCode,
    MergedIntoRegion,
    Name,
    NewCode,
    OrganisationId,
    ParentId,
    ParentOrganisationId,
    PreviousCode,
    PreviousName,
    RegionCode,
    RegionId,
    RegionLevel,
    SplitFrom,
    ValidFrom,
    ValidTo,
)


class RegionEstablished(Event, entity="region", fact="established"):
    """区划设立: a region came into being.

    When: a region is imported or established.

    For: whoever keeps a list or map of regions, or routes by region code.
    """

    region_id: RegionId
    code: Code
    level: RegionLevel
    name: Name
    parent_id: ParentId
    valid_from: ValidFrom


class RegionRenamed(Event, entity="region", fact="renamed"):
    """区划更名: a region has another name.

    When: the new name takes force.

    For: whoever shows names of regions.
    """

    region_id: RegionId
    code: Code
    name: Name
    previous_name: PreviousName
    valid_from: ValidFrom


class RegionRecoded(Event, entity="region", fact="recoded"):
    """区划代码变更: a region has another code, and perhaps another parent; one event for it and each region below.

    What carries the previous code, or a code that starts with it, belongs to the new one from now on.

    When: a reform of divisions (区划调整) gives other codes.

    For: everyone who stores region codes: rewrite them by prefix.
    """

    region_id: RegionId
    code: Code
    previous_code: PreviousCode
    level: RegionLevel
    parent_id: ParentId
    valid_from: ValidFrom


class RegionLeft(Event, entity="region", fact="left"):
    """区划迁出: a region went to another district; told to the one it left, before `recoded` is told to the other.

    When: a reform moves a region to another district.

    For: the district that it left: it gets no more events of that region.
    """

    region_id: RegionId
    code: Code
    new_code: NewCode
    valid_from: ValidFrom


class RegionClosed(Event, entity="region", fact="closed"):
    """区划撤销: a region ended; nothing was left in it, or another takes over what lay directly in it.

    When: a region is abolished or merged into another.

    For: whoever keeps a list or map of regions; what is open there goes on in the region that takes over, if one does.
    """

    region_id: RegionId
    code: Code
    valid_to: ValidTo
    into_region_id: MergedIntoRegion = None
    into_code: MergedIntoCode = None


class OrganisationFounded(Event, entity="organisation", fact="founded"):
    """组织成立: an organisation was founded.

    When: an organisation is imported or founded.

    For: directories, and whoever assigns work to organisations.
    """

    organisation_id: OrganisationId
    kind: Kind
    name: Name
    parent_id: ParentOrganisationId
    region_id: RegionId
    region_code: RegionCode
    established_on: EstablishedOn
    dissolved_on: KnownDissolvedOn = None
    split_from: SplitFrom = None


class OrganisationRenamed(Event, entity="organisation", fact="renamed"):
    """组织更名: an organisation has another name.

    When: an organisation is renamed.

    For: whoever shows names of organisations.
    """

    organisation_id: OrganisationId
    name: Name
    previous_name: PreviousName
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class OrganisationMoved(Event, entity="organisation", fact="moved"):
    """组织隶属变更: an organisation is under another one, or belongs to another region.

    When: an organisation is moved, the one above it is merged or split, or grids are redrawn.

    For: directories, and whoever assigns work to organisations.
    """

    organisation_id: OrganisationId
    parent_id: ParentOrganisationId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class OrganisationDissolved(Event, entity="organisation", fact="dissolved"):
    """组织撤销: an organisation was dissolved.

    When: an organisation is dissolved.

    For: directories, and whoever assigns work to organisations.
    """

    organisation_id: OrganisationId
    kind: Kind
    region_id: RegionId
    region_code: RegionCode
    dissolved_on: DissolvedOn
    merged_into: MergedInto = None
