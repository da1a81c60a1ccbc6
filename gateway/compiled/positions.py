"""Where the objects of the answer come from: the merged tree of a plan as positions, each made of parts.

A position is a place in the merged tree (`users.reviews.product`). The object there is decoded with the answer of the
fetch that first reaches it; entity calls add parts, kept in slots of that object. So nothing is merged: whatever reads
a field knows in which part it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, parse

from gateway.compiled.records import TYPENAME, Record, RecordField
from gateway.compiled.unsupported import Unsupported
from gateway.planning.plan import Leaf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import SelectionSetNode

    from gateway.planning.plan import EntityCall, Fetch, Path, Plan, ProjectionField, ProjectionSelection, Shape


@dataclass
class Part:
    """A part of the object at a position."""

    record: Record
    slot: str
    """The attribute of the object that holds it; empty for the object itself."""


@dataclass
class Position:
    """A place in the merged tree."""

    path: tuple[str, ...]
    selections: list[ProjectionSelection]
    """What clients read there; several where that depends on the type of an object above."""
    parts: list[Part] = field(default_factory=list)
    children: dict[str, Position] = field(default_factory=dict)

    @property
    def object(self) -> Record:
        """The record of the object itself."""
        return self.parts[0].record

    def holders(self, key: str) -> list[tuple[Part, RecordField]]:
        """Return the parts with a field, in the order in which they come."""
        return [(part, part.record.fields[key]) for part in self.parts if key in part.record.fields]

    @property
    def only_type(self) -> str | None:
        """The object's type where there is but one."""
        names = {None if each.is_abstract else each.type_name for each in self.selections}
        return next(iter(names)) if len(names) == 1 else None


@dataclass
class Tree:
    """The merged tree of a plan."""

    root: Position
    entities: dict[tuple[int, str], Record] = field(default_factory=dict)
    """The record of the entities that a call returns, by the fetch's number and the call's key."""
    roots: dict[int, Record] = field(default_factory=dict)
    """The record of a root fetch's data, by the fetch's number."""

    def at(self, path: Path) -> Position:
        """Return the position of a path."""
        position = self.root
        for element in path:
            if isinstance(element, str):
                child = position.children.get(element)
                if child is None:
                    raise Unsupported(f"a path through {element}, which is kept as it came")
                position = child
        return position


def tree_of(plan: Plan) -> Tree:
    """Return the merged tree of a plan. Raises Unsupported."""
    if plan.introspection is not None:
        raise Unsupported("introspection")
    return _Reader(plan).read()


def entities_slot(fetch: Fetch, call: EntityCall) -> str:
    """Return the slot that holds an object's entity from a call."""
    return f"_s{fetch.number}_{fetch.calls.index(call)}"


