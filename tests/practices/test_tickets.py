"""The generated tickets: what was done to each is accepted by the rules of its process, at plausible times."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import msgspec
import pytest

from deploy.practices.demonstration import City, ticket_records, tickets_of
from deploy.practices.generate.tickets import Made
from deploy.practices.model import Practice
from deploy.practices.processes import processes_of
from services.org.domain.records import DutyRecord
from services.tickets.domain import records as tickets
from services.tickets.domain.calendar import WorkingCalendar, local_day
from services.tickets.domain.process import Kind, Outcome, Process
from services.tickets.domain.replay import replay
from tests.practices.conftest import TODAY

_ORDINARY = ["raise", "accept", "deliberate", "decide", "carry_out", "evaluate", "publicise"]


@pytest.fixture(scope="module")
def process(practice: Practice) -> Process:
    return processes_of(practice)[0]


@pytest.fixture(scope="module")
def records(city: City) -> list[tickets.Record]:
    return list(ticket_records(city, TODAY))


def test_as_many_are_carried_through_as_the_figure_says(practice: Practice, made_tickets: list[Made]) -> None:
    expected = {row.id: row.expected for row in practice.figures.rows}["five_order_cases"]
    outcomes = Counter(made.ticket.outcome for made in made_tickets)
    assert outcomes == {Outcome.DONE: expected, Outcome.REFUSED: 30, Outcome.WITHDRAWN: 20, None: 24}


def test_some_are_open_at_every_step(process: Process, made_tickets: list[Made]) -> None:
    waiting = Counter(made.ticket.step for made in made_tickets if made.ticket.outcome is None)
    assert waiting == {step.code: 4 for step in process.steps}


def test_the_service_replays_every_record_to_where_the_ticket_is(
    process: Process, records: list[tickets.Record], made_tickets: list[Made]
) -> None:
    made = {one.ticket.id: one.ticket for one in made_tickets}
    calendar = WorkingCalendar()
    replayed = [one for one in records if isinstance(one, tickets.TicketRecord) and one.process == process.code]
    assert {record.id for record in replayed} == set(made)
    for record in replayed:
        assert replay(process, record, made[record.id].number, calendar)[-1].ticket == made[record.id]


def test_whoever_acted_in_duty_held_that_duty_there_on_that_day(city: City, made_tickets: list[Made]) -> None:
    held: dict[tuple[str, str], list[DutyRecord]] = {}
    for duty in city.staff.duties:
        held.setdefault((str(duty.person), duty.title), []).append(duty)
    checked = 0
    for made in made_tickets:
        for entry in made.entries:
            if entry.acted_as in {"resident", "requester"}:
                continue
            day = local_day(entry.at)
            fits = [
                duty
                for duty in held[entry.by, entry.acted_as]
                if made.ticket.region_code.startswith(duty.region_code)
                and duty.valid_from <= day
                and (duty.valid_to is None or day < duty.valid_to)
            ]
            assert fits, entry
            checked += 1
    assert checked > 7000


def test_the_tickets_that_ended_did_so_in_the_year_before_the_date(
    practice: Practice, made_tickets: list[Made]
) -> None:
    last = practice.demonstration.date
    ended = [made for made in made_tickets if made.ticket.ended_at]
    days = [local_day(entry.at) for made in ended for entry in made.entries]
    assert min(days) > last - timedelta(days=365)
    assert max(days) <= last
    assert len({day.strftime("%Y-%m") for day in days}) >= 12


def test_the_tickets_under_way_came_there_before_the_day_of_loading_and_are_not_overdue(
    made_tickets: list[Made],
) -> None:
    for made in made_tickets:
        if made.ticket.outcome is None:
            assert TODAY - timedelta(days=14) < local_day(made.ticket.changed_at) < TODAY
            due = made.ticket.due_at()
            assert due is not None
            assert local_day(due) >= TODAY


@pytest.mark.parametrize("today", [date(2026, 12, 31), date(2031, 5, 5)])
def test_another_day_of_loading_changes_only_the_tickets_under_way(
    city: City, made_tickets: list[Made], today: date
) -> None:
    later = [one for one in tickets_of(city, today) if one.ticket.process == "five_sheets"]
    assert [one for one in later if one.ticket.ended_at] == [one for one in made_tickets if one.ticket.ended_at]
    assert {one.ticket.id for one in later} == {one.ticket.id for one in made_tickets}
    for one in later:
        if one.ticket.ended_at is None:
            assert today - timedelta(days=30) < local_day(one.ticket.changed_at) < today


def test_people_in_duty_act_in_business_hours_of_working_days(practice: Practice, made_tickets: list[Made]) -> None:
    calendar = WorkingCalendar(practice.calendar)
    for made in made_tickets:
        for entry in made.entries:
            if entry.acted_as not in {"resident", "requester"}:
                assert next(iter(calendar.open_periods(entry.at)))[0] == entry.at, entry


def test_times_of_a_ticket_never_run_backwards(made_tickets: list[Made]) -> None:
    for made in made_tickets:
        times = [entry.at for entry in made.entries]
        assert times == sorted(times)
        assert [entry.seq for entry in made.entries] == list(range(1, len(times) + 1))


def test_most_go_the_ordinary_way_and_some_do_not(practice: Practice, made_tickets: list[Made]) -> None:
    done = [made for made in made_tickets if made.ticket.outcome is Outcome.DONE]
    ordinary = [made for made in done if [e.action for e in made.entries if e.action != "evaluate_too"] == _ORDINARY]
    assert len(ordinary) > 1250
    wanted = practice.demonstration.tickets[0]
    assert sum(any(entry.kind is Kind.RETURN for entry in made.entries) for made in done) == wanted.returned
    assert sum(made.ticket.round == 1 for made in done) == wanted.reopened


def test_what_is_made_public_names_nobody(made_tickets: list[Made]) -> None:
    for made in made_tickets:
        public = [entry.given.notice for entry in made.entries if entry.given.notice]
        assert all(made.requester_name not in text for text in public)
        assert not any(mark in text for text in [made.title, made.description, *public] for mark in "{}")


def test_texts_are_varied(made_tickets: list[Made]) -> None:
    assert len({made.title for made in made_tickets}) > 1200
    assert len({made.ticket.category for made in made_tickets}) >= 12
    assert len({made.ticket.region_code[:15] for made in made_tickets}) > 130


def test_records_are_what_the_service_reads(records: list[tickets.Record]) -> None:
    encoded = msgspec.json.Encoder().encode_lines(records)
    decoder = msgspec.json.Decoder(tickets.Record)
    assert [decoder.decode(line) for line in encoded.splitlines()] == records
    assert [type(record) for record in records[:2]] == [tickets.CalendarRecord, tickets.ProcessRecord]
    raised = [record.raised.at for record in records if isinstance(record, tickets.TicketRecord)]
    assert raised == sorted(raised)
