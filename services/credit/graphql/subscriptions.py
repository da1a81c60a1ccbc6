"""The subscription: the caller's own balance, live."""

from collections.abc import AsyncGenerator

import strawberry

from chassis.errors import NotFound
from services.credit.access import sees_account
from services.credit.graphql.accounts import CreditAccount
from services.credit.graphql.links import Info, live_of
from services.credit.storage.reads import account_of_subject, load_accounts


@strawberry.type(description="What can be followed. 订阅")
class Subscription:
    """What credit tells while it happens."""

    @strawberry.subscription(
        description="The caller's own account: as it is now, and again after every posting; ends when they leave. "
        "本人积分账户实时余额"
    )
    async def my_credit_account_changed(self, info: Info) -> AsyncGenerator[CreditAccount, None]:
        """Follow it. Raises NotFound for who has not joined."""
        context = info.context
        context.access.admit(context.caller, "myCreditAccountChanged")
        mine = await account_of_subject(await context.read(), str(context.caller.subject))
        if mine is None:
            raise NotFound(what="credit account")
        # Nothing of the database is held while waiting.
        await context.renew()
        async with live_of(context).following(mine) as follower:
            while await follower.changed():
                async with context.database.read(context.caller.scope) as session:
                    (row,) = await load_accounts(session, [mine])
                if row is None or not sees_account(context.caller, row, row["subject"]):
                    return
                yield CreditAccount.of(row)
