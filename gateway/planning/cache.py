"""Keep plans: one entry per document and operation, for one supergraph, with its plan for each value of conditions."""

from __future__ import annotations

from collections import OrderedDict
from itertools import product
from threading import Lock
from typing import TYPE_CHECKING, Any

from graphql import Visitor, value_from_ast_untyped, visit
from graphql.language import DirectiveNode, VariableNode

from gateway.planning.planner import find_operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import DocumentNode

    from gateway.planning.plan import Plan
    from gateway.planning.planner import Planner

DEFAULT_SIZE = 2_000
MOST_VARIANTS = 64
"""Plans kept for one operation: as many as six condition variables have values together."""
MOST_SHOWN = 6
"""Condition variables whose every combination `OperationPlans.variants` goes through."""


class OperationPlans:
    """An operation's plan where `@skip` and `@include` vary: for each of their values what is asked then, and no more.

    The values are those of the variables in `conditions`; each combination is planned when it first comes. Combinations
    that leave the same fields are one plan.
    """

    def __init__(self, planner: Planner, document: DocumentNode, operation_name: str | None) -> None:
        self._planner = planner
        self._document = document
        self._operation_name = operation_name
        self.conditions = condition_variables(document, operation_name)
        """The variables, in order of name, each with its default."""
        self._plans: OrderedDict[tuple[bool, ...], Plan] = OrderedDict()

    def plan_for(self, variables: Mapping[str, Any]) -> Plan:
        """Return the plan for the values of the condition variables. Raises what `Planner.plan` raises."""
        values = tuple(bool(variables.get(name, default)) for name, default in self.conditions)
        plan = self._plans.get(values)
        if plan is None:
            chosen = {name: value for (name, _), value in zip(self.conditions, values, strict=True)}
            plan = self._planner.plan(self._document, self._operation_name, chosen)
            plan = self._plans[values] = next((each for each in self._plans.values() if each == plan), plan)
            while len(self._plans) > MOST_VARIANTS:
                self._plans.popitem(last=False)
        elif len(self._plans) == MOST_VARIANTS:
            self._plans.move_to_end(values)
        return plan

    def variants(self) -> Iterator[tuple[dict[str, bool], Plan]]:
        """Go through every combination of the first `MOST_SHOWN` condition variables, others at their defaults."""
        names = [name for name, _ in self.conditions[:MOST_SHOWN]]
        for values in product((True, False), repeat=len(names)):
            chosen = dict(zip(names, values, strict=True))
            yield chosen, self.plan_for(chosen)


class PlanCache:
    """Plans of one supergraph, the operations used the longest ago dropped first. Drop the whole with the supergraph.

    Planning runs under a lock: whoever asks for a plan that is being made gets that one (single flight), also from
    threads.
    """

    def __init__(self, planner: Planner, size: int = DEFAULT_SIZE) -> None:
        self._planner = planner
        self._size = size
        self._operations: OrderedDict[tuple[str, str | None], OperationPlans] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str, document: DocumentNode, operation_name: str | None, variables: Mapping[str, Any]) -> Plan:
        """Return the plan of an operation, made now if need be.

        `text` is the document as the client wrote it, `document` the same parsed and validated. Raises what
        `Planner.plan` raises; nothing is kept then.
        """
        key = (text, operation_name)
        with self._lock:
            known = self._operations.get(key)
            if known is not None:
                self._operations.move_to_end(key)
                return known.plan_for(variables)
            made = OperationPlans(self._planner, document, operation_name)
            plan = made.plan_for(variables)
            self._operations[key] = made
            while len(self._operations) > self._size:
                self._operations.popitem(last=False)
            return plan

    def __len__(self) -> int:
        """Return how many operations are kept."""
        return len(self._operations)


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
