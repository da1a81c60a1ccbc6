"""Compile the projection: how the client's answer is read out of the merged data.

It follows the client's document against the schema clients see, so the answer has the client's response keys in the
client's order (GraphQL specification, 6.3.2 and 7.1), whatever the fetches look like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    InlineFragmentNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from gateway.planning.normalise import printed_arguments
from gateway.planning.plan import Leaf, ProjectionField, ProjectionSelection, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphql import GraphQLOutputType, GraphQLSchema, SelectionNode, SelectionSetNode

    from gateway.planning.field_keys import FieldKeys
    from gateway.planning.normalise import Normaliser, Operation

BUILT_IN = {leaf.value: leaf for leaf in Leaf if leaf not in {Leaf.ENUM, Leaf.CUSTOM}}


class ProjectionCompiler:
    """Compiles the projection of one operation; equal places share one result."""

    def __init__(self, api_schema: GraphQLSchema, types: Normaliser, keys: FieldKeys, operation: Operation) -> None:
        self._schema = api_schema
        self._types = types
        self._keys = keys
        self._operation = operation
        self._done: dict[tuple[Any, ...], ProjectionSelection] = {}

    def selection(
        self, type_name: str, nodes: list[SelectionSetNode], *, below_condition: bool = False
    ) -> ProjectionSelection:
        """Return what is read of an object at a place of the type."""
        place = (type_name, below_condition, *(id(node) for node in nodes))
        known = self._done.get(place)
        if known is None:
            known = self._done[place] = self._make(type_name, nodes, below_condition)
        return known

    def _make(self, type_name: str, nodes: list[SelectionSetNode], below_condition: bool) -> ProjectionSelection:  # noqa: FBT001
        is_abstract = is_abstract_type(self._schema.get_type(type_name))
        below = below_condition or is_abstract
        by_type = {}
        if is_abstract:
            possible = sorted(self._types.possible_types(type_name))
            by_type = {name: self._fields(name, nodes, below) for name in possible}
        fields = self._fields(type_name, nodes, below)
        depends = any(one.is_typename for one in fields) or any(
            not same_fields(fields, own) for own in by_type.values()
        )
        return ProjectionSelection(type_name, is_abstract, fields, by_type, needs_typename=is_abstract and depends)

    def _fields(self, type_name: str, nodes: list[SelectionSetNode], below: bool) -> tuple[ProjectionField, ...]:  # noqa: FBT001
        collected: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for node in nodes:
            self._collect(node.selections, type_name, collected, spread)
        return tuple(self._field(type_name, key, found, below) for key, found in collected.items())

    def _collect(
        self, nodes: Iterable[SelectionNode], type_name: str, into: dict[str, list[FieldNode]], spread: set[str]
    ) -> None:
        for node in nodes:
            if not self._operation.includes(node.directives or ()):
                continue
            if isinstance(node, FieldNode):
                into.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
                continue
            body = node if isinstance(node, InlineFragmentNode) else None
            if isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self._operation.fragments.get(node.name.value)
                if fragment is not None and self._types.covers(fragment.type_condition.name.value, type_name):
                    self._collect(fragment.selection_set.selections, type_name, into, spread)
            elif body is not None and (
                body.type_condition is None or self._types.covers(body.type_condition.name.value, type_name)
            ):
                self._collect(body.selection_set.selections, type_name, into, spread)

    def _field(self, type_name: str, response_key: str, nodes: list[FieldNode], below: bool) -> ProjectionField:  # noqa: FBT001
        name = nodes[0].name.value
        coordinate = f"{type_name}.{name}"
        if name.startswith("__"):
            return ProjectionField(response_key, response_key, coordinate, None, is_typename=name == "__typename")
        parent: Any = self._schema.get_type(type_name)
        definition = parent.fields[name]
        _, text = printed_arguments(nodes[0])
        key = self._keys.choose(type_name, name, text, response_key, below_condition=below)
        selection = None
        named = get_named_type(definition.type)
        if is_composite_type(named):
            sets = [node.selection_set for node in nodes if node.selection_set]
            selection = self.selection(named.name, sets, below_condition=below)
        return ProjectionField(response_key, key, coordinate, _shape(definition.type, selection))


def same_fields(left: tuple[ProjectionField, ...], right: tuple[ProjectionField, ...]) -> bool:
    """Whether two types are read alike."""
    return [(one.response_key, one.key) for one in left] == [(one.response_key, one.key) for one in right] and all(
        one.shape is other.shape or _below(one.shape) is _below(other.shape)
        for one, other in zip(left, right, strict=True)
    )


def _below(shape: Shape | None) -> ProjectionSelection | None:
    while shape is not None and shape.item is not None:
        shape = shape.item
    return shape.selection if shape is not None else None


def _shape(some_type: GraphQLOutputType, selection: ProjectionSelection | None, *, nullable: bool = True) -> Shape:
    if isinstance(some_type, GraphQLNonNull):
        return _shape(some_type.of_type, selection, nullable=False)
    if isinstance(some_type, GraphQLList):
        return Shape(nullable, item=_shape(some_type.of_type, selection))
    if selection is not None:
        return Shape(nullable, selection=selection)
    if isinstance(some_type, GraphQLEnumType):
        return Shape(nullable, leaf=Leaf.ENUM, enum_values=frozenset(some_type.values))
    return Shape(nullable, leaf=BUILT_IN.get(some_type.name, Leaf.CUSTOM))
