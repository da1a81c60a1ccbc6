"""Districts and keys change while others are at work: nobody else is disconnected, nothing is lost."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import nats
import pytest

from chassis.events.bus import Bus
from chassis.events.keys import new_seed, public_key, public_key_of
from chassis.private_file import write_private
from deploy.local.errors import LocalError
from deploy.nats import change
from deploy.nats.reload import reload
from tests.isolation.isolation_kit import Traffic, beside, connect, declared_by, until

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.local.streams import DeclaredNats

OWN = "linli.3703.21._._.org.region.renamed"
REFUSED = (nats.errors.Error, OSError)


async def test_a_district_is_added_while_another_reads_and_a_service_publishes(server: DeclaredNats) -> None:
    lost: list[str] = []
    told: list[str] = []
    service = await connect(server.url, server.service_seeds["org"], told, lost)
    district = await connect(server.url, server.district_seeds["370321"], told, lost)
    own, new = Traffic(), Traffic()
    async with beside(own.publish(service, OWN), own.read(district, "370321")) as [publishing, reading]:
        await until(lambda: len(own.got) > 50)
        for number in range(5):
            code = f"37030{4 + number}"
            more = await change.add_district(declared_by(server), server.declaration_file.parent, code)
            await until(partial(own.read_more_than, len(own.got) + 20))
        assert not publishing.done()
        assert not reading.done()
        publishing.cancel()
        await own.everything_read()
        assert (own.failures, lost, told) == ([], [], [])
        assert own.got == own.sent
        assert set(own.deliveries) == {1}
        assert own.longest_pause < 5
    newcomer = await connect(server.url, more.seed("district_370308"))
    subject = "linli.3703.08._._.org.region.renamed"
    async with beside(new.publish(service, subject), new.read(newcomer, "370308")):
        await until(lambda: len(new.got) > 20)
    for client in (service, district, newcomer):
        await client.close()


async def test_a_pull_that_waits_while_a_district_is_added_is_answered(server: DeclaredNats) -> None:
    service = await connect(server.url, server.service_seeds["org"])
    district = await connect(server.url, server.district_seeds["370303"])
    feed = await district.jetstream().pull_subscribe_bind("district_370303", "LINLI")
    waiting = asyncio.create_task(feed.fetch(1, timeout=15))
    admin = await connect(server.url, server.admin_seed)
    async with asyncio.timeout(10):
        while not (await admin.jetstream().consumer_info("LINLI", "district_370303")).num_waiting:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await admin.close()
    await change.add_district(declared_by(server), server.declaration_file.parent, "370322")
    await service.jetstream().publish("linli.3703.03._._.org.region.renamed", b"after")
    [message] = await waiting
    assert message.data == b"after"
    await message.ack_sync(timeout=2)
    await service.close()
    await district.close()


async def test_a_district_that_made_its_own_key_gets_a_feed_without_showing_its_seed(
    server: DeclaredNats, tmp_path: Path
) -> None:
    seed = tmp_path / "own.nk"
    write_private(seed, new_seed() + b"\n")
    folder = server.declaration_file.parent
    more = await change.add_district(declared_by(server), folder, "370323", key=public_key(seed))
    assert not more.seed("district_370323").exists()
    client = await connect(server.url, seed)
    await client.jetstream().pull_subscribe_bind("district_370323", "LINLI")
    await client.close()


@pytest.mark.parametrize(
    ("code", "key", "message"),
    [
        ("370321", None, "has a feed already"),
        ("37032", None, "cannot be declared"),
        ("370331", "UNONSENSE", "not the public key"),
        ("370331", "370321", "declared twice"),
    ],
)
async def test_a_district_that_cannot_be_added_changes_nothing(
    server: DeclaredNats, code: str, key: str | None, message: str
) -> None:
    folder = server.declaration_file.parent
    before = {file: file.read_bytes() for file in folder.glob("*.*")}
    if key == "370321":
        key = public_key(server.district_seeds[key])
    with pytest.raises(LocalError, match=message):
        await change.add_district(declared_by(server), folder, code, key=key)
    assert {file: file.read_bytes() for file in folder.glob("*.*")} == before


async def test_a_districts_key_is_rotated_without_a_pause_and_the_old_one_ends(
    server: DeclaredNats, tmp_path: Path
) -> None:
    folder, user = server.declaration_file.parent, "district_370321"
    lost_old: list[str] = []
    lost_other: list[str] = []
    old_seed = tmp_path / "old.nk"
    write_private(old_seed, server.district_seeds["370321"].read_bytes())
    service = await connect(server.url, server.service_seeds["org"], None, lost_other)
    neighbour = await connect(server.url, server.district_seeds["370303"], None, lost_other)
    await connect(server.url, old_seed, None, lost_old)
    new_key = await change.rotate(declared_by(server), folder, user)
    assert public_key(server.district_seeds["370321"]) == new_key != public_key(old_seed)
    new = await connect(server.url, server.district_seeds["370321"])
    again = await connect(server.url, old_seed)
    traffic = Traffic()
    async with beside(traffic.publish(service, OWN), traffic.read(new, "370321")) as [publishing, _]:
        await until(lambda: len(traffic.got) > 20)
        assert lost_old == []
        assert await change.retire(declared_by(server), folder, user) == [public_key(old_seed)]
        await until(lambda: lost_old and again.is_closed)
        with pytest.raises(REFUSED):
            await connect(server.url, old_seed)
        publishing.cancel()
        await traffic.everything_read()
    assert (lost_other, traffic.failures) == ([], [])
    for client in (service, neighbour, new):
        await client.close()


async def test_a_service_goes_over_to_its_new_key_when_the_old_one_ends(server: DeclaredNats) -> None:
    bus = Bus(server.url, credentials=server.service_seeds["tickets"], name="tickets")
    await bus.start()
    first = await bus.connection()
    folder = server.declaration_file.parent
    await change.rotate(declared_by(server), folder, "tickets")
    assert not first.lost.is_set()
    await change.retire(declared_by(server), folder, "tickets")
    async with asyncio.timeout(10):
        await first.lost.wait()
        second = await bus.connection()
    await second.jetstream.publish("linli.3703.21._._.tickets.ticket.raised", b"{}", timeout=2)
    await bus.close()


@pytest.mark.parametrize("user", ["admin", "system"])
async def test_the_operators_own_keys_are_rotated_too(server: DeclaredNats, user: str) -> None:
    folder = server.declaration_file.parent
    before = public_key(declared_by(server).seed(user))
    await change.rotate(declared_by(server), folder, user)
    assert await change.retire(declared_by(server), folder, user) == [before]
    await change.provide(declared_by(server))


async def test_a_rotation_that_makes_no_sense_is_refused(server: DeclaredNats) -> None:
    folder = server.declaration_file.parent
    with pytest.raises(LocalError, match="no user nobody"):
        await change.rotate(declared_by(server), folder, "nobody")
    with pytest.raises(LocalError, match="none to end"):
        await change.retire(declared_by(server), folder, "district_3704")
    with pytest.raises(LocalError, match="not the public key"):
        await change.rotate(declared_by(server), folder, "district_3704", key="UX")
    await change.rotate(declared_by(server), folder, "district_3704", key=public_key_of(new_seed()))
    with pytest.raises(LocalError, match="two keys already"):
        await change.rotate(declared_by(server), folder, "district_3704")
    await change.retire(declared_by(server), folder, "district_3704")


async def test_a_configuration_that_the_server_refuses_is_told_and_the_old_one_holds(server: DeclaredNats) -> None:
    declared = declared_by(server)
    file: Any = server.declaration_file.parent / "linli.conf"
    good = file.read_text()
    file.write_text(good.replace("jetstream {", "jetstream {\n  nonsense: {"))
    with pytest.raises(LocalError, match="does not take its configuration"):
        await reload(declared)
    file.write_text(good)
    assert await reload(declared) == ["linli"]
