"""What waits for a duty: exactly what its holders can act on there, counted; and the views they save for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.database import EVERYWHERE
from services.tickets.storage import inbox
from tests.tickets import city
from tests.tickets.appointments import officer, settle_in, summoned
from tests.tickets.test_absences import away
from tests.tickets.test_org_events import NEW, recoded

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

_VIEW = """views { id name count filter { waitsForDuty process overdue dueWithinDays text }
  tickets { edges { node { id } } } }"""
_SHOWN = f"""title regionCode duty {{ id }} standsInFor {{ id }} waiting overdue dueSoon
  tickets(first: 50) {{ totalCount edges {{ node {{ id myActions {{ code }} }} }} }} {_VIEW}"""
INBOX = f"{{ myInbox {{ {_SHOWN} }} }}"
SAVE = f"""mutation($input: SaveInboxViewInput!) {{ payload: saveInboxView(input: $input) {{
  inbox {{ {_VIEW} }} problems {{ code path }} }} }}"""
DELETE = f"""mutation($input: DeleteInboxViewInput!) {{ payload: deleteInboxView(input: $input) {{
  inbox {{ {_VIEW} }} problems {{ code }} }} }}"""


async def inbox_of(tickets: Tickets, name: str) -> dict[str, Any]:
    found = (await tickets.data(INBOX, tickets.staff(name)))["myInbox"]
    own = [one for one in found if one["standsInFor"] is None]
    assert len(own) == 1
    only: dict[str, Any] = own[0]
    return only


def ids(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in connection["edges"]]


async def saved(tickets: Tickets, who: str = "worker", **more: Any) -> dict[str, Any]:
    asked = {"idempotencyKey": f"v {more}", "dutyId": str(city.duty_id(who)), "name": "路灯", **more}
    payload: dict[str, Any] = (await tickets.data(SAVE, tickets.staff(who), input=asked))["payload"]
    return payload


async def test_each_duty_finds_what_it_can_act_on_and_nothing_else(tickets: Tickets) -> None:
    fresh = await tickets.raised(key="fresh")
    there = await tickets.raised(regionCode=city.GRID_2, key="there")
    wish = await tickets.raised(process="micro_wish", category=None, key="wish")
    at_branch = await tickets.to_step("deliberate", await tickets.raised(key="branch"))
    done = await tickets.do("withdrawTicket", tickets.resident(), await tickets.raised(key="gone"))
    expected = {
        "worker": [wish["id"], fresh["id"]],
        "worker_2": [there["id"]],
        "branch": [at_branch["id"]],
        "committee": [],
        "leader": [],
        "worker_elsewhere": [],
    }
    for name, wanted in expected.items():
        found = await inbox_of(tickets, name)
        assert ids(found["tickets"]) == wanted, name
        assert (found["waiting"], found["tickets"]["totalCount"]) == (len(wanted), len(wanted))
        assert all(edge["node"]["myActions"] for edge in found["tickets"]["edges"])
        assert found["duty"] == {"id": str(city.duty_id(name))}
    assert done["id"] not in str(expected)
    assert (await tickets.data(INBOX, tickets.resident()))["myInbox"] == []


async def test_what_is_brought_before_somebody_is_in_their_inbox_and_the_late_are_counted(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    await tickets.look("UPDATE ticket SET due_at = now() - interval '1 hour'")
    late = await inbox_of(tickets, "worker")
    assert (late["waiting"], late["overdue"], late["dueSoon"]) == (1, 1, 0)
    await tickets.look("UPDATE ticket SET due_at = now() + interval '1 hour'")
    soon = await inbox_of(tickets, "worker")
    assert (soon["waiting"], soon["overdue"], soon["dueSoon"]) == (1, 0, 1)
    brought = """'[{"title": "community_secretary", "level": "COMMUNITY"}]'"""
    await tickets.look(f"UPDATE ticket SET escalated = {brought}")  # noqa: S608
    assert ids((await inbox_of(tickets, "committee"))["tickets"]) == [ticket["id"]]


_BROUGHT = """'[{"title": "community_secretary", "level": "COMMUNITY"}, {"team": "police_team", "level": "COMMUNITY"},
  {"title": "grid_worker", "level": "GRID"}, {"title": "nobody", "level": "BUILDING"}]'"""


