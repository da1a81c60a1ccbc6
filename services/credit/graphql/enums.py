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


@strawberry.enum(description="What became of points set aside. 兑换状态")
class CreditRedemptionState(Enum):
    """As `storage.market` has it, by name."""

    HELD = strawberry.enum_value("HELD", description="The voucher waits to be used. 待核销")
    REDEEMED = strawberry.enum_value("REDEEMED", description="The merchant honoured it. 已核销")
    CANCELLED = strawberry.enum_value("CANCELLED", description="Its holder gave it back. 已取消")
    LAPSED = strawberry.enum_value("LAPSED", description="It was not used in time; the points came back. 已过期退回")
    REFUNDED = strawberry.enum_value("REFUNDED", description="The merchant gave the points back. 已退回")


@strawberry.enum(description="What a scenario gives. 应用场景类别")
class CreditUse(Enum):
    """As `domain.market.Use`, by name."""

    DISCOUNT = strawberry.enum_value("DISCOUNT", description="A lower price. 折扣")
    FEE_WAIVER = strawberry.enum_value("FEE_WAIVER", description="A fee that is not taken. 费用减免")
    PRIORITY = strawberry.enum_value("PRIORITY", description="A turn before others, beyond public services. 优先")
    GOODS = strawberry.enum_value("GOODS", description="Goods. 物品")
    SCREEN_TIME = strawberry.enum_value("SCREEN_TIME", description="Time on public screens, for shops. 屏幕展示时长")


@strawberry.enum(description="The time that a ceiling is for. 周期")
class CreditPeriod(Enum):
    """As `domain.catalogue.Period`, by name."""

    DAY = strawberry.enum_value("DAY", description="A day. 日")
    MONTH = strawberry.enum_value("MONTH", description="A month. 月")
    QUARTER = strawberry.enum_value("QUARTER", description="A quarter. 季度")
    YEAR = strawberry.enum_value("YEAR", description="A year. 年")


@strawberry.enum(description="Of what regions a ranking is. 排名层级")
class CreditRankLevel(Enum):
    """As `domain.levels.DIGITS`, by name."""

    GRID = strawberry.enum_value("GRID", description="Grids. 网格")
    COMMUNITY = strawberry.enum_value("COMMUNITY", description="Communities, by all their people. 社区")
    SUBDISTRICT = strawberry.enum_value("SUBDISTRICT", description="Subdistricts, by all their people. 街道")
    DISTRICT = strawberry.enum_value("DISTRICT", description="Districts, by all their people. 区县")


@strawberry.enum(description="How far a selection is. 评选状态")
class CreditSelectionState(Enum):
    """As `storage.selections` has it, by name."""

    OPEN = strawberry.enum_value("OPEN", description="Nominated for, voted for or reviewed. 评选中")
    PUBLISHED = strawberry.enum_value("PUBLISHED", description="Counted and public. 公示中")
    CONCLUDED = strawberry.enum_value("CONCLUDED", description="Over; awards are granted. 已结束")


@strawberry.enum(description="What is honoured. 评选对象")
class CreditHonourOf(Enum):
    """As `domain.honours.Of`, by name."""

    BUILDING = strawberry.enum_value("BUILDING", description="A building, unit or grid. 楼栋、单元、网格")
    FAMILY = strawberry.enum_value("FAMILY", description="A household, for which a person stands. 家庭")
    PERSON = strawberry.enum_value("PERSON", description="A person who agreed. 个人")
    DUTY = strawberry.enum_value("DUTY", description="Whoever holds a duty, by duty and region. 职务")


@strawberry.enum(description="How it is chosen. 评选方式")
class CreditHonourHow(Enum):
    """As `domain.honours.How`, by name."""

    VOTE = strawberry.enum_value("VOTE", description="Everybody who takes part has one vote. 投票")
    REVIEW = strawberry.enum_value("REVIEW", description="Reviewers give marks; the mean counts. 评审")


@strawberry.enum(description="What became of a candidate. 候选状态")
class CreditCandidateState(Enum):
    """As `storage.selections` has it, by name."""

    ASKED = strawberry.enum_value("ASKED", description="A person who has not said yet whether they agree. 待本人同意")
    STANDING = strawberry.enum_value("STANDING", description="May be chosen. 参评")
    DECLINED = strawberry.enum_value("DECLINED", description="Did not agree. 未同意")
    CHOSEN = strawberry.enum_value("CHOSEN", description="Chosen. 入选")
    PASSED_OVER = strawberry.enum_value("PASSED_OVER", description="Others were chosen. 未入选")
    STRUCK = strawberry.enum_value("STRUCK", description="Taken off while it was public. 公示期取消")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Thought again, or left. 已退出")


@strawberry.enum(description="Which list of bodies. 榜单")
class CreditColour(Enum):
    """As `domain.lists.Colour`, by name."""

    RED = strawberry.enum_value("RED", description="Honoured. 红榜")
    GREY = strawberry.enum_value("GREY", description="With a matter to put right. 灰榜")


@strawberry.enum(description="How grave a matter is. 失信程度")
class CreditGrade(Enum):
    """As `domain.lists.Grade`, by name."""

    MINOR = strawberry.enum_value("MINOR", description="Shown for 3 months at most. 轻微")
    ORDINARY = strawberry.enum_value("ORDINARY", description="Shown for 3 months to a year. 一般")
    SERIOUS = strawberry.enum_value("SERIOUS", description="Shown for one to three years. 严重")
