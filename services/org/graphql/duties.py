"""Duties in the graph."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Select

from chassis.graphql.connection import Connection, PageArguments, Shaped, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import organisations, people, regions
from services.org.graphql.above import row_above
from services.org.graphql.links import Info, OrganisationLink, PersonLink, RegionLink, uuid_of
from services.org.graphql.rowed import Rowed
from services.org.graphql.words import DutyTitle, title_of
from services.org.storage import tables as t
from services.org.storage.reads import load_duties, load_pair_partners


@strawberry.federation.type(keys=["id"], description="A duty that a person holds in a region for a time. 任职")
class Duty(Rowed):
    """A duty."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    valid_from: date = strawberry.field(description="First day. 任职日期")
    valid_to: date | None = strawberry.field(description="First day on which it is no longer held. 免职日期")

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> Duty | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "duty")
        found = await duty_by_id(info.context, uuid_of(id), today())
        row = await row_above(info.context, load_duties, uuid_of(id)) if found is None else None
        return found if row is None else Duty.of(row, today())

    @strawberry.field(description="Its title in this practice. 职务")
    async def title(self, info: Info) -> DutyTitle:
        """Read the title."""
        return await title_of(info.context, self.row["title"])

    @strawberry.field(description="Who holds it. 任职人")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_referred_to(info.context, self.row["person_id"], self.day)

    @strawberry.field(description="The organisation it belongs to, if in your scope or above it. 任职组织")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the organisation."""
        held_in = self.row["organisation_id"]
        if held_in is None:
            return None
        return await organisations.organisation_referred_to(info.context, held_in, self.day)

    @strawberry.field(description="The region it is held in. 任职区划")
    async def region(self, info: Info) -> RegionLink | None:
        """Read the region."""
        return await regions.region_by_id(info.context, self.row["region_id"], self.day)

    @strawberry.field(description="Whether it is held on the day asked about. 是否在任")
    def is_in_force(self) -> bool:
        """Compare the period with the day."""
        return bool(self.valid_from <= self.day and (self.valid_to is None or self.day < self.valid_to))

    @strawberry.field(description="The duty it is paired with: in-service with other member. 结对任职")
    async def paired_with(self, info: Info) -> Duty | None:
        """Read the partner, whichever of the two was told."""
        row = await info.context.loader(load_pair_partners).load(self.row["id"])
        return None if row is None else Duty.of(row, self.day)


async def duty_by_id(context: Context, id_: UUID, day: date) -> Duty | None:
    """Return a duty in scope, in force or not."""
    row = await context.loader(load_duties).load(id_)
    return None if row is None else Duty.of(row, day)


async def page_of(
    context: Context, statement: Select[Any] | Shaped, day: date, asked: PageArguments, mark: str
) -> Connection[Duty]:
    """Return a page of duties as they are on `day`."""
    order = [t.duty.c.region_code, t.duty.c.id]
    page = await paginate(await context.read(), statement, order, asked, mark)
    return page.connection(lambda row: Duty.of(row, day))
