"""Joining tickets about the same matter (并案): one goes on for all, and whoever raised another evaluates it too.

A request that is made again belongs to the case that is open for it (北京市接诉即办工作条例, articles 11 to 17).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.tickets.domain.levels import Level
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.process import Holder, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from services.tickets.domain.process import Process
    from services.tickets.domain.ticket import Ticket

_COMMUNITY = Level.COMMUNITY.value


def is_one_place(code: str, other: str) -> bool:
    """Tell whether two regions lie in one community, or one of them in the other."""
    return code[:_COMMUNITY].startswith(other[:_COMMUNITY]) or other[:_COMMUNITY].startswith(code[:_COMMUNITY])


def check_joining(ticket: Ticket, lead: UUID, number: str, code: str, ended_at: datetime | None) -> None:
    """Refuse to join a ticket to itself, to one that has ended, or to one about another place. Raises Refused."""
    if ticket.id == lead:
        raise Refused(TicketProblem.CANNOT_JOIN_ITSELF, "into")
    if ended_at is not None:
        raise Refused(TicketProblem.LEAD_HAS_ENDED, "into", number=number)
    if not is_one_place(ticket.region_code, code):
        raise Refused(TicketProblem.LEAD_IS_ELSEWHERE, "into", number=number)


def faults(process: Process) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Yield what is wrong with how a process joins tickets: as path, English, Chinese."""
    joining = process.joining
    if joining is None:
        return
    end = process.end(joining.to)
    if end is None or end.outcome is not Outcome.JOINED:
        yield ("joining", "to"), "joining leads to an end whose outcome is joined", "并案须指向结果为 joined 的终点"
    for index, code in enumerate(joining.out_of):
        step = process.step(code)
        if step is None:
            yield ("joining", "out_of", index), f"there is no step {code!r}", f"不存在步骤 {code!r}"
        elif not any(isinstance(one, Holder) for one in step.who):
            en = f"nobody in duty acts in {code}, so nobody could join it"
            yield ("joining", "out_of", index), en, f"{code} 无任职人员办理，无人可并案"
