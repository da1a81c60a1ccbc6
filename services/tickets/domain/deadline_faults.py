"""What is wrong with the deadlines of a process, and which of them pass without anybody above hearing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from services.tickets.domain.process import INVITED, ISSUER, Holder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.tickets.domain.process import Deadline, Process, Step

_UNHEARD = "when this is late, nobody above hears of it: say by escalate before whom it is brought"

Path = tuple[str | int, ...]
Found: TypeAlias = "Iterator[tuple[Path, str, str]]"


def faults(process: Process) -> Found:
    """Yield what is wrong with the deadlines of a process: as path, English, Chinese."""
    for index, step in enumerate(process.steps):
        if (step.deadline is None) != step.untimed:
            en = "a step has a deadline, or says untimed: true"
            yield ("steps", index, "deadline"), en, "步骤须设置期限 deadline，或声明 untimed: true"
        if step.deadline:
            yield from _deadline(process, step.deadline, ("steps", index, "deadline"))
    for key, deadline in (("first_response", process.first_response), ("matter", process.matter)):
        if deadline:
            yield from _deadline(process, deadline, (key,))
            if deadline.lapse_to is not None:
                yield (key, "lapse_to"), "only a step can lapse", "只有步骤可以设置 lapse_to"


def warnings(process: Process) -> Found:
    """Yield deadlines that pass without anybody above hearing of it: as path, English, Chinese.

    A step is heard of by its own `escalate`, or by the matter's where that clock runs; one that lapses is never late.
    The first response is heard of by its own, or where each step in which tickets begin is heard of.
    """
    matter = process.matter
    yield from _first_response(process)
    if matter is not None and not matter.escalate:
        en = "the whole matter can be late and nobody above hears of it: say by escalate before whom it is brought"
        yield ("matter",), en, "整件事项逾期后无人督办：请用 escalate 指定逐级上报对象"
    for index, step in enumerate(process.steps):
        if step.deadline is None or step.deadline.escalate or step.deadline.lapse_to is not None:
            continue
        if not _is_heard_of_by_the_matter(process, step):
            en = f"{_UNHEARD}, or by lapse_to where it goes"
            yield ("steps", index, "deadline"), en, "逾期后无人督办：请设置 escalate（逐级上报）或 lapse_to"


def _first_response(process: Process) -> Found:
    if process.first_response is None:
        return
    begins = [step for step in process.steps if step.code in process.beginnings()]
    if not process.first_response.escalate and not all(_is_heard_of(process, step) for step in begins):
        yield ("first_response",), _UNHEARD, "首次响应逾期后无人督办：请用 escalate 指定逐级上报对象"
    for step in begins:
        acting = (one for action in step.actions for one in step.who_may(action))
        if not any(isinstance(one, Holder) or one == INVITED for one in acting):
            en = f"nobody in duty acts in {step.code}, where tickets begin: they respond only after others have acted"
            yield ("first_response",), en, f"起始步骤 {step.code} 无任职人员办理，首次响应须等待他人先行办理"


def _is_heard_of(process: Process, step: Step) -> bool:
    return bool(step.deadline and step.deadline.escalate) or _is_heard_of_by_the_matter(process, step)


def _is_heard_of_by_the_matter(process: Process, step: Step) -> bool:
    return process.matter is not None and bool(process.matter.escalate) and not step.pauses


def _deadline(process: Process, deadline: Deadline, path: Path) -> Found:
    days, hours = deadline.within.working_days, deadline.within.working_hours
    for index, before in enumerate(deadline.remind_working_days_before):
        if before < 1 or (days is not None and before >= days):
            en = "a reminder comes at least one working day before the deadline, and after the start"
            zh = "提醒应在期限开始之后、到期至少一个工作日之前"
            yield (*path, "remind_working_days_before", index), en, zh
    for index, before in enumerate(deadline.remind_working_hours_before):
        here = (*path, "remind_working_hours_before", index)
        if hours is None:
            en = "only a deadline in working hours is reminded of by hours; there is remind_working_days_before"
            yield here, en, "仅以工作小时计的期限可按小时提醒；其他期限请用 remind_working_days_before"
        elif not 1 <= before < hours:
            en = "a reminder comes at least one working hour before the deadline, and after the start"
            yield here, en, "提醒应在期限开始之后、到期至少一个工作小时之前"
    for key in ("remind_working_days_before", "remind_working_hours_before"):
        yield from _twice(getattr(deadline, key), (*path, key))
    yield from _rungs(deadline, path)
    yield from _issuer(process, deadline, path)


def _rungs(deadline: Deadline, path: Path) -> Found:
    for index, rung in enumerate(deadline.escalate):
        if (rung.after_working_days is None) == (rung.after_working_hours is None):
            en = "say after how many working days or after how many working hours, one of the two"
            zh = "须且仅须指明 after_working_days（工作日）或 after_working_hours（工作小时）"
            yield (*path, "escalate", index), en, zh
            return
    hours = [rung.after_working_hours for rung in deadline.escalate if rung.after_working_hours is not None]
    days = [rung.after_working_days for rung in deadline.escalate if rung.after_working_days is not None]
    grow = all(listed == sorted(set(listed)) and min(listed, default=1) >= 1 for listed in (hours, days))
    if not grow or any(rung.after_working_hours is None for rung in deadline.escalate[: len(hours)]):
        en = "rungs come one after the other, from 1 on, those in hours before those in days"
        yield (*path, "escalate"), en, "逐级上报应从 1 起递增，按小时的在前、按工作日的在后"


def _twice(before: Sequence[int], path: Path) -> Found:
    for index, one in enumerate(before):
        if one in before[:index]:
            yield (*path, index), f"{one} is there twice", f"{one} 重复"


def _issuer(process: Process, deadline: Deadline, path: Path) -> Found:
    if all(isinstance(one, Holder) for one in process.raising.who):
        return
    for index, rung in enumerate(deadline.escalate):
        if rung.to == ISSUER:
            en = "not everybody who raises this does so by duty: there may be no issuer to bring it before"
            yield (*path, "escalate", index, "to"), en, "并非均由任职人员提出：可能没有交办人可上报"
