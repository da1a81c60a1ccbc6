"""Whoever wrote or said something beside tickets of their own finds it, and has it erased once the matter has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.tickets.commands.own_words import erase_words_over
from services.tickets.commands.personal_data import delete_erased
from services.tickets.domain.own_words import Words, WordsKind, words_of
from tests.kit import items_of
from tests.tickets import city
from tests.tickets.test_burdens import REPORT, report
from tests.tickets.test_deliberation import begun, convened, done, present, refused
from tests.tickets.test_objections import posted
from tests.tickets.test_personal_data import ERASE
from tests.tickets.test_sweeps import due, sweep_at
from tests.tickets.test_words_beside import objected

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

MINE = """query($first: Int, $after: String) { myWords(first: $first, after: $after) { totalCount
  pageInfo { hasNextPage endCursor } edges { node { id kind words regionCode ticketId isOver } } } }"""
ERASE_MINE = """mutation($input: EraseMyWordsInput!) { payload: eraseMyWords(input: $input) {
  id problems { code path } } }"""
ID = "0190a7c2-0000-7000-8000-000000000001"
ANSWER_BURDEN = "mutation($input: AnswerBurdenInput!) { payload: answerBurden(input: $input) { problems { code } } }"


async def mine(tickets: Tickets, token: str, **page: Any) -> list[dict[str, Any]]:
    """What somebody finds of their own words, the newest first."""
    return [edge["node"] for edge in (await tickets.data(MINE, token, **page))["myWords"]["edges"]]


async def erased(tickets: Tickets, token: str, id_: str, key: str | None = None) -> list[tuple[str, list[str]]]:
    """Have words erased; return why they were not."""
    asked = {"idempotencyKey": key or str(uuid4()), "id": id_}
    payload = (await tickets.data(ERASE_MINE, token, input=asked))["payload"]
    assert payload["id"] == (None if payload["problems"] else id_)
    return [(one["code"], one["path"]) for one in payload["problems"]]


def attackers(tickets: Tickets) -> dict[str, tuple[str | None, str]]:
    """Everybody whose the words of wang, at home in the community, are not, and what they are told."""
    return {
        "nobody": (None, "UNAUTHENTICATED"),
        "a neighbour": (tickets.resident("zhao"), "NOT_FOUND"),
        "the requester": (tickets.resident("li"), "NOT_FOUND"),
        "who handles it": (tickets.staff("committee"), "NOT_FOUND"),
        "the grid's worker": (tickets.staff("worker"), "NOT_FOUND"),
        "an administrator": (tickets.role("admin", city.CITY), "NOT_FOUND"),
        "themselves elsewhere": (tickets.resident("wang", city.ELSEWHERE), "NOT_FOUND"),
        "themselves in another grid": (tickets.resident("wang", city.GRID_2), "NOT_FOUND"),
    }


async def refused_to_others(tickets: Tickets, id_: str) -> None:
    kept = await tickets.contents()
    for who, (token, code) in attackers(tickets).items():
        asked = {"idempotencyKey": who, "id": id_}
        assert await tickets.error(ERASE_MINE, token, input=asked) == code, who
    assert await tickets.contents() == kept


async def told(tickets: Tickets) -> list[dict[str, Any]]:
    return [event["data"] for type_, event in await tickets.events() if type_.endswith(".words_erased.v1")]


async def audited(tickets: Tickets) -> list[tuple[Any, ...]]:
    return await tickets.look(
        "SELECT actor, kind, region_code, fields FROM audit WHERE operation = 'eraseMyWords' ORDER BY id"
    )


async def test_an_objector_has_their_reason_erased_when_the_notice_is_over_and_nobody_elses(tickets: Tickets) -> None:
    ticket = await posted(tickets)
    for who in ("wang", "zhao"):
        await objected(tickets, ticket, who)
    wang = tickets.resident("wang")
    [one] = await mine(tickets, wang)
    assert one == {
        "id": one["id"], "kind": "OBJECTION", "words": "wang家门口", "regionCode": city.GRID, "ticketId": ticket["id"],
        "isOver": False,
    }  # fmt: skip
    kept = await tickets.contents()
    assert await erased(tickets, wang, one["id"]) == [("WORDS_NEEDED", ["id"])]
    assert await tickets.contents() == kept
    assert await sweep_at(tickets, await due(tickets)) == ["lapsed"]
    assert [found["isOver"] for found in await mine(tickets, wang)] == [True]
    await refused_to_others(tickets, one["id"])

    assert await erased(tickets, wang, one["id"], key="once") == []
    assert dict(await tickets.look("SELECT by, reason FROM objection")) == {"wang": "", "zhao": "zhao家门口"}
    assert await tickets.look("SELECT DISTINCT answer, upheld FROM objection") == [("已避开", True)]
    assert await mine(tickets, wang) == []
    assert "wang家门口" not in str(await tickets.contents())
    objection = one["id"].split(".")[1]
    assert await told(tickets) == [
        {
            "words": "objection",
            "thingId": objection,
            "number": 0,
            "ticketId": ticket["id"],
            "regionCode": city.GRID,
            "why": "request",
        }
    ]
    assert await audited(tickets) == [
        ("wang", "objection", city.GRID, {"words": None, "number": 0, "erased": "request"})
    ]
    kept = await tickets.contents()
    assert await erased(tickets, wang, one["id"], key="once") == [], "the same request again changes nothing"
    assert await erased(tickets, wang, one["id"], key="again") == [("ALREADY_DONE", ["id"])]
    assert await tickets.contents() == kept


async def heard(tickets: Tickets, *, by: str = "committee", code: str = city.COMMUNITY) -> dict[str, Any]:
    """A session at which wang and li speak for themselves, and the branch for itself."""
    found = await convened(tickets, await begun(tickets, by=by, regionCode=code), by=by)
    said = [
        {"party": "BRANCH", "text": "支部的话"},
        {"party": "RESIDENTS", "text": "wang的话", "personId": str(city.person("wang"))},
        {"party": "RESIDENTS", "text": "li的话", "personId": str(city.person("li"))},
        {"party": "RESIDENTS", "text": "大家的话"},
    ]
    asked = {
        "sessionId": items_of(found["sessions"])[0]["id"],
        "attendees": present("branch", "wang", "li"),
        "opinions": said,
    }
    return await done(tickets, "holdSession", tickets.staff(by), **asked)


async def resolved(tickets: Tickets, found: dict[str, Any], by: str = "committee") -> None:
    asked = {"id": found["id"], "resolution": "靠北墙建", "agreed": True, "expectedVersion": found["version"]}
    await done(tickets, "resolveDeliberation", tickets.staff(by), **asked)


async def opinions(tickets: Tickets) -> list[tuple[Any, ...]]:
    return await tickets.look("SELECT text, person_id FROM deliberation_opinion ORDER BY position")


async def test_who_spoke_at_a_session_above_their_grid_has_it_erased_once_it_is_resolved(tickets: Tickets) -> None:
    found = await heard(tickets)
    # Their token reaches no further than their grid; the session was held for the whole community.
    wang = tickets.resident(str(city.person("wang")), city.GRID)
    [one] = await mine(tickets, wang)
    assert (one["kind"], one["words"], one["regionCode"], one["isOver"]) == (
        "OPINION", "wang的话", city.COMMUNITY, False,
    )  # fmt: skip
    kept = await tickets.contents()
    assert await erased(tickets, wang, one["id"]) == [("WORDS_NEEDED", ["id"])]
    assert await tickets.contents() == kept
    await resolved(tickets, found)
    await refused_to_others(tickets, one["id"])
    kept = await tickets.contents()
    far = tickets.resident(str(city.person("wang")), city.ELSEWHERE)
    assert await tickets.error(ERASE_MINE, far, input={"idempotencyKey": "far", "id": one["id"]}) == "NOT_FOUND"
    assert await tickets.contents() == kept

    assert await erased(tickets, wang, one["id"], key="once") == []
    assert await opinions(tickets) == [
        ("支部的话", None), ("", None), ("li的话", city.person("li")), ("大家的话", None),
    ]  # fmt: skip
    assert await mine(tickets, wang) == []
    session = items_of(found["sessions"])[0]["id"]
    assert await told(tickets) == [
        {
            "words": "opinion",
            "thingId": session,
            "number": 1,
            "ticketId": None,
            "regionCode": city.COMMUNITY,
            "why": "request",
        }
    ]
    assert [row[1:3] for row in await audited(tickets)] == [("opinion", city.COMMUNITY)]
    kept = await tickets.contents()
    assert await erased(tickets, wang, one["id"], key="once") == []
    assert await tickets.contents() == kept
    for gone in (one["id"], f"opinion.{session}.0", f"opinion.{session}.3", f"opinion.{session}.9"):
        assert await tickets.error(ERASE_MINE, wang, input={"idempotencyKey": gone, "id": gone}) == "NOT_FOUND"
    assert await tickets.contents() == kept


async def test_the_only_one_who_came_for_those_concerned_is_known_to_have_spoken(tickets: Tickets) -> None:
    found = await convened(tickets, await begun(tickets, parties=["BRANCH", "CONCERNED"]))
    attendees = [*present("branch"), {**present("li")[0], "party": "CONCERNED"}]
    attendees.append({**present("wang")[0], "party": "CONCERNED", "came": False})
    said = [{"party": "BRANCH", "text": "支部的话"}, {"party": "CONCERNED", "text": "li的话"}]
    asked = {"sessionId": items_of(found["sessions"])[0]["id"], "attendees": attendees, "opinions": said}
    await done(tickets, "holdSession", tickets.staff("branch"), **asked)
    assert await opinions(tickets) == [("支部的话", None), ("li的话", city.person("li"))]


@pytest.mark.parametrize(
    ("party", "who"),
    [("BRANCH", "branch"), ("RESIDENTS", "branch"), ("RESIDENTS", "zhao"), ("RESIDENTS", "wang")],
    ids=["a body's words are nobody's own", "of another party", "who was not there", "who stayed away"],
)
async def test_only_who_came_to_speak_for_themselves_is_named(tickets: Tickets, party: str, who: str) -> None:
    found = await convened(tickets, await begun(tickets))
    attendees = [*present("branch", "li"), {**present("wang")[0], "came": False}]
    said = [{"party": "RESIDENTS", "text": "好"}, {"party": party, "text": "好", "personId": str(city.person(who))}]
    asked = {"sessionId": items_of(found["sessions"])[0]["id"], "attendees": attendees, "opinions": said}
    kept = await tickets.contents()
    assert await refused(tickets, "holdSession", tickets.staff("branch"), **asked) == ["WRONG_SPEAKER"]
    assert await tickets.contents() == kept


async def test_what_a_requester_said_at_a_session_goes_with_their_ticket(tickets: Tickets) -> None:
    li = tickets.resident(str(city.person("li")))
    ticket = await tickets.raised(li)
    found = await convened(tickets, await begun(tickets, ticketId=ticket["id"]))
    said = [{"party": "RESIDENTS", "text": f"{who}的话", "personId": str(city.person(who))} for who in ("li", "wang")]
    asked = {
        "sessionId": items_of(found["sessions"])[0]["id"],
        "attendees": present("branch", "wang", "li"),
        "opinions": said,
    }
    await done(tickets, "holdSession", tickets.staff("branch"), **asked)
    await tickets.do("withdrawTicket", li, ticket)
    assert (await tickets.data(ERASE, li, input={"ticketId": ticket["id"]}))["payload"]["problems"] == []
    assert await opinions(tickets) == [("", None), ("wang的话", city.person("wang"))]


async def test_who_reported_a_burden_has_it_erased_once_it_is_answered(tickets: Tickets) -> None:
    first, keeper = tickets.staff("first"), tickets.role("admin", city.DISTRICT)
    payload = (await tickets.data(REPORT, first, input=report(description="每周三份报表")))["payload"]
    assert payload["problems"] == []
    [one] = await mine(tickets, first)
    assert (one["kind"], one["words"], one["isOver"], one["ticketId"]) == ("BURDEN", "每周三份报表", False, None)
    kept = await tickets.contents()
    assert await erased(tickets, first, one["id"]) == [("WORDS_NEEDED", ["id"])]
    assert await tickets.contents() == kept
    burden = one["id"].split(".")[1]
    answer = {"id": burden, "answer": "已合并报表"}
    assert (await tickets.data(ANSWER_BURDEN, keeper, input=answer))["payload"]["problems"] == []
    await refused_to_others(tickets, one["id"])
    assert await erased(tickets, first, one["id"], key="once") == []
    assert await tickets.look("SELECT description, answer FROM burden") == [("", "已合并报表")]
    assert [(one["words"], one["thingId"]) for one in await told(tickets)] == [("burden", burden)]
    assert [row[:2] for row in await audited(tickets)] == [(str(city.person("first")), "burden")]
    kept = await tickets.contents()
    assert await erased(tickets, first, one["id"], key="once") == []
    assert await erased(tickets, first, one["id"]) == [("ALREADY_DONE", ["id"])]
    assert await tickets.contents() == kept


async def evaluated(tickets: Tickets) -> dict[str, Any]:
    """A ticket of li's that wang, a neighbour, evaluates in words and with a photograph."""
    ticket = await tickets.to_step("evaluate")
    wang = tickets.resident("wang")
    photo = await tickets.uploaded(wang, ticketId=ticket["id"])
    ticket = await tickets.do("evaluateTicket", wang, ticket, rating=5, opinion="就在我家窗下", attachments=[photo])
    await tickets.look_into_files()
    return ticket


