"""Save and delete views of what waits for a duty: by whoever holds it, for all who hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import delete, func, insert, select

from chassis.errors import Forbidden, NotFound
from chassis.ids import new_id
from chassis.problems import Refused
from services.tickets.commands.absences import own_duty
from services.tickets.commands.actors import actor_of, now
from services.tickets.domain.inbox import MOST_VIEWS, ViewFilter, checked_view
from services.tickets.domain.problems import TicketProblem
from services.tickets.domain.ticket import Held
from services.tickets.storage import tables as t

if TYPE_CHECKING:
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class SaveView(msgspec.Struct, frozen=True):
    """What is asked: a view of what a duty of one's own has to do with."""

    duty_id: UUID
    name: str
    filter: ViewFilter


async def save_view(session: WriteSession, permit: Permit, asked: SaveView) -> UUID:
    """Save a view and return its id. Raises NotFound, Forbidden, Refused."""
    duty = await own_duty(session, permit, asked.duty_id)
    name, filter_ = checked_view(asked.name, asked.filter)
    v = t.inbox_view
    mine = (v.c.title == duty["title"]) & (v.c.region_code == duty["region_code"])
    if await session.scalar(select(func.count()).select_from(v).where(mine)) >= MOST_VIEWS:
        raise Refused(TicketProblem.TOO_MANY_VIEWS, most=MOST_VIEWS)
    id_ = new_id()
    values = {
        "id": id_,
        "title": duty["title"],
        "region_id": duty["region_id"],
        "region_code": duty["region_code"],
        "name": name,
        "filter": msgspec.to_builtins(filter_),
        "saved_at": now(),
    }
    await session.execute(insert(v), values)
    session.changed("inbox_view", id_, duty["region_code"], name=name, title=duty["title"])
    return id_


async def delete_view(session: WriteSession, permit: Permit, id_: UUID) -> UUID:
    """Delete a view, for whoever holds its duty. Raises NotFound, Forbidden."""
    v = t.inbox_view
    row = await session.row(select(v).where(v.c.id == id_).with_for_update())
    if row is None:
        raise NotFound(what="view")
    actor = await actor_of(session, permit.caller, row["region_code"])
    if Held(row["title"], row["region_code"]) not in actor.duties:
        raise Forbidden(operation=permit.operation)
    permit.decided()
    await session.execute(delete(v).where(v.c.id == id_))
    session.changed("inbox_view", id_, row["region_code"], name=None)
    return id_
