"""Who is told what, as data of a process: rules beside what everybody concerned is told anyway, and texts.

A rule adds somebody who is told, another way by which they are told, or other words. It takes nothing away: whose
matter it is, whose turn it is and who is invited are always told in the inbox.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from services.tickets.domain.process_words import Holder, Part


class Channel(StrEnum):
    """By which way somebody is told: the inbox of Linli, or what others deliver who read the event."""

    INBOX = "inbox"
    SMS = "sms"
    MESSAGE = "message"


class Occasion(StrEnum):
    """What can be told of, beside the actions of a process."""

    REMINDED = "reminded"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    OBJECTION_RAISED = "objection_raised"
    OBJECTION_ANSWERED = "objection_answered"


class Audience(StrEnum):
    """Who is told."""

    REQUESTER = "requester"
    JOINED = "joined"
    """Who raised a ticket that was joined to this one."""
    IN_TURN = "in_turn"
    """Who has it now: whose turn it was made, or all who hold the step's duties, or who stands in for a vacancy."""
    PREVIOUS = "previous"
    """Who had it before."""
    BROUGHT_BEFORE = "brought_before"
    INVITED = "invited"
    """Invited organisations that have not answered yet."""
    WATCHERS = "watchers"
    OBJECTOR = "objector"
    DUTY = "duty"
    """Whoever holds a title that a rule names."""
    DEPUTY = "deputy"
    """Who was named to stand in for somebody."""


NAMED = (
    Audience.REQUESTER,
    Audience.JOINED,
    Audience.IN_TURN,
    Audience.PREVIOUS,
    Audience.BROUGHT_BEFORE,
    Audience.INVITED,
    Audience.WATCHERS,
)
"""Who a rule can name, beside a duty title with its level."""


class Rule(Part, frozen=True, kw_only=True):
    """Who is told when something is done: what is left out fits everything that is done to a ticket."""

    from_step: str | None = None
    """Only out of this step."""
    action: str | None = None
    """Only of this: an action's code, `raise`, `withdraw`, `reopen`, `lapse`, `join`, ... or an occasion."""
    to_step: str | None = None
    """Only when the ticket is at this step or end now; without an action, only when it came there by it."""
    audience: Holder | str
    channels: tuple[Channel, ...] = (Channel.INBOX,)
    text: str | None = None
    """Code of a text; by default the one for what happened."""

    def fits(self, action: str, from_step: str | None, to_step: str, *, has_moved: bool) -> bool:
        """Tell whether the rule is about this; without an action it is about what is done, not about occasions."""
        if self.action is None and (action in set(Occasion) or (self.to_step is not None and not has_moved)):
            return False
        fitting = ((self.action, action), (self.from_step, from_step), (self.to_step, to_step))
        return all(wanted is None or wanted == there for wanted, there in fitting)


class NotificationText(Part, frozen=True, kw_only=True):
    """Words in one language; `{placeholders}` stand for what is known when it is read."""

    code: str
    locale: Literal["zh-CN", "en"]
    subject: str
    body: str


class Notifications(Part, frozen=True, kw_only=True):
    """The section `notifications` of a process."""

    rules: tuple[Rule, ...] = ()
    texts: tuple[NotificationText, ...] = ()

    def text(self, code: str, locale: str) -> NotificationText | None:
        """Return a text of the process's own, or None."""
        return next((one for one in self.texts if (one.code, one.locale) == (code, locale)), None)
