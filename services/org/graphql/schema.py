"""org's subgraph (Apollo Federation 2)."""

from __future__ import annotations

import strawberry

from services.org.graphql.activity_mutations import ActivityMutations
from services.org.graphql.alliance_mutations import AllianceMutations
from services.org.graphql.assignment_mutations import AssignmentMutations
from services.org.graphql.career_mutations import CareerMutations
from services.org.graphql.contact_mutations import ContactMutations
from services.org.graphql.filing_mutations import FilingMutations
from services.org.graphql.fund_mutations import FundMutations
from services.org.graphql.list_mutations import ListMutations
from services.org.graphql.model_mutations import ModelMutations
from services.org.graphql.organisation_history_mutations import OrganisationHistoryMutations
from services.org.graphql.organisation_mutations import OrganisationMutations
from services.org.graphql.own_records import OwnRecordMutations
from services.org.graphql.partner_mutations import PartnerMutations
from services.org.graphql.person_mutations import PersonMutations
from services.org.graphql.queries import Query
from services.org.graphql.recommendation_mutations import RecommendationMutations
from services.org.graphql.redrawing_mutations import RedrawingMutations
from services.org.graphql.region_mutations import RegionMutations
from services.org.graphql.regions import TYPES
from services.org.graphql.register_mutations import RegisterMutations
from services.org.graphql.reserve_mutations import ReserveMutations
from services.org.graphql.service_mutations import ServiceMutations
from services.org.graphql.special_needs import SpecialNeedMutations
from services.org.graphql.talent_mutations import TalentMutations
from services.org.graphql.team_mutations import TeamMutations
from services.org.graphql.training_mutations import TrainingMutations
from services.org.graphql.type_mutations import TypeMutations


@strawberry.type(description="What can be changed. 变更")
class Mutation(
    RegionMutations,
    RedrawingMutations,
    OrganisationMutations,
    OrganisationHistoryMutations,
    PersonMutations,
    OwnRecordMutations,
    TeamMutations,
    RegisterMutations,
    FundMutations,
    ListMutations,
    TypeMutations,
    ReserveMutations,
    SpecialNeedMutations,
    ContactMutations,
    ActivityMutations,
    CareerMutations,
    RecommendationMutations,
    FilingMutations,
    ServiceMutations,
    PartnerMutations,
    TrainingMutations,
    TalentMutations,
    ModelMutations,
    AssignmentMutations,
    AllianceMutations,
):
    """All mutations of org."""


schema = strawberry.federation.Schema(query=Query, mutation=Mutation, types=list(TYPES.values()))
