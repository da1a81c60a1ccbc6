"""The commands `... events`: what a person sees and does about events that stand still."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import pytest_asyncio

from chassis.database import Database
from chassis.events import ops
from chassis.settings import ServiceSettings
from tests.chassis.events.events_kit import SERVICE, STRUCK, WHO, WRITTEN, Publisher, Reader, running

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from chassis.events.consumer import Handler
    from chassis.events.envelope import Envelope
    from deploy.local.databases import ServiceDatabase


@dataclass
class Console:
    """The command line of a service, without a new process for each command."""

    served: ops.Served
    captured: pytest.CaptureFixture[str]

    async def run(self, *arguments: str) -> tuple[int, str]:
        self.captured.readouterr()
        parser = argparse.ArgumentParser()
        ops.add_commands(parser.add_subparsers(dest="command"))
        code = await ops.run(self.served, parser.parse_args(["events", *arguments]))
        return code, self.captured.readouterr().out


def settings(publisher: Publisher, service: str) -> ServiceSettings:
    server = publisher.broker.server
    return ServiceSettings.model_construct(
        nats_url=server.url, nats_credentials=server.service_seeds[service], stream="LINLI"
    )


@pytest_asyncio.fixture
async def console(
    publisher: Publisher, databases: dict[str, ServiceDatabase], capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Console]:
    """The publishing service's."""
    database = Database(databases[SERVICE].app_url, name="ops")
    yield Console(ops.Served(SERVICE, settings(publisher, SERVICE), database, {}), capsys)
    await database.close()


@pytest_asyncio.fixture
async def reading(
    publisher: Publisher, reader: Reader, databases: dict[str, ServiceDatabase], capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[Console]:
    """The reading service's, with one poisonous event set aside."""
    id_ = await publisher.create(body="good")
    await publisher.change(id_, "poison")
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained()
    consumer = reader.consumer(attempts=1)
    async with running(consumer.run):
        await consumer.caught_up()
    database = Database(databases["other"].app_url, name="ops")
    handlers: dict[str, Handler] = {WRITTEN: reader.apply, STRUCK: reader.apply}
    yield Console(ops.Served("other", settings(publisher, "other"), database, {WHO: handlers}), capsys)
    await database.close()


async def audited(reader: Reader) -> list[Any]:
    return [
        tuple(row) for row in await reader.look("SELECT actor, operation, object_id, fields FROM audit ORDER BY id")
    ]


async def test_a_parked_thing_is_listed_and_released_with_a_record(publisher: Publisher, console: Console) -> None:
    id_ = await publisher.create(body="x" * 1_048_576)
    relay = publisher.relay(attempts=1)
    async with running(relay.run):
        await relay.drained()
    code, out = await console.run("parked")
    assert code == 1
    assert str(id_) in out
    assert "1 parked" in out
    assert await console.run("release", str(id_), "--by", "wang") == (0, f"{id_} is released\n")
    assert (await console.run("parked"))[0] == 0
    assert (await console.run("release", str(id_)))[0] == 1
    [row] = await publisher.look("SELECT actor, operation, object_id, region_code FROM audit")
    assert tuple(row) == ("ops:wang", "releaseParked", str(id_), "370321")


async def test_a_dead_letter_is_listed_shown_and_replayed_once_the_fault_is_mended(
    reader: Reader, reading: Console
) -> None:
    code, out = await reading.run("dead-letters")
    assert code == 1
    assert "ValueError: this cannot be applied" in out
    assert "1 dead letters" in out
    assert (await reading.run("dead-letters", "--consumer", "nobody"))[0] == 0
    _, out = await reading.run("show", "1")
    assert '"text": "poison"' in out
    with pytest.raises(ops.OpsError, match="failed again, nothing is changed: ValueError"):
        await reading.run("replay", "1")

    handlers: dict[str, Handler] = {WRITTEN: mended(reader)}
    reading.served = ops.Served("other", reading.served.settings, reading.served.database, {WHO: handlers})
    assert (await reading.run("replay", "1"))[1] == "dead letter 1: applied\n"
    assert [body for _, _, body in await reader.effects()] == ["good", "of a poison"]


def mended(reader: Reader) -> Handler:
    """Return a handler that can do with the poison."""

    async def apply(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
        for event in events:
            data = msgspec.Raw(bytes(event.data).replace(b"poison", b"of a poison"))
            await reader.apply(connection, [msgspec.structs.replace(event, data=data)])

    return apply


async def test_a_mended_event_is_applied_in_place_of_the_one_that_was_set_aside(
    reader: Reader, reading: Console, tmp_path: Path
) -> None:
    _, out = await reading.run("show", "1", "--json")
    event = json.loads(out)
    event["data"]["text"] = "mended"
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event | {"id": "01981a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b"}), encoding="utf-8")
    with pytest.raises(ops.OpsError, match="the id stays"):
        await reading.run("replay", "1", "--file", str(file))
    file.write_text(json.dumps(event), encoding="utf-8")
    assert await reading.run("replay", "1", "--file", str(file), "--by", "li") == (0, "dead letter 1: applied\n")
    assert [body for _, _, body in await reader.effects()] == ["good", "mended"]
    [(actor, operation, object_id, fields)] = await audited(reader)
    assert (actor, operation, object_id) == ("ops:li", "replayDeadLetter", "1")
    assert (fields["edited"], fields["outcome"], fields["data"]) == (True, "applied", {"text": "mended"})
    assert (await reading.run("dead-letters"))[0] == 0
    assert "decided" in (await reading.run("dead-letters", "--all"))[1]
    with pytest.raises(ops.OpsError, match="was decided about"):
        await reading.run("replay", "1")
    await again_from_the_beginning(reader)
    assert [body for _, _, body in await reader.effects()] == ["good", "mended"]


