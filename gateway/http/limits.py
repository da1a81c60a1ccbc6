"""How large and deep a document may be, counted with fragments flattened so that none can hide behind another."""

from __future__ import annotations

from collections import Counter
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
    comparisons: int = 1_000_000
    """Pairs of fields with one response name: validation compares each with each, which is the way to make it slow."""
    cost: int = 1_000_000
    list_size: int = 1000


@dataclass(slots=True)
class Size:
    """What was counted."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0
    width: int = 0
    """The fields of the selection itself, those of its fragments included."""

    def add(self, other: Size) -> None:
        """Add what another selection has; the depth is the deeper one."""
        self.depth = max(self.depth, other.depth)
        self.aliases += other.aliases
        self.directives += other.directives
        self.fields += other.fields
        self.width += other.width


_INTROSPECTION = frozenset({"__schema", "__type"})


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Raise TooLarge when a document exceeds a limit. Introspection has a limit of its own: GraphiQL's is deep."""
    counter = _Counter(document)
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        try:
            size = counter.of(operation.selection_set)
        except RecursionError:
            raise TooLarge(what="fragments", limit="a chain that ends") from None
        counted = {
            "depth": (size.depth, limits.depth),
            "aliases": (size.aliases, limits.aliases),
            "directives": (size.directives + len(operation.directives or ()), limits.directives),
            "root fields": (size.width, limits.root_fields),
            "fields": (size.fields, limits.fields),
        }
        for what, (count, limit) in counted.items():
            if count > limit:
                raise TooLarge(what=what, limit=limit)
    if sum(count * count for count in counter.names.values()) > limits.comparisons:
        raise TooLarge(what="fields of one name", limit=int(limits.comparisons**0.5))


class _Counter:
    """Counts each fragment once and adds it wherever it is spread, so that a flood of spreads costs nothing."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {n.name.value: n for n in document.definitions if isinstance(n, FragmentDefinitionNode)}
        self._known: dict[str, Size] = {}
        self._inside: set[str] = set()
        self.names: Counter[str] = Counter()
        """How many fields stand in the text with each response name."""

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
        self.names[node.alias.value if node.alias else node.name.value] += 1
        inner = self.of(node.selection_set)
        # What introspection answers is the schema, which is bounded; only its number of fields is counted.
        depth = 1 if node.name.value in _INTROSPECTION else 1 + inner.depth
        return Size(depth, inner.aliases + (node.alias is not None), inner.directives, inner.fields + 1, 1)

    def _spread(self, name: str) -> Size:
        if name in self._inside:
            raise TooLarge(what="depth", limit="finite: a fragment spreads itself")
        if name not in self._known:
            fragment = self._fragments.get(name)
            self._inside.add(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else Size()
            self._inside.discard(name)
        return self._known[name]
