"""Why property refuses: every reason with its text in English and Chinese."""

from __future__ import annotations

from chassis.problems import ProblemCatalogue, ProblemText


class PropertyProblem(ProblemCatalogue):
    """The reasons for which a mutation of property is refused, beside the common ones."""

    INVALID_AREA = ProblemText(
        en="An exclusive area is more than 0 m², at most {most} m², with at most two decimals.",
        zh="专有部分面积应大于 0、不超过 {most} 平方米，至多两位小数。",
    )
    INVALID_DATE = ProblemText(en="{field} must not be before {earliest}.", zh="{field} 不得早于 {earliest}。")
    DATE_IN_FUTURE = ProblemText(en="{field} must not be in the future.", zh="{field} 不得晚于今日。")
    WRONG_COMPOUND_LEVEL = ProblemText(
        en="A compound lies in a community, grid or building, not in {code}.",
        zh="小区应属于社区、网格或楼栋，而非 {code}。",
    )
    COMPOUND_EXISTS = ProblemText(
        en="There is a compound {name} in that region already.", zh="该区划内已有小区 {name}。"
    )
    INVALID_COORDINATES = ProblemText(
        en="A place has a latitude from -90 to 90 and a longitude from -180 to 180, both or neither.",
        zh="位置须同时提供纬度（-90至90）与经度（-180至180），或均不提供。",
    )
    SAME_PLACE = ProblemText(en="The compound has this place already.", zh="小区位置与已登记的相同。")
    UNKNOWN_RULE = ProblemText(en="There is no local rule {rule}.", zh="不存在地方规则 {rule}。")
    UNLAWFUL_RULE = ProblemText(en="The local rule breaks the law: {reason}", zh="地方规则不合法：{reason}")
    HOUSEHOLD_EXISTS = ProblemText(
        en="There is an exclusive part {address} in this compound already.", zh="该小区已有专有部分 {address}。"
    )
    NO_OWNERS = ProblemText(
        en="An owned exclusive part needs its owners; one that is not handed over has none.",
        zh="已交付的专有部分须登记业主；未交付的不登记业主。",
    )
    INVALID_SHARE = ProblemText(
        en="The owners' shares are fractions that add up to 1; they add up to {total}.",
        zh="各业主份额之和应为 1，现为 {total}。",
    )
    OWNER_TWICE = ProblemText(en="The same owner is named twice.", zh="同一业主重复登记。")
    TOO_MANY_OWNERS = ProblemText(
        en="An exclusive part has at most {most} owners.", zh="一个专有部分最多登记 {most} 名业主。"
    )
    TWO_AGENTS = ProblemText(
        en="Co-owners agree on at most one of them to vote for all.", zh="共有人只能约定一名表决代表。"
    )
    INVALID_RESIDENT_ID = ProblemText(en="That is no resident identity number.", zh="居民身份证号码无效。")
    INVALID_CREDIT_CODE = ProblemText(
        en="{code} is no unified social credit code.", zh="{code} 不是有效的统一社会信用代码。"
    )
    INVALID_PHONE = ProblemText(en="That is no telephone number.", zh="电话号码无效。")
    MASKED_VALUE = ProblemText(
        en="{field} was masked for showing; give it whole.", zh="{field} 为脱敏值，请提交完整内容。"
    )
    COMPANY_EXISTS = ProblemText(
        en="A company with the credit code {code} is registered already.", zh="统一社会信用代码 {code} 已登记。"
    )
    NOTICE_TOO_SHORT = ProblemText(
        en="A vote opens {days} days after its notice at the earliest.", zh="表决应在公告 {days} 日之后开始。"
    )
    INVALID_PERIOD = ProblemText(en="A vote closes after it opens.", zh="表决截止时间应晚于开始时间。")
    INVALID_ITEMS = ProblemText(en="A vote has 1 to {most} matters.", zh="一次表决应有 1 至 {most} 个事项。")
    EMPTY_REGISTER = ProblemText(en="The compound's register is empty.", zh="该小区业主名册为空。")
    NOT_A_FURTHER_ROUND = ProblemText(
        en="A further round follows a closed vote of the same compound and takes up only what did not pass.",
        zh="再次表决须针对本小区已结束表决中未通过的事项。",
    )
    VOTE_NOT_OPEN = ProblemText(en="The vote is not open.", zh="该表决当前未开放。")
    VOTE_NOT_CLOSED = ProblemText(en="The vote has no result yet.", zh="该表决尚无结果。")
    CHANNEL_NOT_OPEN = ProblemText(en="Ballots are not taken this way.", zh="本次表决不采用该方式。")
    INVALID_CHOICES = ProblemText(
        en="A ballot says something to each of {items} matters.", zh="选票应对全部 {items} 个事项表态。"
    )
    ALREADY_VOTED = ProblemText(en="A ballot was given already; the first one counts.", zh="已经表决，以首次为准。")
    TOO_MANY_PROXIES = ProblemText(
        en="One person may hand in ballots for at most {most} owners.", zh="一人最多接受 {most} 名业主委托。"
    )
    OBJECTIONS_OVER = ProblemText(en="Objections could be made until {until}.", zh="异议期已于 {until} 届满。")
    ALREADY_ANSWERED = ProblemText(en="It was answered already.", zh="已经答复。")
    ALREADY_ENDED = ProblemText(en="It has ended already.", zh="已经终止。")
    WRONG_STAGE = ProblemText(en="That cannot be done now: it is {status}.", zh="当前状态（{status}）下不能办理。")
    COMMITTEE_EXISTS = ProblemText(
        en="The compound has a committee, or one is being prepared, already.", zh="该小区已有或正在筹备业主组织。"
    )
    INVALID_SEATS = ProblemText(
        en="A committee has an odd number of seats, {least} to {most}.", zh="委员人数应为 {least} 至 {most} 的单数。"
    )
    INVALID_GROUP = ProblemText(
        en="It has an odd number of members, at least {least}, half of them owners or more, and the subdistrict's.",
        zh="成员应为不少于 {least} 人的单数，业主不少于半数，并有街道代表。",
    )
    NOT_AN_OWNER = ProblemText(en="That is not an owner of this compound today.", zh="并非本小区现业主。")
    NOT_A_MEMBER = ProblemText(en="That is not a member of this committee.", zh="并非现任委员。")
    NO_CONSENT = ProblemText(
        en="A candidate agrees that their name is shown to the owners.", zh="候选人须同意向业主公示姓名。"
    )
    CANDIDATE_TWICE = ProblemText(en="That owner is a candidate or member already.", zh="该业主已是候选人或现任委员。")
    TOO_FEW_CANDIDATES = ProblemText(en="At least {least} candidates are needed.", zh="候选人不得少于 {least} 人。")
    REVIEW_OVER = ProblemText(en="The time for answers is over.", zh="联审答复期限已过。")
    REVIEW_OPEN = ProblemText(en="Not every department has answered.", zh="尚有部门未作联审答复。")
    NO_EMPTY_SEAT = ProblemText(en="No seat is empty, or an election goes on.", zh="没有空缺席位，或选举正在进行。")
    ALREADY_FILED = ProblemText(en="It was filed already.", zh="已经备案。")
    NOT_DECIDED = ProblemText(
        en="The owners' decision (item {matter} of article 278) that this needs is not there.",
        zh="缺少业主共同决定（民法典第二百七十八条第 {matter} 项）。",
    )
    DECISION_USED = ProblemText(en="That decision was carried out already.", zh="该决定已经执行。")
    NOT_REPORTED = ProblemText(
        en="The community's two committees have not both answered.", zh="社区“两委”尚未全部答复。"
    )
    INVALID_AMOUNT = ProblemText(en="That amount is not possible here.", zh="数额无效。")
    SELECTION_EXISTS = ProblemText(en="The compound is choosing a company already.", zh="该小区正在选聘物业服务企业。")
    APPLICATIONS_OVER = ProblemText(en="The time for applications is over.", zh="应聘期限已过。")
    APPLICATIONS_OPEN = ProblemText(en="Applications may still come.", zh="应聘期限未满。")
    APPLIED_ALREADY = ProblemText(en="That company has applied already.", zh="该企业已经应聘。")
    NOT_AN_APPLICATION = ProblemText(
        en="Shortlist applications to this selection.", zh="入围企业须为本次选聘的应聘企业。"
    )
    CONTRACT_IN_FORCE = ProblemText(
        en="A contract is in force, or that is no care by a company.", zh="已有生效的合同，或该管理方式不由企业承担。"
    )
    NO_CONTRACT = ProblemText(en="No company serves this compound by contract.", zh="该小区没有生效的物业服务合同。")
    NO_NOTICE = ProblemText(en="Notice that it ends has not been given.", zh="尚未通知解除合同。")
    INVALID_QUARTER = ProblemText(en="A quarter that has begun, as 2026Q1.", zh="应为已开始的季度，如 2026Q1。")
    ASSESSED_ALREADY = ProblemText(
        en="That company is assessed for that quarter already.", zh="该企业本季度考评已启动。"
    )
    NOT_SCORED = ProblemText(en="Not every evaluator has spoken.", zh="尚有评价主体未评价。")
    PUBLICITY_RUNS = ProblemText(
        en="The result is public for {days} days first.", zh="结果公示期为 {days} 日，尚未届满。"
    )
    NOTHING_LACKS = ProblemText(en="The compound lacks none of the three.", zh="该小区不属于三无情形。")
    LACK_EXISTS = ProblemText(en="The compound is in the register already.", zh="该小区已登记。")
    HAS_CARE = ProblemText(en="The compound is cared for.", zh="该小区已有管理方式。")
    HAVES_MISSING = ProblemText(en="These are missing yet: {missing}.", zh="尚未达成：{missing}。")
    NO_CARE = ProblemText(en="Somebody must care for the compound.", zh="应落实管理方式。")
    NOBODY_MANAGES = ProblemText(
        en="Owners manage for themselves through a committee or group in office.",
        zh="业主自管须有在任的业主委员会、物管会或自管小组。",
    )
    BALANCE_TOO_SMALL = ProblemText(en="There is not so much money.", zh="余额不足。")
    NOT_APPROVED = ProblemText(
        en="No urgent repair of this compound was approved under that id, or that is no use of the maintenance fund.",
        zh="本小区没有该项已批准的应急维修，或该笔不属于使用维修资金。",
    )
    BEYOND_APPROVAL = ProblemText(en="That amount was not approved for it.", zh="超出应急使用批准的金额。")
    OWN_REQUEST = ProblemText(en="Another person than who asked decides it.", zh="申请人不得审批本人的申请。")
    TICKET_ELSEWHERE = ProblemText(en="That ticket is about another place.", zh="该工单不在本小区范围内。")
    BEYOND_DECISION = ProblemText(en="The owners did not decide that amount.", zh="超出业主共同决定的金额。")
    QUARTER_PUBLISHED = ProblemText(en="{quarter} was published already.", zh="{quarter} 已经公布。")
    NOT_DELIBERATED = ProblemText(
        en="No ticket of this place was deliberated under that id.", zh="该处没有经议事的对应事项。"
    )
    UNDER_SYSTEM = ProblemText(
        en="The compound is under a system of property help already.", zh="该小区已纳入物业服务体系。"
    )
    CARE_NOT_OF_SYSTEM = ProblemText(
        en="That system is not for compounds that are cared for as this one is.",
        zh="该服务体系不适用于本小区的管理方式。",
    )
    ONE_FILLS_IT = ProblemText(
        en="Name either an organisation, or a person with their duty title, or a name.",
        zh="应填报组织、职务人员、名称三者之一。",
    )
    NO_SUCH_ORGANISATION = ProblemText(
        en="No such organisation is at work in or above this community.", zh="本社区及其上级区划没有该组织。"
    )
    NO_SUCH_DUTY = ProblemText(en="That person does not hold that duty today.", zh="该人员当前未担任该职务。")
    FILLED_ALREADY = ProblemText(en="They fill it already.", zh="已在岗。")
    TOO_MANY_FILL = ProblemText(en="At most {most} fill one level or body.", zh="同一层级或机构最多 {most} 个。")
    NOBODY_FILLS_IT = ProblemText(en="Nobody filled {post} on that day.", zh="当日 {post} 无人在岗。")
    ANOTHER_DAY = ProblemText(
        en="What was not put right is demanded by another day; what was put right has none.",
        zh="未整改到位的应另定期限，已整改的不再设期限。",
    )
    HELP_AND_SUPERVISION = ProblemText(
        en="Who supervises does not help, and who helps does not supervise.",
        zh="监督方不得代服务方填报，服务方不得代监督方认定。",
    )
    UNKNOWN_RECORD = ProblemText(en="{id} is not there.", zh="不存在 {id}。")
