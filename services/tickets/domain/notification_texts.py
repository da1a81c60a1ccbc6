"""The words of notifications: what is said by default, and how placeholders are filled in.

Nothing personal is among the placeholders: a title or an opinion can name people, and a text may be read on a lock
screen. A notification keeps facts, not words: it is put into words when it is read, in the reader's language, by the
version of the process that its ticket goes through.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from services.tickets.domain.actions import offered
from services.tickets.domain.calendar import ZONE
from services.tickets.domain.clock import ClockKind
from services.tickets.domain.process import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from services.tickets.domain.process import Process

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = frozenset(
    {
        "number",
        "process",
        "category",
        "step",
        "previous",
        "action",
        "due",
        "deadline",
        "working_days",
        "working_hours",
        "first_day",
        "last_day",
    }
)
MISSING = "—"
_BY_ITSELF = {
    Kind.LAPSE.value: ("期限届满", "its time was over"),
    Kind.GATHER.value: ("子单办结", "its child tickets ended"),
}
_MINUTE = timedelta(minutes=1)
_DEADLINES = {
    ClockKind.FIRST_RESPONSE.value: ("“{step}”环节的首次响应", "first response at “{step}”"),
    ClockKind.STEP.value: ("“{step}”环节", "“{step}”"),
    ClockKind.MATTER.value: ("整件事项（现处“{step}”环节）", "the whole matter, now at “{step}”"),
}
"""What a deadline is of, in Chinese and in English."""

ZH, EN = "zh-CN", "en"
DEFAULTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "received": {
        ZH: ("{number} 已登记", "您提出的事项（{process} {number}）已登记，当前环节：{step}；时限：{due}。"),
        EN: ("{number} was received", "What you asked for ({process} {number}) is now at: {step}; due: {due}."),
    },
    "moved": {
        ZH: ("{number} 办理进展", "“{previous}”环节已办（{action}），当前环节：{step}；时限：{due}。"),
        EN: ("{number} went on", "“{previous}” is done ({action}); it is now at: {step}; due: {due}."),
    },
    "noted": {
        ZH: ("{number} 有新记录", "已登记：{action}。当前环节：{step}；时限：{due}。"),
        EN: ("{number}: something was recorded", "Recorded: {action}. It is still at: {step}; due: {due}."),
    },
    "ended": {
        ZH: ("{number} 已结束", "办理结果：{step}（{action}）。"),
        EN: ("{number} has ended", "The end: {step} ({action})."),
    },
    "ended_reopenable": {
        ZH: ("{number} 已结束", "办理结果：{step}（{action}）。如对结果不满意，可在规定期限内申请重新办理。"),
        EN: (
            "{number} has ended",
            "The end: {step} ({action}). If it is not settled, you can have it reopened in time.",
        ),
    },
    "turn": {
        ZH: ("{number} 待办", "{process} {number} 已到“{step}”环节，等待办理；时限：{due}。"),
        EN: ("{number} waits for you", "{process} {number} is at “{step}” and waits for you; due: {due}."),
    },
    "stop": {
        ZH: ("{number} 已停办", "{process} {number} 已由“{previous}”转为“{step}”，无须再办。"),
        EN: ("{number}: no more to do", "{process} {number} went from “{previous}” to “{step}”; leave it."),
    },
    "reminder": {
        ZH: ("{number} 临期提醒", "{process} {number} 的{deadline}将于 {due} 到期（还有 {working_days} 个工作日）。"),
        EN: (
            "{number} is due soon",
            "{process} {number}, {deadline}: due {due}, {working_days} working days from now.",
        ),
    },
    "reminder_hours": {
        ZH: (
            "{number} 临期提醒",
            "{process} {number} 的{deadline}将于 {due} 到期（还有 {working_hours} 个工作小时）。",
        ),
        EN: (
            "{number} is due soon",
            "{process} {number}, {deadline}: due {due}, {working_hours} working hours from now.",
        ),
    },
    "overdue": {
        ZH: ("{number} 已逾期", "{process} {number} 的{deadline}时限 {due} 已过，请尽快办理。"),
        EN: ("{number} is overdue", "{process} {number}, {deadline}: it was due {due}."),
    },
    "escalated": {
        ZH: ("{number} 逾期上报", "{process} {number} 的{deadline}时限 {due} 已过，现提请您督办。"),
        EN: (
            "{number} was brought before you",
            "{process} {number}, {deadline}: it was due {due}; you may act in it now.",
        ),
    },
    "invitation": {
        ZH: ("{number} 邀请贵单位", "{process} {number} 邀请贵单位在“{step}”环节答复；时限：{due}。"),
        EN: (
            "{number}: you are invited",
            "{process} {number} asks your organisation to answer at “{step}”; due: {due}.",
        ),
    },
    "watch": {
        ZH: ("{number} 动态", "{process} {number}：{action}；当前环节：{step}；时限：{due}。"),
        EN: ("{number}: news", "{process} {number}: {action}; it is at: {step}; due: {due}."),
    },
    "objection_raised": {
        ZH: ("{number} 收到异议", "{process} {number} 公示期内收到异议，逐条答复后方可继续。"),
        EN: (
            "{number}: an objection",
            "There is an objection to the notice of {process} {number}; it waits for an answer.",
        ),
    },
    "objection_answered": {
        ZH: ("{number} 异议已答复", "您对 {process} {number} 公示内容的异议已答复，请在“我的异议”中查看。"),
        EN: (
            "{number}: your objection was answered",
            "Your objection to {process} {number} was answered; read it there.",
        ),
    },
    "deputy": {
        ZH: ("代理通知", "{first_day} 至 {last_day} 请您代理他人职务，期间的待办会出现在您的待办中。"),
        EN: ("You stand in", "From {first_day} to {last_day} you stand in for somebody; their work is in your inbox."),
    },
    "deputy_over": {
        ZH: ("代理结束", "您代理的职务，任职人员已返岗或取消外出，代理到此结束。"),
        EN: ("You no longer stand in", "Whoever you were to stand in for is back, or does not leave."),
    },
}
"""What is said by default, by code and language: subject and body. A process may say it in other words."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a notification's words are about."""

    text: str
    action: str
    number: str | None = None
    category: str | None = None
    from_step: str | None = None
    step: str | None = None
    due_at: datetime | None = None
    more: Mapping[str, str] = {}
    """Further values of placeholders."""


