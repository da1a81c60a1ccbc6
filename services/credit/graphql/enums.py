"""Enums of credit's graph; members are named as in `domain`."""

from enum import Enum

import strawberry


@strawberry.enum(description="What a subject is before the law. 主体性质")
class CreditNature(Enum):
    """As `domain.groups.Nature`, by name."""

    NATURAL = strawberry.enum_value("NATURAL", description="A natural person: points only ever reward. 自然人")
    LEGAL = strawberry.enum_value("LEGAL", description="A legal person. 法人")
    OTHER = strawberry.enum_value("OTHER", description="Another organisation. 其他组织")


@strawberry.enum(description="What a posting is. 记账类型")
class CreditPostingKind(Enum):
    """As `domain.ledger.Kind`, by name."""

    EARN = strawberry.enum_value("EARN", description="Points were earned. 获得积分")
    DEDUCT = strawberry.enum_value(
        "DEDUCT", description="Points were counted against a body. 扣分（仅限法人和其他组织）"
    )
    HOLD = strawberry.enum_value("HOLD", description="Points were set aside for a redemption. 冻结")
    RELEASE = strawberry.enum_value("RELEASE", description="Points set aside were given back. 解冻")
    REDEEM = strawberry.enum_value("REDEEM", description="Points were spent. 兑换")
    REFUND = strawberry.enum_value("REFUND", description="Points spent were given back. 退回")
    EXPIRE = strawberry.enum_value("EXPIRE", description="Points expired. 到期")
    FORFEIT = strawberry.enum_value("FORFEIT", description="The subject left with points. 退出清零")
    REVERSE = strawberry.enum_value("REVERSE", description="A posting was taken back. 冲正")


@strawberry.enum(description="What became of an application. 申请状态")
class CreditApplicationState(Enum):
    """As `storage.applications` has it, by name."""

    WAITING = strawberry.enum_value("WAITING", description="It waits to be decided. 待审批")
    APPROVED = strawberry.enum_value("APPROVED", description="The points were given. 已通过")
    REFUSED = strawberry.enum_value("REFUSED", description="It was refused, or its applicant left. 未通过")


@strawberry.enum(description="The time that a ceiling is for. 周期")
class CreditPeriod(Enum):
    """As `domain.catalogue.Period`, by name."""

    DAY = strawberry.enum_value("DAY", description="A day. 日")
    MONTH = strawberry.enum_value("MONTH", description="A month. 月")
    QUARTER = strawberry.enum_value("QUARTER", description="A quarter. 季度")
    YEAR = strawberry.enum_value("YEAR", description="A year. 年")
