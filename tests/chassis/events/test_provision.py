from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nats.js.api import ConsumerConfig, StreamConfig

from chassis.events.declaration import STREAM, Declaration, District, ServiceUser, render
from chassis.events.keys import create_keys, public_key
from chassis.events.provision import apply, district_consumer, ensure_consumer, stream_config, write_local
from tests.chassis.events.events_kit import DISTRICTS, Broker, Publisher

if TYPE_CHECKING:
    from pathlib import Path


def declaration(services: tuple[str, ...] = ("org",), districts: tuple[str, ...] = ("370321",)) -> Declaration:
    return Declaration(
        port=4222,
        store_directory="/store",
        services=tuple(ServiceUser(name=name, public_key=f"U{name.upper()}") for name in services),
        districts=tuple(District(code=code, public_key=f"U{code}") for code in districts),
        admin_key="UADMIN",
    )


def test_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = create_keys(tmp_path / "keys", ["org"])
    keys = {name: public_key(file) for name, file in first.items()}
    again = create_keys(tmp_path / "keys", ["org", "tickets"])
    assert public_key(again["org"]) == keys["org"]
    assert public_key(again["tickets"]) != keys["org"]
    assert [file.stat().st_mode & 0o777 for file in again.values()] == [0o600, 0o600]
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    assert keys["org"].startswith("U")


def test_writing_again_changes_nothing_and_adds_a_district(tmp_path: Path) -> None:
    first = write_local(tmp_path, port=4222, services=["org"], districts=["370321"])
    text = first.config_path.read_text(encoding="utf-8")
    assert write_local(tmp_path, port=4222, services=["org"], districts=["370321"]) == first
    assert first.config_path.read_text(encoding="utf-8") == text
    more = write_local(tmp_path, port=4222, services=["org"], districts=["370321", "370303"])
    assert more.district_seeds["370321"] == first.district_seeds["370321"]
    assert public_key(more.district_seeds["370303"]) in more.config_path.read_text(encoding="utf-8")
    assert first.service_seeds["org"] == tmp_path / "keys" / "org.nk"
    assert first.district_seeds["370321"] == tmp_path / "keys" / "district_370321.nk"


def test_no_seed_is_in_the_configuration(tmp_path: Path) -> None:
    local = write_local(tmp_path, port=4222, services=["org"], districts=["370321"])
    text = local.config_path.read_text(encoding="utf-8")
    for seed in (*local.service_seeds.values(), *local.district_seeds.values(), local.admin_seed):
        assert seed.read_text(encoding="utf-8").strip() not in text


def test_the_server_listens_on_the_loopback_address_and_has_no_monitoring() -> None:
    text = render(declaration())
    assert 'listen: "127.0.0.1:4222"' in text
    assert "http" not in text
    assert "sync_interval: always" in text


@pytest.mark.parametrize(
    ("services", "districts"),
    [
        (("org.>",), ()),
        (("*",), ()),
        (("org", "org"), ()),
        ((), ("37032",)),
        ((), ("370321 }",)),
        ((), ("370321", "370321")),
    ],
)
def test_a_declaration_that_would_let_in_more_is_refused(services: tuple[str, ...], districts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="declared"):
        render(declaration(services, districts))


async def test_applying_again_keeps_the_stream_the_consumers_and_their_places(
    publisher: Publisher, broker: Broker
) -> None:
    connection = await publisher.bus.connection()
    await connection.jetstream.publish("linli.3703.21._._.notes.note.written", b"{}", stream=STREAM)
    district = await broker.connect(broker.server.district_seeds["370321"])
    feed = await district.jetstream().pull_subscribe_bind("district_370321", STREAM)
    [message] = await feed.fetch(1, timeout=2)
    await message.ack_sync()
    await district.close()
    await broker.server.provision()
    admin = await broker.connect(broker.server.admin_seed)
    info = await admin.jetstream().consumer_info(STREAM, "district_370321")
    await admin.close()
    assert (info.num_pending, info.num_ack_pending) == (0, 0)
    assert len(await broker.messages()) == 1


async def test_drift_is_brought_in_line(publisher: Publisher, broker: Broker) -> None:
    assert publisher
    admin = await broker.connect(broker.server.admin_seed)
    jetstream = admin.jetstream()
    changed = stream_config()
    changed.max_age = 3600.0
    await jetstream.update_stream(changed)
    consumer = district_consumer("370321")
    consumer.filter_subject = "linli.>"
    await jetstream.add_consumer(STREAM, consumer)
    await apply(admin, DISTRICTS)
    assert (await jetstream.stream_info(STREAM)).config.max_age == stream_config().max_age
    assert (await jetstream.consumer_info(STREAM, "district_370321")).config.filter_subject == "linli.3703.21.>"
    await admin.close()


async def test_what_is_as_declared_is_not_changed(
    publisher: Publisher, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert publisher
    admin = await broker.connect(broker.server.admin_seed)

    async def fail(*_args: object, **_options: object) -> None:
        raise AssertionError("there is nothing to change")

    for name in ("add_stream", "update_stream", "add_consumer"):
        monkeypatch.setattr(f"nats.js.manager.JetStreamManager.{name}", fail)
    await apply(admin, DISTRICTS)
    await admin.close()


async def test_a_consumer_of_a_stream_that_is_not_there_is_not_made(publisher: Publisher, broker: Broker) -> None:
    assert publisher
    admin = await broker.connect(broker.server.admin_seed)
    with pytest.raises(Exception, match="stream not found"):
        await ensure_consumer(admin.jetstream(), "NONE", ConsumerConfig(durable_name="x"))
    await admin.close()


def test_the_stream_takes_every_event_and_nothing_else() -> None:
    config: StreamConfig = stream_config(3)
    assert (config.subjects, config.num_replicas, config.allow_direct) == (["linli.>"], 3, True)
    assert (config.deny_delete, config.deny_purge) == (True, True)
