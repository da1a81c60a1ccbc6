"""The words of a process in the graph: itself, its steps and ends, categories, actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

import strawberry

from chassis.graphql.context import Context
from services.tickets.domain.actions import Offered
from services.tickets.domain.assignment import OF_TURNS, name_of
from services.tickets.domain.process import Kind, Process, Step
from services.tickets.graphql.deliverables import DeliverableKind
from services.tickets.graphql.enums import DeadlineKind, TicketActionKind, TicketInputKind
from services.tickets.graphql.links import named
from services.tickets.graphql.personal_rule import PersonalDataRule


@strawberry.type(description="A step of a process, or an end. 环节")
class ProcessStep:
    """A place where a ticket is."""

    code: str = strawberry.field(description="Code in the process. 代码")
    name: str = strawberry.field(description="Its name in the language of Accept-Language. 名称")
    is_end: bool = strawberry.field(description="Whether a ticket ends here. 是否终点")

    @classmethod
    def of(cls, process: Process, code: str, context: Context) -> Self:
        """Make it from the definition."""
        place = process.place(code)
        return cls(code=code, name=named(context, place), is_end=not isinstance(place, Step))


@strawberry.type(description="A kind of matter. 类别")
class TicketCategory:
    """A category."""

    code: str = strawberry.field(description="Code in the process. 代码")
    name: str = strawberry.field(description="Its name. 名称")


@strawberry.type(description="A way by which tickets come in. 渠道")
class TicketChannel:
    """A channel."""

    code: str = strawberry.field(description="Code in the process. 代码")
    name: str = strawberry.field(description="Its name. 名称")


@strawberry.type(description="How a kind of ticket is handled, in one version. 流程")
class TicketProcess:
    """A process."""

    code: str = strawberry.field(description="Code. 代码")
    version: int = strawberry.field(description="Version; a ticket ends on the one it began with. 版本")
    name: str = strawberry.field(description="Name. 名称")
    definition: strawberry.Private[Process]
    context: strawberry.Private[Context]

    @classmethod
    def of(cls, process: Process, context: Context) -> Self:
        """Make it from the definition."""
        name = named(context, process)
        return cls(code=process.code, version=process.version, name=name, definition=process, context=context)

    @strawberry.field(description="What a requester's data is for, and how long it is kept. 个人信息处理规则")
    def personal_data(self) -> PersonalDataRule:
        """Tell it, for the notice before somebody gives their name."""
        return PersonalDataRule.of(self.definition, self.context)

    @strawberry.field(description="Levels of region in which it can be raised by its process, by name. 可提出层级")
    def levels(self) -> list[str]:
        """List them."""
        return list(self.definition.raising.levels)

    @strawberry.field(description="The process's kinds of matter; a ticket has one when there are any. 类别")
    def categories(self) -> list[TicketCategory]:
        """List them."""
        return [TicketCategory(code=one.code, name=named(self.context, one)) for one in self.definition.categories]

    @strawberry.field(
        description="The process's ways by which tickets come in; the first is meant when none is said. 渠道"
    )
    def channels(self) -> list[TicketChannel]:
        """List them."""
        return [TicketChannel(code=one.code, name=named(self.context, one)) for one in self.definition.channels]

    @strawberry.field(description="The process's kinds of things that its tickets deliver. 成果种类")
    def deliverables(self) -> list[DeliverableKind]:
        """List them."""
        return [DeliverableKind.of(one, self.context) for one in self.definition.deliverables]

    @strawberry.field(description="The process's steps in their order, then ends. 环节")
    def steps(self) -> list[ProcessStep]:
        """List them."""
        codes = [*(step.code for step in self.definition.steps), *(end.code for end in self.definition.ends)]
        return [ProcessStep.of(self.definition, code, self.context) for code in codes]


@strawberry.type(description="Something that the caller can do with a ticket now. 可办理动作")
class TicketAction:
    """An action on offer."""

    code: str = strawberry.field(description="Code; `action` of the mutation's input. 代码")
    kind: TicketActionKind = strawberry.field(description="What it means; names the mutation. 类别")
    name: str = strawberry.field(description="Its name. 名称")
    requires: list[TicketInputKind] = strawberry.field(description="What must come with it. 必填内容")
    may: list[TicketInputKind] = strawberry.field(description="What may come with it. 选填内容")

    @classmethod
    def of(cls, offered: Offered, context: Context) -> Self:
        """Make it from what the process offers."""
        action = offered.action
        return cls(
            code=action.code,
            kind=kind_of(action.kind),
            name=named(context, action),
            requires=[TicketInputKind[one.name] for one in action.requires],
            may=[TicketInputKind[one.name] for one in action.may if one not in action.requires],
        )


def kind_of(kind: Kind) -> TicketActionKind:
    """Return the graph's name of a kind."""
    return TicketActionKind[kind.name]


def action_name(process: Process, code: str, kind: Kind, step: str | None, context: Context) -> str:
    """Return what a process calls something that was done in one of its steps."""
    if kind is Kind.RAISE:
        return named(context, process.raising)
    if kind is Kind.LAPSE:
        return "逾期自动流转" if context.language == "zh-CN" else "went on by itself"
    if kind is Kind.GATHER:
        return "子单办结后自动流转" if context.language == "zh-CN" else "its child tickets ended"
    if kind in OF_TURNS:
        return name_of(process, kind)[0 if context.language == "zh-CN" else 1]
    by_rule = {Kind.WITHDRAW: process.withdrawal, Kind.REOPEN: process.reopening, Kind.JOIN: process.joining}
    section = process.recall if kind is Kind.RECALL else by_rule.get(kind)
    if section is not None:
        return named(context, section)
    place = process.step(step or "")
    return next((named(context, one) for one in (place.actions if place else ()) if one.code == code), code)


@strawberry.type(description="A deadline that runs, pauses or ran. 时限")
class TicketDeadline:
    """A clock."""

    kind: DeadlineKind = strawberry.field(description="What it is for. 类别")
    step: ProcessStep | None = strawberry.field(description="The step that it is for. 环节")
    started_at: datetime = strawberry.field(description="When it started. 起算时间")
    due_at: datetime | None = strawberry.field(description="Until when; null while it pauses. 截止时间")
    stopped_at: datetime | None = strawberry.field(description="When it was met or given up. 停止时间")
    is_paused: bool = strawberry.field(description="Whether it pauses. 是否暂停")
    is_overdue: bool = strawberry.field(description="Whether it runs and has passed. 是否逾期")
    was_kept: bool | None = strawberry.field(description="Whether it was met in time; null while it runs. 是否按期")
    is_provisional: bool = strawberry.field(
        description="Counted over days whose holidays are not published yet: may move. 是否暂定"
    )

    @classmethod
    def of(cls, row: Any, process: Process, at: datetime, context: Context) -> Self:
        """Make it from a clock's row."""
        runs = row["stopped_at"] is None
        return cls(
            kind=DeadlineKind[row["kind"].upper()],
            step=ProcessStep.of(process, row["step"], context) if row["step"] else None,
            started_at=row["started_at"],
            due_at=row["due_at"],
            stopped_at=row["stopped_at"],
            is_paused=runs and row["paused_since"] is not None,
            is_overdue=runs and row["due_at"] is not None and row["due_at"] <= at,
            was_kept=row["kept"],
            is_provisional=runs and row["provisional"],
        )
