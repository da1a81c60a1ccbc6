"""The demonstration's joint work: matters divided among teams, each part walked through its process."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from deploy.practices.generate.journeys import Ground, Journey, OutOfTime, Plan, Progress
from deploy.practices.generate.moments import resident_moment
from deploy.practices.generate.regions import address
from deploy.practices.generate.tickets import Made
from deploy.practices.generate.words import choose_words
from services.tickets.domain.calendar import ZONE, WorkingCalendar
from services.tickets.domain.dividing import ChildWanted, Link
from services.tickets.domain.process import Outcome
from services.tickets.domain.ticket import Actor, Given
from services.tickets.domain.transition import raise_ticket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from random import Random

    from deploy.practices.demonstration import City
    from deploy.practices.model_matters import Matters
    from deploy.practices.model_tickets import DemonstrationFamilies, DemonstrationJointWork
    from services.org.domain.records import CommunityProfileRecord, RegionRecord
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Entry, Transition

_YEAR, _LAST_RAISED = timedelta(days=365), timedelta(days=45)
"""Matters are raised in the year up to the date, the last one so long before it."""
_PACES = (0.7, 0.35, 0.15)
_NEIGHBOURS = 5
_SWEPT = timedelta(seconds=5)
"""After the end of the last child its parent goes on."""


class _Maker:
    def __init__(
        self,
        city: City,
        wanted: DemonstrationJointWork,
        processes: Mapping[str, Process],
        matters: Matters,
        profiles: Iterable[CommunityProfileRecord],
    ) -> None:
        self._city, self._matters = city, matters
        self._process, self._task = processes[wanted.process], processes[wanted.task]
        self._calendar = WorkingCalendar(city.practice.calendar)
        self._name = city.source.names(f"joint work/{wanted.process}")
        self._of_type: dict[str, list[str]] = {}
        for profile in profiles:
            self._of_type.setdefault(profile.type, []).append(profile.region_code)

    def families(self, wanted: DemonstrationFamilies, today: date) -> Iterator[Made]:
        """Yield the tickets of the matters of one type of communities."""
        last = self._city.practice.demonstration.date
        random = self._city.source.random(f"joint work/{wanted.type}")
        codes = random.sample(self._of_type[wanted.type], wanted.count + wanted.open)
        for number, code in enumerate(codes):
            grid = random.choice(self._city.tree.within("GRID", code))
            if number < wanted.count:
                days = random.randrange((_YEAR - _LAST_RAISED).days)
                yield from self._done(wanted, grid, last - _YEAR + timedelta(days=1 + days), random)
            else:
                day = self._calendar.working_day_before(today, 2)
                yield from self._family(wanted, grid, day, random, Progress(self._ground(today), _PACES[-1]), None)

    def _ground(self, until: date, process: Process | None = None) -> Ground:
        end = datetime.combine(until, time.min, ZONE)
        return Ground(self._city, process or self._process, self._calendar, end, None)

    def _done(self, wanted: DemonstrationFamilies, grid: RegionRecord, day: date, random: Random) -> list[Made]:
        """Return a matter with its parts, faster each time until all of it is done by the date."""
        until = self._city.practice.demonstration.date + timedelta(days=1)
        state = random.getstate()
        for pace in _PACES:
            random.setstate(state)
            try:
                progress = Progress(self._ground(until), pace)
                return self._family(wanted, grid, day, random, progress, _end(self._process))
            except OutOfTime:
                continue
        raise ValueError(f"joint work raised on {day} is not done by {until}")

    def _family(
        self,
        wanted: DemonstrationFamilies,
        grid: RegionRecord,
        day: date,
        random: Random,
        progress: Progress,
        goal: str | None,
    ) -> list[Made]:
        """Return a matter and its parts, which wait for their teams without a `goal`."""
        source, place = self._city.source, address(self._city.tree, grid.code)
        words = choose_words(self._matters, place, random, wanted.type)
        neighbours = [str(source.id("resident", grid.code, number)) for number in range(_NEIGHBOURS)]
        name = f"{grid.code}/{day}"
        begun = raise_ticket(
            self._process,
            id_=source.id("ticket", self._process.code, name),
            number=name,
            region_id=grid.id,
            region_code=grid.code,
            category=None,
            given=Given(),
            actor=Actor(random.choice(neighbours), resident_in=(grid.code,)),
            at=resident_moment(random, day, in_the_evening=goal is None),
            calendar=self._calendar,
        )
        asker = begun.entry.by
        journey = Journey(progress, words, random, begun.ticket, asker, neighbours, [begun.entry])
        made = Made(begun.ticket, [], words.title(), words.content(), self._name(), words.category)
        about = [choose_words(self._matters, place, random, team) for team in wanted.teams]
        children = tuple(
            ChildWanted(
                id=source.id("ticket", self._task.code, name, one.category),
                process=self._task.code,
                region_code=grid.code,
                title=one.title(),
                description=one.content(),
                category=one.category,
            )
            for one in about
        )
        entry = journey.divide(children)
        link = Link(journey.ticket.id, journey.ticket.visits, 1, entry.acted_as)
        ground = replace(progress.ground, process=self._task)
        parts = []
        for child, said in zip(children, about, strict=True):
            part = self._part(child, link, entry, grid)
            walk = Journey(Progress(ground, progress.pace), said, random, part.ticket, asker, neighbours, [part.entry])
            if goal is not None:
                walk.follow(Plan(_end(self._task)))
            parts.append(Made(walk.ticket, walk.entries, child.title, child.description, category=said.category))
        if goal is not None:
            journey.gather(max(one.entries[-1].at for one in parts) + _SWEPT)
            journey.follow(Plan(goal))
        return [replace(made, ticket=journey.ticket, entries=journey.entries), *parts]

    def _part(self, child: ChildWanted, link: Link, opened: Entry, grid: RegionRecord) -> Transition:
        """Open a child ticket at the moment at which its parent was divided."""
        return raise_ticket(
            self._task,
            id_=child.id,
            number=str(child.id),
            region_id=grid.id,
            region_code=grid.code,
            category=child.category,
            link=link,
            given=Given(),
            actor=Actor(opened.by),
            at=opened.at,
            calendar=self._calendar,
        )


def _end(process: Process) -> str:
    return next(end.code for end in process.ends if end.outcome is Outcome.DONE)


def make_joint_work(
    city: City,
    wanted: DemonstrationJointWork,
    processes: Mapping[str, Process],
    matters: Matters,
    profiles: Iterable[CommunityProfileRecord],
    today: date,
) -> list[Made]:
    """Return the matters that teams worked on together, with their parts; those under way are of `today`."""
    maker = _Maker(city, wanted, processes, matters, profiles)
    return [made for families in wanted.families for made in maker.families(families, today)]
