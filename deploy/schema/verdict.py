"""Whether a change may be deployed, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphql import GraphQLError, parse, validate

from deploy.local.errors import LocalError
from deploy.schema.offers import NotComposed, composed, sources_of, supergraph_of, text_of
from gateway.supply.changes import Change, Severity, changes_between

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphql import GraphQLSchema


@dataclass
class Verdict:
    """What was found."""

    changes: list[Change] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Why the subgraphs do not compose."""
    broken: dict[str, list[str]] | None = None
    """Clients' documents that would not be valid any more, with why; None when none were looked at."""

    @property
    def may_deploy(self) -> bool:
        """Whether nothing that counts breaks."""
        if self.faults or self.broken:
            return False
        return self.broken is not None or not any(each.severity is Severity.BREAKING for each in self.changes)


def compared(old: Path, new: Path) -> Verdict:
    """Compare two supergraphs. Raises LocalError."""
    return Verdict(changes_between(supergraph_of(old), supergraph_of(new)))


def checked(subgraphs: Sequence[str], published: Path, operations: Path | None) -> Verdict:
    """Compose subgraphs and compare with what is published. Raises LocalError."""
    before = supergraph_of(published)
    sources = sources_of(subgraphs)
    try:
        after = composed(sources)
    except NotComposed as error:
        return Verdict(faults=str(error).split("\n"))
    verdict = Verdict(changes_between(before, after))
    if operations is not None:
        verdict.broken = _broken(operations, before.api_schema, after.api_schema)
    return verdict


def _broken(folder: Path, before: GraphQLSchema, after: GraphQLSchema) -> dict[str, list[str]]:
    files = sorted(folder.rglob("*.graphql"))
    if not files:
        raise LocalError(f"{folder} has no *.graphql files.")
    found = {}
    for file in files:
        try:
            document = parse(text_of(file))
        except GraphQLError as error:
            raise LocalError(f"{file} is no GraphQL: {error.message}") from error
        # What was invalid before is not this change's doing.
        if validate(before, document):
            continue
        if errors := validate(after, document):
            found[str(file.relative_to(folder))] = [error.message for error in errors]
    return found


def show(verdict: Verdict, output: str) -> None:
    """Print a verdict."""
    if output == "json":
        told = {
            "mayDeploy": verdict.may_deploy,
            "compositionErrors": verdict.faults,
            "changes": [
                {"severity": each.severity.value, "kind": each.kind, "message": each.message}
                for each in verdict.changes
            ],
            "brokenOperations": verdict.broken,
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))  # noqa: T201 (the command's output)
        return
    lines = [f"does not compose: {fault}" for fault in verdict.faults]
    lines += [str(each) for each in verdict.changes]
    for file, errors in (verdict.broken or {}).items():
        lines += [f"breaks {file}: {error}" for error in errors]
    if not lines:
        lines = ["Nothing differs for clients."]
    lines.append("It may be deployed." if verdict.may_deploy else "It must not be deployed as it is.")
    print("\n".join(lines))  # noqa: T201 (the same)
