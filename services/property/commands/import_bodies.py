"""Import committees, who acts for companies, and how compounds are helped: what was there before Linli."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Table, insert, select

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.committee_parts import IN_OFFICE, standard_of
from services.property.commands.import_systems import import_system
from services.property.commands.publishing import publish
from services.property.domain import records as r
from services.property.domain.care import Care
from services.property.domain.care_events import LackRegistered, SolutionPlanned
from services.property.domain.committee_rules import DEFAULT
from services.property.domain.content import LONGEST_WORD, check_past, today
from services.property.domain.events import CommitteeTookOffice
from services.property.domain.haves import SOLUTIONS, check_conversion, check_lacks
from services.property.domain.problems import PropertyProblem
from services.property.domain.terms import term_of
from services.property.storage import care_tables as care
from services.property.storage import committee_tables as c
from services.property.storage import company_tables as k
from services.property.storage import system_tables as systems
from services.property.storage import tables as t
from services.property.storage.bulk import insert_rows

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.cipher import DataCipher
    from chassis.database import WriteSession

_TABLES: dict[type[Any], Table] = {
    r.CommitteeRecord: c.committee,
    r.CompanyStaffRecord: k.company_staff,
    r.LackRecord: care.lack,
    r.CompoundSystemRecord: systems.service_system,
}


async def import_body(session: WriteSession, cipher: DataCipher, record: r.BodyRecord) -> bool:
    """Store a record unless there is one of its id; tell whether it was new. Raises Refused."""
    table = _TABLES[type(record)]
    if await session.scalar(select(table.c.id).where(table.c.id == record.id)) is not None:
        return False
    if isinstance(record, r.CommitteeRecord):
        await _committee(session, cipher, record)
    elif isinstance(record, r.CompanyStaffRecord):
        await _company_staff(session, record)
    elif isinstance(record, r.LackRecord):
        await _lack(session, record)
    else:
        compound = await _belonging(session, t.compound, record.compound_id, "compound_id")
        await import_system(session, cipher, compound, record)
    return True


async def _belonging(session: WriteSession, table: Table, id_: UUID, field: str) -> RowMapping:
    """Lock and return what a record belongs to. Raises Refused for one that is not there."""
    row = await session.row(select(table).where(table.c.id == id_).with_for_update())
    if row is None:
        raise Refused(PropertyProblem.UNKNOWN_RECORD, field, id=str(id_))
    return row


async def _committee(session: WriteSession, cipher: DataCipher, record: r.CommitteeRecord) -> None:
    """Store a committee in office with its members."""
    compound = await _belonging(session, t.compound, record.compound_id, "compound_id")
    where = {"compound_id": compound["id"], "region_code": compound["region_code"]}
    m = c.committee.c
    present = select(m.id).where(m.compound_id == compound["id"], m.status == IN_OFFICE)
    if await session.scalar(present) is not None:
        raise Refused(PropertyProblem.COMMITTEE_EXISTS, "compound_id")
    check_past(record.elected_on, "elected_on")
    rule = await standard_of(session, "committee", record.rule, DEFAULT)
    term = term_of(record.elected_on, rule)
    row = where | {
        "id": record.id,
        "form": record.form.value,
        "status": IN_OFFICE,
        "rule": msgspec.to_builtins(rule),
        "seats": record.seats,
        "prepared_on": record.elected_on,
        "elected_on": record.elected_on,
        "term_to": term.ends,
        "warn_on": term.warn_on,
        "filed_on": record.filed_on,
        "organisation_id": record.organisation_id,
        "events": 1,
    }
    await session.execute(insert(c.committee), row)
    seats = [
        where
        | {
            "id": new_id(),
            "committee_id": record.id,
            "owner_id": None,
            "person_id": member.person_id,
            "name": cipher.encrypt(demanded(member.name, "name")),
            "capacity": member.capacity.value,
            "is_party_member": member.is_party_member,
            "is_public_employee": member.is_public_employee,
            "office": member.office.value,
            "valid_from": record.elected_on,
        }
        for member in record.members
    ]
    await insert_rows(session, c.seat, seats)
    event = CommitteeTookOffice(
        **where, committee_id=record.id, form=record.form, members=len(seats), term_to=term.ends
    )
    await publish(session, event, record.id, 1, where["region_code"])


async def _company_staff(session: WriteSession, record: r.CompanyStaffRecord) -> None:
    """Store who leads a company."""
    company = await _belonging(session, t.company, record.company_id, "company_id")
    row = {
        "id": record.id,
        "company_id": company["id"],
        "region_code": company["region_code"],
        "person_id": record.person_id,
        "is_manager": record.is_manager,
        "valid_from": record.valid_from,
    }
    await session.execute(insert(k.company_staff), row)


async def _lack(session: WriteSession, record: r.LackRecord) -> None:
    """Store a compound that lacks care, and when it converted."""
    lacks: dict[str, Any] = {name: getattr(record, name) for name in ("no_service", "no_unit", "no_security")}
    check_lacks(**lacks)
    check_past(record.registered_on, "registered_on")
    compound = await _belonging(session, t.compound, record.compound_id, "compound_id")
    where = {"compound_id": compound["id"], "region_code": compound["region_code"]}
    if record.converted_on is not None:
        check_past(record.converted_on, "converted_on")
        check_conversion(record.haves, Care(compound["care"]))
    if record.solution is not None and record.solution not in SOLUTIONS:
        raise Refused(PropertyProblem.NO_CARE, "solution")
    responsible = demanded(record.responsible, "responsible") if record.solution is not None else None
    x = care.lack.c
    still = select(x.id).where(x.compound_id == compound["id"], x.converted_on.is_(None))
    if record.converted_on is None and await session.scalar(still) is not None:
        raise Refused(PropertyProblem.LACK_EXISTS, "compound_id")
    row = where | lacks | {"id": record.id, "cause": demanded(record.cause, "cause", LONGEST_WORD)}
    row |= {"solution": record.solution, "responsible": responsible, "events": 1 + (record.solution is not None)}
    row |= {"registered_on": record.registered_on, "converted_on": record.converted_on}
    await session.execute(insert(care.lack), row)
    proved_on = record.converted_on or today()
    haves = [
        {**where, "lack_id": record.id, "have": have.value, "proved_on": proved_on}
        | {"evidence": demanded(evidence, "evidence", LONGEST_WORD)}
        for have, evidence in record.haves.items()
    ]
    await insert_rows(session, care.have, haves)
    event = LackRegistered(lack_id=record.id, **where, **lacks)
    await publish(session, event, record.id, 1, where["region_code"])
    if record.solution is not None:
        planned = SolutionPlanned(lack_id=record.id, **where, solution=record.solution)
        await publish(session, planned, record.id, 2, where["region_code"])
