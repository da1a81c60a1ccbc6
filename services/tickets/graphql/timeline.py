"""The timeline in the graph: who did what, when, and what came with it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

import strawberry

from chassis.graphql.context import Context
from services.tickets.domain.process import REQUESTER, RESIDENT, Kind, Process
from services.tickets.domain.ticket import SYSTEM
from services.tickets.graphql.admission import AdmissionItem, admission_item_by_id
from services.tickets.graphql.attachments import TicketAttachment
from services.tickets.graphql.deliverables import TicketDeliverable, delivered
from services.tickets.graphql.enums import TicketActionKind
from services.tickets.graphql.links import Info, Organisation, Person
from services.tickets.graphql.words import ProcessStep, action_name, kind_of
from services.tickets.storage.histories import load_attached, load_delivered

_NO_PERSON = frozenset({REQUESTER, RESIDENT, SYSTEM})


@strawberry.type(description="One line of a ticket's timeline. 办理记录")
class TimelineEntry:
    """Something that was done."""

    seq: int = strawberry.field(description="Its place, from 1. 序号")
    at: datetime = strawberry.field(description="When. 时间")
    action: str = strawberry.field(description="Code of the action. 动作代码")
    kind: TicketActionKind = strawberry.field(description="What it means. 动作类别")
    name: str = strawberry.field(description="What the process calls it. 动作名称")
    from_step: ProcessStep | None = strawberry.field(description="Where the ticket was; null for the first. 原环节")
    to_step: ProcessStep = strawberry.field(description="Where it came to. 去向环节")
    acted_as: str = strawberry.field(
        description="As what: code of a duty title, `requester`, `resident` or `system`. 办理身份"
    )
    actor: Person | None = strawberry.field(description="Who, if by duty; residents are not named. 办理人")
    acted_for: Person | None = strawberry.field(description="In whose stead, while they were away. 被代理人")
    round: int = strawberry.field(description="How often it had been reopened. 轮次")
    reason: str | None = strawberry.field(description="Why. 理由")
    opinion: str | None = strawberry.field(description="What was thought, decided or done. 意见")
    notice: str | None = strawberry.field(description="What was made public. 公开内容")
    rating: int | None = strawberry.field(description="How good the result was found. 评分")
    responsible: Organisation | None = strawberry.field(description="Who was named to do it. 承办单位")
    amount: Decimal | None = strawberry.field(description="Money that was set aside or spent, in yuan. 金额")
    assignee: Person | None = strawberry.field(description="Whose turn it was to be. 被指派人")
    invited: list[Organisation] = strawberry.field(description="Who was asked to answer, at most 20. 受邀单位")
    answers_for: Organisation | None = strawberry.field(description="The invited organisation that answered. 应约单位")
    row: strawberry.Private[Any]
    definition: strawberry.Private[Process]

    @classmethod
    def of(cls, row: Any, process: Process, context: Context) -> Self:
        """Make it from an entry's row."""
        kind, start = Kind(row["kind"]), row["from_step"]
        return cls(
            **{name: row[name] for name in ("seq", "at", "action", "acted_as", "round")},
            **{name: row[name] for name in ("reason", "opinion", "notice", "rating")},
            kind=kind_of(kind),
            name=action_name(process, row["action"], kind, start, context),
            from_step=ProcessStep.of(process, start, context) if start else None,
            to_step=ProcessStep.of(process, row["to_step"], context),
            actor=person_of(row["by"], row["acted_as"]),
            acted_for=None if row["acted_for"] is None else Person(id=strawberry.ID(str(row["acted_for"]))),
            responsible=organisation_of(row["responsible"]),
            amount=None if row["amount"] is None else Decimal(row["amount"]) / 100,
            assignee=None if row["assignee"] is None else Person(id=strawberry.ID(str(row["assignee"]))),
            invited=[Organisation(id=strawberry.ID(str(one))) for one in row["invited"]],
            answers_for=organisation_of(row["answers_for"]),
            row=row,
            definition=process,
        )

    @strawberry.field(description="All that was delivered by then, at most 20. 成果")
    async def deliverables(self, info: Info) -> list[TicketDeliverable]:
        """Read what was said then."""
        rows = await info.context.loader(load_delivered).load((self.row["ticket_id"], self.seq))
        return delivered(rows, self.definition, info.context)

    @strawberry.field(description="What came with it, at most 20. 附件")
    async def attachments(self, info: Info) -> list[TicketAttachment]:
        """Read them."""
        rows = await info.context.loader(load_attached).load((self.row["ticket_id"], self.seq))
        return [TicketAttachment.of(row) for row in rows]

    @strawberry.field(description="The item of entry control by which it was refused or returned. 准入清单依据")
    async def grounds(self, info: Info) -> AdmissionItem | None:
        """Read it."""
        id_ = self.row["grounds"]
        return None if id_ is None else await admission_item_by_id(info.context, id_)


def person_of(subject: str, acted_as: str) -> Person | None:
    """Return who acted by duty; residents stay unnamed."""
    if acted_as in _NO_PERSON:
        return None
    try:
        return Person(id=strawberry.ID(str(UUID(subject))))
    except ValueError:
        return None


def organisation_of(id_: UUID | None) -> Organisation | None:
    """Return the reference to an organisation."""
    return None if id_ is None else Organisation(id=strawberry.ID(str(id_)))
