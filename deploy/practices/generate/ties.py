"""Who looks after the demonstration's buildings and households, and the visits they made."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from deploy.practices.generate.source import day_between
from services.org.domain.levels import Level
from services.org.domain.lists import ListName
from services.org.domain.records import (
    ContactRecord,
    ContributionRecord,
    JointProblemRecord,
    ListItemRecord,
    NomineeRecord,
    RecommendationRecord,
    VisitRecord,
)
from services.org.domain.tie_records import DutyFilingRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy.practices.generate.people import Staff
    from deploy.practices.generate.source import Source
    from deploy.practices.model import Practice
    from services.org.domain.records import CheckInRecord, DutyRecord, PairingRecord

_FLOORS, _DOORS, _EACH_FINDING = 6, 4, 10


def make_contacts(
    practice: Practice,
    source: Source,
    staff: Staff,
    pairings: Sequence[PairingRecord],
    check_ins: Sequence[CheckInRecord],
) -> Iterator[ContactRecord | VisitRecord]:
    """Yield contacts of every member who checked in, or holder of a title, in the areas of units, and the visits."""
    members = [one for one in check_ins if one.group is None]
    for wanted in practice.demonstration.contacts:
        random = source.random(f"contacts/{wanted.kind}")
        areas: dict[str, list[PairingRecord]] = defaultdict(list)
        for pairing in pairings:
            if pairing.kind == wanted.pairings:
                areas[pairing.region_code].append(pairing)
        units = {code: cycle(found) for code, found in areas.items()}
        findings, visits = cycle(wanted.findings), 0
        held = [duty for duty in staff.duties if duty.title == wanted.title and duty.valid_to is None]
        who: Sequence[DutyRecord | CheckInRecord] = held if wanted.title else members
        for number, one in enumerate(who):
            grid = one.region_code[: Level.GRID.code_length]
            area = next(units[grid]) if grid in units else None
            door = f"{random.randint(1, _FLOORS)}0{random.randint(1, _DOORS)}室" if wanted.households else None
            contact = ContactRecord(
                id=source.id("contact", wanted.kind, number),
                kind=wanted.kind,
                person=one.person,
                region_code=one.region_code,
                valid_from=max(one.valid_from, area.valid_from) if area else one.valid_from,
                household=door,
                pairing=area.id if area else None,
            )
            yield contact
            if random.randrange(100) < wanted.visited_percent:
                visits += 1
                found = next(findings, None) if visits % _EACH_FINDING == 0 else None
                day = max(contact.valid_from, day_between(random, wanted.visited_from, wanted.visited_to))
                yield VisitRecord(source.id("visit", wanted.kind, number), contact.id, day, finding=found)


def make_recommendations(practice: Practice, source: Source, staff: Staff) -> Iterator[RecommendationRecord]:
    """Yield by whom holders of titles were recommended: more than the rules ask for of each branch agreed."""
    days = {rule.title: rule.days for rule in practice.recommendation_rules}
    for wanted in practice.demonstration.recommendations:
        random = source.random(f"recommendations/{wanted.title}")
        held = [duty for duty in staff.duties if duty.title == wanted.title and duty.valid_to is None]
        for duty in held[: wanted.count]:
            branch = staff.organisation_at(wanted.branches, duty.region_code)
            if branch is None:
                continue
            opened = max(branch.established_on, duty.valid_from - timedelta(days=random.randint(5, days[wanted.title])))
            # Nearly everybody votes, and nearly all of them for who held the duty from then on.
            voted = wanted.electors - random.randint(0, wanted.electors // 10)
            yield RecommendationRecord(
                id=source.id("recommendation", duty.id),
                title=duty.title,
                region_code=duty.region_code,
                organisation=branch.id,
                opened_on=opened,
                nominees=(NomineeRecord(duty.person, voted - random.randint(0, voted // 10)),),
                electors=wanted.electors,
                voted=voted,
                duty=duty.id,
            )


def make_filings(practice: Practice, source: Source, staff: Staff) -> Iterator[DutyFilingRecord]:
    """Yield the filings of all who hold titles that need one, and nominations that wait for review or were returned."""
    for wanted in practice.demonstration.filings:
        random = source.random(f"filings/{wanted.title}")
        grounds, reasons = cycle(wanted.grounds), cycle(wanted.reasons)
        founded = {one.id: one.established_on for one in staff.organisations}
        held = [duty for duty in staff.duties if duty.title == wanted.title and duty.valid_to is None]
        for duty in held:
            if duty.organisation is None:
                continue
            began = founded[duty.organisation]
            reviewed = max(began, duty.valid_from - timedelta(days=random.randint(3, 20)))
            yield DutyFilingRecord(
                id=source.id("duty filing", duty.id),
                title=duty.title,
                region_code=duty.region_code,
                organisation=duty.organisation,
                person=duty.person,
                grounds=next(grounds),
                submitted_on=max(began, reviewed - timedelta(days=random.randint(3, 15))),
                reviewed_on=reviewed,
                duty=duty.id,
            )
        anew = iter(random.sample(held, len(held)))
        for number, duty in enumerate(islice(anew, wanted.waiting + wanted.returned)):
            candidate = staff.holder_at(wanted.candidates, duty.region_code, wanted.latest)
            if duty.organisation is None or candidate is None:
                continue
            is_waiting = number < wanted.waiting
            submitted = max(duty.valid_from, wanted.latest - timedelta(days=random.randint(10, 40)))
            yield DutyFilingRecord(
                id=source.id("duty filing", duty.id, "anew"),
                title=duty.title,
                region_code=duty.region_code,
                organisation=duty.organisation,
                person=candidate,
                grounds=next(grounds),
                submitted_on=submitted,
                reviewed_on=None if is_waiting else submitted + timedelta(days=random.randint(2, 9)),
                verdict="RETURNED",
                reason=None if is_waiting else next(reasons),
            )


def make_partner_work(
    practice: Practice, source: Source, pairings: Sequence[PairingRecord]
) -> Iterator[ContributionRecord | ListItemRecord | JointProblemRecord]:
    """Yield what paired units contributed, and the problems of their compounds that they took on."""
    for entry, wanted in enumerate(practice.demonstration.partner_work):
        # What the same units did in another time is another entry, with ids of its own.
        again = (entry,) if entry else ()
        random = source.random("/".join(map(str, ("partner work", wanted.pairings, *again))))
        contributions, problems = cycle(wanted.contributions), cycle(wanted.problems)
        for pairing in pairings:
            if pairing.kind != wanted.pairings:
                continue
            first = max(pairing.valid_from, wanted.done_from)
            if first > wanted.done_to:
                continue
            given = next(contributions, None)
            if given is not None:
                yield ContributionRecord(
                    id=source.id("contribution", pairing.id, *again),
                    pairing=pairing.id,
                    kind=given.kind,
                    amount=random.randint(*given.amount),
                    on=day_between(random, first, wanted.done_to),
                    note=given.note,
                )
            for number, compound in enumerate(pairing.compounds if wanted.problems else ()):
                taken = day_between(random, first, wanted.done_to)
                is_settled = random.randrange(100) < wanted.settled_percent
                item = ListItemRecord(
                    id=source.id("list item", "joint problem", pairing.id, number, *again),
                    list=ListName.NEED,
                    region_code=pairing.region_code[: Level.COMMUNITY.code_length],
                    title=next(problems),
                    valid_from=taken,
                )
                yield item
                yield JointProblemRecord(
                    id=source.id("joint problem", pairing.id, number, *again),
                    pairing=pairing.id,
                    list_item=item.id,
                    taken_on=taken,
                    compound=compound,
                    settled_on=day_between(random, taken, wanted.done_to) if is_settled else None,
                    result="已协调解决" if is_settled else None,
                )
