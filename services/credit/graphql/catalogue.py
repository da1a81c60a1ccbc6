"""Indicator catalogues in the graph."""

from typing import Annotated, Any, Self

import strawberry

from chassis.graphql.context import Context
from services.credit.domain import catalogue as domain
from services.credit.domain.honours import Honour
from services.credit.domain.market import Scenario
from services.credit.graphql.enums import CreditHonourHow, CreditHonourOf, CreditNature, CreditPeriod, CreditUse
from services.credit.graphql.links import named
from services.credit.graphql.market import CreditScenario, CreditTier


@strawberry.type(description="A group that is assessed separately. 群体")
class CreditGroup:
    """As `domain.groups.Group`."""

    code: str = strawberry.field(description="Code. 代码")
    name: str = strawberry.field(description="Name in the caller's language. 名称")
    nature: CreditNature = strawberry.field(description="What its members are. 主体性质")


@strawberry.type(description="At most so many points of an item in a period. 上限")
class CreditCeiling:
    """As `domain.catalogue.Ceiling`."""

    points: int = strawberry.field(description="Points. 分值")
    per: CreditPeriod = strawberry.field(description="The period. 周期")


@strawberry.type(description="An item that gives points. 加分指标")
class CreditReward:
    """As `domain.catalogue.Reward`."""

    code: str = strawberry.field(description="Code. 代码")
    name: str = strawberry.field(description="Name in the caller's language. 名称")
    groups: list[str] = strawberry.field(description="Codes of the catalogue's groups that it is for. 适用群体")
    points: int = strawberry.field(description="What it gives. 分值")
    recorders: list[str] = strawberry.field(description="The practice's duty titles that record it. 登记人")
    approvers: list[str] = strawberry.field(
        description="The practice's duty titles that approve it; empty: it counts at once. 审批人"
    )
    evidence_needed: bool = strawberry.field(description="Whether evidence must be given. 是否须佐证")
    ceiling: CreditCeiling | None = strawberry.field(description="At most so many in a period. 上限")
    valid_months: int | None = strawberry.field(
        description="Months after the one they were earned in until points expire; null: never. 有效月数"
    )
    theme: str | None = strawberry.field(description="What it belongs to with others, a code. 所属主题")


@strawberry.type(
    description="An item that counts against a body; never against a person. 减分指标（仅限法人和其他组织）"
)
class CreditDeduction:
    """As `domain.catalogue.Deduction`."""

    code: str = strawberry.field(description="Code. 代码")
    name: str = strawberry.field(description="Name in the caller's language. 名称")
    groups: list[str] = strawberry.field(description="Codes of the catalogue's groups that it is for. 适用群体")
    points: int = strawberry.field(description="How much it counts. 分值")
    document: str = strawberry.field(description="The law, regulation or policy it rests on. 依据文件")
    article: str = strawberry.field(description="Where in it. 条款")


@strawberry.type(description="What is chosen in selections, and how. 评选表彰项目")
class CreditHonour:
    """As `domain.honours.Honour`."""

    code: str = strawberry.field(description="Code, for openHonourSelection. 代码")
    name: str = strawberry.field(description="Name in the caller's language. 名称")
    of: CreditHonourOf = strawberry.field(description="What is honoured. 评选对象")
    how: CreditHonourHow = strawberry.field(description="How it is chosen. 评选方式")
    title: str | None = strawberry.field(description="The duty title that is honoured. 职务")
    organisers: list[str] = strawberry.field(description="The practice's duty titles that hold the selection. 组织人")
    nominators: list[str] = strawberry.field(description="The practice's duty titles that nominate. 提名人")
    reviewers: list[str] = strawberry.field(description="The practice's duty titles that review. 评审人")
    places: int = strawberry.field(description="How many are chosen. 名额")
    publicity_days: int = strawberry.field(description="For how many days it is public. 公示天数")
    award_yuan: int = strawberry.field(description="What the fund pays for each, in yuan. 奖金（元）")


