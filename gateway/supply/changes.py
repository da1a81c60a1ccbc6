"""What differs between two supergraphs for their clients: breaking, dangerous, safe.

Breaking is what can make a document that was valid fail, or an answer that came be refused; dangerous what can make a
client meet something it does not know; safe the rest. Compared are the API schemas, so `@inaccessible` counts as
absence; who may read what (`@authenticated`, `@requiresScopes`, `@policy`) is compared beside them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    find_breaking_changes,
    find_dangerous_changes,
    is_specified_scalar_type,
)

from gateway.composition.marks import ACCESS, marks_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from gateway.composition.marks import Marks
    from gateway.composition.supergraph import Supergraph

Fielded = GraphQLObjectType | GraphQLInterfaceType


class Severity(Enum):
    """What a change means to clients."""

    BREAKING = "breaking"
    DANGEROUS = "dangerous"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    severity: Severity
    kind: str
    """Such as FIELD_REMOVED; graphql-core's names where it has one."""
    message: str

    def __str__(self) -> str:
        return f"{self.severity.value}: {self.message} ({self.kind})"


def changes_between(old: Supergraph, new: Supergraph) -> list[Change]:
    """Return every difference, the breaking ones first, otherwise in a fixed order."""
    before, after = old.api_schema, new.api_schema
    found = [
        *(Change(Severity.BREAKING, each.type.name, each.description) for each in find_breaking_changes(before, after)),
        *(
            Change(Severity.DANGEROUS, each.type.name, each.description)
            for each in find_dangerous_changes(before, after)
        ),
        *_access(marks_of(old.sdl), marks_of(new.sdl), before, after),
        *_additions(before, after),
        *_deprecations(before, after),
    ]
    order = list(Severity)
    return sorted(set(found), key=lambda each: (order.index(each.severity), each.kind, each.message))


def breaking(changes: list[Change]) -> list[Change]:
    """Return the breaking ones."""
    return [each for each in changes if each.severity is Severity.BREAKING]


def _additions(before: GraphQLSchema, after: GraphQLSchema) -> Iterator[Change]:
    for name, new in after.type_map.items():
        if name.startswith("__") or is_specified_scalar_type(new):
            continue
        old = before.type_map.get(name)
        if old is None:
            yield Change(Severity.SAFE, "TYPE_ADDED", f"{name} was added.")
        elif isinstance(new, Fielded) and isinstance(old, Fielded):
            for field_name, field in new.fields.items():
                if field_name not in old.fields:
                    yield Change(Severity.SAFE, "FIELD_ADDED", f"{name}.{field_name} was added.")
                    continue
                yield from _looser(f"{name}.{field_name}", old.fields[field_name], field)


def _looser(coordinate: str, old: GraphQLField, new: GraphQLField) -> Iterator[Change]:
    if str(old.type) != str(new.type) and str(new.type).replace("!", "") == str(old.type).replace("!", ""):
        is_stricter = str(new.type).count("!") > str(old.type).count("!")
        if is_stricter:
            yield Change(Severity.SAFE, "FIELD_NULL_NO_MORE", f"{coordinate} is never null any more: {new.type}.")


def _deprecations(before: GraphQLSchema, after: GraphQLSchema) -> Iterator[Change]:
    old, new = dict(_reasons(before)), dict(_reasons(after))
    for coordinate, reason in new.items():
        if reason is not None and coordinate in old and old[coordinate] is None:
            yield Change(Severity.SAFE, "DEPRECATED", f"{coordinate} was deprecated: {reason}")
    for coordinate, reason in old.items():
        if reason is not None and new.get(coordinate, "") is None:
            yield Change(Severity.SAFE, "DEPRECATED_NO_MORE", f"{coordinate} is not deprecated any more.")


def _reasons(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    for name, each in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(each, Fielded):
            for field_name, field in each.fields.items():
                yield f"{name}.{field_name}", field.deprecation_reason
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument.deprecation_reason
        elif isinstance(each, GraphQLInputObjectType):
            for field_name, input_field in each.fields.items():
                yield f"{name}.{field_name}", input_field.deprecation_reason
        elif isinstance(each, GraphQLEnumType):
            for value_name, value in each.values.items():
                yield f"{name}.{value_name}", value.deprecation_reason


def _access(old: Marks, new: Marks, before: GraphQLSchema, after: GraphQLSchema) -> Iterator[Change]:
    """Compare who may read what. More demanded is breaking, less is dangerous: somebody should have meant it."""
    for coordinate in old.keys() | new.keys():
        if not (_is_seen(before, coordinate) and _is_seen(after, coordinate)):
            continue
        was, demanded = _demanded(old.get(coordinate, {})), _demanded(new.get(coordinate, {}))
        if was == demanded:
            continue
        said = ", ".join(sorted(demanded)) or "nothing"
        is_more = bool(demanded - was)
        severity = Severity.BREAKING if is_more else Severity.DANGEROUS
        kind = "ACCESS_TIGHTENED" if is_more else "ACCESS_LOOSENED"
        yield Change(severity, kind, f"{coordinate} now demands {said}.")


def _is_seen(schema: GraphQLSchema, coordinate: str) -> bool:
    type_name, _, name = coordinate.partition(".")
    found = schema.get_type(type_name)
    if not name or found is None:
        return found is not None
    return name in (getattr(found, "fields", None) or getattr(found, "values", None) or {})


def _demanded(marks: dict[str, dict[str, Any]]) -> frozenset[str]:
    return frozenset(
        f"@{name} {json.dumps(marks[name])}" if marks[name] else f"@{name}" for name in ACCESS if name in marks
    )
