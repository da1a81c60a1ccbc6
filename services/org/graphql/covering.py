"""Which compounds organisations cover, in the graph: how a region's compounds are covered by a kind of them."""

from __future__ import annotations

import strawberry
from sqlalchemy import not_

from chassis.errors import BadRequest
from chassis.graphql.connection import Connection, PageArguments, fingerprint
from chassis.graphql.context import Context
from services.org.graphql.coverage import CompoundThere, Coverage
from services.org.graphql.links import Info
from services.org.graphql.words import kind_of
from services.org.storage import covering as reads
from services.org.storage.in_force import Place
from services.org.storage.reads import load_kinds


@strawberry.type(description="How the compounds of a region are covered by organisations of a kind. 组织覆盖")
class OrganisationCoverage(Coverage):
    """Counts over a region: of organisations in the caller's scope and above it."""

    kind: str = strawberry.field(description="Code of the kind of organisation. 组织类型")
    organisations: int = strawberry.field(description="Organisations that cover a compound here. 覆盖组织数")
    joint_organisations: int = strawberry.field(
        description="Of these, jointly over more than one compound. 联合组建的组织数"
    )

    @strawberry.field(description="Name of the kind in the language of Accept-Language. 组织类型名称")
    async def kind_name(self, info: Info) -> str:
        """Read the kind."""
        return (await kind_of(info.context, "organisation", self.kind)).name

    @strawberry.field(description="The compounds that none covers, by region. 未覆盖小区")
    async def uncovered_compounds(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundThere]:
        """Read a page of them."""
        place, asked = self.place, PageArguments(first, after, last, before)
        mark = fingerprint("OrganisationCoverage", self.kind, place.id, place.as_of)
        return await self.page(info.context, asked, mark, not_(reads.covered(self.kind, place)))


async def organisation_coverage_in(context: Context, place: Place, kind: str) -> OrganisationCoverage:
    """Count how the compounds of a place and below are covered by organisations of a kind. Raises BadRequest."""
    context.access.admit(context.caller, "organisation")
    if await context.loader(load_kinds).load(("organisation", kind)) is None:
        raise BadRequest(reason=f"There is no kind of organisation {kind[:40]!r} in this practice.")
    row = await reads.count_covered(await context.read(), kind, place)
    return OrganisationCoverage(kind=kind, place=place, **dict(row))
