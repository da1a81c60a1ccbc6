"""Read the execution result that an event carries."""

from __future__ import annotations

from typing import Any

from gateway.execution.client import SubgraphAnswer
from gateway.execution.errors import SubrequestMalformedError
from gateway.subscriptions.errors import SubscriptionRefused


def read_result(result: Any) -> SubgraphAnswer:
    """Read one event. Raises SubscriptionRefused for errors without `data`: there will be no events."""
    errors = result.get("errors") if isinstance(result, dict) else None
    errors = errors if isinstance(errors, list) else []
    if isinstance(result, dict) and errors and "data" not in result:
        raise SubscriptionRefused(errors)
    if not isinstance(result, dict) or "data" not in result or not isinstance(result["data"], dict | None):
        raise SubrequestMalformedError("An event of the service is not a GraphQL result.")
    return SubgraphAnswer(result["data"], tuple(errors))
