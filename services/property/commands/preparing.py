"""Prepare committees: preparatory groups, and bodies that are formed without an election."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.committee_parts import ENDED, IN_OFFICE, PREPARING, of, standard_of
from services.property.commands.places import lock
from services.property.commands.publishing import publish
from services.property.domain.committee_rules import DEFAULT, Form, check_body, check_group, check_seats
from services.property.domain.content import today
from services.property.domain.events import CommitteePrepared, CommitteeTookOffice
from services.property.domain.problems import PropertyProblem
from services.property.domain.seats import Capacity, Office
from services.property.domain.terms import term_of
from services.property.storage import committee_tables as c
from services.property.storage import tables as t
from services.property.storage.bulk import insert_rows
from services.property.storage.committees import owners_now

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class GroupMember(msgspec.Struct, frozen=True):
    """Somebody in a preparatory group, by name."""

    name: str
    capacity: Capacity


class PrepareCommittee(msgspec.Struct, frozen=True):
    """What is asked: a preparatory group for the election of an owners' committee with a number of seats."""

    compound_id: UUID
    seats: int
    members: tuple[GroupMember, ...]
    rule: str | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to, without personal data."""
        return {"asked": cipher.blind_index(msgspec.json.encode(self).decode())}


class BodyMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in a management committee or self-management group: an owner of the register, or by name."""

    capacity: Capacity
    owner_id: UUID | None = None
    name: str | None = None
    person_id: UUID | None = None
    is_party_member: bool = False
    is_public_employee: bool = False
    office: Office = Office.MEMBER


class FormBody(msgspec.Struct, frozen=True):
    """What is asked: a management committee (物管会) or self-management group (自管小组)."""

    compound_id: UUID
    form: Form
    members: tuple[BodyMember, ...]
    rule: str | None = None

    def bound(self, cipher: DataCipher) -> dict[str, Any]:
        """Return what the idempotency key is bound to, without personal data."""
        return {"asked": cipher.blind_index(msgspec.json.encode(self).decode())}


async def prepare_committee(session: WriteSession, permit: Permit, asked: PrepareCommittee) -> UUID:
    """Form a preparatory group and return the committee's id."""
    compound, present = await _compound(session, permit, asked.compound_id)
    if any(row["status"] == PREPARING for row in present):
        raise Refused(PropertyProblem.COMMITTEE_EXISTS, "compoundId")
    rule = await standard_of(session, "committee", asked.rule, DEFAULT)
    capacities = [member.capacity for member in asked.members]
    owners = capacities.count(Capacity.OWNER)
    has_street = Capacity.SUBDISTRICT in capacities
    check_group(rule, owners, len(capacities) - owners, has_street=has_street)
    sitting = [row["id"] for row in present if row["status"] == IN_OFFICE]
    row = of(
        compound,
        id=new_id(),
        form=Form.OWNERS_COMMITTEE.value,
        status=PREPARING,
        rule=msgspec.to_builtins(rule),
        seats=check_seats(rule, asked.seats),
        predecessor=sitting[0] if sitting else None,
        prepared_on=today(),
        events=1,
    )
    await session.execute(insert(c.committee), row)
    election = of(compound, id=new_id(), committee_id=row["id"], kind="first", status="nominating", seats=asked.seats)
    await session.execute(insert(c.election), election)
    encrypt = permit.context.cipher.encrypt
    members = [
        of(
            compound,
            id=new_id(),
            committee_id=row["id"],
            capacity=member.capacity.value,
            name=encrypt(demanded(member.name, "name")),
        )
        for member in asked.members
    ]
    await insert_rows(session, c.preparer, members)
    session.changed("committee", row["id"], row["region_code"], status=PREPARING, seats=asked.seats, members=None)
    event = CommitteePrepared(**of(compound), committee_id=row["id"], seats=asked.seats)
    await publish(session, event, row["id"], 1, row["region_code"])
    return UUID(str(row["id"]))


async def _compound(session: WriteSession, permit: Permit, id_: UUID) -> tuple[dict[str, Any], list[RowMapping]]:
    """Lock a compound; return where it is, and its committees that have not ended."""
    compound = await lock(session, t.compound, id_, "compound")
    permit.require(compound["region_code"], what="compound")
    m = c.committee.c
    present = select(m.id, m.status).where(m.compound_id == id_, m.status != ENDED)
    where = {"compound_id": compound["id"], "region_code": compound["region_code"]}
    return where, list(await session.rows(present))


async def form_body(session: WriteSession, permit: Permit, asked: FormBody) -> UUID:
    """Form a management committee or self-management group, where owners cannot elect one; return its id."""
    compound, present = await _compound(session, permit, asked.compound_id)
    if asked.form is Form.OWNERS_COMMITTEE or present:
        raise Refused(PropertyProblem.COMMITTEE_EXISTS, "compoundId")
    rule = await standard_of(session, "committee", asked.rule, DEFAULT)
    capacities = [member.capacity for member in asked.members]
    owners = capacities.count(Capacity.OWNER)
    check_body(rule, asked.form, owners, len(capacities) - owners)
    ids = [member.owner_id for member in asked.members if member.owner_id is not None]
    names = await owners_now(session, compound["compound_id"], ids)
    if len(names) != owners or sum(member.office is Office.CHAIR for member in asked.members) > 1:
        raise Refused(PropertyProblem.NOT_AN_OWNER, "members")
    term = term_of(today(), rule)
    row = of(
        compound,
        id=new_id(),
        form=asked.form.value,
        status=IN_OFFICE,
        rule=msgspec.to_builtins(rule),
        seats=len(capacities),
        prepared_on=today(),
        elected_on=today(),
        term_to=term.ends,
        warn_on=term.warn_on,
        events=1,
    )
    await session.execute(insert(c.committee), row)
    await insert_rows(session, c.seat, [_seat(permit, row, member, names) for member in asked.members])
    session.changed("committee", row["id"], row["region_code"], form=asked.form.value, members=None)
    event = CommitteeTookOffice(
        **of(compound), committee_id=row["id"], form=asked.form, members=len(capacities), term_to=term.ends
    )
    await publish(session, event, row["id"], 1, row["region_code"])
    return UUID(str(row["id"]))


def _seat(permit: Permit, row: dict[str, Any], member: BodyMember, names: dict[UUID, bytes]) -> dict[str, Any]:
    is_owner = member.capacity is Capacity.OWNER
    if is_owner != (member.owner_id in names):
        raise Refused(PropertyProblem.NOT_AN_OWNER, "members")
    name = names.get(member.owner_id) if member.owner_id else None
    return of(
        row,
        id=new_id(),
        committee_id=row["id"],
        owner_id=member.owner_id,
        person_id=member.person_id,
        name=name or permit.context.cipher.encrypt(demanded(member.name, "name")),
        capacity=member.capacity.value,
        is_party_member=member.is_party_member,
        is_public_employee=member.is_public_employee,
        office=member.office.value,
        valid_from=today(),
    )
