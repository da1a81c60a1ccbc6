"""A gateway without its HTTP side: validate, plan and execute over fixture subgraphs."""

from __future__ import annotations

from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import GraphQLError, get_variable_values, parse, validate

from gateway.execution.client import ClientLimits, HttpSubgraphClient
from gateway.execution.engine import Engine
from gateway.execution.execute import execute
from gateway.planning.cache import PlanCache
from gateway.planning.planner import Planner, find_operation
from tests.gateway.subgraph_kit import FixtureSubgraph, RunningSubgraphs, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from gateway.composition.supergraph import Supergraph
    from gateway.planning.plan import Plan


EXECUTORS = ("interpretive", "compiled")
executor: ContextVar[str] = ContextVar("executor", default="interpretive")
"""Which executor `answer` uses; every test of answers is run with each."""


@dataclass(slots=True)
class Gateway:
    """Everything a request needs."""

    supergraph: Supergraph
    plans: PlanCache
    client: HttpSubgraphClient
    running: RunningSubgraphs
    engines: dict[int, Engine] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.engines.setdefault(id(self.client), Engine(self.client, share=False, compile_at=1))

    def plan(self, query: str, variables: Mapping[str, Any] | None = None) -> Plan:
        return self.plans.get(query, parse(query), None, variables or {})


@asynccontextmanager
async def gateway_over(
    supergraph: Supergraph, subgraphs: list[FixtureSubgraph], limits: ClientLimits | None = None
) -> AsyncIterator[Gateway]:
    """Run subgraphs and a gateway over them."""
    async with serve(subgraphs) as running:
        client = HttpSubgraphClient(running.urls, limits)
        try:
            yield Gateway(supergraph, PlanCache(Planner(supergraph)), client, running)
        finally:
            await client.close()


async def answer(
    gateway: Gateway,
    query: str,
    variables: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Answer an operation as the gateway does over HTTP."""
    document = parse(query)
    schema = gateway.supergraph.api_schema
    problems: list[GraphQLError] = validate(schema, document)
    if problems:
        return {"errors": [problem.formatted for problem in problems], "data": None}
    operation = find_operation(document, None)
    coerced = get_variable_values(schema, operation.variable_definitions or (), dict(variables or {}))
    if isinstance(coerced, list):
        return {"errors": [problem.formatted for problem in coerced], "data": None}
    plan = gateway.plans.get(query, document, None, variables or {})
    if executor.get() == "compiled":
        answered = await gateway.engine.answer(plan, variables or {}, headers or {})
        decoded: dict[str, Any] = msgspec.json.decode(answered.body)
        assert answered.has_errors == ("errors" in decoded)
        return decoded
    result = await execute(plan, variables=variables or {}, client=gateway.client, headers=headers or {})
    return result.formatted()
