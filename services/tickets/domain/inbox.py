"""What waits for a duty (待办), and the views of it that its holders save."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.tickets.domain.content import LONGEST_TITLE
from services.tickets.domain.levels import level_of
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Holder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from services.tickets.domain.process import Process

MOST_VIEWS = 20
"""For one duty."""
MOST_DAYS = 60
Place = tuple[str, int, str]
"""A process by its code and version, and a step of it."""


class ViewFilter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a saved view is narrowed to, within the region of the duty."""

    waits_for_duty: bool = True
    """Only what waits for this duty; else everything that its holder sees there."""
    process: str | None = None
    category: str | None = None
    step: str | None = None
    is_overdue: bool | None = None
    due_within_days: int | None = None
    words: str | None = None


def checked_view(name: str, filter_: ViewFilter) -> tuple[str, ViewFilter]:
    """Return a view's name and filter, cleaned. Raises Refused."""
    days = filter_.due_within_days
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Refused(TicketProblem.WRONG_DAYS, "dueWithinDays", most=MOST_DAYS)
    named = ("process", "category", "step", "words")
    words = {field: clean(getattr(filter_, field), field, LONGEST_TITLE) for field in named}
    return demanded(name, "name", LONGEST_TITLE), msgspec.structs.replace(filter_, **words)


def places_of(processes: Iterable[Process], title: str, region_code: str) -> Iterator[Place]:
    """Yield the steps in which holders of a title in a region act."""
    level = level_of(region_code)
    if level is None:
        return
    for process in processes:
        for step in process.steps:
            acting = [one for action in step.actions for one in step.who_may(action)]
            if any(isinstance(one, Holder) and one.post_title == title and one.level == level.name for one in acting):
                yield process.code, process.version, step.code


def answering_places_of(processes: Iterable[Process], title: str) -> Iterator[Place]:
    """Yield the steps in which holders of a title answer for their organisation when it is invited."""
    for process in processes:
        for step in process.steps:
            if step.countersign is not None and title in step.countersign.titles:
                yield process.code, process.version, step.code
