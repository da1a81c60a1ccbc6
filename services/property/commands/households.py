"""Register exclusive parts, transfer them, and note who lives there or is entrusted; look at an owner's data."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.problems import CommonProblem, Refused
from chassis.texts import clean, demanded
from services.property.commands.members import leave_former_owners
from services.property.commands.owners import owner_id_of, ownership_row
from services.property.commands.places import lock
from services.property.commands.publishing import store
from services.property.domain.content import check_past, today
from services.property.domain.events import PartTransferred, RegisterChanged
from services.property.domain.identifiers import check_phone, check_whole
from services.property.domain.problems import PropertyProblem
from services.property.domain.register import (
    Basis,
    OwnerData,
    Status,
    Use,
    area_of,
    check_owners,
    check_transfer_day,
)
from services.property.storage import tables as t

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_LONGEST_PURPOSE = 200


class RegisterHousehold(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: an exclusive part with its area (m²) and its owners since a day."""

    compound_id: UUID
    building: str
    room: str
    area: str
    unit: str = ""
    basis: Basis = Basis.LAND_REGISTER
    status: Status = Status.OWNED
    use: Use = Use.HOME
    owners: tuple[OwnerData, ...] = ()
    owned_since: date | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to, without personal data that could be guessed from a digest."""
        return _bound(cipher, self)


class TransferHousehold(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: other owners for an exclusive part from a day on."""

    id: UUID
    expected_version: int
    on: date
    owners: tuple[OwnerData, ...]


