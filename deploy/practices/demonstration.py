"""Makes the files that the services import: the practice's words, and a generated city that answers its figures.

Nobody in it exists. The same practice gives the same files, to the last byte; only the tickets under way are dated by
the day of loading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from deploy.practices.admission import read_admission
from deploy.practices.checks.words import CATEGORIES
from deploy.practices.credit import read_catalogue
from deploy.practices.generate.activities import make_activities
from deploy.practices.generate.burdens import make_burdens
from deploy.practices.generate.careers import career_words, make_careers
from deploy.practices.generate.communities import Life, build_life
from deploy.practices.generate.credit import make_credit
from deploy.practices.generate.emergencies import make_emergencies
from deploy.practices.generate.joint_work import make_joint_work
from deploy.practices.generate.listed import with_tickets
from deploy.practices.generate.models import make_models
from deploy.practices.generate.people import Staff, build_staff
from deploy.practices.generate.property import make_property
from deploy.practices.generate.regions import RegionTree, build_regions
from deploy.practices.generate.registers import Registers, build_registers
from deploy.practices.generate.selections import make_selections
from deploy.practices.generate.services import make_authorised_matters, make_service_items
from deploy.practices.generate.sessions import sessions_of
from deploy.practices.generate.source import Source
from deploy.practices.generate.special_needs import make_special_needs
from deploy.practices.generate.tickets import Made, make_tickets
from deploy.practices.generate.training import guide_words, make_training
from deploy.practices.generate.visits import handled
from deploy.practices.processes import processes_of, read_matters
from services.credit.domain import records as credit
from services.org.domain.records import (
    AllocationRuleRecord,
    AssessmentLevelRecord,
    CapacityRecord,
    CommunityProfileRecord,
    CommunityTypeRecord,
    ContributionRuleRecord,
    DutyTitleRecord,
    KindRecord,
    MusterGroupRecord,
    PairingRuleRecord,
    RecommendationRuleRecord,
    ReserveRuleRecord,
    ServiceCircleRecord,
    StaffingStandardRecord,
)
from services.org.domain.tie_records import FilingRuleRecord
from services.tickets.domain import records as tickets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from uuid import UUID

    from deploy.practices.model import Practice
    from services.org.domain.records import Record
    from services.property.domain import records as property_
    from services.tickets.domain.ticket import Entry


@dataclass(frozen=True, slots=True)
class City:
    """A generated city: places, people and their duties, and how they are organised."""

    practice: Practice
    source: Source
    tree: RegionTree
    staff: Staff
    life: Life
    registers: Registers


def build_city(practice: Practice) -> City:
    """Generate the demonstration city of a practice."""
    source = Source(practice)
    tree = build_regions(practice, source)
    staff = build_staff(practice, source, tree)
    life = build_life(practice, source, tree, staff)
    return City(practice, source, tree, staff, life, build_registers(practice, source, tree, staff))


def org_records(city: City) -> Iterator[Record]:
    """Yield what org imports: the practice's words first, then the city."""
    yield from _words(city.practice)
    yield from city.tree.records()
    staff, life = city.staff, city.life
    yield from staff.organisations
    yield from staff.people
    yield from life.people
    yield from staff.duties
    yield from life.teams
    yield from life.members
    yield from life.stations
    yield from life.musters
    yield from make_emergencies(city.practice, city.tree, life.musters)
    yield from city.registers.people
    yield from make_special_needs(city.practice, city.source, city.tree)
    yield from _handled(city)
    profiles = [one for one in city.registers.records if isinstance(one, CommunityProfileRecord)]
    yield from make_models(city.practice, city.source, city.tree, city.registers.records)
    yield from make_service_items(city.practice, city.source, city.tree, staff)
    yield from make_authorised_matters(city.practice, city.source, city.tree, staff)
    yield from make_activities(city.practice, city.source, city.tree, staff, life, profiles)
    yield from make_careers(city.practice, city.source, city.tree, staff)
    yield from make_training(city.practice, city.source, city.tree, staff)


