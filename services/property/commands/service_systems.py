"""Put compounds under a system of property help (红色物业服务体系), and fill its levels and supervising bodies."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import clean, demanded
from services.property.commands.committee_parts import found, of
from services.property.commands.places import lock
from services.property.commands.publishing import publish, store
from services.property.domain.care import Care
from services.property.domain.content import LONGEST_NAME, today
from services.property.domain.problems import PropertyProblem
from services.property.domain.service_system import ServiceSystem, check_day, post_of
from services.property.domain.service_system_events import PostFilled, PostVacated, SystemBegan, SystemEnded
from services.property.storage import committee_tables as m
from services.property.storage import system_tables as s
from services.property.storage import tables as t
from services.property.storage.service_systems import organisation_near, present

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

KIND = "system"
"""What standards of this kind are kept as."""
MOST_FILL = 100
"""Who fills one level or body at once: all building leaders of a compound."""


class PlaceUnderSystem(msgspec.Struct, frozen=True):
    """What is asked: a compound under a system from a day on."""

    compound_id: UUID
    system: str
    on: date


class EndServiceSystem(msgspec.Struct, frozen=True):
    """What is asked: that a compound is under its system no more, from a day on."""

    compound_id: UUID
    on: date


class FillServicePost(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: an organisation, a person by their duty, or somebody by name, for a level or body."""

    compound_id: UUID
    post: str
    on: date
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    title: str | None = None
    name: str | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to: no digest from which the name could be guessed."""
        return {"asked": cipher.blind_index(msgspec.json.encode(self).decode())}


class VacateServicePost(msgspec.Struct, frozen=True):
    """What is asked: that somebody fills a level or body no more, from a day on."""

    post_id: UUID
    on: date


def definition_of(row: RowMapping) -> ServiceSystem:
    """Return the system that a compound was put under, as it was then."""
    return msgspec.convert(row["definition"], ServiceSystem)


def about(row: RowMapping) -> dict[str, Any]:
    """Return what every event says of a compound under a system."""
    return of(row, service_system_id=row["id"], system=row["system"])


async def known_system(session: WriteSession, code: str, care: Care) -> ServiceSystem:
    """Return a system of the practice that is for a way of care. Raises Refused."""
    k = m.standard.c
    stored = await session.scalar(select(k.definition).where(k.kind == KIND, k.code == code))
    if stored is None:
        raise Refused(PropertyProblem.UNKNOWN_RULE, "system", rule=code[:40])
    system = msgspec.convert(stored, ServiceSystem)
    if care not in system.care:
        raise Refused(PropertyProblem.CARE_NOT_OF_SYSTEM, "system")
    return system


async def _in_force(session: WriteSession, compound_id: UUID) -> RowMapping | None:
    k = s.service_system.c
    mine = (k.compound_id == compound_id) & k.valid_to.is_(None)
    return await session.row(select(s.service_system).where(mine).with_for_update())


async def begin(session: WriteSession, compound: Any, system: ServiceSystem, id_: UUID, on: date) -> dict[str, Any]:
    """Put a locked compound under a system and tell of it; return the row. Raises Refused."""
    check_day(on, compound["registered_on"], today(), "on")
    k = s.service_system.c
    until = await session.scalar(select(func.max(k.valid_to)).where(k.compound_id == compound["id"]))
    if await _in_force(session, compound["id"]) is not None:
        raise Refused(PropertyProblem.UNDER_SYSTEM, "compoundId")
    if until is not None:
        check_day(on, until, today(), "on")
    row = {
        "id": id_,
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "system": system.code,
        "definition": msgspec.to_builtins(system),
        "valid_from": on,
        "events": 1,
    }
    await session.execute(insert(s.service_system), row)
    event = SystemBegan(**of(row), service_system_id=id_, system=system.code, valid_from=on)
    await publish(session, event, id_, 1, compound["region_code"])
    return row


async def place_under_system(session: WriteSession, permit: Permit, asked: PlaceUnderSystem) -> UUID:
    """Put a compound that owners or community care for under a system; return the compound's id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    system = await known_system(session, demanded(asked.system, "system"), Care(compound["care"]))
    row = await begin(session, compound, system, new_id(), asked.on)
    session.changed("service_system", row["id"], row["region_code"], system=system.code, valid_from=asked.on)
    return asked.compound_id


