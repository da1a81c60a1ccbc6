"""Recommendations in the graph: who is nominated, how far it is, and what the count found; never who voted what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry
from sqlalchemy import RowMapping, func, select

from chassis.graphql.connection import Connection, PageArguments, fingerprint, paginate
from chassis.graphql.context import Context
from services.org.domain.periods import today
from services.org.graphql import organisations, people
from services.org.graphql.enums import RecommendationState
from services.org.graphql.links import Info, OrganisationLink, PersonLink
from services.org.graphql.proposed import Proposed
from services.org.storage import tables as t
from services.org.storage.in_force import Place, within


@strawberry.type(description="Somebody who is nominated. 提名人选")
class Nominee:
    """A nominee."""

    reason: str | None = strawberry.field(description="What speaks for them. 推荐理由")
    votes: int | None = strawberry.field(description="Votes; null until they are counted. 得票")
    person_id: strawberry.Private[UUID]

    @strawberry.field(description="Who. 人员")
    async def person(self, info: Info) -> PersonLink | None:
        """Read the person."""
        return await people.person_by_id(info.context, self.person_id, today())


@strawberry.type(description="Whom a branch recommends for a duty. 推选")
class Recommendation(Proposed):
    """A recommendation."""

    state: RecommendationState = strawberry.field(description="How far it is. 进度")
    opened_on: date = strawberry.field(description="When it was opened. 开始日期")
    expires_on: date = strawberry.field(description="First day on which nothing comes of it any more. 失效日期")
    closes_at: datetime | None = strawberry.field(description="Until when votes are taken. 投票截止")
    electors: int | None = strawberry.field(description="How many members may vote. 应投票人数")
    abstained: int | None = strawberry.field(description="Ballots that named nobody; null until counted. 弃权票")
    turnout_percent: int = strawberry.field(description="Least share of the members who must vote. 最低投票率")
    agree_percent: int = strawberry.field(description="Share of the ballots that must be exceeded. 须超过的得票率")

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """Make it from its row."""
        names = ["version", "opened_on", "expires_on", "closes_at", "electors", "abstained"]
        names += ["turnout_percent", "agree_percent"]
        return cls(
            id=strawberry.ID(str(row["id"])),
            state=RecommendationState(row["state"]),
            row=row,
            **{name: row[name] for name in names},
        )

    @strawberry.field(description="The branch that votes. 投票支部")
    async def organisation(self, info: Info) -> OrganisationLink | None:
        """Read the branch."""
        return await organisations.organisation_by_id(info.context, self.row["organisation_id"], today())

    @strawberry.field(description="Who is nominated; at most 10. 提名人选")
    async def nominees(self, info: Info) -> list[Nominee]:
        """Read them."""
        n = t.nominee
        mine = select(n).where(n.c.recommendation_id == self.row["id"]).order_by(n.c.person_id)
        rows = await (await info.context.read()).rows(mine)
        return [Nominee(reason=row["reason"], votes=row["votes"], person_id=row["person_id"]) for row in rows]

    @strawberry.field(description="How many have voted; not what. 已投票人数")
    async def voted(self, info: Info) -> int | None:
        """Count them."""
        if self.row["electors"] is None:
            return None
        e = t.elector
        mine = select(func.count()).where(e.c.recommendation_id == self.row["id"], e.c.has_voted)
        return int(await (await info.context.read()).scalar(mine))

    @strawberry.field(description="Whether you may vote and have not yet. 是否待您投票")
    async def awaits_my_vote(self, info: Info) -> bool:
        """Look on the roll."""
        e = t.elector
        if self.state is not RecommendationState.VOTING:
            return False
        mine = select(e.c.person_id).where(e.c.recommendation_id == self.row["id"], e.c.has_voted.is_(False))
        rows = await (await info.context.read()).rows(mine)
        return info.context.caller.subject in {str(row["person_id"]) for row in rows}

    @strawberry.field(description="Whom the branch recommends. 推选人选")
    async def recommended(self, info: Info) -> PersonLink | None:
        """Read the person."""
        id_ = self.row["recommended_id"]
        return None if id_ is None else await people.person_by_id(info.context, id_, today())

    @strawberry.field(description="Why it was withdrawn. 撤回原因")
    def withdrawn_because(self) -> str | None:
        """Read it off the row."""
        reason: str | None = self.row["withdrawn_because"]
        return reason


async def recommendations_page(
    context: Context, place: Place, title: str | None, state: RecommendationState | None, asked: PageArguments
) -> Connection[Recommendation]:
    """Return a page of the recommendations of a place."""
    context.access.permit(context.caller, "recommendations", place.code, what="region")
    r = t.recommendation
    statement = select(r).where(within(r.c.region_id, r.c.region_code, place, direct=False))
    if title is not None:
        statement = statement.where(r.c.title == title)
    if state is not None:
        statement = statement.where(r.c.state == state.value)
    mark = fingerprint("recommendations", place.id, title, state and state.value, place.as_of)
    page = await paginate(await context.read(), statement, [r.c.region_code, r.c.id], asked, mark)
    return page.connection(Recommendation.of)


async def recommendation_by_id(context: Context, id_: UUID) -> Recommendation | None:
    """Return a recommendation in scope."""
    row = await (await context.read()).row(select(t.recommendation).where(t.recommendation.c.id == id_))
    return None if row is None else Recommendation.of(row)