@strawberry.type(description="A version of a district's indicator catalogue. 积分指标目录")
class CreditCatalogue:
    """As `domain.catalogue.Catalogue`."""

    version: int = strawberry.field(description="Version. 版本")
    name: str = strawberry.field(description="Name in the caller's language. 名称")
    notice_version: int = strawberry.field(description="Version of the notice that one consents to. 告知书版本")
    notice: str = strawberry.field(description="What is told before one joins. 告知书")
    groups: list[CreditGroup] = strawberry.field(
        description="The catalogue's groups that are assessed separately. 群体"
    )
    rewards: list[CreditReward] = strawberry.field(description="What gives points by this catalogue. 加分指标")
    deductions: list[CreditDeduction] = strawberry.field(
        description="What counts against bodies by this catalogue. 减分指标"
    )
    tiers: list[CreditTier] = strawberry.field(description="The catalogue's tiers by standing. 档次")
    scenarios: list[CreditScenario] = strawberry.field(
        description="Where points are good for something by this catalogue. 应用场景"
    )
    group_count: int = strawberry.field(description="How many groups. 群体数")
    honours: list[CreditHonour] = strawberry.field(
        description="What is chosen in selections by this catalogue. 评选表彰项目"
    )
    scenario_count: int = strawberry.field(description="How many scenarios. 应用场景数")
    top_benefit_yuan: int = strawberry.field(
        description="What the top tier's benefits are worth, in yuan. 最高档优惠价值"
    )

    @classmethod
    def of(cls, one: domain.Catalogue, context: Context) -> Self:
        """Make it in the caller's language."""
        return cls(
            version=one.version,
            name=named(context, one.name_en, one.name_zh),
            notice_version=one.notice.version,
            notice=named(context, one.notice.text_en, one.notice.text_zh),
            groups=[
                CreditGroup(
                    code=group.code,
                    name=named(context, group.name_en, group.name_zh),
                    nature=CreditNature[group.nature.name],
                )
                for group in one.groups
            ],
            rewards=[_reward(item, context) for item in one.rewards],
            deductions=[_deduction(item, context) for item in one.deductions],
            tiers=[
                CreditTier(
                    code=tier.code,
                    name=named(context, tier.name_en, tier.name_zh),
                    standing=tier.standing,
                    benefit_yuan=tier.benefit_yuan,
                )
                for tier in one.tiers
            ],
            scenarios=[_scenario(scenario, context) for scenario in one.scenarios],
            group_count=len(one.groups),
            honours=[_honour(honour, context) for honour in one.honours],
            scenario_count=len(one.scenarios),
            top_benefit_yuan=max((tier.benefit_yuan for tier in one.tiers), default=0),
        )

    @strawberry.field(description="How many items give points, of one theme or all. 加分指标数")
    def reward_count(
        self, theme: Annotated[str | None, strawberry.argument(description="Code of one theme. 主题")] = None
    ) -> int:
        """Count them."""
        return sum(theme is None or reward.theme == theme for reward in self.rewards)


def _reward(item: domain.Reward, context: Context) -> CreditReward:
    ceiling = item.ceiling
    return CreditReward(
        code=item.code,
        name=named(context, item.name_en, item.name_zh),
        groups=list(item.groups),
        points=item.points,
        recorders=list(item.recorders),
        approvers=list(item.approvers),
        evidence_needed=item.evidence,
        ceiling=CreditCeiling(points=ceiling.points, per=CreditPeriod[ceiling.per.name]) if ceiling else None,
        valid_months=item.valid_months,
        theme=item.theme,
    )


def _honour(honour: Honour, context: Context) -> CreditHonour:
    lists: dict[str, Any] = {name: list(getattr(honour, name)) for name in ("organisers", "nominators", "reviewers")}
    same: dict[str, Any] = {
        name: getattr(honour, name) for name in ("code", "title", "places", "publicity_days", "award_yuan")
    }
    return CreditHonour(
        name=named(context, honour.name_en, honour.name_zh),
        of=CreditHonourOf[honour.of.name],
        how=CreditHonourHow[honour.how.name],
        **lists,
        **same,
    )


def _deduction(item: domain.Deduction, context: Context) -> CreditDeduction:
    return CreditDeduction(
        code=item.code,
        name=named(context, item.name_en, item.name_zh),
        groups=list(item.groups),
        points=item.points,
        document=item.basis.document,
        article=item.basis.article,
    )


def _scenario(scenario: Scenario, context: Context) -> CreditScenario:
    return CreditScenario(
        code=scenario.code,
        name=named(context, scenario.name_en, scenario.name_zh),
        use=CreditUse[scenario.use.name],
        groups=list(scenario.groups),
        tier=scenario.tier,
    )
