"""The gateway: compose the subgraphs (or load a supergraph), then serve one graph. `python -m gateway.main`."""

from __future__ import annotations

import asyncio
import gc
import sys
from typing import TYPE_CHECKING

import uvicorn
from graphql import GraphQLError

from chassis.http.telemetry import configure
from chassis.settings import load_or_exit
from gateway.composition.compose import compose
from gateway.composition.errors import CompositionFailed
from gateway.composition.supergraph_sdl import read_supergraph
from gateway.http.app import application
from gateway.settings import PREFIX, GatewaySettings
from gateway.subgraph_sdl import SubgraphSilent, fetch_sources
from gateway.subscriptions.server import GatewayServer

if TYPE_CHECKING:
    from gateway.composition.supergraph import Supergraph


def supergraph_of(settings: GatewaySettings) -> Supergraph:
    """Load or compose the supergraph, and write it out where settings say so.

    Raises CompositionFailed, SubgraphSilent, OSError, ValueError or GraphQLError.
    """
    if settings.supergraph is not None:
        return read_supergraph(settings.supergraph.read_text(encoding="utf-8"))
    supergraph = compose(asyncio.run(fetch_sources(settings.subgraph_urls, settings.start_seconds)))
    if settings.supergraph_out is not None:
        settings.supergraph_out.write_text(supergraph.sdl, encoding="utf-8")
    return supergraph


def main() -> None:
    """Serve until SIGTERM or SIGINT; what prevents it is told in a line and ends with status 2."""
    settings = load_or_exit(GatewaySettings, PREFIX)
    configure("gateway", settings.log_level)
    try:
        supergraph = supergraph_of(settings)
    except (CompositionFailed, SubgraphSilent, OSError, ValueError, GraphQLError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    app = application(settings, supergraph)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=10,
        ws="websockets-sansio",
        ws_max_size=settings.subscriptions_message_bytes,
        # Compression costs memory for each connection, and time for each event.
        ws_per_message_deflate=False,
    )
    # What lives as long as the process is not looked through for garbage again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    GatewayServer(config, app.hub).run()


if __name__ == "__main__":
    main()
