"""Enums of tickets' graph; members are named as in `domain`."""

from enum import Enum

import strawberry


@strawberry.enum(description="What an action means, whatever a process calls it. 动作类别")
class TicketActionKind(Enum):
    """As `domain.process.Kind`, by name."""

    RAISE = strawberry.enum_value("RAISE", description="It was raised. 提单")
    ACCEPT = strawberry.enum_value("ACCEPT", description="It was accepted for handling. 接单")
    DELIBERATE = strawberry.enum_value("DELIBERATE", description="It was deliberated on. 议单")
    DECIDE = strawberry.enum_value("DECIDE", description="What is to be done was decided. 定单")
    CARRY_OUT = strawberry.enum_value("CARRY_OUT", description="It was carried out. 办理")
    EVALUATE = strawberry.enum_value("EVALUATE", description="The result was evaluated. 评单")
    PUBLICISE = strawberry.enum_value("PUBLICISE", description="The result was made public. 结果公开")
    INVITE = strawberry.enum_value("INVITE", description="Organisations were asked to answer. 约请")
    ANSWER = strawberry.enum_value("ANSWER", description="An invited organisation answered. 应约")
    ADVANCE = strawberry.enum_value("ADVANCE", description="Something else was done. 推进")
    REFUSE = strawberry.enum_value("REFUSE", description="It was refused, with a reason. 不予受理")
    RETURN = strawberry.enum_value("RETURN", description="It went back to an earlier step, with a reason. 退回")
    WITHDRAW = strawberry.enum_value("WITHDRAW", description="The requester took it back. 撤回")
    REOPEN = strawberry.enum_value("REOPEN", description="It came back after its result was found wanting. 重新办理")
    LAPSE = strawberry.enum_value("LAPSE", description="A deadline passed and it went on by itself. 逾期流转")
    JOIN = strawberry.enum_value("JOIN", description="It was joined to another about the same matter. 并案")
    DIVIDE = strawberry.enum_value("DIVIDE", description="Child tickets were opened. 拆单")
    GATHER = strawberry.enum_value("GATHER", description="Its children ended and it went on. 子单办结")
    RECALL = strawberry.enum_value("RECALL", description="Its parent went on without it. 收回")
    ASSIGN = strawberry.enum_value("ASSIGN", description="It was made somebody's turn. 改派")
    CLAIM_TURN = strawberry.enum_value("CLAIM_TURN", description="One of those in turn took it on. 认领")
    RELEASE_TURN = strawberry.enum_value("RELEASE_TURN", description="It was put back for all in turn. 放回")


@strawberry.enum(description="How a ticket ended. 办结方式")
class TicketOutcome(Enum):
    """As `domain.process.Outcome`, by name."""

    DONE = strawberry.enum_value("DONE", description="Carried through. 办结")
    REFUSED = strawberry.enum_value("REFUSED", description="Refused. 不予受理")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Taken back by the requester. 撤回")
    JOINED = strawberry.enum_value("JOINED", description="Joined to another about the same matter. 并案")


@strawberry.enum(description="Whether a ticket is under way. 办理状态")
class TicketStatus(Enum):
    """For filters."""

    OPEN = strawberry.enum_value("OPEN", description="Under way. 办理中")
    ENDED = strawberry.enum_value("ENDED", description="At an end, whichever. 已结束")
    DONE = strawberry.enum_value("DONE", description="Carried through. 办结")
    REFUSED = strawberry.enum_value("REFUSED", description="Refused. 不予受理")
    WITHDRAWN = strawberry.enum_value("WITHDRAWN", description="Taken back. 撤回")
    JOINED = strawberry.enum_value("JOINED", description="Joined to another. 并案")


@strawberry.enum(description="What a deadline is for. 时限类别")
class DeadlineKind(Enum):
    """As `domain.clock.ClockKind`, by name."""

    FIRST_RESPONSE = strawberry.enum_value("FIRST_RESPONSE", description="First act of somebody in duty. 首次响应")
    STEP = strawberry.enum_value("STEP", description="Leaving a step. 环节办理")
    MATTER = strawberry.enum_value("MATTER", description="The end of the whole matter. 全程办结")


@strawberry.enum(description="What an action is given. 提交内容")
class TicketInputKind(Enum):
    """As `domain.process.Input`, by name."""

    REASON = strawberry.enum_value("REASON", description="Why. 理由")
    OPINION = strawberry.enum_value("OPINION", description="What is thought, decided or was done. 意见")
    NOTICE = strawberry.enum_value("NOTICE", description="What everyone may read. 公开内容")
    RATING = strawberry.enum_value("RATING", description="How good the result is. 评分")
    RESPONSIBLE = strawberry.enum_value("RESPONSIBLE", description="Which organisation is to do it. 承办单位")
    AMOUNT = strawberry.enum_value("AMOUNT", description="Money set aside or spent. 金额")
    DELIVERABLES = strawberry.enum_value("DELIVERABLES", description="What was delivered, in all so far. 成果")
    INVITED = strawberry.enum_value("INVITED", description="Which organisations are asked to answer. 受邀单位")
    CHILDREN = strawberry.enum_value("CHILDREN", description="Which child tickets are opened. 子单")
    GROUNDS = strawberry.enum_value("GROUNDS", description="By which item of entry control. 准入清单依据")
    INTO = strawberry.enum_value("INTO", description="Which ticket it is joined to. 并入单据")
    ASSIGNEE = strawberry.enum_value("ASSIGNEE", description="Whose turn it is to be. 被指派人")
    ATTACHMENTS = strawberry.enum_value("ATTACHMENTS", description="Files. 附件")
