"""The root queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import strawberry

from chassis.errors import BadRequest
from chassis.graphql.events import PublishedEventConnection, events_field
from services.credit.commands.actors import now
from services.credit.commands.redeem import STANDING_DAYS
from services.credit.domain.levels import is_region_code
from services.credit.domain.periods import local_day
from services.credit.graphql.accounts import CreditAccount, demanded_account
from services.credit.graphql.enums import CreditColour
from services.credit.graphql.governance import CreditListing, CreditPublicity
from services.credit.graphql.links import Info, uuid_of
from services.credit.graphql.selections import CreditSelection
from services.credit.storage import governance
from services.credit.storage.books import book_at
from services.credit.storage.reads import own_account
from services.credit.storage.selections import public_selections


@strawberry.type(description="What can be asked. 查询")
class Query:
    """What credit answers at the root."""

    credit_events: PublishedEventConnection = events_field("credit")

    @strawberry.field(description="The caller's own account; null for who has not joined. 我的积分账户")
    async def my_credit_account(self, info: Info) -> CreditAccount | None:
        """Read it."""
        info.context.access.admit(info.context.caller, "myCreditAccount")
        mine = await own_account(await info.context.read(), str(info.context.caller.subject))
        return None if mine is None else CreditAccount.of(mine)

    @strawberry.field(description="An account that the caller may see: their own, or a body's. 积分账户")
    async def credit_account(self, info: Info, id: strawberry.ID) -> CreditAccount:  # noqa: A002
        """Read it. Raises NotFound."""
        return await demanded_account(info.context, uuid_of(id))

    @strawberry.field(
        description="Bodies on the red and grey lists today, the newest 1,000; needs no token. Never a person. 红灰榜"
    )
    async def public_credit_lists(
        self,
        info: Info,
        region_code: Annotated[str, strawberry.argument(description="Here and below. 区划代码")],
        colour: Annotated[CreditColour | None, strawberry.argument(description="One list. 榜单")] = None,
    ) -> list[CreditListing]:
        """Read what is past its notice, in its term, not taken off, and under no open objection."""
        session = await info.context.read_public()
        wanted = colour.name.lower() if colour else None
        rows = await governance.shown_listings(session, _code(region_code), local_day(now()), wanted)
        return [CreditListing.of(row) for row in rows]

    @strawberry.field(
        description="Selections that were made public in the last year, the newest 200; needs no token. 评选公示"
    )
    async def public_credit_selections(
        self,
        info: Info,
        region_code: Annotated[str, strawberry.argument(description="Here and below. 区划代码")],
    ) -> list[CreditSelection]:
        """Read them, the newest first, 200 at most."""
        since = now() - timedelta(days=STANDING_DAYS)
        rows = await public_selections(await info.context.read_public(), _code(region_code), since)
        return [CreditSelection.of(row) for row in rows]

    @strawberry.field(description="The publicity of a month; needs no token. 月度公示")
    async def public_credit_month(
        self,
        info: Info,
        district_code: Annotated[str, strawberry.argument(description="The district. 区县代码")],
        day: Annotated[date, strawberry.argument(description="Any day of the month. 月份内任一日")],
    ) -> CreditPublicity | None:
        """Read it."""
        session = await info.context.read_public()
        book = await book_at(session, _code(district_code))
        row = await governance.publicity_of(session, book["id"], day.replace(day=1)) if book else None
        return CreditPublicity.of(row) if row else None


def _code(text: str) -> str:
    """Return a region code. Raises BadRequest for what is none."""
    code = text.strip()
    if not is_region_code(code):
        raise BadRequest(reason=f"{code[:40]!r} is not a region code.")
    return code
