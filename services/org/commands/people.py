"""Register people, change their record, and show it whole to who is entitled: each look is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import lock, region_in_force
from services.org.commands.publishing import publish
from services.org.domain import events
from services.org.domain.people import PartyStatus, check_purpose, checked
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.own_records import REVEALED

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Executable

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RegisterPerson(msgspec.Struct, frozen=True):
    """What is asked: a person registered in a region."""

    name: str
    region_code: str
    party_status: PartyStatus
    phone: str | None = None
    resident_id: str | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to: without personal data that could be guessed from a digest."""
        secret = {
            name: cipher.blind_index(value) if value else None
            for name, value in (("name", self.name), ("phone", self.phone), ("resident_id", self.resident_id))
        }
        return {"region_code": self.region_code, "party_status": self.party_status, **secret}


class UpdatePerson(msgspec.Struct, frozen=True):
    """What is asked: new values of what is set; UNSET stays, None is deleted."""

    id: UUID
    expected_version: int
    name: str | msgspec.UnsetType = msgspec.UNSET
    phone: str | msgspec.UnsetType | None = msgspec.UNSET
    resident_id: str | msgspec.UnsetType | None = msgspec.UNSET
    party_status: PartyStatus | msgspec.UnsetType = msgspec.UNSET


class RevealPerson(msgspec.Struct, frozen=True):
    """What is asked: a person's data unmasked, for a purpose that is recorded."""

    id: UUID
    purpose: str


async def register_person(session: WriteSession, permit: Permit, asked: RegisterPerson) -> UUID:
    """Register a person."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    data = checked(asked.name, asked.phone, asked.resident_id)
    cipher = permit.context.cipher
    row: dict[str, Any] = {
        "id": new_id(),
        "region_id": region.id,
        "region_code": region.code,
        "name": data.name,
        "party_status": asked.party_status.value,
        "phone": cipher.encrypt(data.phone) if data.phone else None,
        **_resident_id(cipher, data.resident_id),
    }
    await _store(session, insert(t.person).values(row))
    session.changed("person", row["id"], region.code, name=None, phone=None, resident_id=None)
    event = events.PersonRegistered(person_id=row["id"], region_id=region.id, region_code=region.code)
    await publish(session, event, event.person_id, 1, region.code)
    return event.person_id


async def update_person(session: WriteSession, permit: Permit, asked: UpdatePerson) -> UUID:
    """Change what is set of a person's record; a masked value is refused."""
    row = await lock(session, t.person, asked.id, "person", asked.expected_version)
    permit.require(row["region_code"], what="person")
    if row["erased_on"] is not None:
        raise Refused(OrgProblem.ALREADY_ERASED, "id", date=row["erased_on"])
    cipher = permit.context.cipher
    values: dict[str, Any] = {}
    data = checked(
        row["name"] if isinstance(asked.name, msgspec.UnsetType) else asked.name,
        asked.phone or None,
        asked.resident_id or None,
    )
    if asked.name is not msgspec.UNSET:
        values["name"] = data.name
    if asked.phone is not msgspec.UNSET:
        values["phone"] = cipher.encrypt(data.phone) if data.phone else None
    if asked.resident_id is not msgspec.UNSET:
        values |= _resident_id(cipher, data.resident_id)
    if isinstance(asked.party_status, PartyStatus):
        values["party_status"] = asked.party_status.value
    if not values:
        raise Refused(OrgProblem.NOTHING_CHANGES)
    version = row["version"] + 1
    await _store(session, update(t.person).where(t.person.c.id == asked.id).values(**values, version=version))
    fields = tuple(sorted(name for name in values if name != "resident_id_index"))
    session.changed("person", asked.id, row["region_code"], **dict.fromkeys(fields))
    event = events.PersonUpdated(
        person_id=asked.id, fields=fields, region_id=row["region_id"], region_code=row["region_code"]
    )
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id


async def reveal_person(session: WriteSession, permit: Permit, asked: RevealPerson) -> UUID:
    """Record who looks at a person's data, and why; what is shown is read after this has committed."""
    row = await lock(session, t.person, asked.id, "person")
    permit.require(row["region_code"], what="person")
    session.changed(REVEALED, asked.id, row["region_code"], purpose=check_purpose(asked.purpose, "purpose"))
    return asked.id


def _resident_id(cipher: DataCipher, number: str | None) -> dict[str, bytes | None]:
    """Return the columns of an identity number."""
    if number is None:
        return {"resident_id": None, "resident_id_index": None}
    return {"resident_id": cipher.encrypt(number), "resident_id_index": cipher.blind_index(number)}


async def _store(session: WriteSession, statement: Executable) -> None:
    """Write a person. Raises Refused when somebody else, perhaps out of sight, has the same identity number."""
    try:
        await session.execute(statement)
    except IntegrityError as error:
        if "resident_id_index" in str(error.orig):
            raise Refused(OrgProblem.DUPLICATE_PERSON, "residentId") from error
        raise
