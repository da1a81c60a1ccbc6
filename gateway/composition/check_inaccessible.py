"""What `@inaccessible` must leave whole (`inaccessible` specification v0.2): the API schema stays a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import (
    EnumValueNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    ListValueNode,
    ObjectValueNode,
    get_named_type,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import GraphQLSchema, ValueNode

    from gateway.composition.errors import Faults

_WithFields = (GraphQLObjectType, GraphQLInterfaceType)


def check_inaccessible(schema: GraphQLSchema, faults: Faults) -> None:
    """Note each `@inaccessible` that would leave a gap in the API schema. The schema keeps its AST nodes."""
    check = _Check(schema, faults)
    for type_ in schema.type_map.values():
        if not is_introspection_type(type_) and not _is_hidden(type_):
            check.type(type_)
    query = schema.query_type
    if query is not None and _is_hidden(query):
        faults.add("QUERY_ROOT_TYPE_INACCESSIBLE", f"{query.name} is the query root and cannot be @inaccessible")


def _is_hidden(element: Any) -> bool:
    nodes = [element.ast_node, *getattr(element, "extension_ast_nodes", ())]
    return any(d.name.value == "inaccessible" for node in nodes if node for d in node.directives or ())


class _Check:
    def __init__(self, schema: GraphQLSchema, faults: Faults) -> None:
        self._schema = schema
        self._faults = faults

    def type(self, type_: GraphQLNamedType) -> None:
        """Check a type that clients see."""
        children = list(_children(type_))
        if children and all(_is_hidden(child) for child in children):
            message = f"{type_.name} is in the API schema, but all that is in it is @inaccessible"
            self._faults.add("ONLY_INACCESSIBLE_CHILDREN", message)
        if isinstance(type_, _WithFields):
            for name, field in type_.fields.items():
                if not _is_hidden(field):
                    self._reference(field.type, f"{type_.name}.{name}")
                    self._arguments(field, f"{type_.name}.{name}")
            self._implements(type_)
        elif isinstance(type_, GraphQLInputObjectType):
            for name, input_field in type_.fields.items():
                self._input(input_field, f"{type_.name}.{name}", is_required=is_required_input_field(input_field))

    def _reference(self, type_: Any, where: str) -> None:
        named = get_named_type(type_)
        if _is_hidden(named):
            message = f"{named.name} is @inaccessible, but {where} in the API schema refers to it: hide that too"
            self._faults.add("REFERENCED_INACCESSIBLE", message)

    def _arguments(self, field: Any, where: str) -> None:
        for name, argument in field.args.items():
            self._input(argument, f"{where}({name}:)", is_required=is_required_argument(argument))

    def _input(self, element: Any, where: str, *, is_required: bool) -> None:
        if _is_hidden(element):
            if is_required:
                message = f"{where} is @inaccessible, but required: nobody could give it"
                self._faults.add("REQUIRED_INACCESSIBLE", message)
            return
        self._reference(element.type, where)
        node = element.ast_node
        for hidden in _hidden_in_default(node.default_value if node else None, get_named_type(element.type)):
            message = f"{hidden} is @inaccessible, but {where} in the API schema has it in its default value"
            self._faults.add("DEFAULT_VALUE_USES_INACCESSIBLE", message)

    def _implements(self, type_: Any) -> None:
        for interface in type_.interfaces:
            if _is_hidden(interface):
                continue
            for name, field in interface.fields.items():
                own = type_.fields.get(name)
                if own is None or _is_hidden(field):
                    continue
                if _is_hidden(own):
                    message = (
                        f"{type_.name}.{name} is @inaccessible, but {interface.name}.{name} that it implements is not"
                    )
                    self._faults.add("IMPLEMENTED_BY_INACCESSIBLE", message)
                    continue
                for argument, wanted in field.args.items():
                    if argument in own.args and _is_hidden(own.args[argument]) and not _is_hidden(wanted):
                        message = f"{type_.name}.{name}({argument}:) is @inaccessible, but {interface.name}'s is not"
                        self._faults.add("IMPLEMENTED_BY_INACCESSIBLE", message)


def _children(type_: GraphQLNamedType) -> Iterator[Any]:
    if isinstance(type_, (*_WithFields, GraphQLInputObjectType)):
        yield from type_.fields.values()
    elif isinstance(type_, GraphQLUnionType):
        yield from type_.types
    elif isinstance(type_, GraphQLEnumType):
        yield from type_.values.values()


def _hidden_in_default(value: ValueNode | None, type_: GraphQLNamedType) -> Iterator[str]:
    """Give the hidden enum values and input fields that a default value mentions."""
    if isinstance(value, ListValueNode):
        for each in value.values:
            yield from _hidden_in_default(each, type_)
    elif isinstance(value, EnumValueNode) and isinstance(type_, GraphQLEnumType):
        if value.value in type_.values and _is_hidden(type_.values[value.value]):
            yield f"{type_.name}.{value.value}"
    elif isinstance(value, ObjectValueNode) and isinstance(type_, GraphQLInputObjectType):
        for given in value.fields:
            field = type_.fields.get(given.name.value)
            if field is None:
                continue
            if _is_hidden(field):
                yield f"{type_.name}.{given.name.value}"
            yield from _hidden_in_default(given.value, get_named_type(field.type))
