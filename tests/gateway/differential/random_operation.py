"""Random operations on a schema: aliases, arguments, variables, fragments, directives, abstract types."""

from __future__ import annotations

import re
from random import Random
from typing import Any, NamedTuple

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_object_type,
    is_union_type,
)

Path = tuple[str, ...]
BUDGETS = (6, 12, 25, 60)
"""About how many fields an operation has."""


class _Asked(NamedTuple):
    """A field that is asked for: where, with which arguments, and of which shape by each schema."""

    parent: Any
    name: str
    arguments: str
    shapes: tuple[str, ...]

    def may_meet(self, other: _Asked) -> bool:
        """Tell whether both may have the same response key."""
        if self.shapes != other.shapes:
            return False
        are_apart = is_object_type(self.parent) and is_object_type(other.parent) and self.parent is not other.parent
        return are_apart or self[1:3] == other[1:3]


def _shape(some_type: Any) -> str:
    return re.sub(r"\w+", "*", str(some_type)) if is_composite_type(get_named_type(some_type)) else str(some_type)


class RandomOperation:
    """An operation and its variables, valid in all schemas given: the same types and fields, some wrapped otherwise."""

    def __init__(self, schema: GraphQLSchema, seed: int, *others: GraphQLSchema) -> None:
        self._schema = schema
        self._others = others
        self._random = Random(seed)  # noqa: S311 - reproducible, not secret
        self._budget = self._random.choice(BUDGETS)
        self._fragments: list[str] = []
        self._used: set[str] = set()
        self._asked: dict[Path, list[_Asked]] = {}
        self.variables: dict[str, Any] = {"yes": True, "no": False, "n": self._random.randint(0, 9)}
        body = self._selection(schema.query_type, ())
        kinds = {"yes": "Boolean!", "no": "Boolean! = false", "n": "Int = 3"}
        header = ", ".join(f"${name}: {kinds[name]}" for name in sorted(self._used))
        self.text = f"query{f'({header})' if header else ''} {body}\n" + "\n".join(self._fragments)
        self.variables = {name: value for name, value in self.variables.items() if name in self._used}
        if self._random.random() < 0.5:
            self.variables.pop("no", None)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _selection(self, some_type: Any, path: Path, depth: int = 0) -> str:
        parts = [self._part(some_type, path, depth) for _ in range(self._random.randint(1, 5))]
        kept = [part for part in parts if part]
        return "{ " + " ".join(kept or ["__typename"]) + " }"

    def _part(self, some_type: Any, path: Path, depth: int) -> str:
        self._budget -= 1
        if depth > 6:
            return "__typename"
        if is_union_type(some_type) or self._chance(0.35 if is_abstract_type(some_type) else 0.12):
            return self._fragment(some_type, path, depth)
        if self._chance(0.1):
            alias = "kind" if self._chance(0.3) else "__typename"
            return f"{self._key(path, alias, _Asked(some_type, '__typename', '', ('String!',)))}: __typename"
        return self._field(some_type, path, depth)

    def _field(self, some_type: Any, path: Path, depth: int) -> str:
        name = self._random.choice(list(some_type.fields))
        definition = some_type.fields[name]
        named = get_named_type(definition.type)
        if is_composite_type(named) and (depth > 4 or self._budget < 0):
            return ""
        alias = self._random.choice(["a", "b", "id", "f0", "code"]) if self._chance(0.15) else name
        arguments = ""
        if "n" in definition.args and self._chance(0.8):
            arguments = f"(n: {self._variable('n') if self._chance(0.5) else self._random.randint(0, 3)})"
        shapes = tuple(
            _shape(schema.get_type(some_type.name).fields[name].type)  # type: ignore[union-attr]
            for schema in (self._schema, *self._others)
        )
        key = self._key(path, alias, _Asked(some_type, name, arguments, shapes))
        below = self._selection(named, (*path, key), depth + 1) if is_composite_type(named) else ""
        return f"{key}: {name}{arguments}{self._directive()} {below}"

    def _key(self, path: Path, alias: str, asked: _Asked) -> str:
        """Return the key that the field may have beside what is asked under the same path: the alias, or another.

        FieldsInSetCanMerge of the specification, and stricter below fields of different objects.
        """
        known = self._asked.setdefault((*path, alias), [])
        if not all(asked.may_meet(other) for other in known):
            alias = f"x{len(self._asked)}"
            known = self._asked.setdefault((*path, alias), [])
        known.append(asked)
        return alias

    def _fragment(self, some_type: Any, path: Path, depth: int) -> str:
        condition = self._random.choice(self._conditions(some_type))
        body = self._selection(condition, path, depth + 1)
        if self._chance(0.25):
            name = f"F{len(self._fragments)}"
            self._fragments.append(f"fragment {name} on {condition.name} {body}")
            return f"...{name}{self._directive()}"
        named = "" if condition is some_type and self._chance(0.5) else f" on {condition.name}"
        return f"...{named}{self._directive()} {body}"

    def _conditions(self, some_type: Any) -> list[Any]:
        if is_object_type(some_type):
            return [some_type, *some_type.interfaces]
        possible = list(self._schema.get_possible_types(some_type))
        related = [interface for each in possible for interface in each.interfaces]
        return [some_type, *possible, *possible, *related]

    def _directive(self) -> str:
        if self._chance(0.88):
            return ""
        name = self._random.choice(("skip", "include"))
        value = self._variable(self._random.choice(("yes", "no"))) if self._chance(0.8) else "true"
        return f" @{name}(if: {value})"

    def _variable(self, name: str) -> str:
        self._used.add(name)
        return f"${name}"
