"""Register special needs, show them to who says why, hand a person's records out, and erase them; every look stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.overdue import end_overdue
from services.org.commands.places import check_kind, lock
from services.org.commands.publishing import publish
from services.org.commands.register_steps import place
from services.org.domain import special_need_events as events
from services.org.domain.codes import level_of
from services.org.domain.levels import Level
from services.org.domain.muster import check_community
from services.org.domain.people import check_purpose
from services.org.domain.periods import Period, check_not_future, ended, today
from services.org.domain.problems import OrgProblem
from services.org.domain.special_needs import (
    Details,
    LegalBasis,
    Look,
    check_basis,
    check_details,
    check_kept,
    kept_after,
)
from services.org.storage import tables as t
from services.org.storage.in_force import in_force
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import Database, WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing

_SWEEP = "system:retention"
_AT_ONCE = 100


class RegisterSpecialNeed(msgspec.Struct, frozen=True):
    """What is asked: a community keeps a record of somebody who needs particular help."""

    region_code: str
    kind: str
    name: str
    resident_id: str
    situation: str
    purpose: str
    legal_basis: LegalBasis
    valid_from: date
    kept_until: date
    phone: str | None = None
    consented_on: date | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to: personal data only as a keyed digest."""
        secret = cipher.blind_index("\n".join((self.name, self.resident_id, self.situation, self.phone or "")))
        open_ = ("region_code", "kind", "purpose", "legal_basis", "valid_from", "kept_until", "consented_on")
        return {**{name: getattr(self, name) for name in open_}, "secret": secret}


class LookAtSpecialNeeds(msgspec.Struct, frozen=True):
    """What is asked: records of a region, for a purpose; `after` is the last one that was shown before."""

    region_code: str
    purpose: str
    first: int
    kind: str | None = None
    after: UUID | None = None


class ExportSpecialNeeds(msgspec.Struct, frozen=True):
    """What is asked: everything that is kept of the person of a record, for them."""

    id: UUID
    purpose: str


class EraseSpecialNeed(msgspec.Struct, frozen=True):
    """What is asked: what a record has of the person goes."""

    id: UUID
    expected_version: int


def seal(cipher: DataCipher, details: Details) -> bytes:
    """Return details as they are stored."""
    return cipher.encrypt(msgspec.json.encode(details).decode())


