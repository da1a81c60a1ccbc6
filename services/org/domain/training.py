"""书记轮训、两委轮训: programmes for the holders of duty titles, with sessions and who attended.

A person attends for the titles of the programme that they hold on the day of the session. A rotation of a title is
covered when each of its holders attended for it in the period asked about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from chassis.texts import demanded
from services.org.domain.periods import Period, check_period
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

LONGEST_TEXT = 100
MOST_TITLES = 20
MOST_ATTENDEES = 500
"""In one request; more are added by another."""
MOST_LESSONS = 200


def check_text(text: str, field: str) -> str:
    """Return the name of a programme or the subject of a session. Raises Refused."""
    return demanded(text, field, LONGEST_TEXT, field)


def check_programme(titles: Sequence[str], known: AbstractSet[str], period: Period) -> list[str]:
    """Return the titles whose holders attend, each once. Raises Refused for none, too many or unknown ones."""
    for title in titles:
        if title not in known:
            raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "titles", title=title[:40])
    wanted = sorted(set(titles))
    if not 0 < len(wanted) <= MOST_TITLES:
        raise Refused(OrgProblem.INVALID_COUNT, "titles", most=MOST_TITLES)
    check_period(period, "validTo")
    return wanted


def check_session(programme: Period, on: date, lessons: int) -> None:
    """Refuse a session outside of its programme, or of no or too many lessons. Raises Refused."""
    if not programme.holds(on):
        raise Refused(OrgProblem.OUTSIDE_EXISTENCE, "on", what="training")
    if not 0 < lessons <= MOST_LESSONS:
        raise Refused(OrgProblem.INVALID_COUNT, "lessons", most=MOST_LESSONS)


def check_attendees(people: int) -> None:
    """Refuse more people than are taken at once. Raises Refused."""
    if people > MOST_ATTENDEES:
        raise Refused(OrgProblem.INVALID_COUNT, "personIds", most=MOST_ATTENDEES)


def attended_for(titles: Iterable[str], held: AbstractSet[str]) -> list[str]:
    """Return for which titles of a programme somebody attends who holds `held` that day. Raises Refused for none."""
    mine = sorted(held & set(titles))
    if not mine:
        raise Refused(OrgProblem.NOT_FOR_THEM, "personIds")
    return mine