async def test_a_ticket_is_kept_by_the_posts_before_which_it_is_as_long_as_it_is(tickets: Tickets) -> None:
    await tickets.raised()
    community = city.GRID[:12]

    async def posts() -> list[tuple[str, str, str]]:
        rows = await tickets.look("SELECT title, post_region, region_code FROM brought ORDER BY title")
        return [tuple(row) for row in rows]

    assert await posts() == []
    await tickets.look(f"UPDATE ticket SET escalated = {_BROUGHT}")  # noqa: S608 (a constant)
    expected = [
        ("community_secretary", community), ("grid_worker", city.GRID), ("team:police_team", community)
    ]  # fmt: skip
    assert await posts() == [(*one, city.GRID) for one in expected]
    assert (await inbox_of(tickets, "committee"))["waiting"] == 1
    elsewhere = _BROUGHT.replace(
        '"community_secretary", "level": "COMMUNITY"', '"community_secretary", "level": "GRID"'
    )
    await tickets.look(f"UPDATE ticket SET escalated = {elsewhere}")  # noqa: S608 (a constant)
    assert (await inbox_of(tickets, "committee"))["waiting"] == 0, "it is before whoever has that title in the grid"
    await tickets.look(f"UPDATE ticket SET escalated = {_BROUGHT}")  # noqa: S608 (a constant)
    await city.tell(tickets.runtime.database, recoded(NEW, city.GRID))
    assert {(post, code) for _, post, code in await posts()} == {(NEW, NEW), (NEW[:12], NEW)}
    await tickets.look("UPDATE ticket SET ended_at = now()")
    assert await posts() == []


async def test_what_was_brought_before_those_whose_step_it_waits_in_is_there_once_and_counted_by_its_deadline(
    tickets: Tickets,
) -> None:
    ticket = await tickets.raised()
    await city.tell(tickets.runtime.database, city.duty("worker_too", "grid_worker", city.GRID))
    await tickets.look(f"UPDATE ticket SET escalated = {_BROUGHT}")  # noqa: S608 (a constant)
    for assignee in ("NULL", f"'{city.person('worker')}'", f"'{city.person('worker_too')}'"):
        await tickets.look(f"UPDATE ticket SET assignee = {assignee}")  # noqa: S608 (of this test)
        found = await inbox_of(tickets, "worker")
        assert ids(found["tickets"]) == [ticket["id"]]
        assert (found["waiting"], found["tickets"]["totalCount"]) == (1, 1)
    for name in ("worker", "committee"):
        for hours, counts in ((-1, (1, 1, 0)), (1, (1, 0, 1)), (100, (1, 0, 0))):
            await tickets.look(f"UPDATE ticket SET due_at = now() + interval '{hours} hours'")  # noqa: S608 (a number)
            found = await inbox_of(tickets, name)
            assert (found["waiting"], found["overdue"], found["dueSoon"]) == counts
    kept = "region_code, raised_at, process, process_version, step, assignee, due_at"
    await tickets.look("UPDATE ticket SET step = 'deliberation'")
    (theirs,) = await tickets.look(f"SELECT {kept} FROM ticket")  # noqa: S608 (a constant)
    assert set(await tickets.look(f"SELECT {kept} FROM brought")) == {theirs}  # noqa: S608 (a constant)


async def test_the_serving_role_cannot_say_before_whom_a_ticket_was_brought(tickets: Tickets) -> None:
    await tickets.raised()
    await tickets.look(f"UPDATE ticket SET escalated = {_BROUGHT}")  # noqa: S608 (a constant)
    for statement in ("DELETE FROM brought", "UPDATE brought SET title = 'x'"):
        async with tickets.runtime.database.write(EVERYWHERE) as session:
            with pytest.raises(DBAPIError, match="permission denied"):
                await session.execute(text(statement))
    assert await tickets.look("SELECT count(*) FROM brought") == [(3,)]


