"""Say which compounds an organisation covers; let them follow when it is merged or split, and end with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.org.commands.compounds import check_compounds
from services.org.commands.places import lock
from services.org.commands.publishing import publish
from services.org.domain.covering import Covering, check_covered, covered_on, replaced, taken_over
from services.org.domain.covering_events import OrganisationCompoundsSet
from services.org.domain.periods import Period, check_existence, check_not_future, today
from services.org.storage import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_OC = t.organisation_compound


class SetOrganisationCompounds(msgspec.Struct, frozen=True):
    """What is asked: an organisation covers these compounds and no others, from a day on."""

    organisation_id: UUID
    compound_ids: list[UUID]
    effective_on: date


async def set_organisation_compounds(session: WriteSession, permit: Permit, asked: SetOrganisationCompounds) -> UUID:
    """Say which compounds an organisation covers, all of them; property keeps them."""
    row = await lock(session, t.organisation, asked.organisation_id, "organisation")
    permit.require(row["region_code"], what="organisation")
    on = asked.effective_on
    check_not_future(on, today(), "effectiveOn")
    check_existence(Period(row["established_on"], row["dissolved_on"]), Period(on), "organisation", "effectiveOn")
    wanted = check_covered(asked.compound_ids, "compoundIds")
    gone, new = replaced(await _held(session, row["id"]), wanted, on)
    await check_compounds(session, sorted(new), row["region_code"], "compoundIds")
    await _check_registered(session, new, on)
    ending = (_OC.c.organisation_id == row["id"]) & _OC.c.compound_id.in_(gone) & _OC.c.valid_to.is_(None)
    await session.execute(update(_OC).where(ending).values(valid_to=on))
    await _begin(session, row, [Covering(id_, Period(on)) for id_ in sorted(new)])
    await _tell(session, row, wanted, on)
    return asked.organisation_id


async def covered_from(session: WriteSession, id_: UUID, on: date) -> set[UUID]:
    """Return the compounds that an organisation covers on `on` or later."""
    return {one.compound_id for one in await _held(session, id_) if one.period.until is None or one.period.until > on}


async def split_covering(session: WriteSession, id_: UUID, parts: dict[UUID, list[UUID]], on: date) -> None:
    """Let parts, by their ids, cover compounds from `on` in place of the organisation that they are split off from.

    It must be locked, and cover them. Raises Refused for a compound that does not lie where the part does.
    """
    given = {part_id: compounds for part_id, compounds in parts.items() if compounds}
    for part_id, compounds in given.items():
        part = await lock(session, t.organisation, part_id, "organisation")
        await check_compounds(session, sorted(compounds), part["region_code"], "parts", "compounds")
        added = taken_over(await end_covering(session, id_, on, compounds), [], on)
        await _begin(session, part, added)
        await _tell(session, part, sorted(covered_on(added, today())), on)
    if given:
        rest = await lock(session, t.organisation, id_, "organisation")
        await _tell(session, rest, sorted(covered_on(await _held(session, id_), today())), on)


async def end_covering(
    session: WriteSession, id_: UUID, on: date, only: Collection[UUID] | None = None
) -> list[Covering]:
    """Let an organisation cover nothing from `on`, or `only` these no longer; return what it covered then or later."""
    still = or_(_OC.c.valid_to.is_(None), _OC.c.valid_to > on)
    mine = _OC.c.organisation_id == id_
    if only is not None:
        mine &= _OC.c.compound_id.in_(only)
    held = [_covering(row) for row in await session.rows(select(_OC).where(mine, still))]
    await session.execute(update(_OC).where(mine, still).values(valid_to=func.greatest(_OC.c.valid_from, on)))
    return held


async def hand_over_covering(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let the organisation `into_id` cover what one covers that is merged into it on `on`, wherever these lie.

    Both must be locked. Raises Refused with TOO_MANY when it would cover too many compounds at once.
    """
    added = taken_over(await end_covering(session, gone_id, on), await _held(session, into_id), on)
    if not added:
        return
    into = await lock(session, t.organisation, into_id, "organisation")
    await _begin(session, into, added)
    held = await _held(session, into_id)
    for day in {on, today(), *(one.period.start for one in added)}:
        check_covered(covered_on(held, day), "ids")
    await _tell(session, into, sorted(covered_on(held, today())), on)


async def _check_registered(session: WriteSession, ids: Collection[UUID], on: date) -> None:
    """Refuse compounds that were registered only after a day. Raises Refused."""
    first = await session.scalar(select(func.max(t.compound.c.registered_on)).where(t.compound.c.id.in_(ids)))
    if first is not None:
        check_existence(Period(first), Period(on), "compound", "compoundIds")


async def _held(session: WriteSession, id_: UUID) -> list[Covering]:
    """Return all that an organisation ever covered."""
    return [_covering(row) for row in await session.rows(select(_OC).where(_OC.c.organisation_id == id_))]


async def _begin(session: WriteSession, row: RowMapping, coverings: list[Covering]) -> None:
    """Store what an organisation covers; what began and ended on one day, and begins on it again, goes on."""
    if not coverings:
        return
    same = {"organisation_id": row["id"], "kind": row["kind"], "region_code": row["region_code"]}
    rows = [
        {**same, "compound_id": one.compound_id, "valid_from": one.period.start, "valid_to": one.period.until}
        for one in coverings
    ]
    statement = upsert(_OC)
    keys = [column.name for column in _OC.primary_key]
    again = statement.on_conflict_do_update(index_elements=keys, set_={"valid_to": statement.excluded.valid_to})
    await session.execute(again, rows)


async def _tell(session: WriteSession, row: RowMapping, compounds: list[UUID], on: date) -> None:
    version = row["version"] + 1
    await session.execute(update(t.organisation).where(t.organisation.c.id == row["id"]).values(version=version))
    session.changed(
        "organisation", row["id"], row["region_code"], compounds=[str(one) for one in compounds], valid_from=on
    )
    event = OrganisationCompoundsSet(
        organisation_id=row["id"],
        kind=row["kind"],
        compounds=tuple(compounds),
        region_id=row["region_id"],
        region_code=row["region_code"],
        valid_from=on,
    )
    await publish(session, event, row["id"], version, row["region_code"])


def _covering(row: RowMapping) -> Covering:
    return Covering(row["compound_id"], Period(row["valid_from"], row["valid_to"]))
