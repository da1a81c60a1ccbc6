"""Systems of property help in the graph: levels, who fills them, what they do, how they are supervised."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Self

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.property.access import sees_register
from services.property.commands.service_systems import MOST_FILL, definition_of
from services.property.domain.content import today
from services.property.domain.identifiers import mask_name
from services.property.domain.service_system import ServiceSystem, SystemBody, SystemLevel, vacant, where_stands
from services.property.graphql.links import Info, plain
from services.property.storage import service_systems as reads

_MOST_JUDGEMENTS = 100


@strawberry.enum(description="Where an inspection stands. 检查状态")
class InspectionStatus(Enum):
    """As `domain.service_system.Inspected`, by name."""

    PASSED = strawberry.enum_value("PASSED", description="Nothing must be put right. 合格")
    OPEN = strawberry.enum_value("OPEN", description="Something must be put right. 待整改")
    RECTIFIED = strawberry.enum_value("RECTIFIED", description="It was put right. 已整改")


@strawberry.type(description="Who fills a level or supervising body. 在岗力量")
class ServicePostHolder:
    """An organisation, a person by their duty, or somebody by name."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    organisation_id: strawberry.ID | None = strawberry.field(description="The organisation of org. 组织标识")
    organisation: str | None = strawberry.field(description="Its name, once org has told of it. 组织名称")
    person_id: strawberry.ID | None = strawberry.field(description="The person of org. 人员标识")
    title: str | None = strawberry.field(description="Code of the duty by which the person fills it. 职务")
    name: str | None = strawberry.field(description="Name; masked but for who keeps the register. 名称")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day on which they fill it no more. 终止日期")
    is_present: bool = strawberry.field(
        description="Whether they do today: also the organisation is there, and the person holds the duty. 是否在岗"
    )

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        name = context.cipher.decrypt(bytes(row["name"])) if row["name"] else None
        if name and not sees_register(context.caller, row["region_code"]):
            name = mask_name(name)
        same = ("organisation", "title", "valid_from", "valid_to", "is_present")
        return cls(
            id=strawberry.ID(str(row["id"])),
            name=name,
            organisation_id=strawberry.ID(str(row["organisation_id"])) if row["organisation_id"] else None,
            person_id=strawberry.ID(str(row["person_id"])) if row["person_id"] else None,
            **{one: row[one] for one in same},
        )


@strawberry.type(description="A level of help, or a supervising body. 服务层级或监督机构")
class ServicePost:
    """A post of a compound's system."""

    code: str = strawberry.field(description="Its code. 代码")
    name: str = strawberry.field(description="What it is called, in the language of Accept-Language. 名称")
    titles: list[str] = strawberry.field(description="Codes of the practice's duty titles that speak for it. 代表职务")
    is_vacant: bool = strawberry.field(description="Whether nobody fills it today. 是否空缺")
    holders: list[ServicePostHolder] = strawberry.field(description="Who fills it today, at most 100. 在岗")
    past_holders: list[ServicePostHolder] = strawberry.field(description="Who filled it, the latest 100 first. 历任")

    @classmethod
    def of(cls, post: SystemLevel | SystemBody, rows: list[RowMapping], context: Context) -> Self:
        """Make it from who fills and filled it."""
        mine = [row for row in rows if row["post"] == post.code]
        return cls(
            code=post.code,
            name=named(post, context.language),
            titles=list(post.titles),
            is_vacant=not any(row["is_present"] for row in mine),
            holders=[ServicePostHolder.of(row, context) for row in mine if row["is_present"]],
            past_holders=[ServicePostHolder.of(row, context) for row in mine if not row["is_present"]][:MOST_FILL],
        )


