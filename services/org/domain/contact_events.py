"""What org publishes of who looks after buildings and households; households and findings stay in the graph."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AreaPairing,
    ContactId,
    HasFinding,
    ItemTicket,
    Kind,
    PersonId,
    PlannedValidTo,
    RegionCode,
    RegionId,
    ValidFrom,
    ValidTo,
    VisitedOn,
    VisitId,
)


class ContactBegun(Event, entity="contact", fact="begun"):
    """包联: somebody looks after a grid, a building or a household in it from a day on.

    When: somebody takes it on, by hand or by an import.

    For: whoever needs to know whom to ask about a building.
    """

    contact_id: ContactId
    kind: Kind
    person_id: PersonId
    pairing_id: AreaPairing
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class ContactEnded(Event, entity="contact", fact="ended"):
    """结束包联: somebody looks after it no longer.

    When: the contact is ended.

    For: whoever needs to know whom to ask about a building.
    """

    contact_id: ContactId
    kind: Kind
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class VisitLogged(Event, entity="visit", fact="logged"):
    """走访登记: somebody visited a place that they look after.

    When: the visit is written down.

    For: statistics of visits; what was found is in the graph.
    """

    visit_id: VisitId
    contact_id: ContactId
    person_id: PersonId
    on: VisitedOn
    has_finding: HasFinding
    region_id: RegionId
    region_code: RegionCode


class VisitHandled(Event, entity="visit", fact="handled"):
    """走访转办: what a visit found is handled by a ticket.

    When: the ticket that was raised of it is named.

    For: whoever follows what becomes of findings.
    """

    visit_id: VisitId
    ticket_id: ItemTicket
    region_id: RegionId
    region_code: RegionCode


CONTACT_EVENTS: tuple[type[Event], ...] = (ContactBegun, ContactEnded, VisitLogged, VisitHandled)
"""The events of this module."""
