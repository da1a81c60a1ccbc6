"""Local rules of meetings and votes: what places and committees may settle within what the law allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chassis.problems import Refused
from services.property.domain.problems import PropertyProblem
from services.property.domain.voting import SPECIAL, Matter

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST_NOTICE_DAYS = 15
MOST_PROXIES, MOST_EXTENSIONS, MOST_DAYS = 100, 3, 60
"""物业管理条例 article 14."""


class VoteRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One place's rule; a vote keeps the rule that it was announced under."""

    code: str
    name_zh: str
    name_en: str
    notice_days: int = LEAST_NOTICE_DAYS
    special: tuple[int, ...] = (6, 7, 8)
    """Matters that three quarters decide: those of article 278, and what the place adds."""
    secret: tuple[int, ...] = (3,)
    """Matters on which the vote is secret."""
    opened: tuple[int, ...] = ()
    """Matters on which owners see, after the close, how each of them voted (记名公开); none unless a place says so."""
    channels: tuple[str, ...] = ("online", "paper", "on_site")
    recast: bool = True
    """Whether a later ballot cancels the earlier one; otherwise the first one stands."""
    most_proxies: int = 3
    """For how many other owners one person may hand in ballots; 0: none."""
    silent_with_majority: bool = False
    """弃权从多: whether owners who were handed a ballot and did not give it back go with the majority. Whether that
    outlived article 278 is disputed: it is off unless a place's file turns it on, and every certificate says which."""
    extensions: int = 1
    """How often a vote without quorum may be extended."""
    extension_days: int = 15
    objection_days: int = 7

    def is_special(self, matter: Matter) -> bool:
        """Tell whether three quarters decide the matter."""
        return matter in self.special

    def opens(self, matters: Iterable[int]) -> bool:
        """Tell whether the ballots of a vote on these matters are opened: when every one of them may be."""
        return {*matters} <= {*self.opened} and bool(self.opened)


DEFAULT = VoteRule(code="civil_code", name_zh="民法典", name_en="Civil Code")
"""What holds where a place has no rule of its own."""


def check_rule(rule: VoteRule) -> VoteRule:
    """Return a rule that the law allows. Raises Refused."""
    matters = {one.value for one in Matter}
    faults = (
        (rule.notice_days < LEAST_NOTICE_DAYS, f"notice_days is at least {LEAST_NOTICE_DAYS}"),
        (not {*SPECIAL} <= {*rule.special} <= matters, "special has matters 6, 7 and 8, and others of 1 to 9 only"),
        (not {*rule.secret} <= matters, "secret has matters of 1 to 9 only"),
        (not {*rule.opened} <= matters - {*rule.secret}, "opened has matters of 1 to 9 that are not secret"),
        (not rule.channels, "channels has at least one way to vote"),
        (not {*rule.channels} <= {"online", "paper", "on_site"}, "channels are online, paper and on_site"),
        (not 0 <= rule.most_proxies <= MOST_PROXIES, "most_proxies is 0 to 100"),
        (not 0 <= rule.extensions <= MOST_EXTENSIONS, "extensions is 0 to 3"),
        (not 1 <= rule.extension_days <= MOST_DAYS, "extension_days is 1 to 60"),
        (not 1 <= rule.objection_days <= MOST_DAYS, "objection_days is 1 to 60"),
    )
    for is_fault, reason in faults:
        if is_fault:
            raise Refused(PropertyProblem.UNLAWFUL_RULE, "rule", reason=reason)
    return rule
