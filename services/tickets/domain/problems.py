"""Why tickets refuses: every reason with its text in English and Chinese."""

from __future__ import annotations

from chassis.problems import ProblemCatalogue, ProblemText


class TicketProblem(ProblemCatalogue):
    """The reasons for which a mutation of tickets is refused, beside the common ones."""

    UNKNOWN_PROCESS = ProblemText(en="There is no process {process} here.", zh="不存在流程 {process}。")
    WRONG_LEVEL = ProblemText(
        en="A ticket of this process is raised in a region of level {levels}; {code} is of level {found}.",
        zh="该流程须在 {levels} 级提出，{code} 为 {found} 级。",
    )
    UNKNOWN_CATEGORY = ProblemText(en="{category} is not a category of this process.", zh="该流程没有类别 {category}。")
    UNKNOWN_CHANNEL = ProblemText(en="{channel} is not a channel of this process.", zh="该流程没有渠道 {channel}。")
    ALREADY_RAISED = ProblemText(
        en="{reference} of this channel was raised here already: {number}.",
        zh="该渠道的 {reference} 已在此提单：{number}。",
    )
    CANNOT_JOIN_ITSELF = ProblemText(en="A ticket is not joined to itself.", zh="单据不能并入自身。")
    LEAD_HAS_ENDED = ProblemText(
        en="{number} has ended; join what is under way.", zh="{number} 已结束，只能并入办理中的单据。"
    )
    LEAD_IS_ELSEWHERE = ProblemText(
        en="{number} is about another place; join tickets of one community.", zh="{number} 不在同一社区，不能并案。"
    )
    LEADS_OTHERS = ProblemText(
        en="Others were joined to this one; join the other one to it.", zh="已有其他单据并入此单，请反向并案。"
    )
    OTHERS_WAIT = ProblemText(
        en="Others who asked for the same wait for it; it cannot be taken back.",
        zh="已有其他居民的相同诉求并入此单，不能撤回。",
    )
    UNKNOWN_ACTION = ProblemText(en="This process knows no action {action}.", zh="该流程没有动作 {action}。")
    OUT_OF_TURN = ProblemText(
        en="{action} cannot be done now: the ticket is at “{step_en}”.",
        zh="当前不能执行 {action}：单据处于“{step_zh}”。",
    )
    AMBIGUOUS_ACTION = ProblemText(
        en="More than one action fits here; say which one: {actions}.", zh="此处有多个可选动作，请指明其一：{actions}。"
    )
    NOT_TAKEN = ProblemText(en="This action takes no {field}.", zh="该动作不接受 {field}。")
    RATING_OUT_OF_RANGE = ProblemText(
        en="A rating is a whole number from {lowest} to {highest}.", zh="评分应为 {lowest} 至 {highest} 的整数。"
    )
    INVALID_AMOUNT = ProblemText(
        en="An amount is more than nothing and at most {most} yuan.", zh="金额应大于零，且不超过 {most} 元。"
    )
    WRONG_NUMBER_OF_CHILDREN = ProblemText(
        en="Open {fewest} to {most} child tickets at once here.", zh="此处一次应拆出 {fewest} 至 {most} 个子单。"
    )
    DIVIDED_TOO_DEEP = ProblemText(
        en="A ticket with {most} above it is divided no further.", zh="上有 {most} 级母单的单据不能再拆分。"
    )
    WRONG_CHILD_PROCESS = ProblemText(
        en="{process} is no process of child tickets here.", zh="{process} 不是此处可拆出的子单流程。"
    )
    CHILD_ELSEWHERE = ProblemText(
        en="Child tickets lie where you are in charge, in {code}.", zh="子单须在您负责的区划 {code} 之内。"
    )
    CHILDREN_OPEN = ProblemText(
        en="{count} child tickets are under way; end them first.", zh="尚有 {count} 个子单办理中，须先办结。"
    )
    TOO_MANY_DELIVERABLES = ProblemText(
        en="At most {most} lines of deliverables at once.", zh="一次最多登记 {most} 项成果。"
    )
    UNKNOWN_DELIVERABLE = ProblemText(
        en="{kind} is not a deliverable of this process.", zh="该流程没有成果种类 {kind}。"
    )
    WRONG_QUANTITY = ProblemText(
        en="A quantity is a whole number from 1 to {most}.", zh="数量应为 1 至 {most} 的整数。"
    )
    DELIVERABLE_TWICE = ProblemText(
        en="{kind} is there twice for one place; add the numbers up.", zh="同一地点的 {kind} 重复，请合并数量。"
    )
    WRONG_CONCERN = ProblemText(
        en="A ticket of this process cannot be about {number}.", zh="该流程的单据不能针对 {number} 提出。"
    )
    WRONG_DAYS = ProblemText(en="From 1 to {most} days.", zh="天数应为 1 至 {most}。")
    TOO_MANY_VIEWS = ProblemText(
        en="This duty has {most} views already; delete one first.", zh="该职务已保存 {most} 个视图，请先删除。"
    )
    MUST_BE_TOLD = ProblemText(
        en="The deadlines of one's own duty are always told, and the inbox keeps all that waits for its reader.",
        zh="本职时限类通知不可关闭；站内通知中待本人办理的事项不可关闭。",
    )
    WRONG_ABSENCE = ProblemText(
        en="An absence begins today or within a year and lasts at most {days} days.",
        zh="外出须自今日起或一年内开始，且最长 {days} 天。",
    )
    ALREADY_AWAY = ProblemText(
        en="You said already that you are away from {first} to {last}.", zh="{first} 至 {last} 已登记外出。"
    )
    NO_DEPUTY = ProblemText(
        en="Whoever stands in is somebody else in duty at the same place or above it.",
        zh="代理人须为同级或上级区划的其他在任人员。",
    )
    ALREADY_ASSIGNED = ProblemText(
        en="It is somebody's turn already; they put it back first.", zh="已有人认领或被指派，须先放回。"
    )
    NOT_ASSIGNED = ProblemText(en="It is nobody's turn in particular.", zh="该单据当前未指派给个人。")
    NOT_A_HOLDER = ProblemText(
        en="Only who holds a duty of this step today, and is there or has a deputy, can have it.",
        zh="只能由今日担任本环节职务、在岗或有代理人的人员办理。",
    )
    ALREADY_DONE = ProblemText(en="You have done this already.", zh="您已办理过此项，不能重复。")
    REOPENING_OVER = ProblemText(
        en="It could be reopened until {until}; that has passed.", zh="重新办理的期限为 {until} 之前，现已超过。"
    )
    REOPENED_TOO_OFTEN = ProblemText(
        en="It was reopened {times} times already, which is the most.", zh="已重新办理 {times} 次，达到上限。"
    )
    REOPENING_NOT_WARRANTED = ProblemText(
        en="It was rated {rating}; it is reopened after a rating of {most} or worse.",
        zh="评分为 {rating}；评分不高于 {most} 方可重新办理。",
    )
    INVALID_PHONE = ProblemText(
        en="That is not a telephone number: digits, with an area code if need be.",
        zh="电话号码无效：请填写手机号，或带区号的座机号。",
    )
    MASKED_VALUE = ProblemText(
        en="{field} is a masked value as it was shown; send the real one or leave it out.",
        zh="{field} 是脱敏显示的值；请填写真实值或不填写。",
    )
    INVALID_ATTACHMENT = ProblemText(
        en="The attachment's {field} is wrong: {reason}.", zh="附件的 {field} 有误：{reason}。"
    )
    FILES_NOT_TAKEN = ProblemText(en="This Linli takes no files.", zh="本系统未启用附件存储。")
    FILE_TYPE_NOT_TAKEN = ProblemText(
        en="Files of type {type} are not taken; these are: {taken}.", zh="不接收 {type} 类型的文件，可接收：{taken}。"
    )
    FILE_TOO_LARGE = ProblemText(
        en="A file of type {type} has 1 to {most} bytes.", zh="{type} 类型的文件大小应为 1 至 {most} 字节。"
    )
    TOO_MANY_UPLOADS = ProblemText(
        en="Attach what you uploaded first: at most {most} files or {megabytes} MB a day may wait.",
        zh="请先提交已上传的附件：一天内待提交的文件最多 {most} 个、共 {megabytes} MB。",
    )
    UNKNOWN_UPLOAD = ProblemText(
        en="No upload of yours by that id was asked for here; ask for a new one.",
        zh="不存在您为此申请的该上传，请重新申请。",
    )
    NOT_UPLOADED = ProblemText(en="The file has not arrived yet; upload it first.", zh="文件尚未上传，请先上传。")
    UPLOAD_DIFFERS = ProblemText(
        en="What was uploaded is not the {type} of {size} bytes that was declared; it was deleted.",
        zh="上传的文件与申报的不符（{type}，{size} 字节），已删除。",
    )
    ALREADY_ATTACHED = ProblemText(en="The file is attached already.", zh="该文件已作为附件提交。")
    FILE_QUARANTINED = ProblemText(
        en="The file is still being looked into; try again in a moment.", zh="文件正在安全检查，请稍后再试。"
    )
    FILE_REFUSED = ProblemText(
        en="The file was refused when it was looked into, and deleted.", zh="文件未通过安全检查，已删除。"
    )
    FILE_NOT_HERE = ProblemText(en="The file does not lie in the store.", zh="存储中没有该文件。")
    ALREADY_ERASED = ProblemText(en="It was erased on {day}.", zh="已于 {day} 删除。")
    TOO_MANY_OPINIONS = ProblemText(
        en="At most {most} opinions are put down of a session.", zh="一次会议最多登记 {most} 条意见。"
    )
    WORDS_NEEDED = ProblemText(
        en="It is needed as long as the matter is under way; have it erased when that has ended.",
        zh="事项仍在办理，尚需保留该内容；办结后可申请删除。",
    )
    WRONG_SPEAKER = ProblemText(
        en="Only who came for {party}, and speaks for themselves, is named with what they said.",
        zh="仅可注明代表 {party} 到会且以个人身份发言的人员。",
    )
    STILL_NEEDED = ProblemText(
        en="It is needed as long as the matter is under way; take the ticket back first.",
        zh="事项仍在办理，尚需使用该信息；请先撤回单据。",
    )
    TOO_MANY_ATTACHMENTS = ProblemText(en="At most {most} attachments at once.", zh="一次最多 {most} 个附件。")
    UNKNOWN_ORGANISATION = ProblemText(en="There is no such organisation in force.", zh="不存在该组织，或其已撤销。")
    WRONG_NUMBER_INVITED = ProblemText(
        en="Invite {fewest} to {most} organisations.", zh="邀请单位数应为 {fewest} 至 {most} 个。"
    )
    NOT_IN_CHARGE_THERE = ProblemText(
        en="{name} is not in charge of where this is.", zh="{name} 的辖区不包含该事项所在区划。"
    )
    TIME_REVERSED = ProblemText(
        en="{at} is before the ticket's last change at {last}.", zh="{at} 早于单据上次变更时间 {last}。"
    )
    INVALID_ITEM_CODE = ProblemText(
        en="{code} is no code: small letters, digits and _, beginning with a letter, at most 50.",
        zh="{code} 不是有效代码：应以小写字母开头，仅含小写字母、数字和下划线，最长 50 位。",
    )
    INVALID_KEYWORD = ProblemText(
        en="Up to 20 keywords, each of {fewest} to {most} characters.",
        zh="关键词最多 20 个，每个 {fewest} 至 {most} 个字符。",
    )
    NOT_IN_THIS_LIST = ProblemText(
        en="An item of the list {list} has no {field}.", zh="{list} 清单的事项不含 {field}。"
    )
    VERSION_TOO_EARLY = ProblemText(en="It must be later: {day} is taken.", zh="日期过早：{day} 已被占用。")
    NOT_HANDED_DOWN = ProblemText(
        en="Nobody above the community handed this down; entry control is about what is.",
        zh="该单据不是上级交办，不适用准入清单。",
    )
    ITEM_NOT_IN_FORCE = ProblemText(
        en="No item of the lists was in force here by that id on {day}.", zh="{day} 该准入清单事项在此不生效或不存在。"
    )
    NOT_A_COMMUNITY = ProblemText(
        en="{code} lies above the communities; say which one it burdens.", zh="{code} 高于社区级，请指明社区或网格。"
    )
    TOO_FEW_PARTIES = ProblemText(en="At least two parties are to be heard.", zh="议事主体至少为两方。")
    DELIBERATION_RESOLVED = ProblemText(en="It is resolved already.", zh="该议题已形成决议。")
    NOT_RESOLVED = ProblemText(en="It is not resolved yet.", zh="该议题尚未形成决议。")
    WRONG_SESSION_TIME = ProblemText(
        en="A session is convened for a time within a year, or put down within 30 days after it; {at} is neither.",
        zh="会议时间应在今后一年内，已召开的会议应在会后 30 日内补登：{at}。",
    )
    UNKNOWN_SESSION_KIND = ProblemText(en="There is no kind of session {kind}.", zh="没有会议类型 {kind}。")
    WRONG_SESSION_DAY = ProblemText(
        en="{name_en} is held on {days_en}; {day} is a {day_en}.",
        zh="“{name_zh}”在{days_zh}举行；{day} 是{day_zh}。",
    )
    SESSION_NOT_BEGUN = ProblemText(
        en="The session begins at {at}; record it then.", zh="会议于 {at} 开始，届时再登记。"
    )
    WRONG_ATTENDANCE = ProblemText(
        en="Everybody once, and at most {most} people.", zh="参会人员不得重复，且最多 {most} 人。"
    )
    NOBODY_CAME = ProblemText(en="Nobody came, so no session was held.", zh="无人到会，会议未召开。")
    NO_VOICE = ProblemText(
        en="{party} is no party to this matter, or nobody of it came.", zh="{party} 不是该议题的议事主体，或无人到会。"
    )
    PARTIES_NOT_HEARD = ProblemText(
        en="A session must be held and every party heard first; not heard: {parties}.",
        zh="须先召开会议并听取各方意见，尚未听取：{parties}。",
    )
    TICKET_ELSEWHERE = ProblemText(en="The ticket is not about a place in {code}.", zh="该单据不在 {code} 辖区内。")
    NOT_DELIBERATED = ProblemText(
        en="A session about this ticket must be held, or resolved where the process says so, before this is done.",
        zh="办理前须就该单据召开议事会议（流程要求决议的，须先形成决议）。",
    )
    OBJECTIONS_OVER = ProblemText(en="The period for objections ended at {until}.", zh="异议期已于 {until} 结束。")
    BURDEN_ANSWERED = ProblemText(en="It was answered on {day}.", zh="该举报已于 {day} 答复。")
    ITEM_ENDED = ProblemText(en="It has ended on {day}.", zh="该事项已于 {day} 失效。")
