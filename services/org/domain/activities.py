"""活动: what is held where people live: planned, then held with what came of it, or called off.

One register serves grid rounds (网格巡诊), publicity and teaching sessions, group services (组团式服务) and mutual
help (邻里互助), volunteering, exchange among communities of one type (同类型社区交流), joint work of several teams,
and days on which officers sit with residents (拉呱日). What kinds there are is the practice's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

LONGEST_TITLE = 100
LONGEST_TEXT = 1000
MOST_PARTICIPANTS = 1_000_000
MOST_NAMED = 500
"""How many people of one activity are named at most; a crowd is counted."""
MOST_JOINED = 50
"""How many teams, and how many other communities, join one activity at most."""


class ActivityState(StrEnum):
    """How it stands with an activity."""

    PLANNED = "PLANNED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"


class Part(StrEnum):
    """As what something took part in an activity."""

    PERSON = "PERSON"
    TEAM = "TEAM"
    COMMUNITY = "COMMUNITY"


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who took part: how many in person-times (人次), and those of them who are named."""

    participants: int
    people: tuple[UUID, ...] = ()


def check_text(text: str, field: str, limit: int = LONGEST_TEXT) -> str:
    """Return a text as it is stored. Raises Refused when it is empty or too long."""
    return demanded(text, field, limit, field)


def check_optional(text: str | None, field: str, limit: int = LONGEST_TEXT) -> str | None:
    """Return a text that may be left out as it is stored. Raises Refused when it is too long."""
    return clean(text, field, limit, field)


def check_attendance(participants: int, people: Iterable[UUID], path: str = "participants") -> Attendance:
    """Return who took part, each named once; nobody is named beyond those counted. Raises Refused."""
    named = tuple(dict.fromkeys(people))
    if not 0 <= participants <= MOST_PARTICIPANTS:
        raise Refused(OrgProblem.INVALID_COUNT, path, most=MOST_PARTICIPANTS)
    if len(named) > MOST_NAMED:
        raise Refused(OrgProblem.TOO_MANY, "people", most=MOST_NAMED)
    if len(named) > participants:
        raise Refused(OrgProblem.MORE_NAMED_THAN_COUNTED, path, named=len(named), counted=participants)
    return Attendance(participants, named)


def check_joined(ids: Iterable[UUID], path: str) -> tuple[UUID, ...]:
    """Return the teams or communities that join, each once. Raises Refused when there are too many."""
    found = tuple(dict.fromkeys(ids))
    if len(found) > MOST_JOINED:
        raise Refused(OrgProblem.TOO_MANY, path, most=MOST_JOINED)
    return found


def check_one_type(types: Sequence[str | None], path: str = "communities") -> None:
    """Refuse an exchange that is not among two communities or more of one type. Raises Refused.

    `types` are those of the communities that take part, on its day; None for one without a type.
    """
    if len(types) < 2 or None in types or len(set(types)) > 1:  # noqa: PLR2004 (alone there is no exchange)
        raise Refused(OrgProblem.NOT_OF_ONE_TYPE, path)


def check_planned(state: ActivityState) -> None:
    """Refuse to hold or call off what was held or called off already. Raises Refused."""
    if state is not ActivityState.PLANNED:
        raise Refused(OrgProblem.NOT_PLANNED, state=state.value)


def check_held_on(day: date, now: date, path: str = "on") -> None:
    """Refuse to say of a day to come that something was held. Raises Refused."""
    if day > now:
        raise Refused(OrgProblem.DATE_IN_FUTURE, path, date=day)