async def test_an_event_that_is_given_up_has_no_effect_when_it_comes_again(reader: Reader, reading: Console) -> None:
    with pytest.raises(ops.OpsError, match="Say why"):
        await reading.run("replay", "1", "--skip", " ")
    assert (await reading.run("replay", "1", "--skip", "a test event", "--by", "li"))[0] == 0
    [(_, operation, _, fields)] = await audited(reader)
    assert (operation, fields["reason"]) == ("skipDeadLetter", "a test event")
    await again_from_the_beginning(reader)
    assert [body for _, _, body in await reader.effects()] == ["good"]
    assert (await reading.run("dead-letters"))[0] == 0


async def again_from_the_beginning(reader: Reader) -> None:
    """Read the stream as after it was made anew."""
    async with reader.engine.begin() as database:
        await database.exec_driver_sql("UPDATE consumer_position SET stream_created = 'another'")
    consumer = reader.consumer(attempts=1)
    async with running(consumer.run):
        await consumer.caught_up()


async def test_what_is_not_there_is_told(reading: Console, tmp_path: Path) -> None:
    for arguments in (("show", "99"), ("show", "what"), ("show", "01981a2b-7c3d-7e4f-8a5b-6c7d8e9f0a1b")):
        with pytest.raises(ops.OpsError):
            await reading.run(*arguments)
    with pytest.raises(ops.OpsError, match="no dead letter 99"):
        await reading.run("replay", "99")
    with pytest.raises(ops.OpsError, match="cannot be read"):
        await reading.run("replay", "1", "--file", str(tmp_path / "none.json"))


async def test_an_own_event_is_shown_as_it_was_published_and_the_stream_is_compared(
    publisher: Publisher, console: Console
) -> None:
    await publisher.create()
    relay = publisher.relay()
    async with running(relay.run):
        await relay.drained()
    [event] = await publisher.broker.events()
    _, out = await console.run("show", str(event.id), "--json")
    [message] = await publisher.broker.messages()
    assert out.encode() == message.data + b"\n"
    code, out = await console.run("audit", "--whole")
    assert (code, "nothing is missing" in out) == (0, True)
