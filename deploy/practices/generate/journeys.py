"""A ticket's way through its process, walked with the engine that runs it: what the engine refuses cannot come out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from deploy.practices.generate.moments import at_work, between
from services.tickets.domain.actions import offered
from services.tickets.domain.calendar import local_day
from services.tickets.domain.clock import ClockKind
from services.tickets.domain.countersigning import open_seats
from services.tickets.domain.deadline import due
from services.tickets.domain.deliverables import Delivered
from services.tickets.domain.process import INVITED, REQUESTER, RESIDENT, Holder, Input, Kind
from services.tickets.domain.ticket import Actor, Given, Held
from services.tickets.domain.transition import act, go_by_itself, lapse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from random import Random
    from uuid import UUID

    from deploy.practices.demonstration import City
    from deploy.practices.generate.words import Words
    from services.org.domain.records import OrganisationRecord
    from services.tickets.domain.actions import Offered
    from services.tickets.domain.calendar import WorkingCalendar
    from services.tickets.domain.dividing import ChildWanted
    from services.tickets.domain.process import Action, Process, Who
    from services.tickets.domain.ticket import Entry, Ticket

_ASIDE = frozenset({Kind.RETURN, Kind.REFUSE, Kind.WITHDRAW, Kind.REOPEN})
"""What leads back or to another end."""
_MOST_ACTS = 60
_AMOUNTS = (800_00, 20_000_00)
"""What is set aside and spent, in 0.01 yuan."""
_GOOD, _BAD = (4, 5, 5), (1, 2)


def ordinary_action(actions: Sequence[Action]) -> Action | None:
    """Return the action of a step by which a ticket goes on; None when it only lapses.

    Organisations are invited, and wait for one another, only where a ticket goes on in no other way.
    """
    onward = [one for one in actions if one.to is not None and one.kind not in _ASIDE]
    return next((one for one in onward if one.kind is not Kind.INVITE), next(iter(onward), None))


class OutOfTime(Exception):
    """The journey would go on after its end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall become of a ticket: `goal` is the step or end to reach; `detour` what happens on the way."""

    goal: str
    by: Kind | None = None
    """The kind of action that ends it, when it is not the ordinary way: refuse or withdraw."""
    at: str = ""
    """The step in which that happens."""
    returned_at: str = ""
    """The step in which it is sent back once."""
    late_at: str = ""
    """The step that is left only after its deadline."""
    reopened: bool = False
    category: str = ""
    """The category that it is of; empty for any."""
    is_open: bool = False
    """Whether it stays under way, for somebody to act on."""

    @property
    def needs_requester(self) -> bool:
        """Whether a resident must raise the ticket, who can evaluate, withdraw or reopen it."""
        return self.reopened or self.is_open or self.by is Kind.WITHDRAW


@dataclass(frozen=True, slots=True)
class Ground:
    """What every journey stands on."""

    city: City
    process: Process
    calendar: WorkingCalendar
    until: datetime
    """Nothing happens from here on."""
    responsible: str | None
    """The kind of organisation that is named to carry things out."""
    invited: Sequence[str] = ()
    """The kinds of organisations that are invited."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How fast a journey goes."""

    ground: Ground
    pace: float
    """The share of the time allowed that is used at most, above 0."""