class _Reader:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._records = 0
        state = Record("Root")
        self._tree = Tree(Position((), [plan.projection], [Part(state, "")]))

    def read(self) -> Tree:
        for fetch in self._plan.fetches:
            definition = parse(fetch.document, no_location=True).definitions[0]
            if not isinstance(definition, OperationDefinitionNode) or fetch.path:
                raise Unsupported("root fields below the root")
            if fetch.calls:
                self._entities(fetch, definition)
            else:
                self._root(fetch, definition)
        return self._tree

    def _root(self, fetch: Fetch, definition: OperationDefinitionNode) -> None:
        root = self._tree.root
        record = self._record([root], definition.selection_set)
        slot = f"_r{fetch.number}"
        root.object.add_slot(slot)
        root.parts.append(Part(record, slot))
        self._tree.roots[fetch.number] = record

    def _entities(self, fetch: Fetch, definition: OperationDefinitionNode) -> None:
        selected = {each.key: each.node for each in _fields(definition.selection_set, None)}
        for call in fetch.calls:
            node = selected[call.key]
            if node.selection_set is None:
                raise Unsupported("entities that are not selected from")
            positions = [self._tree.at(target.path) for target in call.targets]
            positions = list({id(each): each for each in positions}.values())
            record = self._record(positions, node.selection_set)
            self._tree.entities[fetch.number, call.key] = record
            slot = entities_slot(fetch, call)
            for position in positions:
                position.object.add_slot(slot)
                position.parts.append(Part(record, slot))

    def _record(self, positions: list[Position], *selections: SelectionSetNode) -> Record:
        self._records += 1
        record = Record(f"Record{self._records}")
        types = {position.only_type for position in positions}
        only_type = next(iter(types)) if len(types) == 1 else None
        grouped: dict[str, list[_Found]] = {}
        for selection in selections:
            # Selected from in several fragments: which one holds for an object, decoding does not know.
            for found in _fields(selection, only_type, is_optional=len(selections) > 1):
                grouped.setdefault(found.key, []).append(found)
        for number, group in enumerate(grouped.values()):
            record.fields[group[0].key] = self._field(f"a{number}", group, positions, only_type)
        return record

    def _field(
        self, attribute: str, group: list[_Found], positions: list[Position], only_type: str | None
    ) -> RecordField:
        found = group[0]
        made = RecordField(found.key, attribute, is_optional=all(each.is_optional for each in group))
        if found.key == TYPENAME:
            made.typename = None if made.is_optional else only_type
            return made
        uses = [(position, one) for position in positions for one in _uses(position, found.key)]
        made.shape = _common(found.key, [one for _, one in uses])
        if found.node.selection_set is None:
            return made
        sets = [each.node.selection_set for each in group if each.node.selection_set is not None]
        if made.shape is None:
            made.selection = sets[0] if len(sets) == 1 else None
            return made
        children = []
        for position in positions:
            below = [one.shape for user, one in uses if user is position and one.shape is not None]
            if found.key in position.children:
                raise Unsupported(f"{found.key} from two subgraphs")
            selections = [selection for shape in below if (selection := _inner(shape).selection) is not None]
            child = Position((*position.path, found.key), selections)
            position.children[found.key] = child
            children.append(child)
        made.record = self._record(children, *sets)
        for child in children:
            child.parts.append(Part(made.record, ""))
        return made


@dataclass(frozen=True)
class _Found:
    key: str
    node: FieldNode
    is_optional: bool


def _fields(selection: SelectionSetNode, only_type: str | None, *, is_optional: bool = False) -> Iterator[_Found]:
    for node in selection.selections:
        if isinstance(node, FieldNode):
            yield _Found(node.alias.value if node.alias else node.name.value, node, is_optional)
        elif isinstance(node, InlineFragmentNode):
            condition = node.type_condition.name.value if node.type_condition else only_type
            below = is_optional or condition is None or condition != only_type
            yield from _fields(node.selection_set, only_type, is_optional=below)
        else:
            raise Unsupported("named fragments in a subgraph request")


def _uses(position: Position, key: str) -> Iterator[ProjectionField]:
    for selection in position.selections:
        for one in selection.fields:
            if one.key == key and not one.is_typename:
                yield one
        for fields in selection.by_type.values():
            yield from (one for one in fields if one.key == key and not one.is_typename)


def _common(key: str, uses: list[ProjectionField]) -> Shape | None:
    """Return the shape that all uses of a key have in common: null where any may be."""
    shapes = [one.shape for one in uses if one.shape is not None]
    if not shapes:
        return None
    first = shapes[0]
    for other in shapes[1:]:
        if _frame(first) != _frame(other):
            raise Unsupported(f"{key} with types that differ")
    return next((each for each in shapes if each.nullable), first)


def _frame(shape: Shape) -> tuple[object, ...]:
    """Return what must be equal for values to be decoded alike; that the whole is null is seen to elsewhere."""
    found: list[object] = []
    inner = shape
    while inner.item is not None:
        inner = inner.item
        found.append(inner.nullable)
    return (*found, inner.leaf, inner.enum_values if inner.leaf is Leaf.ENUM else None)


def _inner(shape: Shape) -> Shape:
    while shape.item is not None:
        shape = shape.item
    return shape
