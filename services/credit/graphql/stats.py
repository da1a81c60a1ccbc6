"""Figures of credit in the graph; each group of figures is read when one of it is asked for."""

from datetime import date
from typing import Annotated, Any, Self

import strawberry

from services.credit.graphql.links import Info
from services.credit.storage import stats as reads
from services.credit.storage.stats import Key


@strawberry.type(description="Points of a month, here and below. 月度积分")
class CreditMonth:
    """What was reversed counts for nothing; nothing in it tells of one person."""

    month: date = strawberry.field(description="Its first day. 月份")
    earned: int = strawberry.field(description="Points earned. 获得积分")
    redeemed: int = strawberry.field(description="Points spent. 兑换积分")
    earners: int = strawberry.field(description="How many accounts earned any. 获得积分的账户数")
    redemptions: int = strawberry.field(description="How many redemptions were honoured. 兑换人次")


@strawberry.type(description="Figures of credit, here and below. 积分统计")
class CreditStats:
    """Sums of one region; nothing in them tells of one person."""

    key: strawberry.Private[Key]

    @classmethod
    def of(cls, key: Key) -> Self:
        """Prepare the figures of a region."""
        return cls(key=key)

    async def _held(self, info: Info, name: str) -> int:
        row: Any = await info.context.loader(reads.load_accounts_counted).load(self.key)
        return 0 if row is None else int(row[name])

    async def _moved(self, info: Info, name: str) -> int:
        row: Any = await info.context.loader(reads.load_points_moved).load(self.key)
        return 0 if row is None else int(row[name])

    @strawberry.field(description="Open accounts now. 现有账户数")
    async def accounts(self, info: Info) -> int:
        """Count."""
        return await self._held(info, "accounts")

    @strawberry.field(description="Of these, natural persons'. 自然人账户数")
    async def people(self, info: Info) -> int:
        """Count."""
        return await self._held(info, "people")

    @strawberry.field(description="Points that can be spent now. 可用积分")
    async def available(self, info: Info) -> int:
        """Sum."""
        return await self._held(info, "available")

    @strawberry.field(description="Points set aside now. 冻结积分")
    async def held(self, info: Info) -> int:
        """Sum."""
        return await self._held(info, "held")

    @strawberry.field(description="Points counted against bodies now, zero or below. 扣分")
    async def deducted(self, info: Info) -> int:
        """Sum."""
        return await self._held(info, "deducted")

    @strawberry.field(description="Points earned in the time asked for, less what was reversed. 获得积分")
    async def earned(self, info: Info) -> int:
        """Sum."""
        return await self._moved(info, "earned")

    @strawberry.field(description="How many accounts earned any in that time. 获得积分的账户数")
    async def earners(self, info: Info) -> int:
        """Count."""
        return await self._moved(info, "earners")

    @strawberry.field(description="Points spent in that time. 兑换积分")
    async def redeemed(self, info: Info) -> int:
        """Sum."""
        return await self._moved(info, "redeemed")

    @strawberry.field(description="How many redemptions were honoured in that time, in person-times. 兑换人次")
    async def redemptions(self, info: Info) -> int:
        """Count."""
        return await self._moved(info, "redemptions")

    @strawberry.field(description="Points that expired in that time. 到期积分")
    async def expired(self, info: Info) -> int:
        """Sum."""
        return await self._moved(info, "expired")

    @strawberry.field(description="How many were chosen in selections that were made public in that time. 评选产生数")
    async def chosen(
        self,
        info: Info,
        honour: Annotated[str | None, strawberry.argument(description="Code of one honour. 评选项目")] = None,
    ) -> int:
        """Count buildings, families, people and duties, each as often as it was chosen."""
        return await self._selected(info, honour, "chosen")

    @strawberry.field(description="In how many selections that was. 评选次数")
    async def selections(
        self,
        info: Info,
        honour: Annotated[str | None, strawberry.argument(description="Code of one honour. 评选项目")] = None,
    ) -> int:
        """Count them."""
        return await self._selected(info, honour, "selections")

    async def _selected(self, info: Info, honour: str | None, name: str) -> int:
        key = reads.Chosen(self.key.prefix, honour, self.key.since, self.key.before)
        row: Any = await info.context.loader(reads.load_chosen).load(key)
        return 0 if row is None else int(row[name])

    @strawberry.field(description="Postings in that time that were not reversed. 记账笔数")
    async def postings(self, info: Info) -> int:
        """Count."""
        return await self._moved(info, "postings")
