"""Errors of execution, in the form clients get them (GraphQL specification, 7.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

ErrorPath: TypeAlias = "tuple[str | int, ...]"
FormattedError: TypeAlias = "dict[str, Any]"

DOWNSTREAM_SERVICE_ERROR = "DOWNSTREAM_SERVICE_ERROR"
"""The code of a subgraph's error that brings no code of its own."""
INVALID_SUBGRAPH_VALUE = "INVALID_SUBGRAPH_VALUE"
"""The code for a value that does not fit its type."""


class SubrequestError(Exception):
    """A request to a subgraph failed as a whole."""

    code = "SUBREQUEST_HTTP_ERROR"

    def __init__(self, message: str, **extensions: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extensions = extensions


class SubrequestHttpError(SubrequestError):
    """The subgraph could not be reached, or answered with a status that is no GraphQL answer."""

    code = "SUBREQUEST_HTTP_ERROR"


class SubrequestTimeoutError(SubrequestError):
    """The subgraph did not answer in time."""

    code = "SUBREQUEST_TIMEOUT"


class SubrequestMalformedError(SubrequestError):
    """The subgraph's answer is not a GraphQL answer."""

    code = "SUBREQUEST_MALFORMED_RESPONSE"


class SubrequestRefusedError(SubrequestError):
    """The subgraph failed so often that it is left alone for a while; it was not asked."""

    code = "SUBREQUEST_CIRCUIT_OPEN"


class SubrequestTooLargeError(SubrequestError):
    """The subgraph's answer is larger than allowed."""

    code = "SUBREQUEST_RESPONSE_TOO_LARGE"


def format_failure(error: SubrequestError, subgraph: str, path: Sequence[str | int] | None) -> FormattedError:
    """Return the error of a request that failed as a whole."""
    extensions = {"code": error.code, "service": subgraph, **error.extensions}
    return _formatted(error.message, path, extensions)


def format_downstream(error: Any, subgraph: str, path: Sequence[str | int] | None) -> FormattedError:
    """Return a subgraph's own error with the client's path; its extensions stay as they are."""
    given = error if isinstance(error, dict) else {}
    message = given.get("message")
    extensions = given.get("extensions")
    kept = {"code": DOWNSTREAM_SERVICE_ERROR, **(extensions if isinstance(extensions, dict) else {})}
    kept.setdefault("service", subgraph)
    return _formatted(message if isinstance(message, str) else "The service reported an error.", path, kept)


def format_null(coordinate: str, path: Sequence[str | int]) -> FormattedError:
    """Return the error of a null where the schema allows none (GraphQL specification, 6.4.4)."""
    return _formatted(
        f"Cannot return null for non-nullable field {coordinate}.", path, {"code": INVALID_SUBGRAPH_VALUE}
    )


def format_value(coordinate: str, expected: str, path: Sequence[str | int]) -> FormattedError:
    """Return the error of a value that does not fit its type. The value itself is not repeated."""
    message = f"Field {coordinate} has a value that is not of type {expected}."
    return _formatted(message, path, {"code": INVALID_SUBGRAPH_VALUE})


def _formatted(message: str, path: Sequence[str | int] | None, extensions: dict[str, Any]) -> FormattedError:
    formatted: FormattedError = {"message": message}
    if path is not None:
        formatted["path"] = list(path)
    formatted["extensions"] = extensions
    return formatted