@strawberry.type(description="What a level did for the compound. 帮助记录")
class ServiceHelp:
    """A help."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    level: str = strawberry.field(description="Code of the level. 层级")
    on: date = strawberry.field(description="Day. 日期")
    text: str = strawberry.field(description="What it did. 内容")
    ticket_id: strawberry.ID | None = strawberry.field(description="The ticket that it was for. 事项")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        ticket = strawberry.ID(str(row["ticket_id"])) if row["ticket_id"] else None
        same = {name: row[name] for name in ("level", "on", "text")}
        return cls(id=strawberry.ID(str(row["id"])), ticket_id=ticket, **same)


@strawberry.type(description="What a supervising body said of what it had demanded. 整改认定")
class ServiceJudgement:
    """A judgement."""

    on: date = strawberry.field(description="Day. 日期")
    rectify_by: date = strawberry.field(description="The day that had been demanded. 原定期限")
    rectified: bool = strawberry.field(description="Whether it was put right. 是否整改到位")
    opinion: str = strawberry.field(description="With which opinion. 认定意见")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        same = {name: row[name] for name in ("on", "rectify_by", "opinion")}
        return cls(rectified=row["rectified_on"] is not None, **same)


@strawberry.type(description="An inspection of a level by a supervising body. 监督检查")
class ServiceInspection:
    """An inspection."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    body: str = strawberry.field(description="Code of the supervising body. 监督机构")
    level: str = strawberry.field(description="Code of the level that it looked at. 被检查层级")
    on: date = strawberry.field(description="Day. 日期")
    finding: str = strawberry.field(description="What it found. 检查结果")
    status: InspectionStatus = strawberry.field(description="Where it stands. 状态")
    rectify_by: date | None = strawberry.field(description="By when it must be put right. 整改期限")
    rectified_on: date | None = strawberry.field(description="When it was found put right. 整改日期")
    is_overdue: bool = strawberry.field(description="Whether that day has passed and it is open. 是否逾期")
    row: strawberry.Private[RowMapping]

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        status = where_stands(row["rectify_by"], row["rectified_on"])
        names = ("body", "level", "on", "finding", "rectify_by", "rectified_on")
        return cls(
            id=strawberry.ID(str(row["id"])),
            status=InspectionStatus[status.name],
            is_overdue=row["rectified_on"] is None and row["rectify_by"] is not None and row["rectify_by"] < today(),
            row=row,
            **{name: row[name] for name in names},
        )

    @strawberry.field(
        description="What the body said of what it had demanded, in order; at most the last 100. 整改认定"
    )
    async def judgements(self, info: Info) -> list[ServiceJudgement]:
        """Read them."""
        rows = await info.context.loader(reads.load_judgements).load(self.row["id"])
        return [ServiceJudgement.of(row) for row in rows[-_MOST_JUDGEMENTS:]]


@strawberry.type(description="A compound under a system of property help. 小区所纳入的物业服务体系")
class CompoundServiceSystem:
    """A compound's system, as it was when the compound was put under it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    code: str = strawberry.field(description="Code of the system in the practice. 代码")
    name: str = strawberry.field(description="What it is called, in the language of Accept-Language. 名称")
    valid_from: date = strawberry.field(description="First day. 起始日期")
    valid_to: date | None = strawberry.field(description="First day on which it is under it no more. 终止日期")
    row: strawberry.Private[RowMapping]
    system: strawberry.Private[ServiceSystem]

    @classmethod
    def of(cls, row: RowMapping, context: Context) -> Self:
        """Make it from its row."""
        system = definition_of(row)
        same = {name: row[name] for name in ("valid_from", "valid_to")}
        name = named(system, context.language)
        return cls(id=strawberry.ID(str(row["id"])), code=system.code, name=name, row=row, system=system, **same)

    async def _rows(self, info: Info) -> list[RowMapping]:
        return await info.context.loader(reads.load_posts).load(self.row["id"])

    @strawberry.field(description="Its levels of help in their order, at most 20, with who fills them. 服务层级")
    async def levels(self, info: Info) -> list[ServicePost]:
        """Read them."""
        rows = await self._rows(info)
        return [ServicePost.of(post, rows, info.context) for post in self.system.levels]

    @strawberry.field(description="The bodies that supervise it, at most 20, with who fills them. 监督机构")
    async def bodies(self, info: Info) -> list[ServicePost]:
        """Read them."""
        rows = await self._rows(info)
        return [ServicePost.of(post, rows, info.context) for post in self.system.bodies]

    @strawberry.field(description="Codes of levels and bodies that nobody fills today, at most 40. 空缺")
    async def vacancies(self, info: Info) -> list[str]:
        """Compare."""
        return vacant(self.system, {row["post"] for row in await self._rows(info) if row["is_present"]})

    @strawberry.field(description="What the levels did, the latest first. 帮助记录")
    async def helps(
        self,
        info: Info,
        level: Annotated[str | None, strawberry.argument(description="Code of a level. 层级")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ServiceHelp]:
        """Read a page of them."""
        asked, mark = PageArguments(first, after, last, before), fingerprint("serviceHelps", self.id, level)
        statement = reads.helps_of(self.row["id"], plain(level, "level"))
        read = await info.context.read()
        page = await paginate(read, statement, reads.HELP_ORDER, asked, mark, descending=True)
        return page.connection(ServiceHelp.of)

    @strawberry.field(description="Inspections by the supervising bodies, the latest first. 监督检查")
    async def inspections(
        self,
        info: Info,
        body: Annotated[str | None, strawberry.argument(description="Code of a body. 监督机构")] = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[ServiceInspection]:
        """Read a page of them."""
        asked, mark = PageArguments(first, after, last, before), fingerprint("serviceInspections", self.id, body)
        statement = reads.inspections_of(self.row["id"], plain(body, "body"))
        read = await info.context.read()
        page = await paginate(read, statement, reads.INSPECTION_ORDER, asked, mark, descending=True)
        return page.connection(ServiceInspection.of)


def named(what: ServiceSystem | SystemLevel | SystemBody, language: str) -> str:
    """Return a name in the caller's language."""
    return what.name_zh if language == "zh-CN" else what.name_en
