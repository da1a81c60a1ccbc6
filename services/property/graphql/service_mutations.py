"""Mutations of mutual choice and of contracts."""

from __future__ import annotations

import strawberry

from chassis.graphql.mutate import Outcome, perform
from services.property.commands import contracts as k
from services.property.commands import selections as s
from services.property.domain.care import Care
from services.property.domain.contracts import NoticeBy
from services.property.graphql import service_inputs as i
from services.property.graphql.links import Info, uuid_of, uuid_or_none
from services.property.graphql.problem import Problem
from services.property.graphql.service import Selection, ServiceContract
from services.property.storage import companies as reads


@strawberry.type(description="What became of it. 结果")
class SelectionPayload:
    """Payload of the mutations of a selection."""

    selection: Selection | None = strawberry.field(description="The selection; null when refused. 选聘")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


@strawberry.type(description="What became of it. 结果")
class ContractPayload:
    """Payload of the mutations of a contract."""

    contract: ServiceContract | None = strawberry.field(description="The contract; null when refused. 合同")
    problems: list[Problem] = strawberry.field(description="Why it was refused; empty when done. 问题")


async def _selection(info: Info, outcome: Outcome) -> SelectionPayload:
    row = await info.context.loader(reads.load_selections).load(outcome.id) if outcome.id else None
    return SelectionPayload(selection=Selection.of(row) if row else None, problems=outcome.problems)


async def _contract(info: Info, outcome: Outcome) -> ContractPayload:
    row = await info.context.loader(reads.load_contracts).load(outcome.id) if outcome.id else None
    return ContractPayload(contract=ServiceContract.of(row) if row else None, problems=outcome.problems)


@strawberry.type
class ServiceMutations:
    """Mutations of mutual choice and of contracts."""

    @strawberry.mutation(description="Publish the terms on which a compound looks for a company. 发布选聘公告")
    async def publish_selection(self, info: Info, input: i.PublishSelectionInput) -> SelectionPayload:  # noqa: A002
        """Publish."""
        asked = s.PublishSelection(
            compound_id=uuid_of(input.compound_id),
            title=input.title,
            most_price=input.most_price_fen,
            months=input.months,
            terms=input.terms,
            apply_by=input.apply_by,
            standard=input.standard,
        )
        outcome = await perform(info, "publishSelection", s.publish_selection, asked, input.idempotency_key)
        return await _selection(info, outcome)

    @strawberry.mutation(description="Apply for a company. 企业应聘")
    async def apply_for_selection(self, info: Info, input: i.ApplyForSelectionInput) -> SelectionPayload:  # noqa: A002
        """Apply."""
        asked = s.Apply(uuid_of(input.selection_id), uuid_of(input.company_id), input.price_fen, input.terms)
        outcome = await perform(info, "applyForSelection", s.apply_for_selection, asked, input.idempotency_key)
        return await _selection(info, outcome)

    @strawberry.mutation(description="Settle which companies go before the owners. 确定入围企业")
    async def shortlist_applications(
        self,
        info: Info,
        input: i.ShortlistApplicationsInput,  # noqa: A002
    ) -> SelectionPayload:
        """Settle."""
        asked = s.Shortlist(uuid_of(input.selection_id), tuple(uuid_of(one) for one in input.application_ids))
        return await _selection(info, await perform(info, "shortlistApplications", s.shortlist, asked))

    @strawberry.mutation(description="Announce the owners' vote on the shortlisted companies. 公告选聘表决")
    async def hold_selection(self, info: Info, input: i.HoldSelectionInput) -> SelectionPayload:  # noqa: A002
        """Announce."""
        asked = s.HoldSelection(uuid_of(input.selection_id), input.opens_at, input.closes_at, input.rule)
        outcome = await perform(info, "holdSelection", s.hold_selection, asked, input.idempotency_key)
        return await _selection(info, outcome)

    @strawberry.mutation(description="Enter a contract. 登记物业服务合同")
    async def sign_contract(self, info: Info, input: i.SignContractInput) -> ContractPayload:  # noqa: A002
        """Enter."""
        asked = k.SignContract(
            compound_id=uuid_of(input.compound_id),
            company_id=uuid_of(input.company_id),
            number=input.number,
            price=input.price_fen,
            deposit=input.deposit_fen,
            starts_on=input.starts_on,
            ends_on=input.ends_on,
            care=Care[input.care.name],
            selection_id=uuid_or_none(input.selection_id),
        )
        outcome = await perform(info, "signContract", k.sign_contract, asked, input.idempotency_key)
        return await _contract(info, outcome)

    @strawberry.mutation(description="Let a contract go on, as the owners decided. 续订合同")
    async def renew_contract(self, info: Info, input: i.RenewContractInput) -> ContractPayload:  # noqa: A002
        """Renew."""
        asked = k.RenewContract(
            uuid_of(input.contract_id), input.ends_on, input.price_fen, uuid_of(input.vote_id), input.position
        )
        return await _contract(info, await perform(info, "renewContract", k.renew_contract, asked))

    @strawberry.mutation(description="Give notice that a contract ends. 通知解除合同")
    async def give_contract_notice(self, info: Info, input: i.GiveContractNoticeInput) -> ContractPayload:  # noqa: A002
        """Give notice."""
        asked = k.GiveNotice(
            contract_id=uuid_of(input.contract_id),
            by=NoticeBy[input.by.name],
            on=input.on,
            leaves_on=input.leaves_on,
            vote_id=uuid_or_none(input.vote_id),
            position=input.position,
        )
        return await _contract(info, await perform(info, "giveContractNotice", k.give_notice, asked))

    @strawberry.mutation(description="Note that a company left and handed over. 登记退出移交")
    async def end_contract(self, info: Info, input: i.EndContractInput) -> ContractPayload:  # noqa: A002
        """Note."""
        asked = k.EndContract(uuid_of(input.contract_id), input.on, input.handed_over)
        return await _contract(info, await perform(info, "endContract", k.end_contract, asked))
