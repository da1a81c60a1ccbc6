"""Accounts in the graph: what they hold, and everything that was posted to them."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from chassis.errors import NotFound
from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.credit.access import sees_account
from services.credit.commands.actors import now
from services.credit.commands.redeem import STANDING_DAYS
from services.credit.domain.catalogue import Period
from services.credit.domain.content import mask_name
from services.credit.domain.periods import beginning, period_of
from services.credit.graphql import rights
from services.credit.graphql.applications import CreditApplication, page_of_applications
from services.credit.graphql.enums import CreditNature, CreditPostingKind
from services.credit.graphql.governance import CreditOwnRank
from services.credit.graphql.links import Info, RegionLink
from services.credit.graphql.market import CreditRedemption, page_of_redemptions
from services.credit.graphql.rights import CreditLook
from services.credit.graphql.selections import CreditNomination
from services.credit.storage import governance, histories, reads
from services.credit.storage import tables as t
from services.credit.storage.applications import of_account
from services.credit.storage.market import standing


@strawberry.type(description="What an account holds. 余额")
class CreditBalance:
    """Sums of an account."""

    available: int = strawberry.field(description="Points that can be spent. 可用积分")
    held: int = strawberry.field(description="Points set aside for redemptions. 冻结积分")
    deducted: int = strawberry.field(description="Points counted against a body, zero or below; 0 for people. 扣分")
    score: int = strawberry.field(description="All three together. 合计")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from the sums of a row."""
        available, held, deducted = int(row["available"]), int(row["held"]), int(row["deducted"])
        return cls(available=available, held=held, deducted=deducted, score=available + held + deducted)


@strawberry.type(description="Points that were earned together and expire together. 积分批次")
class CreditLot:
    """A lot that still holds something."""

    available: int = strawberry.field(description="Points that can be spent. 可用")
    held: int = strawberry.field(description="Points set aside. 冻结")
    expires_on: date | None = strawberry.field(description="First day on which they are gone; null: never. 失效日期")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(**{name: row[name] for name in ("available", "held", "expires_on")})


@strawberry.type(description="A place in the chain of a book. 链上位置")
class CreditSeal:
    """Number and hash."""

    number: int = strawberry.field(description="Which posting of the book, from 1. 序号")
    hash: str = strawberry.field(description="SHA-256 over it and the hash before it, hexadecimal. 哈希值")


