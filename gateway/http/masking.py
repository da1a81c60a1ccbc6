"""What clients see of subgraphs' errors: the message only of errors whose code says that it is meant for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gateway.execution.errors import FormattedError

_OWN = ("SUBREQUEST_", "INVALID_SUBGRAPH_VALUE")
MASKED = "The service reported an error."


class Masking:
    """Hides the messages and extensions of subgraphs' errors, but for the codes that clients may see."""

    def __init__(self, shown: frozenset[str]) -> None:
        self._shown = shown

    def __call__(self, error: FormattedError) -> FormattedError:
        """Return an error as clients see it."""
        extensions: dict[str, Any] = error.get("extensions") or {}
        code = extensions.get("code", "")
        if "service" not in extensions or code in self._shown or str(code).startswith(_OWN):
            return error
        return {**error, "message": MASKED, "extensions": {"code": "INTERNAL", "service": extensions["service"]}}
