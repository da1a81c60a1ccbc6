"""The rules of an import file for capacities, levels, allocation rules, and what was assessed and allocated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.allocation import MOST, Rule, amount_by, check_departure, check_rule
from services.org.domain.assessment import (
    Capacity,
    LevelOfResult,
    check_assessed_year,
    check_capacity,
    check_counted,
    check_level,
    count_scores,
)
from services.org.domain.muster import check_community
from services.org.domain.periods import today
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_capacity_word(known: Known, record: r.CapacityRecord) -> bool:
    """Take a capacity; one that is known is brought up to date. Raises Refused."""
    check_capacity(record.weight)
    check_counted(record.counted, record.full_points)
    known.capacities[record.code] = Capacity(record.code, record.weight, record.counted, record.full_points)
    return True


def check_level_word(known: Known, record: r.AssessmentLevelRecord) -> bool:
    """Take a level; one that is known is brought up to date. Raises Refused."""
    check_level(record.least)
    known.levels[record.code] = LevelOfResult(record.code, record.least)
    return True


def check_allocation_rule(known: Known, record: r.AllocationRuleRecord) -> bool:
    """Take a rule; the one that is known of its kind and type is brought up to date. Raises Refused."""
    _check_kind_and_type(known, record.kind, record.type)
    check_rule(Rule(record.kind, record.type, record.each, record.per_thousand))
    return True


def check_assessed(known: Known, record: r.AssessmentRecord) -> bool:
    """Take an assessment that is not there yet. Raises Refused."""
    key = (record.organisation, record.year)
    if key in known.assessed:
        return False
    known.organisation(record.organisation, "organisation")
    known.region(record.region_code)
    check_assessed_year(record.year, today().year)
    count_scores(list(known.capacities.values()), record.scores, record.points)
    known.assessed.add(key)
    return True


def check_allocated(known: Known, record: r.AllocationRecord) -> bool:
    """Take what a community was given; another amount than the rule says needs its reason. Raises Refused."""
    key = (record.region_code, record.year, record.kind)
    if key in known.allocated:
        return False
    region = known.region(record.region_code)
    check_community(region.code, region.level, "region_code")
    _check_kind_and_type(known, record.kind, record.type)
    rule = Rule(record.kind, record.type, record.each, record.per_thousand)
    check_rule(rule)
    check_assessed_year(record.year, today().year + 1)
    if not 0 <= record.households <= MOST:
        raise Refused(OrgProblem.INVALID_COUNT, "households", most=MOST)
    by_rule = amount_by(rule, record.households)
    if record.amount is not None and record.amount != by_rule:
        check_departure(by_rule, record.amount, record.reason or "")
    known.allocated.add(key)
    return True


def _check_kind_and_type(known: Known, kind: str, type_: str) -> None:
    if ("allocation", kind) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=kind[:40], category="allocation")
    if type_ not in known.community_types:
        raise Refused(OrgProblem.UNKNOWN_COMMUNITY_TYPE, "type", type=type_[:40])
