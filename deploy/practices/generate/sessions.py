"""The sessions that the demonstration's tickets rest on: one about each action that asks for one, just before it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from services.tickets.domain.deliberation import Attendee, Form, Opinion, Party
from services.tickets.domain.levels import Level
from services.tickets.domain.records import DeliberationRecord, SessionRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from deploy.practices.demonstration import City
    from deploy.practices.generate.tickets import Made
    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Entry

_BEFORE = timedelta(hours=3)
_LASTS = timedelta(minutes=90)
_MOST_CAME = 8
_FORMS = {"GRID": Form.COURTYARD, "BUILDING": Form.COURTYARD}


def sessions_of(city: City, made: Made, process: Process) -> Iterator[DeliberationRecord]:
    """Yield a deliberation, with its session, for each thing that was done on a ticket only after one."""
    since = made.entries[0].at
    for entry in made.entries:
        step = process.step(entry.from_step or "")
        action = next((one for one in (step.actions if step else ()) if one.code == entry.action), None)
        if action is not None and action.after is not None:
            yield _deliberation(city, made, entry, since, resolved=action.after == "resolution")
        since = entry.at


def _deliberation(city: City, made: Made, entry: Entry, since: datetime, *, resolved: bool) -> DeliberationRecord:
    ticket, opinion = made.ticket, entry.given.opinion or made.title
    starts = max(entry.at - _BEFORE, since + (entry.at - since) / 2)
    held = min(starts + _LASTS, entry.at)
    came = _attendees(city, entry, ticket.region_code, starts.date())
    heard = [party for party in (Party.BRANCH, Party.RESIDENTS) if any(one.party is party for one in came)]
    source = city.source
    session = SessionRecord(
        id=source.id("session", ticket.id, entry.seq),
        form=_FORMS.get(_level(ticket.region_code), Form.HALL),
        place="居民议事会",
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
        parties=(Party.BRANCH, Party.RESIDENTS),
        begun_at=since,
        ticket=ticket.id,
        sessions=(session,),
        resolution=opinion if resolved else None,
        agreed=True if resolved else None,
        resolved_at=held if resolved else None,
    )


def _level(code: str) -> str:
    return next(level.name for level in Level if level.value == len(code))


def _attendees(city: City, entry: Entry, code: str, day: date) -> tuple[Attendee, ...]:
    """Return who came: who did it, for the branch, and people in duty near by, for the residents."""
    chair = UUID(entry.by)
    community, grid = code[: Level.COMMUNITY.value], code[: Level.GRID.value]
    near = [one.code for one in city.tree.at("BUILDING") if one.code.startswith(grid)][:_MOST_CAME]
    found: dict[UUID, None] = {}
    for title in city.practice.duty_titles:
        for place in (community, grid, *near):
            person = city.staff.holder_at(title.code, place, day)
            if person is not None and person != chair:
                found[person] = None
    residents = [Attendee(person, Party.RESIDENTS) for person in [*found][:_MOST_CAME]]
    return (Attendee(chair, Party.BRANCH), *residents)
