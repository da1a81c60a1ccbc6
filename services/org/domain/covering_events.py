"""What org publishes of which compounds organisations cover."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    CoveredCompounds,
    Kind,
    OrganisationId,
    RegionCode,
    RegionId,
    ValidFrom,
)


class OrganisationCompoundsSet(Event, entity="organisation", fact="compounds_set"):
    """组织覆盖小区: an organisation covers these compounds from a day on, and no others; more than one jointly.

    When: somebody says which compounds, or it takes over those of an organisation that is merged into it. What a
    dissolved organisation covered ends with it, without an event of its own.

    For: directories of compounds, and whoever follows where no branch is.
    """

    organisation_id: OrganisationId
    kind: Kind
    compounds: CoveredCompounds
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


COVERING_EVENTS: tuple[type[Event], ...] = (OrganisationCompoundsSet,)
"""The events of this module."""
