"""Bring a subgraph as read to Federation 2's terms: what is external in name only, and what Federation 1 let pass.

Federation 1 allowed key fields of extended types to be marked `@external`, unused `@external` fields, directives on
interfaces and field sets of fields that are not external; all had no effect there, so they are taken off here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionSetNode, is_composite_type, print_ast

from gateway.composition.field_sets import field_sets_of, mention
from gateway.composition.supergraph_sdl import selection_of
from gateway.composition.type_references import named

if TYPE_CHECKING:
    from gateway.composition.subgraph import ReadField, ReadSubgraph, ReadType


def upgrade(subgraph: ReadSubgraph) -> None:
    """Change a subgraph as read, in place."""
    if subgraph.names.is_federation_1:
        for type_ in subgraph.types.values():
            _repair_arguments(type_)
            if type_.kind == "interface":
                _clear_interface(type_)
    _settle_key_fields(subgraph)
    if subgraph.names.is_federation_1:
        for type_ in subgraph.types.values():
            for field in type_.fields.values():
                _prune(subgraph, type_.name, field)
        _remove_unused(subgraph)


def _repair_arguments(type_: ReadType) -> None:
    """Accept `fields: ["id", "name"]` and `fields: id` for `fields: "id name"`."""
    for element in [type_, *type_.fields.values()]:
        for name, arguments in element.directives:
            if name in ("key", "requires", "provides") and isinstance(arguments.get("fields"), list):
                arguments["fields"] = " ".join(str(each) for each in arguments["fields"])


def _clear_interface(type_: ReadType) -> None:
    type_.drop("key")
    for field in type_.fields.values():
        for directive in ("external", "requires", "provides"):
            field.drop(directive)


def _settle_key_fields(subgraph: ReadSubgraph) -> None:
    """Take `@external` off the key fields of extended types: the subgraph can give them all the same."""
    for type_ in subgraph.types.values():
        if type_.is_extension:
            for key in type_.all("key"):
                selection = _parsed(key.get("fields"))
                if selection is not None:
                    _settle(subgraph, type_, selection)


def _settle(subgraph: ReadSubgraph, type_: ReadType | None, selection: SelectionSetNode) -> None:
    for node in selection.selections:
        field = type_.fields.get(node.name.value) if type_ and isinstance(node, FieldNode) else None
        if field is None or not isinstance(node, FieldNode):
            continue
        field.drop("external")
        if node.selection_set is not None and field.type is not None:
            _settle(subgraph, subgraph.types.get(named(field.type)), node.selection_set)


def _parsed(text: object) -> SelectionSetNode | None:
    try:
        return selection_of(text) if isinstance(text, str) else None
    except (GraphQLError, TypeError):
        return None


def _prune(subgraph: ReadSubgraph, type_name: str, field: ReadField) -> None:
    """Leave in requires and provides only what is external: the rest the subgraph resolves itself."""
    for directive in ("requires", "provides"):
        target = type_name if directive == "requires" else (named(field.type) if field.type else "")
        for arguments in field.all(directive):
            selection = _parsed(arguments.get("fields"))
            if selection is not None and is_composite_type(subgraph.schema.type_map.get(target)):
                arguments["fields"] = " ".join(_externals(subgraph, target, selection))
        emptied = not any(arguments.get("fields") for arguments in field.all(directive))
        is_inert = directive == "provides" and not is_composite_type(subgraph.schema.type_map.get(target))
        if emptied or is_inert:
            field.drop(directive)


def _externals(subgraph: ReadSubgraph, type_name: str, selection: SelectionSetNode) -> list[str]:
    kept = []
    type_ = subgraph.types.get(type_name)
    for node in selection.selections:
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else type_name
            inner = _externals(subgraph, condition, node.selection_set)
            kept += [f"... on {condition} {{ {' '.join(inner)} }}"] if inner else []
        elif isinstance(node, FieldNode):
            field = type_.fields.get(node.name.value) if type_ else None
            if field is None or field.has("external"):
                # A field that is not there is kept, so that the check of field sets tells of it.
                kept.append(" ".join(print_ast(node).split()))
            elif node.selection_set is not None and field.type is not None:
                inner = _externals(subgraph, named(field.type), node.selection_set)
                kept += [f"{node.name.value} {{ {' '.join(inner)} }}"] if inner else []
    return kept


def _remove_unused(subgraph: ReadSubgraph) -> None:
    """Remove the external fields that nothing mentions; a type that had no others goes with them."""
    used: set[tuple[str, str]] = set()
    for field_set in field_sets_of(subgraph):
        selection = _parsed(field_set.text)
        if selection is not None:
            mention(subgraph, field_set.type_name, selection, used)
    for type_ in list(subgraph.types.values()):
        needed = {name for i in type_.interfaces if i in subgraph.types for name in subgraph.types[i].fields}
        unused = [
            name
            for name, field in type_.fields.items()
            if field.has("external") and (type_.name, name) not in used and name not in needed
        ]
        for name in unused:
            del type_.fields[name]
        if unused and not type_.fields:
            del subgraph.types[type_.name]
