"""Field sets of a subgraph: parsed, checked against its types, and walked (Federation specification, `FieldSet`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import FieldNode, FragmentSpreadNode, GraphQLError, InlineFragmentNode

from gateway.composition.supergraph_sdl import selection_of
from gateway.composition.type_references import named

if TYPE_CHECKING:
    from graphql import SelectionSetNode

    from gateway.composition.errors import Faults
    from gateway.composition.read_subgraph import ReadSubgraph


@dataclass(slots=True)
class Used:
    """The (type, field) pairs that a subgraph's field sets mention."""

    keys: set[tuple[str, str]] = field(default_factory=set)
    """At any depth of a key."""
    others: set[tuple[str, str]] = field(default_factory=set)
    """In requires and provides."""

    def __contains__(self, pair: object) -> bool:
        """Tell whether a pair is mentioned anywhere."""
        return pair in self.keys or pair in self.others


def used_fields(subgraph: ReadSubgraph, faults: Faults) -> Used:
    """Walk all field sets of a subgraph; what is malformed or names a field that is not there goes to `faults`."""
    used = Used()
    walker = _Walker(subgraph, faults)
    for type_ in subgraph.types.values():
        for key in type_.all("key"):
            walker.walk("KEY", key.get("fields"), type_.name, f"{type_.name} @key", used.keys)
        for field_ in type_.fields.values():
            where = f"{type_.name}.{field_.name}"
            for requires in field_.all("requires"):
                walker.walk("REQUIRES", requires.get("fields"), type_.name, f"{where} @requires", used.others)
            for provides in field_.all("provides"):
                target = named(field_.type) if field_.type else ""
                walker.walk("PROVIDES", provides.get("fields"), target, f"{where} @provides", used.others)
    return used


class _Walker:
    def __init__(self, subgraph: ReadSubgraph, faults: Faults) -> None:
        self._subgraph = subgraph
        self._faults = faults

    def walk(self, kind: str, text: object, type_: str, where: str, into: set[tuple[str, str]]) -> None:
        name = self._subgraph.name
        if not isinstance(text, str):
            self._faults.add(f"{kind}_INVALID_FIELDS_TYPE", f"[{name}] {where}: `fields` must be a string", name)
            return
        try:
            selection = selection_of(text)
        except (GraphQLError, TypeError) as error:
            self._faults.add(f"{kind}_INVALID_FIELDS", f"[{name}] {where}(fields: {text!r}): {error}", name)
            return
        for missing in self._walk(selection, type_, into):
            message = f'[{name}] {where}(fields: "{text}"): there is no field {missing} in this subgraph'
            self._faults.add(f"{kind}_INVALID_FIELDS", message, name)

    def _walk(self, selection: SelectionSetNode, type_name: str, into: set[tuple[str, str]]) -> list[str]:
        """Note the fields and return the names of those that do not exist."""
        missing: list[str] = []
        type_ = self._subgraph.types.get(type_name)
        for node in selection.selections:
            if isinstance(node, InlineFragmentNode):
                inner = node.type_condition.name.value if node.type_condition else type_name
                missing += self._walk(node.selection_set, inner, into)
                continue
            name = node.name.value if isinstance(node, FieldNode) else ""
            if isinstance(node, FragmentSpreadNode) or (
                name != "__typename" and (not type_ or name not in type_.fields)
            ):
                missing.append(f"{type_name}.{name}")
                continue
            into.add((type_name, name))
            if isinstance(node, FieldNode) and node.selection_set and type_:
                of = type_.fields[name].type
                missing += self._walk(node.selection_set, named(of) if of else "", into)
        return missing
