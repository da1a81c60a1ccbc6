"""What property publishes of compounds without service, of their conversion, and of funds."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.events.event import Event
from chassis.events.fields import told
from services.property.domain.care import Care
from services.property.domain.event_fields import (  # noqa: TC001 (msgspec reads annotations at run time)
    CompoundId,
    RegionCode,
    RegionId,
)
from services.property.domain.haves import Have

LackId = Annotated[UUID, told("the entry in the register", "01981a2b-7c3d-7e4f-8a5b-00000000002a")]
NoService = Annotated[bool, told("whether it has no property service (无物业服务)", True)]  # noqa: FBT003
NoUnit = Annotated[bool, told("whether it has no responsible unit (无主管部门)", True)]  # noqa: FBT003
NoSecurity = Annotated[bool, told("whether it has no security (无人防物防)", True)]  # noqa: FBT003
Solution = Annotated[Care, told("the solution", "self_managed")]
WhichHave = Annotated[Have, told("which of the five", "organisation")]
Holds = Annotated[bool, told("whether it holds now", True)]  # noqa: FBT003
Missing = Annotated[int, told("how many of the five are missing yet", 4)]
Quarter = Annotated[str, told("the quarter", "2026Q1")]
Balance = Annotated[int, told("what was left at its end, in 0.01 yuan", 1_250_000)]
EmergencyId = Annotated[UUID, told("the urgent repair (应急使用)", "01981a2b-7c3d-7e4f-8a5b-00000000002b")]
Hazard = Annotated[str, told("what endangers people or the building", "电梯故障")]
Most = Annotated[int, told("at most so much, in 0.01 yuan", 3_000_000)]
Approved = Annotated[bool, told("whether it was approved", True)]  # noqa: FBT003
Digest = Annotated[str, told("SHA-256 over the entries of the quarter", "9f86d081884c7d659a2feaa0c55ad015")]


class LackEvent(Event):
    """Base: which entry of the register, of which compound, where."""

    lack_id: LackId
    compound_id: CompoundId
    region_code: RegionCode


class LackRegistered(LackEvent, entity="lack", fact="registered"):
    """三无小区登记: a compound lacks service, a responsible unit or security.

    When: it is entered in the register.

    For: whoever follows how compounds without care become none.
    """

    no_service: NoService
    no_unit: NoUnit
    no_security: NoSecurity


class SolutionPlanned(LackEvent, entity="lack", fact="solution_planned"):
    """治理方案: it was settled how a compound will be cared for.

    When: the community has chosen a solution.

    For: who carries it out.
    """

    solution: Solution


class HaveChanged(LackEvent, entity="lack", fact="have_changed"):
    """五有进展: one of the five haves was proved, or does not hold any more.

    When: evidence is entered or taken back.

    For: whoever follows the progress of conversion.
    """

    have: WhichHave
    holds: Holds
    missing: Missing


class CompoundConverted(LackEvent, entity="lack", fact="converted"):
    """三无转五有: a compound has all five and is cared for.

    When: the conversion is noted.

    For: whoever follows how compounds without care become none.
    """

    solution: Solution


class EmergencyEvent(Event):
    """Base: which urgent repair, in which compound, for how much at most."""

    emergency_id: EmergencyId
    compound_id: CompoundId
    region_code: RegionCode
    hazard: Hazard
    amount: Most


class EmergencyAsked(EmergencyEvent, entity="emergency", fact="asked"):
    """应急使用申请: an urgent repair from the maintenance fund was asked for, without a vote.

    When: committee or community ask (Civil Code article 281).

    For: the subdistrict and the housing department.
    """


class EmergencyDecided(EmergencyEvent, entity="emergency", fact="decided"):
    """应急使用决定: an urgent repair was approved or refused.

    When: the subdistrict has decided.

    For: notice boards; the owners see it at once.
    """

    approved: Approved


class FundsPublished(Event, entity="compound", fact="funds_published"):
    """资金公布: the maintenance fund and common income of a compound were published for a quarter.

    When: the community publishes them; quarters follow each other without a gap.

    For: notice boards; owners read the entries in the graph.
    """

    compound_id: CompoundId
    region_id: RegionId
    region_code: RegionCode
    quarter: Quarter
    maintenance_balance: Balance
    common_balance: Balance
    digest: Digest


CARE_EVENTS: tuple[type[Event], ...] = (
    LackRegistered,
    SolutionPlanned,
    HaveChanged,
    CompoundConverted,
    EmergencyAsked,
    EmergencyDecided,
    FundsPublished,
)
