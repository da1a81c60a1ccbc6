"""Kept counts are those of the tickets, whatever happens to tickets and whenever they are summed up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.service import Amiss
from services.org.domain import events as org
from services.tickets.access import Visibility
from services.tickets.commands.actors import now
from services.tickets.commands.tally import compare_counts, fold_all, mark_all, repair_counts
from services.tickets.domain.calendar import local_day
from services.tickets.domain.periods import Span, stretches
from services.tickets.storage.areas import areas
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

RIGHT = "every kept count is that of the tickets"
FIELDS = """{ raised open overdue done refused withdrawn reopened public ratings meanRating
  deliberated: performed(kind: DELIBERATE) evaluated: performed(kind: EVALUATE)
  steps { process step tickets } punctuality { kind met metOrMissed } }"""
REGION = """query($id: ID!) {
  _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region { %s } } }"""
DAYS = st.dates(date(2023, 11, 1), date(2026, 3, 1))
CODES = st.text("01", min_size=1, max_size=4)


async def stats(tickets: Tickets, code: str, token: str, *periods: str) -> Any:
    """Ask for the statistics of a region, in all and in some periods."""
    asked = " ".join(f"p{number}: ticketStats{period} {FIELDS}" for number, period in enumerate(("", *periods)))
    answer = (await tickets.data(REGION % asked, token, id=str(city.region_id(code))))["_entities"][0]
    return answer if periods else answer["p0"]


async def everywhere(tickets: Tickets) -> list[Any]:
    today = local_day(now())
    periods = (
        f'(raisedFrom: "{today - timedelta(days=2)}", raisedTo: "{today + timedelta(days=2)}")',
        f'(raisedFrom: "{today - timedelta(days=800)}")',
        f'(raisedTo: "{today - timedelta(days=3)}")',
        '(process: "five_sheets")',
    )
    callers = (
        tickets.role("admin"), tickets.role("observer", city.DISTRICT), tickets.staff("committee"),
        tickets.staff("worker"), tickets.resident(),
    )  # fmt: skip
    codes = (city.CITY, city.SUBDISTRICT, city.COMMUNITY, city.GRID)
    return [await stats(tickets, code, token, *periods) for code in codes for token in callers]


async def test_counts_stay_those_of_the_tickets_through_all_that_happens_to_them(tickets: Tickets) -> None:
    done = await tickets.to_step("evaluate", await tickets.raised(key="a"))
    done = await tickets.do("evaluateTicket", tickets.resident(), done, rating=1)
    done = await tickets.do("publiciseTicket", tickets.staff("committee"), done, notice="办好了")
    refused = await tickets.raised(key="b")
    await tickets.do("refuseTicket", tickets.staff("worker"), refused, reason="不归社区管")
    await tickets.raised(tickets.resident("wang"), key="c", regionCode=city.GRID_2)
    before = await everywhere(tickets)
    assert await compare_counts(tickets.runtime) == RIGHT
    assert await fold_all(tickets.runtime.database) > 0
    assert await everywhere(tickets) == before
    assert await compare_counts(tickets.runtime) == RIGHT
    await tickets.raised(key="d")
    await tickets.do("reopenTicket", tickets.resident(), done, reason="又坏了")
    city_now = await stats(tickets, city.CITY, tickets.role("admin"))
    assert (city_now["raised"], city_now["reopened"], city_now["ratings"]) == (4, 1, 0)
    assert await compare_counts(tickets.runtime) == RIGHT
    recoded = org.RegionRecoded(
        region_id=city.region_id(city.GRID), code="370303001001009", previous_code=city.GRID, level="GRID",
        parent_id=None, valid_from=city.SINCE,
    )  # fmt: skip
    await city.tell(tickets.runtime.database, recoded)
    assert await compare_counts(tickets.runtime) == RIGHT
    assert (await stats(tickets, "370303", tickets.role("admin")))["raised"] == 3
    assert await fold_all(tickets.runtime.database) > 0
    assert (await stats(tickets, "370303", tickets.role("admin")))["deliberated"] == 1
    assert (await stats(tickets, city.CITY, tickets.role("admin"))) == city_now
    assert await compare_counts(tickets.runtime) == RIGHT


async def test_what_is_overdue_is_counted_before_and_after_it_is_marked_and_only_as_long_as_it_is(
    tickets: Tickets,
) -> None:
    first, other = await tickets.raised(key="a"), await tickets.raised(tickets.resident("wang"), key="b")
    await tickets.look("UPDATE ticket SET due_at = now() - interval '1 hour'")
    database, admin = tickets.runtime.database, tickets.role("admin")
    before = await everywhere(tickets)
    assert (await stats(tickets, city.CITY, admin))["overdue"] == 2
    assert (await stats(tickets, city.GRID, tickets.resident()))["overdue"] == 1
    assert await mark_all(database, datetime.now(UTC) - timedelta(hours=2)) == 0
    assert await mark_all(database, datetime.now(UTC)) == 2
    assert await mark_all(database, datetime.now(UTC)) == 0
    assert await everywhere(tickets) == before
    assert await compare_counts(tickets.runtime) == RIGHT
    await fold_all(database)
    assert await everywhere(tickets) == before
    await tickets.look(f"UPDATE ticket SET due_at = now() + interval '1 hour' WHERE id = '{first['id']}'")  # noqa: S608
    assert (await stats(tickets, city.CITY, admin))["overdue"] == 1
    await tickets.do("refuseTicket", tickets.staff("worker"), other, reason="不归社区管")
    assert (await stats(tickets, city.CITY, admin))["overdue"] == 0
    assert await tickets.look("SELECT count(*) FROM ticket WHERE late") == [(0,)]
    assert await compare_counts(tickets.runtime) == RIGHT


async def test_counts_that_were_spoilt_are_found_and_put_right(tickets: Tickets) -> None:
    await tickets.raised(key="a")
    await fold_all(tickets.runtime.database)
    await tickets.look("UPDATE tally SET counts = '{\"raised\": 7}' WHERE span = 'month' AND region_code = '3703'")
    await tickets.look("DELETE FROM tally WHERE span = 'day'")
    await tickets.raised(key="b")
    with pytest.raises(Amiss) as told:
        await compare_counts(tickets.runtime)
    assert "3703 month" in str(told.value)
    assert "five_sheets raised: -6" in str(told.value)
    assert "differed" in await repair_counts(tickets.runtime)
    assert await compare_counts(tickets.runtime) == RIGHT
    await fold_all(tickets.runtime.database)
    assert await compare_counts(tickets.runtime) == RIGHT


@given(DAYS, DAYS)
def test_a_period_falls_into_spans_that_hold_each_of_its_days_once(first: date, last: date) -> None:
    held = [
        one.first + timedelta(days=number)
        for one in stretches(first, last)
        for number in range((one.end - one.first).days)
    ]
    assert sorted(held) == [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for span, begins, ends in stretches(first, last):
        if span is not Span.DAY:
            assert (begins.day, ends.day) == (1, 1)
        if span is Span.YEAR:
            assert (begins.month, ends.month) == (1, 1)


@pytest.mark.parametrize("first", [None, date(2024, 2, 29)])
def test_an_open_end_holds_everything_before_or_after(first: date | None) -> None:
    assert min(one.first for one in stretches(first, None)) == (first or date.min)
    assert max(one.end for one in stretches(first, None)) == date.max
    assert min(one.first for one in stretches(None, date(2024, 2, 29))) == date.min


@given(CODES, st.lists(CODES, max_size=3), st.lists(CODES, min_size=1, max_size=3), CODES, st.sampled_from(["a", "b"]))
def test_a_ticket_that_is_seen_is_in_one_area_and_any_other_in_none(
    prefix: str, everything: list[str], of_a: list[str], code: str, process: str
) -> None:
    seen = Visibility(tuple(everything), (("a", tuple(of_a)),), "nobody")
    expected = code.startswith(prefix) and seen.sees(process, code, None)
    for asked in (None, process):
        assert sum(area.holds(process, code) for area in areas(prefix, asked, seen)) == expected