async def test_a_ticket_that_is_anothers_turn_waits_for_them_as_long_as_they_hold_the_duty(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    colleague = city.duty("worker_too", "grid_worker", city.GRID)
    await city.tell(tickets.runtime.database, colleague)
    await tickets.look(f"UPDATE ticket SET assignee = '{city.person('worker_too')}'")  # noqa: S608
    assert (await inbox_of(tickets, "worker"))["waiting"] == 0
    await tickets.look(f"UPDATE ticket SET assignee = '{city.person('worker')}'")  # noqa: S608
    assert (await inbox_of(tickets, "worker"))["waiting"] == 1
    await tickets.look(f"UPDATE ticket SET assignee = '{city.person('gone')}'")  # noqa: S608
    assert ids((await inbox_of(tickets, "worker"))["tickets"]) == [ticket["id"]]


async def test_a_deputy_has_the_inbox_of_who_is_away_beside_their_own(tickets: Tickets) -> None:
    wish = await tickets.raised(process="micro_wish", category=None)
    await away(tickets)
    found = (await tickets.data(INBOX, tickets.staff("leader")))["myInbox"]
    own, lent = sorted(found, key=lambda one: one["standsInFor"] is not None)
    assert (own["title"], own["waiting"]) == ("grid_leader", 0)
    assert (lent["title"], ids(lent["tickets"])) == ("grid_worker", [wish["id"]])
    assert lent["standsInFor"] == {"id": str(city.person("worker"))}


async def test_what_an_invited_organisation_has_not_answered_waits_for_who_speaks_for_it(tickets: Tickets) -> None:
    await settle_in(tickets)
    ticket = await summoned(tickets, "fire", "water")
    waiting = "{ myInbox { title waiting tickets { edges { node { id myActions { code } } } } } }"
    expected = {"waiting": 1, "edges": [{"node": {"id": ticket["id"], "myActions": [{"code": "answer"}]}}]}

    async def of(name: str) -> dict[str, Any]:
        (found,) = (await tickets.data(waiting, officer(tickets, name)))["myInbox"]
        return {"waiting": found["waiting"], **found["tickets"]}

    assert await of("fire") == await of("water") == expected
    await tickets.do("answerTicket", officer(tickets, "fire"), ticket, opinion="到场")
    assert await of("fire") == {"waiting": 0, "edges": []}
    assert await of("water") == expected
    far = tickets.issuer.mint("subdistrict_officer", region="370303001", subject=str(city.person("far")))
    assert (await tickets.data(waiting, far))["myInbox"][0]["waiting"] == 0


async def test_a_view_is_saved_for_all_who_hold_the_duty_and_counts_what_it_shows(tickets: Tickets) -> None:
    lamp = await tickets.raised(title="路灯不亮", key="lamp")
    await tickets.raised(title="停车", key="parking")
    payload = await saved(tickets, text="路灯", process="five_sheets", dueWithinDays=60)
    assert payload["problems"] == []
    [view] = payload["inbox"][0]["views"]
    assert (view["name"], view["count"], ids(view["tickets"])) == ("路灯", 1, [lamp["id"]])
    assert view["filter"] == {
        "waitsForDuty": True, "process": "five_sheets", "overdue": None, "dueWithinDays": 60, "text": "路灯",
    }  # fmt: skip
    again = await saved(tickets, text="路灯", process="five_sheets", dueWithinDays=60)
    assert len(again["inbox"][0]["views"]) == 1
    everything = await saved(tickets, name="全部", waitsForDuty=False, idempotencyKey="all")
    assert {one["name"]: one["count"] for one in everything["inbox"][0]["views"]} == {"路灯": 1, "全部": 2}
    assert (await inbox_of(tickets, "worker_2"))["views"] == []
    gone = (await tickets.data(DELETE, tickets.staff("worker"), input={"id": view["id"]}))["payload"]
    assert [one["name"] for one in gone["inbox"][0]["views"]] == ["全部"]


async def test_counts_stop_where_nobody_counts_any_more(tickets: Tickets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_COUNTED", 2)
    for number in range(4):
        await tickets.raised(key=f"k{number}")
    assert (await inbox_of(tickets, "worker"))["waiting"] == 3


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"name": " "}, "REQUIRED", ["name"]),
        ({"dueWithinDays": 61}, "WRONG_DAYS", ["dueWithinDays"]),
        ({"dueWithinDays": 0}, "WRONG_DAYS", ["dueWithinDays"]),
        ({"text": "长" * 101}, "TOO_LONG", ["words"]),
    ],
)
async def test_a_wrong_view_is_refused(tickets: Tickets, more: dict[str, Any], code: str, path: list[str]) -> None:
    before = await tickets.contents()
    payload = await saved(tickets, **more)
    assert payload["problems"] == [{"code": code, "path": path}]
    assert await tickets.contents() == before


async def test_a_duty_has_so_many_views_and_no_more(tickets: Tickets) -> None:
    for number in range(20):
        assert (await saved(tickets, name=f"{number}"))["problems"] == []
    assert (await saved(tickets, name="20"))["problems"][0]["code"] == "TOO_MANY_VIEWS"


async def test_nobody_else_saves_or_deletes_a_view(tickets: Tickets) -> None:
    view = (await saved(tickets))["inbox"][0]["views"][0]
    before = await tickets.contents()
    asked = {"idempotencyKey": "v", "dutyId": str(city.duty_id("worker")), "name": "x"}
    for token, code in (
        (tickets.staff("leader"), "FORBIDDEN"),
        (tickets.staff("committee"), "FORBIDDEN"),
        (tickets.role("admin"), "FORBIDDEN"),
        (tickets.resident(), "FORBIDDEN"),
        (tickets.staff("worker_elsewhere"), "NOT_FOUND"),
    ):
        assert await tickets.error(SAVE, token, input=asked) == code
        assert await tickets.error(DELETE, token, input={"id": view["id"]}) == code
    assert await tickets.contents() == before
