"""Documents: parsed, measured and validated once per text, then answered from memory."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, NoSchemaIntrospectionCustomRule, parse, specified_rules, validate

from chassis.errors import TooLarge
from gateway.http.limits import Limits, check_limits

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema

_MOST_ERRORS = 20
_LONGEST_TEXT = 200_000
_SUGGESTION = re.compile(r" Did you mean .*\?$", re.DOTALL)
_TOO_MANY_TOKENS = "Syntax Error: Document contains more than"


class DocumentRefused(Exception):
    """The document is no GraphQL, or not valid against the schema; `errors` say where and why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        self.errors = errors
        super().__init__(errors[0].message)


@dataclass(slots=True)
class Known:
    """A document that is valid and within the limits."""

    document: DocumentNode
    operations: dict[str | None, Any] = field(default_factory=dict)
    """What its user keeps with it, by the name of the operation."""


@dataclass
class Documents:
    """The most recently used documents of one supergraph. Drop the whole with the supergraph.

    May be asked from several threads.
    """

    schema: GraphQLSchema
    limits: Limits
    introspection: bool = True
    suggestions: bool = True
    """Tell in errors which names the schema has that are like the one asked for."""
    most_characters: int = 4 * 1024 * 1024
    """Text that is kept; what is made of it takes some fifty times as much memory."""

    def __post_init__(self) -> None:
        self._kept: OrderedDict[str, Known] = OrderedDict()
        self._characters = 0
        self._lock = Lock()
        hidden = [] if self.introspection else [NoSchemaIntrospectionCustomRule]
        self._rules = [*specified_rules, *hidden]

    def known(self, text: str) -> Known | None:
        """Return a document that has been asked for before."""
        with self._lock:
            known = self._kept.get(text)
            if known is not None:
                self._kept.move_to_end(text)
            return known

    def get(self, text: str) -> Known:
        """Return the document. Raises DocumentRefused, or TooLarge beyond a limit; such are not kept."""
        known = self.known(text)
        if known is not None:
            return known
        known = Known(self._read(text))
        with self._lock:
            if text not in self._kept:
                self._kept[text] = known
                self._characters += len(text)
            while self._characters > self.most_characters:
                dropped, _ = self._kept.popitem(last=False)
                self._characters -= len(dropped)
        return known

    def refused(self, errors: list[GraphQLError]) -> DocumentRefused:
        """Return the refusal with these errors, without suggestions where those are not wanted."""
        if self.suggestions:
            return DocumentRefused(errors)
        return DocumentRefused(
            [GraphQLError(_SUGGESTION.sub("", error.message), error.nodes, error.source) for error in errors]
        )

    def _read(self, text: str) -> DocumentNode:
        if len(text) > _LONGEST_TEXT:
            raise TooLarge(what="document", limit=f"{_LONGEST_TEXT} characters")
        try:
            document = parse(text, max_tokens=self.limits.tokens)
            check_limits(document, self.limits)
            errors = validate(self.schema, document, self._rules, max_errors=_MOST_ERRORS)
        except RecursionError:
            raise TooLarge(what="depth", limit=self.limits.depth) from None
        except GraphQLError as error:
            if error.message.startswith(_TOO_MANY_TOKENS):
                raise TooLarge(what="tokens", limit=self.limits.tokens) from None
            raise DocumentRefused([error]) from None
        if errors:
            raise self.refused(errors)
        return document
