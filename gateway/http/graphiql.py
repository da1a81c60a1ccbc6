"""GraphiQL from our own files: it needs no internet and may load nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

_STATIC = Path(__file__).parent / "static"
_FILES = ("graphiql.min.js", "graphiql.min.css", "react.production.min.js", "react-dom.production.min.js")
_OWN = ("start.js", "page.css")
# GraphiQL's editor writes style elements and draws its icons from data; everything else is this origin's only.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def page() -> Response:
    """Return the page."""
    return FileResponse(_STATIC / "graphiql.html", headers=_HEADERS, media_type="text/html; charset=utf-8")


def graphiql_routes(example: str) -> list[BaseRoute]:
    """Return the routes of the page, its files, and the query it starts with."""

    async def show(_request: Request) -> Response:
        return page()

    async def start(_request: Request) -> Response:
        return PlainTextResponse(example, headers=_HEADERS)

    def file(name: str) -> Route:
        async def serve(_request: Request) -> Response:
            return FileResponse(_STATIC / name, headers=_HEADERS | {"cache-control": "max-age=3600"})

        return Route(f"/graphiql/{name}", serve)

    return [
        Route("/graphiql", show),
        Route("/graphiql/example.graphql", start),
        *(file(name) for name in (*_FILES, *_OWN)),
    ]
