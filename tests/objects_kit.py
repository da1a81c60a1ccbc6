"""Both stores of files with the servers that clients reach them by, and a scanner that knows one virus."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
import struct
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp

from chassis.objects.folder import FolderStore, LinkKey
from chassis.objects.s3 import S3Settings, S3Store
from deploy.local.ports import HOST, free_port
from deploy.local.processes import start
from deploy.local.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chassis.objects.store import Link, ObjectStore

_READY_SECONDS = 60.0
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test string that every scanner reports; it does nothing."""


@dataclass
class Files:
    """A store, the address of its server, and where its files lie on disk."""

    store: ObjectStore
    url: str
    folder: Path
    key_file: Path | None = None

    def keys(self) -> set[str]:
        """Return what lies in the store, as its disk tells."""
        found = {path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file()}
        return {str(path) for path in found if not any(part.startswith(".") for part in path.parts)}


async def send(link: Link | dict[str, Any], body: bytes = b"", **headers: str) -> tuple[int, bytes, Any]:
    """Use a link as a client would; return status, body and headers of the answer."""
    if isinstance(link, dict):
        method, url = link["method"], link["url"]
        given = {one["name"]: one["value"] for one in link["headers"]}
    else:
        method, url, given = link.method, link.url, dict(link.headers)
    async with aiohttp.ClientSession() as client:
        sent = body if method == "PUT" else None
        async with client.request(method, url, headers={**given, **headers}, data=sent) as answer:
            return answer.status, await answer.read(), answer.headers


@asynccontextmanager
async def folder_files(folder: Path) -> AsyncIterator[Files]:
    """Run the folder store's own server."""
    folder.mkdir(parents=True, exist_ok=True)
    key_file, root, port = folder / "links.key", folder / "files", free_port()
    key_file.write_bytes(base64.urlsafe_b64encode(secrets.token_bytes(32)))
    told = {"FOLDER": root, "KEY_FILE": key_file, "PORT": port, "CORS_ORIGINS": "https://app.example.org"}
    environment = {**os.environ, **{f"LINLI_FILES_{name}": str(value) for name, value in told.items()}}
    supervisor = Supervisor(folder / "children.json")
    program = [sys.executable, "-m", "chassis.objects.folder_server"]
    child = supervisor.launch("files", program, log=folder / "files.log", environment=environment)
    url = f"http://{HOST}:{port}"
    try:
        await supervisor.wait_ready(child, f"{url}/health/ready")
        yield Files(FolderStore(root, url, LinkKey.from_file(key_file)), url, root, key_file)
    finally:
        await supervisor.stop()


@asynccontextmanager
async def s3_files(folder: Path) -> AsyncIterator[Files]:
    """Run nanio, an S3-compatible server that checks signatures, with a private bucket."""
    root, port = folder / "buckets", free_port()
    root.mkdir(parents=True)
    environment = {**os.environ, "NANIO_ACCESS_KEY": "linli", "NANIO_SECRET_KEY": "secret-of-this-test"}
    command = [sys.executable, "-m", "nanio", "serve", "--data-dir", str(root), "--host", HOST, "--port", str(port)]
    child = start("s3", command, log=folder / "s3.log", environment=environment)
    url = f"http://{HOST}:{port}"
    told = S3Settings("linli", "us-east-1", url, access_key="linli", secret_key="secret-of-this-test")
    store = S3Store(told)
    try:
        async with asyncio.timeout(_READY_SECONDS):
            while not await _listens(port):  # noqa: ASYNC110 (nothing tells when a program listens)
                await asyncio.sleep(0.05)
        await (await store._inside()).create_bucket(Bucket="linli")
        yield Files(store, url, root / "linli")
    finally:
        await store.close()
        await child.stop()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(HOST, port)
    except OSError:
        return False
    writer.close()
    return True


@dataclass
class FakeClamd:
    """Speaks INSTREAM, finds the EICAR string, and answers `instead` when that is set."""

    address: str = ""
    scanned: list[int] = field(default_factory=list)
    instead: bytes | None = None

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", await reader.readexactly(4))[0]:
            content += await reader.readexactly(size)
        self.scanned.append(len(content))
        verdict = b"stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"stream: OK"
        writer.write((self.instead or verdict) + b"\0")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def fake_clamd() -> AsyncIterator[FakeClamd]:
    """Run it on a free port of the loopback address."""
    fake = FakeClamd()
    server = await asyncio.start_server(fake.answer, HOST, 0)
    async with server:
        host, port = server.sockets[0].getsockname()[:2]
        fake.address = f"{host}:{port}"
        yield fake
