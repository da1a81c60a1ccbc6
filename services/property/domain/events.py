"""What property publishes. No event holds personal data, and none says how anybody voted."""

from __future__ import annotations

from chassis.events.event import Event
from services.property.domain.care_events import CARE_EVENTS
from services.property.domain.company_events import COMPANY_EVENTS
from services.property.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    Agrees,
    Area,
    Candidates,
    Care,
    ClosesAt,
    CommitteeForm,
    CommitteeId,
    CompanyId,
    CompanyName,
    CompoundId,
    CompoundKind,
    CompoundName,
    CreditCode,
    Departments,
    DueAt,
    Elected,
    FiledOn,
    HandedOverOn,
    HasBranch,
    Households,
    InTime,
    IsOver,
    Latitude,
    Least,
    Longitude,
    MatterId,
    Matters,
    MatterTitle,
    Members,
    MustElect,
    On,
    OpensAt,
    PartArea,
    PartHeads,
    PartId,
    Passed,
    RegionCode,
    RegionId,
    RegisteredOn,
    Round,
    Seats,
    Secret,
    TermTo,
    TicketId,
    TotalArea,
    TotalHeads,
    VoteId,
    VoteTitle,
    WhyEnded,
    WhyLeft,
)
from services.property.domain.service_system_events import SYSTEM_EVENTS


class CompoundEvent(Event):
    """Base: which compound, and where."""

    compound_id: CompoundId
    region_id: RegionId
    region_code: RegionCode


class CompoundRegistered(CompoundEvent, entity="compound", fact="registered"):
    """小区登记: a compound was registered.

    When: a compound is entered, by hand or from a registry file.

    For: whoever follows compounds and how they are cared for.
    """

    name: CompoundName
    kind: CompoundKind
    care: Care
    registered_on: RegisteredOn = None
    latitude: Latitude = None
    longitude: Longitude = None


class CompoundPlaced(CompoundEvent, entity="compound", fact="placed"):
    """小区定位: where a compound lies is known now, was corrected, or is not known any more.

    When: its coordinates are recorded, corrected or taken back; or every compound is told of again (`tell-compounds`).

    For: whoever asks what is within reach of a compound.
    """

    name: CompoundName
    registered_on: RegisteredOn = None
    latitude: Latitude = None
    longitude: Longitude = None


class CompoundMoved(CompoundEvent, entity="compound", fact="moved"):
    """小区调整区划: a compound lies in another region, which took over the one it lay in; its name may have grown.

    When: org tells that the region was merged. A region that is only recoded keeps its compounds, and its id.

    For: whoever keeps compounds by region.
    """

    name: CompoundName
    registered_on: RegisteredOn = None
    latitude: Latitude = None
    longitude: Longitude = None


class RegisterChanged(CompoundEvent, entity="compound", fact="register_changed"):
    """业主名册变更: exclusive parts came into a compound's register.

    When: a household is registered, or a registry file imported: once a file and compound.

    For: statistics of households and area.
    """

    households: Households
    area: Area


class PartTransferred(CompoundEvent, entity="compound", fact="part_transferred"):
    """产权转移: an exclusive part has other owners.

    When: a transfer is registered.

    For: systems that keep who is to be asked; they read the owners in the graph.
    """

    part_id: PartId
    on: On


class VoteEvent(Event):
    """Base: which vote, of which compound, where."""

    vote_id: VoteId
    compound_id: CompoundId
    region_code: RegionCode


class VoteAnnounced(VoteEvent, entity="vote", fact="announced"):
    """表决公告: a vote of the owners was announced.

    When: the notice goes out, in time before the vote opens.

    For: notice boards, and the residents' committee, which is to be told (物业管理条例 article 14).
    """

    title: VoteTitle
    matters: Matters
    secret: Secret
    round: Round
    opens_at: OpensAt
    closes_at: ClosesAt
    ticket_id: TicketId = None


class VoteOpened(VoteEvent, entity="vote", fact="opened"):
    """表决开始: a vote opened, and the register of owners was frozen for it.

    When: the moment that was announced has come.

    For: notice boards.
    """

    total_area: TotalArea
    total_heads: TotalHeads


class VoteExtended(VoteEvent, entity="vote", fact="extended"):
    """表决延期: a vote goes on because too few have taken part.

    When: its end has come without a quorum, and its rule allows more time.

    For: notice boards.
    """

    closes_at: ClosesAt


class VoteClosed(VoteEvent, entity="vote", fact="closed"):
    """表决结果: a vote closed, was counted and counted again.

    When: its end has come.

    For: notice boards, filing, and deliberations that brought the matter here.
    """

    matters: Matters
    passed: Passed
    total_area: TotalArea
    total_heads: TotalHeads
    part_area: PartArea
    part_heads: PartHeads
    recount_agrees: Agrees
    ticket_id: TicketId = None


