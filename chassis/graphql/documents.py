"""Documents: parsed, validated and measured once, then answered from memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    parse,
    specified_rules,
    validate,
)

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema, SelectionSetNode


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be; generous for what the gateway sends, small for an attacker."""

    tokens: int = 10_000
    depth: int = 30
    characters: int = 200_000


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was looked at: its tree, or the errors that say what is wrong with it."""

    tree: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


class DocumentCache:
    """The most recently used documents with the outcome of parsing and validating them."""

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        limits: Limits | None = None,
        introspection: bool = False,
        most: int = 1000,
    ) -> None:
        self._schema = schema
        self._limits = limits or Limits()
        self._rules = [*specified_rules] if introspection else [*specified_rules, NoSchemaIntrospectionCustomRule]
        self._most = most
        self._documents: OrderedDict[str, Document] = OrderedDict()

    def get(self, text: str) -> Document:
        """Return the document for `text`; a faulty one comes with its errors, each with `extensions.code`."""
        found = self._documents.get(text)
        if found is not None:
            self._documents.move_to_end(text)
            return found
        document = self._look_at(text)
        # Faulty documents are not kept: junk must not push out what front ends use.
        if document.tree is not None:
            self._documents[text] = document
            if len(self._documents) > self._most:
                self._documents.popitem(last=False)
        return document

    def _look_at(self, text: str) -> Document:
        if len(text) > self._limits.characters:
            return _faulty("TOO_LARGE", f"The document is longer than {self._limits.characters} characters.")
        try:
            tree = parse(text, max_tokens=self._limits.tokens)
        except GraphQLError as error:
            code = "TOO_LARGE" if "tokens" in error.message else "BAD_REQUEST"
            return Document(None, (_coded(error, code),))
        except RecursionError:
            return _faulty("TOO_LARGE", "The document is nested too deeply.")
        if depth_of(tree, self._limits.depth) > self._limits.depth:
            return _faulty("TOO_LARGE", f"The document is nested more than {self._limits.depth} levels deep.")
        errors = validate(self._schema, tree, self._rules, max_errors=20)
        if errors:
            return Document(None, tuple(_coded(error, "BAD_REQUEST") for error in errors))
        return Document(tree)


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": code}
    return error


def _faulty(code: str, message: str) -> Document:
    return Document(None, (GraphQLError(message, extensions={"code": code}),))


def depth_of(tree: DocumentNode, enough: int) -> int:
    """Return how deep the deepest operation goes with fragments flattened; stops counting beyond `enough`.

    A cycle of fragments (which validation refuses later) counts as beyond `enough`.
    """
    fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
    known: dict[str, int] = {}

    def of(selections: SelectionSetNode | None, inside: frozenset[str]) -> int:
        deepest = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                depth = 1 + of(node.selection_set, inside)
            elif isinstance(node, InlineFragmentNode):
                depth = of(node.selection_set, inside)
            else:
                depth = spread(node, inside)
            deepest = max(deepest, depth)
        return deepest

    def spread(node: object, inside: frozenset[str]) -> int:
        name = node.name.value if isinstance(node, FragmentSpreadNode) else ""
        if name in inside:
            return enough + 1
        if name not in known:
            fragment = fragments.get(name)
            known[name] = of(fragment.selection_set, inside | {name}) if fragment else 0
        return known[name]

    operations = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    return max((of(operation.selection_set, frozenset()) for operation in operations), default=0)
