"""A query's plan as a text."""

from __future__ import annotations

import json
from pathlib import Path

from graphql import GraphQLError, parse, validate

from deploy.local.errors import LocalError
from deploy.schema.offers import supergraph_of, text_of
from gateway.planning.cache import OperationPlans
from gateway.planning.errors import PlanningError
from gateway.planning.explain import explain, explain_variants
from gateway.planning.planner import Planner


def explained(query: str, supergraph: Path, operation: str | None, variables: str) -> str:
    """Return the plan of a query, which is a document or the name of a file. Raises LocalError."""
    text = query if "{" in query else text_of(Path(query))
    graph = supergraph_of(supergraph)
    try:
        given = json.loads(variables)
        document = parse(text)
    except ValueError as error:
        raise LocalError(f"The variables are not a JSON object: {error}") from error
    except GraphQLError as error:
        raise LocalError(f"This cannot be planned: {error.message}") from error
    if not isinstance(given, dict):
        raise LocalError("The variables are not a JSON object.")
    if errors := validate(graph.api_schema, document):
        raise LocalError("\n".join(error.message for error in errors))
    try:
        plans = OperationPlans(Planner(graph), document, operation)
        return explain(plans.plan_for(given)) if given else explain_variants(plans)
    except PlanningError as error:
        raise LocalError(str(error)) from error
