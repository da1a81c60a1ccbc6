"""Histories of tickets, replayed by the rules that the import replays by, once for each day and course.

A ticket of the city is a history with its own id, region, words and people put in: which they are decides nothing about
when what was due, so that its rows are those that the service would have written.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from services.tickets.commands.import_tickets import add_rows
from services.tickets.domain.calendar import ZONE, WorkingCalendar
from services.tickets.domain.clock import RungKind, brought_before, rungs
from services.tickets.domain.process import Process
from services.tickets.domain.records import Act, Raised, TicketRecord
from services.tickets.domain.replay import replay
from services.tickets.storage import tables as t
from tests.bench.city.copying import line

if TYPE_CHECKING:
    from sqlalchemy import Table

    from services.tickets.domain.ticket import Ticket

DAYS = 730
RECENT = 20
"""Days within which most of what is under way was raised."""
SLOTS = (time(9, 10), time(14, 40))
TABLES = (t.ticket, t.wording, t.entry, t.clock, t.evaluation, t.rung)

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_ID, _REGION, _OFFICE = UUID(int=0xA1), UUID(int=0xA2), UUID(int=0xA3)
_GRID = "990099009900990"
_PEOPLE = {
    "grid_worker": UUID(int=0xB1),
    "grid_branch_secretary": UUID(int=0xB2),
    "community_secretary": UUID(int=0xB3),
    "community_worker": UUID(int=0xB4),
    "subdistrict_officer": UUID(int=0xB5),
}
_MARKS = {
    str(_ID): "%(i)s", str(_REGION): "%(r)s", str(_OFFICE): "%(o)s", _GRID: "%(c)s", "@requester": "%(q)s",
    "@number": "%(n)s", "@category": "%(k)s", "@title": "%(t)s", "@text": "%(d)s", "@words": "%(v)s",
    **{str(id_): f"%({title})s" for title, id_ in _PEOPLE.items()},
}  # fmt: skip


Act_ = tuple[timedelta, str, str, dict[str, Any]]
"""After how long, which action, by which title, with what."""


class Course(NamedTuple):
    """What was done to a ticket after it was raised: after how long, which action, by which title, with what."""

    process: str
    weight: float
    """How many of a hundred tickets of long ago took it."""
    recently: float
    """How many of a hundred of the last days."""
    acts: tuple[Act_, ...] = ()


_R, _O = {"reason": "不属于受理范围"}, {"opinion": "已经处理完毕"}
_TAKE: Act_ = (_HOUR, "take", "community_worker", {})
_FINISH = (28 * _HOUR, "finish", "grid_worker", _O)
_SHEET: tuple[Act_, ...] = (
    (2 * _HOUR, "accept", "grid_worker", {}),
    (_DAY + _HOUR, "deliberate", "grid_branch_secretary", {"opinion": "建议办理"}),
    (2 * _DAY, "decide", "community_secretary", {"opinion": "同意办理", "responsible": _OFFICE}),
    (6 * _DAY, "carry_out", "grid_worker", _O),
    (7 * _DAY, "evaluate", "requester", {"rating": 5}),
    (8 * _DAY, "publicise", "community_secretary", {"notice": "已经办理完毕"}),
)
COURSES = (
    Course("one_stop", 36, 12, ((2 * _HOUR, "refuse", "community_worker", _R),)),
    Course("one_stop", 33, 10, ((3 * _HOUR, "withdraw", "requester", {}),)),
    Course("one_stop", 12, 6, (_TAKE, _FINISH, (50 * _HOUR, "evaluate", "requester", {"rating": 5}))),
    Course("one_stop", 6, 4, (_TAKE, _FINISH, (55 * _HOUR, "evaluate", "requester", {"rating": 3}))),
    Course("one_stop", 8, 4, (_TAKE, _FINISH, (20 * _DAY, "lapse", "system", {}))),
    Course("five_sheets", 4.4, 3, _SHEET),
    Course("one_stop", 0.2, 14),
    Course("one_stop", 0.2, 25, (_TAKE,)),
    Course("one_stop", 0.1, 10, ((_HOUR, "hand_up", "community_worker", {"opinion": "需街道协调"}),)),
    Course("five_sheets", 0.05, 4, ()),
    Course("five_sheets", 0.05, 8, _SHEET[:3]),
)
_UNDER_WAY = 6
"""The course that a ticket takes whose other course is not over yet."""


class History(NamedTuple):
    """A ticket's rows by table, as lines of COPY in which what is its own is left open."""

    at: datetime
    process: str
    lines: dict[str, str]


