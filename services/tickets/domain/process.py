"""A process as data: the steps of a kind of ticket, who acts, until when, and what follows.

These structs are the schema of the `processes:` section of a practice file (README.md has the description);
`validation.py` says what is wrong with one. A stored process never changes: a change is a new version, and each
ticket ends on the version that it began with.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from services.tickets.domain.deadline import Duration  # noqa: TC001 (msgspec reads annotations at run time)
from services.tickets.domain.notification_rules import Notifications
from services.tickets.domain.personal_data import PersonalData
from services.tickets.domain.process_words import (
    BY_RULE,
    INVITED,
    ISSUER,
    PARENT,
    REQUESTER,
    RESIDENT,
    Holder,
    Input,
    Kind,
    LevelName,
    Outcome,
    Part,
    Who,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "BY_RULE",
    "INVITED",
    "ISSUER",
    "PARENT",
    "REQUESTER",
    "RESIDENT",
    "Holder",
    "Input",
    "Kind",
    "LevelName",
    "Outcome",
    "Who",
]


class Escalation(Part, frozen=True, kw_only=True):
    """A rung: so long after a deadline has passed, the matter is brought before somebody higher."""

    after_working_days: int | None = None
    after_working_hours: int | None = None
    """Business hours, in place of days: for what is to be taken up within hours."""
    to: Holder | Literal["issuer"]


class Deadline(Part, frozen=True, kw_only=True):
    """Until when, and what happens before and after."""

    within: Duration
    remind_working_days_before: tuple[int, ...] = ()
    remind_working_hours_before: tuple[int, ...] = ()
    """Of a deadline in working hours: when so many of them are left."""
    escalate: tuple[Escalation, ...] = ()
    lapse_to: str | None = None
    """Where the ticket goes by itself when the deadline of a step passes; by default it stays and is overdue."""

    def heads(self) -> tuple[Holder, ...]:
        """Return the duties before which what is late is brought, whoever raised it."""
        return tuple(rung.to for rung in self.escalate if isinstance(rung.to, Holder))


class Action(Part, frozen=True, kw_only=True):
    """What can be done in a step."""

    code: str
    kind: Kind
    name_zh: str
    name_en: str
    who: tuple[Who, ...] = ()
    """Who may do it; by default whoever the step names."""
    to: str | None = None
    """The step or end that follows; by default the ticket stays where it is and this is only recorded."""
    requires: tuple[Input, ...] = ()
    may: tuple[Input, ...] = (Input.OPINION, Input.ATTACHMENTS)
    count: int = 1
    """How many different people must do it before the ticket moves."""
    after: Literal["session", "resolution"] | None = None
    """What must have come of a deliberation about the ticket, since it came to the step, before this can be done."""

    def takes(self, given: Input) -> bool:
        """Tell whether the action can be given this."""
        return given in self.requires or given in self.may


class Countersign(Part, frozen=True, kw_only=True):
    """How several invited organisations answer in one step: who speaks for one, and how many answers are enough."""

    titles: tuple[str, ...]
    """Duty titles whose holders speak for their organisation; `checked_in:member`: who checked in and belongs to it."""
    rule: Literal["all", "any", "quorum"] = "all"
    quorum: int | None = None
    """How many answers are enough; for the rule `quorum`."""


class Children(Part, frozen=True, kw_only=True):
    """How a step is divided among child tickets (子单), and when the ticket goes on by itself."""

    processes: tuple[str, ...]
    """Codes of the processes that children may be of."""
    rule: Literal["all", "any", "quorum", "none"] = "all"
    """How many of the children are waited for; `none`: the ticket does not wait."""
    quorum: int | None = None
    counts: Literal["done", "ended"] = "done"
    """Whether only children count that were carried through, or whatever has ended."""
    to: str | None = None
    """Where the ticket goes when enough of them count."""
    failed_to: str | None = None
    """Where it goes when so many ended otherwise that the rule cannot be met; by default it stays, for people."""
    leaving: Literal["bar", "recall", "leave"] = "bar"
    """What open children mean for leaving the step: it is barred, they are recalled, or they are left to go on."""


class Step(Part, frozen=True, kw_only=True):
    """A place where a ticket waits for somebody."""

    code: str
    name_zh: str
    name_en: str
    who: tuple[Who, ...]
    actions: tuple[Action, ...]
    deadline: Deadline | None = None
    untimed: bool = False
    """True for a step that is meant to have no deadline; leaving it out is a fault."""
    pauses: bool = False
    """Whether the clock of the whole matter stands still here, e.g. while the requester is asked for something."""
    restarts: bool = False
    """Whether the clock of the whole matter starts anew here, e.g. for a level above that takes it over."""
    countersign: Countersign | None = None
    """For a step in which organisations are invited to answer (会签)."""
    children: Children | None = None
    """For a step whose work is divided among child tickets."""
    objections: bool = False
    """For a public notice: residents may object until the deadline, and each objection is answered (公示)."""

    def who_may(self, action: Action) -> tuple[Who, ...]:
        """Return who may do one of the step's actions."""
        return action.who or self.who


