"""Every list in the graph is a connection or is short, and says why: by a number, or by the practice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from graphql import (
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    parse,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphql import DocumentNode, TypeNode

_SERVICES = ("org", "tickets", "credit", "property")
_SAYS_HOW_MANY = re.compile(r"\bat most (the (last|latest) )?\d|\d at most|\b(newest|latest) \d", re.IGNORECASE)
_BY_CONFIGURATION = re.compile(r"\b(practice|process|processes|catalogue)\b")
KEPT = {
    "Problem.path": "as deep as inputs are nested",
    "Query._entities": "as many as the gateway asks about",
    "Query._entities(representations)": "the same",
    "RedrawGridsPayload.report": "what one redrawing moved, whose input is bounded",
    "CloseRegionPayload.report": "what lay in one region that was closed",
    "LookAtSpecialNeedsPayload.specialNeeds": "what is kept of one person: an entry for each of the practice's kinds",
    "ExportSpecialNeedsPayload.specialNeeds": "a copy of what is kept of a person is whole by law (个人信息保护法 45)",
    "ExportSpecialNeedsPayload.looks": "the same",
    "ChooseNotificationsPayload.choices": "notifications times channels, which are enums",
    "Query.myNotificationChoices": "the same",
    "DeliberationStats.sessions": "one for each form of session, an enum",
    "TicketStats.punctuality": "one for each kind of deadline, an enum",
    "PropertyStats.lackProgress": "one for each community of a district, or district of a city",
}


def _schema(service: str) -> DocumentNode:
    path = Path(__file__).parents[2] / "services" / service / "contract/schema.graphql"
    return parse(path.read_text(encoding="utf-8"))


def _listed(type_: TypeNode) -> str | None:
    """Return of what a type is a list; None when it is none."""
    type_ = type_.type if isinstance(type_, NonNullTypeNode) else type_
    if not isinstance(type_, ListTypeNode):
        return None
    inner: TypeNode = type_
    while isinstance(inner, ListTypeNode | NonNullTypeNode):
        inner = inner.type
    return inner.name.value if isinstance(inner, NamedTypeNode) else None


def _lists(schema: DocumentNode) -> Iterator[tuple[str, FieldDefinitionNode]]:
    """Yield the plain lists of a schema: no page's edges, no problems, no enums."""
    enums = {one.name.value for one in schema.definitions if isinstance(one, EnumTypeDefinitionNode)}
    for type_ in schema.definitions:
        if not isinstance(type_, ObjectTypeDefinitionNode) and type_.kind != "interface_type_definition":
            continue
        for field in type_.fields or ():  # type: ignore[attr-defined]
            listed = _listed(field.type)
            if listed is not None and listed not in enums and field.name.value not in {"edges", "problems"}:
                yield f"{type_.name.value}.{field.name.value}", field  # type: ignore[attr-defined]


def unbounded(schema: DocumentNode) -> list[str]:
    """Return the lists of a schema that do not say by what they are bounded."""
    found = []
    for name, field in _lists(schema):
        said = " ".join(field.description.value.split()) if field.description else ""
        if name not in KEPT and not _SAYS_HOW_MANY.search(said) and not _BY_CONFIGURATION.search(said):
            found.append(f"{name}: {said}")
    return found


def given_without_limit(schema: DocumentNode) -> list[str]:
    """Return the lists that inputs and arguments take without saying how long they may be."""
    enums = {one.name.value for one in schema.definitions if isinstance(one, EnumTypeDefinitionNode)}
    found = []
    for type_ in schema.definitions:
        if isinstance(type_, InputObjectTypeDefinitionNode):
            given = [(one, f"{type_.name.value}.{one.name.value}") for one in type_.fields or ()]
        elif isinstance(type_, ObjectTypeDefinitionNode):
            here = [(field, one) for field in type_.fields or () for one in field.arguments or ()]
            given = [(one, f"{type_.name.value}.{field.name.value}({one.name.value})") for field, one in here]
        else:
            continue
        for one, name in given:
            listed, said = _listed(one.type), one.description.value if one.description else ""
            says = _SAYS_HOW_MANY.search(said) or _BY_CONFIGURATION.search(said)
            if listed is not None and listed not in enums and not says:
                found.append(name)
    return found


@pytest.mark.parametrize("service", _SERVICES)
def test_every_plain_list_says_by_what_it_is_bounded(service: str) -> None:
    assert unbounded(_schema(service)) == []


@pytest.mark.parametrize("service", _SERVICES)
def test_every_list_that_is_given_says_how_long_it_may_be(service: str) -> None:
    """Those that say 2,000 are limited as all variables are (`chassis/graphql/endpoint.py`)."""
    assert [name for name in given_without_limit(_schema(service)) if name not in KEPT] == []


def test_what_is_kept_without_saying_so_is_there() -> None:
    lists = {name for service in _SERVICES for name, _ in _lists(_schema(service))}
    assert KEPT.keys() - {"Query._entities(representations)"} <= lists


@pytest.mark.parametrize(
    ("description", "is_bounded"),
    [
        ("All of them", False), ("At most", False), ("Practically all", False), ("In the last 20 days", False),
        ("Some, at most 20", True), ("Some; 500 at most", True), ("The newest 1,000", True), ("By the practice", True),
    ],
)  # fmt: skip
def test_a_list_is_found_that_says_nothing(description: str, is_bounded: bool) -> None:
    schema = parse(f'type A {{ "{description}" some: [Int!]! "A page" one: Int edges: [Int!]! problems: [Int!]! }}')
    assert unbounded(schema) == ([] if is_bounded else [f"A.some: {description}"])
    taken = parse(
        f'input I {{ "{description}" some: [Int!] one: Int }} type A {{ b("{description}" some: [Int!]): Int }}'
    )
    assert given_without_limit(taken) == ([] if is_bounded else ["I.some", "A.b(some)"])
