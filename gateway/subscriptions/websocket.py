"""Down to a client over WebSocket: the upgrade at /graphql, and whom it is refused.

Browsers do not apply CORS to WebSockets, so that a page of any site could connect with the rights of its visitor's
network: an upgrade with a foreign Origin is refused here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chassis.http.request import Headers
from gateway.subscriptions.connection import Connection
from gateway.subscriptions.messages import PROTOCOL, CloseCode

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from gateway.subscriptions.hub import Hub
    from gateway.supply.serving import Serving


class WebSocketEndpoint:
    """The ASGI callable for WebSocket scopes."""

    def __init__(self, serving: Serving, hub: Hub) -> None:
        self._serving = serving
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection to its end."""
        await receive()  # websocket.connect
        headers = Headers(scope)
        if not self._allowed(headers):
            # Closed before it was accepted: the server answers the upgrade with 403.
            await send({"type": "websocket.close"})
        elif PROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            code = CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE
            await send({"type": "websocket.close", "code": code, "reason": "Subprotocol not acceptable"})
        else:
            await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
            address = (scope.get("client") or ("",))[0]
            await Connection(self._serving, self._hub, headers, address, receive, send).serve()

    def _allowed(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return True
        origins = self._hub.options.origins
        return "*" in origins or origin in origins or urlsplit(origin).netloc == headers.get("host")
