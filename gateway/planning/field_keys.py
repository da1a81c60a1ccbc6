"""The key under which a field's value stands in the merged data.

Nearly always the client's response key. A made-up key replaces it where a subgraph request would otherwise be
refused or answered wrongly (GraphQL specification, 5.3.2, Field Selection Merging):

* the response key is also the name of a field that some `@key` or `@requires` asks for, and here it stands for
  something else (an alias, or the field with arguments);
* below a type condition, when a subgraph's type of the field differs from the supergraph's, or the type's from that of
  an interface (`ID` here, `ID!` there), so that one response key would be answered with different shapes;
* below a type condition, when the planner may ask for the field by itself and another type has one of the same name
  with another shape.

A made-up key depends only on what the field is, so that the planner, the projection and the representations arrive
at the same key without telling each other.
"""

from __future__ import annotations

import re
from hashlib import blake2s
from typing import TYPE_CHECKING

from graphql import GraphQLList, GraphQLNonNull, is_composite_type, is_interface_type, is_object_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import GraphQLType, SelectionSetNode

    from gateway.composition.supergraph import Supergraph

MADE_UP = re.compile(r"_[0-9a-f]{10}_")


class FieldKeys:
    """Chooses keys; one per supergraph."""

    def __init__(self, supergraph: Supergraph) -> None:
        self._reserved = frozenset(_names_asked_for(supergraph))
        self._uneven = frozenset(_uneven_fields(supergraph))
        self._contested = _contested_shapes(supergraph, self._reserved)

    def is_uneven(self, type_name: str, field_name: str) -> bool:
        """Whether a subgraph's type of the field, or an interface's, has another shape than the supergraph's type."""
        return (type_name, field_name) in self._uneven

    def differ(self, type_names: Iterable[str], field_name: str) -> bool:
        """Whether a field must be asked type by type below a condition, because its key is not the same for all."""
        names = list(type_names)
        shapes = {self._contested.get((name, field_name)) for name in names}
        return len(shapes) > 1 or any(self.is_uneven(name, field_name) for name in names)

    def choose(
        self, type_name: str, field_name: str, arguments: str, response_key: str, *, below_condition: bool
    ) -> str:
        """Return the key of a field.

        `arguments` is their printed form, empty for none. `below_condition` says that the place, or one above it,
        is of an abstract type.
        """
        owner = ""
        if below_condition:
            owner = self._contested.get((type_name, field_name), "")
            owner = type_name if self.is_uneven(type_name, field_name) else owner
        is_plain = response_key == field_name and not arguments
        if not owner and (is_plain or (response_key not in self._reserved and not MADE_UP.match(response_key))):
            return response_key
        identity = f"{response_key}\0{owner}\0{field_name}\0{arguments}"
        return f"_{blake2s(identity.encode(), digest_size=5).hexdigest()}_{field_name}"


def _names_asked_for(supergraph: Supergraph) -> Iterator[str]:
    for some_type in supergraph.types.values():
        for join in some_type.joins.values():
            for key in join.keys:
                yield from _field_names(key.fields)
        for joins in some_type.fields.values():
            for field_join in joins.values():
                if field_join.requires:
                    yield from _field_names(field_join.requires)


def _field_names(selection_set: SelectionSetNode) -> Iterator[str]:
    for node in selection_set.selections:
        name = getattr(node, "name", None)
        if name is not None:
            yield name.value
        nested = getattr(node, "selection_set", None)
        if nested is not None:
            yield from _field_names(nested)


def _contested_shapes(supergraph: Supergraph, reserved: frozenset[str]) -> dict[tuple[str, str], str]:
    """Return the shape of each field that the planner may ask for and whose name has several shapes."""
    shapes: dict[str, dict[str, str]] = {}
    for type_name in supergraph.types:
        merged = supergraph.schema.get_type(type_name)
        if is_object_type(merged) or is_interface_type(merged):
            for name in reserved & set(merged.fields):
                shapes.setdefault(name, {})[type_name] = _shape(merged.fields[name].type)
    return {
        (type_name, name): shape
        for name, by_type in shapes.items()
        if len(set(by_type.values())) > 1
        for type_name, shape in by_type.items()
    }


def _uneven_fields(supergraph: Supergraph) -> Iterator[tuple[str, str]]:
    for some_type in supergraph.types.values():
        merged = supergraph.schema.get_type(some_type.name)
        if not (is_object_type(merged) or is_interface_type(merged)):
            continue
        for field_name, joins in some_type.fields.items():
            if field_name not in merged.fields:
                continue
            shape = _shape(merged.fields[field_name].type)
            above = (each.fields[field_name].type for each in merged.interfaces if field_name in each.fields)
            is_narrowed = any(_shape(each) != shape for each in above)
            printed = (_printed_shape(join.type, composite="*" in shape) for join in joins.values())
            if is_narrowed or any(each != shape for each in printed):
                yield some_type.name, field_name


def _shape(some_type: GraphQLType) -> str:
    if isinstance(some_type, GraphQLNonNull):
        return f"{_shape(some_type.of_type)}!"
    if isinstance(some_type, GraphQLList):
        return f"[{_shape(some_type.of_type)}]"
    return "*" if is_composite_type(some_type) else str(some_type)


def _printed_shape(printed: str, *, composite: bool) -> str:
    return re.sub(r"\w+", "*", printed) if composite else printed
