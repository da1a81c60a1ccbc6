"""Alliances in the graph: who belongs to one, and to which an organisation belongs, by date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import strawberry
from sqlalchemy import select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import organisations
from services.org.graphql.links import Info, OrganisationLink
from services.org.graphql.registered import Registered, register_row
from services.org.storage import tables as t
from services.org.storage.in_force import in_force

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


@strawberry.type(description="An organisation that belongs to an alliance. 联盟成员单位")
class AllianceMembership(Registered):
    """A membership; its region is the alliance's."""

    @strawberry.field(description="The alliance, if in your scope or above it. 联盟")
    async def alliance(self, info: Info) -> OrganisationLink | None:
        """Read the alliance."""
        return await organisations.organisation_referred_to(info.context, self.row["alliance_id"], self.day)

    @strawberry.field(description="The member, if in your scope or above it. 成员单位")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the member."""
        return await organisations.organisation_referred_to(info.context, self.row["organisation_id"], self.day)


async def members_page(
    context: Context,
    alliance_id: UUID,
    day: date,
    *,
    past: bool,
    asked: PageArguments,
) -> Connection[AllianceMembership]:
    """Return a page of the members of an alliance on a day; with `past` also those that had left by then."""
    m = t.alliance_member
    return await _page(context, m.c.alliance_id == alliance_id, f"members/{alliance_id}", day, past=past, asked=asked)


async def alliances_page(
    context: Context,
    organisation_id: UUID,
    day: date,
    *,
    past: bool,
    asked: PageArguments,
) -> Connection[AllianceMembership]:
    """Return a page of the alliances of an organisation on a day; with `past` also those that it had left by then."""
    m = t.alliance_member
    mine = m.c.organisation_id == organisation_id
    return await _page(context, mine, f"alliances/{organisation_id}", day, past=past, asked=asked)


async def membership_by_id(context: Context, id_: UUID) -> AllianceMembership | None:
    """Return a membership in scope."""
    row = await register_row(context, t.alliance_member, id_)
    return None if row is None else AllianceMembership.of(row, today())


async def _page(
    context: Context,
    which: ColumnElement[bool],
    name: str,
    day: date,
    *,
    past: bool,
    asked: PageArguments,
) -> Connection[AllianceMembership]:
    m = t.alliance_member
    # What was taken back on its first day never was.
    lasted = m.c.valid_to.is_(None) | (m.c.valid_to > m.c.valid_from)
    holds = (m.c.valid_from <= day) & lasted if past else in_force(m, day)
    mark = fingerprint(name, day, past)
    statement = select(m).where(which, holds)
    page = await paginate(await context.read(), statement, [m.c.valid_from, m.c.id], asked, mark)
    return page.connection(lambda row: AllianceMembership.of(row, day))
