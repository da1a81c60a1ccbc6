"""Each practice's demonstration shows each of its processes: tickets at every step, and some that came to the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from uuid import UUID

import pytest
from msgspec.structs import replace

from deploy.practices.catalogue import list_practices, read_practice
from deploy.practices.demonstration import City, build_city, org_records, ticket_records, tickets_of
from deploy.practices.generate.plans import ordinary_way
from deploy.practices.model import Practice
from deploy.practices.processes import processes_of
from services.org.domain.activity_records import ActivityRecord
from services.org.domain.records import (
    CheckInAssignmentRecord,
    CheckInRecord,
    ContactRecord,
    DutyRecord,
    ListItemRecord,
)
from services.tickets.domain import records as tickets
from services.tickets.domain.calendar import WorkingCalendar, local_day
from services.tickets.domain.deliberation import Party
from services.tickets.domain.process import Input, Kind, Outcome
from services.tickets.domain.replay import replay
from tests.practices.conftest import TODAY

_MOST = 12
_SMALL = ("carried_through", "returned", "late", "reopened", "refused", "withdrawn")


def smaller(practice: Practice) -> Practice:
    """Return the practice with fewer tickets of each process, and nothing that these deliver together."""
    wanted = practice.demonstration
    fewer = [
        replace(one, categories={}, deliverables=[], **{key: min(getattr(one, key), _MOST) for key in _SMALL})
        for one in wanted.tickets
    ]
    return replace(practice, demonstration=replace(wanted, tickets=fewer))


@pytest.fixture(scope="module", params=[one.practice for one in list_practices()])
def city(request: pytest.FixtureRequest) -> City:
    return build_city(smaller(read_practice(request.param)))


def test_every_process_has_tickets_that_the_service_replays_to_where_they_are(city: City) -> None:
    practice = city.practice
    processes = {one.code: one for one in processes_of(practice)}
    joint = practice.demonstration.joint_work
    alone = set(processes) - ({joint.process, joint.task} if joint else set())
    about: dict[object, list[tickets.DeliberationRecord]] = defaultdict(list)
    records: list[tickets.TicketRecord] = []
    for one in ticket_records(city, TODAY):
        if isinstance(one, tickets.DeliberationRecord):
            about[one.ticket].append(one)
        if isinstance(one, tickets.TicketRecord) and one.process in alone:
            records.append(one)
    calendar = WorkingCalendar(practice.calendar)
    made = {one.ticket.id: one.ticket for one in tickets_of(city, TODAY)}
    ended = set()
    for record in records:
        ticket = made[record.id]
        steps = replay(processes[record.process], record, ticket.number, calendar, about[record.id])
        assert steps[-1].ticket == ticket
        ended |= {record.process} if ticket.outcome is Outcome.DONE else set()
    assert ended == alone


def test_where_some_are_open_there_is_one_at_every_step_that_people_go_through(city: City) -> None:
    processes = {one.code: one for one in processes_of(city.practice)}
    open_at: dict[str, set[str]] = defaultdict(set)
    for one in tickets_of(city, TODAY):
        if one.ticket.outcome is None:
            open_at[one.ticket.process].add(one.ticket.step)
    for wanted in city.practice.demonstration.tickets:
        expected = set(ordinary_way(processes[wanted.process])) if wanted.open_at_each_step else set()
        assert open_at[wanted.process] == expected


@pytest.fixture(scope="module")
def hongtu() -> City:
    return build_city(smaller(read_practice("hongtu")))


def test_whoever_is_invited_answers_for_the_organisation_where_it_is_asked(hongtu: City) -> None:
    sits: dict[tuple[str, UUID | None], DutyRecord | CheckInRecord] = {
        (str(one.person), one.organisation): one for one in hongtu.staff.duties
    }
    checked_in = {one.id: one for one in hongtu.registers.records if isinstance(one, CheckInRecord)}
    for one in hongtu.registers.records:
        if isinstance(one, CheckInAssignmentRecord):
            sits[str(checked_in[one.check_in].person), one.organisation] = checked_in[one.check_in]
    answers: Counter[str] = Counter()
    for made in tickets_of(hongtu, TODAY):
        invited = {unit for entry in made.entries for unit in entry.given.invited}
        for entry in made.entries:
            if entry.kind is Kind.ANSWER:
                assert entry.answers_for in invited
                duty = sits[entry.by, entry.answers_for]
                assert made.ticket.region_code.startswith(duty.region_code)
                assert local_day(entry.at) >= duty.valid_from
                answers[entry.acted_as] += 1
    assert {"unit_liaison", "checked_in:member"} <= answers.keys()
    assert answers.total() > _MOST


def test_members_who_checked_in_in_the_grid_take_orders_and_serve(hongtu: City) -> None:
    there = {str(one.person): one for one in hongtu.registers.records if isinstance(one, CheckInRecord)}
    done: Counter[str] = Counter()
    for made in tickets_of(hongtu, TODAY):
        for entry in made.entries:
            if made.ticket.process == "three_orders" and entry.acted_as == "checked_in:member":
                check_in = there[entry.by]
                assert check_in.group is None
                assert made.ticket.region_code.startswith(check_in.region_code)
                assert local_day(entry.at) >= check_in.valid_from
                done[entry.action] += 1
    assert {"take", "serve"} <= done.keys()


def test_all_four_parties_are_heard_before_a_resolution_of_daye() -> None:
    city = build_city(smaller(read_practice("daye")))
    resolved = [one for one in ticket_records(city, TODAY) if isinstance(one, tickets.DeliberationRecord)]
    assert resolved
    for one in resolved:
        heard = {opinion.party for session in one.sessions for opinion in session.opinions}
        assert heard == {Party.BRANCH, Party.OWNERS_COMMITTEE, Party.PROPERTY_COMPANY, Party.RESIDENTS}


def test_each_ticket_that_needs_a_file_has_one_of_its_own() -> None:
    city = build_city(smaller(read_practice("huantai")))
    needing = {one.code for one in processes_of(city.practice) if Input.ATTACHMENTS in one.raising.requires}
    records = [one for one in ticket_records(city, TODAY) if isinstance(one, tickets.TicketRecord)]
    keys = [one.key for record in records if record.process in needing for one in record.attachments]
    assert len(keys) == len(set(keys)) == sum(record.process in needing for record in records) > _MOST


def test_police_officers_look_after_their_grids_and_the_task_force_is_of_several_organisations() -> None:
    city = build_city(smaller(read_practice("tongguan")))
    officers = {one.person: one.region_code for one in city.staff.duties if one.title == "area_police_officer"}
    contacts = [one for one in city.registers.records if isinstance(one, ContactRecord) and one.kind == "police"]
    assert {one.person: one.region_code for one in contacts} == officers
    [force] = [one for one in city.life.teams if one.kind == "task_force"]
    members = {one.person for one in city.life.members if one.team == force.id}
    bodies = {one.organisation for one in city.staff.duties if one.person in members}
    assert len(members) == 16
    assert len(bodies - {None}) > 3


def test_a_second_entry_of_members_who_checked_in_is_of_other_people() -> None:
    practice = smaller(read_practice("daye"))
    [entry] = practice.demonstration.check_ins
    few = replace(entry, count=400)
    wanted = replace(practice.demonstration, check_ins=[few, replace(few, branch=None, posts=[])])
    city = build_city(replace(practice, demonstration=wanted))
    people = [one.person for one in city.registers.records if isinstance(one, CheckInRecord)]
    assert len(people) == len(set(people)) == 800
    assigned = [one for one in city.registers.records if isinstance(one, CheckInAssignmentRecord)]
    assert len(assigned) == 400


_ABOUT = {"助餐服务": "elder", "上门代办": "errands", "结对陪伴": "company", "错时共享停车": "parking"}
"""What projects are about that handle what is on the lists, by its title."""


def test_projects_of_gusu_handle_what_is_on_the_lists_of_their_communities() -> None:
    city = build_city(smaller(read_practice("gusu")))
    carried = {one.ticket.id: one for one in tickets_of(city, TODAY) if one.ticket.outcome is Outcome.DONE}
    items = [one for one in org_records(city) if isinstance(one, ListItemRecord)]
    handled = [(one, one.ticket) for one in items if one.ticket is not None]
    assert len(handled) == len({ticket for _, ticket in handled}) > 0
    assert {item.title for item, _ in handled} == set(_ABOUT)
    for item, ticket in handled:
        made = carried[ticket]
        assert made.category == _ABOUT[item.title]
        assert made.ticket.region_code.startswith(item.region_code)
        assert made.ticket.ended_at is not None
        assert item.valid_from <= local_day(made.ticket.raised_at)
        assert item.settled_on in {None, local_day(made.ticket.ended_at)}


def test_neighbours_of_hongtu_help_each_other_in_teams_at_studios_and_posts() -> None:
    city = build_city(smaller(read_practice("hongtu")))
    records = list(org_records(city))
    teams = {one.id: one for one in city.life.teams if one.kind == "neighbour_help"}
    members = Counter(one.team for one in city.life.members if one.team in teams)
    assert set(members) == set(teams)
    held = [one for one in records if isinstance(one, ActivityRecord) and one.kind == "mutual_help"]
    assert {one.region_code for one in held} == {one.region_code for one in teams.values()}
    assert all(one.team is not None and teams[one.team].region_code == one.region_code for one in held)
    at = Counter(one.kind for one in city.life.stations if "邻里互助" in one.functions)
    assert min(at["neighbour_studio"], at["help_post"]) > _MOST
