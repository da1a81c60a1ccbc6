"""What a compiled plan decodes: for each selection of a subgraph request a record, made into a msgspec Struct.

A record's fields are checked while they are decoded, so what comes out fits the schema. It also has *slots*: attributes
that no answer fills, where entities from later fetches and results worked out once are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from gateway.compiled.unsupported import Unsupported
from gateway.execution.project import INT_MAX, INT_MIN
from gateway.planning.plan import Leaf

if TYPE_CHECKING:
    from graphql import SelectionSetNode

    from gateway.planning.plan import Shape

TYPENAME = "__typename"
RAW_NULL = msgspec.Raw(b"null")

_LEAVES: dict[Leaf, Any] = {
    Leaf.INT: Annotated[int, msgspec.Meta(ge=INT_MIN, le=INT_MAX)],
    # A whole number stays one: as a float it would lose digits.
    Leaf.FLOAT: int | float,
    Leaf.STRING: str,
    Leaf.BOOLEAN: bool,
    Leaf.ID: str,
}


@dataclass
class RecordField:
    """A field of a record."""

    key: str
    """Its response key."""
    attribute: str
    shape: Shape | None = None
    """The client's type of it; None for what clients do not see."""
    record: Record | None = None
    """What an object, or each object of a list, is decoded as."""
    is_optional: bool = False
    """It may be absent, as a field of a fragment may."""
    typename: str | None = None
    """For `__typename` where only one is right."""
    selection: SelectionSetNode | None = None
    """What is selected of an object that is kept as it came."""

    @property
    def is_raw(self) -> bool:
        """Whether it is kept as JSON text."""
        if self.key == TYPENAME or self.record is not None:
            return False
        return self.shape is None or self.shape.leaf is Leaf.CUSTOM

    @property
    def is_never_null(self) -> bool:
        """Whether decoding fails when it is null or absent."""
        if self.key == TYPENAME:
            return self.typename is not None
        return self.shape is not None and not self.shape.nullable and not self.is_optional and not self.is_raw


@dataclass
class Record:
    """A selection of a subgraph request, and what its objects are decoded as."""

    name: str
    fields: dict[str, RecordField] = field(default_factory=dict)
    """By response key, in the order of the selection."""
    slots: list[str] = field(default_factory=list)
    is_strict: bool = False
    """Unknown fields are refused, so that the answer may be passed on as it is."""
    made: type[msgspec.Struct] | None = None

    def add_slot(self, name: str) -> None:
        """Add a slot, once."""
        if name not in self.slots:
            self.slots.append(name)

    def struct(self) -> type[msgspec.Struct]:
        """Return the Struct, made at the first call; slots must be known by then."""
        if self.made is None:
            self.made = self._make(is_strict=False)
        return self.made

    def strict(self) -> type[msgspec.Struct]:
        """Return a Struct for the same selection that refuses fields that were not asked for."""
        return self._make(is_strict=True)

    def _make(self, *, is_strict: bool) -> type[msgspec.Struct]:
        definitions: list[Any] = []
        names = {}
        for one in self.fields.values():
            names[one.attribute] = one.key
            annotation = self._annotation(one, is_strict=is_strict)
            if one.is_never_null:
                definitions.append((one.attribute, annotation))
            else:
                definitions.append((one.attribute, annotation, RAW_NULL if annotation is msgspec.Raw else None))
        for slot in self.slots:
            # Never sent: GraphQL names have no space in them.
            names[slot] = f" {slot}"
            definitions.append((slot, Any, None))
        return msgspec.defstruct(
            self.name, definitions, rename=names, gc=False, kw_only=True, forbid_unknown_fields=is_strict
        )

    def _annotation(self, one: RecordField, *, is_strict: bool) -> Any:
        if one.typename is not None:
            return Literal[one.typename]
        if one.key == TYPENAME:
            return str | None
        if one.shape is None:
            return msgspec.Raw
        return annotation_of(one.shape, one.record, is_optional=one.is_optional, is_strict=is_strict)


def annotation_of(shape: Shape, record: Record | None, *, is_optional: bool = False, is_strict: bool = False) -> Any:
    """Return the type that msgspec decodes a field's value as."""
    if shape.item is not None:
        made: Any = list[annotation_of(shape.item, record, is_strict=is_strict)]  # type: ignore[misc]
    elif record is not None:
        made = record.strict() if is_strict else record.struct()
    elif shape.leaf is Leaf.ENUM:
        if not shape.enum_values:
            raise Unsupported("an enum without values")
        made = Literal[tuple(sorted(shape.enum_values))]
    elif shape.leaf is Leaf.CUSTOM:
        return msgspec.Raw
    elif shape.leaf is not None:
        made = _LEAVES[shape.leaf]
    else:
        raise Unsupported("an object that is not selected from")
    return made | None if shape.nullable or is_optional else made
