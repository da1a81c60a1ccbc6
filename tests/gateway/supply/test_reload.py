"""A new supergraph comes into service without a dropped request, or is refused and the old one stays."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import uvicorn
from structlog.testing import capture_logs

from gateway.http.app import Application, application
from gateway.settings import GatewaySettings
from gateway.supply.sources import ComposingSource, FileSource
from tests.gateway.subgraph_kit import FixtureSubgraph, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from gateway.supply.reload import Reloader
    from tests.gateway.subgraph_kit import RunningSubgraphs

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n'
OLD = LINK + 'type Query { items: [Item!]! } type Item @key(fields: "id") { id: ID! name: String! }'
NEW = OLD.replace("name: String!", "name: String! size: Int!")
COUNTS = LINK + 'type Query { none: Int } type Item @key(fields: "id") { id: ID! count: Int! }'
QUERY = "{ items { name count } }"
ANSWER = {"data": {"items": [{"name": "one", "count": 3}]}}


@dataclass
class Running:
    url: str
    app: Application
    subgraphs: RunningSubgraphs
    client: aiohttp.ClientSession

    @property
    def reloader(self) -> Reloader:
        assert self.app.reloader is not None
        return self.app.reloader

    async def ask(self, query: str = QUERY) -> Any:
        async with self.client.post(f"{self.url}/graphql", json={"query": query}) as response:
            return await response.json()

    async def status(self) -> Any:
        async with self.client.get(f"{self.url}/supergraph/status") as response:
            return await response.json()

    def deploy(self, sdl: str, name: str = "items") -> None:
        """Have a subgraph tell another SDL from now on, as a service that is deployed anew does."""
        self.subgraphs.subgraphs[name].sdl = sdl
        self.subgraphs.subgraphs[name].__post_init__()


@asynccontextmanager
async def running(**settings: Any) -> AsyncIterator[Running]:
    items = FixtureSubgraph("items", OLD, {"Query.items": [{"id": "1", "name": "one", "size": 9}], "Item": None})
    counts = FixtureSubgraph("counts", COUNTS, {"Item": lambda given: {**given, "count": 3}})
    async with serve([items, counts]) as subgraphs:
        source = ComposingSource(subgraphs.urls, 5)
        _, make = await source.offered()
        chosen = GatewaySettings.model_validate({"subgraphs": "unused=http://127.0.0.1:1", **settings})
        app = application(chosen, make(), source)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="on"))
        task = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            async with aiohttp.ClientSession() as client:
                yield Running(f"http://127.0.0.1:{port}", app, subgraphs, client)
        finally:
            server.should_exit = True
            await task


async def test_a_reload_under_load_drops_no_request() -> None:
    async with running(reload_seconds=0) as gateway:
        answers: list[Any] = []
        stopping = asyncio.Event()

        async def load() -> None:
            while not stopping.is_set():
                answers.append(await gateway.ask())

        working = [asyncio.create_task(load()) for _ in range(8)]
        for number in range(6):
            gateway.deploy(NEW if number % 2 == 0 else NEW.replace("size: Int!", "size: Int! more: Int"))
            before = len(answers)
            assert await gateway.reloader.look() is (number < 2)
            while len(answers) < before + 50:  # noqa: ASYNC110 (the load goes on by itself)
                await asyncio.sleep(0.01)
        stopping.set()
        await asyncio.gather(*working)
        assert answers == [ANSWER] * len(answers)


async def test_a_deployed_field_is_answered_within_the_interval() -> None:
    async with running(reload_seconds=0.1) as gateway:
        assert "errors" in await gateway.ask("{ items { size } }")
        before = await gateway.status()
        gateway.deploy(NEW)
        async with asyncio.timeout(10):
            while "errors" in await gateway.ask("{ items { size } }"):  # noqa: ASYNC110 (as a client would)
                await asyncio.sleep(0.02)
        after = await gateway.status()
        assert after["digest"] != before["digest"]
        assert (after["refused"], after["unavailable"]) == (None, None)


async def test_an_uncomposable_schema_is_refused_and_named_and_the_old_one_stays() -> None:
    async with running(reload_seconds=0) as gateway:
        gateway.deploy(OLD.replace("name: String!", "name: String! count: Int!"))
        assert await gateway.reloader.look() is False
        assert await gateway.ask() == ANSWER
        refused = (await gateway.status())["refused"]
        assert "INVALID_FIELD_SHARING" in refused
        assert "Item.count" in refused
        gateway.deploy(NEW)
        assert await gateway.reloader.look() is True
        assert (await gateway.status())["refused"] is None


async def test_a_look_that_failed_for_no_fault_of_the_schema_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(reload_seconds=0) as gateway:
        gateway.deploy(NEW)
        with monkeypatch.context() as broken:
            broken.setattr(gateway.reloader, "graph_of", lambda _supergraph: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await gateway.reloader.look()
        assert await gateway.reloader.look() is True


async def test_a_supergraph_that_cannot_be_written_out_is_served_and_the_last_file_stays_whole(tmp_path: Path) -> None:
    out = tmp_path / "out" / "supergraph.graphql"
    out.parent.mkdir()
    async with running(reload_seconds=0, supergraph_out=out) as gateway:
        gateway.deploy(NEW)
        assert await gateway.reloader.look() is True
        assert "size: Int!" in (written := out.read_text(encoding="utf-8"))
        out.rename(tmp_path / "kept")
        out.parent.rmdir()
        gateway.deploy(NEW.replace("size: Int!", "size: Int! weight: Int"))
        with capture_logs() as logged:
            assert await gateway.reloader.look() is True
        assert [line["log_level"] for line in logged if "written" in line["event"]] == ["error"]
        assert (await gateway.status())["refused"] is None
        assert (tmp_path / "kept").read_text(encoding="utf-8") == written
        assert list(tmp_path.iterdir()) == [tmp_path / "kept"]


async def test_a_breaking_schema_is_refused_and_named_unless_it_is_accepted() -> None:
    broken = OLD.replace("name: String!", "name: String").replace("items: [Item!]!", "items: [Item!]! other: Int")
    for accept in (False, True):
        async with running(reload_seconds=0, accept_breaking=accept) as gateway:
            gateway.deploy(broken)
            assert await gateway.reloader.look() is accept
            refused = (await gateway.status())["refused"]
            assert (refused is None) is accept
            if not accept:
                assert "Item.name" in refused
            assert await gateway.ask() == ANSWER
            assert ("errors" in await gateway.ask("{ other }")) is not accept


async def test_a_subgraph_that_is_away_when_looked_at_changes_nothing() -> None:
    async with running(reload_seconds=0) as gateway:
        source = gateway.reloader.source
        assert isinstance(source, ComposingSource)
        source.urls = {**source.urls, "counts": "http://127.0.0.1:1/"}
        gateway.deploy(NEW)
        gateway.reloader.source = ComposingSource(source.urls, 0.1)
        assert await gateway.reloader.look() is False
        assert "counts" in (await gateway.status())["unavailable"]
        assert await gateway.ask() == ANSWER


async def test_sighup_has_the_gateway_look_at_once() -> None:
    async with running(reload_seconds=0) as gateway:
        gateway.deploy(NEW)
        os.kill(os.getpid(), signal.SIGHUP)
        async with asyncio.timeout(10):
            while "errors" in await gateway.ask("{ items { size } }"):  # noqa: ASYNC110 (as a client would)
                await asyncio.sleep(0.02)


async def test_a_file_that_is_written_anew_is_served_and_a_broken_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "supergraph.graphql"
    async with running(reload_seconds=0, supergraph_out=file) as gateway:
        first = gateway.app.reloader
        assert first is not None
        gateway.deploy(NEW)
        assert await first.look() is True
        written = file.read_text(encoding="utf-8")
        assert "size" in written
        first.source = FileSource(file)
        for text, outcome in (
            (written, None),
            ("type {", "cannot be used"),
            ("type Query { a: Int }", "cannot be used"),
        ):
            file.write_text(text, encoding="utf-8")
            assert await first.look() is False
            refused = (await gateway.status())["refused"]
            assert refused is None if outcome is None else outcome in refused
        file.unlink()
        assert await first.look() is False
        assert "cannot be read" in (await gateway.status())["unavailable"]
        assert await gateway.ask() == ANSWER
