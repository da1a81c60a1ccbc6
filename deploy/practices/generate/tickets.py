"""The demonstration's tickets: as many as the practice says, each walked through its process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from deploy.practices.generate.files import photograph
from deploy.practices.generate.journeys import Ground, Journey, OutOfTime, Plan, Progress
from deploy.practices.generate.moments import at_work, resident_moment
from deploy.practices.generate.plans import needs_requester, ordinary_way, plans_of
from deploy.practices.generate.regions import address
from deploy.practices.generate.results import with_deliverables
from deploy.practices.generate.words import choose_words
from services.tickets.domain.calendar import ZONE, WorkingCalendar
from services.tickets.domain.levels import Level
from services.tickets.domain.process import RESIDENT, Holder, Input, Kind
from services.tickets.domain.ticket import Actor, Given, Held
from services.tickets.domain.transition import raise_ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from deploy.practices.demonstration import City
    from deploy.practices.model_matters import Matters
    from deploy.practices.model_tickets import DemonstrationTickets
    from services.org.domain.records import RegionRecord
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Entry, Ticket

_YEAR = timedelta(days=365)
_LAST_RAISED = timedelta(days=14)
"""So long before the date the last ticket is raised that is still carried through."""
_PACES = (0.7, 0.35, 0.15, 0.05)
"""Shares of the time allowed that are used at most; the next one when the last ends after the date."""
_EARLIER = range(30, 95, 5)
"""So many days before, where it does not end by the date at any pace."""
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
    category: str = ""
    """Of the matters, whether or not the process has categories."""


class _Maker:
    def __init__(self, city: City, wanted: DemonstrationTickets, process: Process, matters: Matters) -> None:
        self._city = city
        self._wanted = wanted
        self._matters = matters
        self._process = process
        self._calendar = WorkingCalendar(city.practice.calendar)
        self._name = city.source.names(f"tickets/{process.code}")
        raisers = process.raising.who
        by_duty = any(isinstance(one, Holder) for one in raisers) and not needs_requester(process)
        self._residents: dict[str, list[str]] = {}
        self._by_staff = (_BY_STAFF if by_duty else 0) if RESIDENT in raisers else 1

    def year(self) -> Iterator[Made]:
        """Yield the tickets that ended in the year up to the demonstration's date."""
        last = self._city.practice.demonstration.date
        ground = self._ground(last + timedelta(days=1))
        first = last - _YEAR + timedelta(days=1)
        span = (last - _LAST_RAISED - first).days
        chance = self._city.source.random(f"plans/{self._process.code}")
        for number, plan in enumerate(plans_of(self._wanted, self._process, chance)):
            random = self._city.source.random(f"tickets/{self._process.code}/{number}")
            day = first + timedelta(days=random.randint(0, span))
            yield self._walk(plan, f"{number}", self._anywhere(random), day, random, ground)

    def under_way(self, today: date) -> Iterator[Made]:
        """Yield tickets at every step that came there in the working days before `today`."""
        ground = self._ground(today)
        for place, step in enumerate(ordinary_way(self._process), start=1):
            day = self._calendar.working_day_before(today, place)
            for number, region in zip(range(self._wanted.open_at_each_step), self._shown(), strict=False):
                random = self._city.source.random(f"tickets/{self._process.code}/{step}/{number}")
                yield self._walk(Plan(step, is_open=True), f"{step}/{number}", region, day, random, ground)

    def _ground(self, until: date) -> Ground:
        end = datetime.combine(until, time.min, ZONE)
        wanted = self._wanted
        return Ground(self._city, self._process, self._calendar, end, wanted.responsible, wanted.invited)

    def _anywhere(self, random: Random) -> RegionRecord:
        level = random.choice(self._process.raising.levels)
        return random.choice(self._city.tree.at(level))

    def _shown(self) -> Iterator[RegionRecord]:
        """Yield the regions of the open tickets, the same for every step: a tour finds them in one place."""
        lowest = max(self._process.raising.levels, key=lambda name: Level[name].value)
        codes = [grid.code[: Level[lowest].value] for grid in self._city.tree.at("GRID")[:_SHOWN_GRIDS]]
        return (self._city.tree.within(lowest, code)[0] for code in cycle(codes))

    def _walk(self, plan: Plan, name: str, region: RegionRecord, day: date, random: Random, ground: Ground) -> Made:
        """Walk one ticket by `plan`, faster each time until it is where it should be by the end."""
        requester_name = self._name()
        state = random.getstate()
        # What cannot be carried through by the end at any pace was raised earlier, as much as it takes.
        earlier = ((_PACES[-1], day - timedelta(days=days)) for days in _EARLIER)
        for pace, begun in (*((pace, day) for pace in _PACES), *earlier):
            random.setstate(state)
            journey, made = self._begin(plan, name, region, begun, random, Progress(ground, pace))
            try:
                journey.follow(plan)
            except OutOfTime:
                continue
            return replace(made, ticket=journey.ticket, entries=journey.entries, requester_name=requester_name)
        raise ValueError(f"a ticket raised on {day} does not come to {plan.goal} by {ground.until}")

    def _begin(
        self, plan: Plan, name: str, region: RegionRecord, day: date, random: Random, progress: Progress
    ) -> tuple[Journey, Made]:
        """Raise a ticket: what it is about, by whom and when."""
        source, process = self._city.source, self._process
        categories = {category.code for category in process.categories}
        place, is_refused = address(self._city.tree, region.code), plan.by is Kind.REFUSE
        words = choose_words(self._matters, place, random, plan.category, is_refused=is_refused)
        grid = region.code[: Level.GRID.value]
        neighbours = self._neighbours(grid)
        resident = Actor(random.choice(neighbours), resident_in=(region.code,))
        actor, at = resident, resident_moment(random, day, in_the_evening=plan.is_open)
        if self._by_staff == 1 or (not plan.needs_requester and random.random() < self._by_staff):
            actor, at = self._on_behalf(region.code, at, random) or (actor, at)
        channels = [one.code for one in process.channels]
        channel = source.random(f"channel/{process.code}/{name}").choice(channels) if channels else None
        id_ = source.id("ticket", process.code, name)
        files = (photograph(id_),) if Input.ATTACHMENTS in process.raising.requires else ()
        transition = raise_ticket(
            process,
            id_=id_,
            number=name,
            region_id=region.id,
            region_code=region.code,
            category=words.category if words.category in categories else None,
            channel=channel,
            given=Given(attachments=files),
            actor=actor,
            at=at,
            calendar=self._calendar,
        )
        made = Made(transition.ticket, [], words.title(), words.content(), category=words.category)
        journey = Journey(progress, words, random, transition.ticket, actor.subject, neighbours, [transition.entry])
        return journey, made

    def _neighbours(self, grid: str) -> list[str]:
        """Return residents of a grid; they are the same for all its tickets."""
        if grid not in self._residents:
            made = (self._city.source.id("resident", grid, number) for number in range(_NEIGHBOURS))
            self._residents[grid] = [str(one) for one in made]
        return self._residents[grid]

    def _on_behalf(self, code: str, at: datetime, random: Random) -> tuple[Actor, datetime] | None:
        """Return somebody in duty who raises a ticket for a resident, and when; None when there is nobody."""
        holders = [one for one in self._process.raising.who if isinstance(one, Holder)]
        chosen = random.choice(holders)
        # Where residents raise tickets too they do when nobody holds the chosen duty; else who holds another does.
        for holder in [chosen, *holders] if self._by_staff == 1 else [chosen]:
            region = holder.region_of(code)
            person = self._city.staff.holder_at(holder.post_title, region, at.date()) if region else None
            if person is not None and region is not None:
                actor = Actor(str(person), duties=(Held(holder.post_title, region),))
                return actor, at_work(at, random, self._calendar)
        return None


def make_tickets(
    city: City, wanted: DemonstrationTickets, process: Process, matters: Matters, today: date
) -> list[Made]:
    """Return the tickets of one process, in the order in which they were raised; those under way are of `today`."""
    maker = _Maker(city, wanted, process, matters)
    made = [*with_deliverables(list(maker.year()), wanted.deliverables), *maker.under_way(today)]
    return sorted(made, key=lambda one: (one.ticket.raised_at, one.ticket.id))
