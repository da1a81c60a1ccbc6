"""Dissolve an organisation by which nothing holds any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from services.org.commands.covering import end_covering
from services.org.commands.organisation_ties import check_untied
from services.org.commands.places import lock
from services.org.commands.publishing import publish
from services.org.domain import events
from services.org.domain.periods import Period, check_not_future, ended, today
from services.org.storage import tables as t
from services.org.storage.everywhere import everywhere

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


async def dissolve_organisation(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Dissolve an organisation that has nothing any more, anywhere: no duties, organisations below, pairings, ..."""
    row = await lock(session, t.organisation, asked.id, "organisation", asked.expected_version)
    permit.require(row["region_code"], what="organisation")
    check_not_future(asked.on, today(), "on")
    ended(Period(row["established_on"], row["dissolved_on"]), asked.on, "on")
    async with everywhere(session):
        await check_untied(session, asked.id, asked.on)
    await end_covering(session, asked.id, asked.on)
    version = row["version"] + 1
    await session.execute(
        update(t.organisation).where(t.organisation.c.id == asked.id).values(dissolved_on=asked.on, version=version)
    )
    session.changed("organisation", asked.id, row["region_code"], dissolved_on=asked.on)
    event = events.OrganisationDissolved(
        organisation_id=asked.id,
        kind=row["kind"],
        region_id=row["region_id"],
        region_code=row["region_code"],
        dissolved_on=asked.on,
    )
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id
