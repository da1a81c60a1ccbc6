"""The mutations, put together from each area's."""

from __future__ import annotations

from strawberry.tools import merge_types

from services.property.graphql.assessment_mutations import AssessmentMutations
from services.property.graphql.care_mutations import CareMutations
from services.property.graphql.committee_mutations import CommitteeMutations
from services.property.graphql.companies import CompanyMutations
from services.property.graphql.election_mutations import ElectionMutations
from services.property.graphql.emergency_mutations import EmergencyMutations
from services.property.graphql.household_mutations import HouseholdMutations
from services.property.graphql.service_mutations import ServiceMutations
from services.property.graphql.service_system_mutations import ServiceSystemMutations
from services.property.graphql.vote_mutations import VoteMutations

Mutation = merge_types(
    "Mutation",
    (
        HouseholdMutations,
        VoteMutations,
        CompanyMutations,
        ElectionMutations,
        CommitteeMutations,
        ServiceMutations,
        AssessmentMutations,
        CareMutations,
        EmergencyMutations,
        ServiceSystemMutations,
    ),
)
