"""What the mutations of committees are given."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from services.property.graphql.committee_enums import (
    CandidateNomination,
    CommitteeEnding,
    CommitteeForm,
    CommitteeOffice,
    CommunityCommittee,
    MemberCapacity,
    MemberDeparture,
    ReviewVerdict,
)

KEY = "Same key, same answer, done once. 幂等键"
_COMMITTEE, _ELECTION, _CANDIDATE = "The committee. 业主组织", "The election. 选举", "The candidate. 候选人"
_VOTE = "The owners' vote that decided it. 表决"


@strawberry.input(description="Somebody in a preparatory group. 筹备组成员")
class PreparerInput:
    """A member of a preparatory group."""

    name: str = strawberry.field(description="Name. 姓名")
    capacity: MemberCapacity = strawberry.field(description="Capacity. 身份")


@strawberry.input(description="A preparatory group for the election of an owners' committee. 筹备组")
class PrepareCommitteeInput:
    """What prepareCommittee is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    compound_id: strawberry.ID = strawberry.field(description="The compound. 小区")
    seats: int = strawberry.field(description="How many seats, an odd number. 席位")
    members: list[PreparerInput] = strawberry.field(description="The group, at most 2,000. 成员")
    rule: str | None = strawberry.field(default=None, description="Code of a local rule. 规则")


@strawberry.input(description="Somebody in a body that is not elected. 成员")
class BodyMemberInput:
    """A member of a body."""

    capacity: MemberCapacity = strawberry.field(description="Capacity. 身份")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="An owner of the register. 业主")
    name: str | None = strawberry.field(default=None, description="Name of who is no owner. 姓名")
    person_id: strawberry.ID | None = strawberry.field(default=None, description="The same person in org. 人员")
    is_party_member: bool = strawberry.field(default=False, description="Is a Party member. 是否党员")
    is_public_employee: bool = strawberry.field(default=False, description="Is a public employee. 是否公职人员")
    office: CommitteeOffice = strawberry.field(default=CommitteeOffice.MEMBER, description="Office. 职务")


@strawberry.input(description="A management committee or self-management group. 物管会或自管小组")
class FormBodyInput:
    """What formBody is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    compound_id: strawberry.ID = strawberry.field(description="The compound. 小区")
    form: CommitteeForm = strawberry.field(description="Its form; not an owners' committee. 形式")
    members: list[BodyMemberInput] = strawberry.field(description="The members, at most 2,000. 成员")
    rule: str | None = strawberry.field(default=None, description="Code of a local rule. 规则")


@strawberry.input(description="A candidate. 候选人提名")
class NominateCandidateInput:
    """What nominateCandidate is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    election_id: strawberry.ID = strawberry.field(description=_ELECTION)
    owner_id: strawberry.ID = strawberry.field(description="The owner. 业主")
    nominated_by: CandidateNomination = strawberry.field(description="By whom. 推荐方式")
    agrees_to_publication: bool = strawberry.field(description="Agrees that the owners see the name. 同意公示")
    person_id: strawberry.ID | None = strawberry.field(default=None, description="The same person in org. 人员")
    is_party_member: bool = strawberry.field(default=False, description="Is a Party member. 是否党员")
    is_public_employee: bool = strawberry.field(default=False, description="Is a public employee. 是否公职人员")


@strawberry.input(description="A candidate who does not stand. 候选人退出")
class WithdrawCandidateInput:
    """What withdrawCandidate is given."""

    candidate_id: strawberry.ID = strawberry.field(description=_CANDIDATE)


@strawberry.input(description="The beginning of a joint review. 启动联审")
class StartReviewInput:
    """What startReview is given."""

    election_id: strawberry.ID = strawberry.field(description=_ELECTION)


@strawberry.input(description="A department's verdict. 联审意见")
class AnswerReviewInput:
    """What answerReview is given."""

    candidate_id: strawberry.ID = strawberry.field(description=_CANDIDATE)
    department: str = strawberry.field(description="Code of the department. 部门代码")
    verdict: ReviewVerdict = strawberry.field(description="What it says. 意见")
    reasons: str | None = strawberry.field(default=None, description="Why; demanded of an objection. 理由")


