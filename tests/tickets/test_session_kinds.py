"""Councils with their days of the week: 周二说事日, 周末议事会; other days are refused, each kind is counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.problems import Refused
from chassis.service import ImportRefused
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import ZONE, local_day
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.session_kind import SessionKind, Weekday, check_kind
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.domain.generated import instants
from tests.tickets.test_deliberation import STATION, asking, begun, done, held
from tests.tickets.test_import_deliberations import DISCUSSED, HELD, PROCESS, changed

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

TUESDAY = {"code": "tuesday_talk", "name_zh": "周二说事日", "name_en": "Tuesday talk", "days": ["tuesday"]}
WEEKEND = {"code": "weekend_council", "name_zh": "周末议事会", "name_en": "weekend council"}
KINDS = [TUESDAY, WEEKEND | {"days": ["saturday", "sunday"]}]
_PROBLEMS = "problems { code message path }"
CONVENE = f"""mutation($input: ConveneSessionInput!) {{ payload: conveneSession(input: $input) {{
  deliberation {{ id version sessions {{ edges {{ node {{ id startsAt kind {{ code name days }} }} }} }} }}
  {_PROBLEMS} }} }}"""
STATS = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  deliberationStats { sessionsByKind { kind { code } sessions attendances } sessions { form sessions } } } } }"""


def records() -> list[dict[str, Any]]:
    return [{"record": "session_kind", "kind": one} for one in KINDS]


def coming(weekday: int, hour: int = 19) -> datetime:
    """The next such day of the week (Monday is 0), not today, at an hour in the city."""
    ahead = (weekday - local_day(now()).weekday() - 1) % 7 + 1
    day = local_day(now()) + timedelta(days=ahead)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


async def convene(
    tickets: Tickets, found: dict[str, Any], kind: str | None, at: datetime, language: str = "en"
) -> dict[str, Any]:
    asked = {
        "idempotencyKey": f"{kind} {at}", "id": found["id"], "form": "COURTYARD", "place": "小院",
        "startsAt": at.isoformat(), "stationId": STATION, "kind": kind,
    }  # fmt: skip
    answer = await tickets.ask(CONVENE, tickets.staff("branch"), language, input=asked)
    payload: dict[str, Any] = answer["data"]["payload"]
    return payload


async def test_a_council_is_convened_on_its_day_and_counted_as_what_it_is(tickets: Tickets) -> None:
    await tickets.load(*records())
    found = await begun(tickets)
    payload = await convene(tickets, found, "tuesday_talk", coming(1))
    assert payload["problems"] == []
    [one] = items_of(payload["deliberation"]["sessions"])
    assert one["kind"] == {"code": "tuesday_talk", "name": "Tuesday talk", "days": ["TUESDAY"]}
    async with tickets.runtime.database.write(("",)) as session:
        await session.connection.exec_driver_sql("UPDATE deliberation_session SET starts_at = now() - interval '1 h'")
    await held(tickets, payload["deliberation"], "BRANCH")
    told = [event["data"]["kind"] for type_, event in await tickets.events() if ".session_" in type_]
    assert told == ["tuesday_talk", "tuesday_talk"]
    stats = await tickets.data(STATS, tickets.role("observer", city.DISTRICT), id=str(city.region_id(city.DISTRICT)))
    assert stats["_entities"][0]["deliberationStats"] == {
        "sessionsByKind": [{"kind": {"code": "tuesday_talk"}, "sessions": 1, "attendances": 2}],
        "sessions": [{"form": "COURTYARD", "sessions": 1}],
    }


async def test_on_another_day_it_is_refused_with_the_days_on_which_it_is_held(tickets: Tickets) -> None:
    await tickets.load(*records())
    found = await begun(tickets)
    kept = await tickets.contents()
    wednesday = coming(2)
    payload = await convene(tickets, found, "tuesday_talk", wednesday)
    assert payload["deliberation"] is None
    assert payload["problems"] == [
        {
            "code": "WRONG_SESSION_DAY",
            "message": f"Tuesday talk is held on Tuesday; {wednesday.date()} is a Wednesday.",
            "path": ["startsAt"],
        }
    ]
    chinese = (await convene(tickets, found, "weekend_council", wednesday, "zh-CN"))["problems"][0]["message"]
    assert chinese == f"“周末议事会”在周六、周日举行；{wednesday.date()} 是周三。"
    unknown = (await convene(tickets, found, "monday_club", wednesday))["problems"]
    assert [(one["code"], one["path"]) for one in unknown] == [("UNKNOWN_SESSION_KIND", ["kind"])]
    assert await tickets.contents() == kept