@strawberry.type(description="Something that was done to an account; it is never changed. 记账")
class CreditPosting:
    """A posting of one account."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    kind: CreditPostingKind = strawberry.field(description="What was done. 类型")
    at: datetime = strawberry.field(description="When. 时间")
    item: str | None = strawberry.field(description="Item of the catalogue. 指标")
    catalogue_version: int | None = strawberry.field(description="Version of the catalogue. 目录版本")
    evidence: str | None = strawberry.field(description="SHA-256 of the evidence, hexadecimal. 佐证哈希")
    moved: CreditBalance = strawberry.field(description="What it added to and took from the account. 变动")
    reverses: strawberry.ID | None = strawberry.field(description="The posting that it takes back. 冲正对象")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            kind=CreditPostingKind[row["kind"].upper()],
            at=row["at"],
            item=row["item"],
            catalogue_version=row["catalogue_version"],
            evidence=row["evidence"].hex() if row["evidence"] else None,
            moved=CreditBalance.of(row),
            reverses=strawberry.ID(str(row["reverses"])) if row["reverses"] else None,
        )

    @strawberry.field(description="Where it is in the book's chain; null for some seconds after it was made. 链上位置")
    async def seal(self, info: Info) -> CreditSeal | None:
        """Read it."""
        row = await info.context.loader(reads.load_seals).load(UUID(self.id))
        return CreditSeal(number=row["number"], hash=row["hash"].hex()) if row else None


@strawberry.federation.type(
    keys=["id"], description="An account of points: one for each person or body (一人一登记). 积分账户"
)
class CreditAccount:
    """An account that the caller may see."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    nature: CreditNature = strawberry.field(description="What its holder is. 主体性质")
    group: str = strawberry.field(description="Code of its group in the catalogue. 群体")
    opened_at: datetime = strawberry.field(description="Since when. 开户时间")
    closed_at: datetime | None = strawberry.field(description="Until when; null while it is open. 销户时间")
    credit_code: str | None = strawberry.field(description="Unified social credit code of a body. 统一社会信用代码")
    balance: CreditBalance = strawberry.field(description="What it holds now. 余额")
    row: strawberry.Private[Any]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            nature=CreditNature[row["nature"].upper()],
            group=row["group_code"],
            opened_at=row["opened_at"],
            closed_at=row["closed_at"],
            credit_code=row["credit_code"],
            balance=CreditBalance.of(row),
            row=row,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: strawberry.ID) -> "CreditAccount | None":  # noqa: A002
        """Answer the gateway."""
        try:
            return await visible_account(info.context, UUID(id))
        except ValueError:
            return None

    @strawberry.field(description="Name: a person's masked, a body's as it is; null after it was closed. 名称")
    def name(self, info: Info) -> str | None:
        """Decrypt it."""
        if self.row["name"] is None:
            return None
        name = info.context.cipher.decrypt(bytes(self.row["name"]))
        return mask_name(name) if self.nature is CreditNature.NATURAL else name

    @strawberry.field(description="Where it belongs. 所在区划")
    def region(self) -> RegionLink:
        """Refer to it."""
        from services.credit.graphql.regions import Region  # noqa: PLC0415 (regions refer to accounts)

        return Region(id=strawberry.ID(str(self.row["region_id"])))

    @strawberry.field(description="What it held at an instant. 某时余额")
    async def balance_at(self, info: Info, at: datetime) -> CreditBalance:
        """Sum its entries up to then."""
        return CreditBalance.of(await reads.balance_at(await info.context.read(), UUID(self.id), at))

    @strawberry.field(description="Its points by when they expire, in the order in which they are spent. 积分批次")
    async def lots(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditLot]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        page = await histories.LOTS.page(info.context, UUID(self.id), asked)
        return page.connection(CreditLot.of)

    @strawberry.field(description="Everything that was posted to it, the newest first. 积分明细")
    async def postings(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditPosting]:
        """Read a page of them."""
        page = await paginate(
            await info.context.read(),
            reads.postings_of(UUID(self.id)),
            [t.posting.c.at, t.posting.c.id],
            PageArguments(first, after, last, before),
            fingerprint("CreditAccount.postings", self.id),
            descending=True,
        )
        return page.connection(CreditPosting.of)

    @strawberry.field(description="Points that were applied for, the newest first. 积分申请")
    async def applications(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditApplication]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        mark = fingerprint("CreditAccount.applications", self.id)
        return await page_of_applications(info, of_account(UUID(self.id)), asked, mark)

    @strawberry.field(description="What its points were set aside for, the newest first. 兑换记录")
    async def redemptions(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditRedemption]:
        """Read a page of them."""
        asked = PageArguments(first, after, last, before)
        mark = fingerprint("CreditAccount.redemptions", self.id)
        return await page_of_redemptions(info, UUID(self.id), asked, mark)

    @strawberry.field(description="Points earned within the last year, spent or not: what tiers go by. 年度获得积分")
    async def standing(self, info: Info) -> int:
        """Sum them."""
        since = now() - timedelta(days=STANDING_DAYS)
        return await standing(await info.context.read(), UUID(self.id), since)

    @strawberry.field(
        description="Points counted against a body under open objection: they do not count. 异议中暂不计入"
    )
    async def suspended(self, info: Info) -> int:
        """Sum them."""
        return await info.context.loader(governance.load_suspended).load(UUID(self.id))

    @strawberry.field(description="The caller's own place in their grid in a quarter; null for a body. 本人季度名次")
    async def own_rank(
        self,
        info: Info,
        day: Annotated[date, strawberry.argument(description="Any day of the quarter. 季度内任一日")],
    ) -> CreditOwnRank | None:
        """Rank it; only a person's own account gets here."""
        if self.nature is not CreditNature.NATURAL:
            return None
        first, after = (beginning(one) for one in period_of(day, Period.QUARTER))
        session = await info.context.read()
        row = await governance.rank_of(session, self.row, first, after)
        return CreditOwnRank(rank=row["rank"], people=row["people"]) if row else None

    @strawberry.field(description="What the person was nominated for, the newest first; null for a body. 参评记录")
    async def nominations(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditNomination] | None:
        """Read a page of them; only a person's own account gets here."""
        if self.nature is not CreditNature.NATURAL:
            return None
        asked = PageArguments(first, after, last, before)
        page = await histories.NOMINATIONS.page(info.context, UUID(self.id), asked)
        return page.connection(CreditNomination.of)

    @strawberry.field(description="Every look at whose it is, the newest first; null for a body. 查阅记录")
    async def looks(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[CreditLook] | None:
        """Read a page of them; only a person's own account gets here."""
        if self.nature is not CreditNature.NATURAL:
            return None
        asked = PageArguments(first, after, last, before)
        page = await histories.LOOKS.page(info.context, UUID(self.id), asked)
        return page.connection(CreditLook.of)

    @strawberry.field(description="Everything that is kept of the person, as JSON; null for a body. 个人数据副本")
    async def copy(self, info: Info) -> str | None:
        """Write it; only a person's own account gets here."""
        if self.nature is not CreditNature.NATURAL:
            return None
        return await rights.copy_of_everything(info.context, UUID(self.id))


async def visible_account(context: Context, id_: UUID) -> CreditAccount | None:
    """Return an account when the caller may see it."""
    context.access.admit(context.caller, "creditAccount")
    row = await context.loader(reads.load_accounts).load(id_)
    return CreditAccount.of(row) if row and sees_account(context.caller, row, row["subject"]) else None


async def demanded_account(context: Context, id_: UUID) -> CreditAccount:
    """Return an account. Raises NotFound when there is none that the caller may see."""
    found = await visible_account(context, id_)
    if found is None:
        raise NotFound(what="credit account")
    return found
