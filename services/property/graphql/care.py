"""Compounds that lack care, and funds, in the graph. Money is in yuan, as exact decimals."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Self

import strawberry
from sqlalchemy import RowMapping

from services.property.domain.haves import Have, is_three_no, missing
from services.property.graphql.enums import CompoundCare
from services.property.graphql.links import Info, hundredths
from services.property.storage import care as reads


@strawberry.enum(description="One of the five haves. 五有")
class CompoundHave(Enum):
    """As `domain.haves.Have`, by name."""

    ORGANISATION = strawberry.enum_value("ORGANISATION", description="An organisation. 有组织")
    STRENGTH = strawberry.enum_value("STRENGTH", description="People. 有力量")
    PLACE = strawberry.enum_value("PLACE", description="A place. 有阵地")
    RESOURCES = strawberry.enum_value("RESOURCES", description="Resources. 有资源")
    MECHANISM = strawberry.enum_value("MECHANISM", description="A mechanism. 有机制")


@strawberry.enum(description="What moves money. 资金变动")
class FundMovement(Enum):
    """As `domain.funds.Movement`, by name."""

    PAY_IN = strawberry.enum_value("PAY_IN", description="Owners pay in. 交存维修资金")
    RAISE = strawberry.enum_value("RAISE", description="Owners pay what they decided to raise. 续筹维修资金")
    INTEREST = strawberry.enum_value("INTEREST", description="Interest. 利息")
    USE = strawberry.enum_value("USE", description="The maintenance fund is used. 使用维修资金")
    COMMON_INCOME = strawberry.enum_value("COMMON_INCOME", description="Common parts bring income. 公共收益收入")
    COMMON_EXPENSE = strawberry.enum_value("COMMON_EXPENSE", description="Common income is used. 公共收益支出")
    COMMON_TO_FUND = strawberry.enum_value(
        "COMMON_TO_FUND", description="Common income goes to the maintenance fund. 公共收益补充维修资金"
    )


@strawberry.type(description="A have with its evidence. 五有佐证")
class HaveEvidence:
    """A have that holds."""

    have: CompoundHave = strawberry.field(description="Which. 项目")
    evidence: str = strawberry.field(description="By what. 佐证")
    proved_on: date = strawberry.field(description="Since when. 日期")


@strawberry.type(description="A compound without service, responsible unit or security. 三无小区登记")
class CompoundLack:
    """An entry of the register."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes. 版本")
    no_service: bool = strawberry.field(description="No property service. 无物业服务")
    no_unit: bool = strawberry.field(description="No responsible unit. 无主管部门")
    no_security: bool = strawberry.field(description="No security. 无人防物防")
    is_three_no: bool = strawberry.field(description="All three. 是否三无小区")
    cause: str = strawberry.field(description="Why. 成因")
    registered_on: date = strawberry.field(description="When it was entered. 登记日期")
    solution: CompoundCare | None = strawberry.field(description="How it will be, or is, cared for. 治理方案")
    responsible: str | None = strawberry.field(description="Who carries that out. 责任单位")
    converted_on: date | None = strawberry.field(description="When it converted. 转化日期")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        lacks = {name: row[name] for name in ("no_service", "no_unit", "no_security")}
        same = ("version", "cause", "registered_on", "responsible", "converted_on")
        return cls(
            id=strawberry.ID(str(row["id"])),
            is_three_no=is_three_no(**lacks),
            solution=CompoundCare[row["solution"].upper()] if row["solution"] else None,
            row=row,
            **lacks,
            **{name: row[name] for name in same},
        )

    @strawberry.field(description="The haves that hold, with their evidence, at most 5. 已达成")
    async def haves(self, info: Info) -> list[HaveEvidence]:
        """Read them, in the order of the five."""
        rows = {Have(row["have"]): row for row in await info.context.loader(reads.load_haves).load(self.row["id"])}
        return [
            HaveEvidence(
                have=CompoundHave[have.name], evidence=rows[have]["evidence"], proved_on=rows[have]["proved_on"]
            )
            for have in Have
            if have in rows
        ]

    @strawberry.field(description="The haves that are missing yet. 未达成")
    async def missing(self, info: Info) -> list[CompoundHave]:
        """Compare."""
        rows = await info.context.loader(reads.load_haves).load(self.row["id"])
        return [CompoundHave[have.name] for have in missing({Have(row["have"]) for row in rows})]


