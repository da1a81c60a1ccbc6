"""Reading a request and sending a response, on bare ASGI."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from chassis.errors import BadRequest, TooLarge
from chassis.ids import new_id

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Headers:
    """The headers that Linli reads."""

    def __init__(self, scope: Scope) -> None:
        self._headers: dict[bytes, bytes] = dict(scope["headers"])

    def get(self, name: str) -> str | None:
        """Return a header by its lower-case name."""
        value = self._headers.get(name.encode("ascii"))
        return None if value is None else value.decode("latin-1")

    @property
    def authorization(self) -> str | None:
        """The Authorization header."""
        return self.get("authorization")

    @cached_property
    def language(self) -> str:
        """`zh-CN` or `en`, whichever Accept-Language prefers; Chinese when it says nothing (RFC 9110, 12.5.4)."""
        best, best_quality = "zh-CN", 0.0
        for part in (self.get("accept-language") or "").split(","):
            tag, _, parameters = part.strip().partition(";")
            try:
                quality = float(parameters.strip().removeprefix("q=") or 1)
            except ValueError:
                quality = 0.0
            language = {"zh": "zh-CN", "en": "en"}.get(tag.strip().lower().split("-")[0])
            if language and quality > best_quality:
                best, best_quality = language, quality
        return best

    @cached_property
    def request_id(self) -> str:
        """The caller's X-Request-Id when it is well formed, else a new one."""
        given = self.get("x-request-id")
        return given if given and _REQUEST_ID.fullmatch(given) else str(new_id())


async def read_body(receive: Receive, largest: int) -> bytes:
    """Read the whole body. Raises TooLarge beyond `largest` bytes, BadRequest when the client goes away."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        whole: bytes = message.get("body", b"")
        if len(whole) > largest:
            raise TooLarge(what="body", limit=f"{largest} bytes")
        return whole
    chunks: list[bytes] = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise BadRequest(reason="The client went away.")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > largest:
            raise TooLarge(what="body", limit=f"{largest} bytes")
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
        message = await receive()


METHOD_NOT_ALLOWED = 405


async def respond(
    send: Send, status: int, body: bytes, media_type: str, request_id: str, *, allow: bytes = b"POST"
) -> None:
    """Send a whole response; `allow` are the methods that are named when it refuses another (RFC 9110, 15.5.6)."""
    headers = [
        (b"content-type", media_type.encode("ascii")),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"x-request-id", request_id.encode("ascii")),
    ]
    if status == METHOD_NOT_ALLOWED:
        headers.append((b"allow", allow))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
