"""The rule of an import file for what members who checked in are assigned to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.assignments import Assignment, Branch, check_branch, check_follows, check_said
from services.org.domain.periods import Period, check_period
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_assigned(known: Known, record: r.CheckInAssignmentRecord) -> bool:
    """Take an assignment; those of one check-in stand in order of time. Raises Refused."""
    if record.id in known.registered:
        return False
    check_in = known.check_ins.get(record.check_in)
    if check_in is None:
        raise Refused(OrgProblem.UNKNOWN_CHECK_IN, "check_in")
    period = Period(record.valid_from, record.valid_to)
    check_period(period, "valid_to")
    wanted = Assignment(record.organisation, record.post, period)
    check_said(wanted, "organisation")
    if record.organisation is not None:
        kind, existence = known.organisation(record.organisation, "organisation")
        branch = Branch(known.branches[record.organisation], kind in known.party_kinds, existence)
        check_branch(branch, check_in.region_code, known.people[check_in.person], period, "organisation")
    if record.post is not None and ("service_post", record.post) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "post", kind=record.post[:40], category="service_post")
    earlier = known.assigned[record.check_in]
    if any(one.period.until is None for one in earlier):
        raise Refused(OrgProblem.ALREADY_ASSIGNED, "check_in")
    check_follows(earlier, wanted, check_in.period, "valid_from")
    earlier.append(wanted)
    known.registered.add(record.id)
    return True