class CompanyRegistered(Event, entity="company", fact="registered"):
    """物业服务企业登记: a property company was registered.

    When: a company that serves compounds here is entered.

    For: whoever keeps books on bodies by their credit code.
    """

    company_id: CompanyId
    name: CompanyName
    credit_code: CreditCode
    has_party_branch: HasBranch
    region_id: RegionId
    region_code: RegionCode


class CommitteeEvent(Event):
    """Base: which committee, of which compound, where."""

    committee_id: CommitteeId
    compound_id: CompoundId
    region_code: RegionCode


class CommitteePrepared(CommitteeEvent, entity="committee", fact="prepared"):
    """业委会筹备: a preparatory group was formed for the election of an owners' committee.

    When: the subdistrict has formed it.

    For: whoever follows how far compounds have come with their committees.
    """

    seats: Seats


class ReviewStarted(CommitteeEvent, entity="committee", fact="review_started"):
    """人选联审: the departments are asked about the candidates.

    When: the list of candidates is closed, and again when departments were silent.

    For: the departments, which answer by the deadline.
    """

    departments: Departments
    candidates: Candidates
    due_at: DueAt


class CommitteeTookOffice(CommitteeEvent, entity="committee", fact="took_office"):
    """业委会产生: a committee took office, or was filled up by a by-election.

    When: the vote closed and enough were elected; or a body was formed that is not elected.

    For: filing, and org, where its Party branch or working group is founded.
    """

    form: CommitteeForm
    members: Members
    term_to: TermTo


class ElectionFailed(CommitteeEvent, entity="committee", fact="election_failed"):
    """选举未成: too few were elected.

    When: the vote closed.

    For: the subdistrict, which guides another attempt or forms a management committee.
    """

    elected: Elected
    least: Least


class CommitteeFiled(CommitteeEvent, entity="committee", fact="filed"):
    """业委会备案: a committee was filed.

    When: the subdistrict has taken the papers.

    For: the housing department.
    """

    on: FiledOn
    in_time: InTime


class MemberLeft(CommitteeEvent, entity="committee", fact="member_left"):
    """委员离任: members left a committee.

    When: they resigned, were recalled by the owners, or own nothing there any more.

    For: the subdistrict, when a by-election must be held.
    """

    reason: WhyLeft
    members: Members
    must_elect: MustElect


class TermEnding(CommitteeEvent, entity="committee", fact="term_ending"):
    """任期届满预警: the term of a committee ends soon, or is over.

    When: the rule's days before the end, and at the end if no other committee took office.

    For: the subdistrict, which has the next committee prepared.
    """

    term_to: TermTo
    is_over: IsOver


class CommitteeEnded(CommitteeEvent, entity="committee", fact="ended"):
    """业委会终止: a committee ended, or its preparation.

    When: another one took office, or the owners dissolved it.

    For: directories; and who takes over papers, seal and money.
    """

    reason: WhyEnded


class CommitteeHandedOver(CommitteeEvent, entity="committee", fact="handed_over"):
    """业委会移交: a committee that ended handed over papers, seal and money.

    When: the hand-over is noted.

    For: the subdistrict.
    """

    on: HandedOverOn


class MatterReported(CommitteeEvent, entity="committee", fact="matter_reported"):
    """重大事项报告: a committee brought a major matter before the community's two committees.

    When: before it decides.

    For: the community, which answers.
    """

    matter_id: MatterId
    title: MatterTitle


class MatterDecided(CommitteeEvent, entity="committee", fact="matter_decided"):
    """重大事项决定: a committee decided a major matter that both committees had answered.

    When: the decision is noted.

    For: notice boards.
    """

    matter_id: MatterId
    title: MatterTitle


EVENTS: tuple[type[Event], ...] = (
    CompoundRegistered,
    CompoundPlaced,
    CompoundMoved,
    RegisterChanged,
    PartTransferred,
    VoteAnnounced,
    VoteOpened,
    VoteExtended,
    VoteClosed,
    CompanyRegistered,
    CommitteePrepared,
    ReviewStarted,
    CommitteeTookOffice,
    ElectionFailed,
    CommitteeFiled,
    MemberLeft,
    TermEnding,
    CommitteeEnded,
    CommitteeHandedOver,
    MatterReported,
    MatterDecided,
    *COMPANY_EVENTS,
    *CARE_EVENTS,
    *SYSTEM_EVENTS,
)
"""Every event that property publishes."""
