"""What tickets publishes of absences and deputies; why somebody is away stays in the service."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.tickets.domain.event_fields import RegionCode  # noqa: TC001 (read at run time)

AbsenceId = Annotated[UUID, told("the absence", "01981a2b-7c3d-7e4f-8a5b-000000000061")]
DutyId = Annotated[UUID, told("the duty, of org's register", "01981a2b-7c3d-7e4f-8a5b-000000000062")]
DeputyId = Annotated[
    UUID | None,
    told("who acts by the duty meanwhile, of org's register; null for nobody", "01981a2b-7c3d-7e4f-8a5b-000000000063"),
]
FirstDay = Annotated[date, told("the first day of it", "2026-10-01")]
BackOn = Annotated[date, told("the first day on which the holder is back", "2026-10-09")]


class AbsenceBegun(Event, entity="absence", fact="begun"):
    """外出代理: the holder of a duty will be away, and perhaps somebody stands in.

    When: the holder says so, before it begins.

    For: district systems that send people work: to whom it goes meanwhile.
    """

    absence_id: AbsenceId
    duty_id: DutyId
    deputy_id: DeputyId
    region_code: RegionCode
    valid_from: FirstDay
    valid_to: BackOn


class AbsenceEnded(Event, entity="absence", fact="ended"):
    """代理结束: the holder is back before the end, or does not leave.

    When: the holder says so.

    For: who sent work to the deputy: the holder has it again from `validTo` on.
    """

    absence_id: AbsenceId
    duty_id: DutyId
    region_code: RegionCode
    valid_to: BackOn


ABSENCE_EVENTS: tuple[type[Event], ...] = (AbsenceBegun, AbsenceEnded)
"""Every event of absences."""
