"""What org publishes of recommendations; how anybody voted is told to nobody."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    ClosesAt,
    DutyTitle,
    Electors,
    GivenDuty,
    OrganisationId,
    PersonId,
    RecommendationEnd,
    RecommendationId,
    Recommended,
    RegionCode,
    RegionId,
    Voted,
)


class RecommendationOpened(Event, entity="recommendation", fact="opened"):
    """推选开始: people can be nominated for a duty, and a branch will vote on them.

    When: a recommendation is opened.

    For: notice boards of the compound.
    """

    recommendation_id: RecommendationId
    title: DutyTitle
    organisation_id: OrganisationId
    region_id: RegionId
    region_code: RegionCode


class PersonNominated(Event, entity="recommendation", fact="nominated"):
    """提名: somebody is nominated.

    When: somebody nominates them, or themselves.

    For: notice boards of the compound.
    """

    recommendation_id: RecommendationId
    person_id: PersonId
    region_id: RegionId
    region_code: RegionCode


class BranchVoteOpened(Event, entity="recommendation", fact="vote_opened"):
    """支部投票开始: the members of the branch vote, in secret.

    When: the vote is opened; who may vote is fixed then.

    For: whoever reminds the members.
    """

    recommendation_id: RecommendationId
    electors: Electors
    closes_at: ClosesAt
    region_id: RegionId
    region_code: RegionCode


class BranchVoteCounted(Event, entity="recommendation", fact="counted"):
    """计票: the votes are counted, and somebody is recommended or nobody.

    When: the vote is closed and counted.

    For: notice boards, and whoever gives duties.
    """

    recommendation_id: RecommendationId
    electors: Electors
    voted: Voted
    recommended: Recommended
    region_id: RegionId
    region_code: RegionCode


class RecommendationEnded(Event, entity="recommendation", fact="ended"):
    """推选结束: the duty was given on it, or nothing comes of it any more.

    When: the duty is given, it is withdrawn, or its time is over.

    For: notice boards.
    """

    recommendation_id: RecommendationId
    end: RecommendationEnd
    duty_id: GivenDuty
    region_id: RegionId
    region_code: RegionCode


class RecommendationHandedOver(Event, entity="recommendation", fact="handed_over"):
    """推选支部变更: another branch votes, which the one that was to vote was merged into.

    When: branches are merged, or the grids that they are of.

    For: notice boards of the compound.
    """

    recommendation_id: RecommendationId
    organisation_id: OrganisationId
    region_id: RegionId
    region_code: RegionCode


RECOMMENDATION_EVENTS: tuple[type[Event], ...] = (
    RecommendationOpened,
    PersonNominated,
    BranchVoteOpened,
    BranchVoteCounted,
    RecommendationEnded,
    RecommendationHandedOver,
)
"""The events of this module."""
