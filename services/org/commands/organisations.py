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
)
from services.org.commands.publishing import publish
from services.org.commands.register_steps import place
from services.org.domain import events
from services.org.domain.identifiers import check_credit_code
from services.org.domain.periods import Period, check_existence
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
    region = await place(session, permit, asked.region_code, asked.established_on, "establishedOn")
    name = check_name(asked.name, "name")
    await check_kind(session, "organisation", asked.kind)
    credit_code = check_credit_code(asked.credit_code, "creditCode") if asked.credit_code else None
    if asked.parent_id is not None:
        parent, period = await hold_organisation(session, asked.parent_id, "parentId"), Period(asked.established_on)
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
