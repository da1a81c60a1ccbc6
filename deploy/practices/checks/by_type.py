"""Checks what organisations are assessed by, and the rules by which communities are given things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.org.domain.assessment import FULL_SCORE, CountedFrom

if TYPE_CHECKING:
    from deploy.practices.checks.faults import Faults
    from deploy.practices.model import Practice

_AT = "demonstration"


def check_by_type(practice: Practice, faults: Faults) -> None:
    """Check capacities, levels and rules, and the assessments and allocations of the demonstration."""
    faults.repeated([one.code for one in practice.capacities], "capacity", "capacities", key="code")
    faults.repeated([one.code for one in practice.assessment_levels], "level", "assessment_levels", key="code")
    _check_rules(practice, faults)
    _check_counted(practice, faults)
    _check_assessments(practice, faults)
    given = {rule.kind for rule in practice.allocation_rules}
    for index, wanted in enumerate(practice.demonstration.allocations):
        known = wanted.kind in given
        faults.unless(known, f"no rule says how {wanted.kind} is given out", _AT, "allocations", index, "kind")


def _check_rules(practice: Practice, faults: Faults) -> None:
    kinds = {kind.code for kind in practice.kinds.allocation}
    types = {one.code for one in practice.community_types}
    seen: set[tuple[str, str]] = set()
    for index, rule in enumerate(practice.allocation_rules):
        path = ("allocation_rules", index)
        faults.unless(rule.kind in kinds, f"`{rule.kind}` is not a kind of allocation here", *path, "kind")
        faults.unless(rule.type in types, f"`{rule.type}` is not a type of community here", *path, "type")
        is_new = (rule.kind, rule.type) not in seen
        faults.unless(is_new, f"{rule.type} has a rule for {rule.kind} already", *path, "type")
        seen.add((rule.kind, rule.type))


def _check_counted(practice: Practice, faults: Faults) -> None:
    """Check that contributions have points where scores are counted from them, and that a full score can be reached."""
    most = sum(rule.most for rule in practice.contribution_rules)
    for index, capacity in enumerate(practice.capacities):
        counted = capacity.contributions
        if counted is None:
            continue
        path = ("capacities", index, "contributions")
        faults.unless(most > 0, "no rule says what contributions count for", *path)
        if most and counted.of is CountedFrom.UNIT:
            message = f"one unit has {most} points in a year at most"
            faults.unless(counted.full <= most, message, *path, "full")


def _check_assessments(practice: Practice, faults: Faults) -> None:
    founded = {one.kind for one in practice.demonstration.organisations}
    for index, wanted in enumerate(practice.demonstration.assessments):
        path = (_AT, "assessments", index)
        faults.unless(bool(practice.capacities), "there are no capacities to assess by", *path)
        faults.unless(wanted.organisations in founded, f"no {wanted.organisations} is founded", *path, "organisations")
        fewest, most = wanted.scores
        fits = 0 <= fewest <= most <= FULL_SCORE
        faults.unless(fits, f"a range from 0 to {FULL_SCORE} is needed, the lower end first", *path, "scores")
