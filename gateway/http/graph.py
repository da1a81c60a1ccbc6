"""What belongs to one supergraph and is dropped with it: schema, documents, plans, engine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from graphql import get_variable_values

from chassis.errors import TooLarge
from gateway.composition.marks import ACCESS, marks_of
from gateway.execution.engine import Engine
from gateway.http.costs import CostModel
from gateway.http.documents import Documents
from gateway.http.persisted import PersistedDocuments
from gateway.http.refusals import WrongOperation
from gateway.planning.cache import PlanCache
from gateway.planning.errors import PlanningError
from gateway.planning.planner import Planner, find_operation

if TYPE_CHECKING:
    from graphql import OperationDefinitionNode

    from gateway.composition.supergraph import Supergraph
    from gateway.execution.client import HttpSubgraphClient
    from gateway.http.documents import Known
    from gateway.http.limits import Limits
    from gateway.http.masking import Masking
    from gateway.http.read_request import GraphQLRequest
    from gateway.planning.plan import Plan

_log = structlog.get_logger(__name__)
_MOST_ERRORS = 20
_MOST_COSTS = 100
_SMALL_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that may run: it is valid, within the limits, and planned; no subgraph was asked yet."""

    graph: Graph
    operation: OperationDefinitionNode
    plan: Plan
    variables: dict[str, Any]
    """As sent, after checking that they fit their types."""


@dataclass(frozen=True, slots=True)
class _Operation:
    """What is known of an operation before its variables are."""

    node: OperationDefinitionNode
    declared: frozenset[str]
    sizing: tuple[str, ...]
    """The variables that decide what it costs."""
    costs: dict[tuple[Any, ...], None]
    """The values of those variables that were within the limits, at most `_MOST_COSTS`."""


@dataclass
class Graph:
    """A supergraph in service."""

    supergraph: Supergraph
    limits: Limits
    client: HttpSubgraphClient
    """Sends to this supergraph's subgraphs, by name."""
    introspection: bool = True
    suggestions: bool = True
    share_in_flight: bool = True
    mask: Masking | None = None
    persisted: PersistedDocuments = field(default_factory=PersistedDocuments)
    """Outlives the graph: clients need not send their documents again after a reload."""
    documents: Documents = field(init=False)
    plans: PlanCache = field(init=False)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.documents = Documents(self.supergraph.api_schema, self.limits, self.introspection, self.suggestions)
        self.plans = PlanCache(Planner(self.supergraph))
        self.engine = Engine(self.client, share=self.share_in_flight, mask=self.mask)
        marks = marks_of(self.supergraph.sdl)
        self._costs = CostModel(self.supergraph.schema, marks)
        guarded = [coordinate for coordinate, given in marks.items() if not given.keys().isdisjoint(ACCESS)]
        if guarded:
            _log.warning("access directives are left to the subgraphs: no tokens are verified here", on=guarded)

    async def prepare(self, request: GraphQLRequest) -> Prepared:
        """Check and plan a request.

        Raises DocumentRefused, TooLarge, WrongOperation and the refusals of PersistedDocuments.
        """
        text = self.persisted.text_of(request)
        if len(text) < _SMALL_TEXT or self.documents.known(text) is not None:
            prepared = self._prepare(request, text)
        else:
            # Validating a large document takes long enough for everybody else to notice.
            prepared = await asyncio.to_thread(self._prepare, request, text)
        if request.extensions:
            self.persisted.keep(request)
        return prepared

    def _prepare(self, request: GraphQLRequest, text: str) -> Prepared:
        known = self.documents.get(text)
        operation: _Operation | None = known.operations.get(request.operationName)
        if operation is None:
            operation = known.operations[request.operationName] = self._operation(known, request.operationName)
        variables = self._variables(operation, request)
        self._check_cost(known, operation, variables)
        plan = self.plans.get(text, known.document, request.operationName, variables)
        return Prepared(self, operation.node, plan, variables)

    def _operation(self, known: Known, name: str | None) -> _Operation:
        try:
            node = find_operation(known.document, name)
        except PlanningError as error:
            raise WrongOperation(reason=str(error)) from error
        declared = frozenset(each.variable.name.value for each in node.variable_definitions or ())
        estimate = self._costs.estimate(known.document, node, {})
        return _Operation(node, declared, tuple(sorted(estimate.variables)), {})

    def _check_cost(self, known: Known, operation: _Operation, variables: dict[str, Any]) -> None:
        values = tuple(variables.get(name) for name in operation.sizing)
        if values in operation.costs:
            return
        estimate = self._costs.estimate(known.document, operation.node, variables)
        if estimate.largest_list > self.limits.list_size:
            raise TooLarge(what="list", limit=self.limits.list_size)
        if estimate.cost > self.limits.cost:
            raise TooLarge(what="cost", limit=self.limits.cost)
        if len(operation.costs) < _MOST_COSTS:
            operation.costs[values] = None

    def _variables(self, operation: _Operation, request: GraphQLRequest) -> dict[str, Any]:
        definitions = operation.node.variable_definitions
        if not definitions:
            return {}
        given = request.variables or {}
        coerced = get_variable_values(self.supergraph.api_schema, definitions, given, max_errors=_MOST_ERRORS)
        if isinstance(coerced, list):
            raise self.documents.refused(coerced)
        return {name: value for name, value in given.items() if name in operation.declared}