@strawberry.input(description="A candidate's reply. 候选人说明")
class ReplyToReviewInput:
    """What replyToReview is given."""

    candidate_id: strawberry.ID = strawberry.field(description=_CANDIDATE)
    text: str = strawberry.field(description="What they say. 内容")


@strawberry.input(description="The vote of an election. 选举表决")
class HoldElectionInput:
    """What holdElection is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    election_id: strawberry.ID = strawberry.field(description=_ELECTION)
    title: str = strawberry.field(description="What the vote is called. 标题")
    opens_at: datetime = strawberry.field(description="When it opens, after the notice period. 开始时间")
    closes_at: datetime = strawberry.field(description="When it closes. 截止时间")
    rule: str | None = strawberry.field(default=None, description="Code of a local rule of votes. 规则")


@strawberry.input(description="An election for empty seats. 补选")
class OpenByElectionInput:
    """What openByElection is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    committee_id: strawberry.ID = strawberry.field(description=_COMMITTEE)


@strawberry.input(description="Chair and deputies. 主任、副主任")
class ChooseOfficersInput:
    """What chooseOfficers is given."""

    committee_id: strawberry.ID = strawberry.field(description=_COMMITTEE)
    chair_id: strawberry.ID = strawberry.field(description="The member who is chair. 主任")
    deputy_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Deputies: members, at most 14. 副主任"
    )


@strawberry.input(description="A member who leaves. 委员离任")
class EndMembershipInput:
    """What endMembership is given."""

    member_id: strawberry.ID = strawberry.field(description="The member. 委员")
    reason: MemberDeparture = strawberry.field(description="Why. 原因")
    vote_id: strawberry.ID | None = strawberry.field(default=None, description=_VOTE)
    position: int = strawberry.field(default=0, description="Which of its matters, from 0. 事项序号")


@strawberry.input(description="A filing. 备案")
class FileCommitteeInput:
    """What fileCommittee is given."""

    committee_id: strawberry.ID = strawberry.field(description=_COMMITTEE)
    on: date = strawberry.field(description="Day of the filing. 备案日期")
    number: str = strawberry.field(description="Its number. 备案号")


@strawberry.input(description="The Party organisation of a committee. 党组织")
class LinkPartyOrganisationInput:
    """What linkPartyOrganisation is given."""

    committee_id: strawberry.ID = strawberry.field(description=_COMMITTEE)
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation in org; null: none. 组织"
    )


@strawberry.input(description="The end of a committee. 终止")
class EndCommitteeInput:
    """What endCommittee is given."""

    committee_id: strawberry.ID = strawberry.field(description=_COMMITTEE)
    reason: CommitteeEnding = strawberry.field(description="Why. 原因")
    vote_id: strawberry.ID | None = strawberry.field(default=None, description=_VOTE)
    position: int = strawberry.field(default=0, description="Which of its matters, from 0. 事项序号")


@strawberry.input(description="A hand-over. 移交")
class HandOverCommitteeInput:
    """What handOverCommittee is given."""

    committee_id: strawberry.ID = strawberry.field(description=_COMMITTEE)
    on: date = strawberry.field(description="Day of the hand-over. 移交日期")
    text: str = strawberry.field(description="What was handed over, and to whom. 内容")


@strawberry.input(description="A major matter. 重大事项")
class ReportMatterInput:
    """What reportMatter is given."""

    idempotency_key: str = strawberry.field(description=KEY)
    committee_id: strawberry.ID = strawberry.field(description=_COMMITTEE)
    title: str = strawberry.field(description="What it is about. 标题")
    text: str = strawberry.field(description="What it is. 内容")


@strawberry.input(description="An answer to a major matter. 重大事项答复")
class AnswerMatterInput:
    """What answerMatter is given."""

    matter_id: strawberry.ID = strawberry.field(description="The matter. 重大事项")
    of: CommunityCommittee = strawberry.field(description="Which of the two committees answers. 答复单位")
    opinion: str = strawberry.field(description="What it says. 意见")


@strawberry.input(description="A decision on a major matter. 重大事项决定")
class DecideMatterInput:
    """What decideMatter is given."""

    matter_id: strawberry.ID = strawberry.field(description="The matter. 重大事项")
    decision: str = strawberry.field(description="What was decided. 决定")
