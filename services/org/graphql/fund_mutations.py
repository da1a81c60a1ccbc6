"""Mutations of funds: budget, pay out, spend, reverse."""

from __future__ import annotations

from datetime import date

import strawberry

from chassis.graphql.mutate import perform
from services.org.commands import funds as commands
from services.org.domain.periods import today
from services.org.graphql.funds import Fund, fund_by_id
from services.org.graphql.links import Info, uuid_of
from services.org.graphql.problem import Problem

_KEY = "The same key posts once. 幂等键"
_AMOUNT = "How much, in fen; at most ten million yuan. 金额（分）"
_ON = "The day of account; today or earlier. 日期"
_PURPOSE = "What for; nothing personal. 用途"


@strawberry.input(description="An amount to budget. 预算")
class BudgetFundInput:
    """Input of budgetFund."""

    idempotency_key: str = strawberry.field(description=_KEY)
    organisation_id: strawberry.ID = strawberry.field(description="For whom. 组织")
    year: int = strawberry.field(description="For which year. 年度")
    source: str = strawberry.field(description="Code of the kind of fund: whose money it is. 资金来源")
    amount_fen: int = strawberry.field(description=_AMOUNT)
    on: date = strawberry.field(description=_ON)
    purpose: str = strawberry.field(description=_PURPOSE)


@strawberry.input(description="An amount to pay out or to account for. 拨付或支出")
class PostFundInput:
    """Input of disburseFund and spendFund."""

    idempotency_key: str = strawberry.field(description=_KEY)
    fund_id: strawberry.ID = strawberry.field(description="The fund. 经费账户")
    expected_version: int = strawberry.field(description="The version you read; refused when it is another now. 版本")
    amount_fen: int = strawberry.field(description=_AMOUNT)
    on: date = strawberry.field(description=_ON)
    purpose: str = strawberry.field(description=_PURPOSE)

    def asked(self) -> commands.PostFund:
        """Return it as the commands take it. Raises BadRequest."""
        fund_id = uuid_of(self.fund_id)
        return commands.PostFund(fund_id, self.expected_version, self.amount_fen, self.on, self.purpose)


@strawberry.input(description="An entry to take back. 冲销")
class ReverseFundEntryInput:
    """Input of reverseFundEntry."""

    idempotency_key: str = strawberry.field(description=_KEY)
    entry_id: strawberry.ID = strawberry.field(description="The entry. 分录")
    on: date = strawberry.field(description=_ON)
    purpose: str = strawberry.field(description="Why. 原因")


@strawberry.type(description="What became of it. 结果")
class FundPayload:
    """Payload of the mutations of funds."""

    fund: Fund | None = strawberry.field(description="The fund; null when refused. 经费账户")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type
class FundMutations:
    """The mutations."""

    @strawberry.mutation(description="Budget an amount for an organisation's year. 经费预算")
    async def budget_fund(self, info: Info, input: BudgetFundInput) -> FundPayload:  # noqa: A002
        """Budget."""
        asked = commands.BudgetFund(
            organisation_id=uuid_of(input.organisation_id),
            year=input.year,
            source=input.source,
            amount_fen=input.amount_fen,
            on=input.on,
            purpose=input.purpose,
        )
        outcome = await perform(info, "budgetFund", commands.budget_fund, asked, input.idempotency_key)
        found = await fund_by_id(info.context, outcome.id, today()) if outcome.id else None
        return FundPayload(fund=found, problems=outcome.problems)

    @strawberry.mutation(description="Pay out an amount of what is budgeted. 经费拨付")
    async def disburse_fund(self, info: Info, input: PostFundInput) -> FundPayload:  # noqa: A002
        """Pay out."""
        outcome = await perform(info, "disburseFund", commands.disburse_fund, input.asked(), input.idempotency_key)
        found = await fund_by_id(info.context, outcome.id, today()) if outcome.id else None
        return FundPayload(fund=found, problems=outcome.problems)

    @strawberry.mutation(description="Account for an amount of what was paid out. 经费支出")
    async def spend_fund(self, info: Info, input: PostFundInput) -> FundPayload:  # noqa: A002
        """Spend."""
        outcome = await perform(info, "spendFund", commands.spend_fund, input.asked(), input.idempotency_key)
        found = await fund_by_id(info.context, outcome.id, today()) if outcome.id else None
        return FundPayload(fund=found, problems=outcome.problems)

    @strawberry.mutation(description="Take an entry back by an entry of its own. 冲销分录")
    async def reverse_fund_entry(self, info: Info, input: ReverseFundEntryInput) -> FundPayload:  # noqa: A002
        """Reverse."""
        asked = commands.ReverseEntry(uuid_of(input.entry_id), input.on, input.purpose)
        outcome = await perform(info, "reverseFundEntry", commands.reverse_fund_entry, asked, input.idempotency_key)
        found = await fund_by_id(info.context, outcome.id, today()) if outcome.id else None
        return FundPayload(fund=found, problems=outcome.problems)
