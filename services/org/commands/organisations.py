"""Found organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert

from chassis.ids import new_id
from services.org.commands.organisation_history import begin_history
from services.org.commands.places import (
    check_kind,
    hold_organisation,
    lock_region,
    region_in_force,
)
from services.org.commands.publishing import publish
from services.org.domain import events
from services.org.domain.identifiers import check_credit_code
from services.org.domain.periods import Period, check_existence, check_not_future, today
from services.org.domain.regions import check_name
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class FoundOrganisation(msgspec.Struct, frozen=True):
    """What is asked: an organisation of a kind, in a region, perhaps below another."""

    kind: str
    name: str
    region_code: str
    established_on: date
    parent_id: UUID | None = None
    credit_code: str | None = None
    split_from: UUID | None = None


class EndThing(msgspec.Struct, frozen=True):
    """What is asked: that something ends on a day, its first without."""

    id: UUID
    expected_version: int
    on: date


async def found_organisation(session: WriteSession, permit: Permit, asked: FoundOrganisation) -> UUID:
    """Found an organisation."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    await lock_region(session, region.id)
    name = check_name(asked.name, "name")
    await check_kind(session, "organisation", asked.kind)
    check_not_future(asked.established_on, today(), "establishedOn")
    period = Period(asked.established_on)
    check_existence(region.existence, period, "region", "regionCode")
    credit_code = check_credit_code(asked.credit_code, "creditCode") if asked.credit_code else None
    if asked.parent_id is not None:
        parent = await hold_organisation(session, asked.parent_id, "parentId")
        check_existence(Period(parent["established_on"], parent["dissolved_on"]), period, "parent", "parentId")
    row: dict[str, Any] = {
        "id": new_id(),
        "kind": asked.kind,
        "name": name,
        "region_id": region.id,
        "region_code": region.code,
        "parent_id": asked.parent_id,
        "credit_code": credit_code,
        "established_on": asked.established_on,
    }
    await session.execute(insert(t.organisation), row)
    await begin_history(session, row)
    session.changed("organisation", row["id"], region.code, kind=asked.kind, name=name, parent_id=asked.parent_id)
    event = events.OrganisationFounded(
        organisation_id=row["id"],
        kind=asked.kind,
        name=name,
        parent_id=asked.parent_id,
        region_id=region.id,
        region_code=region.code,
        established_on=asked.established_on,
        split_from=asked.split_from,
    )
    await publish(session, event, event.organisation_id, 1, region.code)
    return event.organisation_id
