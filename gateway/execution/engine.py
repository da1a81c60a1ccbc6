"""The engine: runs a plan and returns the answer's bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from gateway.execution.execute import execute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.execution.client import SubgraphAnswer, SubgraphClient
    from gateway.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to an operation: its JSON text, and whether it has `errors`."""

    body: bytes
    has_errors: bool


class Engine:
    """Runs the plans of one supergraph over one client."""

    def __init__(self, client: SubgraphClient) -> None:
        self._client = client

    async def answer(
        self,
        plan: Plan,
        variables: Mapping[str, Any],
        headers: Mapping[str, str],
        event: SubgraphAnswer | None = None,
    ) -> Answered:
        """Return the answer.

        `variables` are the client's, checked; `headers` go to subgraphs. `event` is what the subgraph of a
        subscription's first fetch sent. A subgraph that fails costs its fields only, so this raises nothing of its own.
        """
        result = await execute(plan, variables=variables, client=self._client, headers=headers, event=event)
        return Answered(msgspec.json.encode(result.formatted()), bool(result.errors))
