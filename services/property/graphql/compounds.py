"""Compounds in the graph."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, Select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.property.access import sees_funds
from services.property.domain.quarters import bounds_of
from services.property.graphql import committees, regions, service
from services.property.graphql import households as h
from services.property.graphql import votes as v
from services.property.graphql.care import CompoundFundEntry, CompoundLack, FundEmergency, FundStatement
from services.property.graphql.enums import CompoundCare
from services.property.graphql.links import (
    CommitteeLink,
    CompoundLink,
    HouseholdLink,
    Info,
    RegionLink,
    VoteLink,
    square_metres,
    uuid_of,
)
from services.property.graphql.service_systems import CompoundServiceSystem
from services.property.storage import histories, reads
from services.property.storage.care import ENTRY_ORDER, entries_of, load_last_published
from services.property.storage.red import load_of_kind
from services.property.storage.service_systems import load_present_systems
from services.property.storage.votes import votes_of


@strawberry.type(description="A building of a compound, as its register has it. 楼栋")
class CompoundBuilding:
    """Counts of one building."""

    name: str = strawberry.field(description="What it is called in the register. 楼栋")
    units: int = strawberry.field(description="How many entrances it has. 单元数")
    households: int = strawberry.field(description="How many exclusive parts. 专有部分数")
    area: Decimal = strawberry.field(description="Their exclusive area together, in m². 专有部分面积")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its counts."""
        plain = {name: row[name] for name in ("units", "households")}
        return cls(name=row["building"], area=square_metres(int(row["area"])), **plain)


