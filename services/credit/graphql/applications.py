"""Applications for points in the graph."""

from datetime import datetime
from typing import Any, Self

import strawberry
from sqlalchemy import Select

from chassis.graphql.connection import Connection, PageArguments, paginate
from services.credit.graphql.enums import CreditApplicationState
from services.credit.graphql.links import Info
from services.credit.storage import tables as t


@strawberry.type(description="Points that were applied for. 积分申请")
class CreditApplication:
    """As its applicant and its approvers see it."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    account_id: strawberry.ID = strawberry.field(description="For which account. 账户")
    item: str = strawberry.field(description="Item of the catalogue. 指标")
    catalogue_version: int = strawberry.field(description="Version of the catalogue. 目录版本")
    state: CreditApplicationState = strawberry.field(description="What became of it. 状态")
    recorded_at: datetime = strawberry.field(description="When it was made. 申请时间")
    decided_at: datetime | None = strawberry.field(description="When it was decided. 审批时间")
    reason: str | None = strawberry.field(description="Why it was decided so. 理由")
    posting_id: strawberry.ID | None = strawberry.field(description="The posting that gave the points. 记账")
    secret: strawberry.Private[bytes | None]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Make it from a row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            account_id=strawberry.ID(str(row["account_id"])),
            item=row["item"],
            catalogue_version=row["catalogue_version"],
            state=CreditApplicationState[row["state"].upper()],
            recorded_at=row["recorded_at"],
            decided_at=row["decided_at"],
            reason=row["reason"],
            posting_id=strawberry.ID(str(row["posting_id"])) if row["posting_id"] else None,
            secret=row["evidence_text"],
        )

    @strawberry.field(description="The evidence; null when there is none, or its person has left. 佐证")
    def evidence(self, info: Info) -> str | None:
        """Decrypt it."""
        return info.context.cipher.decrypt(bytes(self.secret)) if self.secret else None


async def page_of_applications(
    info: Info, statement: Select[Any], asked: PageArguments, mark: str, *, oldest_first: bool = False
) -> Connection[CreditApplication]:
    """Read a page of them."""
    a = t.application.c
    page = await paginate(
        await info.context.read(), statement, [a.recorded_at, a.id], asked, mark, descending=not oldest_first
    )
    return page.connection(CreditApplication.of)
