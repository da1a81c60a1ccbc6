"""What org publishes of items of service and of authorised matters; their texts stay in the graph."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    Department,
    MatterId,
    MatterVerdict,
    RegionCode,
    RegionId,
    ReviewDay,
    ServiceItemId,
    ServiceStationKinds,
    ServiceWays,
    TrainedPeople,
    TrainingDay,
    ValidFrom,
    ValidTo,
)


class ServiceItemOffered(Event, entity="service_item", fact="offered"):
    """事项下沉: an item of service can be handled in a region from a day on.

    When: an item is put into the catalogue.

    For: service windows and portals.
    """

    item_id: ServiceItemId
    ways: ServiceWays
    station_kinds: ServiceStationKinds
    department_id: Department
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class ServiceItemChanged(Event, entity="service_item", fact="changed"):
    """事项调整: an item is handled by these ways from now on, and by no others.

    When: a way is opened or closed.

    For: service windows and portals.
    """

    item_id: ServiceItemId
    ways: ServiceWays
    station_kinds: ServiceStationKinds
    region_id: RegionId
    region_code: RegionCode


class ServiceItemWithdrawn(Event, entity="service_item", fact="withdrawn"):
    """事项取消: an item is no longer handled there.

    When: an item is taken out of the catalogue.

    For: service windows and portals.
    """

    item_id: ServiceItemId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class ServiceItemHandedOver(Event, entity="service_item", fact="handed_over"):
    """事项移交: another department handed an item down.

    When: the department that did is merged into this one.

    For: service windows and portals.
    """

    item_id: ServiceItemId
    department_id: Department
    region_id: RegionId
    region_code: RegionCode


class MatterHandedDown(Event, entity="authorised_matter", fact="handed_down"):
    """赋权: a department lets a subdistrict decide a matter from a day on.

    When: a matter is handed to a subdistrict.

    For: departments, and who follows what subdistricts may do.
    """

    matter_id: MatterId
    department_id: Department
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class MatterTrained(Event, entity="authorised_matter", fact="trained"):
    """赋权培训: people of a subdistrict were trained for a matter.

    When: the training is done.

    For: departments, and who follows what subdistricts may do.
    """

    matter_id: MatterId
    trained_on: TrainingDay
    people: TrainedPeople
    region_id: RegionId
    region_code: RegionCode


class MatterReviewed(Event, entity="authorised_matter", fact="reviewed"):
    """赋权评估: a matter was found to work in a subdistrict, in part, or not.

    When: a review is written down.

    For: departments, and who follows what subdistricts may do.
    """

    matter_id: MatterId
    reviewed_on: ReviewDay
    verdict: MatterVerdict
    region_id: RegionId
    region_code: RegionCode


class MatterTakenBack(Event, entity="authorised_matter", fact="taken_back"):
    """赋权收回: a department decides a matter itself again.

    When: a matter is taken back.

    For: departments, and who follows what subdistricts may do.
    """

    matter_id: MatterId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class MatterHandedOver(Event, entity="authorised_matter", fact="handed_over"):
    """赋权部门变更: another department handed a matter down.

    When: the department that did is merged into this one.

    For: departments, and who follows what subdistricts may do.
    """

    matter_id: MatterId
    department_id: Department
    region_id: RegionId
    region_code: RegionCode


SERVICE_EVENTS: tuple[type[Event], ...] = (
    ServiceItemOffered,
    ServiceItemChanged,
    ServiceItemWithdrawn,
    ServiceItemHandedOver,
    MatterHandedDown,
    MatterTrained,
    MatterReviewed,
    MatterTakenBack,
    MatterHandedOver,
)
"""The events of this module."""