async def under_system(session: WriteSession, permit: Permit, compound_id: UUID) -> RowMapping:
    """Lock a compound, and return its system in force, locked. Raises as `lock`, and Refused."""
    compound = await lock(session, t.compound, compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    row = await _in_force(session, compound["id"])
    if row is None:
        raise Refused(PropertyProblem.ALREADY_ENDED, "compoundId")
    return row


async def end_service_system(session: WriteSession, permit: Permit, asked: EndServiceSystem) -> UUID:
    """End it, with everything that fills it; return the compound's id."""
    row = await under_system(session, permit, asked.compound_id)
    check_day(asked.on, row["valid_from"], today(), "on")
    await _end(session, row, asked.on, by_care=False)
    return asked.compound_id


async def end_for_care(session: WriteSession, compound_id: UUID, care: Care) -> None:
    """End the system of a locked compound that is not for the way in which it is cared for now."""
    row = await _in_force(session, compound_id)
    if row is not None and care not in definition_of(row).care:
        await _end(session, row, today(), by_care=True)


async def _end(session: WriteSession, row: RowMapping, on: date, *, by_care: bool) -> None:
    p = s.service_post.c
    still = (p.service_system_id == row["id"]) & p.valid_to.is_(None)
    await session.execute(update(s.service_post).where(still).values(valid_to=func.greatest(p.valid_from, on)))
    session.changed("service_system", row["id"], row["region_code"], valid_to=on, by_care=by_care)
    event = SystemEnded(**about(row), valid_to=on, by_care=by_care)
    await store(session, s.service_system, row, event, valid_to=on)


async def fill_service_post(session: WriteSession, permit: Permit, asked: FillServicePost) -> UUID:
    """Let somebody fill a level or body, beside who does already; return the compound's id."""
    row = await under_system(session, permit, asked.compound_id)
    post = post_of(definition_of(row), asked.post)
    check_day(asked.on, row["valid_from"], today(), "on")
    name = clean(asked.name, "name", LONGEST_NAME)
    title = clean(asked.title, "title", LONGEST_NAME)
    ways = (asked.organisation_id is not None, asked.person_id is not None, name is not None)
    if sum(ways) != 1 or (asked.person_id is None) != (title is None):
        raise Refused(PropertyProblem.ONE_FILLS_IT, "post")
    await _check_known(session, row, asked)
    await _check_room(session, row, asked)
    values = of(
        row,
        id=new_id(),
        service_system_id=row["id"],
        post=post.code,
        organisation_id=asked.organisation_id,
        person_id=asked.person_id,
        title=title,
        name=permit.context.cipher.encrypt(name) if name else None,
        valid_from=asked.on,
    )
    await session.execute(insert(s.service_post), values)
    session.changed("service_system", row["id"], row["region_code"], post=post.code, valid_from=asked.on)
    event = PostFilled(**about(row), post=post.code, organisation_id=asked.organisation_id, valid_from=asked.on)
    await store(session, s.service_system, row, event)
    return asked.compound_id


async def _check_known(session: WriteSession, row: RowMapping, asked: FillServicePost) -> None:
    """Refuse an organisation that is not at work near the compound, and who does not hold the duty."""
    if asked.organisation_id is not None:
        near = organisation_near(asked.organisation_id, row["region_code"], today())
        if await session.scalar(near) is None:
            raise Refused(PropertyProblem.NO_SUCH_ORGANISATION, "organisationId")
    if asked.person_id is not None:
        d, day = m.duty.c, today()
        holds = (d.person_id == asked.person_id) & (d.title == asked.title) & (d.valid_from <= day)
        in_force = holds & (d.valid_to.is_(None) | (d.valid_to > day))
        if await session.scalar(select(d.id).where(in_force).limit(1)) is None:
            raise Refused(PropertyProblem.NO_SUCH_DUTY, "personId")


async def _check_room(session: WriteSession, row: RowMapping, asked: FillServicePost) -> None:
    """Refuse who fills it already, and more than can fill one."""
    p = s.service_post.c
    mine = (p.service_system_id == row["id"]) & (p.post == asked.post) & p.valid_to.is_(None) & present(today())
    there = await session.rows(select(p.organisation_id, p.person_id).where(mine))
    if len(there) >= MOST_FILL:
        raise Refused(PropertyProblem.TOO_MANY_FILL, "post", most=MOST_FILL)
    given = {asked.organisation_id, asked.person_id} - {None}
    if any(given & {one["organisation_id"], one["person_id"]} for one in there):
        raise Refused(PropertyProblem.FILLED_ALREADY, "post")


async def vacate_service_post(session: WriteSession, permit: Permit, asked: VacateServicePost) -> UUID:
    """Note that somebody fills a level or body no more; return the compound's id."""
    before = await found(session, s.service_post, asked.post_id, "post")
    await lock(session, t.compound, before["compound_id"], "compound")
    row = await lock(session, s.service_system, before["service_system_id"], "system")
    permit.require(row["region_code"], what="post")
    p = s.service_post
    post = await found(session, p, asked.post_id, "post")
    if post["valid_to"] is not None:
        raise Refused(PropertyProblem.ALREADY_ENDED, "postId")
    check_day(asked.on, post["valid_from"], today(), "on")
    await session.execute(update(p).where(p.c.id == post["id"]).values(valid_to=asked.on))
    session.changed("service_system", row["id"], row["region_code"], post=post["post"], valid_to=asked.on)
    event = PostVacated(**about(row), post=post["post"], organisation_id=post["organisation_id"], valid_to=asked.on)
    await store(session, s.service_system, row, event)
    return UUID(str(row["compound_id"]))