async def register_special_need(session: WriteSession, permit: Permit, asked: RegisterSpecialNeed) -> UUID:
    """Write somebody into the register of a community."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    await check_kind(session, "special_need", asked.kind)
    details, number = check_details(asked.name, asked.phone, asked.resident_id, asked.situation)
    check_basis(asked.legal_basis, asked.consented_on, today())
    check_kept(asked.valid_from, asked.kept_until)
    cipher = permit.context.cipher
    row: dict[str, Any] = {
        "id": new_id(),
        "region_id": region.id,
        "region_code": region.code,
        "kind": asked.kind,
        "details": seal(cipher, details),
        "person_index": cipher.blind_index(number),
        "purpose": check_purpose(asked.purpose, "purpose"),
        "legal_basis": asked.legal_basis.value,
        "consented_on": asked.consented_on,
        "valid_from": asked.valid_from,
        "kept_until": asked.kept_until,
    }
    await session.execute(insert(t.special_need), row)
    session.changed("special_need", row["id"], region.code, details=None, kept_until=asked.kept_until)
    event = events.SpecialNeedRegistered(
        special_need_id=row["id"], region_code=region.code, valid_from=asked.valid_from
    )
    await publish(session, event, event.special_need_id, 1, region.code)
    return event.special_need_id


async def look_at_special_needs(
    session: WriteSession, permit: Permit, asked: LookAtSpecialNeeds, shown: list[RowMapping]
) -> UUID:
    """Record a look at each of the records of a region that are shown, and append these to `shown`."""
    region = await place(session, permit, asked.region_code, today())
    if level_of(region.code) not in {Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY}:
        raise Refused(OrgProblem.NOT_A_COMMUNITY, "regionCode", code=region.code)
    purpose = check_purpose(asked.purpose, "purpose")
    n = t.special_need
    statement = select(n).where(in_prefix(n.c.region_code, region.code), n.c.erased_on.is_(None), in_force(n, today()))
    if asked.kind is not None:
        statement = statement.where(n.c.kind == asked.kind)
    if asked.after is not None:
        statement = statement.where(n.c.id > asked.after)
    shown += await session.rows(statement.order_by(n.c.id).limit(max(1, min(asked.first, _AT_ONCE))))
    await _record(session, permit, shown, Look.SEEN, purpose)
    session.changed("special_needs_seen", region.id, region.code, purpose=purpose, records=len(shown))
    return region.id


async def export_special_needs(
    session: WriteSession, permit: Permit, asked: ExportSpecialNeeds, shown: list[RowMapping]
) -> UUID:
    """Append to `shown` all that is kept of the person of a record, where the caller may see it; record the looks."""
    row = await lock(session, t.special_need, asked.id, "special_need")
    permit.require(row["region_code"], what="special_need")
    purpose = check_purpose(asked.purpose, "purpose")
    if row["erased_on"] is not None:
        raise Refused(OrgProblem.ALREADY_ERASED, "id", date=row["erased_on"])
    n = t.special_need
    found = await session.rows(select(n).where(n.c.person_index == row["person_index"]).order_by(n.c.id))
    regions = permit.caller.regions(*permit.context.access.operations[permit.operation])
    shown += [one for one in found if any(one["region_code"].startswith(code) for code in regions)]
    await _record(session, permit, shown, Look.EXPORTED, purpose)
    session.changed("special_need_exported", asked.id, row["region_code"], purpose=purpose, records=len(shown))
    return asked.id


async def end_special_need(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End a record: the need is over, and the record goes half a year later."""
    row = await lock(session, t.special_need, asked.id, "special_need", asked.expected_version)
    permit.require(row["region_code"], what="special_need")
    check_not_future(asked.on, today(), "on")
    ended(Period(row["valid_from"], row["valid_to"]), asked.on, "on")
    values = {"valid_to": asked.on, "kept_until": kept_after(row["kept_until"], asked.on)}
    n, version = t.special_need, row["version"] + 1
    await session.execute(update(n).where(n.c.id == asked.id).values(**values, version=version))
    session.changed("special_need", asked.id, row["region_code"], **values)
    event = events.SpecialNeedEnded(special_need_id=asked.id, region_code=row["region_code"], valid_to=asked.on)
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id


async def erase_special_need(session: WriteSession, permit: Permit, asked: EraseSpecialNeed) -> UUID:
    """Erase what a record has of the person, at their request."""
    row = await lock(session, t.special_need, asked.id, "special_need", asked.expected_version)
    permit.require(row["region_code"], what="special_need")
    await _erase(session, row)
    return asked.id


async def erase_overdue(database: Database, day: date) -> int:
    """Erase some of the records that are kept until `day` or were until earlier; return how many."""
    n = t.special_need
    overdue = select(n).where(n.c.erased_on.is_(None), n.c.kept_until <= day).order_by(n.c.id)
    return await end_overdue(database, overdue, _erase, "eraseSpecialNeed", by=_SWEEP)


async def _erase(session: WriteSession, row: RowMapping) -> None:
    if row["erased_on"] is not None:
        raise Refused(OrgProblem.ALREADY_ERASED, "id", date=row["erased_on"])
    version, day = row["version"] + 1, today()
    values: dict[str, Any] = {"details": None, "person_index": None, "erased_on": day, "version": version}
    if row["valid_to"] is None:
        values["valid_to"] = max(day, row["valid_from"])
    await session.execute(update(t.special_need).where(t.special_need.c.id == row["id"]).values(**values))
    session.changed("special_need", row["id"], row["region_code"], details=None, erased_on=day)
    event = events.SpecialNeedErased(special_need_id=row["id"], region_code=row["region_code"])
    await publish(session, event, row["id"], version, row["region_code"])


async def _record(session: WriteSession, permit: Permit, rows: Sequence[RowMapping], look: Look, purpose: str) -> None:
    looks = [
        {
            "id": new_id(),
            "special_need_id": row["id"],
            "region_code": row["region_code"],
            "look": look.value,
            "subject": str(permit.caller.subject),
            "purpose": purpose,
        }
        for row in rows
    ]
    if looks:
        await session.execute(insert(t.special_need_look), looks)
