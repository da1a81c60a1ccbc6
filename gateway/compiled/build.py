"""Functions that build the client's answer from what was decoded, and the Structs it is encoded from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.compiled.positions import Part, Position
from gateway.compiled.unsupported import Unsupported
from gateway.compiled.walk import typename_attribute
from gateway.planning.plan import Leaf

if TYPE_CHECKING:
    from gateway.compiled.records import Record, RecordField
    from gateway.compiled.source import Source
    from gateway.planning.plan import ProjectionField, ProjectionSelection, Shape


@dataclass(frozen=True, slots=True)
class Built:
    """How the objects of a place become what the client gets."""

    function: str
    """Empty when they are that already."""
    may_be_none: bool = False
    """An object of a type that clients may not see there becomes null."""


class Builds:
    """Writes the functions."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._memos = 0
        self._known: dict[tuple[int, int], Built] = {}

    def of(self, position: Position, selection: ProjectionSelection) -> Built:
        """Return what builds the objects of a place for a selection. Raises Unsupported."""
        # Both live as long as the plan, so their identities are theirs alone.
        known = self._known.get((id(position), id(selection)))
        if known is None:
            known = self._known[id(position), id(selection)] = self._made(position, selection)
        return known

    def _made(self, position: Position, selection: ProjectionSelection) -> Built:
        if not selection.is_abstract:
            if _is_identity(position, selection):
                return Built("")
            return self._written(self._object(position, selection.fields, selection.type_name), may_be_none=False)
        attribute = typename_attribute(position)
        if attribute is None:
            if selection.needs_typename or any(one.is_typename for one in selection.fields):
                raise Unsupported("an abstract place whose type is not asked for")
            return self._written(self._object(position, selection.fields, None), may_be_none=False)
        lines = [f"t = o.{attribute}"]
        for type_name, fields in selection.by_type.items():
            lines.append(f"if t == {self._source.constant(type_name)}:")
            lines += [f"    {line}" for line in self._object(position, fields, type_name)]
        # No type at all: what is common to all, where that is enough.
        lines += ["if t is not None:", "    return None"]
        if selection.needs_typename or any(one.is_typename for one in selection.fields):
            lines.append("return None")
        else:
            lines += self._object(position, selection.fields, None)
        return self._written(lines, may_be_none=True)

    def _written(self, lines: list[str], *, may_be_none: bool) -> Built:
        name = self._source.name("build")
        self._source.function(name, "o", lines)
        return Built(name, may_be_none)

    def _object(self, position: Position, fields: tuple[ProjectionField, ...], typename: str | None) -> list[str]:
        lines: list[str] = []
        parts: dict[str, str] = {}
        values = []
        for one in fields:
            if one.shape is None:
                if not one.is_typename:
                    raise Unsupported("introspection")
                values.append(self._source.constant(typename))
                continue
            values.append(self._value(position, one, one.shape, lines, parts))
        made = self._source.constant(answer_type([one.response_key for one in fields]))
        return [*lines, f"return {made}({', '.join(values)})"]

    def _value(
        self, position: Position, one: ProjectionField, shape: Shape, lines: list[str], parts: dict[str, str]
    ) -> str:
        """Write what it takes, and return the expression of a field's value."""
        holders = position.holders(one.key)
        if not holders:
            if not shape.nullable:
                raise Unsupported(f"{one.coordinate}, which no subgraph is asked for")
            return "None"
        if len(holders) > 1 and (shape.selection is not None or holders[0][1].is_raw):
            holders = holders[:1] if not holders[0][0].slot else holders
            if len(holders) > 1:
                raise Unsupported(f"{one.coordinate} from several subgraphs")
        value = self._source.name("v")
        for number, (part, found) in enumerate(holders):
            read = [f"{value} = {self._read(part, found, lines if not number else None, parts)}"]
            if number:
                lines.append(f"if {value} is None:")
                lines += [f"    {line}" for line in read]
            else:
                lines += read
            if found.is_never_null and not part.slot:
                break
        part, found = holders[0]
        is_sure = found.is_never_null and not part.slot
        if not shape.nullable and not is_sure:
            lines += [f"if {_is_null(value, found)}:", "    raise Unfit"]
        if found.record is None:
            return value
        return self._below(position, part, found, shape, value, lines)

    def _read(self, part: Part, found: RecordField, lines: list[str] | None, parts: dict[str, str]) -> str:
        if not part.slot:
            return f"o.{found.attribute}"
        name = parts.get(part.slot)
        if name is None:
            if lines is None:
                return f"p.{found.attribute} if (p := o.{part.slot}) is not None else None"
            name = parts[part.slot] = self._source.name("p")
            lines.append(f"{name} = o.{part.slot}")
        return f"{name}.{found.attribute} if {name} is not None else None"

    def _below(
        self, position: Position, part: Part, found: RecordField, shape: Shape, value: str, lines: list[str]
    ) -> str:
        """Write how an object, or the objects of a list, are built."""
        inner = shape
        while inner.item is not None:
            inner = inner.item
        if inner.selection is None:
            raise Unsupported("an object that is not read")
        built = self.of(position.children[found.key], inner.selection)
        if not built.function:
            return value
        steps = self._lists(shape, value, built)
        if not part.slot:
            lines += [f"if {value} is not None:", *(f"    {line}" for line in steps)]
            return value
        # Equal entities are one object: what is built below it is built once.
        self._memos += 1
        memo = f"_m{self._memos}"
        part.record.add_slot(memo)
        lines += [
            f"if {value} is not None:",
            f"    m = o.{part.slot}",
            f"    if m.{memo} is None:",
            *(f"        {line}" for line in steps),
            f"        m.{memo} = {value}",
            "    else:",
            f"        {value} = m.{memo}",
        ]
        return value

    def _lists(self, shape: Shape, value: str, built: Built) -> list[str]:
        """Write the building of a value that is not null."""
        if shape.item is None:
            lines = [f"{value} = {built.function}({value})"]
            if built.may_be_none and not shape.nullable:
                lines += [f"if {value} is None:", "    raise Unfit"]
            return lines
        inner = self._source.name("i")
        if shape.item.item is None and not built.may_be_none:
            each = f"{built.function}({inner})"
            each = f"None if {inner} is None else {each}" if shape.item.nullable else each
            return [f"{value} = [{each} for {inner} in {value}]"]
        made = self._source.name("l")
        steps = self._lists(shape.item, inner, built)
        return [
            f"{made} = []",
            f"for {inner} in {value}:",
            f"    if {inner} is not None:",
            *(f"        {line}" for line in steps),
            f"    {made}.append({inner})",
            f"{value} = {made}",
        ]


