"""Where supergraphs come from: a supergraph file, or subgraphs that tell their SDLs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from graphql import GraphQLError

from gateway.composition.compose import compose
from gateway.composition.errors import CompositionFailed
from gateway.composition.supergraph_sdl import read_supergraph
from gateway.subgraph_sdl import SubgraphSilent, fetch_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gateway.composition.supergraph import Supergraph

_ASK_SECONDS = 5.0


class Unusable(Exception):
    """What was offered is no supergraph; the text says why, a fault a line."""


class Unavailable(Exception):
    """Nothing was offered: a subgraph or the file is away. The text says which."""


def write_out(supergraph: Supergraph, file: Path) -> None:
    """Write a supergraph's SDL whole or not at all: other routers load the file, and so may the next start."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_text(supergraph.sdl, encoding="utf-8")
    unfinished.replace(file)


class Source(Protocol):
    """Offers supergraphs."""

    async def offered(self) -> tuple[str, Callable[[], Supergraph]]:
        """Return what identifies the offer, and what makes the supergraph of it, which may take a second.

        Raises Unavailable. What is returned raises Unusable.
        """


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file with a supergraph SDL, written by whatever composed it."""

    path: Path

    async def offered(self) -> tuple[str, Callable[[], Supergraph]]:
        """Return the file's content; see `Source`."""
        try:
            sdl = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(f"The supergraph cannot be read: {error}") from error
        return sdl, lambda: _read(sdl)


@dataclass(slots=True)
class ComposingSource:
    """Subgraphs by name and URL, asked for their SDLs and composed."""

    urls: Mapping[str, str]
    first_seconds: float
    """How long the first time may take: services start together with the gateway."""
    _is_first: bool = field(default=True)

    async def offered(self) -> tuple[str, Callable[[], Supergraph]]:
        """Ask all subgraphs; see `Source`."""
        seconds = self.first_seconds if self._is_first else _ASK_SECONDS
        try:
            sources = await fetch_sources(self.urls, seconds)
        except SubgraphSilent as error:
            raise Unavailable(str(error)) from error
        self._is_first = False

        def composed() -> Supergraph:
            try:
                return compose(sources)
            except (CompositionFailed, GraphQLError) as error:
                raise Unusable(str(error)) from error

        return "\0".join(f"{each.name} {each.sdl}" for each in sources), composed


def _read(sdl: str) -> Supergraph:
    try:
        return read_supergraph(sdl)
    except (GraphQLError, ValueError) as error:
        raise Unusable(f"The supergraph cannot be used: {error}") from error
