"""The mutations of redemption: what holders, merchants and the fund's keepers do."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import strawberry

from chassis.errors import BadRequest
from chassis.graphql.mutate import perform
from services.credit.commands import market, redeem
from services.credit.graphql.links import Info, by_catalogue, uuid_of
from services.credit.graphql.market import CreditRedemption, CreditSettlement, settlements
from services.credit.graphql.problem import Problem
from services.credit.storage.market import by_id


@strawberry.input(description="Set points aside for an offer. 兑换")
class RedeemOfferInput:
    """Input of redeemOffer."""

    idempotency_key: str = strawberry.field(description="The same key redeems once. 幂等键")
    offer_id: strawberry.ID = strawberry.field(description="The offer. 兑换项目")
    account_id: strawberry.ID | None = strawberry.field(
        default=None, description="A body's account, for who registers bodies; one's own when left out. 账户"
    )


@strawberry.input(description="A redemption. 兑换")
class RedemptionInput:
    """Input of cancelRedemption and refundRedemption."""

    id: strawberry.ID = strawberry.field(description="The redemption. 兑换标识")


@strawberry.input(description="A voucher that the merchant was shown. 核销")
class UseVoucherInput:
    """Input of useVoucher."""

    code: str = strawberry.field(description="The voucher's code. 兑换码")


@strawberry.input(description="A merchant that gives something for points. 登记商户")
class RegisterMerchantInput:
    """Input of registerMerchant."""

    idempotency_key: str = strawberry.field(description="The same key registers once. 幂等键")
    district_code: str = strawberry.field(description="The district. 区县代码")
    name: str = strawberry.field(description="Name. 名称")
    credit_code: str = strawberry.field(description="Unified social credit code. 统一社会信用代码")
    keeper: str = strawberry.field(description="Token subject of who verifies vouchers. 核销人")


@strawberry.input(description="Something to be had for points. 上架兑换项目")
class OpenOfferInput:
    """Input of openOffer."""

    idempotency_key: str = strawberry.field(description="The same key opens once. 幂等键")
    merchant_id: strawberry.ID = strawberry.field(description="Whose. 商户")
    scenario: str = strawberry.field(description="Code of a scenario of the catalogue. 应用场景")
    name: str = strawberry.field(description="What it is. 名称")
    points: int = strawberry.field(description="What it costs in points. 所需积分")
    price_yuan: str = strawberry.field(description="What the fund pays for one, with at most two decimals. 单价（元）")
    stock: int | None = strawberry.field(default=None, description="How many there are; left out: any number. 库存")


@strawberry.input(description="An offer. 兑换项目")
class CloseOfferInput:
    """Input of closeOffer."""

    id: strawberry.ID = strawberry.field(description="The offer. 兑换项目标识")


@strawberry.input(description="The budget of a year. 专项资金预算")
class SetFundInput:
    """Input of setFund."""

    district_code: str = strawberry.field(description="The district. 区县代码")
    year: int = strawberry.field(description="The year. 年度")
    budget_yuan: str = strawberry.field(description="What it may pay, with at most two decimals. 预算（元）")


@strawberry.input(description="A merchant's month. 月度结算")
class SettleMonthInput:
    """Input of settleMonth."""

    merchant_id: strawberry.ID = strawberry.field(description="The merchant. 商户")
    month: date = strawberry.field(description="Any day of the month. 月份")


@strawberry.type(description="What became of it. 结果")
class RedemptionPayload:
    """Payload of mutations of a redemption."""

    redemption: CreditRedemption | None = strawberry.field(
        description="The redemption; null when refused, or when its holder is out of the caller's scope. 兑换"
    )
    redemption_id: strawberry.ID | None = strawberry.field(description="Its id; null when refused. 兑换标识")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of it. 结果")
class MarketPayload:
    """Payload of mutations of merchants, offers and the fund."""

    id: strawberry.ID | None = strawberry.field(
        description="The merchant, the offer, or for the fund the book; null when refused. 标识"
    )
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of it. 结果")
class SettleMonthPayload:
    """Payload of settleMonth."""

    settlements: list[CreditSettlement] = strawberry.field(
        description="The merchant's settlements, the newest 120. 结算"
    )
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


def _fen(yuan: str) -> int:
    """Return an amount in fen. Raises BadRequest for what is no amount."""
    try:
        fen = Decimal(yuan) * 100
    except InvalidOperation as error:
        raise BadRequest(reason="An amount is a number of yuan.") from error
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise BadRequest(reason="An amount has at most two decimals.")
    return int(fen)


async def _run(info: Info, operation: str, command: Any, asked: Any, key: str | None = None) -> Any:
    return await perform(info, operation, by_catalogue(info, command), asked, key)


async def _redemption(info: Info, outcome: Any) -> RedemptionPayload:
    row = await by_id(await info.context.read(), outcome.id) if outcome.id else None
    return RedemptionPayload(
        redemption=CreditRedemption.of(row) if row else None,
        redemption_id=strawberry.ID(str(outcome.id)) if outcome.id else None,
        problems=outcome.problems,
    )


def _market(outcome: Any) -> MarketPayload:
    return MarketPayload(id=strawberry.ID(str(outcome.id)) if outcome.id else None, problems=outcome.problems)


@strawberry.type
class MarketMutation:
    """The mutations of redemption."""

    @strawberry.mutation(description="Set points aside for an offer; the answer has the voucher's code. 兑换")
    async def redeem_offer(self, info: Info, input: RedeemOfferInput) -> RedemptionPayload:  # noqa: A002
        """Set aside."""
        whose = uuid_of(input.account_id) if input.account_id is not None else None
        asked = redeem.Redeem(offer_id=uuid_of(input.offer_id), account_id=whose)
        return await _redemption(
            info, await _run(info, "redeemOffer", redeem.redeem_offer, asked, input.idempotency_key)
        )

    @strawberry.mutation(description="Give back what one has set aside. 取消兑换")
    async def cancel_redemption(self, info: Info, input: RedemptionInput) -> RedemptionPayload:  # noqa: A002
        """Give back."""
        id_ = uuid_of(input.id)
        outcome = await perform(info, "cancelRedemption", redeem.cancel_redemption, id_)
        return await _redemption(info, outcome)

    @strawberry.mutation(description="Honour a voucher; for the merchant's keeper. 核销")
    async def use_voucher(self, info: Info, input: UseVoucherInput) -> RedemptionPayload:  # noqa: A002
        """Spend."""
        code = input.code
        outcome = await perform(info, "useVoucher", redeem.use_voucher, code)
        return await _redemption(info, outcome)

    @strawberry.mutation(description="Give back what was spent, before its month is settled; for the keeper. 退回")
    async def refund_redemption(self, info: Info, input: RedemptionInput) -> RedemptionPayload:  # noqa: A002
        """Give back."""
        id_ = uuid_of(input.id)
        outcome = await perform(info, "refundRedemption", redeem.refund_redemption, id_)
        return await _redemption(info, outcome)

    @strawberry.mutation(description="Register a merchant; for the fund's keepers. 登记商户")
    async def register_merchant(self, info: Info, input: RegisterMerchantInput) -> MarketPayload:  # noqa: A002
        """Register."""
        asked = market.RegisterMerchant(
            district_code=input.district_code, name=input.name, credit_code=input.credit_code, keeper=input.keeper
        )
        return _market(await _run(info, "registerMerchant", market.register_merchant, asked, input.idempotency_key))

    @strawberry.mutation(description="Offer something for points; for the fund's keepers. 上架兑换项目")
    async def open_offer(self, info: Info, input: OpenOfferInput) -> MarketPayload:  # noqa: A002
        """Offer."""
        asked = market.OpenOffer(
            merchant_id=uuid_of(input.merchant_id),
            scenario=input.scenario,
            name=input.name,
            points=input.points,
            price_fen=_fen(input.price_yuan),
            stock=input.stock,
        )
        return _market(await _run(info, "openOffer", market.open_offer, asked, input.idempotency_key))

    @strawberry.mutation(description="Take an offer back; vouchers stay valid. 下架兑换项目")
    async def close_offer(self, info: Info, input: CloseOfferInput) -> MarketPayload:  # noqa: A002
        """Close."""
        return _market(await _run(info, "closeOffer", market.close_offer, uuid_of(input.id)))

    @strawberry.mutation(description="Set the budget of a year, not below what is promised. 设定专项资金预算")
    async def set_fund(self, info: Info, input: SetFundInput) -> MarketPayload:  # noqa: A002
        """Set."""
        asked = market.SetFund(district_code=input.district_code, year=input.year, budget_fen=_fen(input.budget_yuan))
        return _market(await _run(info, "setFund", market.set_fund, asked))

    @strawberry.mutation(description="Settle a merchant's month, once, when it is over. 月度结算")
    async def settle_month(self, info: Info, input: SettleMonthInput) -> SettleMonthPayload:  # noqa: A002
        """Settle."""
        asked = market.SettleMonth(merchant_id=uuid_of(input.merchant_id), month=input.month)
        outcome = await _run(info, "settleMonth", market.settle_month, asked)
        found = await settlements(info, asked.merchant_id) if outcome.id else []
        return SettleMonthPayload(settlements=found, problems=outcome.problems)