@dataclass(slots=True)
class Journey:
    """One ticket on its way; `entries` is what was done to it so far."""

    progress: Progress
    words: Words
    random: Random
    ticket: Ticket
    requester: str
    neighbours: Sequence[str]
    entries: list[Entry] = field(default_factory=list)

    @property
    def ground(self) -> Ground:
        """What it stands on."""
        return self.progress.ground

    def follow(self, plan: Plan) -> None:
        """Go on until the goal is reached. Raises OutOfTime, or what the engine raises when the plan is no way."""
        for _ in range(_MOST_ACTS):
            if self.ticket.step == plan.goal and not (plan.reopened and self.ticket.round == 0):
                return
            if self.ticket.step == plan.goal:
                self._do(next(one for one in self._offered() if one.action.kind is Kind.REOPEN), plan)
            elif plan.by and self.ticket.step == plan.at:
                self._do(next(one for one in self._offered() if one.action.kind is plan.by), plan)
            else:
                self._go_on(plan)
        raise ValueError(f"{plan.goal} is not reached")

    def divide(self, children: tuple[ChildWanted, ...]) -> Entry:
        """Divide the ticket among children, and return that line of its timeline. Raises OutOfTime."""
        one = next(one for one in self._offered() if one.action.kind is Kind.DIVIDE)
        self._do(one, Plan(one.action.to or self.ticket.step), Given(children=children))
        return self.entries[-1]

    def gather(self, at: datetime) -> None:
        """Let the ticket go on by itself, as all its children have ended."""
        step = self.ground.process.step(self.ticket.step)
        to = step.children.to if step and step.children else None
        if to is None:
            raise ValueError(f"{self.ticket.step} waits for no children")
        made = go_by_itself(self.ground.process, self.ticket, Kind.GATHER, to, at, self.ground.calendar)
        self.ticket = made.ticket
        self.entries.append(made.entry)

    def _go_on(self, plan: Plan) -> None:
        """Send it back once where the plan says so, else take the ordinary action of the step."""
        step, choices = self.ticket.step, list(self._offered())
        sent_back = any(entry.kind is Kind.RETURN for entry in self.entries)
        if step == plan.returned_at and not sent_back:
            self._do(next(one for one in choices if one.action.kind is Kind.RETURN), plan)
            return
        for one in choices:
            if one.action.to is None and one.action.kind is Kind.EVALUATE:
                for _ in range(self.random.choice((0, 1, 2))):
                    self._do(one, plan)
        chosen = ordinary_action([one.action for one in choices])
        if chosen is None:
            self._lapse()
            return
        self._note(choices, plan)
        self._do(next(one for one in choices if one.action is chosen), plan)

    def _note(self, choices: Sequence[Offered], plan: Plan) -> None:
        """Write down once, before the ticket goes on, what money is set aside and how far the work is."""
        for one in choices:
            if one.action.to is None and one.action.kind in {Kind.DECIDE, Kind.ADVANCE}:
                self._do(one, plan)

    def _lapse(self) -> None:
        """Let the step end by itself. Raises OutOfTime."""
        process, calendar = self.ground.process, self.ground.calendar
        clock = next(clock for clock in self.ticket.clocks if clock.kind is ClockKind.STEP)
        at = max(clock.due_at or self.ground.until, self.ticket.changed_at)
        if at >= self.ground.until:
            raise OutOfTime
        made = lapse(process, self.ticket, at, calendar)
        self.ticket = made.ticket
        self.entries.append(made.entry)

    def _offered(self) -> Sequence[Offered]:
        return list(offered(self.ground.process, self.ticket.step))

    def _do(self, one: Offered, plan: Plan, given: Given | None = None) -> None:
        day = local_day(self.ticket.changed_at)
        found = self._actor(one.who, one.action, day)
        if found is None:
            if one.action.to is None:
                return
            raise ValueError(f"nobody can {one.action.code} in {self.ticket.region_code}")
        actor, on_duty = found
        at = self._moment(plan, on_duty=on_duty)
        if at >= self.ground.until:
            raise OutOfTime
        satisfied = not (plan.reopened and self.ticket.round == 0)
        transition = act(
            self.ground.process,
            self.ticket,
            given or self._given(one.action, satisfied=satisfied),
            actor,
            kind=one.action.kind,
            code=one.action.code,
            expected_version=self.ticket.version,
            at=at,
            calendar=self.ground.calendar,
        )
        self.ticket = transition.ticket
        self.entries.append(transition.entry)

    def _moment(self, plan: Plan, *, on_duty: bool) -> datetime:
        ground, now = self.ground, self.ticket.changed_at
        clock = next((clock for clock in self.ticket.clocks if clock.kind is ClockKind.STEP), None)
        until = clock.due_at if clock and clock.due_at else now + timedelta(days=3)
        reopening = ground.process.reopening
        if self.ticket.outcome is not None and reopening:
            until = due(reopening.within, self.ticket.entered_at, ground.calendar).at
        is_late = plan.late_at == self.ticket.step and self.ticket.round == 0
        if clock and is_late and now < until:
            overdue = timedelta(hours=self.random.randrange(2, 60))
            return at_work((until + overdue).replace(microsecond=0), self.random, ground.calendar)
        if until <= now:
            until = now + timedelta(days=3)
        return between(self.random, now, until, pace=self.progress.pace, on_duty=on_duty, calendar=ground.calendar)

    def _actor(self, who: Sequence[Who], action: Action, day: date) -> tuple[Actor, bool] | None:
        """Return who does it, and whether in duty; with evaluations, only who has not evaluated yet."""
        done = {mark.by for mark in self.ticket.marks if mark.action == action.code}
        if action.kind is Kind.EVALUATE:
            done |= {one.by for one in self.ticket.evaluations if one.round == self.ticket.round}
        groups = [[each for each in self._candidates(one, day) if each[0].subject not in done] for one in who]
        found = [group for group in groups if group]
        if action.kind is Kind.EVALUATE:
            mine = [[each for each in group if each[0].subject == self.requester] for group in found]
            found = [group for group in mine if group] or found
        return self.random.choice(self.random.choice(found)) if found else None

    def _candidates(self, who: Who, day: date) -> list[tuple[Actor, bool]]:
        region_code = self.ticket.region_code
        if who == REQUESTER:
            return [(Actor(self.requester), False)] if self.ticket.requester else []
        if who == RESIDENT:
            return [(Actor(one, resident_in=(region_code,)), False) for one in self.neighbours]
        if who == INVITED:
            seats = sorted(open_seats(self.ground.process, self.ticket), key=lambda seat: (seat.title, seat.body))
            found = ((self.ground.city.staff.sits_in(seat.title, seat.body, region_code, day), seat) for seat in seats)
            return [(Actor(str(person), seats=(seat,)), True) for person, seat in found if person is not None]
        assert isinstance(who, Holder), "the only other kind of actor"  # noqa: S101 (narrows the type)
        region = who.region_of(region_code)
        person = self.ground.city.staff.holder_at(who.post_title, region, day) if region else None
        if person is None or region is None:
            return []
        return [(Actor(str(person), duties=(Held(who.post_title, region),)), True)]

    def _given(self, action: Action, *, satisfied: bool) -> Given:
        """Return what is written on the sheet: all that the action requires, and most of what it may take."""
        random, words = self.random, self.words
        takes_opinion, takes_unit = action.takes(Input.OPINION), action.takes(Input.RESPONSIBLE)
        names_unit = takes_unit and (self.ticket.responsible is None or Input.RESPONSIBLE in action.requires)
        unit = self._responsible() if names_unit else None
        opinion = words.opinion(action.kind, satisfied=satisfied) if takes_opinion else None
        if opinion is None and Input.OPINION in action.requires:
            opinion = words.progress()
        return Given(
            reason=words.reason(action.kind) if Input.REASON in action.requires else None,
            opinion=opinion,
            notice=words.notice() if Input.NOTICE in action.requires else None,
            rating=random.choice(_GOOD if satisfied else _BAD) if Input.RATING in action.requires else None,
            responsible=unit.id if unit else None,
            deliverables=self._deliverables() if Input.DELIVERABLES in action.requires else (),
            amount=random.randint(*_AMOUNTS) // 100_00 * 100_00 if Input.AMOUNT in action.requires else None,
            invited=self._invited(action) if Input.INVITED in action.requires else (),
            grounds=self._grounds(action) if Input.GROUNDS in action.may else None,
        )

    def _grounds(self, action: Action) -> UUID | None:
        """Return the item of entry control on which a refusal rests."""
        code = self.words.case.grounds if action.kind is Kind.REFUSE else None
        return self.ground.city.source.id("admission item", code) if code else None

    def _deliverables(self) -> tuple[Delivered, ...]:
        return (Delivered(self.ground.process.deliverables[0].code, 1),)

    def _invited(self, action: Action) -> tuple[UUID, ...]:
        """Return an organisation of each wanted kind, there or above, in which somebody can answer."""
        step = self.ground.process.step(action.to or "")
        titles = step.countersign.titles if step and step.countersign else ()
        staff, code, day = self.ground.city.staff, self.ticket.region_code, local_day(self.ticket.changed_at)
        found: list[UUID] = []
        for kind in self.ground.invited:
            here = staff.organisations_above(kind, code)
            answering = [one.id for one in here if any(staff.sits_in(title, one.id, code, day) for title in titles)]
            found += [self.random.choice(answering)] if answering else []
        return tuple(found)

    def _responsible(self) -> OrganisationRecord | None:
        kind = self.ground.responsible
        return self.ground.city.staff.organisation_at(kind, self.ticket.region_code) if kind else None
