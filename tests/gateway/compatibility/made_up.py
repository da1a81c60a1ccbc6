"""Subgraphs that answer any operation of their schema with made-up values, the same for the same entity and field."""

from __future__ import annotations

import zlib
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    is_abstract_type,
)

from tests.gateway.subgraph_kit import FixtureSubgraph


class MadeUpSubgraph(FixtureSubgraph):
    """Makes up what its rows do not have."""

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if info.field_name == "_entities" and info.parent_type.name == "Query":
            return arguments["representations"]
        if isinstance(source, dict) and info.field_name in source:
            return source[info.field_name]
        identity = source.get("id", source.get("code", "")) if isinstance(source, dict) else ""
        seed = f"{info.parent_type.name}.{info.field_name}:{identity}"
        return made_up(info.schema, info.return_type, seed)


def made_up(schema: GraphQLSchema, kind: Any, seed: str) -> Any:
    """Return a value of a type: two items for a list, an object with an id for an object."""
    if isinstance(kind, GraphQLNonNull):
        return made_up(schema, kind.of_type, seed)
    if isinstance(kind, GraphQLList):
        return [made_up(schema, kind.of_type, f"{seed}/{number}") for number in range(2)]
    if is_abstract_type(kind):
        kind = min(schema.get_possible_types(kind), key=lambda each: each.name)
    number = zlib.crc32(seed.encode()) % 1000
    if isinstance(kind, GraphQLObjectType):
        return {"__typename": kind.name, "id": f"{kind.name}-{number}"}
    if isinstance(kind, GraphQLEnumType):
        return list(kind.values.values())[number % len(kind.values)].value
    return {"Int": number, "Float": float(number), "Boolean": bool(number % 2)}.get(kind.name, f"value-{number}")
