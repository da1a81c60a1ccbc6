"""A cluster of three nodes under load loses a node, and a district loses its connection; nothing is lost."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

import pytest

from chassis.events.declaration import STREAM
from deploy.nats.change import add_district
from deploy.nats.leaf import provision_leaf
from deploy.nats.session import connected
from tests.cluster.cluster_kit import DISTRICT, NODES, Cluster, Writer, check, eventually, stored, until
from tests.isolation.isolation_kit import Traffic, beside, connect

if TYPE_CHECKING:
    from nats.aio.client import Client

    from deploy.local.nats import NatsServer

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("whole")]
ROUNDS = int(os.environ.get("LINLI_CLUSTER_ROUNDS", "1"))
"""How often each fault is made; the long form takes as many as one has patience for."""
RESUMES_SECONDS = 60
"""Far more than it takes where disks are quick: every message is written through by two nodes."""


async def content(cluster: Cluster) -> list[tuple[int, int]]:
    async with connected(cluster.alive(), cluster.declared.seed("admin")) as admin:
        return await stored(admin)


async def emptied(cluster: Cluster) -> None:
    """Leave a stream with nothing in it and consumers that have read nothing."""
    await cluster.ask(f"STREAM.DELETE.{STREAM}")
    await cluster.provided()


async def test_every_message_is_kept_by_three_nodes_and_written_through(cluster: Cluster) -> None:
    info = await cluster.ask(f"STREAM.INFO.{STREAM}")
    assert info["config"]["num_replicas"] == 3
    assert len(info["cluster"]["replicas"]) == 2
    for name in NODES:
        text = (cluster.declared.path.parent / f"{name}.conf").read_text(encoding="utf-8")
        assert "sync_interval: always" in text


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("which", ["the leader", "another"])
async def test_a_node_is_killed_under_load(cluster: Cluster, which: str, number: int) -> None:
    assert number >= 0
    await emptied(cluster)
    writer = Writer(cluster)
    async with beside(writer.run()):
        await until(lambda: len(writer.acknowledged) > 200)
        leader = await cluster.leader()
        victim = leader if which == "the leader" else next(name for name in NODES if name != leader)
        cluster.nodes[victim].kill()
        before = len(writer.acknowledged)
        await until(lambda: len(writer.acknowledged) > before + 200)
        await cluster.nodes[victim].start()
        await cluster.all_current()
    check(await content(cluster), writer.acknowledged)
    assert writer.slowest < RESUMES_SECONDS


async def test_a_district_is_added_to_a_cluster_under_load(cluster: Cluster) -> None:
    await emptied(cluster)
    writer = Writer(cluster)
    async with beside(writer.run()):
        await until(lambda: len(writer.acknowledged) > 100)
        cluster.declared = await add_district(cluster.declared, cluster.declared.path.parent, "370304")
        seed = cluster.declared.seed("district_370304")
        service = await connect(cluster.alive()[0], cluster.declared.seed("tickets"))
        for url in cluster.alive():
            new = Traffic()
            client = await connect(url, seed)
            subject = "linli.3703.04._._.tickets.ticket.raised"
            async with beside(new.publish(service, subject), new.read(client, "370304")):
                await until(partial(new.read_more_than, 5))
            await client.close()
        await service.close()
    assert writer.slowest < RESUMES_SECONDS


async def leaf_client(cluster: Cluster, *, anew: bool = True) -> Client:
    client = await connect(cluster.leaf.url, cluster.declared.seed(f"district_{DISTRICT}"))
    await provision_leaf(client, DISTRICT, anew=anew)
    return client


async def test_a_leaf_node_goes_over_to_another_node_when_its_own_is_killed(cluster: Cluster, leaf: NatsServer) -> None:
    await emptied(cluster)
    await leaf.start()
    client = await leaf_client(cluster)
    writer = Writer(cluster)
    async with beside(writer.run()):
        for victim in NODES:
            before = len(writer.acknowledged)
            await until(partial(writer.acknowledged_more_than, before + 50))
            cluster.nodes[victim].kill()
            await until(partial(writer.acknowledged_more_than, before + 100))
            await cluster.nodes[victim].start()
            await cluster.all_current()
    everything = await content(cluster)
    await eventually(lambda: mirrored(client, len(everything)))
    check(await stored(client), writer.acknowledged)
    await client.close()


async def mirrored(client: Client, number: int) -> bool:
    return (await client.jetstream().stream_info(STREAM)).state.messages >= number


@pytest.mark.parametrize("number", range(ROUNDS))
async def test_a_leaf_node_is_cut_off_and_catches_up(cluster: Cluster, leaf: NatsServer, number: int) -> None:
    assert number >= 0
    await emptied(cluster)
    await leaf.start()
    client = await leaf_client(cluster)
    writer = Writer(cluster)
    service = await connect(cluster.alive()[0], cluster.declared.seed("tickets"))
    neighbours = Traffic()
    async with beside(writer.run(), neighbours.publish(service, "linli.3703.03._._.tickets.ticket.raised")):
        await until(lambda: len(writer.acknowledged) > 100)
        await eventually(lambda: mirrored(client, 100))
        await client.close()
        leaf.kill()
        before = len(writer.acknowledged)
        await until(lambda: len(writer.acknowledged) > before + 200)
        await leaf.start()
        client = await leaf_client(cluster, anew=False)
        await until(lambda: len(writer.acknowledged) > before + 400)
    await service.close()
    everything = await content(cluster)
    await eventually(lambda: mirrored(client, len(set(writer.acknowledged))))
    found = await stored(client)
    check(found, writer.acknowledged)
    assert found == everything
    feed = await client.jetstream().pull_subscribe_bind(f"district_{DISTRICT}", STREAM)
    [first] = await feed.fetch(1, timeout=5)
    await first.ack_sync(timeout=5)
    assert first.subject.startswith("linli.3703.21.")
    await client.close()
