"""Offers, redemptions and the fund in the graph."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from chassis.graphql.connection import Connection, PageArguments, paginate
from services.credit.graphql.enums import CreditRedemptionState, CreditUse
from services.credit.graphql.links import Info
from services.credit.storage import market as reads
from services.credit.storage import market_reads
from services.credit.storage import market_tables as m

_FEN = 100


@strawberry.type(description="Where points, or a tier, are good for something (信易+). 应用场景")
class CreditScenario:
    """As `domain.market.Scenario`."""

    code: str = strawberry.field(description="Code. 代码")
    name: str = strawberry.field(description="Name in the caller's language. 名称")
    use: CreditUse = strawberry.field(description="What it gives. 类别")
    groups: list[str] = strawberry.field(description="Codes of the catalogue's groups that it is for. 适用群体")
    tier: str | None = strawberry.field(description="The least tier that has it; null: everybody. 最低档次")


@strawberry.type(description="A tier by points earned within a year, spent or not. 档次")
class CreditTier:
    """As `domain.market.Tier`."""

    code: str = strawberry.field(description="Code. 代码")
    name: str = strawberry.field(description="Name in the caller's language. 名称")
    standing: int = strawberry.field(description="Points earned within a year that reach it. 所需积分")
    benefit_yuan: int = strawberry.field(description="What its benefits are worth, in yuan. 优惠价值（元）")


@strawberry.type(description="What can be had for points. 兑换项目")
class CreditOffer:
    """An offer of a merchant."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    merchant_id: strawberry.ID = strawberry.field(description="The merchant. 商户标识")
    merchant: str = strawberry.field(description="The merchant's name. 商户")
    scenario: str = strawberry.field(description="Code of the scenario. 应用场景")
    name: str = strawberry.field(description="What it is. 名称")
    points: int = strawberry.field(description="What it costs in points. 所需积分")
    stock: int | None = strawberry.field(description="How many are left; null: any number. 库存")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            merchant_id=strawberry.ID(str(row["merchant_id"])),
            merchant=row["merchant_name"],
            scenario=row["scenario"],
            name=row["name"],
            points=row["points"],
            stock=row["stock"],
        )


@strawberry.type(description="Points set aside for an offer, and what became of it. 兑换")
class CreditRedemption:
    """As its account's holder sees it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    offer_id: strawberry.ID = strawberry.field(description="The offer. 兑换项目")
    points: int = strawberry.field(description="Points. 积分")
    state: CreditRedemptionState = strawberry.field(description="What became of it. 状态")
    at: datetime = strawberry.field(description="When it was asked for. 兑换时间")
    valid_until: datetime = strawberry.field(description="Until when the voucher is valid. 有效期至")
    ended_at: datetime | None = strawberry.field(description="When it ended. 办结时间")
    secret: strawberry.Private[bytes | None]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            offer_id=strawberry.ID(str(row["offer_id"])),
            points=row["points"],
            state=CreditRedemptionState[row["state"].upper()],
            at=row["at"],
            valid_until=row["valid_until"],
            ended_at=row["ended_at"],
            secret=row["code"],
        )

    @strawberry.field(description="The voucher's code, to be shown to the merchant; null when it has ended. 兑换码")
    def code(self, info: Info) -> str | None:
        """Decrypt it."""
        return info.context.cipher.decrypt(bytes(self.secret)) if self.secret else None


@strawberry.type(description="The dedicated fund of a year. 专项资金")
class CreditFund:
    """In yuan with two decimals, as text."""

    year: int = strawberry.field(description="The year. 年度")
    budget_yuan: str = strawberry.field(description="What it may pay. 预算（元）")
    committed_yuan: str = strawberry.field(description="What is promised of it. 已承诺（元）")


@strawberry.type(description="What a merchant is paid for a month. 月度结算")
class CreditSettlement:
    """In yuan with two decimals, as text."""

    month: date = strawberry.field(description="Its first day. 月份")
    redemptions: int = strawberry.field(description="How many redemptions were honoured. 核销笔数")
    amount_yuan: str = strawberry.field(description="What the fund pays. 金额（元）")


def yuan(fen: int) -> str:
    """Return an amount in yuan."""
    return f"{fen // _FEN}.{fen % _FEN:02}"


async def page_of_offers(
    info: Info, book_id: UUID, scenario: str | None, asked: PageArguments, mark: str
) -> Connection[CreditOffer]:
    """Read a page of a book's offers; they are public."""
    order = [m.offer.c.points, m.offer.c.id]
    page = await paginate(await info.context.read(), reads.offers_in(book_id, scenario), order, asked, mark)
    return page.connection(CreditOffer.of)


async def page_of_redemptions(
    info: Info, account_id: UUID, asked: PageArguments, mark: str
) -> Connection[CreditRedemption]:
    """Read a page of an account's redemptions, the newest first."""
    order = [m.redemption.c.at, m.redemption.c.id]
    statement = reads.redemptions_of(account_id)
    page = await paginate(await info.context.read(), statement, order, asked, mark, descending=True)
    return page.connection(CreditRedemption.of)


async def funds(info: Info, book_id: UUID) -> list[CreditFund]:
    """Read a book's funds."""
    return [
        CreditFund(year=row["year"], budget_yuan=yuan(row["budget_fen"]), committed_yuan=yuan(row["committed_fen"]))
        for row in await market_reads.funds_of(await info.context.read(), book_id)
    ]


async def settlements(info: Info, merchant_id: UUID) -> list[CreditSettlement]:
    """Read a merchant's settlements."""
    return [
        CreditSettlement(month=row["month"], redemptions=row["redemptions"], amount_yuan=yuan(row["amount_fen"]))
        for row in await market_reads.settlements_of(await info.context.read(), merchant_id)
    ]
