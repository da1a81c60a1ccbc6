"""The server of a folder store: takes and gives files by signed links, on loopback, and shows nothing else.

`python -m chassis.objects.folder_server`; settings are `LINLI_FILES_*`. A city uses an S3 store instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
from pathlib import Path  # noqa: TC003 (pydantic reads annotations at run time)
from typing import TYPE_CHECKING

import uvicorn
from pydantic import Field
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route

from chassis.http.health import health_routes
from chassis.http.telemetry import configure
from chassis.objects.folder import LinkKey, make_private_folder
from chassis.objects.store import checked_key
from chassis.settings import LOG_LEVELS, EnvironmentSettings, load_or_exit

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PREFIX = "LINLI_FILES_"
_INCOMING = ".incoming"
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
_NO_LINK = "This needs a link that was signed for it and has not expired.\n"


class FilesSettings(EnvironmentSettings):
    """`LINLI_FILES_*`."""

    folder: Path = Field(description="folder in which the files lie; no other user may enter it")
    key_file: Path = Field(description="file with the key by which links are signed; the service has the same")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8005, ge=0, le=65535, description="port to listen on")
    cors_origins: str = Field(default="", description="origins by comma whose pages may use links; * for any")
    log_level: str = Field(default="INFO", pattern=LOG_LEVELS, description="DEBUG, INFO, WARNING or ERROR")


class FolderServer:
    """Answers PUT and GET of `/objects/{key}`."""

    def __init__(self, root: Path, key: LinkKey) -> None:
        self._root = root
        self._key = key

    async def answer(self, request: Request) -> Response:
        """Do what the link allows; whatever else is asked is refused alike, whether anything is there or not."""
        try:
            key = checked_key(request.path_params["key"])
        except ValueError:
            return PlainTextResponse(_NO_LINK, 403)
        query = dict(request.query_params)
        method = "GET" if request.method == "HEAD" else request.method
        if len(query) != len(request.query_params.multi_items()) or not self._key.is_valid(method, key, query):
            return PlainTextResponse(_NO_LINK, 403)
        if method == "PUT":
            return await self._take(request, key, query)
        path = self._root / key
        if not path.is_file():
            return PlainTextResponse("It is gone.\n", 404)
        headers = _SAFE | {"Content-Disposition": query["disposition"]}
        return FileResponse(path, headers=headers, media_type="application/octet-stream")

    async def _take(self, request: Request, key: str, query: dict[str, str]) -> Response:
        """Store what was declared; anything else leaves nothing."""
        size = int(query["size"])
        if request.headers.get("content-length") != str(size):
            return PlainTextResponse(f"Send exactly {size} bytes, with Content-Length.\n", 411)
        if request.headers.get("content-type") != query["type"]:
            return PlainTextResponse(f"Send it as Content-Type: {query['type']}.\n", 400)
        incoming = self._root / _INCOMING / secrets.token_hex(16)
        await asyncio.to_thread(make_private_folder, incoming.parent)
        try:
            found = await _receive(request, incoming)
            if found != query["sha256"]:
                return PlainTextResponse("The bytes are not those that were declared.\n", 400)
            await asyncio.to_thread(_keep, incoming, self._root / key)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        finally:
            await asyncio.to_thread(incoming.unlink, missing_ok=True)
        return PlainTextResponse("", 200)


async def _receive(request: Request, path: Path) -> str:
    """Write the body to a file and return its digest; the HTTP server lets no more through than Content-Length."""
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        async for chunk in request.stream():
            digest.update(chunk)
            await asyncio.to_thread(file.write, chunk)
        file.flush()
        await asyncio.to_thread(os.fsync, descriptor)
    return digest.hexdigest()


def _keep(incoming: Path, target: Path) -> None:
    make_private_folder(target.parent)
    incoming.replace(target)


def application(settings: FilesSettings) -> Starlette:
    """Make the ASGI application."""
    make_private_folder(settings.folder)
    with contextlib.suppress(FileNotFoundError):
        for left in (settings.folder / _INCOMING).iterdir():  # what a killed server was receiving
            left.unlink()
    server = FolderServer(settings.folder, LinkKey.from_file(settings.key_file))
    origins = [origin.strip() for origin in settings.cors_origins.split(",") if origin.strip()]
    cors = Middleware(CORSMiddleware, allow_origins=origins, allow_methods=["GET", "PUT"], allow_headers=["*"])
    return Starlette(
        routes=[*health_routes({}, {}), Route("/objects/{key:path}", server.answer, methods=["GET", "HEAD", "PUT"])],
        middleware=[cors] if origins else [],
    )


def main() -> None:
    """Serve until SIGTERM."""
    settings = load_or_exit(FilesSettings, PREFIX)
    configure("files", settings.log_level)
    uvicorn.run(
        application(settings), host=settings.host, port=settings.port, access_log=False, log_config=None,
        server_header=False, timeout_graceful_shutdown=10,
    )  # fmt: skip


if __name__ == "__main__":
    main()
