"""What org publishes of filings: that somebody is nominated, reviewed, and what came of it; never the words."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    DutyTitle,
    FiledUntil,
    FilingEnd,
    FilingId,
    FilingVerdict,
    GivenDuty,
    OrganisationId,
    PersonId,
    RegionCode,
    RegionId,
)


class DutyFilingSubmitted(Event, entity="duty_filing", fact="submitted"):
    """任职备案提交: the subdistrict nominates somebody for a post in a Party organisation.

    When: it is submitted to the district.

    For: the district's organisation department, whose review it awaits.
    """

    filing_id: FilingId
    person_id: PersonId
    title: DutyTitle
    organisation_id: OrganisationId
    region_id: RegionId
    region_code: RegionCode


class DutyFilingReviewed(Event, entity="duty_filing", fact="reviewed"):
    """审核备案: the district filed it, or returned it.

    When: it is reviewed.

    For: the subdistrict, which gives the duty or nominates somebody else.
    """

    filing_id: FilingId
    verdict: FilingVerdict
    expires_on: FiledUntil
    region_id: RegionId
    region_code: RegionCode


class DutyFilingEnded(Event, entity="duty_filing", fact="ended"):
    """备案结束: the duty was given on it, or nothing comes of it any more.

    When: the duty is given, it is withdrawn, or its time is over.

    For: the district's register of who was filed.
    """

    filing_id: FilingId
    end: FilingEnd
    duty_id: GivenDuty
    region_id: RegionId
    region_code: RegionCode


FILING_EVENTS: tuple[type[Event], ...] = (DutyFilingSubmitted, DutyFilingReviewed, DutyFilingEnded)
"""The events of this module."""
