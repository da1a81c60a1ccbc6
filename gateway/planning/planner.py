"""The planner: from a validated document to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    is_object_type,
    value_from_ast_untyped,
)

from gateway.planning.batch_steps import batch_steps
from gateway.planning.delay_steps import delay_steps
from gateway.planning.errors import OperationNotFoundError, OperationTooLargeError
from gateway.planning.estimate import Estimator
from gateway.planning.graph import Graph
from gateway.planning.introspection import introspection_document
from gateway.planning.normalise import Normaliser, Operation
from gateway.planning.order_mutations import order_mutations
from gateway.planning.plan import Fetch, Introspection, Plan
from gateway.planning.print_fetches import print_fetches
from gateway.planning.project import ProjectionCompiler
from gateway.planning.selection import weigh
from gateway.planning.walk import Walk, root_position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode

    from gateway.composition.supergraph import Supergraph
    from gateway.planning.selection import Selection
    from gateway.planning.steps import Step


MAX_FIELDS = 20_000
"""Fields of one operation, its fragments spread out: a backstop behind the limits the HTTP side is set to."""


class Planner:
    """Plans operations for one supergraph. Holds what follows from the supergraph alone; safe to share."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._graph = Graph(supergraph)
        api = supergraph.api_schema
        self._visible = frozenset(name for name, some_type in api.type_map.items() if is_object_type(some_type))
        self._api_types = Normaliser(api, self._graph.keys)

    def plan(
        self, document: DocumentNode, operation_name: str | None, variables_for_conditions: Mapping[str, Any]
    ) -> Plan:
        """Return the plan of one operation of a document.

        The document is already validated against the supergraph's `api_schema`. `variables_for_conditions` holds at
        least the variables that stand in `@skip` and `@include` (defaults may be left out): the plan is for these
        values. Raises `OperationNotFoundError`, `OperationTooLargeError`, or `UnreachableFieldError` when the
        supergraph is not satisfiable.
        """
        try:
            return self._plan(document, operation_name, variables_for_conditions)
        except RecursionError:
            raise OperationTooLargeError("The operation is nested too deeply.") from None

    def _plan(self, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]) -> Plan:
        node = find_operation(document, operation_name)
        operation = self._operation(document, node, variables)
        root_type = self._supergraph.schema.get_root_type(node.operation)
        root_name = root_type.name if root_type else ""
        need = self._graph.normaliser.selection(root_name, [node.selection_set], operation)
        if weigh(need, {}) > MAX_FIELDS:
            raise OperationTooLargeError(f"The operation asks for more than {MAX_FIELDS} fields.")
        compiler = ProjectionCompiler(self._supergraph.api_schema, self._api_types, self._graph.keys, operation)
        projection = compiler.selection(root_name, [node.selection_set])
        definitions = {each.variable.name.value: each for each in node.variable_definitions or ()}
        phases: list[tuple[Fetch, ...]] = []
        number = 0
        for steps in self._phases(root_name, need, node.operation):
            fetches = print_fetches(delay_steps(batch_steps(steps)), node.operation.value, definitions, number)
            number += len(fetches)
            phases.append(fetches)
        asked = introspection_document(document, node, operation)
        introspection = Introspection(asked, self._supergraph.api_schema) if asked else None
        return Plan(node.operation.value, tuple(phases), projection, introspection)

    def _phases(self, root_name: str, need: Selection, operation: OperationType) -> list[list[Step]]:
        if not need.fields:
            return []
        estimator = Estimator(self._graph)
        if operation is OperationType.MUTATION:
            return order_mutations(self._graph, estimator, need)
        walk = Walk(self._graph, estimator)
        walk.fulfil(root_position(root_name), need)
        return [walk.steps]

    def _operation(
        self, document: DocumentNode, node: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> Operation:
        conditions = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in node.variable_definitions or ()
            if each.default_value is not None
        }
        fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
        return Operation(fragments, {**conditions, **variables}, self._visible)


def find_operation(document: DocumentNode, operation_name: str | None) -> OperationDefinitionNode:
    """Return the operation to run (GraphQL specification, 6.1, GetOperation)."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if operation_name is None:
        if len(operations) != 1:
            raise OperationNotFoundError("Name the operation to run: the document has none, or more than one.")
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == operation_name:
            return operation
    raise OperationNotFoundError(f'The document has no operation named "{operation_name}".')
