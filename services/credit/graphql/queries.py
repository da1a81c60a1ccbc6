"""The root queries."""

from __future__ import annotations

import strawberry

from services.credit.graphql.accounts import CreditAccount, demanded_account, visible_account
from services.credit.graphql.links import Info, uuid_of
from services.credit.storage.reads import account_of_subject


@strawberry.type(description="What can be asked. 查询")
class Query:
    """What credit answers at the root."""

    @strawberry.field(description="The caller's own account; null for who has not joined. 我的积分账户")
    async def my_credit_account(self, info: Info) -> CreditAccount | None:
        """Read it."""
        info.context.access.admit(info.context.caller, "myCreditAccount")
        mine = await account_of_subject(await info.context.read(), str(info.context.caller.subject))
        return None if mine is None else await visible_account(info.context, mine)

    @strawberry.field(description="An account that the caller may see: their own, or a body's. 积分账户")
    async def credit_account(self, info: Info, id: strawberry.ID) -> CreditAccount:  # noqa: A002
        """Read it. Raises NotFound."""
        return await demanded_account(info.context, uuid_of(id))