def columns() -> dict[str, list[str]]:
    """Return the columns of each table, in the order of the lines."""
    return dict(_COLUMNS)


_COLUMNS: dict[str, list[str]] = {}


def histories(processes: dict[str, Process], now: datetime) -> list[list[list[History]]]:
    """Return for each day, the first first, and each course the histories of its slots."""
    today = now.astimezone(ZONE).date()
    calendar = WorkingCalendar()
    found: list[list[list[History]]] = []
    for day in (today - (DAYS - number) * _DAY for number in range(DAYS)):
        of_day = [list(_of_course(processes, course, day, now, calendar)) for course in COURSES]
        found.append([one or of_day[_UNDER_WAY] for one in of_day])
    return found


def _of_course(
    processes: dict[str, Process], course: Course, day: date, now: datetime, calendar: WorkingCalendar
) -> Iterator[History]:
    """Yield the course's histories of a day; none when it would not be over by now."""
    process = processes[course.process]
    for slot in SLOTS:
        at = datetime.combine(day, slot, ZONE).astimezone(UTC)
        if course.acts and at + course.acts[-1][0] > now:
            return
        record = TicketRecord(
            id=_ID, process=process.code, region_id=_REGION, region_code=_GRID, title="@title", description="@text",
            category=process.categories[0].code, channel=process.channels[0].code if process.channels else None,
            raised=Raised(at, "@requester", "resident"), acts=tuple(_act(at, *one) for one in course.acts),
        )  # fmt: skip
        done = replay(process, record, f"{day:%Y%m%d}-@number", calendar)
        words = {"title": "@title", "description": "@text"}
        rows: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        add_rows(rows, process, done, words, calendar)
        (own,), (wording,) = rows[t.ticket], rows[t.wording]
        own["category"], wording["words"] = "@category", "@words"
        own["late"] = own["due_at"] is not None and own["due_at"] <= now
        _let_deadlines_take_effect(process, done[-1].ticket, rows, now, calendar)
        if any(rows[table] for table in rows.keys() - set(TABLES)):
            raise ValueError(f"a history of {process.code} has rows in a table that is not written")
        yield History(at, process.code, {table.name: _lines(table, rows[table]) for table in TABLES})


def _act(raised: datetime, after: timedelta, action: str, title: str, given: dict[str, Any]) -> Act:
    by = "@requester" if title == "requester" else str(_PEOPLE.get(title, "system"))
    return Act(at=raised + after, action=action, by=by, acted_as=title, **given)


def _let_deadlines_take_effect(
    process: Process,
    ticket: Ticket,
    rows: dict[Table, list[dict[str, Any]]],
    now: datetime,
    calendar: WorkingCalendar,
) -> None:
    """Do what the service's sweep would have done by now to a ticket under way."""
    (own,) = rows[t.ticket]
    due = [(rung, clock) for clock in ticket.clocks for rung in rungs(process, clock, calendar) if rung.at <= now]
    if any(rung.kind is RungKind.LAPSE for rung, _ in due):
        raise ValueError(f"a ticket in {ticket.step} should have gone on by itself")
    for rung, clock in sorted(due, key=lambda one: (one[0].at, one[0].level)):
        own["events"] += 1
        if rung.kind is RungKind.ESCALATION:
            to = brought_before(process, clock, rung.level, ticket.issuer)
            told = None if to is None else {"title": to.title, "level": to.level}
            own["escalated"] = [*own["escalated"], *([] if told in own["escalated"] else [told])]
    for row in rows[t.rung]:
        row["fired_at"] = row["at"] if row["at"] <= now else None


def _lines(table: Table, rows: list[dict[str, Any]]) -> str:
    for row in rows:
        _COLUMNS.setdefault(table.name, list(row))
    text = "\n".join(line(table, row) for row in rows).replace("%", "%%")
    for mark, name in _MARKS.items():
        text = text.replace(mark, name)
    return text


def weights(days_ago: int) -> list[float]:
    """Return how often each course is taken, summed up from the first on."""
    total = 0.0
    summed = []
    for course in COURSES:
        total += course.recently if days_ago <= RECENT else course.weight
        summed.append(total)
    return [math.inf if one == total else one / total for one in summed]
