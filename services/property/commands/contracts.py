"""Contracts of property service: sign, renew, give notice, end with a hand-over."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.committee_parts import IN_OFFICE, found, of, use_decision
from services.property.commands.places import lock, lock_in_compound
from services.property.commands.publishing import publish, store
from services.property.commands.service_systems import end_for_care
from services.property.domain.care import BY_COMPANY, Care
from services.property.domain.company_events import (
    CareChanged,
    ContractEnded,
    ContractNoticeGiven,
    ContractRenewed,
    ContractSigned,
)
from services.property.domain.content import LONGEST_WORD, check_past, today
from services.property.domain.contracts import ContractKind, NoticeBy, check_money, check_notice, check_term
from services.property.domain.problems import PropertyProblem
from services.property.domain.voting import Matter
from services.property.storage import committee_tables as m
from services.property.storage import company_tables as c
from services.property.storage import tables as t

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class SignContract(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: a contract; of the owners' company after their choice, or the developer's before it."""

    compound_id: UUID
    company_id: UUID
    number: str
    price: int
    deposit: int
    starts_on: date
    ends_on: date
    care: Care = Care.COMPANY
    selection_id: UUID | None = None


class RenewContract(msgspec.Struct, frozen=True):
    """What is asked: that a contract goes on to a later day, as the owners decided (item 4 of article 278)."""

    contract_id: UUID
    ends_on: date
    price: int
    vote_id: UUID
    position: int = 0


class GiveNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: that the owners, who decided it, or the company end a contract on a day."""

    contract_id: UUID
    by: NoticeBy
    on: date
    leaves_on: date
    vote_id: UUID | None = None
    position: int = 0


class EndContract(msgspec.Struct, frozen=True):
    """What is asked: that a company has left and handed over (article 949)."""

    contract_id: UUID
    on: date
    handed_over: str


async def sign_contract(session: WriteSession, permit: Permit, asked: SignContract) -> UUID:
    """Keep a contract and return its id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    company = await found(session, t.company, asked.company_id, "company")
    check_term(asked.starts_on, asked.ends_on)
    in_force = select(c.contract.c.id).where(
        c.contract.c.compound_id == compound["id"], c.contract.c.ended_on.is_(None)
    )
    if await session.scalar(in_force) is not None or asked.care not in BY_COMPANY:
        raise Refused(PropertyProblem.CONTRACT_IN_FORCE, "compoundId")
    kind = await _kind(session, compound, asked)
    row: dict[str, Any] = {
        "id": new_id(),
        "compound_id": compound["id"],
        "region_code": compound["region_code"],
        "company_id": company["id"],
        "selection_id": asked.selection_id,
        "kind": kind.value,
        "number": demanded(asked.number, "number"),
        "price": check_money(asked.price, "price"),
        "deposit": check_money(asked.deposit, "deposit"),
        "starts_on": asked.starts_on,
        "ends_on": asked.ends_on,
        "events": 1,
    }
    await session.execute(insert(c.contract), row)
    session.changed("contract", row["id"], compound["region_code"], company=company["id"], ends_on=asked.ends_on)
    event = ContractSigned(
        **_told(row),
        credit_code=company["credit_code"],
        kind=kind,
        price=asked.price,
        starts_on=asked.starts_on,
        ends_on=asked.ends_on,
    )
    await publish(session, event, row["id"], 1, compound["region_code"])
    await change_care(session, compound, asked.care)
    return UUID(str(row["id"]))


async def _kind(session: WriteSession, compound: RowMapping, asked: SignContract) -> ContractKind:
    """Return whose contract it is. Raises Refused where the owners' choice is needed and not there."""
    if asked.selection_id is None:
        k = m.committee.c
        acts = select(k.id).where(k.compound_id == compound["id"], k.status == IN_OFFICE, k.form == "owners_committee")
        if await session.scalar(acts) is not None:
            raise Refused(PropertyProblem.NOT_DECIDED, "selectionId", matter=Matter.MANAGER.value)
        return ContractKind.PRELIMINARY
    selection = await lock(session, c.selection, asked.selection_id, "selection")
    a = c.application.c
    chosen = select(a.price).where(
        a.selection_id == selection["id"], a.company_id == asked.company_id, a.status == "chosen"
    )
    price = await session.scalar(chosen)
    if selection["status"] != "chosen" or selection["compound_id"] != compound["id"] or price is None:
        raise Refused(PropertyProblem.NOT_DECIDED, "selectionId", matter=Matter.MANAGER.value)
    if asked.price > price:
        raise Refused(PropertyProblem.INVALID_AMOUNT, "price")
    await store(session, c.selection, selection, None, status="contracted")
    return ContractKind.SERVICE