def answer_type(response_keys: list[str]) -> type[msgspec.Struct]:
    """Return the Struct of an object of the answer, its fields in the client's order."""
    definitions: list[tuple[str, Any]] = [(f"a{number}", Any) for number in range(len(response_keys))]
    names = {f"a{number}": key for number, key in enumerate(response_keys)}
    return msgspec.defstruct("Answer", definitions, rename=names, gc=False)


def is_passed_on(position: Position, record: Record, selection: ProjectionSelection) -> bool:
    """Whether a root fetch's data is what the client gets."""
    return _is_identity(Position((), position.selections, [Part(record, "")], position.children), selection)


def _is_null(value: str, found: RecordField) -> str:
    return f"{value} is None or bytes({value}) == b'null'" if found.is_raw else f"{value} is None"


def _is_identity(position: Position, selection: ProjectionSelection) -> bool:
    """Whether an object as it is decoded is encoded as the client gets it."""
    record = position.object
    if len(position.parts) != 1 or record.slots or len(record.fields) != len(selection.fields):
        return False
    for found, one in zip(record.fields.values(), selection.fields, strict=True):
        if found.key != one.response_key or found.key != one.key:
            return False
        if one.shape is None:
            if not one.is_typename or found.typename != selection.type_name:
                return False
            continue
        if found.shape is None or not (one.shape.nullable or found.is_never_null):
            return False
        if not _is_identity_below(position, found, one.shape):
            return False
    return True


def _is_identity_below(position: Position, found: RecordField, shape: Shape) -> bool:
    while shape.item is not None:
        shape = shape.item
    if shape.selection is None:
        return shape.leaf is not Leaf.CUSTOM or shape.nullable
    return (
        not shape.selection.is_abstract
        and found.key in position.children
        and _is_identity(position.children[found.key], shape.selection)
    )
