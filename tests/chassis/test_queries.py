"""Reading: pages, cursors, scope, limits, and errors that tell no secrets."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from chassis.graphql.connection import PageArguments, page_of_kept
from chassis.graphql.endpoint import LONGEST_LIST

if TYPE_CHECKING:
    from collections.abc import Callable

WRITE = "mutation ($r: String!, $t: String!) { writeNote(regionCode: $r, text: $t) { note { id } } }"
LIST = """
query ($first: Int, $after: String, $last: Int, $before: String, $text: String) {
  notes(first: $first, after: $after, last: $last, before: $before, text: $text) {
    edges { cursor node { text } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}
"""


def texts(answer: dict[str, Any]) -> list[str]:
    return [edge["node"]["text"] for edge in answer["data"]["notes"]["edges"]]


@pytest.fixture
async def written(notes: Any) -> Any:
    for number in range(7):
        region = "370321001" if number < 5 else "370322001"
        await notes.ask(WRITE, notes.token(region="3703"), r=region, t=f"note {number}")
    return notes


async def test_pages_forward_and_backward_meet_every_item_once(written: Any) -> None:
    token, seen, cursor = written.token(region="3703"), [], None
    while True:
        answer = await written.ask(LIST, token, first=3, after=cursor)
        seen += texts(answer)
        info = answer["data"]["notes"]["pageInfo"]
        assert answer["data"]["notes"]["totalCount"] == 7
        if not info["hasNextPage"]:
            break
        cursor = info["endCursor"]
    assert seen == [f"note {number}" for number in range(7)]
    answer = await written.ask(LIST, token, last=3, before=info["startCursor"])
    assert texts(answer) == ["note 3", "note 4", "note 5"]
    assert answer["data"]["notes"]["pageInfo"]["hasPreviousPage"] is True


async def test_a_scope_sees_its_own_region_only_in_list_and_count_alike(written: Any) -> None:
    answer = await written.ask(LIST, written.token(region="370321"))
    assert texts(answer) == [f"note {number}" for number in range(5)]
    assert answer["data"]["notes"]["totalCount"] == 5


async def test_a_caller_with_several_grants_sees_all_of_their_regions(written: Any) -> None:
    token = written.issuer.mint(grants=[("writer", "370321001"), ("reader", "370322")])
    assert len(texts(await written.ask(LIST, token))) == 7


async def test_requests_that_read_in_two_scopes_do_not_wait_for_each_other(written: Any) -> None:
    """As many as there are connections: none of them may hold one while it waits for a second."""
    token = written.token(region="370321")
    requests = [asyncio.create_task(written.ask("{ both }", token)) for _ in range(10)]
    async with asyncio.timeout(3):
        while written.reading < 10:  # noqa: ASYNC110 (each comes when it has read)
            await asyncio.sleep(0.01)
    written.go_on.set()
    assert [answer.get("data") for answer in await asyncio.gather(*requests)] == [{"both": [5, 7, 5, 7, 5]}] * 10


def test_pages_of_what_is_kept_whole_meet_every_item_once() -> None:
    def turned(turn: Callable[[str | None], PageArguments], back: bool = False) -> list[str]:
        found: list[str] = []
        cursor: str | None = None
        while True:
            page = page_of_kept("abcde", turn(cursor), "kept")
            items = [row["item"] for row in page.rows]
            found = [*items, *found] if back else [*found, *items]
            if not (page.info.has_previous_page if back else page.info.has_next_page):
                return found
            cursor = page.info.start_cursor if back else page.info.end_cursor

    assert turned(lambda cursor: PageArguments(first=2, after=cursor)) == list("abcde")
    assert turned(lambda cursor: PageArguments(last=2, before=cursor), back=True) == list("abcde")


@pytest.mark.parametrize("cursor", ["x", "WyJ4IixbXV0", "💥", ""])
async def test_a_cursor_that_is_not_ours_is_refused(written: Any, cursor: str) -> None:
    answer = await written.ask(LIST, written.token(), after=cursor)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_cursor_of_another_query_is_refused(written: Any) -> None:
    cursor = (await written.ask(LIST, written.token(), first=1))["data"]["notes"]["pageInfo"]["endCursor"]
    answer = await written.ask(LIST, written.token(), after=cursor, text="note 1")
    assert answer["errors"][0]["message"].startswith("The cursor does not belong to this query")


@pytest.mark.parametrize("page", [{"first": 0}, {"first": 101}, {"first": -1}, {"first": 1, "last": 1}])
async def test_page_sizes_beyond_the_limits_are_refused(written: Any, page: dict[str, int]) -> None:
    answer = await written.ask(LIST, written.token(), **page)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_an_internal_fault_is_masked(notes: Any) -> None:
    answer = await notes.ask("{ broken }", notes.token())
    assert answer["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert "swordfish" not in str(answer)


async def test_a_fault_in_one_field_is_told_as_such_though_others_are_given_up_in_the_middle(notes: Any) -> None:
    answer = await notes.ask("{ uncountable notes { totalCount } }", notes.token())
    assert [(one["path"], one["extensions"]["code"]) for one in answer["errors"]] == [(["uncountable"], "INTERNAL")]


async def test_a_request_that_takes_too_long_is_stopped(notes: Any) -> None:
    notes.endpoint.seconds = 0.05
    answer = await notes.ask("{ slow }", notes.token())
    assert answer["errors"][0]["extensions"]["code"] == "TIMEOUT"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "BAD_REQUEST"),
        (b"[]", 400, "BAD_REQUEST"),
        (b'{"query": 1}', 400, "BAD_REQUEST"),
        (b'\xff{"query": "{ broken }"}', 400, "BAD_REQUEST"),
        (b'{"query": "{"}', 200, "BAD_REQUEST"),
        (b'{"query": "{ nothing }"}', 200, "BAD_REQUEST"),
        (b'{"query": "{ __schema { types { name } } }"}', 200, "BAD_REQUEST"),
        (b" " * 3_000_000, 413, "TOO_LARGE"),
        (b'{"query": "' + b"{a" * 60 + b"}" * 60 + b'"}', 200, "TOO_LARGE"),
        (b'{"query": "{' + b"a " * 11_000 + b'}"}', 200, "TOO_LARGE"),
        (b'{"query": "{ nothing }", "variables": {"a": {"b": [' + b"1," * 2000 + b"1]}}}", 413, "TOO_LARGE"),
        (b'{"query": "{...a} fragment a on Query {...b} fragment b on Query {...a}"}', 200, "TOO_LARGE"),
    ],
)
async def test_malformed_and_hostile_requests_are_refused_clearly(
    notes: Any, body: bytes, status: int, code: str
) -> None:
    answered, answer = await notes.post(body, notes.token())
    assert (answered, answer["errors"][0]["extensions"]["code"]) == (status, code)


async def test_lists_up_to_the_limit_and_the_references_of_the_gateway_are_taken(written: Any) -> None:
    references = [{"__typename": "Note", "id": number} for number in range(LONGEST_LIST + 1)]
    for given in ([1] * LONGEST_LIST, references):
        body = orjson.dumps({"query": "{ notes { totalCount } }", "variables": {"given": given}})
        status, answer = await written.post(body, written.token(region="3703"))
        assert (status, answer["data"]) == (200, {"notes": {"totalCount": 7}})


async def test_a_text_that_the_database_cannot_hold_is_refused_clearly(written: Any) -> None:
    for answer in (
        await written.ask(LIST, written.token(), text="a\0b"),
        await written.ask(WRITE, written.token(), r="370321001", t="a\0b"),
    ):
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_a_database_lost_in_the_middle_of_a_request_is_told_as_away(written: Any) -> None:
    query = "query ($first: Int) { before: notes(first: $first) { edges { cursor } } hang after: notes { totalCount } }"
    asking = asyncio.create_task(written.ask(query, written.token(), first=1))
    await written.hanging.wait()
    await written.look("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'notes'")
    written.go_on.set()
    errors = (await asking)["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"UNAVAILABLE"}


async def test_only_post_is_answered(notes: Any) -> None:
    assert (await notes.post(b"", method="GET"))[0] == 405


async def test_the_first_request_after_a_restart_of_the_database_is_answered(
    written: Any, postgres_server: Any
) -> None:
    await written.ask(LIST, written.token())
    await postgres_server.stop()
    await postgres_server.start()
    assert len(texts(await written.ask(LIST, written.token()))) == 5


async def test_the_database_going_away_is_told_and_its_return_is_noticed(written: Any, postgres_server: Any) -> None:
    await postgres_server.stop()
    try:
        answer = await written.ask(LIST, written.token())
        assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        refused = await written.ask(WRITE, written.token(), r="370321001", t="late")
        assert refused["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    finally:
        await postgres_server.start()
    assert len(texts(await written.ask(LIST, written.token()))) == 5