async def test_a_neighbour_has_what_came_with_their_evaluation_erased_and_the_rating_stays(tickets: Tickets) -> None:
    ticket = await evaluated(tickets)
    wang = tickets.resident("wang")
    [one] = await mine(tickets, wang)
    assert (one["kind"], one["words"], one["isOver"]) == ("ACT", "就在我家窗下", False)
    kept = await tickets.contents()
    assert await erased(tickets, wang, one["id"]) == [("WORDS_NEEDED", ["id"])]
    assert await tickets.contents() == kept
    await tickets.do("publiciseTicket", tickets.staff("committee"), ticket, notice="已建成")
    await refused_to_others(tickets, one["id"])
    assert await erased(tickets, wang, one["id"], key="once") == []
    [[upload]] = await tickets.look("SELECT id FROM upload")
    assert {f"files/{upload}"} <= tickets.files.keys()
    while await delete_erased(tickets.runtime.database, tickets.files_with()):
        pass
    assert await tickets.look("SELECT opinion, rating FROM entry WHERE kind = 'evaluate'") == [(None, 5)]
    assert await tickets.look("SELECT name, state FROM attachment") == [("", "erased")]
    assert not {f"files/{upload}", f"uploads/{upload}"} & tickets.files.keys()
    # What those in duty wrote in the same timeline is the record of what was done.
    left = await tickets.look("SELECT opinion FROM entry WHERE opinion IS NOT NULL ORDER BY seq")
    assert left == [("议定加装",), ("同意加装",), ("已经建成",)]
    assert await mine(tickets, wang) == []
    assert [(found["words"], found["number"]) for found in await told(tickets)] == [("act", 6)]
    kept = await tickets.contents()
    assert await erased(tickets, wang, one["id"], key="once") == []
    assert await erased(tickets, wang, one["id"]) == [("ALREADY_DONE", ["id"])]
    assert await tickets.contents() == kept


