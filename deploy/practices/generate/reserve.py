"""Who is in the reserve of the demonstration's communities."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from services.org.domain.records import ReservistRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from services.org.domain.records import CheckInRecord

_COMMUNITY_DIGITS = 12


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
