"""Turn a key and the fields of a `@requires` into what a representation is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphql import is_non_null_type

from gateway.planning.plan import RepresentationField, RepresentationSelection
from gateway.planning.selection import merge_selections

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.planning.graph import Graph
    from gateway.planning.selection import Field, Selection


def representation(graph: Graph, type_name: str, key: Selection, required: Selection | None) -> RepresentationSelection:
    """Return the recipe of a representation.

    `type_name` is the subgraph's name of the type. Key fields that cannot be null make the representation void when
    they are; the fields of a `@requires` may be null.
    """
    fields: Mapping[str, Field] = key.fields
    by_type = key.by_type
    voiding = {name for name, one in fields.items() if len(fields) == 1 or _is_non_null(graph, key.type_name, one.name)}
    if required is not None:
        merged = merge_selections(key, required)
        fields, by_type = merged.fields, merged.by_type
    return RepresentationSelection(
        tuple(_field(graph, one, required=name in voiding) for name, one in fields.items()),
        {name: tuple(_field(graph, one, required=False) for one in own.values()) for name, own in by_type.items()},
        type_name,
    )


def _selection(graph: Graph, selection: Selection) -> RepresentationSelection:
    return RepresentationSelection(
        tuple(_field(graph, one, required=False) for one in selection.fields.values()),
        {
            name: tuple(_field(graph, one, required=False) for one in own.values())
            for name, own in selection.by_type.items()
        },
        own_typename=graph.is_abstract(selection.type_name),
    )


def _field(graph: Graph, one: Field, *, required: bool) -> RepresentationField:
    below = None if one.selection is None else _selection(graph, one.selection)
    return RepresentationField(one.name, one.key, required, below)


def _is_non_null(graph: Graph, type_name: str, field_name: str) -> bool:
    some_type: Any = graph.supergraph.schema.get_type(type_name)
    return field_name in some_type.fields and is_non_null_type(some_type.fields[field_name].type)
