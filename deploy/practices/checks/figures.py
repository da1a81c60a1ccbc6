"""Checks the figures: that the query is GraphQL and asks for what every figure is read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLSyntaxError, OperationDefinitionNode, OperationType, parse

from deploy.practices.located import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql import DocumentNode, SelectionSetNode

    from deploy.practices.checks.faults import Faults
    from deploy.practices.model import Practice


def check_figures(practice: Practice, folder: Path, faults: Faults) -> list[Fault]:
    """Check the figures section; return the faults of the query's own file."""
    faults.repeated([row.id for row in practice.figures.rows], "figure", "figures", "rows", key="id")
    file = folder / practice.figures.query
    try:
        document = parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        faults.add(f"the file {practice.figures.query} cannot be read", "figures", "query")
        return []
    except GraphQLSyntaxError as error:
        line = error.locations[0].line if error.locations else 1
        return [Fault(file, line, error.message)]
    operation = _only_query(document)
    if operation is None:
        return [Fault(file, 1, "it must hold one query, without variables, and nothing else")]
    for index, row in enumerate(practice.figures.rows):
        # A position in a list is nothing that a query names.
        keys = [key for key in row.path.split(".") if not key.isdecimal()]
        if not _selects(operation.selection_set, keys):
            faults.add(f"the query does not ask for `{row.path}`", "figures", "rows", index, "path")
    return []


def _only_query(document: DocumentNode) -> OperationDefinitionNode | None:
    found = document.definitions[0]
    alone = len(document.definitions) == 1 and isinstance(found, OperationDefinitionNode)
    if not alone or not isinstance(found, OperationDefinitionNode):
        return None
    return found if found.operation is OperationType.QUERY and not found.variable_definitions else None


def _selects(selections: SelectionSetNode | None, keys: Sequence[str]) -> bool:
    """Tell whether a value is selected under the response keys `keys` (a leaf: nothing is selected below it)."""
    if not keys:
        return selections is None
    fields = [field for field in (selections.selections if selections else ()) if isinstance(field, FieldNode)]
    return any(
        _selects(field.selection_set, keys[1:])
        for field in fields
        if (field.alias.value if field.alias else field.name.value) == keys[0]
    )
