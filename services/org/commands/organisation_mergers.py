"""Merge organisations into one, and split parts off from one; duties and what is below go over with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import insert, or_, select, update

from chassis.problems import CommonProblem, Refused
from services.org.commands.assignments import assignments_from, hand_over_assignments
from services.org.commands.carry_over import carry_over, duties_from
from services.org.commands.covering import covered_from, split_covering
from services.org.commands.organisation_history import take_over
from services.org.commands.organisation_ties import hand_over_all
from services.org.commands.organisations import FoundOrganisation, found_organisation
from services.org.commands.places import check_version, lock
from services.org.commands.publishing import publish
from services.org.domain import events
from services.org.domain.organisations import Merging, check_merger, check_parts
from services.org.domain.periods import Period, check_existence, check_not_future, today
from services.org.storage import tables as t
from services.org.storage.everywhere import everywhere
from services.org.storage.organisations import above_of

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class MergeOrganisations(msgspec.Struct, frozen=True):
    """What is asked: organisations of one kind become one, on a day."""

    ids: list[UUID]
    into_id: UUID
    on: date


class Part(msgspec.Struct, frozen=True):
    """An organisation that is split off: its name, region, and what goes over to it."""

    name: str
    region_code: str
    organisations: list[UUID] = []
    duties: list[UUID] = []
    assignments: list[UUID] = []
    # Left out when none are given: what a key was bound to before parts could be given any stays the same.
    compounds: list[UUID] | msgspec.UnsetType = msgspec.UNSET


class SplitOrganisation(msgspec.Struct, frozen=True):
    """What is asked: parts are split off from an organisation on a day; what goes to none stays with it."""

    id: UUID
    expected_version: int
    on: date
    parts: list[Part]


async def merge_organisations(session: WriteSession, permit: Permit, asked: MergeOrganisations) -> UUID:
    """Merge organisations into one that exists."""
    check_not_future(asked.on, today(), "on")
    rows = {
        id_: await lock(session, t.organisation, id_, "organisation") for id_ in sorted({*asked.ids, asked.into_id})
    }
    for row in rows.values():
        permit.require(row["region_code"], what="organisation")
    into = rows[asked.into_id]
    merged = [rows[id_] for id_ in asked.ids]
    check_merger(list(map(_merging, merged)), _merging(into), await above_of(session, asked.into_id), asked.on)
    for row in merged:
        await merge_one(session, row, into, asked.on)
    return asked.into_id


async def merge_one(session: WriteSession, row: RowMapping, into: RowMapping, on: date) -> None:
    """Merge a locked organisation into another: all that it has goes over, wherever it lies, and it is dissolved."""
    async with everywhere(session):
        await hand_over_all(session, row["id"], into["id"], on)
    # What was below it went on, so its own version is read anew.
    now = await lock(session, t.organisation, row["id"], "organisation")
    version = now["version"] + 1
    await session.execute(
        update(t.organisation).where(t.organisation.c.id == row["id"]).values(dissolved_on=on, version=version)
    )
    await _link(session, row["id"], into["id"], into["region_code"], on)
    session.changed("organisation", row["id"], row["region_code"], dissolved_on=on, merged_into=into["id"])
    event = events.OrganisationDissolved(
        organisation_id=row["id"],
        kind=row["kind"],
        region_id=row["region_id"],
        region_code=row["region_code"],
        dissolved_on=on,
        merged_into=into["id"],
    )
    await publish(session, event, row["id"], version, row["region_code"])


async def split_organisation(session: WriteSession, permit: Permit, asked: SplitOrganisation) -> UUID:
    """Split parts off from an organisation, which goes on with the rest."""
    row = await lock(session, t.organisation, asked.id, "organisation")
    check_version(row["version"], asked.expected_version)
    permit.require(row["region_code"], what="organisation")
    check_existence(Period(row["established_on"], row["dissolved_on"]), Period(asked.on), "organisation", "on")
    if not asked.parts:
        raise Refused(CommonProblem.REQUIRED, "parts", field="parts")
    o = t.organisation
    still = or_(o.c.dissolved_on.is_(None), o.c.dissolved_on > asked.on)
    below = [one["id"] for one in await session.rows(select(o.c.id).where(o.c.parent_id == asked.id, still))]
    held = {duty["id"]: duty for duty in await duties_from(session, asked.on, t.duty.c.organisation_id == asked.id)}
    check_parts(below, [part.organisations for part in asked.parts], "parts", "organisations")
    check_parts(list(held), [part.duties for part in asked.parts], "parts", "duties")
    a = t.check_in_assignment
    assigned = [one["id"] for one in await assignments_from(session, asked.on, a.c.organisation_id == asked.id)]
    check_parts(assigned, [part.assignments for part in asked.parts], "parts", "assignments")
    covered = await covered_from(session, asked.id, asked.on)
    check_parts(covered, [part.compounds or [] for part in asked.parts], "parts", "compounds")
    covering: dict[UUID, list[UUID]] = {}
    for part in asked.parts:
        founding = FoundOrganisation(
            row["kind"], part.name, part.region_code, asked.on, row["parent_id"], split_from=asked.id
        )
        new = await found_organisation(session, permit, founding)
        await _link(session, asked.id, new, row["region_code"], asked.on)
        await take_over(session, o.c.id.in_(part.organisations), new, asked.on)
        await carry_over(session, [(held[id_], {"organisation_id": new}) for id_ in part.duties], asked.on)
        await hand_over_assignments(session, asked.on, new, a.c.id.in_(part.assignments))
        covering[new] = part.compounds or []
    await split_covering(session, asked.id, covering, asked.on)
    session.changed("organisation", asked.id, row["region_code"], parts=len(asked.parts), split_on=asked.on)
    return asked.id


async def _link(session: WriteSession, predecessor: UUID, successor: UUID, stamp: str, on: date) -> None:
    row = {"predecessor_id": predecessor, "successor_id": successor, "region_code": stamp, "since": on}
    await session.execute(insert(t.organisation_succession), row)


def _merging(row: RowMapping) -> Merging:
    return Merging(row["id"], row["kind"], Period(row["established_on"], row["dissolved_on"]))
