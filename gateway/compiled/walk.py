"""Functions that walk to the objects of a path, each object once, and collect their representations."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import FieldNode

from gateway.compiled.records import TYPENAME
from gateway.compiled.unsupported import Unsupported

if TYPE_CHECKING:
    from graphql import SelectionSetNode

    from gateway.compiled.positions import Part, Position, Tree
    from gateway.compiled.records import RecordField
    from gateway.compiled.source import Source
    from gateway.planning.plan import (
        EntityCall,
        EntityTarget,
        Path,
        RepresentationField,
        RepresentationSelection,
    )


class Walks:
    """Writes the functions; each path is walked once for a request."""

    def __init__(self, tree: Tree, source: Source) -> None:
        self._tree = tree
        self._source = source
        self._known: dict[Path, str] = {}

    def collect(self, call: EntityCall) -> str:
        """Return the name of a function: from the root to (representations, objects, index of each one's)."""
        if any(_may_meet(one.path, other.path) for one, other in combinations(call.targets, 2)):
            # What an entity is answered as one type would be overwritten by what it is answered as another.
            raise Unsupported("an entity that is asked for as two types at once")
        lines = ["reps = []", "objects = []", "places = []", "seen = {}"]
        for target in call.targets:
            lines += self._target(target)
        lines.append("return reps, objects, places")
        name = self._source.name("collect")
        self._source.function(name, "root", lines)
        return name

    def _objects(self, path: Path) -> str:
        """Return the expression of the objects at a path."""
        # Never kept in a slot of itself: Structs are not looked through for cycles.
        return f"{self._walk(path)}(root)" if path else "(root,)"

    def _walk(self, path: Path) -> str:
        """Return the name of a function: from the root to the list of the objects at a path."""
        known = self._known.get(path)
        if known is not None:
            return known
        slot = f"_l{len(self._known)}"
        name = self._known[path] = self._source.name("objects")
        self._tree.root.object.add_slot(slot)
        steps = self._steps(path)
        lines = [
            f"found = root.{slot}",
            "if found is None:",
            *_indented(steps),
            f"    root.{slot} = found",
            "return found",
        ]
        self._source.function(name, "root", lines)
        return name

    def _steps(self, path: Path) -> list[str]:
        """Write how `found` is made from the objects above."""
        above = self._objects(path[:-1])
        position, element = self._tree.at(path[:-1]), path[-1]
        if isinstance(element, frozenset):
            attribute = typename_attribute(position)
            if attribute is None:
                if position.only_type is None:
                    raise Unsupported("a type condition where the type is not asked for")
                return [f"found = {above}" if position.only_type in element else "found = []"]
            wanted = self._source.constant(element)
            return [f"found = [o for o in {above} if o.{attribute} in {wanted}]"]
        holders = position.holders(element)
        if len(holders) != 1:
            raise Unsupported(f"{element} from several subgraphs")
        part, one = holders[0]
        if not part.slot:
            return [f"found = {_flattened(above, one)}"]
        # Equal entities are one object: what is below them is walked once.
        return [
            "parts = {}",
            f"for o in {above}:",
            f"    p = o.{part.slot}",
            "    if p is not None:",
            "        parts[id(p)] = p",
            f"found = {_flattened('parts.values()', one)}",
        ]

    def _target(self, target: EntityTarget) -> list[str]:
        position = self._tree.at(target.path)
        recipe = target.representation
        lines = [f"for o in {self._objects(target.path)}:"]
        if not recipe.by_type:
            return lines + _indented(self._representation(position, recipe, (), recipe.typename))
        attribute = typename_attribute(position)
        if attribute is None:
            raise Unsupported("representations by type where the type is not asked for")
        lines.append(f"    t = o.{attribute}")
        for number, (type_name, further) in enumerate(recipe.by_type.items()):
            lines.append(f"    {'el' if number else ''}if t == {self._source.constant(type_name)}:")
            lines += _indented(_indented(self._representation(position, recipe, further, recipe.typename)))
        lines.append("    else:")
        return lines + _indented(_indented(self._representation(position, recipe, (), recipe.typename)))

    def _representation(
        self,
        position: Position,
        recipe: RepresentationSelection,
        further: tuple[RepresentationField, ...],
        typename: str | None,
    ) -> list[str]:
        """Write how the object `o` gets its representation; `continue` when it has none."""
        lines, values, names = [], [], []
        if recipe.own_typename:
            attribute = typename_attribute(position)
            if attribute is None:
                typename = position.only_type
                if typename is None:
                    raise Unsupported("representations of a type that is not asked for")
            else:
                typename = None
                lines += [f"v0 = o.{attribute}"]
                values.append("v0")
                names.append(TYPENAME)
        identity = [*values]
        for one in (*recipe.fields, *further):
            value = f"v{len(values)}"
            is_raw, steps = self._value(position, one, value)
            lines += steps
            values.append(value)
            names.append(one.name)
            identity.append(self._identity(position, one, value, is_raw=is_raw))
        made = self._source.constant(representation_type(typename, names))
        recognised = self._source.constant(typename)
        lines.append(f"key = ({recognised}, {', '.join(identity)})" if identity else f"key = {recognised}")
        return [
            *lines,
            "n = seen.get(key)",
            "if n is None:",
            "    n = seen[key] = len(reps)",
            f"    reps.append({made}({', '.join(values)}))",
            "objects.append(o)",
            "places.append(n)",
        ]

    def _identity(self, position: Position, one: RepresentationField, value: str, *, is_raw: bool) -> str:
        """Return the expression of what stands for a value in a set."""
        if is_raw:
            return f"None if {value} is None else bytes({value})"
        shape = position.holders(one.key)[0][1].shape
        return f"{self._source.constant(msgspec.json.encode)}({value})" if shape and shape.item else value

    def _value(self, position: Position, one: RepresentationField, value: str) -> tuple[bool, list[str]]:
        holders = position.holders(one.key)
        if not holders:
            raise Unsupported(f"{one.key}, which no subgraph is asked for")
        found = holders[0][1]
        if any(other.is_raw != found.is_raw for _, other in holders):
            raise Unsupported(f"{one.key}, decoded from one subgraph and kept as it came from another")
        if one.selection is not None and not all(
            each.is_raw and _is_same(one.selection, each.selection) for _, each in holders
        ):
            raise Unsupported("a nested representation that is not as it came")
        missing = f"{value} is None or bytes({value}) == b'null'" if found.is_raw else f"{value} is None"
        lines: list[str] = []
        is_sure = False
        for number, (part, each) in enumerate(holders):
            read = [f"{value} = o.{each.attribute}"] if not part.slot else _of_part(part, each, value)
            # The first may be asked for it of objects of another type only.
            lines += [f"if {missing}:", *_indented(read)] if number else read
            is_sure = each.is_never_null and not part.slot
            if is_sure:
                break
        if one.required and not is_sure:
            lines += [f"if {missing}:", "    continue"]
        return found.is_raw, lines


def _may_meet(one: Path, other: Path) -> bool:
    """Whether an object may be at both paths: they differ in type conditions only, none of which exclude each other."""
    if [each for each in one if isinstance(each, str)] != [each for each in other if isinstance(each, str)]:
        return False
    pairs = zip(one, other, strict=False)
    return not any(isinstance(a, frozenset) and isinstance(b, frozenset) and a.isdisjoint(b) for a, b in pairs)


def representation_type(typename: str | None, names: list[str]) -> type[msgspec.Struct]:
    """Return the Struct of a representation; a typename is sent first, if it is fixed."""
    definitions = [(f"a{number}", Any) for number in range(len(names))]
    renamed = {f"a{number}": name for number, name in enumerate(names)}
    if typename is None:
        return msgspec.defstruct("Representation", definitions, rename=renamed, gc=False)
    return msgspec.defstruct("Representation", definitions, rename=renamed, gc=False, tag_field=TYPENAME, tag=typename)


def typename_attribute(position: Position) -> str | None:
    """Return the attribute of an object that holds its type's name, if it was asked for."""
    one = position.object.fields.get(TYPENAME)
    return one.attribute if one is not None else None


def _of_part(part: Part, found: RecordField, value: str) -> list[str]:
    return [f"p = o.{part.slot}", f"{value} = p.{found.attribute} if p is not None else None"]


def _flattened(above: str, one: RecordField) -> str:
    shape = one.shape
    if shape is None or one.record is None:
        raise Unsupported("a path through a leaf")
    if shape.item is None:
        return f"[x for o in {above} if (x := o.{one.attribute}) is not None]"
    inner, lists = shape.item, "(o." + one.attribute + " or ())"
    clauses = [f"for x0 in {lists}"]
    depth = 0
    while inner.item is not None:
        depth += 1
        clauses.append(f"for x{depth} in (x{depth - 1} or ())")
        inner = inner.item
    return f"[x{depth} for o in {above} {' '.join(clauses)} if x{depth} is not None]"


def _is_same(recipe: RepresentationSelection, selection: SelectionSetNode | None) -> bool:
    """Whether an object that came is, as it is, what a representation takes of it."""
    if selection is None or recipe.by_type or recipe.own_typename or recipe.typename is not None:
        return False
    fields = {}
    for node in selection.selections:
        if not isinstance(node, FieldNode) or node.alias is not None:
            return False
        fields[node.name.value] = node.selection_set
    if list(fields) != [one.name for one in recipe.fields] or any(one.name != one.key for one in recipe.fields):
        return False
    return all(
        (one.selection is None) == (fields[one.name] is None)
        and not one.required
        and (one.selection is None or _is_same(one.selection, fields[one.name]))
        for one in recipe.fields
    )


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]
