"""Redeeming: never more than there is of points, stock or fund; vouchers are used once; months are settled once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest_asyncio

from services.credit.commands.schedule import do_what_is_due
from services.credit.commands.sweep import lapse_some
from services.credit.domain.periods import local_day
from services.credit.storage.catalogues import Catalogues
from services.credit.storage.market_tables import metadata
from tests.credit import city
from tests.credit.conftest import CREDIT_CODE, catalogue_record

if TYPE_CHECKING:
    from tests.credit.conftest import Credit

REDEMPTION = "redemptionId redemption { id state code points } problems { code path }"
MARKET = "id problems { code }"
SETTLED = "settlements { month redemptions amountYuan } problems { code }"
FUND = """query($id: ID!) { _entities(representations: [{__typename: "Region", id: $id}]) { ... on Region {
  creditFunds { budgetYuan committedYuan } creditOffers { totalCount edges { node { name stock } } } } } }"""
LEAVE = "mutation { leaveCredit { problems { code } } }"


def this_year() -> int:
    return local_day(datetime.now(UTC)).year


@dataclass
class Market:
    credit: Credit
    merchant: str

    @property
    def keeper(self) -> str:
        """The shop's keeper, who lives in another grid than anybody here."""
        return self.credit.resident("keeper", city.GRID_2)

    async def offer(
        self, points: int = 10, stock: int | None = None, price: str = "5.50", scenario: str = "goods"
    ) -> str:
        asked: dict[str, Any] = {"merchantId": self.merchant, "scenario": scenario, "name": "大米", "points": points}
        payload = await self.credit.done(
            "openOffer", self.credit.staff("coordinator"), MARKET,
            idempotencyKey=f"{points} {stock} {price} {scenario}", priceYuan=price, stock=stock, **asked,
        )  # fmt: skip
        return str(payload["id"])

    async def redeem(self, offer: str, name: str = "li", key: str = "r", **more: Any) -> Any:
        token = more.pop("token", None) or self.credit.resident(name)
        payload = await self.credit.done("redeemOffer", token, REDEMPTION, idempotencyKey=key, offerId=offer, **more)
        return payload["redemption"]

    async def use(self, code: str) -> Any:
        return await self.credit.done("useVoucher", self.keeper, REDEMPTION, code=code)

    async def fund(self) -> Any:
        (region,) = (
            await self.credit.data(FUND, self.credit.staff("coordinator"), id=str(city.region_id(city.DISTRICT)))
        )["_entities"]
        return region


@pytest_asyncio.fixture
async def market(credit: Credit) -> Market:
    """A merchant and a fund of 100 yuan."""
    coordinator = credit.staff("coordinator")
    asked: dict[str, Any] = {
        "districtCode": city.DISTRICT,
        "name": "便民店",
        "creditCode": CREDIT_CODE,
        "keeper": "keeper",
    }
    merchant = await credit.done("registerMerchant", coordinator, MARKET, idempotencyKey="m", **asked)
    await credit.done("setFund", coordinator, MARKET, districtCode=city.DISTRICT, year=this_year(), budgetYuan="100")
    return Market(credit, merchant["id"])


