from __future__ import annotations

import json
from typing import Annotated

import msgspec
import yaml

from chassis.events.asyncapi import asyncapi
from chassis.events.envelope import decode
from chassis.events.event import Event
from chassis.events.fields import told
from tests.chassis.events.events_kit import NoteArchived, NoteStruck, NoteWritten


class Yes(Event, entity="note", fact="agreed"):
    """Says: "yes" # no comment
    over: two lines.
    """

    yes: str = "no"
    when: tuple[int, ...] = ()


class NoteMoved(Event, entity="note", fact="moved"):
    """A note was moved.

    It is elsewhere now.

    When: somebody moves it.

    For: whoever looks for it.
    """

    place: Annotated[str, told("where it is", "cellar")]
    region_code: Annotated[str, told("where it was written", "370321001")]


EVENTS = (NoteWritten, NoteStruck, NoteArchived, Yes)


def test_the_description_is_valid_yaml_and_the_same_every_time() -> None:
    first = asyncapi("notes", EVENTS)
    assert first == asyncapi("notes", tuple(reversed(EVENTS)))
    document = yaml.safe_load(first)
    assert document["asyncapi"] == "3.0.0"
    assert list(document["channels"]) == sorted(document["channels"]) == sorted(e.type_in("notes") for e in EVENTS)


def test_every_reference_leads_somewhere() -> None:
    document = yaml.safe_load(asyncapi("notes", EVENTS))
    references: list[str] = []

    def collect(value: object) -> None:
        if isinstance(value, dict):
            references.extend(item for key, item in value.items() if key == "$ref")
            for item in value.values():
                collect(item)
        elif isinstance(value, list):
            for item in value:
                collect(item)

    collect(document)
    assert references
    for reference in references:
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_an_event_is_described_with_its_fields_headers_and_place() -> None:
    document = yaml.safe_load(asyncapi("notes", EVENTS))
    message = document["components"]["messages"]["NoteArchivedV2"]
    assert message["name"] == "linli.notes.note.archived.v2"
    assert message["summary"] == "A note was put away. 归档便条"
    assert message["headers"]["properties"]["ce-type"] == {"const": "linli.notes.note.archived.v2"}
    schema = document["components"]["schemas"]["NoteArchived"]
    assert schema["required"] == ["text"]
    assert set(schema["properties"]) == {"text", "place"}
    channel = document["channels"]["linli.notes.note.archived.v2"]
    assert channel["address"].endswith(".notes.note.archived")
    assert channel["x-jetstream"] == {"stream": "LINLI", "filter": "linli.*.*.*.*.notes.>"}


def test_an_example_is_made_of_the_examples_of_the_members() -> None:
    document = yaml.safe_load(asyncapi("notes", (NoteMoved, NoteWritten)))
    [shown] = document["components"]["messages"]["NoteMoved"]["examples"]
    event = decode(msgspec.json.encode(shown["payload"]))
    assert event.payload(NoteMoved) == NoteMoved(place="cellar", region_code="370321001")
    assert (event.type, event.tenant, event.regioncode) == ("linli.notes.note.moved.v1", "370321", "370321001")
    assert shown["headers"]["Nats-Msg-Id"] == str(event.id)
    assert "examples" not in document["components"]["messages"]["NoteWritten"]


def test_an_event_tells_what_when_and_for_whom() -> None:
    document = yaml.safe_load(asyncapi("notes", (NoteMoved,)))
    message = document["components"]["messages"]["NoteMoved"]
    assert message["summary"] == "A note was moved. It is elsewhere now."
    assert message["description"] == "When: somebody moves it.\n\nFor: whoever looks for it."
    assert document["components"]["schemas"]["NoteMoved"]["description"] == message["summary"]


def test_texts_that_yaml_could_misread_come_back_as_they_were() -> None:
    document = yaml.safe_load(asyncapi("notes", EVENTS))
    schema = document["components"]["schemas"]["Yes"]
    assert schema["description"] == 'Says: "yes" # no comment over: two lines.'
    assert schema["properties"]["yes"]["default"] == "no"
    assert schema["properties"]["when"]["default"] == []
    assert json.loads(json.dumps(document)) == document
