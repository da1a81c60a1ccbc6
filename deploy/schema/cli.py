# ruff: noqa: PLC0415, T201 (a command line: as in deploy/local/cli.py)
"""The commands linli schema: compose subgraphs, check a change before it is deployed, compare two supergraphs."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 (cyclopts reads annotations)
from typing import Annotated, Literal

from cyclopts import App, Parameter

from deploy.local.errors import LocalError

app = App(name="schema", help="The graph that clients see: compose it, check a change, compare two.")
Format = Literal["text", "json"]


@app.command
def compose(*subgraphs: str, out: Path | None = None, url: list[str] | None = None) -> None:
    """Compose subgraphs and print the supergraph SDL, which routers load; exit code 2 when they do not compose.

    Example: linli schema compose org=http://127.0.0.1:8001/graphql tickets=tickets.graphql --out supergraph.graphql

    Parameters
    ----------
    subgraphs
        Each NAME=FILE with its SDL, or NAME=URL to ask a running one.
    out
        The file to write; without it the supergraph is printed.
    url
        NAME=URL where a subgraph that is read from a file will answer.
    """
    from deploy.schema.offers import composed, sources_of

    supergraph = composed(sources_of(subgraphs, url or []))
    if out is None:
        print(supergraph.sdl, end="")
        return
    out.write_text(supergraph.sdl, encoding="utf-8")
    print(f"{out}: {len(supergraph.subgraphs)} subgraphs")


@app.command
def check(
    *subgraphs: str,
    published: Path,
    operations: Path | None = None,
    output: Annotated[Format, Parameter(name="--format")] = "text",
) -> None:
    """Check, before it is deployed, that subgraphs compose and that clients of the published supergraph go on.

    Exit code 0: it may be deployed. 1: it does not compose, or breaks clients. With --operations only what breaks one
    of those documents counts; other breaking changes are told but allowed.

    Example: linli schema check org=new.graphql tickets=http://tickets/graphql --published supergraph.graphql

    Parameters
    ----------
    subgraphs
        Each NAME=FILE with its SDL, or NAME=URL to ask a running one: the changed one and all others.
    published
        The supergraph that clients use now.
    operations
        A folder with clients' documents (*.graphql, also in folders below).
    output
        text, or json for pipelines.
    """
    from deploy.schema.verdict import checked, show

    verdict = checked(subgraphs, published, operations)
    show(verdict, output)
    sys.exit(0 if verdict.may_deploy else 1)


@app.command
def diff(old: Path, new: Path, /, *, output: Annotated[Format, Parameter(name="--format")] = "text") -> None:
    """Name what differs between two supergraphs for clients; exit code 1 when anything is breaking.

    Example: linli schema diff supergraph.graphql new.graphql

    Parameters
    ----------
    old
        A supergraph SDL.
    new
        Another one.
    output
        text, or json for pipelines.
    """
    from deploy.schema.verdict import compared, show

    verdict = compared(old, new)
    show(verdict, output)
    sys.exit(0 if verdict.may_deploy else 1)


def plan(query: str, /, *, supergraph: Path | None = None, operation: str | None = None, variables: str = "{}") -> None:
    """Print how the gateway answers a query: which subgraph is asked what, in which order.

    Example: linli plan '{ district(code: "370321") { name ticketStats { done } } }'

    Parameters
    ----------
    query
        A GraphQL document, or the file that holds it.
    supergraph
        A supergraph SDL; without it, that of the Linli on this machine.
    operation
        The operation's name, when the document has several.
    variables
        A JSON object with the variables that stand in @skip and @include; without it, every combination is shown.
    """
    from deploy.local.settings import DataFolder, read_settings
    from deploy.schema.plans import explained

    chosen = supergraph or DataFolder(read_settings().data.absolute()).supergraph
    if not chosen.exists():
        raise LocalError(f"There is no supergraph at {chosen}: run linli up once, or name one with --supergraph.")
    print(explained(query, chosen, operation, variables), end="")
