"""What places settle for owners' committees (业主委员会) and the bodies in their place, within what the law allows.

业主大会和业主委员会指导规则 (建房〔2009〕274号): 5 to 11 members, an odd number; a term of at most five years; a
preparatory group of an odd number, half of it owners or more, led by the subdistrict. 物业管理条例 article 16: filed
within 30 days.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem

LEAST_SEATS, MOST_SEATS = 3, 15
MOST_TERM_YEARS, MOST_FILING_DAYS, MOST_DAYS = 5, 30, 365


class Form(StrEnum):
    """What acts for the owners of a compound."""

    OWNERS_COMMITTEE = "owners_committee"
    MANAGEMENT_COMMITTEE = "management_committee"
    SELF_MANAGEMENT_GROUP = "self_management_group"


class Department(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A department that looks at candidates (人选联审); whoever holds `title` answers for it."""

    code: str
    title: str
    name_zh: str
    name_en: str


class CommitteeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place's rule; a committee keeps the rule under which it was prepared."""

    code: str
    name_zh: str
    name_en: str
    least_seats: int = 5
    most_seats: int = 11
    term_years: int = 5
    least_group: int = 5
    """Members of a preparatory group, at least."""
    departments: tuple[Department, ...] = (
        Department("subdistrict", "subdistrict_officer", "街道办事处", "subdistrict office"),
        Department("community", "community_secretary", "社区党委", "community party committee"),
    )
    review_days: int = 7
    """Days in which every department answers."""
    filing_days: int = 30
    warning_days: int = 60
    """How long before its end the term is warned of."""
    handover_days: int = 10
    least_body: int = 7
    """Members of a management committee (物管会), at least."""


DEFAULT = CommitteeRule(code="guideline", name_zh="业主委员会指导规则", name_en="national guideline")
"""What holds where a place has no rule of its own."""


def check_committee_rule(rule: CommitteeRule) -> CommitteeRule:
    """Return a rule that the law allows. Raises Refused."""
    seats = (rule.least_seats, rule.most_seats)
    faults = (
        (not LEAST_SEATS <= rule.least_seats <= rule.most_seats <= MOST_SEATS, "seats are 3 to 15"),
        (not all(number % 2 for number in seats), "seats are odd numbers"),
        (not 1 <= rule.term_years <= MOST_TERM_YEARS, "term_years is 1 to 5"),
        (not 3 <= rule.least_group <= MOST_SEATS, "least_group is 3 to 15"),  # noqa: PLR2004 (said beside it)
        (not rule.departments, "departments has at least one"),
        (len({one.code for one in rule.departments}) < len(rule.departments), "departments have different codes"),
        (not 1 <= rule.review_days <= MOST_DAYS, "review_days is 1 to 365"),
        (not 1 <= rule.filing_days <= MOST_FILING_DAYS, "filing_days is 1 to 30"),
        (not 1 <= rule.warning_days <= MOST_DAYS, "warning_days is 1 to 365"),
        (not 1 <= rule.handover_days <= MOST_DAYS, "handover_days is 1 to 365"),
        (not 3 <= rule.least_body <= MOST_SEATS, "least_body is 3 to 15"),  # noqa: PLR2004 (said beside it)
    )
    for is_fault, reason in faults:
        if is_fault:
            raise Refused(PropertyProblem.UNLAWFUL_RULE, "rule", reason=reason)
    return rule


def check_seats(rule: CommitteeRule, seats: int) -> int:
    """Return a number of seats that the rule allows: odd, and within its limits. Raises Refused."""
    if not rule.least_seats <= seats <= rule.most_seats or not seats % 2:
        raise Refused(PropertyProblem.INVALID_SEATS, "seats", least=rule.least_seats, most=rule.most_seats)
    return seats


def check_group(rule: CommitteeRule, owners: int, others: int, *, has_street: bool) -> None:
    """Refuse a preparatory group that is not odd, has too few owners, or is not led by the subdistrict."""
    size = owners + others
    if size < rule.least_group or not size % 2 or 2 * owners < size or not has_street:
        raise Refused(PropertyProblem.INVALID_GROUP, "group", least=rule.least_group)


def check_body(rule: CommitteeRule, form: Form, owners: int, others: int) -> None:
    """Refuse a management committee that is not odd, too small or mostly not owners; a group of fewer than three."""
    size = owners + others
    if form is Form.MANAGEMENT_COMMITTEE:
        if size < rule.least_body or not size % 2 or 2 * owners < size:
            raise Refused(PropertyProblem.INVALID_GROUP, "members", least=rule.least_body)
    elif size < LEAST_SEATS:
        raise Refused(PropertyProblem.INVALID_GROUP, "members", least=LEAST_SEATS)
