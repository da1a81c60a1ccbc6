"""What property adds to org's regions, at every level at once."""

from __future__ import annotations

from typing import Annotated

import strawberry

from chassis.graphql.connection import Connection, PageArguments, fingerprint
from chassis.graphql.context import Context
from services.property.graphql import committees, companies, compounds, stats
from services.property.graphql.committee_enums import CommitteeForm, CommitteeStatus
from services.property.graphql.enums import CompoundCare
from services.property.graphql.links import CommitteeLink, CompanyLink, CompoundLink, Info, plain, uuid_of
from services.property.storage import reads
from services.property.storage.committees import committees_in

_NOWHERE = "-"
"""Lies in no region: for a region that org has not told of yet, in which there can be nothing."""


@strawberry.federation.interface_object(keys=["id"], description="A region of the tree, from city to unit. 区划")
class Region:
    """A region, as far as property knows it."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Region:  # noqa: A002
        """Answer the gateway."""
        return Region(id=id)

    @strawberry.field(description="Compounds here and below. 小区")
    async def compounds(
        self,
        info: Info,
        kind: Annotated[str | None, strawberry.argument(description="Code of a type. 小区类型")] = None,
        care: Annotated[CompoundCare | None, strawberry.argument(description="Way of care. 管理方式")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundLink]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "compounds")
        code = await code_of(info.context, self.id)
        way = care.name.lower() if care else None
        statement = reads.compounds_in(code, plain(kind, "kind"), way)
        mark = fingerprint("Region.compounds", self.id, kind, way)
        return await compounds.page_of(info.context, statement, PageArguments(first, after, last, before), mark)

    @strawberry.field(description="Property companies that are looked after here and below. 物业服务企业")
    async def property_companies(
        self,
        info: Info,
        has_party_branch: Annotated[
            bool | None, strawberry.argument(description="With a Party branch, or without. 是否成立党支部")
        ] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompanyLink]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "companies")
        statement = reads.companies_in(await code_of(info.context, self.id), has_party_branch)
        mark = fingerprint("Region.propertyCompanies", self.id, has_party_branch)
        return await companies.page_of(info.context, statement, PageArguments(first, after, last, before), mark)

    @strawberry.field(description="Committees of compounds here and below. 业主组织")
    async def committees(
        self,
        info: Info,
        form: Annotated[CommitteeForm | None, strawberry.argument(description="Form. 形式")] = None,
        status: Annotated[CommitteeStatus | None, strawberry.argument(description="Where it stands. 状态")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CommitteeLink]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "committees")
        asked = (form.name.lower() if form else None, status.name.lower() if status else None)
        statement = committees_in(await code_of(info.context, self.id), *asked)
        mark = fingerprint("Region.committees", self.id, *asked)
        return await committees.page_of(info.context, statement, PageArguments(first, after, last, before), mark)

    @strawberry.field(description="Figures of property here and below, within the caller's scope. 物业统计")
    async def property_stats(self, info: Info) -> stats.PropertyStats:
        """Count when asked for a count."""
        info.context.access.admit(info.context.caller, "propertyStats")
        return stats.PropertyStats(prefix=await code_of(info.context, self.id))


async def code_of(context: Context, id_: strawberry.ID) -> str:
    """Return a region's present code."""
    return await context.loader(reads.load_region_codes).load(uuid_of(id_)) or _NOWHERE
