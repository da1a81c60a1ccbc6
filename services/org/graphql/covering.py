"""Which compounds organisations cover, in the graph: how a region's compounds are covered by a kind of them."""

from __future__ import annotations

from uuid import UUID

import strawberry
from sqlalchemy import not_

from chassis.errors import BadRequest
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.measures import rounded
from services.org.graphql import circles, compounds
from services.org.graphql.links import Info
from services.org.graphql.words import kind_of
from services.org.storage import covering as reads
from services.org.storage.circles import COMPOUND_ORDER, compounds_there
from services.org.storage.in_force import Place
from services.org.storage.reads import load_kinds


@strawberry.type(description="How the compounds of a region are covered by organisations of a kind. 组织覆盖")
class OrganisationCoverage:
    """Counts over a region: of organisations in the caller's scope and above it."""

    kind: str = strawberry.field(description="Code of the kind of organisation. 组织类型")
    compounds: int = strawberry.field(description="Compounds here and below. 小区数")
    covered: int = strawberry.field(description="Of these, covered by at least one. 已覆盖小区数")
    organisations: int = strawberry.field(description="Organisations that cover a compound here. 覆盖组织数")
    joint_organisations: int = strawberry.field(
        description="Of these, jointly over more than one compound. 联合组建的组织数"
    )
    place: strawberry.Private[Place]

    @strawberry.field(description="Name of the kind in the language of Accept-Language. 组织类型名称")
    async def kind_name(self, info: Info) -> str:
        """Read the kind."""
        return (await kind_of(info.context, "organisation", self.kind)).name

    @strawberry.field(description="Covered by none. 未覆盖小区数")
    def uncovered(self) -> int:
        """Subtract."""
        return self.compounds - self.covered

    @strawberry.field(description="Share that is covered; null without any compound. 覆盖率")
    def covered_percent(self, decimals: int = 1) -> float | None:
        """Divide."""
        return rounded(100 * self.covered, self.compounds, max(0, min(decimals, 4)))

    @strawberry.field(description="The compounds that none covers, by region. 未覆盖小区")
    async def uncovered_compounds(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[circles.CompoundThere]:
        """Read a page of them."""
        place, asked = self.place, PageArguments(first, after, last, before)
        statement = compounds_there(place, not_(reads.covered(self.kind, place)))
        mark = fingerprint("OrganisationCoverage", self.kind, place.id, place.as_of)
        page = await paginate(await info.context.read(), statement, COMPOUND_ORDER, asked, mark)
        return page.connection(
            lambda row: circles.CompoundThere(compound=_compound(row["id"]), row=row, day=place.as_of)
        )


async def organisation_coverage_in(context: Context, place: Place, kind: str) -> OrganisationCoverage:
    """Count how the compounds of a place and below are covered by organisations of a kind. Raises BadRequest."""
    context.access.admit(context.caller, "organisation")
    if await context.loader(load_kinds).load(("organisation", kind)) is None:
        raise BadRequest(reason=f"There is no kind of organisation {kind[:40]!r} in this practice.")
    row = await reads.count_covered(await context.read(), kind, place)
    return OrganisationCoverage(kind=kind, place=place, **dict(row))


def _compound(id_: UUID) -> compounds.Compound:
    return compounds.Compound(id=strawberry.ID(str(id_)))
