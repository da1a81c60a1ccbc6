"""What property publishes. No event holds personal data, and none says how anybody voted."""

from __future__ import annotations

from chassis.events.event import Event
from services.property.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    Area,
    Care,
    CompoundId,
    CompoundKind,
    CompoundName,
    Households,
    On,
    PartId,
    RegionCode,
    RegionId,
)


class CompoundEvent(Event):
    """Base: which compound, and where."""

    compound_id: CompoundId
    region_id: RegionId
    region_code: RegionCode


class CompoundRegistered(CompoundEvent, entity="compound", fact="registered"):
    """小区登记: a compound was registered.

    When: a compound is entered, by hand or from a registry file.

    For: whoever follows compounds and how they are cared for.
    """

    name: CompoundName
    kind: CompoundKind
    care: Care


class RegisterChanged(CompoundEvent, entity="compound", fact="register_changed"):
    """业主名册变更: exclusive parts came into a compound's register.

    When: a household is registered, or a registry file imported: once a file and compound.

    For: statistics of households and area.
    """

    households: Households
    area: Area


class PartTransferred(CompoundEvent, entity="compound", fact="part_transferred"):
    """产权转移: an exclusive part has other owners.

    When: a transfer is registered.

    For: systems that keep who is to be asked; they read the owners in the graph.
    """

    part_id: PartId
    on: On


EVENTS: tuple[type[Event], ...] = (CompoundRegistered, RegisterChanged, PartTransferred)
"""Every event that property publishes."""
