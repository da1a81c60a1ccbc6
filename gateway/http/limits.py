"""How large and deep a document may be, counted with fragments flattened so that none can hide behind another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
)

from chassis.errors import TooLarge

if TYPE_CHECKING:
    from graphql import DocumentNode, SelectionSetNode


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a document may have of each."""

    depth: int = 15
    tokens: int = 5000
    aliases: int = 50
    root_fields: int = 20
    directives: int = 50
    fields: int = 20_000


@dataclass(slots=True)
class Size:
    """What was counted."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0

    def add(self, other: Size) -> None:
        """Add what another selection has; the depth is the deeper one."""
        self.depth = max(self.depth, other.depth)
        self.aliases += other.aliases
        self.directives += other.directives
        self.fields += other.fields


_INTROSPECTION = frozenset({"__schema", "__type"})


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Raise TooLarge when a document exceeds a limit. Introspection has a limit of its own: GraphiQL's is deep."""
    counter = _Counter(document)
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        size = counter.of(operation.selection_set)
        roots = len(operation.selection_set.selections)
        counted = {
            "depth": (size.depth, limits.depth),
            "aliases": (size.aliases, limits.aliases),
            "directives": (size.directives, limits.directives),
            "root fields": (roots, limits.root_fields),
            "fields": (size.fields, limits.fields),
        }
        for what, (count, limit) in counted.items():
            if count > limit:
                raise TooLarge(what=what, limit=limit)


class _Counter:
    """Counts each fragment once and adds it wherever it is spread, so that a flood of spreads costs nothing."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self._known: dict[str, Size] = {}
        self._inside: set[str] = set()

    def of(self, selections: SelectionSetNode | None) -> Size:
        size = Size()
        for node in selections.selections if selections else ():
            size.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                size.add(self._field(node))
            elif isinstance(node, InlineFragmentNode):
                size.add(self.of(node.selection_set))
            elif isinstance(node, FragmentSpreadNode):
                size.add(self._spread(node.name.value))
        return size

    def _field(self, node: FieldNode) -> Size:
        inner = self.of(node.selection_set)
        # What introspection answers is the schema, which is bounded; only its number of fields is counted.
        depth = 1 if node.name.value in _INTROSPECTION else 1 + inner.depth
        return Size(depth, inner.aliases + (node.alias is not None), inner.directives, inner.fields + 1)

    def _spread(self, name: str) -> Size:
        if name in self._inside:
            raise TooLarge(what="depth", limit="finite: a fragment spreads itself")
        if name not in self._known:
            fragment = self._fragments.get(name)
            self._inside.add(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else Size()
            self._inside.discard(name)
        return self._known[name]
