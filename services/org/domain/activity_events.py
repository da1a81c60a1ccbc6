"""What org publishes of activities; their texts stay in the graph."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    ActivityDay,
    ActivityId,
    HoldingOrganisation,
    HoldingStation,
    HoldingTeam,
    JoinedCommunities,
    JoinedTeams,
    Kind,
    NamedPeople,
    Participants,
    RegionCode,
    RegionId,
)


class ActivityPlanned(Event, entity="activity", fact="planned"):
    """活动计划: something will be held in a region on a day.

    When: an activity is planned.

    For: calendars of what residents can go to.
    """

    activity_id: ActivityId
    kind: Kind
    on_day: ActivityDay
    organisation_id: HoldingOrganisation
    team_id: HoldingTeam
    station_id: HoldingStation
    region_id: RegionId
    region_code: RegionCode


class ActivityHeld(Event, entity="activity", fact="held"):
    """活动举办: something was held; how many took part, and who of them is known.

    When: an activity that was planned, or was not, is recorded as held.

    For: whoever counts activities, and whoever thanks who took part.
    """

    activity_id: ActivityId
    kind: Kind
    on_day: ActivityDay
    participants: Participants
    people: NamedPeople
    teams: JoinedTeams
    communities: JoinedCommunities
    organisation_id: HoldingOrganisation
    team_id: HoldingTeam
    station_id: HoldingStation
    region_id: RegionId
    region_code: RegionCode


class ActivityCancelled(Event, entity="activity", fact="cancelled"):
    """活动取消: what was planned is not held; why is in the graph.

    When: an activity is called off.

    For: calendars of what residents can go to.
    """

    activity_id: ActivityId
    kind: Kind
    on_day: ActivityDay
    region_id: RegionId
    region_code: RegionCode


class ActivityMoved(Event, entity="activity", fact="moved"):
    """活动调整区划: what is planned is held in another region, which took over the one it was planned in.

    When: grids are redrawn and the grid of a planned activity is merged into another.

    For: calendars of what residents can go to.
    """

    activity_id: ActivityId
    region_id: RegionId
    region_code: RegionCode


class ActivityHandedOver(Event, entity="activity", fact="handed_over"):
    """活动承办变更: what is planned is held by another organisation, which the one that planned it was merged into.

    When: organisations are merged, or the grids that they are of.

    For: calendars of what residents can go to.
    """

    activity_id: ActivityId
    organisation_id: HoldingOrganisation
    region_id: RegionId
    region_code: RegionCode


ACTIVITY_EVENTS: tuple[type[Event], ...] = (
    ActivityPlanned,
    ActivityHeld,
    ActivityCancelled,
    ActivityMoved,
    ActivityHandedOver,
)
"""The events of this module."""
