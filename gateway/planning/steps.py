"""Fetch steps in the making: what the walk writes and the passes rearrange, before it is frozen into a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.planning.plan import Path, RepresentationSelection
    from gateway.planning.selection import Field


@dataclass(slots=True, eq=False)
class Asked:
    """A field as a request asks for it."""

    field: Field
    selection: SiteSelection | None


@dataclass(slots=True, eq=False)
class SiteSelection:
    """A selection set of a request."""

    type_name: str
    """Its static type in the subgraph."""
    typename: bool = False
    """Ask for `__typename`."""
    fields: dict[str, Asked] = field(default_factory=dict)
    fragments: dict[str, SiteSelection] = field(default_factory=dict)
    """By type condition."""

    def add(self, one: Field, type_name: str, *, typename: bool) -> SiteSelection | None:
        """Ask for a field; return the selection set below it, None for a leaf."""
        asked = self.fields.get(one.key)
        if asked is None:
            below = None if one.selection is None else SiteSelection(type_name, typename)
            asked = self.fields[one.key] = Asked(one, below)
        return asked.selection

    def fragment(self, type_name: str) -> SiteSelection:
        """Return the selection set under a type condition."""
        return self.fragments.setdefault(type_name, SiteSelection(type_name))

    def absorb(self, other: SiteSelection) -> None:
        """Ask for everything the other asks for, too."""
        self.typename = self.typename or other.typename
        for key, asked in other.fields.items():
            present = self.fields.setdefault(key, asked)
            if present is not asked and present.selection is not None and asked.selection is not None:
                present.selection.absorb(asked.selection)
        for name, fragment in other.fragments.items():
            present_fragment = self.fragments.setdefault(name, fragment)
            if present_fragment is not fragment:
                present_fragment.absorb(fragment)


@dataclass(slots=True, eq=False)
class Target:
    """Objects that an entity call completes, and by what representation."""

    path: Path
    representation: RepresentationSelection
    selection: SiteSelection
    """What is asked of the entities of this target's type."""


@dataclass(slots=True, eq=False)
class Call:
    """One `_entities` field: targets at places whose answers are of the same form."""

    targets: list[Target]


@dataclass(slots=True, eq=False)
class Step:
    """One request to one subgraph, in the making."""

    subgraph: str
    after: set[Step]
    path: Path = ()
    root: SiteSelection | None = None
    """What is asked of the root type; None for a step of entity calls."""
    calls: list[Call] = field(default_factory=list)

    def ancestors(self) -> set[Step]:
        """Return every step that must end before this one begins."""
        found: set[Step] = set()
        pending = list(self.after)
        while pending:
            step = pending.pop()
            if step not in found:
                found.add(step)
                pending.extend(step.after)
        return found