def worded(process: Process | None, facts: Facts, locale: str) -> tuple[str, str]:
    """Return subject and body in a language; nothing that is unknown keeps it from being said."""
    own = process.notifications.text(facts.text, locale) if process else None
    subject, body = (own.subject, own.body) if own else DEFAULTS.get(facts.text, DEFAULTS["watch"])[locale]
    values = _values(process, facts, is_zh=locale == ZH)
    return filled(subject, values), filled(body, values)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a text with its placeholders filled in, the unknown by a dash."""
    return PLACEHOLDER.sub(lambda found: values.get(found.group(1)) or MISSING, template)


def _values(process: Process | None, facts: Facts, *, is_zh: bool) -> dict[str, str]:
    values = {"number": facts.number or "", **facts.more}
    values["due"] = moment(facts.due_at) if facts.due_at else ("暂无" if is_zh else "no deadline")
    if process is None:
        return values

    def said(thing: object) -> str:
        return str(getattr(thing, "name_zh" if is_zh else "name_en", ""))

    values["process"] = said(process)
    values["category"] = said(next((one for one in process.categories if one.code == facts.category), None))
    for name, code in (("previous", facts.from_step), ("step", facts.step)):
        values[name] = said((process.step(code) or process.end(code)) if code else None)
    # What was told before deadlines were told apart spoke of the step.
    which = _DEADLINES.get(facts.more.get("clock", ""), _DEADLINES[ClockKind.STEP.value])
    values["deadline"] = filled(which[0 if is_zh else 1], values)
    values["action"] = _action(process, facts, said(process.raising), is_zh=is_zh)
    return values


def _action(process: Process, facts: Facts, raising: str, *, is_zh: bool) -> str:
    if facts.action == Kind.RAISE:
        return raising
    if facts.action in _BY_ITSELF:
        return _BY_ITSELF[facts.action][0 if is_zh else 1]
    if facts.action == Kind.RECALL and process.recall is not None:
        return process.recall.name_zh if is_zh else process.recall.name_en
    found = (one.action for one in offered(process, facts.from_step or "") if one.action.code == facts.action)
    action = next(found, None)
    return "" if action is None else (action.name_zh if is_zh else action.name_en)


def moment(at: datetime) -> str:
    """Return an instant as people in the city read it; the end of a day is its 24:00."""
    local = at.astimezone(ZONE)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{local - _MINUTE:%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
