"""Dividing a matter among child tickets (子单): which may be opened, when their parent goes on, what leaving it means.

Several departments each do theirs, by a process and deadlines of their own, while the parent waits by a rule: for all
of them, for any, or for so many; or does not wait at all.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec

from chassis.problems import Refused
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import PARENT, Holder, Input, Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.tickets.domain.process import Action, Children, Process, Step
    from services.tickets.domain.ticket import Ticket

MOST_AT_ONCE = 20
MOST_CHILDREN = 50
DEEPEST = 2
"""How many tickets a ticket can have above it: a child's child is divided no further."""

Path = tuple[str | int, ...]


class ChildWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A child ticket to open: of which process, about which region, and for which organisation, if for one."""

    id: UUID
    process: str
    region_code: str
    title: str
    description: str = ""
    category: str | None = None
    organisation: UUID | None = None


class Link(msgspec.Struct, frozen=True):
    """What a child begins with: its parent, on which visit it was opened, how deep it lies, and as what."""

    parent: UUID
    visit: int
    depth: int
    acted_as: str


class Verdict(Enum):
    """What the ends of its children mean for a parent."""

    WAIT = auto()
    GO_ON = auto()
    FAIL = auto()
    """So many have ended otherwise that the rule cannot be met any more."""


def verdict(section: Children, ends: Sequence[Outcome | None]) -> Verdict:
    """Return what the ends of all children of a visit mean; None is a child that is under way."""
    if section.rule == "none" or not ends:
        return Verdict.WAIT
    counted = sum(end is not None and (section.counts == "ended" or end is Outcome.DONE) for end in ends)
    under_way = sum(end is None for end in ends)
    needed = {"all": len(ends), "any": 1, "quorum": section.quorum or len(ends)}[section.rule]
    if counted >= needed:
        return Verdict.GO_ON
    return Verdict.WAIT if counted + under_way >= needed else Verdict.FAIL


def led_to(section: Children, ends: Sequence[Outcome | None]) -> str | None:
    """Return where a parent goes by itself now; None when it stays."""
    return {Verdict.WAIT: None, Verdict.GO_ON: section.to, Verdict.FAIL: section.failed_to}[verdict(section, ends)]


def section_of(process: Process, ticket: Ticket, action: Action | None = None) -> Children | None:
    """Return how the step is divided that a ticket is in, or comes to by an action."""
    step = process.step((action.to if action and action.to else None) or ticket.step)
    return step.children if step else None


def check_children(section: Children | None, depth: int, there: int, wanted: Sequence[ChildWanted], where: str) -> None:
    """Refuse children that cannot be opened: too many or few, of other processes, elsewhere, too deep. Raises Refused.

    `there` are those that the step has already; `where` is the region in which the opener is in charge.
    """
    if section is None:
        raise ValueError("the step is not divided")
    fewest = max((section.quorum or 1) - there, 1)
    most = min(MOST_AT_ONCE, MOST_CHILDREN - there)
    if not fewest <= len(wanted) <= most:
        raise Refused(TicketProblem.WRONG_NUMBER_OF_CHILDREN, "children", fewest=fewest, most=max(most, 0))
    if depth >= DEEPEST:
        raise Refused(TicketProblem.DIVIDED_TOO_DEEP, "children", most=DEEPEST)
    for index, one in enumerate(wanted):
        at = ("children", str(index))
        if one.process not in section.processes:
            raise Refused(TicketProblem.WRONG_CHILD_PROCESS, *at, "process", process=one.process[:50])
        if not one.region_code.startswith(where):
            raise Refused(TicketProblem.CHILD_ELSEWHERE, *at, "regionCode", code=where)


def check_leaving(step: Step | None, to: str, open_children: int) -> None:
    """Refuse to lead a ticket out of a step that its open children bar. Raises Refused."""
    bars = step is not None and step.children is not None and step.children.leaving == "bar"
    if step is not None and bars and to != step.code and open_children:
        raise Refused(TicketProblem.CHILDREN_OPEN, count=open_children)


def faults(process: Process) -> Iterator[tuple[Path, str, str]]:
    """Yield what is wrong with how a process divides tickets: as path, English, Chinese."""
    places = {step.code for step in process.steps} | {end.code for end in process.ends}
    for index, step in enumerate(process.steps):
        path: Path = ("steps", index)
        if PARENT in step.who or any(PARENT in action.who for action in step.actions):
            yield (*path, "who"), "parent only raises", "parent 仅可用于 raising"
        yield from _divides(process, step, path)
        if step.children:
            yield from _section(process, step, step.children, places, (*path, "children"))
    recall = process.recall
    end = process.end(recall.to) if recall else None
    if recall and (end is None or end.outcome is not Outcome.WITHDRAWN):
        yield (
            ("recall", "to"),
            "a recall leads to an end whose outcome is withdrawn",
            "收回须指向结果为 withdrawn 的终点",
        )
    if recall and PARENT not in process.raising.who:
        yield ("recall",), "only what a parent opened is recalled: add parent to who raises", "recall 须由 parent 提单"


def _divides(process: Process, step: Step, path: Path) -> Iterator[tuple[Path, str, str]]:
    for number, action in enumerate(step.actions):
        at: Path = (*path, "actions", number)
        target = process.step(action.to or step.code)
        if action.kind is Kind.DIVIDE and not (target and target.children):
            yield (
                (*at, "to"),
                "an action of kind divide leads to a step with children",
                "divide 类动作须指向含 children 的步骤",
            )
        if (action.kind is Kind.DIVIDE) != (Input.CHILDREN in action.requires) or Input.CHILDREN in action.may:
            en = "children are required by actions of kind divide, and belong to no other"
            yield (*at, "requires"), en, "children 须为且仅为 divide 类动作的必填内容"
        if action.kind is Kind.DIVIDE and not all(isinstance(one, Holder) for one in step.who_may(action)):
            yield (*at, "who"), "only people in duty divide a ticket", "只有任职人员可以拆分单据"


def _section(
    process: Process, step: Step, section: Children, places: set[str], path: Path
) -> Iterator[tuple[Path, str, str]]:
    if not section.processes:
        yield (*path, "processes"), "name the processes of the children", "未列明子单流程"
    if (section.rule == "quorum") != (section.quorum is not None) or not 1 <= (section.quorum or 1) <= MOST_AT_ONCE:
        en = f"quorum, from 1 to {MOST_AT_ONCE}, belongs to the rule quorum"
        yield (*path, "quorum"), en, f"仅 quorum 规则须填写 quorum，取值 1 至 {MOST_AT_ONCE}"
    if (section.rule == "none") != (section.to is None):
        en = "to says where the ticket goes when it need wait no longer; the rule none has none"
        yield (*path, "to"), en, "除 none 规则外，须以 to 指明等待结束后的去向"
    if section.failed_to is not None and (section.rule == "none" or section.counts == "ended"):
        en = "failed_to belongs to rules that only children count for which were carried through"
        yield (*path, "failed_to"), en, "failed_to 仅用于只计办结子单的规则"
    for key in ("to", "failed_to"):
        code = getattr(section, key)
        if code is not None and (code not in places or code == step.code):
            yield (*path, key), f"there is no other step or end {code!r}", f"不存在其他步骤或终点 {code!r}"
    if section.leaving == "bar" and step.deadline and step.deadline.lapse_to is not None:
        en = "a step that open children bar from being left cannot lapse"
        yield (*path, "leaving"), en, "子单未办结即不得离开的步骤不能设置 lapse_to"
    leads = (one for other in process.steps for one in other.actions if one.kind is Kind.DIVIDE)
    here = {one.code for one in step.actions if one.kind is Kind.DIVIDE and one.to is None}
    if not here and not any(one.to == step.code for one in leads):
        yield (
            path,
            f"no action of kind divide opens children of {step.code}",
            f"没有 divide 类动作为 {step.code} 拆出子单",
        )


def family_faults(known: Mapping[str, Process]) -> Iterator[tuple[str, Path, str, str]]:
    """Yield what is wrong between the processes of a practice: code of the process, path, English, Chinese."""
    for process in known.values():
        for index, step in enumerate(process.steps):
            for number, code in enumerate(step.children.processes if step.children else ()):
                path: Path = ("steps", index, "children", "processes", number)
                child = known.get(code)
                if child is None:
                    yield process.code, path, f"there is no process {code!r}", f"不存在流程 {code!r}"
                    continue
                if PARENT not in child.raising.who:
                    en = f"{code} is not raised by a parent"
                    yield process.code, path, en, f"{code} 的 raising 未包含 parent"
                if step.children and step.children.leaving == "recall" and child.recall is None:
                    yield process.code, path, f"{code} has no recall", f"{code} 未定义 recall"
                if _depth(known, code, 1) > DEEPEST:
                    en = f"tickets would be nested deeper than {DEEPEST} below one another"
                    yield process.code, path, en, f"子单嵌套超过 {DEEPEST} 层"
        for number, code in enumerate(process.raising.concerns):
            if code not in known:
                path = ("raising", "concerns", number)
                yield process.code, path, f"there is no process {code!r}", f"不存在流程 {code!r}"


def _depth(known: Mapping[str, Process], code: str, depth: int) -> int:
    """Return how deep tickets are nested below one of a process that lies `depth` deep; no deeper than is too deep."""
    process = known.get(code)
    if process is None or depth > DEEPEST:
        return depth
    below = (one for step in process.steps if step.children for one in step.children.processes)
    return max((_depth(known, one, depth + 1) for one in below), default=depth)
