"""The mutations of selections and awards."""

from datetime import date
from typing import Any

import strawberry

from services.credit.commands import nominations, selections
from services.credit.commands.governance import ForPeriod
from services.credit.graphql.governance_mutations import CreditPayload, CreditPeriodInput, run
from services.credit.graphql.links import Info, uuid_of


@strawberry.input(description="Open a selection. 启动评选")
class OpenHonourSelectionInput:
    """Input of openHonourSelection."""

    idempotency_key: str = strawberry.field(description="The same key opens once. 幂等键")
    honour: str = strawberry.field(description="Honour of the catalogue. 评选项目")
    region_code: str = strawberry.field(description="Where it is held. 评选范围")
    nominations_until: date = strawberry.field(description="First day on which nobody is nominated. 提名截止日")
    choice_until: date = strawberry.field(description="First day on which nobody votes or reviews. 评选截止日")


@strawberry.input(description="Nominate a building, a person or a duty, as the honour is of. 提名")
class NominateForHonourInput:
    """Input of nominateForHonour."""

    idempotency_key: str = strawberry.field(description="The same key nominates once. 幂等键")
    selection_id: strawberry.ID = strawberry.field(description="The selection. 评选")
    region_code: str | None = strawberry.field(default=None, description="The building. 楼栋代码")
    account_id: strawberry.ID | None = strawberry.field(
        default=None, description="A person's account, for honours of people; one's own when left out. 账户"
    )
    duty_id: strawberry.ID | None = strawberry.field(default=None, description="The duty. 任职")


@strawberry.input(description="Agree to stand and to be shown masked when chosen, or do not. 是否同意参评")
class AnswerHonourNominationInput:
    """Input of answerHonourNomination."""

    id: strawberry.ID = strawberry.field(description="The candidate. 候选标识")
    agree: bool = strawberry.field(description="Whether one agrees. 是否同意")


@strawberry.input(description="Vote. 投票")
class VoteForHonourInput:
    """Input of voteForHonour."""

    candidate_id: strawberry.ID = strawberry.field(description="The candidate. 候选标识")


@strawberry.input(description="Give a mark. 评分")
class ReviewForHonourInput:
    """Input of reviewForHonour."""

    candidate_id: strawberry.ID = strawberry.field(description="The candidate. 候选标识")
    mark: int = strawberry.field(description="1 to 100. 分数")


@strawberry.input(description="A selection. 评选")
class HonourSelectionInput:
    """Input of publishHonourSelection and concludeHonourSelection."""

    id: strawberry.ID = strawberry.field(description="The selection. 评选")


@strawberry.input(description="Take somebody off who was chosen. 取消入选")
class StrikeHonourCandidateInput:
    """Input of strikeHonourCandidate."""

    id: strawberry.ID = strawberry.field(description="The candidate. 候选标识")
    reason: str = strawberry.field(description="Why. 理由")


@strawberry.input(description="An award that was paid. 发放奖励")
class PayAwardInput:
    """Input of payAward."""

    id: strawberry.ID = strawberry.field(description="The award. 奖励")
    document: str = strawberry.field(description="Number of the payment's document. 凭证号")


@strawberry.type
class SelectionMutation:
    """The mutations."""

    @strawberry.mutation(description="Open a selection of an honour. 启动评选")
    async def open_honour_selection(self, info: Info, input: OpenHonourSelectionInput) -> CreditPayload:  # noqa: A002
        """Open."""
        asked = selections.OpenSelection(
            honour=input.honour,
            region_code=input.region_code,
            nominations_until=input.nominations_until,
            choice_until=input.choice_until,
        )
        return await run(info, "openHonourSelection", selections.open_selection, asked, input.idempotency_key)

    @strawberry.mutation(description="Nominate; a person is asked first. 提名")
    async def nominate_for_honour(self, info: Info, input: NominateForHonourInput) -> CreditPayload:  # noqa: A002
        """Nominate."""
        asked = nominations.Nominate(
            selection_id=uuid_of(input.selection_id),
            region_code=input.region_code,
            account_id=_id(input.account_id),
            duty_id=_id(input.duty_id),
        )
        return await run(info, "nominateForHonour", nominations.nominate, asked, input.idempotency_key)

    @strawberry.mutation(description="Agree to stand, or think again until it is concluded. 回应提名")
    async def answer_honour_nomination(self, info: Info, input: AnswerHonourNominationInput) -> CreditPayload:  # noqa: A002
        """Answer."""
        asked = nominations.Answer(id=uuid_of(input.id), agree=input.agree)
        return await run(info, "answerHonourNomination", nominations.answer_nomination, asked)

    @strawberry.mutation(description="Vote, once a selection. 投票")
    async def vote_for_honour(self, info: Info, input: VoteForHonourInput) -> CreditPayload:  # noqa: A002
        """Vote."""
        asked = nominations.Vote(candidate_id=uuid_of(input.candidate_id))
        return await run(info, "voteForHonour", nominations.vote_for, asked)

    @strawberry.mutation(description="Give a candidate a mark, once. 评分")
    async def review_for_honour(self, info: Info, input: ReviewForHonourInput) -> CreditPayload:  # noqa: A002
        """Review."""
        asked = nominations.Mark(candidate_id=uuid_of(input.candidate_id), mark=input.mark)
        return await run(info, "reviewForHonour", nominations.review_candidate, asked)

    @strawberry.mutation(description="Count, and show who is chosen. 公示评选结果")
    async def publish_honour_selection(self, info: Info, input: HonourSelectionInput) -> CreditPayload:  # noqa: A002
        """Publish."""
        return await run(info, "publishHonourSelection", selections.publish_selection, uuid_of(input.id))

    @strawberry.mutation(description="Take somebody off while it is public. 取消入选")
    async def strike_honour_candidate(self, info: Info, input: StrikeHonourCandidateInput) -> CreditPayload:  # noqa: A002
        """Strike."""
        asked = selections.Strike(id=uuid_of(input.id), reason=input.reason)
        return await run(info, "strikeHonourCandidate", selections.strike_candidate, asked)

    @strawberry.mutation(description="Conclude what was public long enough, and grant the awards. 评选结束")
    async def conclude_honour_selection(self, info: Info, input: HonourSelectionInput) -> CreditPayload:  # noqa: A002
        """Conclude."""
        return await run(info, "concludeHonourSelection", selections.conclude_selection, uuid_of(input.id))

    @strawberry.mutation(description="Grant the red-flag grids of a ranked quarter their award. 红旗网格奖励")
    async def award_red_flags(self, info: Info, input: CreditPeriodInput) -> CreditPayload:  # noqa: A002
        """Grant."""
        asked = ForPeriod(district_code=input.district_code, day=input.day)
        return await run(info, "awardRedFlags", selections.award_red_flags, asked)

    @strawberry.mutation(description="Write down that an award was paid. 登记奖励发放")
    async def pay_award(self, info: Info, input: PayAwardInput) -> CreditPayload:  # noqa: A002
        """Pay."""
        asked = selections.PayAward(id=uuid_of(input.id), document=input.document)
        return await run(info, "payAward", selections.pay_award, asked)


def _id(id_: strawberry.ID | None) -> Any:
    return None if id_ is None else uuid_of(id_)
