"""What a supergraph's directives say of its types and fields beyond their shape: costs, and who may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from graphql import (
    EnumTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    TypeDefinitionNode,
    parse,
    value_from_ast_untyped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from graphql import DirectiveNode

Marks: TypeAlias = "dict[str, dict[str, dict[str, Any]]]"
"""By coordinate (`Type` or `Type.field`), then by directive, the directive's arguments."""
ACCESS = ("authenticated", "requiresScopes", "policy")
COSTS = ("cost", "listSize")
_MARKS = frozenset((*ACCESS, *COSTS))


def marks_of(sdl: str) -> Marks:
    """Return the marks in a supergraph SDL, or in any other with these directives."""
    found: Marks = {}
    for coordinate, directives in _described(sdl):
        given = {
            directive.name.value: {
                argument.name.value: value_from_ast_untyped(argument.value) for argument in directive.arguments or ()
            }
            for directive in directives
            if directive.name.value in _MARKS
        }
        if given:
            found[coordinate] = given
    return found


def _described(sdl: str) -> Iterator[tuple[str, tuple[DirectiveNode, ...]]]:
    for node in parse(sdl, no_location=True).definitions:
        if not isinstance(node, TypeDefinitionNode):
            continue
        name = node.name.value
        yield name, tuple(node.directives or ())
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            for field in node.fields or ():
                yield f"{name}.{field.name.value}", tuple(field.directives or ())
        elif isinstance(node, EnumTypeDefinitionNode):
            for value in node.values or ():
                yield f"{name}.{value.name.value}", tuple(value.directives or ())
