"""Set introspection apart: `__schema` and `__type` are answered from the schema clients see, not by a subgraph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    Visitor,
    visit,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphql import SelectionNode, VariableDefinitionNode

    from gateway.planning.normalise import Operation

INTROSPECTION_FIELDS = frozenset({"__schema", "__type"})


def introspection_document(
    document: DocumentNode, node: OperationDefinitionNode, operation: Operation
) -> DocumentNode | None:
    """Return an operation of the introspection fields alone, or None when there are none."""
    if node.operation is not OperationType.QUERY:
        return None
    fields = tuple(_introspection_fields(node.selection_set.selections, operation))
    if not fields:
        return None
    fragments = tuple(each for each in document.definitions if isinstance(each, FragmentDefinitionNode))
    used = _variables(DocumentNode(definitions=(_bare(fields), *fragments)))
    definitions = tuple(each for each in node.variable_definitions or () if each.variable.name.value in used)
    return DocumentNode(definitions=(_bare(fields, definitions), *fragments))


def _bare(
    fields: tuple[FieldNode, ...], definitions: tuple[VariableDefinitionNode, ...] = ()
) -> OperationDefinitionNode:
    return OperationDefinitionNode(
        operation=OperationType.QUERY,
        variable_definitions=definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=fields),
    )


def _introspection_fields(nodes: Iterable[SelectionNode], operation: Operation) -> Iterator[FieldNode]:
    for node in nodes:
        if not operation.includes(node.directives or ()):
            continue
        if isinstance(node, FieldNode):
            if node.name.value in INTROSPECTION_FIELDS:
                yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _introspection_fields(node.selection_set.selections, operation)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in operation.fragments:
            yield from _introspection_fields(operation.fragments[node.name.value].selection_set.selections, operation)


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _variables(document: DocumentNode) -> set[str]:
    visitor = _Variables()
    visit(document, visitor)
    return visitor.names
