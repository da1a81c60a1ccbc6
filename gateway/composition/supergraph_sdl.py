"""Read the standard supergraph SDL (the `join` specification, v0.1 to v0.5) into a `Supergraph`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
    value_from_ast_untyped,
)

from gateway.composition.api_schema import is_specification_name, schemas_of
from gateway.composition.supergraph import FieldJoin, Key, Subgraph, Supergraph, SupergraphType, TypeJoin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphql import FieldDefinitionNode, InputValueDefinitionNode

WithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | InputObjectTypeDefinitionNode


def read_supergraph(sdl: str) -> Supergraph:
    """Read a supergraph that this or another composer wrote.

    Raises graphql's GraphQLSyntaxError or GraphQLError when it is no GraphQL, ValueError when it names no subgraphs or
    needs what this gateway does not do (contextual arguments, progressive override).
    """
    return supergraph_of(parse(sdl, no_location=True), sdl)


def supergraph_of(document: DocumentNode, sdl: str) -> Supergraph:
    """Read a parsed supergraph; see `read_supergraph`."""
    subgraphs = _subgraphs(document)
    by_graph = {subgraph.graph: subgraph.name for subgraph in subgraphs.values()}
    types = {
        node.name.value: _type(node, by_graph)
        for node in document.definitions
        if isinstance(node, TypeDefinitionNode) and not is_specification_name(node.name.value)
    }
    schema, api_schema = schemas_of(document)
    return Supergraph(subgraphs, types, schema, api_schema, sdl)


@lru_cache(maxsize=4096)
def selection_of(field_set: str) -> SelectionSetNode:
    """Parse a field set such as `id organisation { id }` (Federation specification, `FieldSet`)."""
    operation = parse("{" + field_set + "}", no_location=True).definitions[0]
    if not isinstance(operation, OperationDefinitionNode):
        raise TypeError(field_set)
    return operation.selection_set


def _arguments(directive: DirectiveNode) -> dict[str, Any]:
    return {argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()}


def _applied(directives: Iterable[DirectiveNode] | None, name: str) -> list[dict[str, Any]]:
    return [_arguments(directive) for directive in directives or () if directive.name.value == name]


def _subgraphs(document: DocumentNode) -> Mapping[str, Subgraph]:
    for node in document.definitions:
        if isinstance(node, EnumTypeDefinitionNode) and node.name.value == "join__Graph":
            found = []
            for value in node.values or ():
                graph = _applied(value.directives, "join__graph")[0]
                found.append(Subgraph(graph["name"], value.name.value, graph.get("url") or ""))
            return {subgraph.name: subgraph for subgraph in sorted(found, key=lambda subgraph: subgraph.name)}
    raise ValueError("this SDL names no subgraphs: it has no enum join__Graph")


def _type(node: TypeDefinitionNode, by_graph: Mapping[str, str]) -> SupergraphType:
    joins: dict[str, TypeJoin] = {}
    # An SDL without @join__type on a type (join v0.1 value types) means: every subgraph has it.
    applied = _applied(node.directives, "join__type") or [{"graph": graph} for graph in by_graph]
    for graph in dict.fromkeys(join["graph"] for join in applied):
        own = [join for join in applied if join["graph"] == graph]
        joins[by_graph[graph]] = TypeJoin(
            subgraph=by_graph[graph],
            keys=tuple(Key(selection_of(join["key"]), join.get("resolvable", True)) for join in own if "key" in join),
            is_interface_object=any(join.get("isInterfaceObject", False) for join in own),
            is_extension=any(join.get("extension", False) for join in own),
            implements=_implements(node, graph),
            members=_members(node, graph),
        )
    fields = {field.name.value: _field(field, joins, by_graph) for field in _fields(node)}
    return SupergraphType(node.name.value, joins, fields)


def _fields(node: TypeDefinitionNode) -> Iterable[FieldDefinitionNode | InputValueDefinitionNode]:
    return (node.fields or ()) if isinstance(node, WithFields) else ()


def _implements(node: TypeDefinitionNode, graph: str) -> frozenset[str]:
    applied = _applied(node.directives, "join__implements")
    return frozenset(join["interface"] for join in applied if join["graph"] == graph)


def _members(node: TypeDefinitionNode, graph: str) -> frozenset[str]:
    if isinstance(node, UnionTypeDefinitionNode):
        applied = _applied(node.directives, "join__unionMember")
        named = [join["member"] for join in applied if join["graph"] == graph]
        return frozenset(named if applied else (member.name.value for member in node.types or ()))
    if isinstance(node, EnumTypeDefinitionNode):
        values: list[str] = []
        for value in node.values or ():
            graphs = [join["graph"] for join in _applied(value.directives, "join__enumValue")]
            if not graphs or graph in graphs:
                values.append(value.name.value)
        return frozenset(values)
    return frozenset()


def _field(
    node: FieldDefinitionNode | InputValueDefinitionNode, owners: Mapping[str, TypeJoin], by_graph: Mapping[str, str]
) -> Mapping[str, FieldJoin]:
    merged_type = print_ast(node.type)
    arguments = frozenset(argument.name.value for argument in getattr(node, "arguments", None) or ())
    applied = _applied(node.directives, "join__field")
    if not applied:
        return {name: FieldJoin(name, merged_type, arguments) for name in owners}
    joins = {}
    for join in applied:
        if join.get("graph") is None:
            # Resolved through an interface object: no subgraph has the field on this very type.
            continue
        for unsupported in ("contextArguments", "overrideLabel"):
            if join.get(unsupported):
                raise ValueError(f"{node.name.value}: @join__field({unsupported}:) is not supported by this gateway")
        name = by_graph[join["graph"]]
        joins[name] = FieldJoin(
            subgraph=name,
            type=join.get("type") or merged_type,
            arguments=arguments,
            external=join.get("external", False),
            requires=selection_of(join["requires"]) if join.get("requires") else None,
            provides=selection_of(join["provides"]) if join.get("provides") else None,
            overridden=join.get("usedOverridden", False),
        )
    return joins
