"""What org publishes of who belongs to an alliance."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AllianceId,
    MembershipId,
    OrganisationId,
    PlannedValidTo,
    RegionCode,
    RegionId,
    ValidFrom,
    ValidTo,
)


class AllianceJoined(Event, entity="alliance", fact="joined"):
    """加入联盟: an organisation belongs to an alliance from a day on.

    When: it joins, or one of the two takes over from an organisation that was merged into it.

    For: directories of alliances, and who works with them.
    """

    membership_id: MembershipId
    alliance_id: AllianceId
    organisation_id: OrganisationId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class AllianceLeft(Event, entity="alliance", fact="left"):
    """退出联盟: an organisation belongs to an alliance no longer.

    When: it leaves, or one of the two is merged into another organisation.

    For: directories of alliances, and who works with them.
    """

    membership_id: MembershipId
    alliance_id: AllianceId
    organisation_id: OrganisationId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


ALLIANCE_EVENTS: tuple[type[Event], ...] = (AllianceJoined, AllianceLeft)
"""The events of this module."""
