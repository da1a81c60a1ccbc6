"""What every merge pass shares: the subgraphs, who is whose subtype, and how applied directives print."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import StringValueNode, print_ast
from graphql.language.block_string import is_printable_as_block_string

from gateway.composition.field_sets import Used, used_fields
from gateway.composition.type_references import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gateway.composition.errors import Faults
    from gateway.composition.subgraph import Element, ReadSubgraph, ReadType

CARRIED = ("tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost", "listSize")
"""Federation directives that the supergraph keeps."""
_KEPT_BY_GRAPHQL = ("deprecated", "specifiedBy", "oneOf")


@dataclass
class Merging:
    """One composition under way."""

    subgraphs: Sequence[ReadSubgraph]
    faults: Faults
    carried: set[str] = field(default_factory=set)
    """Which of CARRIED were met, so that the supergraph links them."""
    composed: Mapping[str, bool] = field(default_factory=dict)
    """The directives kept by `@composeDirective`, and whether each is repeatable."""

    @cached_property
    def used(self) -> Mapping[str, Used]:
        """What each subgraph's field sets mention, by subgraph name."""
        return {subgraph.name: used_fields(subgraph, self.faults) for subgraph in self.subgraphs}

    @cached_property
    def graphs(self) -> Mapping[str, str]:
        """Subgraph name → its value in `join__Graph`."""
        made: dict[str, str] = {}
        for subgraph in self.subgraphs:
            base = "".join(c if c.isascii() and c.isalnum() else "_" for c in subgraph.name).upper()
            base = f"_{base}" if base[:1].isdigit() else base
            graph, number = base, 1
            while graph in made.values():
                number += 1
                graph = f"{base}_{number}"
            made[subgraph.name] = graph
        return made

    @cached_property
    def _by_name(self) -> Mapping[str, ReadSubgraph]:
        return {subgraph.name: subgraph for subgraph in self.subgraphs}

    def named(self, name: str) -> ReadSubgraph:
        """Return the subgraph of a name."""
        return self._by_name[name]

    def defining(self, name: str) -> dict[str, ReadType]:
        """Return the type as each subgraph defines it, by subgraph name."""
        return {subgraph.name: subgraph.types[name] for subgraph in self.subgraphs if name in subgraph.types}

    @cached_property
    def subtypes(self) -> set[tuple[str, str]]:
        """All (member or implementation, union or interface) pairs of all subgraphs."""
        pairs = set()
        for subgraph in self.subgraphs:
            for type_ in subgraph.types.values():
                pairs |= {(type_.name, interface) for interface in type_.interfaces}
                pairs |= {(member, type_.name) for member in type_.members}
        return pairs

    def is_named_subtype(self, narrow: str, wide: str) -> bool:
        """Tell whether a named type is a member or implementation of another in any subgraph."""
        return (narrow, wide) in self.subtypes

    @cached_property
    def input_enums(self) -> set[str]:
        """Names of the types used by arguments and input fields."""
        names: set[str] = set()
        for subgraph in self.subgraphs:
            for type_ in subgraph.types.values():
                arguments = [a for field_ in type_.fields.values() for a in field_.arguments.values()]
                names |= {named(a.type) for a in [*arguments, *type_.inputs.values()] if a.type}
        return names

    @cached_property
    def output_enums(self) -> set[str]:
        """Names of the types that fields answer with."""
        fields = [f for subgraph in self.subgraphs for t in subgraph.types.values() for f in t.fields.values()]
        return {named(field_.type) for field_ in fields if field_.type}

    def printed_directives(self, elements: Sequence[Element]) -> str:
        """Return what the merged element carries of its parts' directives, each with a space before."""
        parts = [*self._federation(elements), *self._others(elements)]
        return "".join(f" {part}" for part in parts)

    def _federation(self, elements: Sequence[Element]) -> Iterable[str]:
        for name in CARRIED:
            applied = [arguments for element in elements for arguments in element.all(name)]
            if not applied:
                continue
            self.carried.add(name)
            if name in ("cost", "listSize"):
                yield printed(name, _costliest(applied))
            elif name in ("requiresScopes", "policy"):
                argument = "scopes" if name == "requiresScopes" else "policies"
                every = [element.all(name)[0].get(argument, []) for element in elements if element.has(name)]
                yield printed(name, {argument: all_of(every)})
            else:
                yield from dict.fromkeys(printed(name, arguments) for arguments in applied)

    def _others(self, elements: Sequence[Element]) -> Iterable[str]:
        seen: dict[str, str] = {}
        for element in elements:
            for node in element.other_directives:
                name = node.name.value
                if name in _KEPT_BY_GRAPHQL or name in self.composed:
                    # Of one that is not repeatable, the first subgraph that says it wins, as in Apollo's composition.
                    if name == "oneOf":
                        self.carried.add(name)
                    text = print_ast(node)
                    seen.setdefault(text if self.composed.get(name) else name, text)
        return seen.values()


def _costliest(applied: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Combine the arguments of @cost or @listSize: the greatest number, every name, true when any says so."""
    combined: dict[str, Any] = {}
    for arguments in applied:
        for name, value in arguments.items():
            before = combined.get(name)
            if before is None or value is None:
                combined[name] = value if before is None else before
            elif isinstance(value, list):
                combined[name] = list(dict.fromkeys([*before, *value]))
            else:
                combined[name] = max(before, value)
    return combined


def all_of(alternatives: Sequence[Sequence[Sequence[str]]]) -> list[list[str]]:
    """Combine requirements of several subgraphs, each an OR of ANDs, into one that demands them all."""
    combined = [sorted({scope for group in chosen for scope in group}) for chosen in product(*alternatives)]
    return [list(group) for group in dict.fromkeys(tuple(group) for group in combined)]


def printed(name: str, arguments: Mapping[str, Any]) -> str:
    """Return an applied directive as GraphQL writes it."""
    if not arguments:
        return f"@{name}"
    inner = ", ".join(f"{key}: {_value(value)}" for key, value in arguments.items())
    return f"@{name}({inner})"


class Verbatim(str):
    """An enum value: printed without quotes."""

    __slots__ = ()


def _value(value: Any) -> str:
    """Return a literal; for strings, booleans and lists of strings GraphQL's is JSON's."""
    return str(value) if isinstance(value, Verbatim) else msgspec.json.encode(value).decode()


def described(elements: Sequence[Element], indent: str = "") -> str:
    """Return the merged description (the first that says something) as a string with its line end, or nothing."""
    found = next((element.description for element in elements if element.description), None)
    if found is None:
        return ""
    text = print_ast(StringValueNode(value=found, block=is_printable_as_block_string(found)))
    return "".join(f"{indent}{line}\n" if line else "\n" for line in text.split("\n"))
