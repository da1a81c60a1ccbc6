"""What belongs to one supergraph and is dropped with it: schema, documents, plans, engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import get_variable_values

from gateway.execution.engine import Engine
from gateway.http.documents import DocumentRefused, Documents
from gateway.http.refusals import WrongOperation
from gateway.planning.cache import PlanCache
from gateway.planning.errors import PlanningError
from gateway.planning.planner import Planner, find_operation

if TYPE_CHECKING:
    from graphql import OperationDefinitionNode

    from gateway.composition.supergraph import Supergraph
    from gateway.execution.client import HttpSubgraphClient
    from gateway.http.limits import Limits
    from gateway.http.read_request import GraphQLRequest
    from gateway.planning.plan import Plan

_MOST_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that may run: it is valid, within the limits, and planned; no subgraph was asked yet."""

    graph: Graph
    operation: OperationDefinitionNode
    plan: Plan
    variables: dict[str, Any]
    """As sent, after checking that they fit their types."""


@dataclass
class Graph:
    """A supergraph in service."""

    supergraph: Supergraph
    limits: Limits
    client: HttpSubgraphClient
    """Sends to this supergraph's subgraphs, by name."""
    introspection: bool = True
    share_in_flight: bool = True
    documents: Documents = field(init=False)
    plans: PlanCache = field(init=False)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.documents = Documents(self.supergraph.api_schema, self.limits, self.introspection)
        self.plans = PlanCache(Planner(self.supergraph))
        self.engine = Engine(self.client, share=self.share_in_flight)

    def prepare(self, request: GraphQLRequest) -> Prepared:
        """Check and plan a request. Raises DocumentRefused, TooLarge or WrongOperation."""
        document = self.documents.get(request.query)
        try:
            operation = find_operation(document, request.operationName)
        except PlanningError as error:
            raise WrongOperation(reason=str(error)) from error
        variables = self._variables(operation, request)
        plan = self.plans.get(request.query, document, request.operationName, variables)
        return Prepared(self, operation, plan, variables)

    def _variables(self, operation: OperationDefinitionNode, request: GraphQLRequest) -> dict[str, Any]:
        definitions = operation.variable_definitions
        if not definitions:
            return {}
        given = request.variables or {}
        coerced = get_variable_values(self.supergraph.api_schema, definitions, given, max_errors=_MOST_ERRORS)
        if isinstance(coerced, list):
            raise DocumentRefused(coerced)
        declared = {definition.variable.name.value for definition in definitions}
        return {name: value for name, value in given.items() if name in declared}
