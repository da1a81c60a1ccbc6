"""What must hold between subgraphs, and of the merged schema, beyond what merging itself finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import DocumentNode, SchemaDefinitionNode, TypeDefinitionNode, build_ast_schema, validate_schema

from gateway.composition.api_schema import is_specification_name
from gateway.composition.check_inaccessible import check_inaccessible
from gateway.composition.field_sets import field_sets_of, invalid
from gateway.composition.subgraph_schema import ROOTS
from gateway.composition.supergraph_sdl import selection_of

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from gateway.composition.merging import Merging
    from gateway.composition.subgraph import ReadSubgraph, ReadType


def check_across(merging: Merging) -> None:
    """Check extensions and interface objects against what the other subgraphs define."""
    names = sorted({name for subgraph in merging.subgraphs for name in subgraph.types})
    for name in names:
        types = merging.defining(name)
        if name not in ROOTS and all(type_.is_extension for type_ in types.values()):
            message = f"{name} is only extended (in {', '.join(types)}): some subgraph must define it"
            merging.faults.add("EXTENSION_WITH_NO_BASE", message, *types)
        for subgraph, type_ in types.items():
            if type_.is_interface_object:
                _check_interface_object(merging, merging.named(subgraph), type_)
            elif type_.kind == "interface" and any(key.get("resolvable", True) for key in type_.all("key")):
                _check_coverage(merging, merging.named(subgraph), type_)


def _implementations(merging: Merging, interface: str) -> set[str]:
    """Return the object types that implement an interface in any subgraph."""
    return {
        type_.name
        for subgraph in merging.subgraphs
        for type_ in subgraph.types.values()
        if interface in type_.interfaces and type_.kind == "object" and not type_.is_interface_object
    }


def _check_interface_object(merging: Merging, subgraph: ReadSubgraph, type_: ReadType) -> None:
    own = sorted(_implementations(merging, type_.name) & subgraph.types.keys())
    if own:
        message = (
            f"[{subgraph.name}] {type_.name} is an @interfaceObject there, so the subgraph cannot define its"
            f" implementations too: {', '.join(own)}"
        )
        merging.faults.add("INTERFACE_OBJECT_USAGE_ERROR", message, subgraph.name)


def _check_coverage(merging: Merging, subgraph: ReadSubgraph, type_: ReadType) -> None:
    """See that a subgraph which resolves an interface by key knows all of its implementations."""
    lacking = sorted(_implementations(merging, type_.name) - subgraph.types.keys())
    if lacking:
        message = (
            f"[{subgraph.name}] {type_.name} has a resolvable @key there, so the subgraph must define all of its"
            f" implementations; it lacks {', '.join(lacking)}"
        )
        merging.faults.add("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", message, subgraph.name)


def check_merged_schema(merging: Merging, document: DocumentNode) -> None:
    """Check the merged schema: as GraphQL, what each `@requires` asks of it, and what `@inaccessible` leaves."""
    kept = [
        node
        for node in document.definitions
        if isinstance(node, SchemaDefinitionNode)
        or (isinstance(node, TypeDefinitionNode) and not is_specification_name(node.name.value))
    ]
    schema = build_ast_schema(DocumentNode(definitions=tuple(kept)), assume_valid_sdl=True)
    errors = validate_schema(schema)
    for error in errors:
        is_missing = error.message.startswith("Interface field ") and "expected but" in error.message
        is_missing = is_missing and not error.message.startswith("Interface field argument")
        code = "INTERFACE_FIELD_NO_IMPLEM" if is_missing else "INVALID_GRAPHQL"
        merging.faults.add(code, f"the merged schema: {error.message}")
    if not errors:
        for subgraph in merging.subgraphs:
            _check_requires(merging, subgraph, schema)
    check_inaccessible(schema, merging.faults)


def _check_requires(merging: Merging, subgraph: ReadSubgraph, schema: GraphQLSchema) -> None:
    for field_set in field_sets_of(subgraph):
        if field_set.kind == "requires" and isinstance(field_set.text, str):
            for message in invalid(schema, field_set.type_name, selection_of(field_set.text)):
                where = f'[{subgraph.name}] {field_set.where}(fields: "{field_set.text}")'
                merging.faults.add("REQUIRES_INVALID_FIELDS", f"{where}: as merged: {message}", subgraph.name)
