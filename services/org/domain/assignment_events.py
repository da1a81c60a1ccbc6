"""What org publishes of the branch and post that members who checked in are assigned to."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    AssignedBranch,
    AssignedPost,
    AssignmentId,
    CheckInId,
    PersonId,
    PlannedValidTo,
    RegionCode,
    RegionId,
    ValidFrom,
    ValidTo,
)


class AssignmentBegun(Event, entity="assignment", fact="begun"):
    """编入组织、认领岗位: somebody who checked in belongs to a branch, or takes on a post, from a day on.

    When: they are assigned, when they check in or later, or their branch is merged into this one.

    For: whoever calls on members for service, and branches.
    """

    assignment_id: AssignmentId
    check_in_id: CheckInId
    person_id: PersonId
    organisation_id: AssignedBranch
    post: AssignedPost
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom
    valid_to: PlannedValidTo = None


class AssignmentEnded(Event, entity="assignment", fact="ended"):
    """结束编组: somebody who checked in is no longer assigned so.

    When: they are assigned otherwise or no longer, their check-in ends, or their branch is merged into another.

    For: whoever calls on members for service, and branches.
    """

    assignment_id: AssignmentId
    check_in_id: CheckInId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


ASSIGNMENT_EVENTS: tuple[type[Event], ...] = (AssignmentBegun, AssignmentEnded)
"""The events of this module."""
