"""The graph in service, which a reload replaces whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.http.graph import Graph


class Serving:
    """Holds the graph in service.

    A request takes `graph` once, when it begins, and keeps it to its end: replacing it drops no request.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @property
    def graph(self) -> Graph:
        """The graph that new requests are answered from."""
        return self._graph

    def replace(self, graph: Graph) -> None:
        """Answer new requests from `graph`."""
        self._graph = graph
