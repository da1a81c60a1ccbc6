"""What is wrong with who is told what: for `linli practice check` and for imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.tickets.domain.actions import offered
from services.tickets.domain.notification_rules import NAMED, Audience, Occasion
from services.tickets.domain.notification_texts import DEFAULTS, EN, PLACEHOLDER, PLACEHOLDERS, ZH
from services.tickets.domain.process import Kind
from services.tickets.domain.process_words import Holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.tickets.domain.notification_rules import Rule
    from services.tickets.domain.process import Process

Path = tuple[str | int, ...]
LONGEST_SUBJECT, LONGEST_BODY = 100, 500
MOST_RULES = 200
_ANYWHERE = frozenset({Kind.RAISE.value, Kind.GATHER.value, Kind.RECALL.value, *Occasion})


def faults(process: Process) -> Iterator[tuple[Path, str, str]]:
    """Yield what is wrong with a process's notifications: as path, English, Chinese."""
    section = process.notifications
    places = {one.code for one in process.steps} | {one.code for one in process.ends}
    if len(section.rules) > MOST_RULES:
        en = f"at most {MOST_RULES} rules"
        yield ("notifications", "rules"), en, f"规则最多 {MOST_RULES} 条"
    for index, rule in enumerate(section.rules):
        path: Path = ("notifications", "rules", index)
        for key, code in (("from_step", rule.from_step), ("to_step", rule.to_step)):
            if code is not None and code not in places:
                yield (*path, key), f"there is no step or end {code!r}", f"不存在步骤或终点 {code!r}"
        yield from _action(process, rule, path)
        yield from _audience(process, rule, path)
        if not rule.channels:
            yield (*path, "channels"), "by no way is nobody told", "未指定通知渠道"
        if rule.text is not None and rule.text not in {one.code for one in section.texts} | DEFAULTS.keys():
            yield (*path, "text"), f"there is no text {rule.text!r}", f"不存在文本 {rule.text!r}"
    yield from _texts(process)


def _action(process: Process, rule: Rule, path: Path) -> Iterator[tuple[Path, str, str]]:
    if rule.action is None or rule.action in _ANYWHERE:
        return
    lapsing = {one.code for one in process.steps if one.deadline and one.deadline.lapse_to}
    places = [*(one.code for one in process.steps), *(one.code for one in process.ends)]
    done = {(place, one.action.code, one.action.to or place) for place in places for one in offered(process, place)}
    done |= {(place, Kind.LAPSE.value, _lapse_to(process, place)) for place in lapsing}
    if rule.action not in {code for _, code, _ in done}:
        en = f"there is no action {rule.action!r}, and no occasion of that name"
        yield (*path, "action"), en, f"不存在动作或事由 {rule.action!r}"
    elif not any(_fits(rule, *one) for one in done):
        en = f"{rule.action} is not done there, so this rule never applies"
        yield (*path, "action"), en, f"{rule.action} 不会在此发生，规则不会生效"


def _lapse_to(process: Process, place: str) -> str:
    step = process.step(place)
    return (step.deadline.lapse_to if step and step.deadline else None) or place


def _fits(rule: Rule, place: str, code: str, to: str) -> bool:
    # What several must do leaves the ticket where it is until the last.
    return any(rule.fits(code, place, where, has_moved=True) for where in (to, place))


def _audience(process: Process, rule: Rule, path: Path) -> Iterator[tuple[Path, str, str]]:
    if isinstance(rule.audience, Holder):
        return
    if rule.audience not in set(NAMED):
        known = ", ".join(NAMED)
        en = f"there is no audience {rule.audience!r}; there are {known}, and a mapping of level and a post"
        yield (*path, "audience"), en, f"不存在通知对象 {rule.audience!r}，可用：{known}，或岗位与 level"
        return
    there = {
        Audience.WATCHERS: bool(process.watched_by),
        Audience.JOINED: process.joining is not None,
        Audience.INVITED: any(one.countersign for one in process.steps),
    }
    if not there.get(Audience(rule.audience), True):
        en = f"this process has no {rule.audience}"
        yield (*path, "audience"), en, f"该流程没有 {rule.audience}"


def _texts(process: Process) -> Iterator[tuple[Path, str, str]]:
    section = process.notifications
    used = {rule.text for rule in section.rules} | DEFAULTS.keys()
    seen: set[tuple[str, str]] = set()
    for index, text in enumerate(section.texts):
        path: Path = ("notifications", "texts", index)
        if (text.code, text.locale) in seen:
            yield (*path, "code"), f"{text.code} is there twice in {text.locale}", f"{text.code} 重复定义"
        seen.add((text.code, text.locale))
        if text.code not in used:
            yield (*path, "code"), f"no rule says {text.code}", f"没有规则使用 {text.code}"
        for key, said, longest in (("subject", text.subject, LONGEST_SUBJECT), ("body", text.body, LONGEST_BODY)):
            if not 0 < len(said.strip()) <= longest:
                yield (*path, key), f"from 1 to {longest} characters", f"长度应为 1 至 {longest} 个字符"
            for name in sorted(set(PLACEHOLDER.findall(said)) - PLACEHOLDERS):
                known = ", ".join(sorted(PLACEHOLDERS))
                en = f"there is no placeholder {{{name}}}; there are {known}"
                yield (*path, key), en, f"不存在占位符 {{{name}}}，可用：{known}"
            if {"{", "}"} & set(PLACEHOLDER.sub("", said)):
                yield (*path, key), "a brace without its other", "花括号不成对"
    for code, locale in sorted(seen):
        other = EN if locale == ZH else ZH
        if (code, other) not in seen:
            index = next(i for i, one in enumerate(section.texts) if one.code == code)
            yield (
                ("notifications", "texts", index, "code"),
                f"{code} is not there in {other}",
                f"{code} 缺少 {other} 文本",
            )


def holders(process: Process) -> Iterator[tuple[Path, Holder]]:
    """Yield the duty titles that rules name, with the path to each."""
    for index, rule in enumerate(process.notifications.rules):
        if isinstance(rule.audience, Holder):
            yield ("notifications", "rules", index, "audience"), rule.audience
