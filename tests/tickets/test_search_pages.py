"""Pages of a search hold the same tickets in the same order, whichever way they are found."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from services.tickets.domain.calendar import ZONE
from services.tickets.storage import reads, search
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

PAGE = """query($id: ID!, $text: String!, $category: String, $first: Int, $after: String, $last: Int, $before: String) {
  _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
    tickets(text: $text, category: $category, first: $first, after: $after, last: $last, before: $before) {
      totalCount pageInfo { startCursor endCursor hasNextPage hasPreviousPage } edges { node { number } } } } } }"""


def knowing(shares: dict[str, float]) -> search._Frequent:
    """What knows how frequent words are, whatever the database says."""
    known = search._Frequent()
    known._shares, known._read_at = shares, float("inf")
    return known


WAYS: dict[str, dict[str, Any]] = {
    "looked up at once": {},
    "looked up by the rarer words alone": {"search._frequent": knowing({"路灯": 0.4, "门口": 0.4, "路面": 0.4})},
    "looked for by days": {"search.windows.days_for": lambda *_: 3},
    "looked for by months": {"search.windows.days_for": lambda *_: 45, "search.windows.wider": lambda *_: 62},
    "more than can be looked up in a window": {"search.FEW": 2},
    "more than can be looked up in a day": {"search.FEW": 1},
    "compared with some that come next": {"search.windows.to_compare": lambda *_: 4},
    "compared with many that come next": {"search.windows.to_compare": lambda *_: 1000},
}
KNOWN = {"search._frequent": knowing({"路灯": 0.4, "充电": 0.2, "电棚": 0.2, "没有": 0.1})}
TOTALS: dict[str, dict[str, Any]] = {
    "counted by comparing": KNOWN,
    "counted by comparing, up to ten": KNOWN | {"reads.MOST_COUNTED": 10},
    "counted by comparing some and looking up more": KNOWN | {"search._MOST_COMPARED": 0, "search._SHORT": 0},
    "counted by looking up ever more": KNOWN
    | {"search._SHORT": 0, "search.FEW": 2, "search._MOST_COMPARED": 0, "reads.MOST_COUNTED": 10},
}
TITLES = ("路灯不亮", "路面破损", "门口路灯亮", "充电棚", "路灯")
GRIDS = (city.GRID, city.GRID_2, city.ELSEWHERE)
FIRST = datetime(2024, 11, 28, 9, tzinfo=ZONE)


def at(number: int) -> str:
    return (FIRST + timedelta(days=11 * (number // 3))).isoformat()


def records() -> list[dict[str, Any]]:
    """Tickets of fifteen months, some of them raised at one instant."""
    return [
        {
            "record": "ticket", "id": str(UUID(int=1000 - number)), "process": "five_sheets",
            "region_id": str(city.region_id(grid)), "region_code": grid,
            "category": ("charging", "lighting")[number % 2], "title": TITLES[number % len(TITLES)],
            "raised": {"at": at(number), "by": "li", "acted_as": "resident"},
        }
        for number, grid in zip(range(120), (*GRIDS, *GRIDS) * 20, strict=True)
    ]  # fmt: skip


@pytest.fixture(scope="module")
async def many(plant: Any, files: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from tests.tickets.conftest import start  # noqa: PLC0415

    started = await start(plant, tmp_path_factory.mktemp("search"), files)
    await started.load(*records())
    yield started
    await started.close()


async def page(tickets: Tickets, code: str, words: str, **more: Any) -> Any:
    token = tickets.role("observer", city.CITY)
    data = await tickets.data(PAGE, token, id=str(city.region_id(code)), text=words, **more)
    return data["_entities"][0]["tickets"]


async def expected(tickets: Tickets, code: str, words: str, category: str | None) -> list[str]:
    """What a plain look at every ticket finds, the newest first."""
    rows = await tickets.look(
        "SELECT number, title, region_code, category FROM ticket ORDER BY raised_at DESC, id DESC"
    )
    return [
        number
        for number, title, region_code, of in rows
        if region_code.startswith(code) and category in {None, of} and (words in title or words == number)
    ]


ASKED = tuple(
    product(("路灯", "灯", "充电棚", "没有"), (city.CITY, city.DISTRICT, city.COMMUNITY, city.GRID), (None, "charging"))
)


@pytest.mark.parametrize("way", WAYS)
async def test_pages_are_the_same_whichever_way_they_are_found(
    many: Tickets, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(f"services.tickets.storage.{name}", value)
    ((number,),) = await many.look("SELECT number FROM ticket ORDER BY id LIMIT 1")
    for words, code, category in (*ASKED, (number, city.CITY, None)):
        right = await expected(many, code, words, category)
        found: list[str] = []
        cursor, more = None, True
        while more:
            one = await page(many, code, words, category=category, first=7, after=cursor)
            found += [edge["node"]["number"] for edge in one["edges"]]
            cursor, more = one["pageInfo"]["endCursor"], one["pageInfo"]["hasNextPage"]
            assert one["totalCount"] == len(right)
        assert found == right, (words, code, category)
        backward = await page(many, code, words, category=category, last=5, before=cursor)
        assert [edge["node"]["number"] for edge in backward["edges"]] == right[:-1][-5:]
        assert backward["pageInfo"]["hasPreviousPage"] == (len(right) > 6)


@pytest.mark.parametrize("way", TOTALS)
async def test_totals_are_the_same_whichever_way_they_are_counted(
    many: Tickets, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in TOTALS[way].items():
        monkeypatch.setattr(f"services.tickets.storage.{name}", value)
    most = reads.MOST_COUNTED + 1
    for words, code, category in ASKED:
        right = len(await expected(many, code, words, category))
        assert (await page(many, code, words, category=category, first=1))["totalCount"] == min(right, most)


async def test_much_more_frequent_words_are_not_looked_up_but_for_when_there_are_no_others(tickets: Tickets) -> None:
    known = knowing({"门口": 0.3, "口路": 0.03, "路灯": 0.1})
    async with tickets.runtime.database.read((city.CITY,)) as session:
        asked = ("门口路灯", "门口", "门 路灯", "没有人说", "门口路灯 '铁锈")
        found = [await known.rare(session, words) for words in asked]
    assert found == ["'口路'", None, None, None, "'铁锈'"]
