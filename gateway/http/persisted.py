"""Persisted documents: those that clients name by an id instead of sending their text.

*Trusted* documents come from a manifest that is written when the clients are built; if so configured, nothing else is
answered. *Automatic* ones (Apollo's APQ) are kept when a client first sends a text together with its hash.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import msgspec

from chassis.errors import BadRequest
from gateway.http.refusals import HashDiffers, PersistedQueryNotFound, PersistedQueryNotSupported, UntrustedDocument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gateway.http.read_request import GraphQLRequest

_PREFIX = "sha256:"
AUTOMATIC_CHARACTERS = 8 * 1024 * 1024
"""How much text is kept of automatic documents; those that were not used the longest go first."""


class ManifestError(ValueError):
    """The manifest cannot be read; the text says why."""


def read_manifest(file: Path) -> dict[str, str]:
    """Return the documents of a manifest by id.

    Two forms are known: a JSON object from id to document, and Apollo's
    (`{"format": "apollo-persisted-query-manifest", "operations": [{"id", "body"}]}`). Raises ManifestError.
    """
    try:
        told = msgspec.json.decode(file.read_bytes())
        if isinstance(told, dict) and "operations" in told and not isinstance(told["operations"], str):
            told = {each["id"]: each["body"] for each in told["operations"]}
        return msgspec.convert(told, dict[str, str])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError) as error:
        raise ManifestError(f"The manifest {file} is not one: {error}") from error


class PersistedDocuments:
    """The documents known by id."""

    def __init__(
        self, trusted: Mapping[str, str] | None = None, *, only_trusted: bool = False, automatic: bool = True
    ) -> None:
        self._trusted = {identifier.removeprefix(_PREFIX): text for identifier, text in (trusted or {}).items()}
        self._texts = frozenset(self._trusted.values())
        self._only_trusted = only_trusted
        self._automatic = automatic and not only_trusted
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._characters = 0

    def text_of(self, request: GraphQLRequest) -> str:
        """Return the document that a request names or brings.

        Raises PersistedQueryNotFound, PersistedQueryNotSupported, HashDiffers, UntrustedDocument or BadRequest.
        """
        hashed = _hash_in(request.extensions) if request.extensions else None
        if request.query is not None:
            if self._only_trusted and request.query not in self._texts:
                raise UntrustedDocument
            # Whatever else names it: `keep` takes the text under this hash, for everybody.
            if hashed is not None and hashlib.sha256(request.query.encode()).hexdigest() != hashed:
                raise HashDiffers
            return request.query
        identifier = request.documentId or hashed
        if identifier is None:
            raise BadRequest(reason="The request has no `query`, and no `documentId` that names one.")
        identifier = identifier.removeprefix(_PREFIX)
        text = self._trusted.get(identifier)
        if text is None and identifier in self._kept:
            self._kept.move_to_end(identifier)
            text = self._kept[identifier]
        if text is not None:
            return text
        if request.documentId is None and not self._automatic:
            raise PersistedQueryNotSupported
        raise PersistedQueryNotFound

    def keep(self, request: GraphQLRequest) -> None:
        """Keep a document that was sent with its hash. Call it once the document has proved valid, after `text_of`."""
        identifier = _hash_in(request.extensions) if request.extensions else None
        if identifier is None or request.query is None or not self._automatic or identifier in self._kept:
            return
        self._kept[identifier] = request.query
        self._characters += len(request.query)
        while self._characters > AUTOMATIC_CHARACTERS:
            _, dropped = self._kept.popitem(last=False)
            self._characters -= len(dropped)


def _hash_in(extensions: dict[str, Any]) -> str | None:
    """Return the hash of Apollo's `persistedQuery` extension, version 1."""
    told = extensions.get("persistedQuery")
    if told is None:
        return None
    if not isinstance(told, dict) or told.get("version") != 1 or not isinstance(told.get("sha256Hash"), str):
        raise BadRequest(reason="extensions.persistedQuery needs `version: 1` and a `sha256Hash`.")
    identifier: str = told["sha256Hash"]
    return identifier
