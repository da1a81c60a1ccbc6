"""Random operations on a schema: aliases, arguments, variables, fragments, directives, abstract types."""

from __future__ import annotations

from random import Random
from typing import Any

from graphql import (
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_object_type,
    is_union_type,
)

BUDGET = 60


class RandomOperation:
    """One operation and its variables. Not every one is valid: response keys may clash; such are left out."""

    def __init__(self, schema: GraphQLSchema, seed: int) -> None:
        self._schema = schema
        self._random = Random(seed)  # noqa: S311 - reproducible, not secret
        self._budget = BUDGET
        self._fragments: list[str] = []
        self._used: set[str] = set()
        self.variables: dict[str, Any] = {"yes": True, "no": False, "n": self._random.randint(0, 9)}
        body = self._selection(schema.query_type, 0)
        kinds = {"yes": "Boolean!", "no": "Boolean! = false", "n": "Int = 3"}
        header = ", ".join(f"${name}: {kinds[name]}" for name in sorted(self._used))
        self.text = f"query{f'({header})' if header else ''} {body}\n" + "\n".join(self._fragments)
        self.variables = {name: value for name, value in self.variables.items() if name in self._used}
        if self._random.random() < 0.5:
            self.variables.pop("no", None)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _selection(self, some_type: Any, depth: int) -> str:
        parts = [self._part(some_type, depth) for _ in range(self._random.randint(1, 5))]
        kept = [part for part in parts if part]
        return "{ " + " ".join(kept or ["__typename"]) + " }"

    def _part(self, some_type: Any, depth: int) -> str:
        self._budget -= 1
        if depth > 6:
            return "__typename"
        if is_union_type(some_type) or self._chance(0.35 if is_abstract_type(some_type) else 0.12):
            return self._fragment(some_type, depth)
        if self._chance(0.1):
            return ("kind: " if self._chance(0.3) else "") + "__typename"
        return self._field(some_type, depth)

    def _field(self, some_type: Any, depth: int) -> str:
        name = self._random.choice(list(some_type.fields))
        definition = some_type.fields[name]
        named = get_named_type(definition.type)
        if is_composite_type(named) and (depth > 4 or self._budget < 0):
            return ""
        alias = f"{self._random.choice(['a', 'b', 'id', 'f0', 'code'])}: " if self._chance(0.15) else ""
        arguments = ""
        if "n" in definition.args and self._chance(0.8):
            arguments = f"(n: {self._variable('n') if self._chance(0.5) else self._random.randint(0, 3)})"
        below = self._selection(named, depth + 1) if is_composite_type(named) else ""
        return f"{alias}{name}{arguments}{self._directive()} {below}"

    def _fragment(self, some_type: Any, depth: int) -> str:
        condition = self._random.choice(self._conditions(some_type))
        body = self._selection(condition, depth + 1)
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
