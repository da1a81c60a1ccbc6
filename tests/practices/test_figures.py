"""Published figures beside what a gateway answers, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from graphql import parse, validate

from deploy.local.errors import LocalError
from deploy.local.ports import free_port
from deploy.practices.catalogue import list_practices
from deploy.practices.figures import FigureRow, answered_at, figures
from deploy.practices.model import Practice
from gateway.composition.compose import compose
from gateway.composition.subgraph import SubgraphSource
from services.credit.main import SERVICE as CREDIT
from services.org.main import SERVICE as ORG
from services.property.main import SERVICE as PROPERTY
from services.tickets.main import SERVICE as TICKETS


class Gateway:
    """Answers every query with what it is given."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer: Any = {}
        self.asked: list[tuple[str, str]] = []

    async def graphql(self, request: web.Request) -> web.Response:
        self.asked.append((request.headers["Authorization"], (await request.json())["query"]))
        return web.json_response(self.answer)


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    port = free_port()
    gateway = Gateway(f"http://127.0.0.1:{port}/graphql")
    app = web.Application()
    app.router.add_post("/graphql", gateway.graphql)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield gateway
    await runner.cleanup()


def _answer(practice: Practice) -> dict[str, Any]:
    """What a gateway answers when every figure is as published."""
    data: dict[str, Any] = {}
    for row in practice.figures.rows:
        *keys, last = row.path.split(".")
        place = data
        for key in keys:
            place = place.setdefault(key, {})
        place[last] = row.expected - row.just_below
    return data


async def test_every_figure_holds_when_it_is_answered_as_published(practice: Practice, gateway: Gateway) -> None:
    gateway.answer = {"data": _answer(practice)}
    rows = await figures("huantai", gateway.url, "a-token")
    assert [row.id for row in rows] == [row.id for row in practice.figures.rows]
    assert all(row.holds for row in rows)
    [(authorization, query)] = gateway.asked
    assert authorization == "Bearer a-token"
    assert "query HuantaiFigures" in query


async def test_a_figure_that_differs_does_not_hold(practice: Practice, gateway: Gateway) -> None:
    data = _answer(practice)
    data["district"]["communities"]["totalCount"] = 16
    data["district"]["mustered"]["totalCount"] = 7301
    data["district"]["carriedThrough"] = None
    gateway.answer = {"data": data}
    rows = {row.id: row for row in await figures("huantai", gateway.url, "a-token")}
    assert [name for name, row in rows.items() if not row.holds] == [
        "communities", "five_order_cases", "charging_sheds", "charging_piles",
    ]  # fmt: skip
    assert (rows["communities"].answered, rows["five_order_cases"].answered) == (16, None)


def test_a_figure_with_a_little_more_holds_from_the_published_number_on() -> None:
    def holds(answered: int | None, *, at_least: bool) -> bool:
        return FigureRow("a", "甲", 10, at_least, answered).holds

    assert [holds(answered, at_least=True) for answered in (9, 10, 11, None)] == [False, True, True, False]
    assert [holds(answered, at_least=False) for answered in (9, 10, 11, None)] == [False, True, False, False]
    close = [FigureRow("a", "甲", 1000, False, answered, True).holds for answered in (899, 900, 999, 1000)]
    assert close == [False, True, True, False]


def test_only_a_number_is_an_answer_also_one_that_is_written_as_a_decimal() -> None:
    data = {"a": {"b": 3, "c": True, "d": "68.6", "e": None, "f": "nan"}}
    paths = ("a.b", "a.d", "a.c", "a.e", "a.f", "a", "a.b.c", "z.b")
    assert [answered_at(data, path) for path in paths] == [3, 68.6, *[None] * 6]


def test_a_figure_can_be_in_a_list_at_a_position() -> None:
    data = {"a": [{"b": 3}, {"b": 4}, 5], "0": {"b": 6}}
    found = ("a.0.b", "a.1.b", "a.2", "0.b")
    assert [answered_at(data, path) for path in found] == [3, 4, 5, 6]
    nothing = ("a.3.b", "a.b", "a.-1", "a.0", "a.0.0", "a.2.0", "a.²")
    assert [answered_at(data, path) for path in nothing] == [None] * len(nothing)


async def test_what_cannot_be_asked_is_told_in_a_line(gateway: Gateway) -> None:
    with pytest.raises(LocalError, match="there is no practice 'nowhere'"):
        await figures("nowhere", gateway.url, "a-token")
    gateway.answer = {"errors": [{"message": "Sign in first."}], "data": None}
    with pytest.raises(LocalError, match="does not answer the figures query: Sign in first"):
        await figures("huantai", gateway.url, "a-token")
    gateway.answer = []
    with pytest.raises(LocalError, match="no GraphQL answer"):
        await figures("huantai", gateway.url, "a-token")
    with pytest.raises(LocalError, match="start it with 'make up'"):
        await figures("huantai", f"http://127.0.0.1:{free_port()}/graphql", "a-token")


def test_the_queries_of_all_practices_are_valid_in_the_graph_that_the_services_make() -> None:
    services = (ORG, TICKETS, CREDIT, PROPERTY)
    sources = [SubgraphSource(one.name, "http://127.0.0.1:1/graphql", one.schema.as_str()) for one in services]
    graph = compose(sources).api_schema
    for practice in list_practices():
        query = (practice.folder / practice.figures.query).read_text(encoding="utf-8")
        assert validate(graph, parse(query)) == []