async def test_what_was_done_by_duty_and_what_one_raised_oneself_are_nobodys_words_here(tickets: Tickets) -> None:
    ticket = await tickets.to_step("published")
    lines = await tickets.look("SELECT seq, by, acted_as FROM entry ORDER BY seq")
    assert {row[2] for row in lines} >= {"resident", "requester", "grid_worker", "community_secretary"}
    kept = await tickets.contents()
    for number, by, _ in lines:
        token = tickets.resident() if by == "li" else tickets.issuer.mint("resident", region=city.GRID, subject=by)
        assert await mine(tickets, token) == []
        asked = {"idempotencyKey": f"{number}", "id": f"act.{ticket['id']}.{number}"}
        assert await tickets.error(ERASE_MINE, token, input=asked) == "NOT_FOUND"
    assert await tickets.contents() == kept


async def test_the_service_can_empty_no_line_of_what_is_under_way_or_was_not_written_by_a_resident(
    tickets: Tickets,
) -> None:
    ticket = await evaluated(tickets)
    ended = await tickets.to_step("published", await tickets.raised(key="other"))
    kept = await tickets.contents()
    async with tickets.runtime.database.write(("",)) as session:
        for id_, by in ((ticket["id"], "wang"), (ended["id"], str(city.person("committee"))), (ended["id"], "li")):
            for line in range(1, 8):
                asked = {"id": id_, "line": line, "by": by}
                await session.execute(text("SELECT erase_act(CAST(:id AS uuid), :line, :by)"), asked)
    assert await tickets.contents() == kept


