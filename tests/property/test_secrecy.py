"""Nobody learns how anybody voted: not through the graph, the database, events, the audit record, or logs."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import structlog
from graphql import parse

from chassis.records import digest
from services.property.main import SERVICE
from tests.property.vote_kit import MINE, announce, cast, close_now, compound_of, elector_of, open_now

if TYPE_CHECKING:
    from tests.property.conftest import Property

OWNERS = 9


async def _voted(service: Property, name: str, choices: tuple[str, ...]) -> str:
    compound = await compound_of(service, name, OWNERS)
    vote = (await announce(service, compound, "COMMITTEE"))["id"]
    await open_now(service, vote)
    for number, choice in enumerate(choices):
        await cast(service, vote, f"{name} {number}", choice, key=f"{name} {number}")
    return str(vote)


async def test_two_votes_that_differ_only_in_choices_leave_rows_that_do_not_tell_them_apart(service: Property) -> None:
    shapes = []
    for name, choices in (("甲区", ("YES",) * OWNERS), ("乙区", ("NO",) * OWNERS)):
        vote = await _voted(service, name, choices)
        sizes = "SELECT length(nonce), length(body), length(tag), length(receipt), length(ballot_key) FROM ballot"
        told = await service.look(f"{sizes} WHERE vote_id = '{vote}'")
        values = await service.look(f"SELECT count(DISTINCT body) FROM ballot WHERE vote_id = '{vote}'")  # noqa: S608
        shapes.append((told, values))
    assert shapes[0] == shapes[1]
    assert shapes[0][1] == [(OWNERS,)], "equal ballots do not look equal"


async def test_no_row_of_a_ballot_names_an_elector_and_no_digest_can_be_guessed(service: Property) -> None:
    vote = await _voted(service, "丙区", ("YES", "NO", "ABSTAIN") * 3)
    electors = [str(id_) for (id_,) in await service.look(f"SELECT id FROM elector WHERE vote_id = '{vote}'")]  # noqa: S608
    ballots = await service.look(f"SELECT b::text, b.ballot_key FROM ballot b WHERE vote_id = '{vote}'")  # noqa: S608
    assert not any(elector in row or elector.replace("-", "") in row for row, _ in ballots for elector in electors)
    guesses = {hashlib.sha256(f"ballot {vote} {elector}".encode()).digest() for elector in electors}
    assert not guesses & {bytes(key) for _, key in ballots}
    # The idempotency key is bound to what was asked: its digest must not let the three choices be tried one by one.
    stored = {bytes(one) for (one,) in await service.look("SELECT input_digest FROM idempotency")}
    for elector in electors:
        for choice in (1, 2, 3):
            asked = {
                "vote_id": vote, "elector_id": elector, "choices": [choice], "channel": "online", "proxy": None,
            }  # fmt: skip
            plain = msgspec.json.encode(asked).decode()
            assert digest("castBallot", asked) not in stored
            assert digest("castBallot", {"asked": plain}) not in stored


async def test_audit_record_events_and_logs_say_who_voted_at_most(service: Property) -> None:
    with structlog.testing.capture_logs() as logged:
        vote = await _voted(service, "丁区", ("YES", "NO", "ABSTAIN") * 3)
        await close_now(service, vote)
    fields = await service.look("SELECT fields::text FROM audit WHERE operation = 'castBallot'")
    assert {told for (told,) in fields} == {'{"channel": "online", "choices": null}'}
    events = [payload["data"] for _, payload in await service.events() if payload["subject"] == vote]
    said = str(events) + str(logged)
    electors = await service.look(f"SELECT id FROM elector WHERE vote_id = '{vote}'")  # noqa: S608
    assert not any(str(id_) in said for (id_,) in electors)
    assert not any("choice" in key for event in events for key in event)


def test_no_field_answers_with_a_choice_but_that_of_ballots_which_a_rule_opens() -> None:
    document = parse(SERVICE.schema.as_str())
    for definition in document.definitions:
        if type(definition).__name__ != "ObjectTypeDefinitionNode":
            continue
        for field in definition.fields:  # type: ignore[attr-defined]
            kind = field.type
            while hasattr(kind, "type"):
                kind = kind.type
            place = f"{definition.name.value}.{field.name.value}"  # type: ignore[attr-defined]
            assert kind.name.value != "BallotChoice" or place == "OpenBallot.choices", place


async def test_a_receipt_is_for_its_owner_and_says_nothing_of_the_choice(service: Property) -> None:
    vote = await _voted(service, "戊区", ("YES", "YES"))
    receipts = []
    for number in (0, 1):
        (mine,) = (await service.data(MINE, service.resident(f"戊区 {number}"), id=vote))["vote"]["mine"]
        receipts.append(mine["receipt"])
    assert receipts[0] != receipts[1]
    assert (await service.data(MINE, service.resident("stranger"), id=vote))["vote"]["mine"] == []
    assert (await service.data(MINE, service.staff(), id=vote))["vote"]["mine"] == []


async def test_staff_see_who_voted_and_residents_do_not(service: Property) -> None:
    vote = await _voted(service, "己区", ("YES",))
    elector = await elector_of(service, vote, "己区 0")
    query = "query($id: ID!) { vote(id: $id) { electors(first: 100) { edges { node { id channel } } } } }"
    assert await service.error(query, service.resident("己区 1"), id=vote) == "FORBIDDEN"
    edges = (await service.data(query, service.staff(), id=vote))["vote"]["electors"]["edges"]
    assert [edge["node"]["id"] for edge in edges if edge["node"]["channel"]] == [elector]
    assert len(edges) == OWNERS
