"""The demonstration's tickets: as many as the practice says, each walked through its process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from deploy.practices.generate.journeys import Ground, Journey, OutOfTime, Plan, ordinary_action
from deploy.practices.generate.moments import at_work, resident_moment
from deploy.practices.generate.regions import address
from deploy.practices.generate.words import choose_words
from services.tickets.domain.calendar import ZONE, WorkingCalendar
from services.tickets.domain.levels import Level
from services.tickets.domain.process import RESIDENT, Holder, Kind, Outcome
from services.tickets.domain.ticket import Actor, Given, Held
from services.tickets.domain.transition import raise_ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from deploy.practices.demonstration import City
    from deploy.practices.model import DemonstrationTickets, Matters
    from services.org.domain.records import RegionRecord
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Entry, Ticket

_YEAR = timedelta(days=365)
_LAST_RAISED = timedelta(days=14)
"""So long before the date the last ticket is raised that is still carried through."""
_PACES = (0.7, 0.35, 0.15, 0.05)
"""Shares of the time allowed that are used at most; the next one when the last ends after the date."""
_NEIGHBOURS = 40
"""How many residents of a grid take part in evaluations."""
_SHOWN_GRIDS = 2
"""In how many grids the open tickets are, so that a tour finds one at every step in one place."""
_BY_STAFF = 0.12
"""The share of tickets that people in duty raise for somebody."""


@dataclass(frozen=True, slots=True)
class Made:
    """A ticket of the demonstration: where it is now, all that was done, and what the resident wrote."""

    ticket: Ticket
    entries: list[Entry]
    title: str
    description: str
    requester_name: str = ""


class _Maker:
    def __init__(self, city: City, wanted: DemonstrationTickets, process: Process, matters: Matters) -> None:
        date_ = city.practice.demonstration.date
        self._city = city
        self._wanted = wanted
        self._matters = matters
        self._process = process
        self._date = date_
        until = datetime.combine(date_ + timedelta(days=1), time.min, ZONE)
        self._ground = Ground(city, process, WorkingCalendar(city.practice.calendar), until, wanted.responsible)
        self._done = next(end.code for end in process.ends if end.outcome is Outcome.DONE)
        raisers = process.raising.who
        by_duty = any(isinstance(one, Holder) for one in raisers)
        self._by_staff = (_BY_STAFF if by_duty else 0) if RESIDENT in raisers else 1
        self._ordinary = list(_ordinary_way(process))

    def make(self) -> Iterator[Made]:
        first = self._date - _YEAR + timedelta(days=1)
        span = (self._date - _LAST_RAISED - first).days
        for number, plan in enumerate(self._plans()):
            random = self._city.source.random(f"tickets/{self._process.code}/{number}")
            day = first + timedelta(days=random.randint(0, span))
            yield self._walk(plan, f"{number}", self._anywhere(random), day, random)
        for place, step in enumerate(self._ordinary, start=1):
            for number, region in zip(range(self._wanted.open_at_each_step), self._shown(), strict=False):
                random = self._city.source.random(f"tickets/{self._process.code}/{step}/{number}")
                day = self._ground.calendar.working_day_before(self._date, place)
                yield self._walk(Plan(step), f"{step}/{number}", region, day, random)

    def _plans(self) -> Iterator[Plan]:
        """Yield what becomes of the tickets that end: which are returned, late or reopened is drawn by lot."""
        wanted, random = self._wanted, self._city.source.random(f"plans/{self._process.code}")
        numbers = range(wanted.carried_through)
        returned, late, reopened = (
            set(random.sample(numbers, count)) for count in (wanted.returned, wanted.late, wanted.reopened)
        )
        returning = cycle(self._steps_with(Kind.RETURN))
        leaving = cycle(self._timed())
        for number in numbers:
            yield Plan(
                self._done,
                returned_at=next(returning) if number in returned else "",
                late_at=next(leaving) if number in late else "",
                reopened=number in reopened,
            )
        refusing = cycle(self._steps_with(Kind.REFUSE))
        for _ in range(wanted.refused):
            at = next(refusing)
            yield Plan(self._refused_from(at), Kind.REFUSE, at)
        withdrawal = self._process.withdrawal
        for place, _ in zip(cycle(withdrawal.out_of if withdrawal else ()), range(wanted.withdrawn), strict=False):
            yield Plan(withdrawal.to if withdrawal else "", Kind.WITHDRAW, place)

    def _steps_with(self, kind: Kind) -> list[str]:
        steps = [self._process.step(code) for code in self._ordinary]
        return [step.code for step in steps if step and any(action.kind is kind for action in step.actions)]

    def _timed(self) -> list[str]:
        """Return the steps that can be late: those with a deadline after which they do not end by themselves."""
        steps = [self._process.step(code) for code in self._ordinary]
        return [step.code for step in steps if step and step.deadline and step.deadline.lapse_to is None]

    def _refused_from(self, code: str) -> str:
        step = self._process.step(code)
        return next(one.to or "" for one in (step.actions if step else ()) if one.kind is Kind.REFUSE)

    def _anywhere(self, random: Random) -> RegionRecord:
        level = random.choice(self._process.raising.levels)
        return random.choice(self._city.tree.at(level))

    def _shown(self) -> Iterator[RegionRecord]:
        """Yield the regions of the open tickets, the same for every step: a tour finds them in one place."""
        lowest = max(self._process.raising.levels, key=lambda name: Level[name].value)
        grids = self._city.tree.at("GRID")
        return (self._city.tree.within(lowest, grid.code)[0] for grid in cycle(grids[:_SHOWN_GRIDS]))

    def _walk(self, plan: Plan, name: str, region: RegionRecord, day: date, random: Random) -> Made:
        """Walk one ticket by `plan`, faster each time until it is where it should be by the date."""
        requester_name = self._city.source.person_name()
        state = random.getstate()
        for pace in _PACES:
            random.setstate(state)
            journey, made = self._begin(name, region, day, random, pace, plan)
            try:
                journey.follow(plan)
            except OutOfTime:
                continue
            return replace(made, ticket=journey.ticket, entries=journey.entries, requester_name=requester_name)
        raise ValueError(f"a ticket raised on {day} does not come to {plan.goal} by {self._date}")

    def _begin(
        self, name: str, region: RegionRecord, day: date, random: Random, pace: float, plan: Plan
    ) -> tuple[Journey, Made]:
        """Raise a ticket: what it is about, by whom and when."""
        source, process = self._city.source, self._process
        categories = {category.code for category in process.categories}
        words = choose_words(self._matters, address(self._city.tree, region.code), random)
        grid = region.code[: Level.GRID.value]
        neighbours = [str(source.id("resident", grid, number)) for number in range(_NEIGHBOURS)]
        resident = Actor(random.choice(neighbours), resident_in=(region.code,))
        actor, at = resident, resident_moment(random, day)
        if not plan.needs_requester and random.random() < self._by_staff:
            actor, at = self._on_behalf(region.code, at, random) or (actor, at)
        transition = raise_ticket(
            process,
            id_=source.id("ticket", process.code, name),
            number=name,
            region_id=region.id,
            region_code=region.code,
            category=words.category if words.category in categories else None,
            given=Given(),
            actor=actor,
            at=at,
            calendar=self._ground.calendar,
        )
        made = Made(transition.ticket, [], words.title(), words.content())
        journey = Journey(
            self._ground, words, random, pace, transition.ticket, actor.subject, neighbours, [transition.entry]
        )
        return journey, made

    def _on_behalf(self, code: str, at: datetime, random: Random) -> tuple[Actor, datetime] | None:
        """Return somebody in duty who raises a ticket for a resident, and when; None when there is nobody."""
        holder = random.choice([one for one in self._process.raising.who if isinstance(one, Holder)])
        region = holder.region_of(code)
        person = self._city.staff.holder_at(holder.title, region, at.date()) if region else None
        if person is None or region is None:
            return None
        actor = Actor(str(person), duties=(Held(holder.title, region),))
        return actor, at_work(at, random, self._ground.calendar)


def _ordinary_way(process: Process) -> Iterator[str]:
    """Yield the steps that a ticket goes through when nothing sends it elsewhere."""
    step = process.step(process.raising.to)
    while step is not None:
        yield step.code
        step = process.step(ordinary_action(step.actions).to or "")


def make_tickets(city: City, wanted: DemonstrationTickets, process: Process, matters: Matters) -> list[Made]:
    """Return the tickets of one process, in the order in which they were raised."""
    return sorted(
        _Maker(city, wanted, process, matters).make(), key=lambda made: (made.ticket.raised_at, made.ticket.id)
    )