@strawberry.federation.type(keys=["id"], description="A residential compound. 小区")
class Compound:
    """A compound."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    version: int = strawberry.field(description="Counts changes; give it back as expectedVersion. 版本")
    name: str = strawberry.field(description="Its name. 名称")
    kind: str = strawberry.field(description="Code of its type in this practice. 小区类型")
    care: CompoundCare = strawberry.field(description="How it is cared for. 管理方式")
    registered_on: date = strawberry.field(description="Day of registration. 登记日期")
    latitude: float | None = strawberry.field(description="Where it lies, if known: degrees north. 纬度")
    longitude: float | None = strawberry.field(description="Where it lies, if known: degrees east. 经度")
    row: strawberry.Private[RowMapping]

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> CompoundLink | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "compound")
        return await compound_by_id(info.context, uuid_of(id))

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            version=row["version"],
            name=row["name"],
            kind=row["kind"],
            care=CompoundCare[row["care"].upper()],
            registered_on=row["registered_on"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            row=row,
        )

    @strawberry.field(description="The region it lies in. 所属区划")
    def region(self) -> RegionLink:
        """Refer to it; org has the rest."""
        return regions.Region(id=strawberry.ID(str(self.row["region_id"])))

    @strawberry.field(description="Its buildings, as its register has them, by name. 楼栋")
    async def buildings(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundBuilding]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.BUILDINGS.page(info.context, self.row["id"], asked)
        return page.connection(CompoundBuilding.of)

    @strawberry.field(description="Its exclusive parts with their owners; for who keeps the register. 业主名册")
    async def households(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[HouseholdLink]:
        """Read a page of them."""
        info.context.access.permit(info.context.caller, "households", self.row["region_code"], what="compound")
        arguments = PageArguments(first, after, last, before)
        mark = fingerprint("Compound.households", self.id)
        return await h.page_of(info.context, reads.parts_of(self.row["id"]), arguments, mark)

    @strawberry.field(description="What acts for its owners, the latest first. 业主组织")
    async def committees(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CommitteeLink]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "committees")
        asked = PageArguments(first, after, last, before)
        page = await histories.COMMITTEES.page(info.context, self.row["id"], asked)
        return page.connection(committees.Committee.of)

    @strawberry.field(description="Choices of a property company, the latest first. 选聘")
    async def selections(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[service.Selection]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "selections")
        asked = PageArguments(first, after, last, before)
        page = await histories.SELECTIONS.page(info.context, self.row["id"], asked)
        return page.connection(service.Selection.of)

    @strawberry.field(description="Contracts of property service, the latest first. 物业服务合同")
    async def contracts(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[service.ServiceContract]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "contracts")
        asked = PageArguments(first, after, last, before)
        page = await histories.CONTRACTS.page(info.context, self.row["id"], asked)
        return page.connection(service.ServiceContract.of)

    @strawberry.field(description="Assessments of the companies that serve it, the latest first. 考评")
    async def assessments(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[service.CompanyAssessment]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "assessments")
        asked = PageArguments(first, after, last, before)
        page = await histories.ASSESSMENTS.page(info.context, self.row["id"], asked)
        return page.connection(service.CompanyAssessment.of)

    @strawberry.field(description="The practice's contents and standards of service for its type. 服务内容与标准")
    async def service_standards(self, info: Info) -> list[service.CompoundStandard]:
        """Choose those for its type."""
        rows = await info.context.loader(load_of_kind).load("service")
        return service.standards_for(rows, self.kind, info.context.language)

    @strawberry.field(description="What it lacks or lacked, and how it converts; the latest first. 三无登记")
    async def lacks(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundLack]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "lacks")
        asked = PageArguments(first, after, last, before)
        page = await histories.LACKS.page(info.context, self.row["id"], asked)
        return page.connection(CompoundLack.of)

    @strawberry.field(description="The system of property help that it is under today. 所纳入的物业服务体系")
    async def service_system(self, info: Info) -> CompoundServiceSystem | None:
        """Choose the one in force."""
        info.context.access.admit(info.context.caller, "serviceSystems")
        row = await info.context.loader(load_present_systems).load(self.row["id"])
        return None if row is None else CompoundServiceSystem.of(row, info.context)

    @strawberry.field(
        description="Every system of property help that it is or was under, the latest first. 服务体系沿革"
    )
    async def service_systems(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundServiceSystem]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "serviceSystems")
        asked = PageArguments(first, after, last, before)
        page = await histories.SYSTEMS.page(info.context, self.row["id"], asked)
        return page.connection(lambda row: CompoundServiceSystem.of(row, info.context))

    @strawberry.field(description="What was published of its money, the latest quarter first. 资金季度公布")
    async def fund_statements(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[FundStatement]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "fundStatements")
        asked = PageArguments(first, after, last, before)
        page = await histories.STATEMENTS.page(info.context, self.row["id"], asked)
        return page.connection(FundStatement.of)

    @strawberry.field(
        description="Its books, the first entry first; of quarters that were published, but for who keeps them. "
        "资金明细"
    )
    async def fund_entries(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CompoundFundEntry]:
        """Read a page of them."""
        context = info.context
        context.access.admit(context.caller, "fundEntries")
        upto = None
        if not sees_funds(context.caller, self.row["region_code"]):
            quarter = await context.loader(load_last_published).load(self.row["id"])
            upto = date.min if quarter is None else bounds_of(quarter)[1]
        asked, mark = PageArguments(first, after, last, before), fingerprint("Compound.fundEntries", self.id, upto)
        statement = entries_of(self.row["id"], upto)
        page = await paginate(await context.read(), statement, ENTRY_ORDER, asked, mark)
        return page.connection(CompoundFundEntry.of)

    @strawberry.field(description="Urgent repairs from its maintenance fund, the latest first. 应急使用")
    async def fund_emergencies(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[FundEmergency]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "fundEmergencies")
        asked = PageArguments(first, after, last, before)
        page = await histories.EMERGENCIES.page(info.context, self.row["id"], asked)
        return page.connection(FundEmergency.of)

    @strawberry.field(description="Votes of its owners, the latest first. 业主表决")
    async def votes(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[VoteLink]:
        """Read a page of them."""
        info.context.access.admit(info.context.caller, "votes")
        arguments = PageArguments(first, after, last, before)
        mark = fingerprint("Compound.votes", self.id)
        return await v.page_of(info.context, votes_of(self.row["id"]), arguments, mark)


async def compound_by_id(context: Context, id_: UUID) -> Compound | None:
    """Return a compound in scope."""
    row = await context.loader(reads.load_compounds).load(id_)
    return None if row is None else Compound.of(row)


async def page_of(
    context: Context, statement: Select[tuple[object, ...]], asked: PageArguments, mark: str
) -> Connection[CompoundLink]:
    """Return a page of compounds by region."""
    page = await paginate(await context.read(), statement, reads.COMPOUND_ORDER, asked, mark)
    return page.connection(Compound.of)
