"""Health and metrics: live says that the process runs, ready that it can answer, metrics how it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request


def health_routes(
    needed: Mapping[str, Callable[[], Awaitable[bool]]], wanted: Mapping[str, Callable[[], bool]]
) -> list[Route]:
    """Return the routes /health/live, /health/ready and /metrics.

    `needed` must all hold for readiness; `wanted` are reported only: while NATS is away, requests go on and events
    wait in the outbox.
    """

    async def live(_request: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_request: Request) -> Response:
        states = {name: await check() for name, check in needed.items()}
        is_ready = all(states.values())
        states |= {name: check() for name, check in wanted.items()}
        body = {"status": "ready" if is_ready else "not ready"} | {
            name: "ok" if state else "away" for name, state in states.items()
        }
        return JSONResponse(body, status_code=200 if is_ready else 503)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)]
