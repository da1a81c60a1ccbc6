"""The mutations of credit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import strawberry

from chassis.graphql.mutate import Outcome, mutate, perform
from services.credit.commands import applications, batch, members, points
from services.credit.graphql.accounts import CreditAccount, visible_account
from services.credit.graphql.applications import CreditApplication
from services.credit.graphql.governance_mutations import GovernanceMutation
from services.credit.graphql.links import Info, by_catalogue, uuid_of
from services.credit.graphql.market_mutations import MarketMutation
from services.credit.graphql.problem import Problem
from services.credit.graphql.rights_mutations import RightsMutation
from services.credit.graphql.selection_mutations import SelectionMutation
from services.credit.storage.applications import one
from services.credit.storage.reads import batch_results

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


@strawberry.input(description="Join: it is a person's own choice. 加入")
class JoinCreditInput:
    """Input of joinCredit."""

    idempotency_key: str = strawberry.field(description="The same key joins once. 幂等键")
    group: str = strawberry.field(description="Code of a group of natural persons. 群体")
    region_code: str = strawberry.field(description="Where one lives: a grid, building or unit. 所在区划代码")
    name: str = strawberry.field(description="Name; kept encrypted, shown masked. 姓名")
    notice_version: int = strawberry.field(description="Version of the notice that was read and agreed to. 告知书版本")
    household: str | None = strawberry.field(
        default=None, description="Number of the household; kept as a keyed digest, against favours at home. 户号"
    )
    shown: bool = strawberry.field(default=False, description="Whether one agrees to be shown, masked. 同意脱敏公示")


@strawberry.input(description="Open an account for a body. 登记单位")
class RegisterBodyInput:
    """Input of registerBody."""

    idempotency_key: str = strawberry.field(description="The same key registers once. 幂等键")
    group: str = strawberry.field(description="Code of a group of bodies. 群体")
    region_code: str = strawberry.field(description="Where it is. 所在区划代码")
    credit_code: str = strawberry.field(description="Unified social credit code. 统一社会信用代码")
    name: str = strawberry.field(description="Name. 名称")


@strawberry.input(description="Record an item of the catalogue for an account. 登记指标")
class RecordPointsInput:
    """Input of awardPoints and deductPoints."""

    idempotency_key: str = strawberry.field(description="The same key records once. 幂等键")
    account_id: strawberry.ID = strawberry.field(description="Whose. 账户")
    item: str = strawberry.field(description="Code of the item. 指标")
    evidence: str | None = strawberry.field(
        default=None, description="A document's number or a file's key; its SHA-256 is kept. 佐证"
    )

    def asked(self) -> points.Record:
        """Return what is asked."""
        return points.Record(account_id=uuid_of(self.account_id), item=self.item, evidence=self.evidence)


@strawberry.input(description="Apply for points, for oneself or for another. 申请积分")
class ApplyForPointsInput:
    """Input of applyForPoints."""

    idempotency_key: str = strawberry.field(description="The same key applies once. 幂等键")
    item: str = strawberry.field(description="Code of an item that another person approves. 指标")
    evidence: str | None = strawberry.field(default=None, description="A document's number or a file's key. 佐证")
    account_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose; the caller's own account when it is left out. 账户"
    )


@strawberry.input(description="Decide an application. 审批")
class DecideApplicationInput:
    """Input of decideApplication."""

    id: strawberry.ID = strawberry.field(description="The application. 申请")
    approve: bool = strawberry.field(description="Whether the points are given. 是否通过")
    reason: str | None = strawberry.field(default=None, description="Why; needed for a refusal. 理由")


@strawberry.input(description="One row of a batch. 批量行")
class BatchRowInput:
    """A row of recordBatch."""

    account_id: strawberry.ID = strawberry.field(description="Whose. 账户")
    evidence: str | None = strawberry.field(default=None, description="A document's number or a file's key. 佐证")


@strawberry.input(description="Record the same item for many accounts. 批量登记")
class RecordBatchInput:
    """Input of recordBatch."""

    idempotency_key: str = strawberry.field(description="The same key records once. 幂等键")
    region_code: str = strawberry.field(description="The accounts lie here or below. 区划代码")
    item: str = strawberry.field(description="Code of an item that needs no approval. 指标")
    rows: list[BatchRowInput] = strawberry.field(description="At most 2,000. 行")


@strawberry.type(description="What became of it. 结果")
class CreditApplicationPayload:
    """Payload of mutations of an application."""

    application: CreditApplication | None = strawberry.field(description="The application; null when refused. 申请")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of a row of a batch. 行结果")
class BatchRowResult:
    """By its place."""

    row: int = strawberry.field(description="Which row, from 0. 行号")
    problem: str | None = strawberry.field(description="Code of the problem; null when the points were given. 问题代码")


@strawberry.type(description="What became of a batch. 批量结果")
class RecordBatchPayload:
    """Payload of recordBatch."""

    done: int | None = strawberry.field(description="Rows whose points were given; null when all was refused. 成功行数")
    rows: list[BatchRowResult] = strawberry.field(
        description="Every row, at most 2,000; empty when all was refused. 行结果"
    )
    problems: list[Problem] = strawberry.field(description="Why all of it was refused; empty when done. 问题")


@strawberry.input(description="Take a posting back as a whole. 冲正")
class ReversePostingInput:
    """Input of reversePosting."""

    id: strawberry.ID = strawberry.field(description="The posting. 记账")


@strawberry.type(description="What became of it. 结果")
class CreditAccountPayload:
    """Payload of mutations of an account."""

    account_id: strawberry.ID | None = strawberry.field(description="The account; null when refused. 账户标识")
    account: CreditAccount | None = strawberry.field(
        description="The account; null when refused, or when it is another person's. 账户"
    )
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def _payload(info: Info, outcome: Outcome) -> CreditAccountPayload:
    id_ = outcome.id
    account = None if id_ is None else await visible_account(info.context, id_)
    shown = None if id_ is None else strawberry.ID(str(id_))
    return CreditAccountPayload(account_id=shown, account=account, problems=outcome.problems)


async def _application(info: Info, outcome: Outcome) -> CreditApplicationPayload:
    row = await one(await info.context.read(), outcome.id) if outcome.id else None
    made = CreditApplication.of(row) if row else None
    return CreditApplicationPayload(application=made, problems=outcome.problems)


async def _record(
    info: Info,
    operation: str,
    command: Callable[..., Awaitable[UUID]],
    given: RecordPointsInput,
) -> CreditAccountPayload:
    outcome = await perform(info, operation, by_catalogue(info, command), given.asked(), given.idempotency_key)
    return await _payload(info, outcome)


@strawberry.type(description="What can be changed. 变更")
class Mutation(MarketMutation, GovernanceMutation, SelectionMutation, RightsMutation):
    """All mutations of credit."""

    @strawberry.mutation(description="Join, by one's own choice, having read the notice. 加入信用积分")
    async def join_credit(self, info: Info, input: JoinCreditInput) -> CreditAccountPayload:  # noqa: A002
        """Join."""
        asked = members.Join(
            group=input.group,
            region_code=input.region_code,
            name=input.name,
            notice_version=input.notice_version,
            household=input.household,
            shown=input.shown,
        )
        outcome = await perform(
            info, "joinCredit", by_catalogue(info, members.join_credit), asked, input.idempotency_key
        )
        return await _payload(info, outcome)

    @strawberry.mutation(
        description="Leave: what can be spent is forfeited; whose the account was is deleted. 退出信用积分"
    )
    async def leave_credit(self, info: Info) -> CreditAccountPayload:
        """Leave."""
        outcome = await mutate(info.context, "leaveCredit", members.leave_credit)
        return await _payload(info, outcome)

    @strawberry.mutation(description="Open an account for a legal person or other organisation. 登记单位")
    async def register_body(self, info: Info, input: RegisterBodyInput) -> CreditAccountPayload:  # noqa: A002
        """Register."""
        asked = members.RegisterBody(
            group=input.group, region_code=input.region_code, credit_code=input.credit_code, name=input.name
        )
        outcome = await perform(
            info, "registerBody", by_catalogue(info, members.register_body), asked, input.idempotency_key
        )
        return await _payload(info, outcome)

    @strawberry.mutation(description="Give the points of an item that needs no approval. 登记加分")
    async def award_points(self, info: Info, input: RecordPointsInput) -> CreditAccountPayload:  # noqa: A002
        """Give."""
        return await _record(info, "awardPoints", points.award_points, input)

    @strawberry.mutation(description="Count an item against a legal person or other organisation. 登记扣分")
    async def deduct_points(self, info: Info, input: RecordPointsInput) -> CreditAccountPayload:  # noqa: A002
        """Deduct."""
        return await _record(info, "deductPoints", points.deduct_points, input)

    @strawberry.mutation(description="Take a posting back as a whole, when its points are still there. 冲正")
    async def reverse_posting(self, info: Info, input: ReversePostingInput) -> CreditAccountPayload:  # noqa: A002
        """Reverse."""
        command = by_catalogue(info, points.reverse_posting)
        outcome = await perform(info, "reversePosting", command, uuid_of(input.id))
        return await _payload(info, outcome)

    @strawberry.mutation(description="Apply for points that another person approves. 申请积分")
    async def apply_for_points(self, info: Info, input: ApplyForPointsInput) -> CreditApplicationPayload:  # noqa: A002
        """Apply."""
        whose = uuid_of(input.account_id) if input.account_id is not None else None
        asked = applications.Apply(item=input.item, evidence=input.evidence, account_id=whose)
        outcome = await perform(
            info, "applyForPoints", by_catalogue(info, applications.apply_for_points), asked, input.idempotency_key
        )
        return await _application(info, outcome)

    @strawberry.mutation(description="Approve or refuse points that another person recorded. 审批积分")
    async def decide_application(
        self,
        info: Info,
        input: DecideApplicationInput,  # noqa: A002
    ) -> CreditApplicationPayload:
        """Decide."""
        asked = applications.Decide(id=uuid_of(input.id), approve=input.approve, reason=input.reason)
        outcome = await perform(info, "decideApplication", by_catalogue(info, applications.decide_application), asked)
        return await _application(info, outcome)

    @strawberry.mutation(description="Record the same item for many accounts, with a result for each. 批量登记")
    async def record_batch(self, info: Info, input: RecordBatchInput) -> RecordBatchPayload:  # noqa: A002
        """Record."""
        rows = tuple(batch.Row(account_id=uuid_of(row.account_id), evidence=row.evidence) for row in input.rows)
        asked = batch.Batch(region_code=input.region_code, item=input.item, rows=rows)
        outcome = await perform(
            info, "recordBatch", by_catalogue(info, batch.record_batch), asked, input.idempotency_key
        )
        if outcome.id is None:
            return RecordBatchPayload(done=None, rows=[], problems=outcome.problems)
        results = await batch_results(await info.context.read(), outcome.id)
        shown = [BatchRowResult(row=place, problem=code) for place, code in enumerate(results)]
        return RecordBatchPayload(done=results.count(None), rows=shown, problems=[])
