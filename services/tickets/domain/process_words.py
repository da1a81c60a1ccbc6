"""The words that every part of a process uses: kinds of action, what is given with one, ends, and who acts."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from services.tickets.domain.levels import Level

LevelName = Literal["CITY", "DISTRICT", "SUBDISTRICT", "COMMUNITY", "GRID", "BUILDING", "UNIT"]

REQUESTER: Literal["requester"] = "requester"
RESIDENT: Literal["resident"] = "resident"
INVITED: Literal["invited"] = "invited"
PARENT: Literal["parent"] = "parent"
ISSUER: Literal["issuer"] = "issuer"
"""Of an escalation: whoever raised the ticket by duty, as who hands a task down (交办单位)."""


class Kind(StrEnum):
    """What an action means, whatever a practice calls it; the event that is published is named after it."""

    RAISE = "raise"
    ACCEPT = "accept"
    DELIBERATE = "deliberate"
    DECIDE = "decide"
    CARRY_OUT = "carry_out"
    EVALUATE = "evaluate"
    PUBLICISE = "publicise"
    INVITE = "invite"
    ANSWER = "answer"
    ADVANCE = "advance"
    REFUSE = "refuse"
    RETURN = "return"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"
    LAPSE = "lapse"
    JOIN = "join"
    DIVIDE = "divide"
    GATHER = "gather"
    RECALL = "recall"
    ASSIGN = "assign"
    CLAIM_TURN = "claim_turn"
    RELEASE_TURN = "release_turn"


BY_RULE = frozenset(
    {
        Kind.RAISE,
        Kind.WITHDRAW,
        Kind.REOPEN,
        Kind.LAPSE,
        Kind.JOIN,
        Kind.GATHER,
        Kind.RECALL,
        Kind.ASSIGN,
        Kind.CLAIM_TURN,
        Kind.RELEASE_TURN,
    }
)
"""Kinds that a process describes in sections of their own, not as actions of a step."""


class Input(StrEnum):
    """What an action can be given."""

    REASON = "reason"
    OPINION = "opinion"
    NOTICE = "notice"
    RATING = "rating"
    RESPONSIBLE = "responsible"
    AMOUNT = "amount"
    DELIVERABLES = "deliverables"
    INVITED = "invited"
    GROUNDS = "grounds"
    INTO = "into"
    ASSIGNEE = "assignee"
    CHILDREN = "children"
    ATTACHMENTS = "attachments"


class Outcome(StrEnum):
    """How a ticket can end."""

    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of the parts of a process; a field that is not known is refused."""


_TEAM, _CHECKED_IN = "team:", "checked_in:"
MEMBER = "member"
"""The group of in-service party members who checked in where they live; other groups are kinds of a practice."""


def team_post(kind: str) -> str:
    """Return what stands in the place of a duty title for the members of teams of a kind: `team:police_team`."""
    return f"{_TEAM}{kind}"


def team_kind(title: str) -> str | None:
    """Return the kind of team whose members a title means; None for any other post."""
    return title.removeprefix(_TEAM) if title.startswith(_TEAM) else None


def checked_in_post(group: str) -> str:
    """Return what stands in the place of a duty title for those of a group who checked in: `checked_in:member`."""
    return f"{_CHECKED_IN}{group}"


def checked_in_group(title: str) -> str | None:
    """Return the group whose people who checked in a title means; None for any other post."""
    return title.removeprefix(_CHECKED_IN) if title.startswith(_CHECKED_IN) else None


def is_duty(title: str) -> bool:
    """Tell whether a post is a duty, whose title has no colon; what else there is goes by org's register alone."""
    return ":" not in title


class Holder(Part, frozen=True, kw_only=True):
    """Whoever holds a duty title, or is a member of a team of a kind, in the region of `level` that the ticket lies in.

    Or whoever checked in there: as an in-service `member`, or as one of another group. One of the three is named.
    """

    title: str | None = None
    team: str | None = None
    checked_in: str | None = None
    level: LevelName

    @classmethod
    def of(cls, post_title: str, level: str) -> Holder:
        """Return the holder by what its post is called."""
        kind, group = team_kind(post_title), checked_in_group(post_title)
        title = post_title if is_duty(post_title) else None
        return msgspec.convert({"title": title, "team": kind, "checked_in": group, "level": level}, cls)

    @property
    def is_one(self) -> bool:
        """Whether one post is named, and no other."""
        return [self.title, self.team, self.checked_in].count(None) == 2  # noqa: PLR2004 (two of three are absent)

    @property
    def post_title(self) -> str:
        """What its post is called wherever titles stand: the duty title, or `team:` and the kind, `checked_in:` ..."""
        if self.team is not None:
            return team_post(self.team)
        return checked_in_post(self.checked_in) if self.checked_in is not None else self.title or ""

    def region_of(self, region_code: str) -> str | None:
        """Return the code of the region in which the title must be held; None when the ticket lies above it."""
        return Level[self.level].of(region_code)


Who = Holder | Literal["requester", "resident", "invited", "parent"]
