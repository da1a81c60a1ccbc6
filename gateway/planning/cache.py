"""Keep plans: one per document, operation and combination of condition variables, for one supergraph."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from graphql import Visitor, value_from_ast_untyped, visit
from graphql.language import DirectiveNode, VariableNode

from gateway.planning.planner import find_operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphql import DocumentNode

    from gateway.planning.plan import Plan
    from gateway.planning.planner import Planner

DEFAULT_SIZE = 2_000


class PlanCache:
    """Plans of one supergraph, the least recently used dropped first. Drop the whole with the supergraph.

    Documents differing in `@skip` and `@include` alone have one entry per combination of the variables' values, so
    a plan never asks for what a condition leaves out. Planning runs under a lock: whoever asks for a plan that is
    being made gets that one (single flight), also from threads.
    """

    def __init__(self, planner: Planner, size: int = DEFAULT_SIZE) -> None:
        self._planner = planner
        self._size = size
        self._plans: OrderedDict[tuple[Any, ...], Plan] = OrderedDict()
        self._conditions: OrderedDict[tuple[str, str | None], tuple[tuple[str, Any], ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]) -> Plan:
        """Return the plan of an operation, made now if need be.

        `text` is the document as the client wrote it, `document` the same parsed and validated. Raises what
        `Planner.plan` raises; nothing is kept then.
        """
        conditions = self._conditions_of(text, document, operation_name)
        values = tuple(bool(variables.get(name, default)) for name, default in conditions)
        key = (text, operation_name, values)
        with self._lock:
            plan = self._plans.get(key)
            if plan is not None:
                self._plans.move_to_end(key)
                return plan
            chosen = {name: value for (name, _), value in zip(conditions, values, strict=True)}
            plan = self._plans[key] = self._planner.plan(document, operation_name, chosen)
            while len(self._plans) > self._size:
                self._plans.popitem(last=False)
            return plan

    def __len__(self) -> int:
        return len(self._plans)

    def _conditions_of(
        self, text: str, document: DocumentNode, operation_name: str | None
    ) -> tuple[tuple[str, Any], ...]:
        with self._lock:
            known = self._conditions.get((text, operation_name))
            if known is None:
                known = condition_variables(document, operation_name)
                self._conditions[text, operation_name] = known
                while len(self._conditions) > self._size:
                    self._conditions.popitem(last=False)
            else:
                self._conditions.move_to_end((text, operation_name))
            return known


class _Conditions(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        if node.name.value in {"skip", "include"}:
            self.names.update(
                each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode)
            )


def condition_variables(document: DocumentNode, operation_name: str | None) -> tuple[tuple[str, Any], ...]:
    """Return the variables that stand in `@skip` or `@include`, in order of name, each with its default."""
    visitor = _Conditions()
    visit(document, visitor)
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value) if each.default_value else None
        for each in find_operation(document, operation_name).variable_definitions or ()
    }
    return tuple((name, defaults.get(name)) for name in sorted(visitor.names))
