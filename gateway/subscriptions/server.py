"""The web server, which says goodbye to subscribers before it closes their connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    import socket

    from gateway.subscriptions.hub import Hub


class GatewayServer(uvicorn.Server):
    """Uvicorn, with subscriptions ended first: they would outlast the time that requests have to end."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, end subscriptions, then let requests end."""
        for server in self.servers:
            server.close()
        await self._hub.close()
        await super().shutdown(sockets)
