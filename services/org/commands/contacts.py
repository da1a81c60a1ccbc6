"""Let somebody look after a grid, building or household; write down visits, and which ticket handles a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, text, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.access import require_own_or
from services.org.commands.compounds import check_compounds
from services.org.commands.places import find, lock
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, where
from services.org.domain import contact_events as events
from services.org.domain.contacts import (
    Contact,
    check_area,
    check_finding,
    check_household,
    check_member,
    check_place,
    check_taken_on,
    check_visit,
    visited_household,
)
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.contacts import contact_of

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing

_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtextextended('contact ' || :person, 0))")


class AssignContact(msgspec.Struct, frozen=True):
    """What is asked: somebody looks after a region, or a household or compound in it, from a day on."""

    kind: str
    person_id: UUID
    region_code: str
    valid_from: date
    household: str | None = None
    compound_id: UUID | None = None
    pairing_id: UUID | None = None


class LogVisit(msgspec.Struct, frozen=True):
    """What is asked: who looks after a place visited it on a day."""

    contact_id: UUID
    on: date
    household: str | None = None
    finding: str | None = None


class HandleVisit(msgspec.Struct, frozen=True):
    """What is asked: a ticket handles what a visit found."""

    id: UUID
    expected_version: int
    ticket_id: UUID


async def assign_contact(session: WriteSession, permit: Permit, asked: AssignContact) -> UUID:
    """Let somebody look after a place; two who give one person a place wait for each other."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_place(region.code, region.level, "regionCode")
    known = select(t.kind).where(t.kind.c.category == "contact", t.kind.c.code == asked.kind)
    kind = await session.row(known)
    if kind is None:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=asked.kind[:40], category="contact")
    person = await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    check_member(PartyStatus(person["party_status"]), members_only=kind["party_members"])
    if asked.pairing_id is not None:
        pairing = await find(session, t.pairing, asked.pairing_id, OrgProblem.UNKNOWN_PAIRING, "pairingId")
        if pairing["valid_to"] is not None:
            raise Refused(OrgProblem.ALREADY_ENDED, "pairingId", date=pairing["valid_to"])
        check_area(pairing["region_code"], region.code, "regionCode")
    household = check_household(asked.household)
    if asked.compound_id is not None:
        await check_compounds(session, [asked.compound_id], region.code, "compoundId")
    await session.execute(_TAKE_TURNS, {"person": str(asked.person_id)})
    earlier = await session.rows(select(t.contact).where(t.contact.c.person_id == asked.person_id))
    period = Period(asked.valid_from)
    wanted = Contact(asked.kind, asked.person_id, region.code, household, asked.compound_id, period)
    check_taken_on([contact_of(row) for row in earlier], wanted)
    values = {
        "kind": asked.kind,
        "person_id": asked.person_id,
        "household": household,
        "compound_id": asked.compound_id,
        "pairing_id": asked.pairing_id,
        "valid_from": asked.valid_from,
    }

    def told(row: dict[str, Any]) -> Event:
        return events.ContactBegun(
            contact_id=row["id"],
            kind=asked.kind,
            person_id=asked.person_id,
            pairing_id=asked.pairing_id,
            **where(row),
        )

    return await enter(session, t.contact, region, values, told)


async def end_contact(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Let somebody look after a place no longer."""

    def told(row: RowMapping) -> Event:
        return events.ContactEnded(
            contact_id=row["id"], kind=row["kind"], person_id=row["person_id"], **gone(row, asked.on)
        )

    return await end(session, permit, t.contact, asked, told)


async def log_visit(session: WriteSession, permit: Permit, asked: LogVisit) -> UUID:
    """Write a visit down: whoever made it, or who keeps the register there."""
    contact = await lock(session, t.contact, asked.contact_id, "contact")
    require_own_or(permit, contact["person_id"], "logVisitOfAnother", contact["region_code"], what="contact")
    check_not_future(asked.on, today(), "on")
    check_visit(Period(contact["valid_from"], contact["valid_to"]), asked.on)
    row: dict[str, Any] = {
        "id": new_id(),
        "region_id": contact["region_id"],
        "region_code": contact["region_code"],
        "contact_id": asked.contact_id,
        "visited_on": asked.on,
        "household": visited_household(contact["household"], asked.household),
        "finding": check_finding(asked.finding),
    }
    await session.execute(insert(t.visit), row)
    session.changed("visit", row["id"], row["region_code"], contact_id=asked.contact_id, on=asked.on, finding=None)
    event = events.VisitLogged(
        visit_id=row["id"],
        contact_id=asked.contact_id,
        person_id=contact["person_id"],
        on=asked.on,
        has_finding=row["finding"] is not None,
        region_id=row["region_id"],
        region_code=row["region_code"],
    )
    await publish(session, event, event.visit_id, 1, event.region_code)
    return event.visit_id


async def handle_visit(session: WriteSession, permit: Permit, asked: HandleVisit) -> UUID:
    """Name the ticket that handles what a visit found; whoever made the visit may, or who keeps the register."""
    row = await lock(session, t.visit, asked.id, "visit", asked.expected_version)
    contact = await find(session, t.contact, row["contact_id"], OrgProblem.UNKNOWN_CONTACT, "id")
    require_own_or(permit, contact["person_id"], "logVisitOfAnother", row["region_code"], what="visit")
    if row["finding"] is None:
        raise Refused(OrgProblem.NOTHING_FOUND, "id")
    if row["ticket_id"] == asked.ticket_id:
        raise Refused(OrgProblem.NOTHING_CHANGES, "ticketId")
    version, v = row["version"] + 1, t.visit
    await session.execute(update(v).where(v.c.id == asked.id).values(ticket_id=asked.ticket_id, version=version))
    session.changed("visit", asked.id, row["region_code"], ticket=asked.ticket_id)
    event = events.VisitHandled(
        visit_id=asked.id, ticket_id=asked.ticket_id, region_id=row["region_id"], region_code=row["region_code"]
    )
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id
