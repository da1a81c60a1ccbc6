"""Register compounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.ids import new_id
from chassis.problems import Refused
from services.property.commands.places import region_of_compound
from services.property.commands.publishing import publish
from services.property.domain.care import Care
from services.property.domain.content import demanded, today
from services.property.domain.events import CompoundRegistered
from services.property.domain.problems import PropertyProblem
from services.property.storage import tables as t

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RegisterCompound(msgspec.Struct, frozen=True):
    """What is asked: a compound of a type in a region."""

    region_code: str
    name: str
    kind: str
    care: Care = Care.NONE


async def register_compound(session: WriteSession, permit: Permit, asked: RegisterCompound) -> UUID:
    """Register a compound and return its id."""
    region = await region_of_compound(session, asked.region_code)
    permit.require(region["code"], what="region")
    name, kind = demanded(asked.name, "name"), demanded(asked.kind, "kind")
    id_ = new_id()
    row = {
        "id": id_,
        "name": name,
        "kind": kind,
        "region_id": region["id"],
        "region_code": region["code"],
        "care": asked.care.value,
        "registered_on": today(),
        "events": 1,
    }
    stored = await session.execute(upsert(t.compound).values(row).on_conflict_do_nothing())
    if not stored.rowcount:
        raise Refused(PropertyProblem.COMPOUND_EXISTS, "name", name=name)
    session.changed("compound", id_, region["code"], name=name, kind=kind, care=asked.care.value)
    event = CompoundRegistered(
        compound_id=id_, region_id=region["id"], region_code=region["code"], name=name, kind=kind, care=asked.care
    )
    await publish(session, event, id_, 1, region["code"])
    return id_