async def test_the_day_is_that_of_the_city_and_not_of_greenwich(tickets: Tickets) -> None:
    await tickets.load(*records())
    found = await begun(tickets)
    # At midnight in China it is the day before in Greenwich: Friday for the first, Sunday for the second.
    assert (await convene(tickets, found, "weekend_council", coming(5, 0)))["problems"] == []
    assert [one["code"] for one in (await convene(tickets, found, "weekend_council", coming(0, 0)))["problems"]] == [
        "WRONG_SESSION_DAY"
    ]


async def test_a_session_of_no_kind_is_held_on_any_day_and_counted_by_form_alone(tickets: Tickets) -> None:
    found = await begun(tickets)
    payload = await convene(tickets, found, None, coming(2))
    assert items_of(payload["deliberation"]["sessions"])[0]["kind"] is None
    stats = await tickets.data(STATS, tickets.role("observer"), id=str(city.region_id(city.CITY)))
    assert stats["_entities"][0]["deliberationStats"] == {"sessionsByKind": [], "sessions": []}


async def test_everybody_reads_which_kinds_there_are_and_a_new_import_changes_one(tickets: Tickets) -> None:
    query = "{ sessionKinds { code name days } }"
    assert await tickets.error(query, None) == "UNAUTHENTICATED"
    assert (await tickets.data(query, tickets.resident()))["sessionKinds"] == []
    await tickets.load(*records())
    await tickets.load(*records(), {"record": "session_kind", "kind": TUESDAY | {"days": ["tuesday", "thursday"]}})
    assert (await tickets.data(query, tickets.resident()))["sessionKinds"] == [
        {"code": "tuesday_talk", "name": "Tuesday talk", "days": ["TUESDAY", "THURSDAY"]},
        {"code": "weekend_council", "name": "weekend council", "days": ["SATURDAY", "SUNDAY"]},
    ]


async def test_an_imported_session_keeps_to_the_days_of_its_kind(tickets: Tickets) -> None:
    # 3 March 2026 is a Tuesday.
    weekend = changed(HELD, "sessions", 0, "kind", to="weekend_council")
    with pytest.raises(ImportRefused, match=r"WRONG_SESSION_DAY: weekend council is held on .*; 2026-03-03"):
        await tickets.load(*records(), PROCESS, DISCUSSED, weekend)
    unknown = changed(HELD, "sessions", 0, "kind", to="monday_club")
    with pytest.raises(ImportRefused, match="UNKNOWN_SESSION_KIND: There is no kind of session monday_club"):
        await tickets.load(*records(), PROCESS, DISCUSSED, unknown)
    await tickets.load(*records(), PROCESS, DISCUSSED, changed(HELD, "sessions", 0, "kind", to="tuesday_talk"))
    assert await tickets.look("SELECT kind FROM deliberation_session") == [("tuesday_talk",)]


async def test_only_who_deliberates_there_convenes_a_council(tickets: Tickets) -> None:
    await tickets.load(*records())
    found = await begun(tickets)
    kept = await tickets.contents()
    asked = {
        "idempotencyKey": "k", "id": found["id"], "form": "HALL", "place": "议事厅", "kind": "tuesday_talk",
        "startsAt": coming(1).isoformat(),
    }  # fmt: skip
    for token, code in (
        (None, "UNAUTHENTICATED"),
        (tickets.resident(), "FORBIDDEN"),
        (tickets.role("admin"), "FORBIDDEN"),
        (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
    ):
        assert await tickets.error(asking("conveneSession"), token, input=asked) == code
    assert await tickets.contents() == kept
    await done(tickets, "conveneSession", tickets.staff("branch"), **asked)


WEEK = list(Weekday)


@given(instants, st.sets(st.sampled_from(WEEK), min_size=1))
def test_a_kind_is_held_on_its_days_of_the_week_and_on_no_other(at: datetime, days: set[Weekday]) -> None:
    kind = SessionKind(code="council", name_zh="议事会", name_en="council", days=tuple(days))
    if WEEK[at.astimezone(ZONE).weekday()] in days:
        check_kind({"council": kind}, "council", at)
    else:
        with pytest.raises(Refused) as refused:
            check_kind({"council": kind}, "council", at)
        assert refused.value.problem is TicketProblem.WRONG_SESSION_DAY


@pytest.mark.parametrize("wrong", [{"days": []}, {"days": ["monday", "monday"]}, {"code": "Tuesday"}, {"name_en": " "}])
def test_a_kind_has_a_code_names_and_days(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(TUESDAY | wrong, SessionKind)
