"""Documents: parsed, measured and validated once per text, then answered from memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import GraphQLError, NoSchemaIntrospectionCustomRule, parse, specified_rules, validate

from chassis.errors import TooLarge
from gateway.http.limits import Limits, check_limits

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema

_MOST_ERRORS = 20
_LONGEST_TEXT = 200_000


class DocumentRefused(Exception):
    """The document is no GraphQL, or not valid against the schema; `errors` say where and why."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        self.errors = errors
        super().__init__(errors[0].message)


@dataclass
class Documents:
    """The most recently used documents of one supergraph. Drop the whole with the supergraph."""

    schema: GraphQLSchema
    limits: Limits
    introspection: bool = True
    most: int = 2000

    def __post_init__(self) -> None:
        self._kept: OrderedDict[str, DocumentNode] = OrderedDict()
        hidden = [] if self.introspection else [NoSchemaIntrospectionCustomRule]
        self._rules = [*specified_rules, *hidden]

    def get(self, text: str) -> DocumentNode:
        """Return the document. Raises DocumentRefused, or TooLarge beyond a limit; such are not kept."""
        known = self._kept.get(text)
        if known is not None:
            self._kept.move_to_end(text)
            return known
        document = self._read(text)
        self._kept[text] = document
        if len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return document

    def _read(self, text: str) -> DocumentNode:
        if len(text) > _LONGEST_TEXT:
            raise TooLarge(what="document", limit=f"{_LONGEST_TEXT} characters")
        try:
            document = parse(text, max_tokens=self.limits.tokens)
        except RecursionError:
            raise TooLarge(what="depth", limit=self.limits.depth) from None
        except GraphQLError as error:
            if "tokens" in error.message:
                raise TooLarge(what="tokens", limit=self.limits.tokens) from None
            raise DocumentRefused([error]) from None
        check_limits(document, self.limits)
        errors = validate(self.schema, document, self._rules, max_errors=_MOST_ERRORS)
        if errors:
            raise DocumentRefused(errors)
        return document