@strawberry.type(description="An entry in a compound's books. 资金明细")
class CompoundFundEntry:
    """An amount that moved."""

    number: int = strawberry.field(description="Number in the compound's books. 序号")
    on: date = strawberry.field(description="Day. 日期")
    movement: FundMovement = strawberry.field(description="What it was. 类型")
    amount: Decimal = strawberry.field(description="Yuan. 金额")
    text: str = strawberry.field(description="What for. 摘要")
    debit: str = strawberry.field(description="Account to which it went. 借方科目")
    credit: str = strawberry.field(description="Account from which it came. 贷方科目")
    vote_id: strawberry.ID | None = strawberry.field(description="The owners' vote that decided it. 表决")
    emergency_id: strawberry.ID | None = strawberry.field(description="The urgent repair it was for. 应急使用")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            movement=FundMovement[row["movement"].upper()],
            amount=hundredths(row["amount"]),
            vote_id=strawberry.ID(str(row["vote_id"])) if row["vote_id"] else None,
            emergency_id=strawberry.ID(str(row["emergency_id"])) if row["emergency_id"] else None,
            **{name: row[name] for name in ("number", "on", "text", "debit", "credit")},
        )


@strawberry.type(description="An urgent repair from the maintenance fund, without a vote. 维修资金应急使用")
class FundEmergency:
    """What was asked for, and what was decided."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    hazard: str = strawberry.field(description="What endangers people or the building. 险情")
    works: str = strawberry.field(description="What is repaired. 维修内容")
    amount: Decimal = strawberry.field(description="At most, in yuan. 金额上限")
    asked_at: datetime = strawberry.field(description="When it was asked for. 申请时间")
    approved: bool | None = strawberry.field(description="Whether it was approved; null: not decided yet. 是否批准")
    decided_at: datetime | None = strawberry.field(description="When it was decided. 审批时间")
    opinion: str | None = strawberry.field(description="With which opinion. 审批意见")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = ("hazard", "works", "asked_at", "approved", "decided_at", "opinion")
        return cls(
            id=strawberry.ID(str(row["id"])), amount=hundredths(row["amount"]), **{name: row[name] for name in same}
        )


@strawberry.type(description="Opening, what came in and went out, closing; in yuan. 收支")
class FundBalance:
    """One fund in one quarter."""

    opening: Decimal = strawberry.field(description="At its beginning. 期初")
    came: Decimal = strawberry.field(description="Came in. 收入")
    went: Decimal = strawberry.field(description="Went out. 支出")
    closing: Decimal = strawberry.field(description="At its end. 期末")


@strawberry.type(description="What was published of a compound's money for a quarter. 季度公布")
class FundStatement:
    """A statement."""

    quarter: str = strawberry.field(description="The quarter, as 2026Q1. 季度")
    maintenance: FundBalance = strawberry.field(description="The maintenance fund. 维修资金")
    common: FundBalance = strawberry.field(description="Common income. 公共收益")
    entries: int = strawberry.field(description="How many entries. 笔数")
    digest: str = strawberry.field(description="SHA-256 over the entries. 摘要")
    published_at: datetime = strawberry.field(description="When. 公布时间")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            maintenance=_balance(row, "maintenance"),
            common=_balance(row, "common"),
            **{name: row[name] for name in ("quarter", "entries", "digest", "published_at")},
        )


def _balance(row: RowMapping, fund: str) -> FundBalance:
    opening, came, went = (row[f"{fund}_{name}"] for name in ("opening", "came", "went"))
    return FundBalance(
        opening=hundredths(opening),
        came=hundredths(came),
        went=hundredths(went),
        closing=hundredths(opening + came - went),
    )