class End(Part, frozen=True, kw_only=True):
    """A place where a ticket ends."""

    code: str
    name_zh: str
    name_en: str
    outcome: Outcome


class Raising(Part, frozen=True, kw_only=True):
    """How a ticket begins."""

    name_zh: str
    name_en: str
    who: tuple[Who, ...]
    levels: tuple[LevelName, ...]
    """In regions of which levels it can be raised."""
    to: str
    requires: tuple[Input, ...] = ()
    concerns: tuple[str, ...] = ()
    """Codes of processes: a ticket of this one can be about a ticket of those, as a complaint is."""


class Category(Part, frozen=True, kw_only=True):
    """A kind of matter."""

    code: str
    name_zh: str
    name_en: str
    to: str | None = None
    """The step in which tickets of this kind begin, where it is another than that of `raising`."""


class Channel(Part, frozen=True, kw_only=True):
    """A way by which tickets come in: an app, a hotline, a visit."""

    code: str
    name_zh: str
    name_en: str


class Deliverable(Part, frozen=True, kw_only=True):
    """A kind of thing that is delivered (成果), and in what it is counted."""

    code: str
    name_zh: str
    name_en: str
    unit_zh: str = ""
    unit_en: str = ""


class Evaluation(Part, frozen=True, kw_only=True):
    """The scale of ratings, the worst first."""

    lowest: int = 1
    highest: int = 5


class Withdrawal(Part, frozen=True, kw_only=True):
    """How the requester takes a ticket back: out of which steps, to which end."""

    name_zh: str
    name_en: str
    out_of: tuple[str, ...]
    to: str
    requires: tuple[Input, ...] = ()


class Joining(Part, frozen=True, kw_only=True):
    """How a ticket is joined to another about the same matter (并案): by who handles it, out of which steps."""

    name_zh: str
    name_en: str
    out_of: tuple[str, ...]
    to: str
    requires: tuple[Input, ...] = ()


class Assignment(Part, frozen=True, kw_only=True):
    """How it becomes the turn of one of those who hold a step's duty (改派): they take it on, or are named."""

    name_zh: str
    name_en: str
    steps: tuple[str, ...]
    """In which steps."""
    who: tuple[Holder, ...] = ()
    """Who may name somebody and take it from them, beside those whose turn it is."""
    requires: tuple[Input, ...] = ()


class Recall(Part, frozen=True, kw_only=True):
    """How a child ticket ends when its parent goes on without it (收回)."""

    name_zh: str
    name_en: str
    to: str


class Reopening(Part, frozen=True, kw_only=True):
    """How a ticket comes back: out of which steps and ends, to which step, how long after the ticket came there.

    With `rating_at_most`, a better rating on record bars it: the requester's own, or else the mean of all.
    """

    name_zh: str
    name_en: str
    who: tuple[Who, ...] = (REQUESTER,)
    out_of: tuple[str, ...]
    to: str
    within: Duration
    times: int = 1
    rating_at_most: int | None = None
    requires: tuple[Input, ...] = (Input.REASON,)


Shown = Literal["title", "notice", "rating", "responsible", "timeline", "deliverables", "attachments"]


