"""Normalise an operation: from a document to what is needed of each object (`selection.py`).

Fragments are spread, `@skip` and `@include` are decided by the values of their variables (a plan is made and kept
per combination of them), fields with the same response key are merged (GraphQL specification, 6.3.2, CollectFields),
and each field gets its key in the merged data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_interface_type,
    is_object_type,
    print_ast,
)

from gateway.planning.selection import Field, Selection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import ArgumentNode, DirectiveNode, SelectionNode, SelectionSetNode

    from gateway.planning.field_keys import FieldKeys

NodesByKey = dict[str, list[FieldNode]]


@dataclass(slots=True)
class Collected:
    """The field nodes that apply at one place, by response key."""

    common: NodesByKey = field(default_factory=dict)
    by_type: dict[str, NodesByKey] = field(default_factory=dict)
    needs_typename: bool = False
    spread: set[tuple[str, frozenset[str] | None]] = field(default_factory=set)
    """Fragments already spread, with the object types they were spread for: once is enough."""


@dataclass(slots=True)
class Operation:
    """What normalising one operation needs to know beside the schema."""

    fragments: Mapping[str, FragmentDefinitionNode] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    """Values of the variables in `@skip` and `@include`, defaults applied."""
    visible: frozenset[str] | None = None
    """Object types that may be asked about; None for all."""

    def includes(self, directives: Iterable[DirectiveNode]) -> bool:
        """Whether a node with these directives takes part (GraphQL specification, 3.13.1 and 3.13.2)."""
        return all(self._holds(directive) for directive in directives)

    def _holds(self, directive: DirectiveNode) -> bool:
        name = directive.name.value
        if name not in {"skip", "include"} or not directive.arguments:
            return True
        value = directive.arguments[0].value
        given = (
            self.conditions.get(value.name.value) if isinstance(value, VariableNode) else getattr(value, "value", None)
        )
        return bool(given) is (name == "include")


class Normaliser:
    """Turns selection sets of one schema into needs."""

    def __init__(self, schema: GraphQLSchema, keys: FieldKeys) -> None:
        self._schema = schema
        self._keys = keys
        self._possible: dict[str, frozenset[str]] = {}

    def possible_types(self, type_name: str) -> frozenset[str]:
        """Return the object types of an abstract type, or the object type itself."""
        known = self._possible.get(type_name)
        if known is None:
            some_type = self._schema.get_type(type_name)
            if is_abstract_type(some_type):
                known = frozenset(each.name for each in self._schema.get_possible_types(some_type))
            else:
                known = frozenset({type_name}) if is_object_type(some_type) else frozenset()
            self._possible[type_name] = known
        return known

    def covers(self, condition: str, type_name: str) -> bool:
        """Whether a type condition holds for every object of a type, and the type has the condition's fields."""
        if condition == type_name:
            return True
        wide, narrow = self._schema.get_type(condition), self._schema.get_type(type_name)
        if not is_abstract_type(wide) or not (is_object_type(narrow) or is_interface_type(narrow)):
            return False
        return self._schema.is_sub_type(wide, narrow)

    def field_set(self, type_name: str, node: SelectionSetNode, *, below_condition: bool) -> Selection:
        """Return a key's or a `@requires`' field set as a need of an object of the type."""
        return self.selection(type_name, [node], Operation(), below_condition=below_condition)

    def selection(
        self, type_name: str, nodes: list[SelectionSetNode], operation: Operation, *, below_condition: bool = False
    ) -> Selection:
        """Return what selection sets at a place of the type need."""
        return _Pass(self._schema, self._keys, self, operation).selection(type_name, nodes, below_condition)


