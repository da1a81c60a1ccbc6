from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.events.envelope import Envelope, UndecodableError, decode, encode, headers_of, with_feed_sequence
from chassis.events.event import Event
from tests.chassis.events.events_kit import NoteArchived, NoteWritten

ID = UUID("01900000-0000-7000-8000-000000000001")


def envelope(body: str = "hello", **changes: object) -> Envelope:
    made = Envelope(
        specversion="1.0",
        id=ID,
        source="/linli/notes",
        type="linli.notes.note.written.v1",
        subject=ID,
        time=datetime(2026, 3, 1, 9, tzinfo=UTC),
        datacontenttype="application/json",
        tenant="370321",
        regioncode="370321002001",
        aggregateversion=1,
        data=msgspec.Raw(msgspec.json.encode(NoteWritten(text=body))),
    )
    return msgspec.structs.replace(made, **changes)


def test_an_event_is_structured_cloudevents_json() -> None:
    assert json.loads(with_feed_sequence(encode(envelope(causationid="x")), 7)) == {
        "specversion": "1.0",
        "id": str(ID),
        "source": "/linli/notes",
        "type": "linli.notes.note.written.v1",
        "subject": str(ID),
        "time": "2026-03-01T09:00:00Z",
        "datacontenttype": "application/json",
        "tenant": "370321",
        "regioncode": "370321002001",
        "aggregateversion": 1,
        "causationid": "x",
        "data": {"text": "hello"},
        "feedsequence": 7,
    }


@given(st.text(), st.integers(min_value=1, max_value=2**53))
def test_the_feed_sequence_is_added_without_touching_anything_else(body: str, sequence: int) -> None:
    stored = encode(envelope(body))
    read = decode(with_feed_sequence(stored, sequence))
    assert read.feedsequence == sequence
    assert read.payload(NoteWritten).text == body
    assert msgspec.structs.replace(read, feedsequence=None) == decode(stored)
    assert with_feed_sequence(stored, sequence) == with_feed_sequence(stored, sequence)


def test_attributes_and_fields_that_nobody_knows_are_ignored() -> None:
    message = json.loads(encode(envelope())) | {"dataschema": "x", "fromtomorrow": [1]}
    message["data"]["alsonew"] = True
    assert decode(json.dumps(message).encode()).payload(NoteWritten) == NoteWritten(text="hello")


@pytest.mark.parametrize("member", ["id", "type", "source", "subject", "time", "tenant", "aggregateversion", "data"])
def test_an_event_without_a_required_attribute_is_undecodable(member: str) -> None:
    message = json.loads(encode(envelope()))
    del message[member]
    with pytest.raises(UndecodableError, match=member):
        decode(json.dumps(message).encode())


@pytest.mark.parametrize(
    "change",
    [{"specversion": "0.3"}, {"type": "com.example.order.placed.v1"}, {"type": "linli.notes"}, {"id": "no uuid"}],
)
def test_a_foreign_event_is_undecodable(change: dict[str, str]) -> None:
    with pytest.raises(UndecodableError):
        decode(json.dumps(json.loads(encode(envelope())) | change).encode())


def test_a_payload_of_another_type_is_undecodable() -> None:
    class Numbered(Event, entity="note", fact="numbered"):
        number: int

    with pytest.raises(UndecodableError, match=r"linli\.notes\.note\.written\.v1"):
        envelope().payload(Numbered)


def test_headers_are_a_dictionary_of_ones_own() -> None:
    first, second = (headers_of(ID, "linli.notes.note.written.v1", 3) for _ in range(2))
    assert first == second
    assert first is not second
    assert first["Nats-Msg-Id"] == first["ce-id"] == str(ID)
    assert (first["ce-type"], first["ce-aggregateversion"]) == ("linli.notes.note.written.v1", "3")


def test_a_type_says_service_entity_fact_and_version() -> None:
    assert NoteArchived.type_in("notes") == "linli.notes.note.archived.v2"
    assert (envelope().service, envelope().entity) == ("notes", "note")


def test_an_event_has_no_field_that_is_called_like_what_says_what_it_is() -> None:
    with pytest.raises(TypeError, match="version"):

        class Bad(Event, entity="note", fact="bad"):
            version: int  # type: ignore[misc]