class Publicity(Part, frozen=True, kw_only=True):
    """What everyone may see, from when the ticket first came to the step or end `once`.

    Number, process, region and where it stands are always shown; a title can name people: it is shown only by choice.
    """

    once: str
    shows: tuple[Shown, ...] = ("notice", "timeline")


class Process(Part, frozen=True, kw_only=True, dict=True):
    """A process definition. It never changes, so what is worked out from it is kept beside it."""

    code: str
    version: int
    name_zh: str
    name_en: str
    raising: Raising
    steps: tuple[Step, ...]
    ends: tuple[End, ...]
    watched_by: tuple[Holder, ...] = ()
    """Who may look on without acting, beside those who act."""
    categories: tuple[Category, ...] = ()
    channels: tuple[Channel, ...] = ()
    """By which tickets come in; the first is meant when none is said."""
    deliverables: tuple[Deliverable, ...] = ()
    """Kinds of things that tickets deliver; actions of kind carry_out record how many."""
    first_response: Deadline | None = None
    """Until the first act of somebody in duty."""
    matter: Deadline | None = None
    """Until the end."""
    evaluation: Evaluation | None = None
    withdrawal: Withdrawal | None = None
    joining: Joining | None = None
    recall: Recall | None = None
    assignment: Assignment | None = None
    reopening: Reopening | None = None
    publicity: Publicity | None = None
    notifications: Notifications = Notifications()
    """Who is told what beside what everybody concerned is told anyway, and in which words."""
    personal_data: PersonalData = PersonalData()

    @cached_property
    def _steps(self) -> dict[str, Step]:
        # Reversed: of two that bear one code, a fault of its own, the first counts.
        return {step.code: step for step in reversed(self.steps)}

    @cached_property
    def _ends(self) -> dict[str, End]:
        return {end.code: end for end in reversed(self.ends)}

    @cached_property
    def levels_of(self) -> dict[str, tuple[str, ...]]:
        """The levels at which each duty title, team or group has to do with the process."""
        found: dict[str, set[str]] = {}
        for holder in self.holders():
            found.setdefault(holder.post_title, set()).add(holder.level)
        return {title: tuple(sorted(levels)) for title, levels in found.items()}

    def begins_in(self, category: str | None) -> str:
        """Return the step in which a ticket of a category begins."""
        return next((one.to for one in self.categories if one.code == category and one.to), self.raising.to)

    def beginnings(self) -> frozenset[str]:
        """Return every step in which a ticket can begin."""
        # Where every category has a step of its own, no ticket begins in that of `raising`.
        plain = not self.categories or any(one.to is None for one in self.categories)
        own = frozenset(one.to for one in self.categories if one.to is not None)
        return own | {self.raising.to} if plain else own

    def step(self, code: str) -> Step | None:
        """Return a step by its code; None for an end."""
        return self._steps.get(code)

    def end(self, code: str) -> End | None:
        """Return an end by its code; None for a step."""
        return self._ends.get(code)

    def place(self, code: str) -> Step | End:
        """Return a step or end by its code. Raises KeyError."""
        found = self.step(code) or self.end(code)
        if found is None:
            raise KeyError(code)
        return found

    def holders(self) -> Iterator[Holder]:
        """Yield everyone who acts, watches or is appealed to by duty, some more than once."""
        yield from self.watched_by
        yield from (rule.audience for rule in self.notifications.rules if isinstance(rule.audience, Holder))
        sections: list[tuple[Who, ...]] = [self.raising.who, self.reopening.who if self.reopening else ()]
        sections.append(self.assignment.who if self.assignment else ())
        for step in self.steps:
            sections += [step.who, *(action.who for action in step.actions)]
        for who in sections:
            yield from (one for one in who if isinstance(one, Holder))
        for deadline in (self.first_response, self.matter, *(step.deadline for step in self.steps)):
            yield from deadline.heads() if deadline else ()

    def titles(self) -> frozenset[str]:
        """Return the duty titles that have to do with tickets of this process, and teams and groups as such."""
        answering = (title for step in self.steps if step.countersign for title in step.countersign.titles)
        return frozenset(holder.post_title for holder in self.holders()) | frozenset(answering)
