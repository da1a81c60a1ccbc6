"""Compounds that lack care: register, cause, solution, the five haves with evidence, conversion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.ids import new_id
from chassis.problems import Refused
from chassis.texts import demanded
from services.property.commands.committee_parts import IN_OFFICE, of
from services.property.commands.contracts import change_care
from services.property.commands.places import lock, lock_in_compound
from services.property.commands.publishing import publish, store
from services.property.domain.care import BY_COMPANY, Care
from services.property.domain.care_events import CompoundConverted, HaveChanged, LackRegistered, SolutionPlanned
from services.property.domain.content import LONGEST_WORD, today
from services.property.domain.haves import SOLUTIONS, Have, check_conversion, check_lacks, missing
from services.property.domain.problems import PropertyProblem
from services.property.storage import care_tables as c
from services.property.storage import committee_tables as m
from services.property.storage import company_tables as k
from services.property.storage import tables as t

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RegisterLack(msgspec.Struct, frozen=True):
    """What is asked: that a compound lacks service, a responsible unit or security, and why."""

    compound_id: UUID
    no_service: bool
    no_unit: bool
    no_security: bool
    cause: str


class PlanSolution(msgspec.Struct, frozen=True):
    """What is asked: how a compound will be cared for, and who carries it out."""

    lack_id: UUID
    solution: Care
    responsible: str


class ProveHave(msgspec.Struct, frozen=True):
    """What is asked: that one of the five holds, by some evidence; without evidence: that it holds no more."""

    lack_id: UUID
    have: Have
    evidence: str | None = None


class ConvertCompound(msgspec.Struct, frozen=True):
    """What is asked: that a compound converts from three-no to five-have."""

    lack_id: UUID


class TakeOnCare(msgspec.Struct, frozen=True):
    """What is asked: that the owners themselves or the community care for a compound from now on."""

    compound_id: UUID
    care: Care


async def register_lack(session: WriteSession, permit: Permit, asked: RegisterLack) -> UUID:
    """Enter a compound in the register and return the compound's id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    lacks: dict[str, Any] = {"no_service": asked.no_service, "no_unit": asked.no_unit, "no_security": asked.no_security}
    check_lacks(**lacks)
    still = select(c.lack.c.id).where(c.lack.c.compound_id == compound["id"], c.lack.c.converted_on.is_(None))
    if await session.scalar(still) is not None:
        raise Refused(PropertyProblem.LACK_EXISTS, "compoundId")
    if asked.no_service and compound["care"] != Care.NONE.value:
        raise Refused(PropertyProblem.HAS_CARE, "noService")
    where = {"compound_id": compound["id"], "region_code": compound["region_code"]}
    row = {
        "id": new_id(),
        **where,
        **lacks,
        "cause": demanded(asked.cause, "cause", LONGEST_WORD),
        "registered_on": today(),
        "events": 1,
    }
    await session.execute(insert(c.lack), row)
    session.changed("lack", row["id"], compound["region_code"], **lacks)
    await publish(session, LackRegistered(lack_id=row["id"], **where, **lacks), row["id"], 1, compound["region_code"])
    return asked.compound_id


async def _open(session: WriteSession, permit: Permit, id_: UUID) -> tuple[RowMapping, RowMapping]:
    """Lock the compound of an entry that is not converted, and the entry."""
    compound, row = await lock_in_compound(session, permit, c.lack, id_, "lack")
    if row["converted_on"] is not None:
        raise Refused(PropertyProblem.ALREADY_ENDED, "lackId")
    return compound, row


async def plan_solution(session: WriteSession, permit: Permit, asked: PlanSolution) -> UUID:
    """Note the solution and return the compound's id."""
    _, row = await _open(session, permit, asked.lack_id)
    if asked.solution not in SOLUTIONS:
        raise Refused(PropertyProblem.NO_CARE, "solution")
    responsible = demanded(asked.responsible, "responsible")
    session.changed("lack", row["id"], row["region_code"], solution=asked.solution.value, responsible=responsible)
    event = SolutionPlanned(**of(row), lack_id=row["id"], solution=asked.solution)
    await store(session, c.lack, row, event, solution=asked.solution.value, responsible=responsible)
    return UUID(str(row["compound_id"]))


async def _proved(session: WriteSession, lack_id: UUID) -> set[Have]:
    h = c.have.c
    rows = await session.rows(select(h.have).where(h.lack_id == lack_id, h.withdrawn_on.is_(None)))
    return {Have(row["have"]) for row in rows}


async def prove_have(session: WriteSession, permit: Permit, asked: ProveHave) -> UUID:
    """Keep evidence for one of the five, or that it holds no more; return the compound's id."""
    _, row = await _open(session, permit, asked.lack_id)
    h = c.have
    if asked.evidence is None:
        mine = (h.c.lack_id == row["id"]) & (h.c.have == asked.have.value) & h.c.withdrawn_on.is_(None)
        if not (await session.execute(update(h).where(mine).values(withdrawn_on=today()))).rowcount:
            raise Refused(PropertyProblem.ALREADY_ENDED, "have")
    else:
        values = of(
            row,
            lack_id=row["id"],
            have=asked.have.value,
            evidence=demanded(asked.evidence, "evidence", LONGEST_WORD),
            proved_on=today(),
            withdrawn_on=None,
        )
        statement = upsert(h).values(values)
        new = {name: statement.excluded[name] for name in ("evidence", "proved_on", "withdrawn_on")}
        await session.execute(statement.on_conflict_do_update(index_elements=["lack_id", "have"], set_=new))
    proved = await _proved(session, row["id"])
    session.changed("lack", row["id"], row["region_code"], have=asked.have.value, evidence=asked.evidence)
    event = HaveChanged(
        **of(row), lack_id=row["id"], have=asked.have, holds=asked.have in proved, missing=len(missing(proved))
    )
    await store(session, c.lack, row, event)
    return UUID(str(row["compound_id"]))


async def convert_compound(session: WriteSession, permit: Permit, asked: ConvertCompound) -> UUID:
    """Note the conversion of a compound that has all five and is cared for; return the compound's id."""
    compound, row = await _open(session, permit, asked.lack_id)
    care = Care(compound["care"])
    check_conversion(await _proved(session, row["id"]), care)
    session.changed("lack", row["id"], row["region_code"], converted_on=today())
    event = CompoundConverted(**of(row), lack_id=row["id"], solution=care)
    await store(session, c.lack, row, event, converted_on=today(), solution=care.value)
    return UUID(str(row["compound_id"]))


async def take_on_care(session: WriteSession, permit: Permit, asked: TakeOnCare) -> UUID:
    """Let the owners or the community care for a compound; a company does by its contract. Return the compound's id."""
    compound = await lock(session, t.compound, asked.compound_id, "compound")
    permit.require(compound["region_code"], what="compound")
    n = k.contract.c
    bound = select(n.id).where(n.compound_id == compound["id"], n.ended_on.is_(None))
    if asked.care in BY_COMPANY or await session.scalar(bound) is not None:
        raise Refused(PropertyProblem.CONTRACT_IN_FORCE, "care")
    if asked.care is Care.SELF_MANAGED:
        acts = select(m.committee.c.id).where(
            m.committee.c.compound_id == compound["id"], m.committee.c.status == IN_OFFICE
        )
        if await session.scalar(acts) is None:
            raise Refused(PropertyProblem.NOBODY_MANAGES, "care")
    await change_care(session, compound, asked.care)
    return asked.compound_id
