"""What a deliberated matter became: a vote of a compound's owners, and what they decided (两议两评两公开)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Self

import strawberry
from sqlalchemy import RowMapping


@strawberry.type(description="A matter of article 278 and what became of it. 表决事项")
class TicketOwnersDecision:
    """A matter."""

    matter: int = strawberry.field(description="Its item in article 278 of the Civil Code, 1 to 9. 事项类别")
    passed: bool | None = strawberry.field(description="Whether it is decided; null while there is no result. 是否通过")


@strawberry.type(description="A vote of owners that a ticket led to, as property told of it. 业主表决")
class TicketOwnersVote:
    """A vote; how anybody voted is known to nobody."""

    vote_id: strawberry.ID = strawberry.field(description="The vote in property. 表决标识")
    compound_id: strawberry.ID = strawberry.field(description="Whose owners vote. 小区标识")
    title: str = strawberry.field(description="What it is about. 标题")
    announced_at: datetime = strawberry.field(description="When it was announced. 公告时间")
    opens_at: datetime = strawberry.field(description="When it opens. 开始时间")
    closes_at: datetime = strawberry.field(description="When it closes. 截止时间")
    closed_at: datetime | None = strawberry.field(description="When it was closed and counted. 计票时间")
    decisions: list[TicketOwnersDecision] = strawberry.field(
        description="Its matters in their order, at most 32. 事项及结果"
    )
    owners: int | None = strawberry.field(description="All owners, once closed. 业主总数")
    owners_taking_part: int | None = strawberry.field(description="How many took part, once closed. 参与人数")
    area: Decimal | None = strawberry.field(description="All exclusive area in m², once closed. 专有部分总面积")
    area_taking_part: Decimal | None = strawberry.field(description="Of it took part, once closed. 参与面积")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        passed = row["passed"] or [None] * len(row["matters"])
        return cls(
            vote_id=strawberry.ID(str(row["id"])),
            compound_id=strawberry.ID(str(row["compound_id"])),
            decisions=[
                TicketOwnersDecision(matter=matter, passed=one)
                for matter, one in zip(row["matters"], passed, strict=True)
            ],
            owners=row["total_heads"],
            owners_taking_part=row["part_heads"],
            area=_square_metres(row["total_area"]),
            area_taking_part=_square_metres(row["part_area"]),
            **{name: row[name] for name in ("title", "announced_at", "opens_at", "closes_at", "closed_at")},
        )


def _square_metres(area: int | None) -> Decimal | None:
    return None if area is None else Decimal(area).scaleb(-2)
