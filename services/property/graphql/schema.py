"""property's subgraph (Apollo Federation 2)."""

from __future__ import annotations

import strawberry

from services.property.graphql.mutations import Mutation
from services.property.graphql.queries import Query
from services.property.graphql.regions import Region
from services.property.graphql.subscriptions import Subscription

schema = strawberry.federation.Schema(query=Query, mutation=Mutation, subscription=Subscription, types=[Region])
