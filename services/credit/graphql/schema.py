"""credit's subgraph (Apollo Federation 2)."""

from __future__ import annotations

import strawberry

from services.credit.graphql.mutations import Mutation
from services.credit.graphql.queries import Query
from services.credit.graphql.regions import Region
from services.credit.graphql.subscriptions import Subscription

schema = strawberry.federation.Schema(query=Query, mutation=Mutation, subscription=Subscription, types=[Region])
