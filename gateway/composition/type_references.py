"""The algebra of type references: subtyping, and the merged type of several (GraphQL specification, 3.6.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from graphql import ListTypeNode, NonNullTypeNode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphql import NamedTypeNode, TypeNode

    IsSubtype = Callable[[str, str], bool]


def named(type_: TypeNode) -> str:
    """Return the name at the heart of a type reference."""
    while isinstance(type_, NonNullTypeNode | ListTypeNode):
        type_ = type_.type
    return cast("NamedTypeNode", type_).name.value


def is_required(type_: TypeNode | None) -> bool:
    """Tell whether a type reference is non-null."""
    return isinstance(type_, NonNullTypeNode)


def is_subtype(narrow: TypeNode, wide: TypeNode, names: IsSubtype) -> bool:
    """Tell whether every value of `narrow` is a value of `wide`; `names` decides for two different type names."""
    if isinstance(narrow, NonNullTypeNode):
        return is_subtype(narrow.type, wide.type if isinstance(wide, NonNullTypeNode) else wide, names)
    if isinstance(wide, NonNullTypeNode):
        return False
    if isinstance(narrow, ListTypeNode):
        return isinstance(wide, ListTypeNode) and is_subtype(narrow.type, wide.type, names)
    if isinstance(wide, ListTypeNode):
        return False
    return named(narrow) == named(wide) or names(named(narrow), named(wide))


def widest(types: Sequence[TypeNode], names: IsSubtype) -> TypeNode | None:
    """Return the one of `types` that all others are subtypes of, for outputs; None when there is none."""
    return next((wide for wide in types if all(is_subtype(other, wide, names) for other in types)), None)


def narrowest(types: Sequence[TypeNode]) -> TypeNode | None:
    """Return the one of `types` that is a subtype of all others, for inputs; None when there is none."""
    return next(
        (narrow for narrow in types if all(is_subtype(narrow, other, lambda _a, _b: False) for other in types)), None
    )


def text(type_: TypeNode) -> str:
    """Return a type reference as GraphQL writes it."""
    if isinstance(type_, NonNullTypeNode):
        return f"{text(type_.type)}!"
    return f"[{text(type_.type)}]" if isinstance(type_, ListTypeNode) else named(type_)