def _handled(city: City) -> Iterator[Record]:
    """Yield the records of registers; visits and items of lists with the tickets that handle them."""
    practice = city.practice
    wanted = practice.demonstration
    named = [*(one.handled_by for one in wanted.contacts), *(one.handled_by for one in wanted.lists)]
    if not any(named):
        yield from city.registers.records
        return
    processes = {process.code: process for process in processes_of(practice)}
    matters = {one.process: read_matters(practice.folder / one.matters)[0] for one in wanted.tickets}
    visited = handled(city, city.registers.records, processes, matters)
    yield from with_tickets(city, visited, processes, matters)


def tickets_of(city: City, today: date) -> list[Made]:
    """Return the city's tickets in the order in which they were raised.

    Those under way are of `today`, so that there is something to act on.

    Raises PracticeError when a file that the practice names is wrong.
    """
    practice = city.practice
    processes = {process.code: process for process in processes_of(practice)}
    made: list[Made] = []
    for wanted in practice.demonstration.tickets:
        matters, _ = read_matters(practice.folder / wanted.matters)
        made += make_tickets(city, wanted, processes[wanted.process], matters, today)
    joint = practice.demonstration.joint_work
    if joint is not None:
        matters, _ = read_matters(practice.folder / joint.matters)
        profiles = [one for one in city.registers.records if isinstance(one, CommunityProfileRecord)]
        made += make_joint_work(city, joint, processes, matters, profiles, today)
    return sorted(made, key=lambda one: (one.ticket.raised_at, one.ticket.id))


def ticket_records(city: City, today: date) -> Iterator[tickets.Record]:
    """Yield what tickets imports: calendar and processes first, then each ticket with its history.

    Tickets under way came where they are in the working days before `today`, which is not before the demonstration's
    date; everything else is the same whatever the day.

    Raises PracticeError when a file that the practice names is wrong.
    """
    practice = city.practice
    if practice.calendar:
        yield tickets.CalendarRecord(practice.calendar)
    yield from map(tickets.SessionKindRecord, practice.session_kinds)
    yield from (tickets.ProcessRecord(process) for process in processes_of(practice))
    items = list(_admission_records(city))
    yield from items
    made = tickets_of(city, today)
    seats = _seats(city) if practice.admission else {}
    yield from (_ticket(one, seats) for one in made)
    known = {process.code: process for process in processes_of(practice)}
    heard = {wanted.process: wanted.parties for wanted in practice.demonstration.tickets}
    for each in made:
        code = each.ticket.process
        yield from sessions_of(city, each, known[code], heard.get(code, {}))
    yield from make_burdens(city, made, items)


def _admission_records(city: City) -> Iterator[tickets.AdmissionItemRecord]:
    """Yield the items of the district's lists of entry control."""
    practice, (district,) = city.practice, city.tree.at("DISTRICT")
    if practice.admission:
        lists = read_admission(practice.folder / practice.admission)[0]
        for item in lists.items():
            yield tickets.AdmissionItemRecord(
                region_id=district.id,
                region_code=district.code,
                item=item,
                valid_from=lists.valid_from,
                id=city.source.id("admission item", item.code),
            )


def property_records(city: City) -> Iterator[property_.Record]:
    """Yield what property imports: compounds and property companies of the demonstration, committees, rules."""
    yield from make_property(city.practice, city.source, city.tree, city.staff)


def _seats(city: City) -> dict[tuple[str, str], UUID | None]:
    """Return in which organisation people hold a duty, by person and title."""
    return {(str(one.person), one.title): one.organisation for one in city.staff.duties}


def _ticket(made: Made, seats: Mapping[tuple[str, str], UUID | None]) -> tickets.TicketRecord:
    ticket, raised = made.ticket, made.entries[0]
    organisation = seats.get((raised.by, raised.acted_as))
    return tickets.TicketRecord(
        id=ticket.id,
        process=ticket.process,
        process_version=ticket.process_version,
        region_id=ticket.region_id,
        region_code=ticket.region_code,
        category=ticket.category,
        channel=ticket.channel,
        attachments=raised.given.attachments,
        title=made.title,
        description=made.description,
        requester_name=made.requester_name or None,
        parent=ticket.parent,
        raised=tickets.Raised(at=raised.at, by=raised.by, acted_as=raised.acted_as, organisation=organisation),
        acts=tuple(_act(entry) for entry in made.entries[1:]),
    )


