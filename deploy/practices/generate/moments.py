"""When things happen in the demonstration: people in duty act in business hours, residents by day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.tickets.domain.calendar import ZONE

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from services.tickets.domain.calendar import WorkingCalendar

_TRIES = 24
_OPENING_RUSH = 100
"""Minutes after opening in which what came up overnight is seen to."""
_UP_FROM, _EVENING, _UP_UNTIL = 7, 18, 22
"""Hours in which residents write."""


def resident_moment(random: Random, day: date, *, in_the_evening: bool = False) -> datetime:
    """Return a moment of `day` at which a resident might write. In the evening: who acts has the next day whole."""
    seconds = random.randrange((_EVENING if in_the_evening else _UP_FROM) * 3600, _UP_UNTIL * 3600)
    return datetime(day.year, day.month, day.day, tzinfo=ZONE) + timedelta(seconds=seconds)


def at_work(moment: datetime, random: Random, calendar: WorkingCalendar) -> datetime:
    """Return `moment` when it lies in business hours, else one soon after the next opening."""
    opens, closes = next(iter(calendar.open_periods(moment)))
    if opens == moment:
        return moment
    return min(opens + timedelta(seconds=random.randrange(60, _OPENING_RUSH * 60)), closes - timedelta(minutes=1))


def between(
    random: Random, since: datetime, until: datetime, *, pace: float, on_duty: bool, calendar: WorkingCalendar
) -> datetime:
    """Return a moment after `since` and, where working hours allow it, before `until`.

    `pace` (above 0, at most 1) is the share of the time that is used at most.
    """
    for attempt in range(_TRIES):
        # Each attempt comes earlier than the last, for one that working hours carry beyond the end.
        share = random.uniform(0.04, pace) * (1 - attempt / _TRIES)
        moment = since + (until - since) * share + timedelta(seconds=random.randrange(60, 900))
        moment = moment.replace(microsecond=0)
        moment = at_work(moment, random, calendar) if on_duty else _awake(moment, random)
        if since < moment < until:
            return moment
    return at_work(since + timedelta(minutes=1), random, calendar)


def _awake(moment: datetime, random: Random) -> datetime:
    """Return `moment` when a resident might be up, else one of the next morning."""
    local = moment.astimezone(ZONE)
    if _UP_FROM <= local.hour < _UP_UNTIL:
        return local
    day = local.date() if local.hour < _UP_FROM else local.date() + timedelta(days=1)
    start = datetime(day.year, day.month, day.day, _UP_FROM, tzinfo=ZONE)
    return start + timedelta(seconds=random.randrange(3 * 3600))
