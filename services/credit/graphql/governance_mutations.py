"""The mutations of lists, objections, rankings and publicity."""

from datetime import date
from typing import Any

import strawberry

from chassis.graphql.mutate import perform
from services.credit.commands import governance
from services.credit.domain.lists import Colour, Grade
from services.credit.graphql.enums import CreditColour, CreditGrade
from services.credit.graphql.links import Info, by_catalogue, uuid_of
from services.credit.graphql.problem import Problem


@strawberry.input(description="Put a body on a list, after notice. 列入红灰榜")
class ListBodyInput:
    """Input of listBody."""

    idempotency_key: str = strawberry.field(description="The same key lists once. 幂等键")
    account_id: strawberry.ID = strawberry.field(description="The body's account. 账户")
    colour: CreditColour = strawberry.field(description="Which list. 榜单")
    grade: CreditGrade = strawberry.field(description="How grave; MINOR for the red list. 程度")
    reason: str = strawberry.field(description="Why. 事由")
    document: str = strawberry.field(description="The law, regulation or policy it rests on. 依据文件")
    article: str = strawberry.field(description="Where in it. 条款")
    months: int = strawberry.field(description="For how many months, within what the grade allows. 期限（月）")


@strawberry.input(description="A listing. 红灰榜条目")
class RepairListingInput:
    """Input of repairListing."""

    id: strawberry.ID = strawberry.field(description="The listing. 条目")


@strawberry.input(description="Object to a posting or to a listing: to one of the two. 提出异议")
class RaiseObjectionInput:
    """Input of raiseObjection."""

    idempotency_key: str = strawberry.field(description="The same key objects once. 幂等键")
    reason: str = strawberry.field(description="Why. 理由")
    posting_id: strawberry.ID | None = strawberry.field(default=None, description="The posting. 记账")
    listing_id: strawberry.ID | None = strawberry.field(default=None, description="The listing. 红灰榜条目")


@strawberry.input(description="Decide an objection. 异议处理")
class DecideObjectionInput:
    """Input of decideObjection."""

    id: strawberry.ID = strawberry.field(description="The objection. 异议")
    uphold: bool = strawberry.field(description="Whether it is right. 是否成立")
    decision: str = strawberry.field(description="Why it was decided so. 处理意见")


@strawberry.input(description="A district and a day of the period. 区县与期间")
class CreditPeriodInput:
    """Input of rankGrids and publishCreditMonth."""

    district_code: str = strawberry.field(description="The district. 区县代码")
    day: date = strawberry.field(description="Any day of the quarter or month. 期间内任一日")


@strawberry.type(description="What became of it. 结果")
class CreditPayload:
    """Payload of mutations of lists, objections, rankings, publicity, selections and awards."""

    id: strawberry.ID | None = strawberry.field(
        description="The listing, objection, publicity, selection, candidate or award; for a ranking the book; null "
        "when refused. 标识"
    )
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def run(info: Info, operation: str, command: Any, asked: Any, key: str | None = None) -> CreditPayload:
    """Run a command that takes session, permit, catalogues and what is asked, as the mutation `operation`."""
    outcome = await perform(info, operation, by_catalogue(info, command), asked, key)
    return CreditPayload(id=strawberry.ID(str(outcome.id)) if outcome.id else None, problems=outcome.problems)


@strawberry.type
class GovernanceMutation:
    """The mutations."""

    @strawberry.mutation(description="Give notice that a body goes on the red or grey list. 列入红灰榜")
    async def list_body(self, info: Info, input: ListBodyInput) -> CreditPayload:  # noqa: A002
        """List."""
        asked = governance.List(
            account_id=uuid_of(input.account_id),
            colour=Colour[input.colour.name],
            grade=Grade[input.grade.name],
            reason=input.reason,
            document=input.document,
            article=input.article,
            months=input.months,
        )
        return await run(info, "listBody", governance.list_body, asked, input.idempotency_key)

    @strawberry.mutation(description="Take a body off a list because the matter was put right. 信用修复")
    async def repair_listing(self, info: Info, input: RepairListingInput) -> CreditPayload:  # noqa: A002
        """Repair."""
        return await run(info, "repairListing", governance.repair_listing, uuid_of(input.id))

    @strawberry.mutation(description="Object; what it is to has no effect until it is decided. 提出异议")
    async def raise_objection(self, info: Info, input: RaiseObjectionInput) -> CreditPayload:  # noqa: A002
        """Object."""
        asked = governance.Object(
            reason=input.reason,
            posting_id=uuid_of(input.posting_id) if input.posting_id is not None else None,
            listing_id=uuid_of(input.listing_id) if input.listing_id is not None else None,
        )
        return await run(info, "raiseObjection", governance.object_, asked, input.idempotency_key)

    @strawberry.mutation(description="Uphold or dismiss an objection; never by who did what it is to. 异议处理")
    async def decide_objection(self, info: Info, input: DecideObjectionInput) -> CreditPayload:  # noqa: A002
        """Decide."""
        asked = governance.DecideObjection(id=uuid_of(input.id), uphold=input.uphold, decision=input.decision)
        return await run(info, "decideObjection", governance.decide_objection, asked)

    @strawberry.mutation(description="Rank a district's grids for a quarter that is over. 季度网格排名")
    async def rank_grids(self, info: Info, input: CreditPeriodInput) -> CreditPayload:  # noqa: A002
        """Rank."""
        asked = governance.ForPeriod(district_code=input.district_code, day=input.day)
        return await run(info, "rankGrids", governance.rank_grids, asked)

    @strawberry.mutation(description="Publish a month that is over. 月度公示")
    async def publish_credit_month(self, info: Info, input: CreditPeriodInput) -> CreditPayload:  # noqa: A002
        """Publish."""
        asked = governance.ForPeriod(district_code=input.district_code, day=input.day)
        return await run(info, "publishCreditMonth", governance.publish_month, asked)
