"""The sessions that the demonstration's tickets rest on: one about each action that asks for one, just before it."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from services.tickets.domain.calendar import DAY, at, local_day
from services.tickets.domain.deliberation import Attendee, Form, Opinion, Party
from services.tickets.domain.levels import Level
from services.tickets.domain.process import Outcome
from services.tickets.domain.records import DeliberationRecord, SessionRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from deploy.practices.demonstration import City
    from deploy.practices.generate.tickets import Made
    from deploy.practices.model_tickets import OtherParty
    from services.org.domain.records import StationRecord
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Entry

_BEFORE = timedelta(hours=3)
_LASTS = timedelta(minutes=90)
_EVENING, _WEEKEND = time(19), time(9, 30)
"""When people can come: after work, and on days off in the morning."""
_DAYS_OFF = {5, 6}
_MOST_CAME = 8
_FUNCTION = "议事协商"
"""What stations are for in which sessions are held."""
_FORMS = {"GRID": Form.COURTYARD, "BUILDING": Form.COURTYARD}


def sessions_of(
    city: City, made: Made, process: Process, others: Mapping[OtherParty, str]
) -> Iterator[DeliberationRecord]:
    """Yield a deliberation, with its session, for each thing that was done on a ticket only after one.

    `others` are the parties that are heard beside branch and residents, each by the title of who speaks for it.
    """
    since = made.entries[0].at
    for entry in made.entries:
        step = process.step(entry.from_step or "")
        action = next((one for one in (step.actions if step else ()) if one.code == entry.action), None)
        if action is not None and action.after is not None:
            yield _deliberation(city, made, entry, since, others)
        since = entry.at


def _deliberation(
    city: City, made: Made, entry: Entry, since: datetime, others: Mapping[OtherParty, str]
) -> DeliberationRecord:
    """Return what was deliberated: put down when every party was heard, followed up when the ticket was done."""
    ticket, opinion = made.ticket, entry.given.opinion or entry.given.notice or made.title
    starts, kind = _occasion(city, since, entry.at)
    held = min(starts + _LASTS, entry.at)
    came = _attendees(city, entry, ticket.region_code, starts.date(), others)
    parties = (Party.BRANCH, *(Party[name] for name in others), Party.RESIDENTS)
    heard = [party for party in parties if any(one.party is party for one in came)]
    source, station = city.source, _station(city, ticket.region_code, starts.date())
    resolved = len(heard) == len(parties) and entry.to_step != entry.from_step
    outcome = _outcome(made) if resolved else None
    session = SessionRecord(
        id=source.id("session", ticket.id, entry.seq),
        kind=kind,
        form=_FORMS.get(_level(station.region_code if station else ticket.region_code), Form.HALL),
        place=station.name if station else "居民议事会",
        station=station.id if station else None,
        starts_at=starts,
        held_at=held,
        attendees=came,
        opinions=tuple(Opinion(party, opinion, agrees=True) for party in heard),
    )
    return DeliberationRecord(
        id=source.id("deliberation", ticket.id, entry.seq),
        region_id=ticket.region_id,
        region_code=ticket.region_code,
        matter=made.title,
        parties=parties,
        begun_at=since,
        ticket=ticket.id,
        sessions=(session,),
        resolution=opinion if resolved else None,
        agreed=True if resolved else None,
        resolved_at=held if resolved else None,
        follow_up=outcome,
        followed_up_at=ticket.ended_at if outcome else None,
    )


def _outcome(made: Made) -> str | None:
    """Return what was last said of how a ticket was carried out, once it is done."""
    if made.ticket.outcome is not Outcome.DONE:
        return None
    said = (entry.given.notice or entry.given.opinion for entry in reversed(made.entries))
    return next((one for one in said if one), None)


def _station(city: City, code: str, day: date) -> StationRecord | None:
    """Return where people deliberate, in the region itself, or else in its grid or community."""
    for near in dict.fromkeys((code, code[: Level.GRID.value], code[: Level.COMMUNITY.value])):
        for one in city.life.stations:
            if one.region_code == near and _FUNCTION in one.functions and one.opened_on <= day:
                return one
    return None


def _occasion(city: City, since: datetime, until: datetime) -> tuple[datetime, str | None]:
    """Return when a session begins between two instants, and of which kind it is.

    It is on the last day of a regular session between them, if there is one; else at no particular time just before.
    """
    kinds = city.practice.session_kinds
    last, first = local_day(until), local_day(since)
    days = (last - number * DAY for number in range((last - first).days + 1))
    for day in days if kinds else ():
        kind = next((one for one in kinds if one.is_held_on(day)), None)
        starts = at(day, _WEEKEND if day.weekday() in _DAYS_OFF else _EVENING)
        if kind is not None and since <= starts <= until - _LASTS:
            return starts, kind.code
    return max(until - _BEFORE, since + (until - since) / 2), None


def _level(code: str) -> str:
    return next(level.name for level in Level if level.value == len(code))


def _attendees(
    city: City, entry: Entry, code: str, day: date, others: Mapping[OtherParty, str]
) -> tuple[Attendee, ...]:
    """Return who came: who did it, for the branch, one for each other party, and for the residents people near by."""
    chair = UUID(entry.by)
    community, grid = code[: Level.COMMUNITY.value], code[: Level.GRID.value]
    near = [one.code for one in city.tree.at("BUILDING") if one.code.startswith(grid)][:_MOST_CAME]
    found: dict[UUID, None] = {}
    for title in city.practice.duty_titles:
        for place in (community, grid, *near):
            person = city.staff.holder_at(title.code, place, day)
            if person is not None and person != chair:
                found[person] = None
    spoke = [(_near(city, title, code, day), Party[name]) for name, title in others.items()]
    speakers = {person: party for person, party in spoke if person is not None and person != chair}
    residents = [Attendee(person, Party.RESIDENTS) for person in [one for one in found if one not in speakers]]
    more = (Attendee(person, party) for person, party in speakers.items())
    return (Attendee(chair, Party.BRANCH), *more, *residents[:_MOST_CAME])


def _near(city: City, title: str, code: str, day: date) -> UUID | None:
    """Return who holds a title in the region, or else in its grid or community."""
    levels = (Level.BUILDING, Level.GRID, Level.COMMUNITY)
    wanted = next(one.level for one in city.practice.duty_titles if one.code == title) or "COMMUNITY"
    for near in dict.fromkeys(code[: level.value] for level in levels):
        there = [one.code for one in city.tree.within(wanted, near)] or [near]
        people = (city.staff.holder_at(title, place, day) for place in there)
        if (person := next((one for one in people if one is not None), None)) is not None:
            return person
    return None
