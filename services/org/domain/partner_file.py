"""The rules of an import file for what partner units contribute and settle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.partners import (
    ContributionRule,
    PairingRule,
    check_amount,
    check_compound,
    check_contribution_rule,
    check_note,
    check_pairing_rule,
    check_said,
    check_settled,
)
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known, KnownPairing


def check_contribution_word(known: Known, record: r.ContributionRuleRecord) -> bool:
    """Take a rule; the one that is known of a kind is brought up to date. Raises Refused."""
    _check_kind(known, "contribution", record.kind)
    check_contribution_rule(ContributionRule(record.kind, record.per, record.points, record.most))
    return True


def check_pairing_word(known: Known, record: r.PairingRuleRecord) -> bool:
    """Take a rule; the one that is known of a kind is brought up to date. Raises Refused."""
    _check_kind(known, "pairing", record.kind)
    check_pairing_rule(PairingRule(record.kind, record.fewest, record.most))
    return True


def check_contributed(known: Known, record: r.ContributionRecord) -> bool:
    """Take what a unit did while it was paired. Raises Refused."""
    if record.id in known.registered:
        return False
    _check_kind(known, "contribution", record.kind)
    pairing = _pairing(known, record)
    if not pairing.period.holds(record.on):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, "on", what="pairing")
    check_amount(record.amount)
    check_note(record.note, "note")
    known.registered.add(record.id)
    return True


def check_joint_problem(known: Known, record: r.JointProblemRecord) -> bool:
    """Take a problem of the community's list that a unit took on. Raises Refused."""
    if record.id in known.registered:
        return False
    pairing, item = _pairing(known, record), known.list_items.get(record.list_item)
    if item is None:
        raise Refused(OrgProblem.UNKNOWN_LIST_ITEM, "list_item")
    if not pairing.region_code.startswith(item.region_code):
        raise Refused(OrgProblem.OTHER_COMMUNITY, "list_item")
    if not pairing.period.holds(record.taken_on):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, "taken_on", what="pairing")
    check_compound(record.compound, pairing.compounds)
    if record.settled_on is not None:
        check_settled(None, record.taken_on, record.settled_on)
        check_said(record.result, "result")
    known.registered.add(record.id)
    return True


def _pairing(known: Known, record: r.ContributionRecord | r.JointProblemRecord) -> KnownPairing:
    pairing = known.pairings.get(record.pairing)
    if pairing is None:
        raise Refused(OrgProblem.UNKNOWN_PAIRING, "pairing")
    return pairing


def _check_kind(known: Known, category: str, kind: str) -> None:
    if (category, kind) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=kind[:40], category=category)
