"""What comes round by itself is done on its day, each once, whatever was missed and however many look at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from services.credit.commands.schedule import do_what_is_due, due_months
from services.credit.storage.catalogues import Catalogues
from tests.credit import city
from tests.credit.conftest import catalogue_record

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

TREND = """query($id: ID!, $day: Date!) {
  _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  creditTrend(since: $day, months: 3) { month earned redeemed earners redemptions } } } }"""
RANKING = """query($id: ID!, $day: Date!, $level: CreditRankLevel!) {
  _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  creditRanking(day: $day, level: $level) { rank people points mean region { id } } } } }"""


@pytest.mark.parametrize(
    ("today", "day", "months"),
    [
        (date(2026, 3, 31), 1, [1, 2]), (date(2026, 4, 1), 1, [1, 2, 3]), (date(2026, 4, 2), 3, [1, 2]),
        (date(2026, 4, 3), 3, [1, 2, 3]), (date(2026, 1, 31), 1, []), (date(2026, 4, 3), None, []),
    ],
)  # fmt: skip
def test_a_month_is_due_from_its_day_of_the_next_month_on(today: date, day: int | None, months: list[int]) -> None:
    assert [month.month for month in due_months(date(2026, 1, 15), today, day)] == months


async def turn(credit: Credit, at: datetime) -> int:
    return await do_what_is_due(credit.runtime.database, credit.runtime.cipher, Catalogues(), at)


async def _a_quarter_with_points(credit: Credit) -> None:
    account = await credit.joined()
    await credit.joined("zhao", city.GRID_2)
    await credit.award(account, "a")
    await credit.award(account, "b")
    await credit.backdate()
    await credit.look("UPDATE book SET opened_at = '2026-01-02 12:00+08'")


async def test_rankings_and_publicity_come_round_once_however_many_look(credit: Credit) -> None:
    await _a_quarter_with_points(credit)
    assert await turn(credit, datetime(2026, 4, 10, tzinfo=UTC)) == 0
    await credit.load(catalogue_record(version=2, rank_day=3, publish_day=5))
    assert await turn(credit, datetime(2026, 4, 2, tzinfo=UTC)) == 2
    assert await turn(credit, datetime(2026, 4, 3, 12, tzinfo=UTC)) == 1
    at = datetime(2026, 4, 10, tzinfo=UTC)
    assert sum(await asyncio.gather(*(turn(credit, at) for _ in range(4)))) == 1
    before = await credit.contents()
    assert await turn(credit, at) == 0
    assert await credit.contents() == before
    months = await credit.look("SELECT month FROM publicity ORDER BY month")
    assert [month for (month,) in months] == [date(2026, month, 1) for month in (1, 2, 3)]
    assert await credit.look("SELECT DISTINCT quarter FROM grid_rank") == [(date(2026, 1, 1),)]
    asked = {"districtCode": city.DISTRICT, "day": "2026-03-31"}
    for mutation in ("rankGrids", "publishCreditMonth"):
        assert await credit.refused(mutation, credit.staff("coordinator"), "CreditPeriodInput", **asked) == (
            "DONE_ALREADY"
        )


async def test_every_level_has_its_ranking_and_its_trend(credit: Credit) -> None:
    await _a_quarter_with_points(credit)
    await credit.load(catalogue_record(version=2, rank_day=1))
    assert await turn(credit, datetime(2026, 4, 2, tzinfo=UTC)) == 1
    for code in (city.CITY, city.DISTRICT, city.COMMUNITY, city.GRID):
        asked: dict[str, Any] = {"id": str(city.region_id(code)), "day": "2026-01-31"}
        (region,) = (await credit.data(TREND, credit.role("observer"), **asked))["_entities"]
        assert region["creditTrend"] == [
            {"month": "2026-02-01", "earned": 20, "redeemed": 0, "earners": 1, "redemptions": 0}
        ]
    expected = {"GRID": (city.GRID, 1, 20), "COMMUNITY": (city.COMMUNITY, 2, 10), "DISTRICT": (city.DISTRICT, 2, 10)}
    for level, (code, people, mean) in expected.items():
        asked = {"id": str(city.region_id(city.CITY)), "day": "2026-03-31", "level": level}
        (region,) = (await credit.data(RANKING, credit.role("observer"), **asked))["_entities"]
        assert region["creditRanking"][0] == {
            "rank": 1, "people": people, "points": 20, "mean": mean, "region": {"id": str(city.region_id(code))},
        }  # fmt: skip
