"""Search in what tickets say: all that contains the words is found within scope, and nothing else is told of."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from services.tickets.domain.wording import query, runs, vector
from services.tickets.storage import search
from tests.tickets import city

if TYPE_CHECKING:
    from tests.tickets.conftest import Tickets

FOUND = """query($representations: [_Any!]!, $text: String!, $first: Int, $after: String) {
  _entities(representations: $representations) { ... on Region {
    tickets(text: $text, first: $first, after: $after) {
      totalCount pageInfo { endCursor hasNextPage } edges { node { title } } } } } }"""
SAID = {
    "lamp": ("三号楼门口路灯不亮", "晚上看不清，老人摔倒过"),
    "charging": ("想加装充电棚", "3号楼北墙，ＡＢＣ公司报过价"),
    "road": ("路面破损", "灯具店门口"),
}


_MATCHES = text(
    "SELECT CAST(said AS tsvector) @@ CAST(wanted AS tsquery) AS is_found "
    "FROM unnest(CAST(:said AS text[]), CAST(:wanted AS text[])) WITH ORDINALITY AS t(said, wanted, at) ORDER BY at"
)


async def said(tickets: Tickets) -> None:
    for key, (title, description) in SAID.items():
        await tickets.raised(title=title, description=description, key=key)
    await tickets.raised(
        tickets.staff("worker_elsewhere"), regionCode=city.ELSEWHERE, title="路灯不亮", key="elsewhere"
    )


async def found(tickets: Tickets, words: str, token: str | None = None, code: str = city.CITY, **page: Any) -> Any:
    region = [{"__typename": "Region", "id": str(city.region_id(code))}]
    token = token or tickets.role("observer", city.CITY)
    entities = (await tickets.data(FOUND, token, representations=region, text=words, **page))["_entities"]
    return entities[0]["tickets"]


async def titles(tickets: Tickets, words: str, **more: Any) -> list[str]:
    page = await found(tickets, words, **more)
    assert page["totalCount"] == len(page["edges"])
    return [edge["node"]["title"] for edge in page["edges"]]


@pytest.mark.parametrize("few", [search.FEW, 0])
async def test_words_are_found_in_title_and_content_in_any_width_and_case(
    tickets: Tickets, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    await said(tickets)
    district = {"code": city.DISTRICT}
    for words, keys in {
        "路灯": ["lamp"],
        "路灯 老人": ["lamp"],
        "灯不": ["lamp"],
        "灯": ["road", "lamp"],
        "亮": ["lamp"],
        "号楼": ["charging", "lamp"],
        "abc公司": ["charging"],
        "３号": ["charging"],
        "路 灯": ["road", "lamp"],
        "亮晚": [],
        "路灯 充电": [],
        "，。": [],
        "%": [],
        "' | '": [],
    }.items():
        assert await titles(tickets, words, **district) == [SAID[key][0] for key in keys], words


async def test_nothing_outside_of_what_is_seen_is_found_or_counted(tickets: Tickets) -> None:
    await said(tickets)
    lamp = SAID["lamp"][0]
    assert await titles(tickets, "路灯") == ["路灯不亮", lamp]
    assert await titles(tickets, "路灯", code="370303") == ["路灯不亮"]
    assert await titles(tickets, "路灯", token=tickets.staff("worker")) == [lamp]
    assert await titles(tickets, "路灯", token=tickets.staff("worker_elsewhere")) == ["路灯不亮"]
    assert await titles(tickets, "路灯", token=tickets.resident("somebody")) == []
    assert await titles(tickets, "路灯", token=tickets.resident()) == [lamp]


@pytest.mark.parametrize("few", [search.FEW, 1])
async def test_pages_of_matches_hold_everything_once(
    tickets: Tickets, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    for number in range(5):
        await tickets.raised(title=f"路灯{number}", key=f"k{number}")
    cursor, seen = None, []
    while True:
        page = await found(tickets, "路灯", first=2, after=cursor)
        seen += [edge["node"]["title"] for edge in page["edges"]]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == [f"路灯{number}" for number in reversed(range(5))]


async def test_a_ticket_is_found_by_its_number(tickets: Tickets) -> None:
    ticket = await tickets.raised(title="路灯")
    assert await titles(tickets, ticket["number"]) == ["路灯"]


async def test_the_search_tells_the_serving_role_nothing_beyond_its_scope(tickets: Tickets) -> None:
    await said(tickets)
    asked: dict[str, Any] = dict.fromkeys(("marks", "first", "beyond", "found_by"))
    asked |= {"wanted": query("路灯"), "region": "", "prefix": "", "most": 10}
    counts = []
    for scope in ((city.CITY,), (city.ELSEWHERE,), ()):
        async with tickets.runtime.database.read(scope) as session:
            counts.append(len(await session.rows(search._SEARCH, asked)))
    assert counts == [2, 1, 0]


async def test_postgresql_finds_by_pairs_what_python_finds_by_looking(city_tickets: Tickets) -> None:
    chance = random.Random(20261124)  # noqa: S311 (the same texts each time)
    letters = "路灯不亮三号A1１ａ，。 '\\"

    def words(most: int) -> str:
        return "".join(chance.choices(letters, k=chance.randint(0, most)))

    texts = [(words(14), words(14), words(3)) for _ in range(2000)]
    asked = [one for one in texts if query(one[2])]
    sides = {"said": [vector(one, other) for one, other, _ in asked], "wanted": [query(one[2]) for one in asked]}
    async with city_tickets.runtime.database.read(()) as session:
        answers = await session.rows(_MATCHES, sides)
    expected = [
        all(any(run in said for said in (*runs(one), *runs(other))) for run in runs(wanted))
        for one, other, wanted in asked
    ]
    assert [row["is_found"] for row in answers] == expected
    assert 100 < sum(expected) < len(expected) - 100


def test_a_text_of_any_length_keeps_within_what_postgresql_takes() -> None:
    long = vector("路" * 5000, "灯" * 5000)
    assert max(len(part.split(":")[1].split(",")) for part in long.split(" ")) <= 255
