"""Who is in the reserve of the demonstration's communities, and who was called up for a drill."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from services.org.domain.records import CalledRecord, CallUpRecord, ReservistRecord
from services.org.domain.reserve import CallState, Reservist, chosen
from services.tickets.domain.calendar import ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from random import Random
    from uuid import UUID

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from deploy.practices.model_registers import DemonstrationDrill
    from services.org.domain.records import CheckInRecord

_COMMUNITY_DIGITS = 12
_MINUTES = (10, 150)
"""How soon somebody answers, from and to."""


def make_reserve(
    practice: Practice, source: Source, staff: Staff, check_ins: Sequence[CheckInRecord]
) -> Iterator[ReservistRecord]:
    """Yield the first of each community who hold the wanted title there, or who checked in; each of them once."""
    taken: set[UUID] = set()
    for wanted in practice.demonstration.reserve:
        found: dict[str, list[UUID]] = defaultdict(list)
        since = wanted.since
        for one in check_ins if wanted.title is None else staff.duties:
            holds = wanted.title is None or getattr(one, "title", None) == wanted.title
            if holds and one.valid_from <= since and one.valid_to is None:
                found[one.region_code[:_COMMUNITY_DIGITS]].append(one.person)
        for code, people in found.items():
            free = [person for person in dict.fromkeys(people) if person not in taken]
            for person in free[: wanted.each]:
                taken.add(person)
                yield ReservistRecord(source.id("reservist", wanted.source, person), person, wanted.source, code, since)


def make_drills(practice: Practice, source: Source, reservists: Sequence[ReservistRecord]) -> Iterator[CallUpRecord]:
    """Yield the drills, the first first: org's own rule says who of each community is called."""
    last: dict[UUID, datetime] = {}
    reserve: dict[str, list[ReservistRecord]] = defaultdict(list)
    for one in reservists:
        reserve[one.region_code].append(one)
    for wanted in sorted(practice.demonstration.drills, key=lambda one: one.called_at):
        for code, there in islice(reserve.items(), wanted.communities):
            id_ = source.id("drill", wanted.purpose, wanted.called_at, code)
            called_at = wanted.called_at.replace(tzinfo=ZONE)
            called = chosen([Reservist(one.person, last.get(one.person)) for one in there], wanted.people)
            last.update({one.person_id: called_at for one in called})
            sources = {one.person: one.source for one in there}
            yield CallUpRecord(
                id=id_,
                region_code=code,
                purpose=wanted.purpose,
                called_at=called_at,
                people=tuple(_answers(wanted, called, called_at, sources, source.random(f"drill/{id_}"))),
                is_drill=True,
                ended_at=called_at + timedelta(hours=wanted.hours),
            )


def _answers(
    wanted: DemonstrationDrill,
    called: Sequence[Reservist],
    called_at: datetime,
    sources: Mapping[UUID, str],
    random: Random,
) -> Iterator[CalledRecord]:
    """Yield who was called, with where they went, and when they arrived or were excused."""
    for one, post in zip(called, cycle(wanted.posts), strict=False):
        is_excused = random.randrange(100) < wanted.excused_percent
        yield CalledRecord(
            person=one.person_id,
            source=sources[one.person_id],
            state=CallState.EXCUSED if is_excused else CallState.ARRIVED,
            post=None if is_excused else post,
            answered_at=called_at + timedelta(minutes=random.randint(*_MINUTES)),
            excuse=random.choice(wanted.excuses) if is_excused else None,
        )
