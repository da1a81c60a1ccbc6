"""Elections of committees in the graph."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

import strawberry
from sqlalchemy import RowMapping

from chassis.graphql.context import Context
from services.property.access import sees_register
from services.property.domain.committee_rules import CommitteeRule
from services.property.domain.identifiers import mask_name
from services.property.graphql import votes
from services.property.graphql.committee_enums import (
    CandidateNomination,
    CandidateStanding,
    ElectionStage,
    ReviewVerdict,
)
from services.property.graphql.links import Info, VoteLink
from services.property.storage import committees as reads

_PUBLIC = frozenset({"voting", "held", "failed"})
"""From the ballot on candidates are known to the owners."""


@strawberry.type(description="What a department says of a candidate. 部门联审意见")
class CandidateReview:
    """An answer, or that there is none."""

    department: str = strawberry.field(description="Code of the department. 部门代码")
    department_name: str = strawberry.field(description="Its name, in the language of Accept-Language. 部门")
    verdict: ReviewVerdict | None = strawberry.field(description="What it says; null: nothing yet. 意见")
    reasons: str | None = strawberry.field(description="Why. 理由")
    answered_at: datetime | None = strawberry.field(description="When. 答复时间")


@strawberry.type(description="A candidate for a committee. 候选人")
class ElectionCandidate:
    """A candidate."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    name: str = strawberry.field(description="Name; masked until the ballot but for who keeps the register. 姓名")
    nominated_by: CandidateNomination = strawberry.field(description="By whom. 推荐方式")
    standing: CandidateStanding = strawberry.field(description="Where they stand. 状态")
    position: int | None = strawberry.field(description="Place on the ballot, from 0. 选票序号")
    row: strawberry.Private[RowMapping]
    rule: strawberry.Private[CommitteeRule]

    @classmethod
    def of(cls, row: RowMapping, rule: CommitteeRule, context: Context, *, is_public: bool) -> Self:
        """Make it from its row."""
        name = context.cipher.decrypt(bytes(row["name"]))
        whole = is_public or sees_register(context.caller, row["region_code"])
        return cls(
            id=strawberry.ID(str(row["id"])),
            name=name if whole else mask_name(name),
            nominated_by=CandidateNomination[row["nominated_by"].upper()],
            standing=CandidateStanding[row["status"].upper()],
            position=row["position"],
            row=row,
            rule=rule,
        )

    @strawberry.field(description="What the departments of the practice's rule say; for who keeps the register. 联审")
    async def reviews(self, info: Info) -> list[CandidateReview]:
        """Read them; nothing for others."""
        if not sees_register(info.context.caller, self.row["region_code"]):
            return []
        named = {one.code: one for one in self.rule.departments}
        is_chinese = info.context.language == "zh-CN"
        return [
            CandidateReview(
                department=row["department"],
                department_name=getattr(named[row["department"]], "name_zh" if is_chinese else "name_en"),
                verdict=ReviewVerdict[row["verdict"].upper()] if row["verdict"] else None,
                reasons=row["reasons"],
                answered_at=row["answered_at"],
            )
            for row in await info.context.loader(reads.load_reviews).load(self.row["id"])
        ]

    @strawberry.field(description="What the candidate replied; for who keeps the register. 候选人说明")
    def reply(self, info: Info) -> str | None:
        """Read it; nothing for others."""
        return self.row["reply"] if sees_register(info.context.caller, self.row["region_code"]) else None


@strawberry.type(description="An election or by-election of a committee. 选举")
class Election:
    """An election."""

    id: strawberry.ID = strawberry.field(description="Identity. 标识")
    stage: ElectionStage = strawberry.field(description="Where it stands. 状态")
    is_by_election: bool = strawberry.field(description="Whether only empty seats are filled. 是否补选")
    seats: int = strawberry.field(description="How many seats it fills. 席位")
    review_due: datetime | None = strawberry.field(description="Until when the departments answer. 联审期限")
    held_on: date | None = strawberry.field(description="When the vote closed. 选举日期")
    row: strawberry.Private[RowMapping]
    rule: strawberry.Private[CommitteeRule]

    @classmethod
    def of(cls, row: RowMapping, rule: CommitteeRule) -> Self:
        """Make it from its row."""
        return cls(
            id=strawberry.ID(str(row["id"])),
            stage=ElectionStage[row["status"].upper()],
            is_by_election=row["kind"] == "by",
            seats=row["seats"],
            review_due=row["review_due"],
            held_on=row["held_on"],
            row=row,
            rule=rule,
        )

    @strawberry.field(description="The candidates, at most 32. 候选人")
    async def candidates(self, info: Info) -> list[ElectionCandidate]:
        """Read them."""
        is_public = self.row["status"] in _PUBLIC and self.row["vote_id"] is not None
        rows = await info.context.loader(reads.load_candidates).load(self.row["id"])
        return [
            ElectionCandidate.of(row, self.rule, info.context, is_public=is_public and row["position"] is not None)
            for row in rows
        ]

    @strawberry.field(description="The owners' vote; null before it is announced. 表决")
    async def vote(self, info: Info) -> VoteLink | None:
        """Read it."""
        return await votes.vote_by_id(info.context, self.row["vote_id"]) if self.row["vote_id"] else None
