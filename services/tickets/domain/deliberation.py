"""Deliberation (议事协商): a matter, parties to be heard, sessions held where people are, a resolution and its result.

Four-party consultation (四方协商), deliberation halls, courtyard councils and bench days differ in the parties and the
form of their sessions only; so do the four steps of 当事方议事、党组织理事、居民代表评事、多方办事.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.problems import CommonProblem, Refused
from chassis.texts import demanded
from services.tickets.domain.content import LONGEST_WORD
from services.tickets.domain.problems import TicketProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

MOST_AT_A_SESSION = 500
"""People who are named of one session, and opinions that are put down."""
_LONGEST_AHEAD, _LONGEST_PAST = timedelta(days=366), timedelta(days=30)


class Party(StrEnum):
    """Who has a voice in a matter (议事主体)."""

    BRANCH = "branch"
    RESIDENTS_COMMITTEE = "residents_committee"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY_COMPANY = "property_company"
    RESIDENTS = "residents"
    OFFICE = "office"
    CONCERNED = "concerned"
    """Those whose quarrel or interest it is (当事方)."""


SPEAK_FOR_THEMSELVES = frozenset({Party.RESIDENTS, Party.CONCERNED})
"""Parties whose people speak for themselves; who speaks for a body says what is the body's."""


class Form(StrEnum):
    """Where and how a session is held."""

    HALL = "hall"
    COURTYARD = "courtyard"
    BENCH_DAY = "bench_day"
    ON_THE_SPOT = "on_the_spot"
    ONLINE = "online"


class Attendee(msgspec.Struct, frozen=True):
    """Somebody at a session, for a party; `came` is False for who was invited and stayed away."""

    person_id: UUID
    party: Party
    came: bool = True


class Opinion(msgspec.Struct, frozen=True):
    """What a party said at a session."""

    party: Party
    text: str
    agrees: bool | None = None
    """Whether it agrees to what is proposed; None when it did not say."""
    person_id: UUID | None = None
    """Who said it, of a party whose people speak for themselves: the words are theirs to have erased."""


class Standing(msgspec.Struct, frozen=True):
    """How far a deliberation is: who is to be heard, who was, how many sessions were held, and its end."""

    parties: tuple[Party, ...]
    heard: frozenset[Party]
    held: int
    is_resolved: bool
    is_followed_up: bool


def checked_parties(parties: Sequence[Party]) -> tuple[Party, ...]:
    """Return the parties to be heard, each once. Raises Refused unless there are at least two."""
    found = tuple(dict.fromkeys(parties))
    if len(found) < 2:  # noqa: PLR2004 (nobody deliberates alone)
        raise Refused(TicketProblem.TOO_FEW_PARTIES, "parties")
    return found


def check_convened(standing: Standing, starts_at: datetime, now: datetime) -> None:
    """Refuse to convene a session of what is resolved, long past, or more than a year ahead. Raises Refused.

    One that was held where people happened to be is convened afterwards, within thirty days, to be recorded.
    """
    if standing.is_resolved:
        raise Refused(TicketProblem.DELIBERATION_RESOLVED)
    if not now - _LONGEST_PAST <= starts_at <= now + _LONGEST_AHEAD:
        raise Refused(TicketProblem.WRONG_SESSION_TIME, "startsAt", at=starts_at)


def checked_session(
    standing: Standing,
    attendees: Sequence[Attendee],
    opinions: Sequence[Opinion],
    *,
    starts_at: datetime,
    now: datetime,
) -> tuple[Opinion, ...]:
    """Return the opinions of a session that was held, cleaned, with who gave them where that is known.

    Raises Refused before its time, when nobody came or somebody is named twice, for too much, and for an opinion of a
    party that has no voice in the matter or of which nobody came, or of somebody who did not come for it to speak for
    themselves.
    """
    if standing.is_resolved:
        raise Refused(TicketProblem.DELIBERATION_RESOLVED)
    if now < starts_at:
        raise Refused(TicketProblem.SESSION_NOT_BEGUN, at=starts_at)
    if len({one.person_id for one in attendees}) != len(attendees) or len(attendees) > MOST_AT_A_SESSION:
        raise Refused(TicketProblem.WRONG_ATTENDANCE, "attendees", most=MOST_AT_A_SESSION)
    if len(opinions) > MOST_AT_A_SESSION:
        raise Refused(TicketProblem.TOO_MANY_OPINIONS, "opinions", most=MOST_AT_A_SESSION)
    present = {one.party for one in attendees if one.came}
    if not present:
        raise Refused(TicketProblem.NOBODY_CAME, "attendees")
    for index, one in enumerate(attendees):
        if one.party not in standing.parties:
            raise Refused(TicketProblem.NO_VOICE, "attendees", str(index), party=one.party.value)
    checked = []
    for index, opinion in enumerate(opinions):
        if opinion.party not in present:
            raise Refused(TicketProblem.NO_VOICE, "opinions", str(index), party=opinion.party.value)
        words = demanded(opinion.text, "text", LONGEST_WORD)
        came = [one.person_id for one in attendees if one.came and one.party is opinion.party]
        person = _speaker(opinion, came, index)
        checked.append(msgspec.structs.replace(opinion, text=words, person_id=person))
    return tuple(checked)


def _speaker(opinion: Opinion, came: Sequence[UUID], index: int) -> UUID | None:
    """Return who gave an opinion: who is named, or the only one of the party who came. Raises Refused."""
    speaks = opinion.party in SPEAK_FOR_THEMSELVES
    if opinion.person_id is None:
        return came[0] if speaks and len(came) == 1 else None
    if not speaks or opinion.person_id not in came:
        raise Refused(TicketProblem.WRONG_SPEAKER, "opinions", str(index), "personId", party=opinion.party.value)
    return opinion.person_id


def check_resolved(standing: Standing) -> None:
    """Refuse to resolve what is resolved, or before a session was held and every party was heard. Raises Refused."""
    if standing.is_resolved:
        raise Refused(TicketProblem.DELIBERATION_RESOLVED)
    missing = unheard(standing.parties, standing.heard)
    if missing or not standing.held:
        raise Refused(TicketProblem.PARTIES_NOT_HEARD, parties=", ".join(party.value for party in missing) or "-")


def check_followed_up(standing: Standing) -> None:
    """Refuse to tell what came of a resolution before there is one, or twice. Raises Refused."""
    if not standing.is_resolved:
        raise Refused(TicketProblem.NOT_RESOLVED)
    if standing.is_followed_up:
        raise Refused(TicketProblem.ALREADY_DONE)


def unheard(parties: Sequence[Party], heard: Collection[Party]) -> tuple[Party, ...]:
    """Return the parties that have not said anything yet."""
    return tuple(party for party in parties if party not in heard)


def check_version(current: int, expected: int) -> None:
    """Refuse a change of what has changed since it was read. Raises Refused."""
    if current != expected:
        raise Refused(CommonProblem.STALE_VERSION, "expectedVersion", current=current, expected=expected)
