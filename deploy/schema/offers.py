"""Read subgraphs and supergraphs from files and URLs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from graphql import GraphQLError

from deploy.local.errors import LocalError
from gateway.composition import compose as composition
from gateway.composition.errors import CompositionFailed
from gateway.composition.subgraph import SubgraphSource
from gateway.composition.supergraph_sdl import read_supergraph
from gateway.subgraph_sdl import SubgraphSilent, fetch_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gateway.composition.supergraph import Supergraph

_ASK_SECONDS = 10.0


class NotComposed(LocalError):
    """The subgraphs do not compose; the text has a fault a line."""


def pairs(told: Iterable[str]) -> dict[str, str]:
    """Return NAME=PLACE pairs by name. Raises LocalError."""
    found: dict[str, str] = {}
    for each in told:
        name, equals, place = each.partition("=")
        if not name or not equals or not place:
            raise LocalError(f"{each!r} is not NAME=FILE or NAME=URL.")
        if name in found:
            raise LocalError(f"The subgraph {name} is named twice.")
        found[name] = place
    return found


def sources_of(told: Sequence[str], urls: Sequence[str] = ()) -> list[SubgraphSource]:
    """Return the subgraphs that were named, in order. Raises LocalError when one cannot be read."""
    if not told:
        raise LocalError("Name the subgraphs, each as NAME=FILE or NAME=URL.")
    places, addresses = pairs(told), pairs(urls)
    if unknown := sorted(addresses.keys() - places.keys()):
        raise LocalError(f"--url names subgraphs that are not there: {', '.join(unknown)}.")
    running = {name: place for name, place in places.items() if place.startswith(("http://", "https://"))}
    try:
        fetched = {each.name: each for each in asyncio.run(fetch_sources(running, _ASK_SECONDS))}
    except SubgraphSilent as error:
        raise LocalError(str(error)) from error
    return [
        SubgraphSource(name, addresses.get(name, place), fetched[name].sdl)
        if name in fetched
        else SubgraphSource(name, addresses.get(name, ""), text_of(Path(place)))
        for name, place in places.items()
    ]


def composed(sources: list[SubgraphSource]) -> Supergraph:
    """Compose subgraphs. Raises NotComposed."""
    try:
        return composition.compose(sources)
    except (CompositionFailed, GraphQLError) as error:
        raise NotComposed(str(error)) from error


def supergraph_of(file: Path) -> Supergraph:
    """Read a supergraph. Raises LocalError."""
    try:
        return read_supergraph(text_of(file))
    except (GraphQLError, ValueError) as error:
        raise LocalError(f"{file} is not a supergraph: {error}") from error


def text_of(file: Path) -> str:
    """Return a file's text. Raises LocalError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LocalError(f"{file} cannot be read: {error}") from error
