"""What is wrong with a process definition: every fault with the path to it, for `linli practice check` and for imports.

A sound process has no dangling name, no step that cannot be reached, none from which no end can be reached, nobody
asked to act whom no duty can name, and a deadline in every step that is not declared untimed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from services.tickets.domain import (
    assignment,
    clock,
    countersigning,
    deadline_faults,
    deliverables,
    dividing,
    hand_down,
    joining,
    notification_faults,
    objecting,
    shape,
)
from services.tickets.domain.levels import Level
from services.tickets.domain.process import (
    BY_RULE,
    Category,
    Channel,
    Deadline,
    Deliverable,
    End,
    Holder,
    Input,
    Kind,
    Outcome,
    Process,
    Step,
    Who,
)
from services.tickets.domain.process_words import MEMBER, checked_in_post

Path = tuple[str | int, ...]


class Fault(msgspec.Struct, frozen=True):
    """Something that is wrong, where it is (keys and list positions from the outermost in), in both languages."""

    path: Path
    en: str
    zh: str

    def __str__(self) -> str:
        where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
        return f"{where}: {self.en} / {self.zh}"


Faults = Iterator[Fault]
_CODE = re.compile(r"[a-z][a-z0-9_]{0,49}")
_DECODE_PATH = re.compile(r"\[(\d+|\.\.\.)\]|\.([A-Za-z_]\w*)")


def read_processes(
    raw: Any,
    titles: Mapping[str, str | None] | None = None,
    teams: Collection[str] = (),
    groups: Mapping[str, Collection[str]] | None = None,
) -> tuple[tuple[Process, ...], tuple[Fault, ...]]:
    """Read the `processes:` section of a practice: a list of mappings. Returns the processes and all faults.

    `titles` are the practice's duty titles with the level each is held at (None: any), `teams` its kinds of teams, and
    `groups` those that check in, with the levels at which they do; titles of None leave all of them unchecked.
    """
    if not isinstance(raw, list):
        return (), (Fault((), "processes must be a list", "processes 应为列表"),)
    processes: list[Process] = []
    faults: list[Fault] = []
    for index, one in enumerate(raw):
        try:
            process = msgspec.convert(one, Process, strict=False)
        except msgspec.ValidationError as error:
            faults.append(_undecodable(index, str(error)))
            continue
        processes.append(process)
        faults += (
            msgspec.structs.replace(fault, path=(index, *fault.path))
            for fault in validate(process, titles, teams, groups)
        )
    seen: set[tuple[str, int]] = set()
    for index, process in enumerate(processes):
        if (process.code, process.version) in seen:
            faults.append(Fault((index, "code"), f"{process.code} is defined twice", f"{process.code} 重复定义"))
        seen.add((process.code, process.version))
    return tuple(processes), tuple(faults)


def validate(
    process: Process,
    titles: Mapping[str, str | None] | None = None,
    teams: Collection[str] = (),
    groups: Mapping[str, Collection[str]] | None = None,
) -> tuple[Fault, ...]:
    """Return everything that is wrong with a process; nothing, when it is sound."""
    faults = [*_names(process), *_targets(process), *_actions(process), *_sections(process)]
    apart = (deadline_faults, countersigning, hand_down, objecting, joining, assignment, clock, deliverables, dividing)
    faults += [Fault(*found) for rules in (*apart, notification_faults) for found in rules.faults(process)]
    faults += _people(process)
    if titles is not None:
        faults += _posts(process, titles, teams, groups or {})
    if not any(fault.path[-1] in {"to", "failed_to", "lapse_to"} for fault in faults):
        faults += [Fault(*found) for found in shape.faults(process)]
    return tuple(faults)


def warnings(process: Process) -> tuple[Fault, ...]:
    """Return what may be meant in a sound process, and is a mistake more often."""
    return tuple(Fault(*found) for found in deadline_faults.warnings(process))


def _undecodable(index: int, message: str) -> Fault:
    text, _, where = message.partition(" - at `$")
    path = [int(number) if number.isdigit() else name or number for number, name in _DECODE_PATH.findall(where)]
    return Fault((index, *path), text, f"格式错误：{text}")


def _names(process: Process) -> Faults:
    """Check codes and names, and that no code means two things."""
    yield from _code(process.code, ("code",))
    if process.version < 1:
        yield Fault(("version",), "the version is 1 or more", "版本号应不小于 1")
    places: set[str] = set()
    for key, listed in _listed(process):
        if key in {"categories", "channels", "deliverables"}:
            places = set()
        for index, part in enumerate(listed):
            yield from _code(part.code, (key, index, "code"))
            if part.code in places:
                yield Fault((key, index, "code"), f"{part.code} is used twice", f"代码 {part.code} 重复")
            places.add(part.code)
    for path, part in _named(process):
        for name in ("name_zh", "name_en"):
            if not getattr(part, name).strip():
                yield Fault((*path, name), "the name is empty", "名称为空")


def _listed(process: Process) -> tuple[tuple[str, Sequence[Step | End | Category | Channel | Deliverable]], ...]:
    return (
        ("steps", process.steps),
        ("ends", process.ends),
        ("categories", process.categories),
        ("channels", process.channels),
        ("deliverables", process.deliverables),
    )


def _named(process: Process) -> Iterator[tuple[Path, Any]]:
    yield (), process
    yield ("raising",), process.raising
    for key, listed in _listed(process):
        yield from (((key, index), part) for index, part in enumerate(listed))
    for index, step in enumerate(process.steps):
        yield from ((("steps", index, "actions", number), action) for number, action in enumerate(step.actions))
    if process.withdrawal:
        yield ("withdrawal",), process.withdrawal
    if process.joining:
        yield ("joining",), process.joining
    if process.assignment:
        yield ("assignment",), process.assignment
    if process.reopening:
        yield ("reopening",), process.reopening
    if process.recall:
        yield ("recall",), process.recall


def _code(code: str, path: Path) -> Faults:
    if not _CODE.fullmatch(code):
        yield Fault(
            path,
            f"{code!r} is no code: small letters, digits and _, beginning with a letter, at most 50",
            f"{code!r} 不是有效代码：应以小写字母开头，仅含小写字母、数字和下划线，最长 50 位",
        )


def _targets(process: Process) -> Faults:
    """Check that everything that is referred to exists."""
    steps = {step.code for step in process.steps}
    places = steps | {end.code for end in process.ends}

    def known(code: str, among: set[str], *path: str | int) -> Faults:
        if code not in among:
            what, zh = ("step", "步骤") if among is steps else ("step or end", "步骤或终点")
            yield Fault(path, f"there is no {what} {code!r}", f"不存在{zh} {code!r}")

    yield from known(process.raising.to, steps, "raising", "to")
    begun = ((index, one.to) for index, one in enumerate(process.categories) if one.to is not None)
    for index, to in begun:
        yield from known(to, steps, "categories", index, "to")
    for index, step in enumerate(process.steps):
        led = ((number, one.to) for number, one in enumerate(step.actions) if one.to is not None)
        for number, to in led:
            yield from known(to, places, "steps", index, "actions", number, "to")
        if step.deadline and step.deadline.lapse_to is not None:
            yield from known(step.deadline.lapse_to, places, "steps", index, "deadline", "lapse_to")
    if process.withdrawal:
        yield from known(process.withdrawal.to, places, "withdrawal", "to")
        for index, code in enumerate(process.withdrawal.out_of):
            yield from known(code, steps, "withdrawal", "out_of", index)
    if process.reopening:
        yield from known(process.reopening.to, steps, "reopening", "to")
        for index, code in enumerate(process.reopening.out_of):
            yield from known(code, places, "reopening", "out_of", index)
    if process.publicity:
        yield from known(process.publicity.once, places, "publicity", "once")


def _actions(process: Process) -> Faults:
    """Check each action against what its kind means."""
    for index, step in enumerate(process.steps):
        seen: set[str] = set()
        for number, action in enumerate(step.actions):
            path: Path = ("steps", index, "actions", number)
            yield from _code(action.code, (*path, "code"))
            if action.code in seen:
                yield Fault((*path, "code"), f"{action.code} is used twice in this step", f"动作 {action.code} 重复")
            seen.add(action.code)
            if action.kind in BY_RULE or action.code in set(BY_RULE):
                en = f"{action.code} is described in a section of its own, not as an action of a step"
                yield Fault((*path, "kind"), en, f"{action.code} 应在单独章节中描述，不能作为步骤动作")
            if action.count < 1 or (action.count > 1 and action.to is None):
                en = "count is 1 or more, and more than 1 only for an action that leads somewhere"
                yield Fault((*path, "count"), en, "count 应不小于 1；大于 1 时须指定 to")
            for given, kind in ((Input.RATING, Kind.EVALUATE), (Input.NOTICE, Kind.PUBLICISE)):
                if (action.kind is kind) != action.takes(given):
                    en = f"{given} belongs to actions of kind {kind}, and they need it"
                    yield Fault((*path, "requires"), en, f"{given} 与 {kind} 类动作须同时使用")
            if action.kind in {Kind.REFUSE, Kind.RETURN} and Input.REASON not in action.requires:
                en = f"an action of kind {action.kind} requires a reason"
                yield Fault((*path, "requires"), en, f"{action.kind} 类动作须要求填写理由 reason")
            end = process.end(action.to) if action.to else None
            if action.kind is Kind.REFUSE and not (end and end.outcome is Outcome.REFUSED):
                en = "a refusal leads to an end whose outcome is refused"
                yield Fault((*path, "to"), en, "refuse 类动作须指向结果为 refused 的终点")


def _sections(process: Process) -> Faults:
    """Check the sections that stand for themselves."""
    evaluates = any(action.kind is Kind.EVALUATE for step in process.steps for action in step.actions)
    publicises = any(action.kind is Kind.PUBLICISE for step in process.steps for action in step.actions)
    if evaluates and process.evaluation is None:
        yield Fault(("evaluation",), "there are evaluations but no scale", "存在评价动作，但未定义评分范围 evaluation")
    if publicises and process.publicity is None:
        en = "something is made public, but not when and what: add publicity"
        yield Fault(("publicity",), en, "存在公开动作，但未定义公开规则 publicity")
    scale = process.evaluation
    if scale and scale.lowest >= scale.highest:
        yield Fault(("evaluation", "highest"), "highest must be above lowest", "highest 应大于 lowest")
    if process.withdrawal:
        end = process.end(process.withdrawal.to)
        if end is None or end.outcome is not Outcome.WITHDRAWN:
            en = "a withdrawal leads to an end whose outcome is withdrawn"
            yield Fault(("withdrawal", "to"), en, "撤回须指向结果为 withdrawn 的终点")
    if process.reopening:
        bound = process.reopening.rating_at_most
        if process.reopening.times < 1:
            yield Fault(("reopening", "times"), "times is 1 or more", "times 应不小于 1")
        if bound is not None and not (scale and scale.lowest <= bound <= scale.highest):
            yield Fault(("reopening", "rating_at_most"), "the rating is outside of the scale", "评分超出评分范围")
    for key, requires in (
        ("raising", process.raising.requires),
        ("withdrawal", process.withdrawal.requires if process.withdrawal else ()),
        ("joining", process.joining.requires if process.joining else ()),
        ("assignment", process.assignment.requires if process.assignment else ()),
        ("reopening", process.reopening.requires if process.reopening else ()),
    ):
        for given in set(requires) - {Input.REASON, Input.OPINION, Input.ATTACHMENTS}:
            yield Fault((key, "requires"), f"{given} cannot be required here", f"此处不能要求 {given}")


def _people(process: Process) -> Faults:
    """Check that there can be somebody to act, wherever the process can be started."""
    levels = [Level[name] for name in process.raising.levels]
    if not levels:
        yield Fault(("raising", "levels"), "name at least one level", "至少指定一个层级")
    for path, who in _acting(process):
        if not who:
            yield Fault(path, "nobody may act here", "未指定可办理人")
        for level in levels:
            if who and not any(_can_be_found(one, level) for one in who):
                en = f"nobody named here is in charge of a {level.name}, where this can be raised"
                yield Fault(path, en, f"在 {level.name} 级提出时，此处无人可办理")
    for path, holder in _holders(process):
        if not holder.is_one:
            en = "name a duty title, a kind of team or who checked in, one of the three"
            yield Fault(path, en, "须且仅须指明职务 title、队伍 team 或报到群体 checked_in 之一")


def _posts(
    process: Process,
    titles: Mapping[str, str | None],
    teams: Collection[str],
    groups: Mapping[str, Collection[str]],
) -> Faults:
    """Check that the practice has the duties, kinds of teams and groups that are named, where they are named."""
    yield from _answering(process, titles, groups)
    for path, holder in _holders(process):
        yield from _known_holder(path, holder, titles, teams)
        if holder.checked_in is not None:
            yield from _known_group(path, holder.checked_in, holder.level, groups)


def _known_holder(path: Path, holder: Holder, titles: Mapping[str, str | None], teams: Collection[str]) -> Faults:
    if holder.team is not None and holder.team not in teams:
        known = ", ".join(sorted(teams)) or "none"
        en = f"no kind of team {holder.team!r} here; there are: {known}"
        yield Fault((*path, "team"), en, f"没有队伍类型 {holder.team!r}")
    if holder.title is None:
        return
    if holder.title not in titles:
        yield Fault((*path, "title"), f"no duty title {holder.title!r}", f"没有职务 {holder.title!r}")
    elif titles[holder.title] not in {None, holder.level}:
        own = titles[holder.title]
        en = f"{holder.title} is a duty of level {own}, nobody can hold it at level {holder.level}"
        yield Fault((*path, "level"), en, f"职务 {holder.title} 属于 {own} 级，不能在 {holder.level} 级任职")


def _known_group(path: Path, group: str, level: str, groups: Mapping[str, Collection[str]]) -> Faults:
    if group not in groups:
        known = ", ".join(sorted(groups)) or "none"
        en = f"no group {group!r} checks in here; there are: {known}"
        yield Fault((*path, "checked_in"), en, f"没有报到群体 {group!r}")
    elif level not in groups[group]:
        there = ", ".join(sorted(groups[group])) or "none"
        en = f"nobody of {group!r} checks in at level {level}; levels at which they do: {there}"
        yield Fault((*path, "level"), en, f"报到群体 {group!r} 不在 {level} 级报到")


def _answering(process: Process, titles: Mapping[str, str | None], groups: Mapping[str, Collection[str]]) -> Faults:
    """Check who speaks for organisations; of the groups, only members are assigned to one."""
    answering = {*titles, *(checked_in_post(group) for group in groups if group == MEMBER)}
    for index, step in enumerate(process.steps):
        for number, title in enumerate(step.countersign.titles if step.countersign else ()):
            if title not in answering:
                path = ("steps", index, "countersign", "titles", number)
                yield Fault(path, f"no duty title {title!r}", f"没有职务 {title!r}")


def _can_be_found(who: Who, level: Level) -> bool:
    return not isinstance(who, Holder) or Level[who.level].value <= level.value


def _acting(process: Process) -> Iterator[tuple[Path, Sequence[Who]]]:
    yield ("raising", "who"), process.raising.who
    for index, step in enumerate(process.steps):
        yield ("steps", index, "who"), step.who
        for number, action in enumerate(step.actions):
            if action.who:
                yield ("steps", index, "actions", number, "who"), action.who
    if process.reopening:
        yield ("reopening", "who"), process.reopening.who


def _holders(process: Process) -> Iterator[tuple[Path, Holder]]:
    listed: list[tuple[Path, Sequence[Who]]] = [(("watched_by",), process.watched_by), *_acting(process)]
    if process.assignment:
        listed.append((("assignment", "who"), process.assignment.who))
    for path, who in listed:
        yield from (((*path, index), one) for index, one in enumerate(who) if isinstance(one, Holder))
    yield from notification_faults.holders(process)
    deadlines: list[tuple[Path, Deadline | None]] = [(("first_response",), process.first_response)]
    deadlines.append((("matter",), process.matter))
    deadlines += [(("steps", index, "deadline"), step.deadline) for index, step in enumerate(process.steps)]
    for path, deadline in deadlines:
        if deadline:
            for index, rung in enumerate(deadline.escalate):
                if isinstance(rung.to, Holder):
                    yield (*path, "escalate", index, "to"), rung.to
