"""Figures of property in the graph; each group of figures is read when one of it is asked for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from chassis.graphql.context import Context
from services.property.graphql.enums import CompoundCare
from services.property.graphql.links import Info, square_metres
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

    @strawberry.field(description="Exclusive parts in the registers. 专有部分数")
    async def households(self, info: Info) -> int:
        """Count."""
        return await self._of(info.context, reads.load_register_counts, "households")

    @strawberry.field(description="Their exclusive area together, in m². 专有部分面积")
    async def area(self, info: Info) -> Decimal:
        """Add up."""
        return square_metres(await self._of(info.context, reads.load_register_counts, "area"))
