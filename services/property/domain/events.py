"""What property publishes. No event holds personal data, and none says how anybody voted."""

from __future__ import annotations

from chassis.events.event import Event
from services.property.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    Agrees,
    Area,
    Care,
    ClosesAt,
    CompanyId,
    CompanyName,
    CompoundId,
    CompoundKind,
    CompoundName,
    CreditCode,
    HasBranch,
    Households,
    Matters,
    On,
    OpensAt,
    PartArea,
    PartHeads,
    PartId,
    Passed,
    RegionCode,
    RegionId,
    Round,
    Secret,
    TotalArea,
    TotalHeads,
    VoteId,
    VoteTitle,
)


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


EVENTS: tuple[type[Event], ...] = (
    CompoundRegistered,
    RegisterChanged,
    PartTransferred,
    VoteAnnounced,
    VoteOpened,
    VoteExtended,
    VoteClosed,
    CompanyRegistered,
)
"""Every event that property publishes."""
