"""What org publishes of reserves and call-ups."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    CalledIds,
    CalledPeople,
    CallUpId,
    IsDrill,
    Kind,
    PersonId,
    RegionCode,
    RegionId,
    ReservistId,
    ValidFrom,
    ValidTo,
)


class ReservistEnrolled(Event, entity="reservist", fact="enrolled"):
    """应急后备力量: a person is in the reserve of a community; `kind` says from which source.

    When: a person is enrolled, by hand or by an import.

    For: emergency command.
    """

    reservist_id: ReservistId
    person_id: PersonId
    kind: Kind
    region_id: RegionId
    region_code: RegionCode
    valid_from: ValidFrom


class ReservistLeft(Event, entity="reservist", fact="left"):
    """退出后备: a person is in the reserve of a community no longer.

    When: their place in the reserve is ended.

    For: emergency command.
    """

    reservist_id: ReservistId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode
    valid_to: ValidTo


class CallUpBegun(Event, entity="call_up", fact="begun"):
    """集结: people of a community's reserve are called up; whose they are is in the graph.

    When: somebody who may calls them, in an emergency or for a drill.

    For: emergency command, and whoever notifies those who are called.
    """

    call_up_id: CallUpId
    people: CalledIds
    is_drill: IsDrill
    region_id: RegionId
    region_code: RegionCode


class CallUpPosted(Event, entity="call_up", fact="posted"):
    """定岗: somebody who was called up is told where to go; the words are in the graph.

    When: their post is said, or another one instead.

    For: whoever notifies those who are called.
    """

    call_up_id: CallUpId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode


class CallUpAnswered(Event, entity="call_up", fact="answered"):
    """到位: somebody who was called up has arrived, or is excused; `arrived` counts who has so far.

    When: the arrival or the excuse is recorded.

    For: emergency command.
    """

    call_up_id: CallUpId
    person_id: PersonId
    arrived: CalledPeople
    excused: CalledPeople
    region_id: RegionId
    region_code: RegionCode


class CallUpEnded(Event, entity="call_up", fact="ended"):
    """解除集结: a call-up is over; how many were called and how many came.

    When: it is ended by hand, or its community returns to peacetime.

    For: emergency command.
    """

    call_up_id: CallUpId
    called: CalledPeople
    arrived: CalledPeople
    region_id: RegionId
    region_code: RegionCode


RESERVE_EVENTS: tuple[type[Event], ...] = (
    ReservistEnrolled,
    ReservistLeft,
    CallUpBegun,
    CallUpPosted,
    CallUpAnswered,
    CallUpEnded,
)
"""The events of this module."""
