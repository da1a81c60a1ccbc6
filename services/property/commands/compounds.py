"""Register compounds, and record where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import EVERYWHERE
from chassis.events import outbox
from chassis.events.outbox import Draft
from chassis.ids import new_id
from chassis.problems import Refused
from chassis.records import write_audit
from chassis.texts import demanded
from services.property.commands.places import check_version, lock, region_of_compound
from services.property.commands.publishing import SERVICE, publish, store
from services.property.domain.care import Care
from services.property.domain.content import now, today
from services.property.domain.coordinates import check_coordinates
from services.property.domain.events import CompoundMoved, CompoundPlaced, CompoundRegistered
from services.property.domain.problems import PropertyProblem
from services.property.storage import tables as t

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from chassis.service import Runtime


class RegisterCompound(msgspec.Struct, frozen=True):
    """What is asked: a compound of a type in a region."""

    region_code: str
    name: str
    kind: str
    care: Care = Care.NONE
    latitude: float | None = None
    longitude: float | None = None


class PlaceCompound(msgspec.Struct, frozen=True):
    """What is asked: that a compound lies there, in degrees north and east; without both, that it is not known."""

    id: UUID
    expected_version: int
    latitude: float | None = None
    longitude: float | None = None


async def register_compound(session: WriteSession, permit: Permit, asked: RegisterCompound) -> UUID:
    """Register a compound and return its id."""
    region = await region_of_compound(session, asked.region_code)
    permit.require(region["code"], what="region")
    name, kind = demanded(asked.name, "name"), demanded(asked.kind, "kind")
    check_coordinates(asked.latitude, asked.longitude, "latitude")
    id_ = new_id()
    row: dict[str, Any] = {
        "id": id_,
        "name": name,
        "kind": kind,
        "region_id": region["id"],
        "region_code": region["code"],
        "care": asked.care.value,
        "registered_on": today(),
        "latitude": asked.latitude,
        "longitude": asked.longitude,
        "events": 1,
    }
    stored = await session.execute(upsert(t.compound).values(row).on_conflict_do_nothing())
    if not stored.rowcount:
        raise Refused(PropertyProblem.COMPOUND_EXISTS, "name", name=name)
    session.changed("compound", id_, region["code"], name=name, kind=kind, care=asked.care.value)
    await publish(session, registered(row), id_, 1, region["code"])
    return id_


async def place_compound(session: WriteSession, permit: Permit, asked: PlaceCompound) -> UUID:
    """Record, correct or take back where a compound lies. Return its id."""
    row = await lock(session, t.compound, asked.id, "compound")
    permit.require(row["region_code"], what="compound")
    check_version(row["version"], asked.expected_version)
    check_coordinates(asked.latitude, asked.longitude, "latitude")
    place: dict[str, Any] = {"latitude": asked.latitude, "longitude": asked.longitude}
    if all(row[name] == value for name, value in place.items()):
        raise Refused(PropertyProblem.SAME_PLACE, "latitude")
    event = CompoundPlaced(**_known(row), **place)
    await store(session, t.compound, row, event, **place)
    session.changed("compound", asked.id, row["region_code"], **place)
    return asked.id


async def tell_compounds(runtime: Runtime) -> str:
    """Tell of every compound as it is now, for who begins to listen after the stream let their registration go."""
    c = t.compound
    async with runtime.database.write(EVERYWHERE) as session:
        counted = update(c).values(events=c.c.events + 1).returning(c)
        rows = (await session.execute(counted)).mappings().all()
        drafts = [
            Draft(
                event=CompoundPlaced(**_known(row), latitude=row["latitude"], longitude=row["longitude"]),
                aggregate_id=row["id"],
                aggregate_version=row["events"],
                region_code=row["region_code"],
                occurred_at=now(),
            )
            for row in rows
        ]
        await outbox.append_many(session.connection, SERVICE, drafts)
        session.changed("compound", "all", "", told=len(rows))
        await write_audit(session, "system:chore", "tellCompounds")
    return f"told of {len(rows):,} compounds"


def registered(row: RowMapping | dict[str, Any]) -> CompoundRegistered:
    """Return what is told of a compound that was stored."""
    names = ("kind", "latitude", "longitude")
    return CompoundRegistered(**_known(row), care=Care(row["care"]), **{name: row[name] for name in names})


def moved(row: RowMapping | dict[str, Any]) -> CompoundMoved:
    """Return what is told of a compound that lies in another region now."""
    return CompoundMoved(**_known(row), latitude=row["latitude"], longitude=row["longitude"])


def _known(row: RowMapping | dict[str, Any]) -> dict[str, Any]:
    names = ("region_id", "region_code", "name", "registered_on")
    return {"compound_id": row["id"], **{name: row[name] for name in names}}