async def test_a_page_of_them_goes_on_where_the_last_ended(tickets: Tickets) -> None:
    wang = tickets.resident("wang")
    for number in range(3):
        ticket = await tickets.to_step("evaluate", await tickets.raised(key=f"t{number}"))
        await tickets.do("evaluateTicket", wang, ticket, rating=4, opinion=f"第{number}次")
    found, after = [], None
    for _ in range(3):
        page = (await tickets.data(MINE, wang, first=1, after=after))["myWords"]
        assert page["totalCount"] == 3
        found += [edge["node"]["words"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert (found, page["pageInfo"]["hasNextPage"]) == (["第2次", "第1次", "第0次"], False)
    assert await tickets.error(MINE, wang, first=101) == "BAD_REQUEST"
    assert await tickets.error(MINE, None) == "UNAUTHENTICATED"


@pytest.mark.parametrize("name", ["", "act", "act..", f"act.{ID}.", f"act.{ID}.x", "ticket.1.1", f"opinion.{ID}.1"])
async def test_what_is_no_name_of_words_is_not_found(city_tickets: Tickets, name: str) -> None:
    asked = {"idempotencyKey": "k", "id": name}
    assert await city_tickets.error(ERASE_MINE, city_tickets.resident(), input=asked) == "NOT_FOUND"


def test_each_words_have_one_name() -> None:
    id_ = uuid4()
    for kind in WordsKind:
        assert words_of(str(Words(kind, id_, 7))) == Words(kind, id_, 7)
    for other in (f"act.{id_}.07", f"act.{id_}.-1", f"act.{id_.hex}.7", f"act.{id_}.{2**31}", f"ACT.{id_}.7"):
        assert words_of(other) is None


async def test_time_takes_what_was_said_and_reported_to_the_day_and_leaves_what_was_done(tickets: Tickets) -> None:
    await resolved(tickets, await heard(tickets))
    for name, key in (("first", "b1"), ("worker", "b2")):
        asked = report(idempotencyKey=key, regionCode=city.GRID if name == "worker" else city.COMMUNITY)
        assert (await tickets.data(REPORT, tickets.staff(name), input=asked))["payload"]["problems"] == []
    ended = "'2026-01-31T20:00:00+08:00'"
    await tickets.look(f"UPDATE deliberation SET resolved_at = {ended}")  # noqa: S608
    await tickets.look(
        f"UPDATE burden SET answer = '已合并', answered_by = 'x', answered_at = {ended} "  # noqa: S608
        f"WHERE region_code = '{city.COMMUNITY}'"
    )
    database, midnight = tickets.runtime.database, datetime(2028, 1, 30, 16, 0, tzinfo=UTC)
    kept = await tickets.contents()
    assert await erase_words_over(database, midnight - timedelta(seconds=1)) == 0
    assert await tickets.contents() == kept
    assert await erase_words_over(database, midnight) == 4
    assert await erase_words_over(database, midnight) == 0
    assert await opinions(tickets) == [("支部的话", None), ("", None), ("", None), ("", None)]
    left = await tickets.look("SELECT region_code, description, answer FROM burden ORDER BY 1")
    assert left == [(city.COMMUNITY, "", "已合并"), (city.GRID, "每周报送三张报表", None)]
    assert await tickets.look("SELECT resolution FROM deliberation") == [("靠北墙建",)]
    assert sorted((one["words"], one["why"]) for one in await told(tickets)) == [
        ("burden", "retention"), *[("opinion", "retention")] * 3,
    ]  # fmt: skip
    assert await tickets.look("SELECT DISTINCT actor, operation FROM audit WHERE fields->>'erased' IS NOT NULL") == [
        ("system:retention", "eraseWords")
    ]


async def test_what_was_said_about_a_ticket_goes_in_the_tickets_time(tickets: Tickets) -> None:
    ticket = await tickets.raised()
    found = await convened(tickets, await begun(tickets, ticketId=ticket["id"]))
    asked = {"sessionId": items_of(found["sessions"])[0]["id"], "attendees": present("branch", "wang")}
    said = [{"party": party, "text": f"{party}的话"} for party in ("BRANCH", "RESIDENTS")]
    found = await done(tickets, "holdSession", tickets.staff("branch"), **asked, opinions=said)
    await resolved(tickets, found, "branch")
    await tickets.look("UPDATE deliberation SET resolved_at = '2026-01-31T20:00:00+08:00'")
    kept = await tickets.contents()
    assert await erase_words_over(tickets.runtime.database, datetime(2030, 1, 1, tzinfo=UTC)) == 0
    assert await tickets.contents() == kept
