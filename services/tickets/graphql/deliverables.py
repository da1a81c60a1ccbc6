"""What tickets delivered, in the graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import strawberry

from chassis.graphql.context import Context
from services.tickets.domain.process import Deliverable, Process
from services.tickets.graphql.links import named


@strawberry.type(description="A kind of thing that tickets of a process deliver. 成果种类")
class DeliverableKind:
    """A kind."""

    code: str = strawberry.field(description="Code in the process. 代码")
    name: str = strawberry.field(description="Its name. 名称")
    unit: str = strawberry.field(description="In what it is counted; may be empty. 计量单位")

    @classmethod
    def of(cls, kind: Deliverable, context: Context) -> Self:
        """Make it from the definition."""
        return cls(code=kind.code, name=named(context, kind), unit=unit_of(kind, context))


@strawberry.type(description="How many of a kind a ticket delivered. 成果")
class TicketDeliverable:
    """A line of what was delivered."""

    kind: str = strawberry.field(description="Code of the kind. 种类代码")
    name: str = strawberry.field(description="Its name. 种类名称")
    quantity: int = strawberry.field(description="How many. 数量")
    unit: str = strawberry.field(description="In what it is counted; may be empty. 计量单位")
    place: str | None = strawberry.field(description="Where, if that was said. 地点")


@strawberry.type(description="How many of a kind were delivered in a region. 成果数量")
class DeliveredInRegion:
    """A count by kind."""

    process: str = strawberry.field(description="Code of the process. 流程代码")
    kind: str = strawberry.field(description="Code of the kind. 种类代码")
    name: str = strawberry.field(description="Its name in the newest version that has it. 种类名称")
    unit: str = strawberry.field(description="In what it is counted; may be empty. 计量单位")
    quantity: int = strawberry.field(description="How many. 数量")


def unit_of(kind: Deliverable, context: Context) -> str:
    """Return in what a kind is counted, in the caller's language."""
    return kind.unit_zh if context.language == "zh-CN" else kind.unit_en


def delivered(rows: Iterable[Any], process: Process, context: Context) -> list[TicketDeliverable]:
    """Return rows of what was delivered in the graph."""
    known = {one.code: one for one in process.deliverables}
    return [
        TicketDeliverable(
            kind=row["kind"],
            name=named(context, known[row["kind"]]),
            quantity=row["quantity"],
            unit=unit_of(known[row["kind"]], context),
            place=row["place"],
        )
        for row in rows
    ]


def in_region(
    counts: Sequence[tuple[str, str, int]], every: Sequence[Process], context: Context
) -> list[DeliveredInRegion]:
    """Return counts of (process, kind, how many) with the names of their kinds."""
    known: dict[tuple[str, str], Deliverable] = {}
    for process in sorted(every, key=lambda one: one.version):
        known |= {(process.code, kind.code): kind for kind in process.deliverables}
    return [
        DeliveredInRegion(
            process=process,
            kind=kind,
            name=named(context, known[process, kind]) if (process, kind) in known else kind,
            unit=unit_of(known[process, kind], context) if (process, kind) in known else "",
            quantity=quantity,
        )
        for process, kind, quantity in counts
    ]
