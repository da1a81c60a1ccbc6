"""Carry duties over into another organisation or region on a day: who held them holds them on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from chassis.events import outbox
from chassis.events.outbox import Draft
from chassis.ids import new_id
from services.org.commands.publishing import SERVICE
from services.org.domain import events
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession

Carried = tuple["RowMapping", dict[str, Any] | None]
"""A duty and what changes of it; None: it ends, since its post is taken where it would go."""


async def duties_from(session: WriteSession, on: date, *conditions: object) -> Sequence[RowMapping]:
    """Lock and return the duties that hold on `on` or later, in the order of their ids."""
    d = t.duty
    still = or_(d.c.valid_to.is_(None), d.c.valid_to > on)
    statement = select(d).where(still, *conditions)  # type: ignore[arg-type]  # conditions are SQL expressions
    return await session.rows(statement.order_by(d.c.id).with_for_update())


async def carry_over(session: WriteSession, duties: Sequence[Carried], on: date) -> None:
    """End each duty on `on` and begin it anew with its changes, so that the past stays; tell of both.

    One that begins on `on` or later has no past yet: it is changed itself. A pair of which both are carried stays one.
    The duties must be locked.
    """
    renewed = {row["id"]: new_id() for row, changes in duties if changes is not None and row["valid_from"] < on}
    added: list[dict[str, Any]] = []
    drafts: list[Draft] = []
    for row, changes in duties:
        ends = row["valid_from"] < on
        version = row["version"] + 1
        mine = update(t.duty).where(t.duty.c.id == row["id"])
        if changes is None or ends:
            until = max(on, row["valid_from"])
            await session.execute(mine.values(valid_to=until, version=version))
            drafts.append(_draft(events.DutyEnded(**_facts(row), valid_to=until), version))
        if changes is None:
            continue
        new = {**{name: row[name] for name in _COLUMNS}, **changes}
        if ends:
            partner = renewed.get(row["paired_with"])
            new |= {"id": renewed[row["id"]], "valid_from": on, "paired_with": partner}
            added.append(new)
            version = 1
        else:
            await session.execute(mine.values(**changes, version=version))
        drafts.append(_draft(events.DutyAssigned(**_facts(new), valid_to=new["valid_to"]), version))
    # Who is told of in a pair must be there first.
    for new in sorted(added, key=lambda one: one["paired_with"] is not None):
        await session.execute(insert(t.duty), new)
    await outbox.append_many(session.connection, SERVICE, drafts)


_COLUMNS = tuple(column.name for column in t.duty.c if column.name != "version")


def _facts(row: Any) -> dict[str, Any]:
    names = ("person_id", "title", "organisation_id", "region_id", "region_code", "valid_from")
    return {"duty_id": row["id"], **{name: row[name] for name in names}}


def _draft(event: events.DutyEnded | events.DutyAssigned, version: int) -> Draft:
    duty_id: UUID = event.duty_id
    return Draft(
        event=event,
        aggregate_id=duty_id,
        aggregate_version=version,
        region_code=event.region_code,
        occurred_at=datetime.now(UTC),
    )
