"""Why org refuses: every reason with its text in English and Chinese."""

from __future__ import annotations

from chassis.problems import ProblemCatalogue, ProblemText


class OrgProblem(ProblemCatalogue):
    """The reasons for which a mutation of org is refused, beside the common ones."""

    WRONG_CODE_LEVEL = ProblemText(
        en="{code} is a code of level {found}; here a code of level {wanted} is needed.",
        zh="{code} 不是{wanted_zh}级代码。",
    )
    CODE_TAKEN = ProblemText(
        en="The code {code} belongs to another region on that date.",
        zh="代码 {code} 当日已属于其他区划。",
    )
    PARENT_NOT_IN_FORCE = ProblemText(
        en="The region above, {code}, is not in force from {date} on.",
        zh="上级区划 {code} 自 {date} 起未生效。",
    )
    DATE_IN_FUTURE = ProblemText(
        en="{date} is in the future; this can only be dated today or earlier.",
        zh="{date} 晚于今天；只能填写今天或更早的日期。",
    )
    DATE_TOO_EARLY = ProblemText(
        en="{date} is before {earliest}, when it last changed or began.",
        zh="{date} 早于其最近一次变更或开始日期 {earliest}。",
    )
    PERIOD_REVERSED = ProblemText(
        en="The period ends ({until}) before it begins ({start}).",
        zh="结束日期 {until} 早于开始日期 {start}。",
    )
    NOTHING_CHANGES = ProblemText(en="It is already so; nothing would change.", zh="内容与现状相同，无需变更。")
    ALREADY_ENDED = ProblemText(en="It ended on {date}.", zh="已于 {date} 终止。")
    NOT_EMPTY = ProblemText(
        en="It still has {count} {what} in force; end or move them first.",
        zh="其下仍有 {count} 个有效的{what_zh}，请先终止或迁出。",
    )
    HOLDS_COMPOUNDS = ProblemText(
        en="{count} compounds lie in it; name the region that takes over, and they go there (intoCode).",
        zh="其内有 {count} 个小区，请指定承接的区划（intoCode），小区随之划入。",
    )
    CANNOT_TAKE_OVER = ProblemText(
        en="{code} cannot take over: that is for another region of the same level in the same district.",
        zh="{code} 不能承接：应为同一区县内同级的另一区划。",
    )
    UNKNOWN_KIND = ProblemText(
        en="{kind} is not a kind of {category} in this practice.",
        zh="本实践方案中没有 {category} 类型 {kind}。",
    )
    INVALID_WORD_CODE = ProblemText(
        en="{code} is not a code of the practice's words: a-z, 0-9 and _, a letter first, at most 60.",
        zh="{code} 不是有效的方案用语代码：应为小写字母、数字与下划线，以字母开头，最长60位。",
    )
    DUPLICATE_RECORD = ProblemText(
        en="The same {what} is on line {line} already.", zh="第 {line} 行已有相同的 {what}。"
    )
    UNKNOWN_TEAM = ProblemText(en="There is no such team in your scope.", zh="权限范围内没有该队伍。")
    UNKNOWN_ORGANISATION = ProblemText(en="There is no such organisation in your scope.", zh="权限范围内没有该组织。")
    UNKNOWN_PERSON = ProblemText(en="There is no such person in your scope.", zh="权限范围内没有该人员。")
    UNKNOWN_DUTY = ProblemText(en="There is no such duty in your scope.", zh="权限范围内没有该任职。")
    UNKNOWN_DUTY_TITLE = ProblemText(
        en="{title} is not a duty title of this practice.", zh="本实践方案中没有职务 {title}。"
    )
    UNKNOWN_MUSTER_GROUP = ProblemText(
        en="{group} is not a muster group of this practice.", zh="本实践方案中没有编组 {group}。"
    )
    CIRCLE = ProblemText(en="It would be above itself.", zh="组织不能成为自身的上级。")
    NOT_OF_ONE_KIND = ProblemText(
        en="Only organisations of one kind are merged; here are {one} and {other}.",
        zh="只能合并同类组织；此处为 {one} 与 {other}。",
    )
    MERGED_INTO_ITSELF = ProblemText(
        en="{what} cannot be merged into itself, twice, or into one that is merged away.",
        zh="{what} 不能并入自身、重复合并，或并入已被合并者。",
    )
    NOT_PART_OF_IT = ProblemText(
        en="Only what belongs to the organisation that is split can go to a part, and once.",
        zh="只能将被拆分组织所属的下级组织和任职划入新组织，且只能划入一次。",
    )
    OUTSIDE_BOUNDS = ProblemText(
        en="{code} does not lie in {bounds}, within which grids are redrawn.",
        zh="{code} 不在本次网格调整的范围 {bounds} 内。",
    )
    NO_FREE_CODE = ProblemText(
        en="{code} has no codes left for the buildings that come to it.", zh="{code} 已无可用的楼栋代码。"
    )
    UNKNOWN_COMMUNITY_TYPE = ProblemText(
        en="{type} is not a type of community in this practice.", zh="本实践方案中没有社区类型 {type}。"
    )
    NOT_IN_SERVICE = ProblemText(
        en="Only in-service party members check in where they live.", zh="只有在职党员到居住地报到。"
    )
    ALREADY_CHECKED_IN = ProblemText(
        en="This person has checked in in that time already; end that check-in first.",
        zh="该人员在该期间已报到，请先结束原报到。",
    )
    ALREADY_PAIRED = ProblemText(en="The unit is paired with {code} already.", zh="该单位已与 {code} 结对。")
    NOT_IN_A_GRID = ProblemText(
        en="{code} is neither a grid, a building nor a unit.", zh="{code} 不是网格、楼栋或单元。"
    )
    NOT_A_DOOR = ProblemText(
        en="A household is named by its door, such as 3单元502室: numbers and words of the building, nobody's name.",
        zh="住户只写门牌，如“3单元502室”，不得填写姓名、电话等个人信息。",
    )
    ALREADY_IN_CONTACT = ProblemText(
        en="This person looks after it already in that time.", zh="该人员在该期间已包联此处。"
    )
    NOTHING_FOUND = ProblemText(
        en="The visit found nothing that a ticket could handle.", zh="该次走访未登记发现的问题，无法转办。"
    )
    UNKNOWN_CONTACT = ProblemText(en="There is no such contact.", zh="没有该包联记录。")
    MEMBERS_ONLY = ProblemText(en="This is for party members.", zh="须由党员承担。")
    UNKNOWN_PAIRING = ProblemText(en="There is no such pairing in your scope.", zh="权限范围内没有该结对。")
    OUTSIDE_AREA = ProblemText(
        en="{code} does not lie in {area}, which the unit has taken on.", zh="{code} 不在该单位包联的 {area} 内。"
    )
    ANOTHER_HOUSEHOLD = ProblemText(
        en="This contact is with the household {household}.", zh="该包联对应的住户为 {household}。"
    )
    NO_RECOMMENDATION_RULE = ProblemText(
        en="No rule says how {title} is recommended.", zh="没有职务 {title} 的推选规则。"
    )
    NOT_OF_THIS_BRANCH = ProblemText(
        en="{code} does not lie where this branch is.", zh="{code} 不在该党支部所辖范围内。"
    )
    RECOMMENDATION_OPEN = ProblemText(
        en="A recommendation for this post is under way already.", zh="该岗位已有进行中的推选。"
    )
    RECOMMENDATION_STATE = ProblemText(
        en="The recommendation is at {state}; that cannot be done now.", zh="推选处于 {state} 状态，不能进行此操作。"
    )
    UNKNOWN_RECOMMENDATION = ProblemText(
        en="There is no such recommendation in your scope.", zh="权限范围内没有该推选。"
    )
    ALREADY_NOMINATED = ProblemText(en="This person is nominated already.", zh="该人员已被提名。")
    TOO_MANY_NOMINEES = ProblemText(en="At most {most} people are nominated.", zh="提名人数不超过 {most} 人。")
    NOBODY_NOMINATED = ProblemText(en="Nobody is nominated yet.", zh="尚无提名人选。")
    TOO_FEW_ELECTORS = ProblemText(
        en="A secret vote needs {fewest} members of the branch; there are {electors}.",
        zh="无记名投票至少需要 {fewest} 名支部党员；目前为 {electors} 名。",
    )
    INVALID_CLOSING = ProblemText(
        en="The vote closes at a time with its zone, after now and on {last} at the latest.",
        zh="投票截止时间须带时区，晚于现在，且不晚于 {last}。",
    )
    ALREADY_VOTED = ProblemText(en="You have voted already.", zh="您已投票。")
    NOT_NOMINATED = ProblemText(en="This person is not nominated.", zh="该人员未被提名。")
    VOTE_STILL_OPEN = ProblemText(
        en="The vote is counted when it is closed or everybody has voted.", zh="投票截止或全员投票后方可计票。"
    )
    NOT_RECOMMENDED = ProblemText(
        en="The branch recommended somebody else, or for another post.", zh="支部推选的人选或岗位与此不符。"
    )
    NO_FILING_RULE = ProblemText(en="{title} is given without a filing.", zh="职务 {title} 不实行备案管理。")
    FILING_REQUIRED = ProblemText(
        en="{title} is given to who was nominated by the subdistrict and filed by the district; name that filing.",
        zh="职务 {title} 须由街道提名、县（市、区）审核备案后任命，请指明备案。",
    )
    FILING_OPEN = ProblemText(en="A filing for this post is under way already.", zh="该岗位已有进行中的备案。")
    FILING_STATE = ProblemText(en="This cannot be done: the filing is at {state}.", zh="备案处于 {state}，不能办理。")
    OWN_FILING = ProblemText(en="Nobody reviews what they submitted.", zh="提交人不得审核自己提交的备案。")
    UNKNOWN_FILING = ProblemText(en="There is no such filing in your scope.", zh="权限范围内没有该备案。")
    NOT_FILED = ProblemText(en="The filing is for somebody else, or for another post.", zh="备案的人选或岗位与此不符。")
    NOT_HOOKED = ProblemText(en="The unit does not look after this compound.", zh="该单位未挂钩联系此小区。")
    ITEM_OR_TICKET = ProblemText(
        en="A problem is either an item of a list or a ticket.", zh="突出问题须为清单事项或工单之一。"
    )
    INVALID_AMOUNT = ProblemText(
        en="The amount must be above zero and at most {largest} fen.", zh="金额须大于零且不超过 {largest} 分。"
    )
    FUND_TOO_LOW = ProblemText(en="There is not enough: {missing} fen are missing.", zh="余额不足，尚缺 {missing} 分。")
    ALREADY_REVERSED = ProblemText(
        en="This entry has been taken back already, or is a reversal itself.", zh="该分录已被冲销，或本身即为冲销分录。"
    )
    INVALID_FUND_YEAR = ProblemText(en="{year} is not a year of account.", zh="{year} 不是有效的核算年度。")
    UNKNOWN_LIST_ITEM = ProblemText(en="There is no such item on a list.", zh="清单中没有该事项。")
    WRONG_LINK = ProblemText(
        en="{source} does not lead to {target}: a need leads to a resource, either to a service or a task.",
        zh="清单中 {source} 不能指向 {target}：需求对接资源，需求或资源对接服务或任务。",
    )
    OTHER_COMMUNITY = ProblemText(en="Both must be of one community.", zh="两者须属于同一社区。")
    OFF_THE_LIST = ProblemText(en="It is no longer on its list.", zh="该项已移出清单。")
    HAS_NO_RESULT = ProblemText(
        en="Only services and tasks have results; this is on the list {list}.",
        zh="只有服务和任务才有结果；该项属于 {list}。",
    )
    ALREADY_SETTLED = ProblemText(en="It has had its result since {date}.", zh="已于 {date} 登记结果。")
    WRONG_CAPACITIES = ProblemText(
        en="Each capacity or criterion of the practice is scored once; missing or unknown: {codes}.",
        zh="每个能力项或考核指标须且仅须评分一次；缺少或未知：{codes}。",
    )
    UNKNOWN_TRAINING = ProblemText(en="There is no such training in your scope.", zh="权限范围内没有该培训计划。")
    NOT_FOR_THEM = ProblemText(
        en="Somebody holds no duty that day, here or below, for whose title the training is.",
        zh="有人员当日在本区划内未担任培训对象职务。",
    )
    GUIDE_CHANGED = ProblemText(
        en="Version {version} of this guide has other words; give the changed guide a higher version.",
        zh="该职责指南第 {version} 版内容已不同，请为修改后的指南使用更高版本号。",
    )
    ALREADY_IN_POOL = ProblemText(en="This person is in the pool in that time.", zh="该人员在此期间已在人才库中。")
    OWN_MENTOR = ProblemText(en="Nobody is their own mentor.", zh="不得担任本人的导师。")
    NOT_THEIR_DUTY = ProblemText(en="This person does not hold that duty that day.", zh="该人员当日未担任此职务。")
    ALREADY_QUALIFIED = ProblemText(
        en="This person is qualified for it in that time.", zh="该人员在此期间已具备该岗位资格。"
    )
    UNKNOWN_WORKER_POST = ProblemText(
        en="{post} is not a post of community workers in this practice.", zh="本实践方案中没有社区工作者岗位 {post}。"
    )
    GRADE_OUT_OF_RANGE = ProblemText(
        en="{grade} is not a grade of this post, which has {lowest} to {highest}.",
        zh="{grade} 级不在该岗位级别范围 {lowest} 至 {highest} 级内。",
    )
    ALREADY_GRADED = ProblemText(en="This person has a grade in that time.", zh="该人员在此期间已定岗定级。")
    NOT_AN_ALLIANCE = ProblemText(en="This organisation is not an alliance.", zh="该组织不是联盟。")
    OWN_ALLIANCE = ProblemText(en="An alliance is not its own member.", zh="联盟不能成为自身的成员单位。")
    ALREADY_IN_ALLIANCE = ProblemText(
        en="This organisation is a member of the alliance in that time already.", zh="该组织在该期间已是联盟成员单位。"
    )
    COUNTED_NEEDS_POINTS = ProblemText(
        en="A capacity that is counted says how many points are a full score, and another says nothing of points.",
        zh="按贡献计分的能力项须注明满分所需积分，其他能力项不填。",
    )
    NOTHING_ASSIGNED = ProblemText(
        en="An assignment names a branch or party group, a post, or both.",
        zh="须注明编入的党支部（党小组）或认领的岗位。",
    )
    NOT_A_PARTY_ORGANISATION = ProblemText(en="This organisation is not a Party organisation.", zh="该组织不是党组织。")
    BRANCH_FOR_MEMBERS = ProblemText(
        en="A branch or party group is for party members; this person is not registered as one.",
        zh="党支部（党小组）只编入党员，该人员未登记为党员。",
    )
    BRANCH_ELSEWHERE = ProblemText(
        en="The organisation lies in {branch}, neither in nor above {code}, where they checked in.",
        zh="该组织位于 {branch}，不在报到地 {code} 之内或其上级。",
    )
    BRANCH_ABOVE = ProblemText(
        en="The organisation belongs to {branch}, above your scope: whoever acts there assigns to it.",
        zh="该组织属于您权限范围之上的 {branch}，应由该级人员编入。",
    )
    UNKNOWN_CHECK_IN = ProblemText(en="There is no such check-in in your scope.", zh="权限范围内没有该报到记录。")
    ALREADY_ASSIGNED = ProblemText(
        en="This check-in has an assignment that is still open.", zh="该报到已有未结束的编组。"
    )
    DID_NOT_ATTEND = ProblemText(
        en="Not all of these people are recorded as having attended.", zh="所列人员并非均已登记参训。"
    )
    NOT_GRADED = ProblemText(en="This person has no post and grade.", zh="该人员未定岗定级。")
    HIGHEST_GRADE = ProblemText(en="{grade} is the highest grade of the post.", zh="{grade} 级已是该岗位最高级别。")
    STEP_NOT_DUE = ProblemText(
        en="The step is due on {earliest} at the earliest, with {needed} assessments that count; there are {passed}.",
        zh="最早于 {earliest} 晋级，须有 {needed} 次合格考核，现有 {passed} 次。",
    )
    NO_RULE = ProblemText(en="No rule says how {kind} is given out.", zh="没有 {kind} 的配置规则。")
    ALREADY_IN_RESERVE = ProblemText(
        en="This person is in a reserve in that time.", zh="该人员在此期间已列入后备力量。"
    )
    NOT_IN_EMERGENCY = ProblemText(en="In peacetime only drills call people up.", zh="平时状态下只能组织演练集结。")
    NOBODY_IN_RESERVE = ProblemText(
        en="Nobody in the reserve there is free to be called.", zh="该社区没有可集结的后备力量。"
    )
    NOT_CALLED_UP = ProblemText(en="This person was not called.", zh="该人员不在集结名单中。")
    ALREADY_ANSWERED = ProblemText(en="This person has answered already: {state}.", zh="该人员已答复：{state}。")
    INVALID_TIMES = ProblemText(
        en="Times have a zone, and nothing happens before it begins.", zh="时间须带时区，且不得早于开始时间。"
    )
    CALL_UP_OVER = ProblemText(en="This call-up is over.", zh="该集结已解除。")
    CONSENT_NEEDS_DAY = ProblemText(
        en="Consent has its day, today or earlier; another basis has none.",
        zh="以同意为依据须注明同意日期，其他依据不填。",
    )
    KEPT_TOO_LONG = ProblemText(
        en="A record is kept beyond its first day, and until {latest} at the latest.",
        zh="保存期限须晚于起始日期，最迟至 {latest}。",
    )
    ALREADY_ERASED = ProblemText(en="It was erased on {date}.", zh="已于 {date} 删除。")
    TOO_MANY_COMPOUNDS = ProblemText(
        en="A partner unit is hooked to one compound or to {most}.", zh="每个共建单位挂钩联系1至{most}个小区。"
    )
    INVALID_MINUTES = ProblemText(en="A walk lasts from 1 to {most} minutes.", zh="步行时间应为1至{most}分钟。")
    UNKNOWN_CIRCLE = ProblemText(
        en="{circle} is not a service circle of this practice.", zh="本实践方案中没有服务圈 {circle}。"
    )
    UNKNOWN_COMPOUND = ProblemText(
        en="No compound {compound} is known in your scope; if it was registered only now, try again in a moment.",
        zh="权限范围内没有小区 {compound}；如刚刚登记，请稍后重试。",
    )
    COMPOUND_ELSEWHERE = ProblemText(
        en="The compound {name} does not lie in {code}.", zh="小区 {name} 不在 {code} 内。"
    )
    INVALID_COORDINATES = ProblemText(
        en="A place has a latitude from -90 to 90 and a longitude from -180 to 180, both or neither.",
        zh="位置须同时提供纬度（-90至90）与经度（-180至180），或均不提供。",
    )
    WRONG_LEVEL = ProblemText(
        en="{title} is a duty of level {wanted}; {code} is of level {found}.",
        zh="职务 {title} 属于 {wanted} 级，{code} 为 {found} 级。",
    )
    WRONG_ORGANISATION_KIND = ProblemText(
        en="{title} is a duty in an organisation of kind {wanted}, not {found}.",
        zh="职务 {title} 须在 {wanted} 类组织任职，而非 {found}。",
    )
    PARTY_MEMBER_REQUIRED = ProblemText(
        en="{title} is for party members; this person is not registered as one.",
        zh="职务 {title} 须由党员担任，该人员未登记为党员。",
    )
    POST_TAKEN = ProblemText(
        en="{title} in {code} has {most} holder(s) already in that time; at most {most} may hold it at once.",
        zh="{code} 的职务 {title} 在该期间已有 {most} 人担任，已达上限。",
    )
    ALREADY_HELD = ProblemText(
        en="This person holds that duty there already in that time.", zh="该人员在该期间已担任此职务。"
    )
    NOT_A_PAIR = ProblemText(
        en="A pair is one in-service party member and one other person with the same title in the same grid, "
        "and neither is paired already.",
        zh="结对须为同一网格、同一职务的一名在职党员与一名非在职人员，且双方均未结对。",
    )
    OUTSIDE_EXISTENCE = ProblemText(
        en="{what} does not exist throughout that time.", zh="{what} 在该期间并非始终存在。"
    )
    MASKED_VALUE = ProblemText(
        en="{field} is a masked value; leave it out to keep what is stored, or send the whole value.",
        zh="{field} 为脱敏内容；如不修改请省略，修改请提交完整内容。",
    )
    INVALID_PHONE = ProblemText(en="This is not a mainland telephone number.", zh="不是有效的电话号码。")
    INVALID_RESIDENT_ID = ProblemText(
        en="This is not a resident identity number: 18 characters, a true date and the check digit.",
        zh="不是有效的居民身份证号码：应为18位，日期与校验码正确。",
    )
    INVALID_BIRTH_YEAR = ProblemText(en="{year} is not a year of birth.", zh="{year} 不是有效的出生年份。")
    INVALID_CREDIT_CODE = ProblemText(
        en="{code} is not a unified social credit code: 18 characters without I, O, S, V, Z and the check character.",
        zh="{code} 不是有效的统一社会信用代码。",
    )
    DUPLICATE_PERSON = ProblemText(
        en="A person with this resident identity number is registered already.",
        zh="该居民身份证号码已登记。",
    )
    ALREADY_MEMBER = ProblemText(en="This person is a member in that time already.", zh="该人员在该期间已是成员。")
    HAS_LEADER = ProblemText(
        en="The team has a leader, or was formed before: name leaders by nameTeamLeader.",
        zh="该队伍已有队长或早已组建，请使用 nameTeamLeader 任命队长。",
    )
    ALREADY_MUSTERED = ProblemText(
        en="This person has a place in a group in that time already.", zh="该人员在该期间已编入其他组。"
    )
    NOT_A_MEMBER = ProblemText(en="This person is not a member on {date}.", zh="该人员在 {date} 不是成员。")
    NOT_A_GRID = ProblemText(en="{code} is not a grid.", zh="{code} 不是网格。")
    INVALID_COUNT = ProblemText(en="The number must be from 0 to {most}.", zh="数量须在 0 至 {most} 之间。")
    UNKNOWN_EXPERT = ProblemText(en="There is no such expert in your scope.", zh="权限范围内没有该专家。")
    UNKNOWN_METHOD = ProblemText(en="There is no such shared method in your scope.", zh="权限范围内没有该工作法。")
    NOT_IN_AREA = ProblemText(en="{code} does not lie in {area}.", zh="{code} 不在 {area} 范围内。")
    NOT_A_MODEL = ProblemText(
        en="{code} holds no distinction on that day: only model communities share methods.",
        zh="{code} 当日未获命名，只有样板社区可以推广工作法。",
    )
    OWN_METHOD = ProblemText(en="The method comes from this community.", zh="该工作法即来自本社区。")
    OTHER_TYPE = ProblemText(
        en="The method is for communities of type {wanted}; {code} is of type {found}.",
        zh="该工作法适用于 {wanted} 类社区，{code} 为 {found} 类。",
    )
    NOT_HANDLED_ANYWHERE = ProblemText(
        en="An item is handled by one way at the least.", zh="事项须至少有一种办理方式。"
    )
    STATIONS_NEED_KINDS = ProblemText(
        en="An item that is handled at stations names their kinds, and another names neither kinds nor a function.",
        zh="在阵地办理的事项须注明阵地类型；其他事项不填写阵地类型与功能。",
    )
    WRONG_PLACE = ProblemText(
        en="{code} lies below what this is kept for, {lowest} at the lowest.", zh="{code} 层级过低，最低为 {lowest}。"
    )
    NOT_A_SUBDISTRICT = ProblemText(en="{code} is not a subdistrict or town.", zh="{code} 不是街道（镇）。")
    ALREADY_TRAINED = ProblemText(en="The training was done on {date}.", zh="已于 {date} 完成培训。")
    TOO_MANY = ProblemText(en="At most {most} can be named here.", zh="此处最多填写 {most} 个。")
    MORE_NAMED_THAN_COUNTED = ProblemText(
        en="{named} people are named, but only {counted} took part.", zh="列名 {named} 人，超过参加人次 {counted}。"
    )
    NOT_OF_ONE_TYPE = ProblemText(
        en="Such an activity joins two or more communities that are of one type on that day.",
        zh="此类活动须由两个以上同类型社区共同参加。",
    )
    NOT_PLANNED = ProblemText(
        en="Only what is planned can be held or called off; this is {state}.",
        zh="只有计划中的活动才能登记举办或取消；该活动为 {state}。",
    )
    UNKNOWN_STATION = ProblemText(en="There is no such station in your scope.", zh="权限范围内没有该阵地。")
    ALREADY_COUNTED = ProblemText(en="{code} has a count already.", zh="{code} 已有人口户数登记。")
    INVALID_STANDARD = ProblemText(
        en="A staffing standard needs a duty title of level GRID and ranges above zero, the lower end first.",
        zh="配备标准须对应网格级职务，范围须大于零且下限不高于上限。",
    )
    NOT_A_COMMUNITY = ProblemText(en="{code} is not a community.", zh="{code} 不是社区。")
    ALREADY_IN_MODE = ProblemText(en="The community is in mode {mode} already.", zh="该社区已处于 {mode} 状态。")