class AddOccupant(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a tenant, or somebody whom the owners entrust, in an exclusive part."""

    household_id: UUID
    role: str
    name: str
    phone: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to, without personal data."""
        return _bound(cipher, self)


class EndOccupant(msgspec.Struct, frozen=True):
    """What is asked: that a tenancy or an entrustment ends."""

    id: UUID
    on: date


class RevealOwner(msgspec.Struct, frozen=True):
    """What is asked: an owner's data unmasked, for a purpose that is recorded."""

    id: UUID
    purpose: str


def _bound(cipher: DataCipher, asked: msgspec.Struct) -> dict[str, Any]:
    return {"asked": cipher.blind_index(msgspec.json.encode(asked).decode())}


async def register_household(session: WriteSession, permit: Permit, asked: RegisterHousehold) -> UUID:
    """Register an exclusive part and return its id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    owners = check_owners(asked.status, asked.owners)
    since = asked.owned_since or today()
    check_past(since, "ownedSince")
    row: dict[str, Any] = {
        "id": new_id(),
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "building": demanded(asked.building, "building"),
        "unit": clean(asked.unit, "unit", 100) or "",
        "room": demanded(asked.room, "room"),
        "area": area_of(asked.area, "area"),
        "basis": asked.basis.value,
        "status": asked.status.value,
        "use": asked.use.value,
    }
    if not (await session.execute(upsert(t.part).values(row).on_conflict_do_nothing())).rowcount:
        address = " ".join(filter(None, (row["building"], row["unit"], row["room"])))
        raise Refused(PropertyProblem.HOUSEHOLD_EXISTS, "room", address=address)
    await _own(session, permit, row, owners, since)
    session.changed("household", row["id"], compound["region_code"], area=row["area"], owners=None)
    await count_register(session, compound)
    return UUID(str(row["id"]))


async def _own(
    session: WriteSession, permit: Permit, part: dict[str, Any], owners: list[OwnerData], since: date
) -> None:
    cipher = permit.context.cipher
    for owner in owners:
        owner_id = await owner_id_of(session, cipher, part["compound_id"], part["region_code"], owner)
        await session.execute(insert(t.ownership), ownership_row(part, owner_id, owner, since))


async def count_register(session: WriteSession, compound: RowMapping) -> None:
    """Tell how large a compound's register is now; the compound's row is locked."""
    p = t.part.c
    counted = select(func.count().label("households"), func.coalesce(func.sum(p.area), 0).label("area"))
    found = await session.row(counted.where(p.compound_id == compound["id"]))
    households, area = (found["households"], found["area"]) if found else (0, 0)
    event = RegisterChanged(
        compound_id=compound["id"],
        region_id=compound["region_id"],
        region_code=compound["region_code"],
        households=households,
        area=int(area),
    )
    await store(session, t.compound, compound, event)


async def transfer_household(session: WriteSession, permit: Permit, asked: TransferHousehold) -> UUID:
    """Give an exclusive part other owners; who owned it before stays on record."""
    found = await session.row(select(t.part.c.compound_id).where(t.part.c.id == asked.id))
    if found is None:
        raise NotFound(what="household")
    compound = await lock(session, t.compound, found["compound_id"], "compound")
    part = await lock(session, t.part, asked.id, "household", asked.expected_version)
    permit.require(part["region_code"], what="household")
    check_past(asked.on, "on")
    owners = check_owners(Status.OWNED, asked.owners)
    o = t.ownership
    present = (o.c.part_id == part["id"]) & o.c.valid_to.is_(None)
    check_transfer_day(asked.on, await session.scalar(select(func.max(o.c.valid_from)).where(present)))
    await session.execute(update(o).where(present).values(valid_to=asked.on))
    await _own(session, permit, dict(part), owners, asked.on)
    changed = update(t.part).where(t.part.c.id == part["id"])
    await session.execute(changed.values(status=Status.OWNED.value, version=part["version"] + 1))
    session.changed("household", part["id"], part["region_code"], on=asked.on, owners=None)
    event = PartTransferred(
        compound_id=compound["id"],
        region_id=compound["region_id"],
        region_code=compound["region_code"],
        part_id=part["id"],
        on=asked.on,
    )
    await store(session, t.compound, compound, event)
    await leave_former_owners(session, compound["id"])
    return asked.id


async def add_occupant(session: WriteSession, permit: Permit, asked: AddOccupant) -> UUID:
    """Note a tenant or a representative and return the id of the household."""
    part = await lock(session, t.part, asked.household_id, "household")
    permit.require(part["region_code"], what="household")
    since = asked.valid_from or today()
    if asked.valid_to is not None and asked.valid_to <= since:
        raise Refused(PropertyProblem.INVALID_DATE, "validTo", field="validTo", earliest=since)
    name = demanded(asked.name, "name")
    check_whole(name, "name")
    phone = check_phone(asked.phone, "phone") if asked.phone else None
    encrypt = permit.context.cipher.encrypt
    row = {
        "id": new_id(),
        "part_id": part["id"],
        "compound_id": part["compound_id"],
        "region_code": part["region_code"],
        "role": asked.role,
        "name": encrypt(name),
        "phone": encrypt(phone) if phone else None,
        "valid_from": since,
        "valid_to": asked.valid_to,
    }
    await session.execute(insert(t.occupant), row)
    session.changed("occupant", row["id"], part["region_code"], role=asked.role, name=None, phone=None)
    return asked.household_id


async def end_occupant(session: WriteSession, permit: Permit, asked: EndOccupant) -> UUID:
    """End a tenancy or an entrustment and return the id of the household."""
    row = await session.row(select(t.occupant).where(t.occupant.c.id == asked.id).with_for_update())
    if row is None:
        raise NotFound(what="occupant")
    permit.require(row["region_code"], what="occupant")
    if row["valid_to"] is not None and row["valid_to"] <= today():
        raise Refused(PropertyProblem.ALREADY_ENDED, "id")
    if asked.on <= row["valid_from"]:
        raise Refused(PropertyProblem.INVALID_DATE, "on", field="on", earliest=row["valid_from"])
    await session.execute(update(t.occupant).where(t.occupant.c.id == asked.id).values(valid_to=asked.on))
    session.changed("occupant", asked.id, row["region_code"], valid_to=asked.on)
    return UUID(str(row["part_id"]))


async def reveal_owner(session: WriteSession, permit: Permit, asked: RevealOwner) -> UUID:
    """Record who looks at an owner's data, and why; what is shown is read after this has committed."""
    region_code = await session.scalar(select(t.owner.c.region_code).where(t.owner.c.id == asked.id))
    if region_code is None:
        raise NotFound(what="owner")
    permit.require(region_code, what="owner")
    purpose = clean(asked.purpose, "purpose", _LONGEST_PURPOSE)
    if purpose is None:
        raise Refused(CommonProblem.REQUIRED, "purpose", field="purpose")
    session.changed("owner_revealed", asked.id, region_code, purpose=purpose)
    return asked.id
