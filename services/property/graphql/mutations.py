"""The mutations, put together from each area's."""

from __future__ import annotations

from strawberry.tools import merge_types

from services.property.graphql.household_mutations import HouseholdMutations

Mutation = merge_types("Mutation", (HouseholdMutations,))
