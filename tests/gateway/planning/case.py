"""A case: subgraphs of a few lines, and operations with the answers that follow from their rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gateway.composition.compose import compose
from gateway.composition.read_subgraph import SubgraphSource
from tests.gateway.subgraph_kit import FixtureSubgraph, Resolvers

LINK = """
extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@external",
  "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject", "@extends"])
"""


@dataclass(slots=True)
class Ask:
    """An operation and its answer."""

    query: str
    data: Any
    variables: dict[str, Any] = field(default_factory=dict)
    subgraphs: list[str] | None = None
    """The subgraphs asked, in order of the plan; None to leave it open."""


@dataclass(slots=True)
class Case:
    """Subgraphs under test; each is an SDL and its resolvers (see `subgraph_kit`)."""

    subgraphs: dict[str, tuple[str, Resolvers]]
    asks: list[Ask]

    def fixtures(self) -> list[FixtureSubgraph]:
        return [FixtureSubgraph(name, LINK + sdl, resolvers) for name, (sdl, resolvers) in self.subgraphs.items()]

    def supergraph(self) -> Any:
        return compose([SubgraphSource(name, "", LINK + sdl) for name, (sdl, _) in self.subgraphs.items()])
