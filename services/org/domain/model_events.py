"""What org publishes of experts and of methods that model communities share."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AdoptionId,
    CommunityType,
    ExpertId,
    GuidanceId,
    Kind,
    MethodId,
    ModelRegion,
    PersonId,
    PlannedValidTo,
    RegionCode,
    RegionId,
    ValidFrom,
    ValidTo,
)


class ExpertEnrolled(Event, entity="expert", fact="enrolled"):
    """专家入库: a person is on a region's panel of experts from a day on; the kind is their field.

    When: an expert is taken onto the panel.

    For: whoever looks for advice.
    """

    expert_id: ExpertId
    person_id: PersonId
    kind: Kind
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class ExpertLeft(Event, entity="expert", fact="left"):
    """专家出库: a person is no longer on the panel.

    When: an expert leaves.

    For: whoever looks for advice.
    """

    expert_id: ExpertId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class GuidanceBegun(Event, entity="guidance", fact="begun"):
    """专家结对: an expert accompanies a community from a day on.

    When: an expert is assigned to a community.

    For: who follows how model communities come about.
    """

    guidance_id: GuidanceId
    expert_id: ExpertId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class GuidanceEnded(Event, entity="guidance", fact="ended"):
    """专家结对结束: an expert no longer accompanies a community.

    When: the guidance ends.

    For: who follows how model communities come about.
    """

    guidance_id: GuidanceId
    expert_id: ExpertId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class MethodShared(Event, entity="method", fact="shared"):
    """工作法推广: a model community shares a method for communities of a type; its text is in the graph.

    When: a method is made known to others.

    For: communities of that type.
    """

    method_id: MethodId
    model_id: ModelRegion
    type: CommunityType
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class MethodWithdrawn(Event, entity="method", fact="withdrawn"):
    """工作法停止推广: a method is no longer shared; who took it up may go on.

    When: a method is withdrawn.

    For: communities of that type.
    """

    method_id: MethodId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class AdoptionBegun(Event, entity="adoption", fact="begun"):
    """工作法应用: a community works by a shared method from a day on.

    When: a community takes a method up.

    For: who follows what becomes of methods.
    """

    adoption_id: AdoptionId
    method_id: MethodId
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class AdoptionEnded(Event, entity="adoption", fact="ended"):
    """工作法停用: a community no longer works by a method.

    When: a community gives a method up.

    For: who follows what becomes of methods.
    """

    adoption_id: AdoptionId
    method_id: MethodId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


MODEL_EVENTS: tuple[type[Event], ...] = (
    ExpertEnrolled,
    ExpertLeft,
    GuidanceBegun,
    GuidanceEnded,
    MethodShared,
    MethodWithdrawn,
    AdoptionBegun,
    AdoptionEnded,
)
"""The events of this module."""
