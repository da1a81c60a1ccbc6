"""Organisations that a ticket names: in force, and in charge of where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from chassis.problems import Refused
from services.tickets.commands.actors import now
from services.tickets.domain.calendar import local_day
from services.tickets.domain.problems import TicketProblem
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from chassis.database import WriteSession
    from services.tickets.domain.ticket import Given


async def check_bodies(session: WriteSession, region_code: str, given: Given) -> None:
    """Refuse organisations that are not in force, and to invite those that are not in charge of the ticket's region."""
    if given.responsible is not None and given.responsible not in await _in_force(session, [given.responsible]):
        raise Refused(TicketProblem.UNKNOWN_ORGANISATION, "responsible")
    found = await _in_force(session, given.invited)
    for index, body in enumerate(given.invited):
        if body not in found:
            raise Refused(TicketProblem.UNKNOWN_ORGANISATION, "invited", str(index))
        name, code = found[body]
        if not region_code.startswith(code):
            raise Refused(TicketProblem.NOT_IN_CHARGE_THERE, "invited", str(index), name=name)


async def _in_force(session: WriteSession, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return the name and the region's code of those organisations that are in force today."""
    if not ids:
        return {}
    o, r = t.organisation.c, t.region.c
    stands = or_(o.dissolved_on.is_(None), o.dissolved_on > local_day(now()))
    statement = select(o.id, o.name, r.code).join(t.region, r.id == o.region_id).where(o.id.in_(ids), stands)
    return {row["id"]: (row["name"], row["code"]) for row in await session.rows(statement)}