async def with_points(credit: Credit, name: str = "li", points: int = 40) -> str:
    account = await credit.joined(name)
    for number in range(points // 10):
        await credit.award(account, f"{name} {number}")
    return account


async def test_a_voucher_is_shown_once_and_then_spent(market: Market) -> None:
    credit = market.credit
    account, offer = await with_points(credit), await market.offer()
    redemption = await market.redeem(offer)
    assert (redemption["state"], redemption["points"], len(redemption["code"])) == ("HELD", 10, 12)
    assert await market.redeem(offer) == redemption
    assert await credit.balance(account) == (30, 10, 0)
    assert redemption["code"] not in str(await credit.contents())
    stranger = credit.resident("other", city.GRID_2)
    assert await credit.refused("useVoucher", stranger, code=redemption["code"]) == "UNKNOWN_VOUCHER"
    assert await credit.refused("useVoucher", market.keeper, code="NOTACODE") == "UNKNOWN_VOUCHER"
    payloads = await asyncio.gather(
        *(credit.payload("useVoucher", market.keeper, REDEMPTION, code=redemption["code"].lower()) for _ in range(4))
    )
    assert sorted(problem["code"] for payload in payloads for problem in payload["problems"]) == ["VOUCHER_USED"] * 3
    assert await credit.balance(account) == (30, 0, 0)
    # The holder lives out of the keeper's scope: the keeper learns that it is done, and nothing of the holder.
    assert all(payload["redemption"] is None for payload in payloads)
    assert (await credit.verdict()).faults == []


async def test_two_hundred_at_once_redeem_ten_items_ten_times(market: Market) -> None:
    credit = market.credit
    people = 200
    await credit.look(_JOIN_MANY.format(people=people, grid=city.GRID, region=city.region_id(city.GRID)))
    offer = await market.offer(stock=10, price="0")
    await credit.look(_GIVE_MANY)

    async def one(number: int) -> list[str]:
        payload = await credit.payload(
            "redeemOffer", credit.resident(f"many {number}"), "problems { code }", idempotencyKey="k", offerId=offer
        )
        return [problem["code"] for problem in payload["problems"]]

    codes = await asyncio.gather(*(one(number) for number in range(1, people + 1)))
    assert sum(not code for code in codes) == 10
    assert {code[0] for code in codes if code} == {"SOLD_OUT"}
    assert await credit.look("SELECT count(*), sum(points) FROM redemption") == [(10, 100)]
    assert await credit.look("SELECT stock FROM offer") == [(0,)]
    assert (await credit.verdict()).faults == []


_JOIN_MANY = """
WITH fresh AS (
    INSERT INTO account (id, book_id, nature, group_code, region_id, region_code, opened_at, events)
    SELECT gen_random_uuid(), b.id, 'natural', 'resident', '{region}', '{grid}', now(), 1
    FROM book b, generate_series(1, {people}) RETURNING id
)
INSERT INTO holder (account_id, subject, name)
SELECT id, 'many ' || row_number() OVER (), 'x' FROM fresh
"""
_GIVE_MANY = """
WITH givings AS (
    SELECT gen_random_uuid() AS posting, gen_random_uuid() AS lot, a.id AS account, a.book_id, s.id AS issued
    FROM account a JOIN account s ON s.book_id = a.book_id AND s.group_code = 'issued' WHERE a.nature = 'natural'
), posted AS (
    INSERT INTO posting (id, book_id, account_id, kind, at, recorded_by, lines)
    SELECT posting, book_id, account, 'earn', now(), 'test', 2 FROM givings RETURNING id
), opened AS (
    INSERT INTO lot (id, account_id, opened_by) SELECT lot, account, posting FROM givings RETURNING id
)
INSERT INTO entry (posting_id, line, account_id, component, amount, lot_id)
SELECT posting, 1, issued, 'total', -10, NULL FROM givings
UNION ALL SELECT posting, 2, account, 'available', 10, lot FROM givings
"""


async def test_the_fund_is_never_promised_twice(market: Market) -> None:
    credit, offer = market.credit, await market.offer(price="30")
    await with_points(credit)
    first = await market.redeem(offer, key="1")
    for key in "23":
        await market.redeem(offer, key=key)
    refused = await credit.refused("redeemOffer", credit.resident(), idempotencyKey="4", offerId=offer)
    assert refused == "FUND_EXHAUSTED"
    assert (await market.fund())["creditFunds"] == [{"budgetYuan": "100.00", "committedYuan": "90.00"}]
    asked: dict[str, Any] = {"districtCode": city.DISTRICT, "year": this_year(), "budgetYuan": "89.99"}
    assert await credit.refused("setFund", credit.staff("coordinator"), **asked) == "BUDGET_TOO_LOW"
    await credit.done("cancelRedemption", credit.resident(), REDEMPTION, "RedemptionInput", id=first["id"])
    await market.redeem(offer, key="5")


async def test_what_is_set_aside_can_be_given_back_once_or_lapses(market: Market) -> None:
    credit, offer = market.credit, await market.offer(stock=2)
    account = await with_points(credit, points=20)
    first, second = await market.redeem(offer, key="1"), await market.redeem(offer, key="2")
    assert (
        await credit.refused("redeemOffer", credit.resident(), idempotencyKey="3", offerId=offer) == "NOT_ENOUGH_POINTS"
    )
    await credit.done("cancelRedemption", credit.resident(), REDEMPTION, "RedemptionInput", id=first["id"])
    assert (
        await credit.refused("cancelRedemption", credit.resident(), "RedemptionInput", id=first["id"]) == "VOUCHER_USED"
    )
    assert await credit.refused("useVoucher", market.keeper, code=first["code"]) == "VOUCHER_USED"
    cancel = "mutation($id: ID!) { cancelRedemption(input: {id: $id}) { redemptionId } }"
    assert await credit.error(cancel, credit.resident("wang"), id=second["id"]) == "NOT_FOUND"
    assert await lapse_some(credit.runtime.database, datetime.now(UTC)) == 0
    assert await lapse_some(credit.runtime.database, datetime.now(UTC) + timedelta(days=31)) == 1
    assert await credit.balance(account) == (20, 0, 0)
    assert (await market.fund())["creditOffers"]["edges"] == [{"node": {"name": "大米", "stock": 2}}]
    assert (await market.fund())["creditFunds"][0]["committedYuan"] == "0.00"
    assert (await credit.verdict()).faults == []


async def test_a_month_is_settled_by_itself_on_its_day_and_once(market: Market) -> None:
    credit, offer = market.credit, await market.offer()
    await with_points(credit)
    for key in ("1", "2"):
        await market.use((await market.redeem(offer, key=key))["code"])
    await credit.look("UPDATE redemption SET ended_at = '2026-02-20 12:00+08'")
    await credit.look("UPDATE book SET opened_at = '2026-02-01 12:00+08'")
    await credit.load(catalogue_record(version=2, settle_day=5))

    async def turn(day: int) -> int:
        at = datetime(2026, 3, day, 12, tzinfo=UTC)
        return await do_what_is_due(credit.runtime.database, credit.runtime.cipher, Catalogues(), at)

    assert await turn(4) == 0
    assert sum(await asyncio.gather(*(turn(5) for _ in range(4)))) == 1
    assert await turn(9) == 0
    assert await credit.look("SELECT month, redemptions, amount_fen FROM settlement") == [(date(2026, 2, 1), 2, 1100)]


async def test_a_refund_brings_the_points_back_until_the_month_is_settled(market: Market) -> None:
    credit, offer = market.credit, await market.offer()
    account = await with_points(credit)
    used, kept = await market.redeem(offer, key="1"), await market.redeem(offer, key="2")
    for one in (used, kept):
        await market.use(one["code"])
    refund = "mutation($id: ID!) { payload: refundRedemption(input: {id: $id}) { redemptionId problems { code } } }"
    assert await credit.error(refund, credit.resident(), id=used["id"]) == "NOT_FOUND"
    done = await credit.data(refund, market.keeper, id=used["id"])
    assert done["payload"] == {"redemptionId": used["id"], "problems": []}
    assert await credit.balance(account) == (30, 0, 0)
    again = await credit.data(refund, market.keeper, id=used["id"])
    assert again["payload"]["problems"] == [{"code": "NOT_REDEEMED"}]
    month = local_day(datetime.now(UTC))
    asked: dict[str, Any] = {"merchantId": market.merchant, "month": month.isoformat()}
    coordinator = credit.staff("coordinator")
    assert await credit.refused("settleMonth", coordinator, **asked) == "MONTH_NOT_OVER"
    await credit.look("UPDATE redemption SET ended_at = ended_at - interval '40 days'")
    ((ended,),) = await credit.look("SELECT min(ended_at) FROM redemption WHERE state = 'redeemed'")
    asked["month"] = local_day(ended).isoformat()
    payload = await credit.done("settleMonth", coordinator, SETTLED, **asked)
    assert [(one["redemptions"], one["amountYuan"]) for one in payload["settlements"]] == [(1, "5.50")]
    assert await credit.refused("settleMonth", coordinator, **asked) == "SETTLED_ALREADY"
    late = await credit.data(refund, market.keeper, id=kept["id"])
    assert late["payload"]["problems"] == [{"code": "SETTLED_ALREADY"}]
    assert (await credit.verdict()).faults == []


async def test_tiers_go_by_what_was_earned_and_scenarios_by_group(market: Market) -> None:
    credit = market.credit
    account, body = await with_points(credit, points=30), await credit.body()
    gold, screen = await market.offer(10, scenario="gold"), await market.offer(10, scenario="screen")
    refused = await credit.refused("redeemOffer", credit.resident(), idempotencyKey="1", offerId=gold)
    assert refused == "TIER_TOO_LOW"
    assert await credit.refused("redeemOffer", credit.resident(), idempotencyKey="1", offerId=screen) == "UNKNOWN_OFFER"
    await market.redeem(await market.offer(), key="spent")
    await credit.award(account, "one more")
    assert (await market.redeem(gold, key="2"))["state"] == "HELD"
    await credit.award(body, "shop")
    for_shop = {"idempotencyKey": "s", "offerId": screen, "accountId": body}
    redeem = "mutation($input: RedeemOfferInput!) { redeemOffer(input: $input) { redemptionId } }"
    assert await credit.error(redeem, credit.staff("worker"), input=for_shop) == "FORBIDDEN"
    assert (await market.redeem(screen, token=credit.staff("clerk"), key="s", accountId=body))["state"] == "HELD"
    other = {"idempotencyKey": "o", "offerId": gold, "accountId": account}
    assert await credit.error(redeem, credit.staff("clerk"), input=other) == "NOT_FOUND"


async def test_only_the_funds_keepers_keep_the_market(market: Market) -> None:
    credit = market.credit
    asked = {
        "idempotencyKey": "x",
        "districtCode": city.DISTRICT,
        "name": "n",
        "creditCode": CREDIT_CODE,
        "keeper": "k",
    }
    register = "mutation($input: RegisterMerchantInput!) { registerMerchant(input: $input) { id } }"
    for token in (credit.staff("clerk"), credit.resident(), credit.role("admin")):
        assert await credit.error(register, token, input=asked) in ("FORBIDDEN", "NOT_FOUND")
    offer = await market.offer()
    await with_points(credit)
    held = await market.redeem(offer)
    await credit.done("closeOffer", credit.staff("coordinator"), MARKET, id=offer)
    assert await credit.refused("redeemOffer", credit.resident(), idempotencyKey="2", offerId=offer) == "UNKNOWN_OFFER"
    await market.use(held["code"])
    (region,) = (await credit.data(FUND, credit.resident(), id=str(city.region_id(city.DISTRICT))))["_entities"]
    assert region["creditFunds"] == []


async def test_who_leaves_gets_nothing_and_leaves_nothing_open(market: Market) -> None:
    credit, offer = market.credit, await market.offer(stock=1)
    account = await with_points(credit)
    held = await market.redeem(offer)
    await credit.data(LEAVE, credit.resident())
    assert await credit.balance(account) == (0, 0, 0)
    assert await credit.look("SELECT stock FROM offer") == [(1,)]
    assert await credit.look(f"SELECT state FROM redemption WHERE id = '{UUID(held['id'])}'") == [("cancelled",)]  # noqa: S608
    assert await credit.refused("useVoucher", market.keeper, code=held["code"]) == "NOT_A_MEMBER"
    versions = await credit.look(f"SELECT aggregate_version FROM outbox WHERE aggregate_id = '{account}' ORDER BY id")  # noqa: S608
    assert [version for (version,) in versions] == list(range(1, len(versions) + 1))
    assert (await credit.verdict()).faults == []


def test_the_markets_tables_are_known_to_the_migrations() -> None:
    assert {"merchant", "offer", "fund", "redemption", "settlement"} <= set(metadata.tables)
