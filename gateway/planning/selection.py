"""The normalised selection: what an operation, a key or a `@requires` needs of an object.

Fragments are gone, `@skip` and `@include` are decided, equal fields are merged. At a place of an abstract type,
fields needed of every object stand apart from fields needed only of objects of one type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphql import ArgumentNode


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A needed field. Compared by identity."""

    key: str
    """Its key in the merged data."""
    name: str
    arguments: tuple[ArgumentNode, ...] = ()
    arguments_text: str = ""
    selection: Selection | None = None
    """None for a leaf."""

    def narrowed(self, selection: Selection | None) -> Field:
        """Return the same field with less below it."""
        return Field(self.key, self.name, self.arguments, self.arguments_text, selection)


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """What is needed of the objects at one place. Compared by identity."""

    type_name: str
    """The static type of the place in the supergraph."""
    possible: frozenset[str]
    """The object types it may hold (for a client's operation: those a client may see)."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    """Needed whatever the object's type."""
    by_type: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)
    """Needed of objects of that type, beside `fields`."""
    needs_typename: bool = False
    """The concrete type of the object is itself part of the answer."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is needed."""
        return not self.fields and not self.by_type and not self.needs_typename

    def of_type(self, type_name: str) -> Mapping[str, Field]:
        """Return everything needed of an object of one type."""
        own = self.by_type.get(type_name)
        if not own:
            return self.fields
        if not self.fields:
            return own
        return merge_fields(self.fields, own)

    def with_fields(
        self,
        fields: Mapping[str, Field],
        by_type: Mapping[str, Mapping[str, Field]] | None = None,
        *,
        needs_typename: bool = False,
    ) -> Selection:
        """Return another selection at the same place."""
        kept = {name: some for name, some in (by_type or {}).items() if some}
        return Selection(self.type_name, self.possible, fields, kept, needs_typename)

    def count(self) -> int:
        """Count the leaves: the measure of how much of a need is left over."""
        below = (max(one.selection.count(), 1) if one.selection else 1 for one in self._all())
        return sum(below) + self.needs_typename

    def paths(self) -> Iterator[str]:
        """Name every leaf by its coordinate, for messages."""
        for type_name, fields in ((self.type_name, self.fields), *self.by_type.items()):
            for one in fields.values():
                if one.selection is None or one.selection.is_empty:
                    yield f"{type_name}.{one.name}"
                else:
                    yield from (f"{type_name}.{one.name} > {path}" for path in one.selection.paths())

    def _all(self) -> Iterator[Field]:
        yield from self.fields.values()
        for fields in self.by_type.values():
            yield from fields.values()


def weigh(need: Selection, known: dict[Selection, int]) -> int:
    """Count the fields of a need as if every shared part stood in each of its places.

    Takes time in the size of the document, not of the count. `known` is the memo, empty at first.
    """
    weight = known.get(need)
    if weight is None:
        weight = known[need] = sum(
            1 + (weigh(one.selection, known) if one.selection else 0)
            for fields in (need.fields, *need.by_type.values())
            for one in fields.values()
        )
    return weight


def merge_fields(left: Mapping[str, Field], right: Mapping[str, Field]) -> dict[str, Field]:
    """Merge two maps of fields of one object, deeply."""
    merged = dict(left)
    for key, one in right.items():
        present = merged.get(key)
        if present is None:
            merged[key] = one
        elif one.selection is not None and present.selection is not None:
            merged[key] = present.narrowed(merge_selections(present.selection, one.selection))
    return merged


def merge_selections(left: Selection, right: Selection) -> Selection:
    """Merge two selections at the same place, deeply."""
    if left is right:
        return left
    by_type = {name: dict(fields) for name, fields in left.by_type.items()}
    for name, fields in right.by_type.items():
        by_type[name] = merge_fields(by_type.get(name, {}), fields)
    return Selection(
        left.type_name,
        left.possible | right.possible,
        merge_fields(left.fields, right.fields),
        by_type,
        left.needs_typename or right.needs_typename,
    )