class _Pass:
    """Normalising one operation: equal places share one result."""

    def __init__(self, schema: GraphQLSchema, keys: FieldKeys, types: Normaliser, operation: Operation) -> None:
        self._schema = schema
        self._keys = keys
        self._types = types
        self._operation = operation
        self._done: dict[tuple[Any, ...], Selection] = {}

    def selection(self, type_name: str, nodes: list[SelectionSetNode], below_condition: bool) -> Selection:  # noqa: FBT001
        place = (type_name, below_condition, *(id(node) for node in nodes))
        known = self._done.get(place)
        if known is None:
            known = self._done[place] = self._make(type_name, nodes, below_condition=below_condition)
        return known

    def _make(self, type_name: str, nodes: list[SelectionSetNode], *, below_condition: bool) -> Selection:
        possible = self._types.possible_types(type_name)
        if self._operation.visible is not None:
            possible &= self._operation.visible
        collected = Collected()
        for node in nodes:
            self._collect(node.selections, type_name, possible, None, collected)
        is_abstract = is_abstract_type(self._schema.get_type(type_name))
        if is_abstract:
            self._spread_uneven(type_name, collected, possible)
        below = below_condition or is_abstract
        return Selection(
            type_name,
            possible,
            self._fields(type_name, collected.common, below),
            {name: self._fields(name, fields, below) for name, fields in collected.by_type.items()},
            is_abstract and (collected.needs_typename or bool(collected.by_type)),
        )

    def _collect(
        self,
        nodes: Iterable[SelectionNode],
        type_name: str,
        possible: frozenset[str],
        only: frozenset[str] | None,
        into: Collected,
    ) -> None:
        """Collect field nodes; `only` holds the object types that the fragments around allow, None for any."""
        for node in nodes:
            if not self._operation.includes(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                self._collect_field(node, only, into)
                continue
            body = self._fragment(node, only, into)
            if body is None:
                continue
            inner = only
            condition = body.type_condition.name.value if body.type_condition else type_name
            if only is not None or not self._types.covers(condition, type_name):
                inner = possible & self._types.possible_types(condition)
                if only is not None:
                    inner &= only
            if inner is None or inner:
                self._collect(body.selection_set.selections, type_name, possible, inner, into)

    def _fragment(
        self, node: SelectionNode, only: frozenset[str] | None, into: Collected
    ) -> FragmentDefinitionNode | InlineFragmentNode | None:
        if isinstance(node, InlineFragmentNode):
            return node
        if not isinstance(node, FragmentSpreadNode) or (node.name.value, only) in into.spread:
            return None
        into.spread.add((node.name.value, only))
        return self._operation.fragments.get(node.name.value)

    @staticmethod
    def _collect_field(node: FieldNode, only: frozenset[str] | None, into: Collected) -> None:
        if node.name.value == "__typename":
            into.needs_typename = True
            return
        key = node.alias.value if node.alias else node.name.value
        if only is None:
            into.common.setdefault(key, []).append(node)
            return
        for name in sorted(only):
            into.by_type.setdefault(name, {}).setdefault(key, []).append(node)

    def _spread_uneven(self, type_name: str, collected: Collected, possible: frozenset[str]) -> None:
        """Ask per object type for fields whose shape differs between subgraphs: they get a key per type."""
        for key, nodes in list(collected.common.items()):
            if self._keys.differ((type_name, *possible), nodes[0].name.value):
                del collected.common[key]
                for name in sorted(possible):
                    fields = collected.by_type.setdefault(name, {})
                    fields[key] = [*nodes, *fields.get(key, [])]

    def _fields(self, type_name: str, nodes_by_key: NodesByKey, below_condition: bool) -> dict[str, Field]:  # noqa: FBT001
        fields: dict[str, Field] = {}
        for response_key, nodes in nodes_by_key.items():
            one = self._field(type_name, response_key, nodes, below_condition)
            if one is not None:
                fields[one.key] = one
        return fields

    def _field(self, type_name: str, response_key: str, nodes: list[FieldNode], below: bool) -> Field | None:  # noqa: FBT001
        node = nodes[0]
        name = node.name.value
        parent: Any = self._schema.get_type(type_name)
        definition = parent.fields.get(name)
        if definition is None:
            return None
        arguments, text = printed_arguments(node)
        key = self._keys.choose(type_name, name, text, response_key, below_condition=below)
        named = get_named_type(definition.type)
        if not is_composite_type(named):
            return Field(key, name, arguments, text)
        selection_sets = [each.selection_set for each in nodes if each.selection_set]
        return Field(key, name, arguments, text, self.selection(named.name, selection_sets, below))


def printed_arguments(node: FieldNode) -> tuple[tuple[ArgumentNode, ...], str]:
    """Return a field's arguments in order of name, and their printed form."""
    if not node.arguments:
        return (), ""
    arguments = tuple(sorted(node.arguments, key=lambda argument: argument.name.value))
    return arguments, ", ".join(print_ast(argument) for argument in arguments)