def _told(row: Any) -> dict[str, Any]:
    return of(row, contract_id=row["id"], company_id=row["company_id"])


async def change_care(session: WriteSession, compound: RowMapping, care: Care) -> None:
    """Change how a locked compound is cared for, and tell of it; a system of help that is not for that ends."""
    if compound["care"] == care.value:
        return
    event = CareChanged(
        compound_id=compound["id"],
        region_id=compound["region_id"],
        region_code=compound["region_code"],
        care=care,
        previous_care=Care(compound["care"]),
    )
    await store(session, t.compound, compound, event, care=care.value)
    session.changed("compound", compound["id"], compound["region_code"], care=care.value)
    await end_for_care(session, compound["id"], care)


async def _contract(session: WriteSession, permit: Permit, id_: UUID) -> tuple[RowMapping, RowMapping]:
    """Lock a contract in force and its compound."""
    compound, contract = await lock_in_compound(session, permit, c.contract, id_, "contract")
    if contract["ended_on"] is not None:
        raise Refused(PropertyProblem.ALREADY_ENDED, "contractId")
    return compound, contract


async def renew_contract(session: WriteSession, permit: Permit, asked: RenewContract) -> UUID:
    """Let a contract go on by the owners' decision and return its id."""
    _, contract = await _contract(session, permit, asked.contract_id)
    if asked.ends_on <= contract["ends_on"]:
        raise Refused(PropertyProblem.INVALID_DATE, "endsOn", field="endsOn", earliest=contract["ends_on"])
    check_term(max(contract["ends_on"], today()), asked.ends_on)
    price, used_for = check_money(asked.price, "price"), f"renew {contract['id']}"
    await use_decision(session, contract, asked.vote_id, asked.position, Matter.MANAGER.value, used_for)
    session.changed("contract", contract["id"], contract["region_code"], ends_on=asked.ends_on, price=price)
    event = ContractRenewed(**_told(contract), price=price, ends_on=asked.ends_on)
    values = {"notice_by": None, "notice_on": None, "leaves_on": None, "renewals": contract["renewals"] + 1}
    await store(session, c.contract, contract, event, ends_on=asked.ends_on, price=price, **values)
    return UUID(str(contract["id"]))


async def give_notice(session: WriteSession, permit: Permit, asked: GiveNotice) -> UUID:
    """Note that a contract will end, with the notice that the law asks for; return its id."""
    _, contract = await _contract(session, permit, asked.contract_id)
    check_past(asked.on, "on")
    check_notice(asked.by, asked.on, asked.leaves_on, contract["ends_on"])
    if contract["notice_on"] is not None:
        raise Refused(PropertyProblem.ALREADY_ENDED, "contractId")
    if asked.by is NoticeBy.OWNERS:
        if asked.vote_id is None:
            raise Refused(PropertyProblem.NOT_DECIDED, "voteId", matter=Matter.MANAGER.value)
        used_for = f"dismiss {contract['id']}"
        await use_decision(session, contract, asked.vote_id, asked.position, Matter.MANAGER.value, used_for)
    session.changed("contract", contract["id"], contract["region_code"], by=asked.by.value, leaves_on=asked.leaves_on)
    event = ContractNoticeGiven(**_told(contract), by=asked.by, leaves_on=asked.leaves_on)
    values = {"notice_by": asked.by.value, "notice_on": asked.on, "leaves_on": asked.leaves_on}
    await store(session, c.contract, contract, event, **values)
    return UUID(str(contract["id"]))


async def end_contract(session: WriteSession, permit: Permit, asked: EndContract) -> UUID:
    """Note that the company has left and handed over: the compound is without service from now on."""
    compound, contract = await _contract(session, permit, asked.contract_id)
    check_past(asked.on, "on")
    text = demanded(asked.handed_over, "handedOver", LONGEST_WORD)
    if contract["leaves_on"] is None:
        raise Refused(PropertyProblem.NO_NOTICE, "contractId")
    if asked.on < contract["leaves_on"]:
        raise Refused(PropertyProblem.INVALID_DATE, "on", field="on", earliest=contract["leaves_on"])
    session.changed("contract", contract["id"], contract["region_code"], ended_on=asked.on)
    event = ContractEnded(**_told(contract), on=asked.on)
    await store(session, c.contract, contract, event, ended_on=asked.on, handed_over=text)
    await change_care(session, compound, Care.NONE)
    return UUID(str(contract["id"]))
