"""A region that is merged into another takes its accounts there, with all they hold; what is past stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.credit.commands.sweep import seal_all
from services.org.domain import events as org
from tests.credit import city
from tests.credit.conftest import CREDIT_CODE, catalogue_record
from tests.credit.test_governance import RANKING
from tests.credit.test_grid_sums import COUNTED
from tests.credit.test_selections import opened

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

INTO = (city.region_id(city.GRID_2), city.GRID_2)


async def merge(credit: Credit, code: str = city.GRID, into: str = city.GRID_2) -> None:
    closed = org.RegionClosed(
        region_id=city.region_id(code), code=code, valid_to=city.SINCE,
        into_region_id=city.region_id(into), into_code=into,
    )  # fmt: skip
    await city.tell(credit.runtime.database, closed)


async def test_accounts_of_a_merged_grid_go_on_in_the_one_that_took_over(credit: Credit) -> None:
    account, other = await credit.joined(), await credit.joined("wang", city.GRID_2)
    shop = await credit.body()
    await credit.award(account, "a")
    await credit.award(shop, "b")
    await seal_all(credit.runtime.database)
    await merge(credit)
    found = await credit.look("SELECT id::text, region_id, region_code FROM account WHERE nature <> 'system'")
    assert sorted(map(tuple, found)) == sorted((one, *INTO) for one in (account, other, shop))
    assert await credit.balance(account) == (10, 0, 0)
    token = credit.staff("worker_2")
    asked = {"accountId": account, "item": "volunteer"}
    await credit.done("awardPoints", token, kind="RecordPointsInput", idempotencyKey="c", **asked)
    assert await credit.balance(account) == (20, 0, 0)
    assert (await credit.verdict()).faults == []


async def test_people_of_a_merged_grid_count_in_the_other_in_the_next_ranking(credit: Credit) -> None:
    await credit.joined()
    await credit.joined("wang", city.GRID_2)
    await seal_all(credit.runtime.database)
    await merge(credit)
    ranked = await credit.look(
        "SELECT region_id, sum(members) FROM (SELECT region_id, members FROM grid_sum UNION ALL"
        " SELECT region_id, members FROM grid_change) AS x GROUP BY 1 HAVING sum(members) <> 0"
    )
    assert [tuple(row) for row in ranked] == [(INTO[0], 2)]
    assert [row[:2] for row in await credit.look(COUNTED)] == [(INTO[0], 2)]


async def test_the_book_of_a_merged_district_is_looked_after_where_it_was_merged_into(credit: Credit) -> None:
    account, merchant = await credit.joined(), {"districtCode": city.DISTRICT, "name": "店", "keeper": "keeper"}
    made, coordinator = "id problems { code }", credit.staff("coordinator")
    asked = merchant | {"creditCode": CREDIT_CODE, "idempotencyKey": "m"}
    shop = (await credit.done("registerMerchant", coordinator, made, **asked))["id"]
    record = catalogue_record() | {"region_id": str(city.region_id(city.OTHER_DISTRICT)),
                                   "region_code": city.OTHER_DISTRICT}  # fmt: skip
    await credit.load(record)
    await merge(credit, city.DISTRICT, city.OTHER_DISTRICT)
    books = await credit.look("SELECT region_code FROM book ORDER BY opened_at")
    assert books == [(city.OTHER_DISTRICT,)] * 2
    await city.tell(credit.runtime.database, city.duty("coordinator", "coordinator", city.OTHER_DISTRICT))
    there = credit.staff("coordinator", region=city.OTHER_DISTRICT)
    offer = {"merchantId": shop, "scenario": "goods", "name": "米", "points": 10, "priceYuan": "1"}
    await credit.done("openOffer", there, made, idempotencyKey="o", **offer)
    # Who joins there from now on is in that district's own book.
    new = await credit.joined("wang", city.ELSEWHERE)
    ((one, other),) = await credit.look(
        f"SELECT a.book_id, b.book_id FROM account a, account b WHERE a.id = '{account}' AND b.id = '{new}'"  # noqa: S608
    )
    assert one != other


async def test_a_ranking_of_the_past_keeps_the_grid_that_is_no_more(credit: Credit) -> None:
    account = await credit.joined()
    await credit.award(account, "a")
    await credit.backdate()
    coordinator = credit.staff("coordinator")
    await credit.done(
        "rankGrids", coordinator, "problems { code }", "CreditPeriodInput",
        districtCode=city.DISTRICT, day="2026-02-01",
    )  # fmt: skip
    asked = {"id": str(city.region_id(city.DISTRICT)), "day": "2026-02-01"}
    before = await credit.data(RANKING, coordinator, **asked)
    await merge(credit)
    assert await credit.data(RANKING, coordinator, **asked) == before


async def test_a_selection_goes_on_where_its_region_was_merged_into(credit: Credit) -> None:
    await credit.look(f"UPDATE duty SET region_code = '{city.GRID}' WHERE title = 'community_secretary'")  # noqa: S608
    secretary = credit.staff("secretary", region=city.GRID)
    selection = await opened(credit, "building", secretary, city.GRID)
    await merge(credit)
    await city.tell(credit.runtime.database, city.duty("secretary", "community_secretary", city.GRID_2))
    assert await credit.look("SELECT id::text, region_id FROM selection") == [(selection, INTO[0])]
    asked = {"idempotencyKey": "n", "selectionId": selection, "regionCode": city.BUILDING_2}
    await credit.done("nominateForHonour", credit.staff("worker_2"), "id problems { code }", **asked)
