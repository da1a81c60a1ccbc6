"""Change an organisation's name or parent from a day on; what it was before stays to be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, or_, select, update

from services.org.commands.places import hold_organisation, lock
from services.org.commands.publishing import publish
from services.org.domain import events
from services.org.domain.organisations import OrganisationVersion, moved, renamed
from services.org.domain.periods import Period, check_existence, check_not_future, today
from services.org.storage import tables as t
from services.org.storage.organisations import above_of, last_version

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RenameOrganisation(msgspec.Struct, frozen=True):
    """What is asked: another name from a day on."""

    id: UUID
    expected_version: int
    name: str
    effective_on: date


class MoveOrganisation(msgspec.Struct, frozen=True):
    """What is asked: another parent from a day on; None: none is above it."""

    id: UUID
    expected_version: int
    parent_id: UUID | None
    effective_on: date


async def rename_organisation(session: WriteSession, permit: Permit, asked: RenameOrganisation) -> UUID:
    """Give an organisation another name."""
    row = await _locked(session, permit, asked.id, asked.expected_version, asked.effective_on)
    last = await last_version(session, asked.id)
    after = renamed(last, asked.name, asked.effective_on)
    version = await store_version(session, row, after, name=after.name)
    session.changed("organisation", asked.id, row["region_code"], name=after.name, valid_from=asked.effective_on)
    event = events.OrganisationRenamed(
        organisation_id=asked.id,
        name=after.name,
        previous_name=last.name,
        region_id=row["region_id"],
        region_code=row["region_code"],
        valid_from=asked.effective_on,
    )
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id


async def move_organisation(session: WriteSession, permit: Permit, asked: MoveOrganisation) -> UUID:
    """Put an organisation under another one, or under none."""
    row = await _locked(session, permit, asked.id, asked.expected_version, asked.effective_on)
    if asked.parent_id is not None:
        parent = await hold_organisation(session, asked.parent_id, "parentId")
        existence = Period(parent["established_on"], parent["dissolved_on"])
        check_existence(existence, Period(asked.effective_on), "parent", "parentId")
    await reparent(session, row, asked.parent_id, asked.effective_on)
    return asked.id


async def reparent(session: WriteSession, row: RowMapping, parent_id: UUID | None, on: date) -> None:
    """Put a locked organisation under another one on a day, and tell. Raises Refused."""
    above = await above_of(session, parent_id) if parent_id else []
    after = moved(await last_version(session, row["id"]), row["id"], parent_id, above, on)
    version = await store_version(session, row, after, parent_id=parent_id)
    session.changed("organisation", row["id"], row["region_code"], parent_id=parent_id, valid_from=on)
    event = events.OrganisationMoved(
        organisation_id=row["id"],
        parent_id=parent_id,
        region_id=row["region_id"],
        region_code=row["region_code"],
        valid_from=on,
    )
    await publish(session, event, row["id"], version, row["region_code"])


async def take_over(session: WriteSession, which: object, parent_id: UUID, on: date) -> None:
    """Put the organisations that `which` chooses, and that still exist on `on`, under another one."""
    o = t.organisation
    still = or_(o.c.dissolved_on.is_(None), o.c.dissolved_on > on)
    statement = select(o).where(still, which).order_by(o.c.id).with_for_update()  # type: ignore[arg-type]
    for child in await session.rows(statement):
        await reparent(session, child, parent_id, on)


async def begin_history(session: WriteSession, row: dict[str, Any]) -> None:
    """Store the first version of an organisation that was just founded, from its row."""
    first = {
        "organisation_id": row["id"],
        "seq": 1,
        "region_code": row["region_code"],
        "name": row["name"],
        "parent_id": row["parent_id"],
        "valid_from": row["established_on"],
    }
    await session.execute(insert(t.organisation_version), first)


async def store_version(session: WriteSession, row: RowMapping, after: OrganisationVersion, **now: Any) -> int:
    """End the open version and add the one that follows; return the organisation's new version number."""
    v, on = t.organisation_version, after.period.start
    mine = v.c.organisation_id == row["id"]
    await session.execute(update(v).where(mine, v.c.valid_to.is_(None)).values(valid_to=on))
    seq = select(func.max(v.c.seq) + 1).where(mine).scalar_subquery()
    following = {
        "organisation_id": row["id"],
        "seq": seq,
        "region_code": row["region_code"],
        "name": after.name,
        "parent_id": after.parent_id,
        "valid_from": on,
    }
    await session.execute(insert(v).values(following))
    version = int(row["version"]) + 1
    await session.execute(update(t.organisation).where(t.organisation.c.id == row["id"]).values(**now, version=version))
    return version


async def _locked(session: WriteSession, permit: Permit, id_: UUID, expected: int, on: date) -> RowMapping:
    row = await lock(session, t.organisation, id_, "organisation", expected)
    permit.require(row["region_code"], what="organisation")
    check_not_future(on, today(), "effectiveOn")
    existence = Period(row["established_on"], row["dissolved_on"])
    check_existence(existence, Period(on), "organisation", "effectiveOn")
    return row
