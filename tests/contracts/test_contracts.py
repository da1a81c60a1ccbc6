"""The contracts of the services, and what the check says when an event type is changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

import msgspec
import pytest

from chassis.events.describe import example_of, schema_of
from chassis.events.envelope import decode
from chassis.events.event import Event
from chassis.events.fields import told
from deploy.checks import contracts
from deploy.checks.contracts import SERVICES, Contract

Id = Annotated[UUID, told("the note", "01981a2b-7c3d-7e4f-8a5b-000000000001")]
Text = Annotated[str, told("what is written", "hello")]
DAY, LATER = date(2026, 3, 1), date(2026, 4, 1)
TYPE = "linli.notes.note.written.v1"


class Written(Event, entity="note", fact="written"):
    """A note was written.

    When: always.

    For: all.
    """

    note_id: Id
    text: Text


class Grown(Written, entity="note", fact="written"):
    """A note was written.

    When: always.

    For: all.
    """

    colour: Annotated[str | None, told("its colour", "red")] = None


class Shrunk(Event, entity="note", fact="written"):
    """A note was written.

    When: always.

    For: all.
    """

    note_id: Id


class Next(Shrunk, entity="note", fact="written", version=2):
    """A note was written.

    When: always.

    For: all.
    """


class Mute(Event, entity="note", fact="muted"):
    """A note was muted."""

    note_id: UUID


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """A contract with `Written` released."""
    made = Contract("notes", tmp_path)
    contracts.write(made, [Written])
    assert contracts.release(made, DAY) == [f"{TYPE}: first released"]
    return made


def put(contract: Contract, *events: type[Event]) -> list[str]:
    contracts.write(contract, events)
    return contracts.check(contract, events)


def test_nothing_changed_is_nothing_found(contract: Contract) -> None:
    assert put(contract, Written) == []
    assert contracts.release(contract, LATER) == []


def test_a_member_that_may_be_absent_passes_and_is_in_the_history_once_released(contract: Contract) -> None:
    assert put(contract, Grown) == []
    assert contracts.release(contract, LATER) == [f"{TYPE}: `colour` was added"]
    history = contracts.read(contract.released / f"{TYPE}.json")[contracts.HISTORY]
    assert [entry["on"] for entry in history] == ["2026-03-01", "2026-04-01"]
    assert any("colour: was removed" in line for line in put(contract, Written))


def test_a_removed_member_fails_and_the_message_says_what_to_do(contract: Contract) -> None:
    [line] = put(contract, Shrunk)
    assert line.startswith(f"{TYPE}: data.text: was removed. This breaks readers: ")
    assert "as a new version of the event beside it" in line
    with pytest.raises(ValueError, match=r"data\.text: was removed"):
        contracts.release(contract, LATER)


def test_a_new_version_beside_the_old_one_passes(contract: Contract) -> None:
    assert put(contract, Written, Next) == []


def test_a_version_that_is_gone_fails_until_it_is_retired(contract: Contract) -> None:
    [line] = put(contract, Next)
    assert f"contracts retire {TYPE}" in line
    contracts.retire(contract, TYPE, LATER)
    assert put(contract, Next) == []
    with pytest.raises(FileNotFoundError):
        contracts.retire(contract, "linli.notes.note.unknown.v1", LATER)


def test_a_contract_file_that_is_not_what_the_code_says_fails(contract: Contract) -> None:
    file = contract.now / f"{TYPE}.json"
    file.write_text(file.read_text().replace("hello", "goodbye"))
    assert contracts.check(contract, [Written]) == [f"{file}: is not what the code says; run 'make docs'"]


def test_an_event_that_nobody_could_understand_fails(contract: Contract) -> None:
    lines = put(contract, Written, Mute)
    assert any("lacks what happened, a paragraph 'When: …'" in line for line in lines)
    assert any("noteId lacks its meaning or an example" in line for line in lines)


@pytest.mark.parametrize("service", SERVICES)
def test_every_event_of_a_service_has_an_example_that_decodes_as_itself(service: str) -> None:
    for event in SERVICES[service]:
        example = example_of(service, event)
        assert example is not None
        assert decode(msgspec.json.encode(example)).payload(event)
        needed = schema_of(service, event)["required"]
        assert set(needed) <= set(example)


def test_the_command_finds_nothing_in_what_is_committed(capsys: pytest.CaptureFixture[str]) -> None:
    assert contracts.main([]) == 0
    assert capsys.readouterr().out == ""
