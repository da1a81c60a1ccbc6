"""A mutation happens whole, once, by who may; or nothing of it happens."""

from __future__ import annotations

import asyncio
from typing import Any

from chassis.records import digest
from tests.chassis.conftest import WriteNote

WRITE = """
mutation ($region: String!, $text: String!, $key: String) {
  writeNote(regionCode: $region, text: $text, idempotencyKey: $key) {
    note { id regionCode text }
    problems { code message path }
  }
}
"""


async def nothing_happened(notes: Any) -> bool:
    tables = ("note", "audit", "idempotency")
    return [len(await notes.look(f"SELECT * FROM {table}")) for table in tables] == [0, 0, 0]  # noqa: S608


async def test_a_mutation_is_done_and_recorded_with_who_did_it_where_and_no_personal_text(notes: Any) -> None:
    answer = await notes.ask(WRITE, notes.token(subject="p1"), region="370321001", text="hello")
    assert answer["data"]["writeNote"]["problems"] == []
    id_ = answer["data"]["writeNote"]["note"]["id"]
    rows = await notes.look("SELECT actor, operation, kind, object_id, region_code, fields FROM audit")
    assert [tuple(row) for row in rows] == [("p1", "writeNote", "note", id_, "370321001", {"text": None})]


async def test_without_a_token_nothing_is_changed(notes: Any) -> None:
    answer = await notes.ask(WRITE, region="370321001", text="hello")
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert await nothing_happened(notes)


async def test_with_a_role_that_does_not_fit_nothing_is_changed(notes: Any) -> None:
    answer = await notes.ask(WRITE, notes.token("reader"), region="370321001", text="hello")
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await nothing_happened(notes)


async def test_the_right_role_in_another_district_finds_nothing_there(notes: Any) -> None:
    answer = await notes.ask(WRITE, notes.token(region="370322"), region="370321001", text="hello")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert await nothing_happened(notes)


async def test_the_right_role_elsewhere_does_not_help_where_only_another_role_is_held(notes: Any) -> None:
    token = notes.issuer.mint(grants=[("writer", "370321001"), ("reader", "370321002")])
    answer = await notes.ask(WRITE, token, region="370321002", text="hello")
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await nothing_happened(notes)


async def test_a_refused_mutation_leaves_nothing_and_names_the_problem_in_the_callers_language(notes: Any) -> None:
    for language, message in (("en", "rude is rude."), ("zh-CN,en;q=0.5", "rude 不文明。")):
        answer = await notes.ask(WRITE, notes.token(), language, region="370321001", text="rude", key="k")
        payload = answer["data"]["writeNote"]
        assert payload == {"note": None, "problems": [{"code": "RUDE", "message": message, "path": ["text"]}]}
    assert await nothing_happened(notes)


async def test_the_same_key_gives_the_same_answer_and_does_the_thing_once(notes: Any) -> None:
    token = notes.token(subject="p1")
    first = await notes.ask(WRITE, token, region="370321001", text="hello", key="k")
    again = await notes.ask(WRITE, token, region="370321001", text="hello", key="k")
    assert first == again
    assert len(await notes.look("SELECT id FROM note")) == 1


async def test_the_same_key_at_the_same_moment_does_the_thing_once(notes: Any) -> None:
    token = notes.token(subject="p1")
    asked = [notes.ask(WRITE, token, region="370321001", text="hello", key="k") for _ in range(5)]
    answers = await asyncio.gather(*asked)
    assert len({answer["data"]["writeNote"]["note"]["id"] for answer in answers}) == 1
    assert len(await notes.look("SELECT id FROM note")) == 1


async def test_the_same_key_for_another_input_is_a_conflict(notes: Any) -> None:
    token = notes.token(subject="p1")
    await notes.ask(WRITE, token, region="370321001", text="hello", key="k")
    other = await notes.ask(WRITE, token, region="370321001", text="goodbye", key="k")
    assert other["data"]["writeNote"]["problems"][0]["code"] == "IDEMPOTENCY_CONFLICT"
    assert len(await notes.look("SELECT id FROM note")) == 1


async def test_a_key_is_bound_to_no_digest_from_which_personal_data_could_be_guessed(notes: Any) -> None:
    await notes.ask(WRITE, notes.token(subject="p1"), region="370321001", text="hello", key="k")
    [row] = await notes.look("SELECT input_digest FROM idempotency")
    asked = WriteNote("370321001", "hello")
    assert bytes(row.input_digest) != digest("writeNote", asked)
    assert bytes(row.input_digest) == digest("writeNote", asked.bound(notes.endpoint.cipher))


async def test_the_same_key_of_two_people_is_two_keys(notes: Any) -> None:
    for person in ("p1", "p2"):
        await notes.ask(WRITE, notes.token(subject=person), region="370321001", text="hello", key="k")
    assert len(await notes.look("SELECT id FROM note")) == 2


async def test_a_mutation_that_asks_no_permission_is_a_masked_fault_and_changes_nothing(notes: Any) -> None:
    answer = await notes.ask("mutation { careless { problems { code } } }", notes.token())
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert await nothing_happened(notes)


async def test_row_security_stops_a_write_outside_the_scope_even_when_the_code_asks_nothing(notes: Any) -> None:
    answer = await notes.ask("mutation { careless { problems { code } } }", notes.token(region="370322"))
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert await nothing_happened(notes)
