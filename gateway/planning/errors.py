"""What can go wrong while planning."""

from __future__ import annotations


class PlanningError(Exception):
    """An operation that is valid against the schema cannot be planned."""

    code = "QUERY_PLAN_FAILED"


class UnreachableFieldError(PlanningError):
    """No chain of requests leads to a field: the supergraph is not satisfiable there."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__(f"No subgraph can be asked for: {', '.join(paths)}")
        self.paths = paths


class OperationTooLargeError(PlanningError):
    """The operation asks for more fields than a plan is made for, its fragments spread out."""

    code = "OPERATION_TOO_LARGE"


class OperationNotFoundError(PlanningError):
    """The document has no operation of the asked name, or several and none was named."""

    code = "OPERATION_RESOLUTION_FAILURE"
