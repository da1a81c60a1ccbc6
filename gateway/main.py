"""The gateway: compose the subgraphs (or load a supergraph), then serve one graph. `python -m gateway.main`."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import structlog
import uvicorn

from chassis.http.telemetry import configure
from chassis.memory import spare_what_stays
from chassis.settings import load_or_exit
from gateway.http.app import application
from gateway.http.persisted import ManifestError
from gateway.settings import PREFIX, GatewaySettings
from gateway.subscriptions.server import GatewayServer
from gateway.supply.sources import ComposingSource, FileSource, Unavailable, Unusable, write_out

if TYPE_CHECKING:
    from gateway.composition.supergraph import Supergraph
    from gateway.supply.sources import Source

_log = structlog.get_logger(__name__)


def source_of(settings: GatewaySettings) -> Source:
    """Return where the settings say that supergraphs come from."""
    if settings.supergraph is not None:
        return FileSource(settings.supergraph)
    return ComposingSource(settings.subgraph_urls, settings.start_seconds)


def first_supergraph(settings: GatewaySettings, source: Source) -> Supergraph:
    """Return the supergraph to start with, and write it out where settings say so.

    When a subgraph does not tell its SDL in time, that is what was written out last: every other subgraph's fields are
    answered then. Raises Unavailable, Unusable or OSError.
    """
    out = settings.supergraph_out
    try:
        _, make = asyncio.run(source.offered())
    except Unavailable as error:
        if out is None or not out.exists():
            raise
        _log.warning("starting with the supergraph of the last run", reason=str(error), file=str(out))
        _, make = asyncio.run(FileSource(out).offered())
    supergraph = make()
    if out is not None:
        write_out(supergraph, out)
    return supergraph


def main() -> None:
    """Serve until SIGTERM or SIGINT; what prevents it is told in a line and ends with status 2.

    SIGHUP has it look for a new supergraph at once.
    """
    settings = load_or_exit(GatewaySettings, PREFIX)
    configure("gateway", settings.log_level)
    source = source_of(settings)
    try:
        app = application(settings, first_supergraph(settings, source), source)
    except (Unavailable, Unusable, OSError, ManifestError) as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
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
    spare_what_stays()
    GatewayServer(config, app.hub).run()


if __name__ == "__main__":
    main()
