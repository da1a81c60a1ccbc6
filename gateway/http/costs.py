"""What an operation may cost, estimated before it runs: objects that may be fetched, by the lists asked for.

An object counts 1 and a leaf 0, or what `@cost(weight:)` says of the field or its type; what is below a list counts
as often as the list is long: by `@listSize` (slicing arguments, sized fields, assumed size), or by `first`, `last` and
`limit` where the schema says nothing, with a connection's `edges` and `nodes` as what they size. Fragments count once
wherever they are spread, whatever their type condition, so the estimate is never too low for that.
(IBM's GraphQL Cost Directives specification; Apollo Federation 2.9.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    value_from_ast_untyped,
)

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLNamedType, OperationDefinitionNode, SelectionSetNode

    from gateway.composition.marks import Marks

ASSUMED_SIZE = 10
"""How long a list is taken to be that nothing is known of."""
_SLICING = frozenset({"first", "last", "limit"})
_SIZED = ("edges", "nodes")
Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FieldCost:
    """What is known of a field before it is asked for."""

    weight: int
    is_list: bool
    slicing: tuple[str, ...]
    """Arguments that say how long the list is."""
    sized: tuple[str, ...]
    """The fields below that are as long as the slicing arguments say; empty when the field itself is."""
    assumed: int


@dataclass(slots=True)
class Estimate:
    """What an operation may cost."""

    cost: int = 0
    largest_list: int = 0
    """The greatest value of a slicing argument."""
    variables: set[str] = field(default_factory=set)
    """The variables that it depends on."""


class CostModel:
    """Estimates operations over one schema. Valid documents only."""

    def __init__(self, schema: GraphQLSchema, marks: Marks) -> None:
        self._schema = schema
        self._marks = marks
        self._known: dict[tuple[str, str], FieldCost] = {}

    def estimate(self, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables) -> Estimate:
        """Return the estimate of one operation of a document with its variables."""
        fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in operation.variable_definitions or ()
            if each.default_value is not None
        }
        root = self._schema.get_root_type(operation.operation)
        counting = _Counting(self, fragments, {**defaults, **variables})
        if root is not None:
            counting.found.cost = counting.below(operation.selection_set, root, {})
        return counting.found

    def named(self, name: str) -> GraphQLNamedType | None:
        """Return a type of the schema."""
        return self._schema.get_type(name)

    def of(self, parent: GraphQLNamedType, name: str) -> tuple[GraphQLField, FieldCost] | None:
        """Return a field of a type and its cost; None for introspection."""
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) or name not in parent.fields:
            return None
        definition = parent.fields[name]
        known = self._known.get((parent.name, name))
        if known is None:
            inner = get_named_type(definition.type)
            told = {**self._marks.get(inner.name, {}), **self._marks.get(f"{parent.name}.{name}", {})}
            known = self._known[parent.name, name] = _field_cost(definition, told)
        return definition, known


class _Counting:
    def __init__(self, model: CostModel, fragments: dict[str, FragmentDefinitionNode], variables: Variables) -> None:
        self._model = model
        self._fragments = fragments
        self._variables = variables
        self._spread: dict[tuple[str, tuple[tuple[str, int], ...]], int] = {}
        self.found = Estimate()

    def below(self, selections: SelectionSetNode, parent: GraphQLNamedType, sizes: dict[str, int]) -> int:
        """Return the cost of a selection; `sizes` are the lengths of its lists, as far as told from above."""
        total = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                total += self._field(node, parent, sizes)
            elif isinstance(node, InlineFragmentNode):
                inner = self._model.named(node.type_condition.name.value) if node.type_condition else parent
                total += self.below(node.selection_set, inner or parent, sizes)
            elif isinstance(node, FragmentSpreadNode):
                total += self._fragment(node.name.value, sizes)
        return total

    def _fragment(self, name: str, sizes: dict[str, int]) -> int:
        key = (name, tuple(sizes.items()))
        if key not in self._spread:
            fragment = self._fragments[name]
            parent = self._model.named(fragment.type_condition.name.value)
            self._spread[key] = self.below(fragment.selection_set, parent, sizes) if parent else 0
        return self._spread[key]

    def _field(self, node: FieldNode, parent: GraphQLNamedType, sizes: dict[str, int]) -> int:
        known = self._model.of(parent, node.name.value)
        if known is None:
            return 0
        definition, cost = known
        asked = self._asked(node, cost)
        size = sizes.get(node.name.value) if cost.is_list else 1
        if size is None:
            size = cost.assumed if asked is None or cost.sized else asked
        inner = get_named_type(definition.type)
        below = 0
        if node.selection_set is not None:
            told = dict.fromkeys(cost.sized, cost.assumed if asked is None else asked) if cost.slicing else {}
            below = self.below(node.selection_set, inner, told)
        return size * (cost.weight + below)

    def _asked(self, node: FieldNode, cost: FieldCost) -> int | None:
        """Return how many items a field's arguments ask for."""
        values = []
        for argument in node.arguments or ():
            if argument.name.value not in cost.slicing:
                continue
            if isinstance(argument.value, VariableNode):
                self.found.variables.add(argument.value.name.value)
                value = self._variables.get(argument.value.name.value)
            else:
                value = int(argument.value.value) if isinstance(argument.value, IntValueNode) else None
            if isinstance(value, int):
                values.append(max(0, value))
        if not values:
            return None
        self.found.largest_list = max(self.found.largest_list, *values)
        return max(values)


def _field_cost(definition: GraphQLField, marks: dict[str, dict[str, Any]]) -> FieldCost:
    inner = get_named_type(definition.type)
    weight = marks.get("cost", {}).get("weight")
    sizes = marks.get("listSize", {})
    slicing, sized = sizes.get("slicingArguments"), sizes.get("sizedFields")
    is_list = is_list_type(get_nullable_type(definition.type))
    if slicing is None:
        slicing = sorted(_SLICING & definition.args.keys())
        below = inner.fields if isinstance(inner, GraphQLObjectType | GraphQLInterfaceType) and not is_list else {}
        sized = sized or [name for name in _SIZED if name in below]
    return FieldCost(
        weight=int(weight) if weight is not None else int(is_composite_type(inner)),
        is_list=is_list,
        # A path such as `input.first` is not followed; the assumed size holds then.
        slicing=tuple(slicing),
        sized=tuple(sized or ()),
        assumed=sizes.get("assumedSize") or ASSUMED_SIZE,
    )