def _act(entry: Entry) -> tickets.Act:
    given = entry.given
    return tickets.Act(
        at=entry.at,
        action=entry.action,
        by=entry.by,
        acted_as=entry.acted_as,
        reason=given.reason,
        opinion=given.opinion,
        notice=given.notice,
        rating=given.rating,
        responsible=given.responsible,
        amount=given.amount,
        deliverables=given.deliverables,
        children=tuple(one.id for one in given.children),
        invited=given.invited,
        answers_for=entry.answers_for,
        grounds=given.grounds,
    )


def credit_records(city: City) -> Iterator[credit.Record]:
    """Yield what credit imports: the district's catalogue, merchants, volunteers and their points, models chosen.

    Raises PracticeError when the file that the practice names is wrong.
    """
    practice, (district,) = city.practice, city.tree.at("DISTRICT")
    if practice.credit:
        catalogue = read_catalogue(practice.folder / practice.credit, practice)
        yield credit.CatalogueRecord(region_id=district.id, region_code=district.code, definition=catalogue)
        if practice.demonstration.credit:
            yield from make_credit(city, practice.demonstration.credit, catalogue, district.id)
        yield from make_selections(city, catalogue, district.id)


def json_lines(records: Iterable[msgspec.Struct]) -> bytes:
    """Return records as JSON Lines, UTF-8."""
    return msgspec.json.Encoder().encode_lines(records)


def _words(practice: Practice) -> Iterator[Record]:
    """Yield the practice's kinds, duty titles and muster groups."""
    for category in CATEGORIES:
        for kind in getattr(practice.kinds, category):
            rules = (kind.volunteers, kind.party_members, kind.same_type, kind.party, kind.alliance)
            yield KindRecord(category, kind.code, kind.name.zh, kind.name.en, *rules)
    for position, one in enumerate(practice.community_types, 1):
        yield CommunityTypeRecord(
            code=one.code,
            name_zh=one.name.zh,
            name_en=one.name.en,
            method_zh=one.method.zh,
            method_en=one.method.en,
            features=one.features,
            difficulties=one.difficulties,
            position=position,
        )
    for title in practice.duty_titles:
        yield DutyTitleRecord(
            code=title.code,
            name_zh=title.name.zh,
            name_en=title.name.en,
            level=title.level,
            party_member=title.party_member,
            organisation_kind=title.organisation_kind,
            fewest=title.fewest,
            most=title.most,
            team_role=title.team_role,
        )
    for standard in practice.staffing:
        yield StaffingStandardRecord(standard.title, *standard.households, *standard.residents)
    for position, capacity in enumerate(practice.capacities, 1):
        counted = capacity.contributions
        from_whose, full = (counted.of, counted.full) if counted else (None, None)
        names = capacity.name
        yield CapacityRecord(capacity.code, names.zh, names.en, position, capacity.weight, from_whose, full)
    for level in practice.assessment_levels:
        yield AssessmentLevelRecord(level.code, level.name.zh, level.name.en, level.least * 100)
    for rule in practice.allocation_rules:
        yield AllocationRuleRecord(rule.kind, rule.type, rule.each, rule.per_thousand)
    for needs in practice.reserve_rules:
        yield ReserveRuleRecord(needs.source, needs.households, needs.residents, needs.members)
    yield from career_words(practice)
    yield from guide_words(practice)
    yield from _rules(practice)
    for position, circle in enumerate(practice.service_circles, 1):
        name, kinds = circle.name, tuple(circle.station_kinds)
        yield ServiceCircleRecord(circle.code, name.zh, name.en, position, circle.minutes, kinds)
    for position, group in enumerate(practice.muster_groups, 1):
        yield MusterGroupRecord(group.code, group.name.zh, group.name.en, position, group.office)


def _rules(practice: Practice) -> Iterator[Record]:
    """Yield what is asked of partner units, and how holders of titles are recommended and filed."""
    for counted in practice.contribution_rules:
        yield ContributionRuleRecord(counted.kind, counted.per, counted.points, counted.most)
    for asked in practice.pairing_rules:
        yield PairingRuleRecord(asked.kind, *asked.problems)
    for how in practice.recommendation_rules:
        yield RecommendationRuleRecord(how.title, how.turnout_percent, how.agree_percent, how.days)
    for filed in practice.filing_rules:
        yield FilingRuleRecord(filed.title, filed.days)
