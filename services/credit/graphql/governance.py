"""Lists, objections, rankings and publicity in the graph."""

from datetime import date, datetime
from typing import Any, Self

import strawberry

from chassis.graphql.connection import Connection, PageArguments, fingerprint, page_of_kept
from services.credit.graphql.enums import CreditColour
from services.credit.graphql.links import Info, RegionLink


@strawberry.type(description="A body on the red or grey list; never a person. 红灰榜条目")
class CreditListing:
    """As everybody sees it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    colour: CreditColour = strawberry.field(description="Which list. 榜单")
    credit_code: str = strawberry.field(description="Unified social credit code. 统一社会信用代码")
    reason: str = strawberry.field(description="Why. 事由")
    document: str = strawberry.field(description="The law, regulation or policy it rests on. 依据文件")
    article: str = strawberry.field(description="Where in it. 条款")
    starts_on: date = strawberry.field(description="First day on which it is shown, after the notice. 起始日期")
    ends_on: date = strawberry.field(description="First day on which it is no longer shown. 届满日期")
    secret: strawberry.Private[bytes]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            colour=CreditColour[row["colour"].upper()],
            credit_code=row["credit_code"],
            reason=row["reason"],
            document=row["document"],
            article=row["article"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            secret=row["holder"],
        )

    @strawberry.field(description="The body's name. 名称")
    def name(self, info: Info) -> str:
        """Decrypt it."""
        return info.context.cipher.decrypt(bytes(self.secret))


@strawberry.type(description="A grid's or larger region's place in a quarter. 区划排名")
class CreditGridRank:
    """Of grids, never of people."""

    rank: int = strawberry.field(description="Place, from 1. 名次")
    people: int = strawberry.field(description="Open accounts of natural persons. 居民账户数")
    points: int = strawberry.field(description="What they earned in the quarter. 季度积分")
    mean: float = strawberry.field(description="Points by person, two decimals. 人均积分")
    red_flag: bool = strawberry.field(description="Whether it is a red-flag grid. 红旗网格")
    region_id: strawberry.Private[Any]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            rank=row["rank"],
            people=row["people"],
            points=int(row["points"]),
            mean=float(row["mean"]),
            red_flag=row["red_flag"],
            region_id=row["region_id"],
        )

    @strawberry.field(description="The grid, or what was asked for. 网格或所选层级区划")
    def region(self) -> RegionLink:
        """Refer to it."""
        from services.credit.graphql.regions import Region  # noqa: PLC0415 (regions refer to rankings)

        return Region(id=strawberry.ID(str(self.region_id)))


@strawberry.type(description="A person's own place in their grid; nobody else is told. 本人名次")
class CreditOwnRank:
    """Of the caller."""

    rank: int = strawberry.field(description="Place, from 1. 名次")
    people: int = strawberry.field(description="Among how many. 人数")


@strawberry.type(description="A group's points of a month. 群体月度积分")
class CreditMonthTotal:
    """By group."""

    group: str = strawberry.field(description="Code of the group. 群体")
    earners: int = strawberry.field(description="How many accounts earned. 获得积分的账户数")
    points: int = strawberry.field(description="Points earned. 积分")


@strawberry.type(description="A person who agreed to be shown. 同意公示者")
class CreditShown:
    """Masked."""

    name: str = strawberry.field(description="Masked name. 脱敏姓名")
    group: str = strawberry.field(description="Code of the group. 群体")
    points: int = strawberry.field(description="Points earned. 积分")


@strawberry.type(description="The publicity of a month (一月一公示). 月度公示")
class CreditPublicity:
    """Public."""

    month: date = strawberry.field(description="Its first day. 月份")
    published_at: datetime = strawberry.field(description="When it was published. 公示时间")
    totals: list[CreditMonthTotal] = strawberry.field(description="By the catalogue's groups. 各群体合计")
    chain_length: int = strawberry.field(description="How many postings the book's chain had. 账链长度")
    chain_hash: str = strawberry.field(description="The chain's last hash, hexadecimal. 账链末端哈希")
    row: strawberry.Private[Any]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            row=row,
            month=row["month"],
            published_at=row["published_at"],
            totals=[CreditMonthTotal(**one) for one in row["totals"]],
            chain_length=row["head_number"],
            chain_hash=row["head_hash"].hex(),
        )

    @strawberry.field(description="Who agreed to be shown, masked, in no order of points. 同意公示者")
    def shown(
        self,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditShown]:
        """Choose a page of them; they are stored with the publicity."""
        mark = fingerprint("CreditPublicity.shown", self.row["id"])
        page = page_of_kept(self.row["shown"], PageArguments(first, after, last, before), mark)
        return page.connection(lambda row: CreditShown(**row["item"]))
