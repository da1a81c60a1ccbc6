"""Pair partner units with regions, hook them to compounds there, end it, and let it go on when units are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import or_, select, update

from chassis.problems import Refused
from services.org.commands.compounds import check_compounds
from services.org.commands.places import check_kind, lock, region_in_force, standing_organisation
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, where
from services.org.domain import register_events as events
from services.org.domain.periods import Period
from services.org.domain.problems import OrgProblem
from services.org.domain.registers import MOST_COMPOUNDS, check_hooked, check_pairing, check_remark
from services.org.storage import tables as t
from services.org.storage.partner_tables import joint_problem

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing
    from services.org.commands.places import RegionInForce


class PairPartner(msgspec.Struct, frozen=True):
    """What is asked: a partner unit is hooked to a region from a day on."""

    kind: str
    organisation_id: UUID
    region_code: str
    valid_from: date
    project: str | None = None


class HookCompounds(msgspec.Struct, frozen=True):
    """What is asked: a paired unit looks after these compounds and no others."""

    id: UUID
    expected_version: int
    compound_ids: list[UUID]


async def pair_partner(session: WriteSession, permit: Permit, asked: PairPartner) -> UUID:
    """Pair a partner unit with a region."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    await check_kind(session, "pairing", asked.kind)
    await standing_organisation(session, asked.organisation_id, asked.valid_from, "organisationId")
    p = t.pairing
    mine = select(p.c.region_code).where(
        p.c.organisation_id == asked.organisation_id, p.c.kind == asked.kind, p.c.valid_to.is_(None)
    )
    check_pairing([row["region_code"] for row in await session.rows(mine)], region.code)
    project = check_remark(asked.project, "project")
    return await _begin(session, region, asked.kind, asked.organisation_id, project, Period(asked.valid_from))


async def hook_compounds(session: WriteSession, permit: Permit, asked: HookCompounds) -> UUID:
    """Say which compounds of the community a paired unit looks after; property keeps them."""
    row = await lock(session, t.pairing, asked.id, "pairing", asked.expected_version)
    permit.require(row["region_code"], what="pairing")
    if row["valid_to"] is not None:
        raise Refused(OrgProblem.ALREADY_ENDED, "id", date=row["valid_to"])
    compounds = check_hooked(asked.compound_ids, row["compound_ids"])
    await check_compounds(session, compounds, row["region_code"], "compoundIds")
    await _hook(session, row, compounds)
    return asked.id


async def end_pairing(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End a pairing."""
    return await end(session, permit, t.pairing, asked, lambda row: pairing_ended(row, asked.on))


async def hand_over_pairings(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let the organisation `into_id` be paired where one is that is merged into it on `on`, with the same compounds.

    Where it is paired in the same way already, that pairing goes on for both. What was contributed stays with the
    pairing by which it was. Both organisations must be locked, so that whoever pairs one of them waits.
    """
    p = t.pairing
    still = or_(p.c.valid_to.is_(None), p.c.valid_to > on)
    theirs = select(p).where(p.c.organisation_id.in_([gone_id, into_id]), still).order_by(p.c.id).with_for_update()
    rows = await session.rows(theirs)
    there = {
        (row["kind"], row["region_id"]): row["id"]
        for row in rows
        if row["organisation_id"] == into_id and row["valid_to"] is None
    }
    for row in rows:
        if row["organisation_id"] == into_id:
            continue
        period = Period(max(on, row["valid_from"]), row["valid_to"])
        values = {"valid_to": period.start, "version": row["version"] + 1}
        await session.execute(update(p).where(p.c.id == row["id"]).values(**values))
        session.changed(p.name, row["id"], row["region_code"], valid_to=period.start)
        await publish(session, pairing_ended(row, period.start), row["id"], values["version"], row["region_code"])
        other = there.get((row["kind"], row["region_id"]))
        if other is None:
            region = await region_in_force(session, row["region_code"])
            other = await _begin(session, region, row["kind"], into_id, row["project"], period)
        await goes_on_by(session, row, other)


async def goes_on_by(session: WriteSession, row: Any, other_id: UUID) -> None:
    """Let what a pairing has that ends go on by another: contacts, problems not settled yet, and compounds.

    Of compounds as many as one pairing may have: when both have others, people decide.
    """
    c, j = t.contact, joint_problem
    await session.execute(update(c).where(c.c.pairing_id == row["id"]).values(pairing_id=other_id))
    open_ = (j.c.pairing_id == row["id"]) & j.c.settled_on.is_(None)
    await session.execute(update(j).where(open_).values(pairing_id=other_id))
    other = await lock(session, t.pairing, other_id, "pairing")
    both = sorted({*row["compound_ids"], *other["compound_ids"]})
    if other["compound_ids"] != both and len(both) <= MOST_COMPOUNDS:
        await _hook(session, other, both)


def pairing_ended(row: RowMapping, on: date) -> Event:
    """Return what tells of a pairing's end."""
    names = ("kind", "organisation_id")
    return events.PairingEnded(pairing_id=row["id"], **{name: row[name] for name in names}, **gone(row, on))


async def _begin(
    session: WriteSession, region: RegionInForce, kind: str, unit_id: UUID, project: str | None, period: Period
) -> UUID:
    facts: dict[str, Any] = {"kind": kind, "organisation_id": unit_id, "project": project}
    values = {**facts, "valid_from": period.start, "valid_to": period.until}

    def told(row: dict[str, Any]) -> Event:
        return events.PairingBegun(pairing_id=row["id"], **facts, **where(row), valid_to=period.until)

    return await enter(session, t.pairing, region, values, told)


async def _hook(session: WriteSession, row: RowMapping, compounds: list[UUID]) -> None:
    p, version = t.pairing, row["version"] + 1
    await session.execute(update(p).where(p.c.id == row["id"]).values(compound_ids=compounds, version=version))
    session.changed(p.name, row["id"], row["region_code"], compounds=[str(one) for one in compounds])
    names = ("organisation_id", "region_id", "region_code")
    facts = {name: row[name] for name in names}
    event = events.PairingHooked(pairing_id=row["id"], compounds=tuple(compounds), **facts)
    await publish(session, event, row["id"], version, row["region_code"])
