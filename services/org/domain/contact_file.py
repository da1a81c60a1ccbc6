"""The rules of an import file for who looks after places, and their visits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
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
from services.org.domain.periods import Period, check_existence, check_period
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_contact(known: Known, record: r.ContactRecord) -> bool:
    """Take a contact. Raises Refused."""
    if record.id in known.registered:
        return False
    if ("contact", record.kind) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=record.kind[:40], category="contact")
    status = known.people.get(record.person)
    if status is None:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    check_member(status, members_only=("contact", record.kind) in known.members_only)
    region, period = known.region(record.region_code), Period(record.valid_from, record.valid_to)
    check_place(region.code, region.level, "region_code")
    check_period(period, "valid_to")
    check_existence(region.existence, period, "region", "region_code")
    if record.pairing is not None:
        pairing = known.pairings.get(record.pairing)
        if pairing is None:
            raise Refused(OrgProblem.UNKNOWN_PAIRING, "pairing")
        check_area(pairing.region_code, region.code, "region_code")
    contact = Contact(record.kind, record.person, region.code, check_household(record.household), None, period)
    check_taken_on(known.contacts_of[record.person], contact)
    known.contacts[record.id] = contact
    known.contacts_of[record.person].append(contact)
    known.registered.add(record.id)
    return True


def check_visited(known: Known, record: r.VisitRecord) -> bool:
    """Take a visit. Raises Refused."""
    if record.id in known.registered:
        return False
    contact = known.contacts.get(record.contact)
    if contact is None:
        raise Refused(OrgProblem.UNKNOWN_CONTACT, "contact")
    check_visit(contact.period, record.on)
    if check_finding(record.finding) is None and record.ticket is not None:
        raise Refused(OrgProblem.NOTHING_FOUND, "ticket")
    visited_household(contact.household, record.household)
    known.registered.add(record.id)
    return True
