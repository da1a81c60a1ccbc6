"""Who asks, as far as a gateway knows that does not verify tokens: each service does."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from chassis.http.request import Headers

_FORWARDED = ("authorization", "accept-language", "tracestate", "traceparent")
_FAR_SECONDS = 10 * 365 * 86400


class _Claims(msgspec.Struct):
    exp: float | None = None


def forwarded(headers: Headers) -> dict[str, str]:
    """Return what subgraphs get of the client's headers; the request id is added for each operation."""
    return {name: value for name in _FORWARDED if (value := headers.get(name)) is not None}


def user_key(authorization: str | None, address: str) -> str:
    """Return what a user's connections are counted by: the digest of the Authorization header, else the address."""
    if authorization:
        return hashlib.sha256(authorization.encode()).hexdigest()
    return f"address {address}"


def seconds_left(authorization: str | None, now: float) -> float | None:
    """Return how long the bearer token is still valid at `now` (Unix time); None when it says nothing we can read."""
    parts = (authorization or "").split(".")
    if len(parts) != 3:  # noqa: PLR2004 (header, claims, signature: RFC 7515, 3.1)
        return None
    try:
        claims = msgspec.json.decode(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)), type=_Claims)
    except (ValueError, msgspec.MsgspecError):
        return None
    if claims.exp is None or claims.exp - now > _FAR_SECONDS:
        return None
    return max(0.0, claims.exp - now)
