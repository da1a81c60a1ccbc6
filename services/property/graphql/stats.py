"""Figures of property in the graph; each group of figures is read when one of it is asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from chassis.graphql.context import Context
from services.property.graphql import body_stats, system_stats
from services.property.graphql.enums import CompoundCare
from services.property.graphql.links import Info, plain, square_metres
from services.property.storage import body_stats as body_reads
from services.property.storage import stats as reads


@strawberry.type(description="Figures of property in a region and below. 物业统计")
class PropertyStats:
    """Counts of one region and what is below it."""

    prefix: strawberry.Private[str]

    async def _of(self, context: Context, load: Any, name: str) -> int:
        row = await context.loader(load).load(self.prefix)
        return 0 if row is None else int(row[name])

    @strawberry.field(description="Compounds; those cared for in one way if given. 小区数")
    async def compounds(
        self,
        info: Info,
        care: Annotated[CompoundCare | None, strawberry.argument(description="Way of care. 管理方式")] = None,
    ) -> int:
        """Count."""
        return await self._of(info.context, reads.load_compound_counts, care.name.lower() if care else "all")

    @strawberry.field(description="Committees in office. 业主组织")
    async def committees(self, info: Info) -> body_stats.CommitteeStats:
        """Read what the practice's rule asks about them."""
        return await body_stats.committee_stats(info, self.prefix)

    @strawberry.field(description="Property companies. 物业服务企业")
    async def companies(self, info: Info) -> body_stats.CompanyStats:
        """Read what the practice's rule asks about them."""
        return await body_stats.company_stats(info, self.prefix)

    @strawberry.field(description="Public employees who stood for a committee, each once. 参选公职人员数")
    async def public_candidates(self, info: Info) -> int:
        """Count."""
        return await self._of(info.context, body_reads.load_public_candidates, "number")

    @strawberry.field(description="Compounds that were entered as lacking care. 登记的失管小区数")
    async def lacks(
        self,
        info: Info,
        three_no: Annotated[bool, strawberry.argument(description="Only three-no compounds. 仅三无")] = False,  # noqa: FBT002
        open: Annotated[bool, strawberry.argument(description="Only not converted yet. 仅未转化")] = False,  # noqa: A002, FBT002
    ) -> int:
        """Count."""
        name = {(False, False): "all", (False, True): "open", (True, False): "three_no", (True, True): "three_no_open"}
        return await self._of(info.context, body_reads.load_lack_counts, name[three_no, open])

    @strawberry.field(description="In which ways they are to be, or are, cared for. 治理方案")
    async def lack_solutions(self, info: Info) -> body_stats.LackSolutions:
        """Count by way."""
        return await body_stats.lack_solutions(info, self.prefix)

    @strawberry.field(description="How far it has come with them, by community; in a city by district. 清零进度")
    async def lack_progress(self, info: Info) -> list[body_stats.LackProgress]:
        """Count by region."""
        return await body_stats.lack_progress(info, self.prefix)

    @strawberry.field(description="Systems of property help of the practice, by code. 物业服务体系")
    async def service_systems(self, info: Info) -> list[system_stats.ServiceSystemStats]:
        """Count for each."""
        return await system_stats.service_systems(info, self.prefix)

    @strawberry.field(description="Contracts of property service in force. 生效合同数")
    async def contracts(self, info: Info) -> int:
        """Count."""
        return await self._of(info.context, body_reads.load_activity, "contracts")

    @strawberry.field(description="Votes of owners that are open. 进行中的表决数")
    async def open_votes(self, info: Info) -> int:
        """Count."""
        return await self._of(info.context, body_reads.load_activity, "open_votes")

    @strawberry.field(description="Tickets of the categories that concern property, by tickets' events. 物业类工单")
    async def tickets(
        self,
        info: Info,
        categories: Annotated[
            list[str], strawberry.argument(description="Codes of the categories, at most 2,000. 类别")
        ],
    ) -> body_stats.PropertyTickets:
        """Count."""
        return await body_stats.tickets(info, self.prefix, [plain(one, "categories") or "" for one in categories])

    @strawberry.field(description="Exclusive parts in the registers. 专有部分数")
    async def households(self, info: Info) -> int:
        """Count."""
        return await self._of(info.context, reads.load_register_counts, "households")

    @strawberry.field(description="Their exclusive area together, in m². 专有部分面积")
    async def area(self, info: Info) -> Decimal:
        """Add up."""
        return square_metres(await self._of(info.context, reads.load_register_counts, "area"))
