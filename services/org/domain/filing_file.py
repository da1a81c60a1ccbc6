"""The rules of an import file for filings: which titles need one, and those that were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.duties import Candidate, check_assignment
from services.org.domain.filings import (
    OPEN,
    FilingRule,
    FilingState,
    FilingVerdict,
    Reviewed,
    Seat,
    check_given,
    check_rule,
    review,
)
from services.org.domain.periods import Period, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.domain.recommendations import check_reason

if TYPE_CHECKING:
    from services.org.domain.practice_known import Known
    from services.org.domain.tie_records import DutyFilingRecord, FilingRuleRecord


def check_filing_rule(known: Known, record: FilingRuleRecord) -> bool:
    """Take a rule; the one that is known of a title is brought up to date. Raises Refused."""
    rule = FilingRule(record.title, record.days)
    check_rule(rule, known.titles.get(record.title))
    known.filing_rules[record.title] = rule
    return True


def check_filing(known: Known, record: DutyFilingRecord) -> bool:
    """Take a filing; how far it is follows from the review and the duty. Raises Refused."""
    if record.id in known.registered:
        return False
    if record.title not in known.filing_rules:
        raise Refused(OrgProblem.NO_FILING_RULE, "title", title=record.title[:40])
    if record.person not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    region = known.region(record.region_code)
    kind, existence = known.organisation(record.organisation, "organisation")
    candidate = Candidate(
        person_id=record.person,
        party_status=known.people[record.person],
        period=Period(record.submitted_on),
        region_code=region.code,
        region_level=region.level,
        region_existence=region.existence,
        organisation_kind=kind,
        organisation_existence=existence,
    )
    check_assignment(known.titles[record.title], candidate, [])
    check_reason(record.grounds, "grounds")
    check_not_future(record.submitted_on, today(), "submitted_on")
    reviewed = reviewed_of(known, record)
    if record.reviewed_on is not None:
        check_not_future(record.reviewed_on, today(), "reviewed_on")
        if record.reviewed_on < record.submitted_on:
            names = {"date": record.reviewed_on, "earliest": record.submitted_on}
            raise Refused(OrgProblem.DATE_TOO_EARLY, "reviewed_on", **names)
    if record.duty is not None:
        _check_duty(known, record, reviewed)
    elif reviewed is None or reviewed.state in OPEN:
        if (record.title, record.organisation) in known.filed_posts:
            raise Refused(OrgProblem.FILING_OPEN, "title")
        known.filed_posts.add((record.title, record.organisation))
    known.registered.add(record.id)
    return True


def reviewed_of(known: Known, record: DutyFilingRecord) -> Reviewed | None:
    """Return what the review made of it; None before it was reviewed. Raises Refused."""
    if record.reviewed_on is None:
        return None
    verdict, days = FilingVerdict(record.verdict), known.filing_rules[record.title].days
    return review(FilingState.SUBMITTED, verdict, record.reason, record.reviewed_on, days, is_own=False)


def state_of(known: Known, record: DutyFilingRecord) -> FilingState:
    """Return how far a filing is."""
    reviewed = reviewed_of(known, record)
    if reviewed is None:
        return FilingState.SUBMITTED
    return reviewed.state if record.duty is None else FilingState.ASSIGNED


def _check_duty(known: Known, record: DutyFilingRecord, reviewed: Reviewed | None) -> None:
    duty = None if record.duty is None else known.duties.get(record.duty)
    if duty is None:
        raise Refused(OrgProblem.UNKNOWN_DUTY, "duty")
    region_id = known.region(record.region_code).id
    filed = Seat(record.title, region_id, None, record.person)
    given = Seat(duty.title, known.region(duty.region_code).id, None, duty.person_id)
    state = FilingState.SUBMITTED if reviewed is None else reviewed.state
    check_given(state, filed, given, record.reviewed_on, duty.period.start)
