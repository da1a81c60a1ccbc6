"""The lists of entry control in the graph."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.tickets.commands.actors import now
from services.tickets.domain import admission as rules
from services.tickets.domain.calendar import local_day
from services.tickets.graphql.links import Info, RegionLink, code_of, region_of, uuid_of
from services.tickets.storage.admission import ORDER, items_in, load_items


@strawberry.enum(description="The three lists of entry control. 准入三张清单")
class AdmissionList(Enum):
    """As `domain.admission.AdmissionList`, by name."""

    MATTERS = strawberry.enum_value("MATTERS", description="Not to be undertaken. 不应由社区承担的工作事项清单")
    CERTIFICATES = strawberry.enum_value("CERTIFICATES", description="Not to be issued. 不应由社区出具证明事项清单")
    HOTLINES = strawberry.enum_value("HOTLINES", description="To report a burden. 社区减负增效工作举报电话清单")

    @property
    def rule(self) -> rules.AdmissionList:
        """The domain's member."""
        return rules.AdmissionList[self.name]


@strawberry.federation.type(keys=["id"], description="An item of a list of entry control, in one version. 准入清单事项")
class AdmissionItem:
    """A version of an item."""

    id: strawberry.ID = strawberry.field(description="Identity of this version. 标识")
    list_: AdmissionList = strawberry.field(name="list", description="Which list. 清单")
    code: str = strawberry.field(description="Code in the list; the same in every version. 代码")
    version: int = strawberry.field(description="Number of this version, from 1. 版本")
    name: str = strawberry.field(description="What it is called. 名称")
    keywords: list[str] = strawberry.field(
        description="Words by which a ticket is known to be about it, at most 20. 关键词"
    )
    basis: str | None = strawberry.field(description="The rule that it rests on. 依据")
    phone: str | None = strawberry.field(description="Telephone number of a hotline. 电话")
    valid_from: date = strawberry.field(description="First day on which it is in force. 生效日期")
    valid_to: date | None = strawberry.field(description="First day on which it no longer is. 失效日期")
    region_id: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row, named in the caller's language."""
        plain = ("code", "version", "keywords", "basis", "phone", "valid_from", "valid_to", "region_id")
        return cls(
            id=strawberry.ID(str(row["id"])),
            list_=AdmissionList[row["list"].upper()],
            name=row["name_zh"] if context.language == "zh-CN" else row["name_en"],
            **{name: row[name] for name in plain},
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> AdmissionItem | None:  # noqa: A002
        """Answer the gateway."""
        info.context.access.admit(info.context.caller, "admissionItems")
        return await admission_item_by_id(info.context, uuid_of(id))

    @strawberry.field(description="Whose list it is on: it is in force here and below. 适用区划")
    def region(self) -> RegionLink:
        """Refer to it."""
        return region_of(self.region_id)


async def admission_item_by_id(context: Context, id_: UUID) -> AdmissionItem | None:
    """Return a version that is in force in or above the caller's regions."""
    row = await context.loader(load_items).load(id_)
    return None if row is None else AdmissionItem.of(row, context)


@strawberry.type
class RegionAdmission:
    """What entry control adds to a region."""

    id: strawberry.ID = strawberry.field(description="Identity, which outlives code and name. 标识")

    @strawberry.field(
        description="Items of entry control in force here, of this region's lists and of those above. 准入清单"
    )
    async def admission_items(
        self,
        info: Info,
        list: Annotated[AdmissionList | None, strawberry.argument(description="Which list. 清单")] = None,  # noqa: A002
        as_of: Annotated[date | None, strawberry.argument(description="On which day; today by default. 日期")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[AdmissionItem]:
        """Read a page of them."""
        context = info.context
        context.access.admit(context.caller, "admissionItems")
        day = as_of or local_day(now())
        statement = items_in(await code_of(context, self.id), list.rule if list else None, day)
        mark = fingerprint("Region.admissionItems", self.id, list, day)
        asked = PageArguments(first, after, last, before)
        page = await paginate(await context.read(), statement, ORDER, asked, mark)
        return page.connection(lambda row: AdmissionItem.of(row, context))
