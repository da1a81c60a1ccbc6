"""Why credit refuses: every reason with its text in English and Chinese."""

from __future__ import annotations

from chassis.problems import ProblemCatalogue, ProblemText


class CreditProblem(ProblemCatalogue):
    """The reasons for which a mutation of credit is refused, beside the common ones."""

    POINTS_OUT_OF_RANGE = ProblemText(
        en="Points are whole numbers from 1 to {most}.", zh="积分应为 1 至 {most} 的整数。"
    )
    NOT_ENOUGH_POINTS = ProblemText(
        en="{points} points are needed, {available} can be spent.", zh="需要 {points} 分，可用 {available} 分。"
    )
    NOT_REVERSIBLE = ProblemText(en="A posting of kind {kind} is not reversed.", zh="{kind} 类记账不能冲正。")
    ALREADY_REVERSED = ProblemText(en="It was reversed already.", zh="该笔记账已冲正。")
    SPENT_ALREADY = ProblemText(
        en="Of its {points} points only {left} are left: what was spent or has expired is not taken back.",
        zh="原记 {points} 分，现仅余 {left} 分：已使用或已过期的积分不再收回。",
    )
    NO_CATALOGUE = ProblemText(en="No indicator catalogue is in force here.", zh="此处没有生效的积分指标目录。")
    UNKNOWN_GROUP = ProblemText(en="{group} is not a group of the catalogue.", zh="目录中没有群体 {group}。")
    WRONG_NATURE = ProblemText(
        en="Group {group} is not for this kind of subject.", zh="群体 {group} 不适用于此类主体。"
    )
    UNKNOWN_ITEM = ProblemText(
        en="The catalogue in force has no item {item} for group {group}.",
        zh="现行目录中没有适用于 {group} 的指标 {item}。",
    )
    ALREADY_A_MEMBER = ProblemText(en="There is an open account already.", zh="已有积分账户。")
    NOT_A_MEMBER = ProblemText(en="The account is closed.", zh="积分账户已关闭。")
    NOTICE_NOT_READ = ProblemText(
        en="Consent is to notice {version}; read it and confirm that version.",
        zh="须阅读并同意第 {version} 版告知书。",
    )
    INVALID_CREDIT_CODE = ProblemText(
        en="That is not a unified social credit code of 18 characters.", zh="统一社会信用代码无效（应为 18 位）。"
    )
    EVIDENCE_NEEDED = ProblemText(en="Item {item} needs evidence.", zh="指标 {item} 须附佐证材料。")
    EVIDENCE_USED = ProblemText(en="This evidence was used for item {item} before.", zh="该佐证材料已用于指标 {item}。")
    NEEDS_APPROVAL = ProblemText(
        en="Item {item} is approved by another person: make an application.",
        zh="指标 {item} 须经他人审批，请提交申请。",
    )
    UNKNOWN_OFFER = ProblemText(en="There is no such offer for this account.", zh="没有此账户可用的兑换项目。")
    SOLD_OUT = ProblemText(en="None is left.", zh="已兑完。")
    FUND_EXHAUSTED = ProblemText(en="The year's fund does not cover it.", zh="本年度专项资金余额不足。")
    TIER_TOO_LOW = ProblemText(
        en="It is for tier {tier}: {standing} points earned within a year.",
        zh="仅限 {tier} 档（一年内获得 {standing} 分）。",
    )
    UNKNOWN_VOUCHER = ProblemText(en="That is no voucher of this merchant.", zh="不是本商户的有效兑换码。")
    VOUCHER_USED = ProblemText(en="It was used or given back already.", zh="该兑换码已使用或已退回。")
    VOUCHER_LAPSED = ProblemText(en="It is no longer valid.", zh="该兑换码已过期。")
    NOT_REDEEMED = ProblemText(en="It was not redeemed.", zh="该笔兑换未完成核销。")
    SETTLED_ALREADY = ProblemText(en="That month was settled already.", zh="该月已结算。")
    MONTH_NOT_OVER = ProblemText(en="A month is settled when it is over.", zh="月度结束后方可结算。")
    UNKNOWN_MERCHANT = ProblemText(en="There is no such open merchant here.", zh="没有此商户，或已关闭。")
    BUDGET_TOO_LOW = ProblemText(
        en="{committed} fen are promised already.", zh="已承诺支出 {committed} 分（人民币），预算不得低于此数。"
    )
    TERM_OUT_OF_RANGE = ProblemText(
        en="The term is {least} to {most} months for this grade.", zh="此程度的期限为 {least} 至 {most} 个月。"
    )
    REPAIR_TOO_EARLY = ProblemText(en="It can be repaired from {day} on.", zh="{day} 起方可申请修复。")
    OBJECT_TO_ONE = ProblemText(en="Object to a posting or to a listing.", zh="请指明记账或红灰榜条目之一。")
    OBJECTION_TOO_LATE = ProblemText(en="One may object within {days} days.", zh="异议期为 {days} 日，现已超过。")
    OBJECTED_ALREADY = ProblemText(en="There was an objection to it already.", zh="该事项已提出过异议。")
    PERIOD_NOT_OVER = ProblemText(en="That period is not over.", zh="该期间尚未结束。")
    DONE_ALREADY = ProblemText(en="That was done for this period already.", zh="该期间已办理。")
    UNKNOWN_HONOUR = ProblemText(
        en="The catalogue in force has no honour {honour}.", zh="现行目录中没有评选项目 {honour}。"
    )
    WRONG_DAYS = ProblemText(
        en="Nominations end after today, voting and reviews after that, within {days} days.",
        zh="提名截止日须晚于今日，评选截止日须晚于提名截止日，且均在 {days} 日之内。",
    )
    TOO_LATE = ProblemText(en="The time for that is over.", zh="已过规定期限。")
    NOT_OF_HERE = ProblemText(en="The selection is held elsewhere.", zh="不在本次评选的范围内。")
    NOMINATED_ALREADY = ProblemText(en="It was nominated already.", zh="已被提名。")
    NOT_STANDING = ProblemText(en="This candidate does not stand.", zh="该候选对象不参加评选。")
    NOT_CHOSEN_SO = ProblemText(en="This honour is not chosen like that.", zh="该评选项目不采用此方式。")
    NO_VOTE = ProblemText(
        en="Those vote who took part before the selection was opened.", zh="评选开始前已加入的居民方可投票。"
    )
    VOTED_ALREADY = ProblemText(en="That was said once already.", zh="已投票或已评分。")
    PAID_ALREADY = ProblemText(en="It was paid already.", zh="该奖励已发放。")
    NOT_RANKED = ProblemText(en="That quarter was not ranked.", zh="该季度尚未排名。")
    OWN_RECORD = ProblemText(en="Who records points does not approve them.", zh="登记人不得审批同一申请。")
    SAME_HOUSEHOLD = ProblemText(en="Nobody approves points of their own household.", zh="不得审批同户人员的积分。")
    DECIDED_ALREADY = ProblemText(en="It was decided already.", zh="该申请已办结。")
    NEEDS_NO_APPROVAL = ProblemText(en="Item {item} is recorded without an application.", zh="指标 {item} 无须申请。")
    UNKNOWN_ACCOUNT = ProblemText(
        en="There is no such open account in the region.", zh="该区划内没有此账户，或账户已关闭。"
    )
    TOO_MANY_ROWS = ProblemText(en="1 to {most} rows at once.", zh="每批 1 至 {most} 行。")
    OWN_MATTER = ProblemText(en="Nobody records or approves points for themselves.", zh="不得为本人登记或审批积分。")
    CEILING_REACHED = ProblemText(
        en="Item {item} gives at most {most} points a {period}; {left} are left.",
        zh="指标 {item} 在一个周期（{period}）内最多 {most} 分，尚余 {left} 分。",
    )
