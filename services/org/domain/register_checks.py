"""Which rule takes which record of a register from an import file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.domain import records as r
from services.org.domain.activity_file import check_activity
from services.org.domain.alliance_file import check_allied
from services.org.domain.assignment_file import check_assigned
from services.org.domain.contact_file import check_contact, check_visited
from services.org.domain.covering_file import check_covering
from services.org.domain.filing_file import check_filing, check_filing_rule
from services.org.domain.list_file import check_listed
from services.org.domain.model_file import check_adoption, check_expert, check_guidance, check_method
from services.org.domain.model_records import AdoptionRecord, ExpertRecord, GuidanceRecord, SharedMethodRecord
from services.org.domain.muster_file import check_mode_switched, check_mustered
from services.org.domain.partner_file import (
    check_contributed,
    check_contribution_word,
    check_joint_problem,
    check_pairing_word,
)
from services.org.domain.recommendation_file import check_recommendation, check_recommendation_rule
from services.org.domain.register_file import (
    check_census,
    check_checked_in,
    check_distinction,
    check_fund,
    check_paired,
    check_profile,
)
from services.org.domain.reserve_file import check_called_up, check_reserve_rule_word, check_reservist
from services.org.domain.service_file import check_authorised_matter, check_service_item
from services.org.domain.special_need_file import check_special_need
from services.org.domain.tie_records import CoveringRecord, DutyFilingRecord, FilingRuleRecord
from services.org.domain.type_file import check_allocated, check_allocation_rule, check_assessed

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.org.domain.practice_known import Known

REGISTER_CHECKS: dict[type, Callable[[Known, Any], bool]] = {
    r.MusterRecord: check_mustered,
    r.ModeSwitchRecord: check_mode_switched,
    r.CommunityProfileRecord: check_profile,
    r.CensusRecord: check_census,
    r.DistinctionRecord: check_distinction,
    r.PairingRecord: check_paired,
    r.AllianceMemberRecord: check_allied,
    CoveringRecord: check_covering,
    r.CheckInRecord: check_checked_in,
    r.CheckInAssignmentRecord: check_assigned,
    r.ContactRecord: check_contact,
    r.VisitRecord: check_visited,
    r.FundRecord: check_fund,
    r.ListItemRecord: check_listed,
    r.AllocationRuleRecord: check_allocation_rule,
    r.AssessmentRecord: check_assessed,
    r.AllocationRecord: check_allocated,
    r.RecommendationRuleRecord: check_recommendation_rule,
    r.RecommendationRecord: check_recommendation,
    FilingRuleRecord: check_filing_rule,
    DutyFilingRecord: check_filing,
    r.ContributionRuleRecord: check_contribution_word,
    r.PairingRuleRecord: check_pairing_word,
    r.ContributionRecord: check_contributed,
    r.JointProblemRecord: check_joint_problem,
    r.ReserveRuleRecord: check_reserve_rule_word,
    r.ReservistRecord: check_reservist,
    r.CallUpRecord: check_called_up,
    r.SpecialNeedRecord: check_special_need,
    r.ActivityRecord: check_activity,
    ExpertRecord: check_expert,
    GuidanceRecord: check_guidance,
    SharedMethodRecord: check_method,
    AdoptionRecord: check_adoption,
    r.ServiceItemRecord: check_service_item,
    r.AuthorisedMatterRecord: check_authorised_matter,
}
"""Each says whether the record is new, and adds it to what is known; it raises Refused."""
