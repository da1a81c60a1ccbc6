"""tickets' subgraph (Apollo Federation 2)."""

from __future__ import annotations

import strawberry

from services.tickets.graphql.mutations import Mutation
from services.tickets.graphql.queries import Query
from services.tickets.graphql.regions import Region
from services.tickets.graphql.subscriptions import Subscription

schema = strawberry.federation.Schema(query=Query, mutation=Mutation, subscription=Subscription, types=[Region])
