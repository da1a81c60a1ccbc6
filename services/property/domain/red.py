"""When a committee or a property company counts as "red" (红色业委会, 红色物业): a practice's rule over plain facts.

The facts are cross-appointments (双向进入、交叉任职): who sits in a committee or works for a company and holds a duty
in the compound's Party organisation, by org's duties of the day.
"""

from __future__ import annotations

from fractions import Fraction

import msgspec

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem
from services.property.domain.register import share_of


class RedRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A practice's rule."""

    code: str = "red"
    titles: tuple[str, ...] = ("compound_branch_secretary", "compound_branch_member", "grid_branch_secretary")
    """Duty titles of org that are a Party organisation's: holding one is being cross-appointed, and a Party member."""
    branch_kinds: tuple[str, ...] = ("committee_party_branch", "company_party_branch")
    """Kinds of organisations of org that are a Party branch of a committee or company."""
    group_kinds: tuple[str, ...] = ("committee_party_group",)
    """Kinds that are a Party working group (党的工作小组) of a committee."""
    needs_organisation: bool = False
    """Whether a branch or working group must be there."""
    needs_chair: bool = True
    """Whether the chair must be cross-appointed, or the company's manager."""
    least_cross: int = 1
    """How many cross-appointed people there are at least."""
    least_share: str | None = None
    """The least share of Party members in a committee, as a fraction."""


DEFAULT_RED = RedRule()


class Facts(msgspec.Struct, frozen=True):
    """What a rule asks about one committee or company."""

    members: int
    party_members: int
    cross: int
    chair_is_cross: bool
    has_organisation: bool


def check_red_rule(rule: RedRule) -> RedRule:
    """Return a rule that can be asked. Raises Refused."""
    if not rule.titles or rule.least_cross < 0:
        raise Refused(PropertyProblem.UNLAWFUL_RULE, "rule", reason="titles has at least one, least_cross is not < 0")
    if rule.least_share is not None:
        share_of(rule.least_share, "least_share")
    return rule


def is_red(rule: RedRule, facts: Facts) -> bool:
    """Tell whether a committee or company counts as red."""
    if facts.members == 0 or facts.cross < rule.least_cross:
        return False
    if (rule.needs_chair and not facts.chair_is_cross) or (rule.needs_organisation and not facts.has_organisation):
        return False
    return rule.least_share is None or Fraction(facts.party_members, facts.members) >= share_of(rule.least_share)
