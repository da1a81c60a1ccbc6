"""How an organisation did with tickets, in the graph; counted over what the caller sees."""

from __future__ import annotations

import strawberry

from services.tickets.storage.performance import Figures

_FEWEST_RATINGS = 5


@strawberry.type(description="How an organisation did with tickets. 办理绩效")
class TicketPerformance:
    """Figures of one organisation, of tickets that the caller sees."""

    figures: strawberry.Private[Figures]

    def _figure(self, name: str) -> int:
        return self.figures.get(name, 0)

    @strawberry.field(description="For how many it was named to carry them out. 承办数")
    def named(self) -> int:
        """Count."""
        return self._figure("named")

    @strawberry.field(description="How many of them are under way. 办理中")
    def open(self) -> int:
        """Count."""
        return self._figure("open")

    @strawberry.field(description="How many of those have a deadline that passed. 逾期中")
    def overdue(self) -> int:
        """Count."""
        return self._figure("overdue")

    @strawberry.field(description="How many were carried through. 办结")
    def done(self) -> int:
        """Count."""
        return self._figure("done")

    @strawberry.field(description="How many were reopened at least once. 重新办理")
    def reopened(self) -> int:
        """Count."""
        return self._figure("reopened")

    @strawberry.field(description="Share of those that ended within the deadline of the whole matter. 按期率")
    def within_deadline(self) -> float | None:
        """Divide; null when none has ended that had a deadline."""
        ran = self._figure("ran")
        return self._figure("kept") / ran if ran else None

    @strawberry.field(description="How many evaluations there are. 评价数")
    def ratings(self) -> int:
        """Count."""
        return self._figure("ratings")

    @strawberry.field(description="Mean rating; null for fewer than five evaluations, which say little. 平均评分")
    def mean_rating(self) -> float | None:
        """Divide."""
        ratings = self._figure("ratings")
        return self._figure("rating") / ratings if ratings >= _FEWEST_RATINGS else None

    @strawberry.field(description="How often it was invited to answer on a ticket. 受邀次数")
    def invited(self) -> int:
        """Count."""
        return self._figure("invited")

    @strawberry.field(description="How often it answered. 应约次数")
    def answered(self) -> int:
        """Count."""
        return self._figure("answered")
