"""What org publishes of what partner units do; notes and results stay in the graph."""

from __future__ import annotations

from chassis.events.event import Event
from services.org.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    CompoundOf,
    ContributedAmount,
    ContributedOn,
    ContributionId,
    JointProblemId,
    JointTicket,
    Kind,
    ListedProblem,
    OrganisationId,
    PairingId,
    RegionCode,
    RegionId,
    SettledOn,
    TakenOn,
)


class ContributionMade(Event, entity="contribution", fact="made"):
    """共建贡献: a partner unit did something where it is paired.

    When: the contribution is recorded, by hand or by an import.

    For: assessment of partner units.
    """

    contribution_id: ContributionId
    pairing_id: PairingId
    organisation_id: OrganisationId
    kind: Kind
    amount: ContributedAmount
    on: ContributedOn
    compound_id: CompoundOf
    region_id: RegionId
    region_code: RegionCode


class ContributionCancelled(Event, entity="contribution", fact="cancelled"):
    """撤销贡献: a contribution was recorded by mistake and counts no longer.

    When: it is cancelled.

    For: assessment of partner units.
    """

    contribution_id: ContributionId
    pairing_id: PairingId
    region_id: RegionId
    region_code: RegionCode


class JointProblemTaken(Event, entity="joint_problem", fact="taken"):
    """认领突出问题: a partner unit takes on a problem of a compound that it looks after.

    When: it is taken up.

    For: whoever follows which unit helps where.
    """

    joint_problem_id: JointProblemId
    pairing_id: PairingId
    organisation_id: OrganisationId
    compound_id: CompoundOf
    list_item_id: ListedProblem
    ticket_id: JointTicket
    on: TakenOn
    region_id: RegionId
    region_code: RegionCode


class JointProblemSettled(Event, entity="joint_problem", fact="settled"):
    """突出问题销号: a problem that a partner unit took on is settled.

    When: its result is written down.

    For: whoever follows which unit has done what it promised this year.
    """

    joint_problem_id: JointProblemId
    pairing_id: PairingId
    settled_on: SettledOn
    region_id: RegionId
    region_code: RegionCode


PARTNER_EVENTS: tuple[type[Event], ...] = (
    ContributionMade,
    ContributionCancelled,
    JointProblemTaken,
    JointProblemSettled,
)
"""The events of this module."""
