"""Enums of notifications in the graph; members are named as in `domain`."""

from enum import Enum

import strawberry


@strawberry.enum(description="By which way somebody is told. 通知渠道")
class NotificationChannel(Enum):
    """As `domain.notification_rules.Channel`, by name."""

    INBOX = strawberry.enum_value("INBOX", description="The inbox of notifications. 站内通知")
    SMS = strawberry.enum_value("SMS", description="Text message, which others deliver. 短信")
    MESSAGE = strawberry.enum_value("MESSAGE", description="Messaging app, which others deliver. 即时消息")


@strawberry.enum(description="What kind of news it is. 通知类别")
class NotificationMatter(Enum):
    """As `domain.telling.Matter`, by name."""

    PROGRESS = strawberry.enum_value("PROGRESS", description="What one asked for went on. 办理进展")
    TURN = strawberry.enum_value("TURN", description="It waits for the reader now. 待办")
    REMINDER = strawberry.enum_value("REMINDER", description="A deadline comes near. 临期提醒")
    OVERDUE = strawberry.enum_value("OVERDUE", description="A deadline has passed. 逾期")
    ESCALATED = strawberry.enum_value("ESCALATED", description="Something overdue was brought before one. 逾期上报")
    INVITATION = strawberry.enum_value("INVITATION", description="One's organisation is asked to answer. 约请")
    WATCH = strawberry.enum_value("WATCH", description="News for who looks on. 动态")
    OBJECTION = strawberry.enum_value("OBJECTION", description="An objection was raised or answered. 公示异议")
    DEPUTY = strawberry.enum_value("DEPUTY", description="One stands in for somebody. 代理")


@strawberry.enum(description="As what somebody is told. 通知对象")
class NotificationAudience(Enum):
    """As `domain.notification_rules.Audience`, by name."""

    REQUESTER = strawberry.enum_value("REQUESTER", description="Who raised the ticket. 提单人")
    JOINED = strawberry.enum_value("JOINED", description="Who raised one that was joined to it. 并案提单人")
    IN_TURN = strawberry.enum_value("IN_TURN", description="Who has it now. 当前办理人")
    PREVIOUS = strawberry.enum_value("PREVIOUS", description="Who had it before. 上一环节办理人")
    BROUGHT_BEFORE = strawberry.enum_value("BROUGHT_BEFORE", description="Before whom it was brought. 上报对象")
    INVITED = strawberry.enum_value("INVITED", description="Who speaks for an invited organisation. 受邀单位")
    WATCHERS = strawberry.enum_value("WATCHERS", description="Who looks on. 关注人")
    OBJECTOR = strawberry.enum_value("OBJECTOR", description="Who objected. 异议人")
    DUTY = strawberry.enum_value("DUTY", description="Whoever holds a duty that the process names. 指定职务")
    DEPUTY = strawberry.enum_value("DEPUTY", description="Who stands in. 代理人")
