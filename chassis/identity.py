"""Who is calling: JSON Web Tokens verified against the issuer's key set (RFC 7519, RFC 7517).

Claims: `sub`; and either `linli_roles` (list) with `linli_region` (a region-code prefix), or `linli_grants`, a list
of `{"role": ..., "region": ...}` for a person who holds different roles in different places.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import aiohttp
import msgspec
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.errors import Unauthenticated, Unavailable

ALGORITHMS = ["RS256", "ES256", "EdDSA", "Ed25519"]
_MOST_REMEMBERED = 4096
_JWKS_SECONDS = 600.0
_JWKS_RETRY_SECONDS = 5.0
_JWKS_OUTAGE_SECONDS = 6 * 3600.0
"""How long keys go on being used that cannot be read anew: the issuer may have taken one back meanwhile."""
_LEEWAY_SECONDS = 30
_LONGEST_TOKEN = 8192
_LONGEST_REGION = 20
_NO_KEYS = (OSError, ValueError, KeyError, TypeError, JoseError, msgspec.MsgspecError, aiohttp.ClientError)
"""What reading a key set raises when it is away, or is none."""
_log = structlog.get_logger(__name__)


class KeysAway(Unavailable):
    """The issuer's key set cannot be read, so no token can be checked; nothing was changed."""

    en = "The service cannot read the keys of the token's issuer just now; nothing was changed, please try again."
    zh = "服务暂时无法读取令牌签发方的密钥；未作任何更改，请稍后重试。"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held in a region and everything below it; an empty region is everywhere."""

    role: str
    region: str

    def covers(self, region_code: str) -> bool:
        """Tell whether `region_code` lies in this grant's region."""
        return region_code.startswith(self.region)


@dataclass(frozen=True)
class Caller:
    """Who calls, with what grants. The anonymous caller has no subject and no grants."""

    subject: str | None
    grants: tuple[Grant, ...] = ()

    @cached_property
    def scope(self) -> tuple[str, ...]:
        """The smallest set of region prefixes that all grants together cover, in order."""
        prefixes: list[str] = []
        for region in sorted({grant.region for grant in self.grants}):
            if not any(region.startswith(prefix) for prefix in prefixes):
                prefixes.append(region)
        return tuple(prefixes)

    @property
    def is_anonymous(self) -> bool:
        """Whether no token was presented."""
        return self.subject is None

    def regions(self, *roles: str) -> tuple[str, ...]:
        """Return the regions in which the caller holds one of `roles`."""
        return tuple(grant.region for grant in self.grants if grant.role in roles)

    def holds(self, role: str, region_code: str) -> bool:
        """Tell whether the caller holds `role` in a region that covers `region_code`."""
        return any(grant.role == role and grant.covers(region_code) for grant in self.grants)

    def sees(self, region_code: str) -> bool:
        """Tell whether `region_code` lies in the caller's scope, by any grant."""
        return any(region_code.startswith(prefix) for prefix in self.scope)


ANONYMOUS = Caller(subject=None)


def _grants(claims: dict[str, Any]) -> tuple[Grant, ...]:
    """Read the grants; anything malformed is refused, never half understood."""
    listed = claims.get("linli_grants")
    if listed is None:
        roles, region = claims.get("linli_roles"), claims.get("linli_region")
        if not isinstance(roles, list) or not isinstance(region, str):
            raise Unauthenticated(reason="the token names no roles and region")
        listed = [{"role": role, "region": region} for role in roles]
    grants = []
    for entry in listed if isinstance(listed, list) else [None]:
        role, region = (entry.get("role"), entry.get("region")) if isinstance(entry, dict) else (None, None)
        well_formed = isinstance(role, str) and role and isinstance(region, str) and len(region) <= _LONGEST_REGION
        if not well_formed or (region and not (region.isascii() and region.isdigit())):
            raise Unauthenticated(reason="the token's grants are malformed")
        grants.append(Grant(str(role), str(region)))
    return tuple(grants)


class TokenVerifier:
    """Verifies bearer tokens; remembers those it verified until they expire."""

    def __init__(self, jwks_url: str, *, issuer: str, audience: str) -> None:
        self._jwks_url = jwks_url
        self._registry = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        self._keys: KeySet | None = None
        self._read_at = self._looked_at = float("-inf")
        self._reading = asyncio.Lock()
        self._verified: OrderedDict[str, tuple[Caller, float]] = OrderedDict()

    async def caller(self, authorization: str | None) -> Caller:
        """Return who an `Authorization` header speaks for; no header is the anonymous caller.

        Raises Unauthenticated when the header is malformed or the token does not hold, KeysAway.
        """
        if not authorization:
            return ANONYMOUS
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
            raise Unauthenticated(reason="the Authorization header must be 'Bearer <token>'")
        known = self._verified.get(token)
        if known and known[1] > time.time():
            return known[0]
        caller, expires = await self._verify(token)
        self._verified[token] = caller, expires
        while len(self._verified) > _MOST_REMEMBERED:
            self._verified.popitem(last=False)
        return caller

    async def _verify(self, token: str) -> tuple[Caller, float]:
        keys = await self._key_set(_JWKS_SECONDS)
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # The issuer may have rotated its keys since they were read.
            keys = await self._key_set(_JWKS_RETRY_SECONDS)
            try:
                decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError) as error:
                raise Unauthenticated(reason="the token's signature does not hold") from error
        try:
            self._registry.validate(decoded.claims)
        except JoseError as error:
            raise Unauthenticated(reason=f"the token does not hold ({error.description or error.error})") from error
        claims = decoded.claims
        if not isinstance(claims["sub"], str):
            raise Unauthenticated(reason="the token names no subject")
        return Caller(claims["sub"], _grants(claims)), float(claims["exp"])

    async def _key_set(self, oldest: float) -> KeySet:
        async with self._reading:
            patience = _JWKS_RETRY_SECONDS if self._keys is None else oldest
            if time.monotonic() - self._looked_at > patience:
                await self._look()
            if self._keys is None:
                raise KeysAway
            return self._keys

    async def _look(self) -> None:
        """Read the key set anew; while that fails, what was read before stays for some hours."""
        try:
            self._keys = KeySet.import_key_set(msgspec.json.decode(await _read(self._jwks_url)))
            self._read_at = time.monotonic()
        except _NO_KEYS as error:
            _log.warning("the issuer's keys could not be read", url=self._jwks_url, reason=repr(error))
            if time.monotonic() - self._read_at > _JWKS_OUTAGE_SECONDS:
                self._keys = None
        finally:
            self._looked_at = time.monotonic()


async def _read(url: str) -> bytes:
    parts = urlparse(url)
    if parts.scheme == "file":
        return await asyncio.to_thread(Path(unquote(parts.path)).read_bytes)
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url, raise_for_status=True) as response:
        return await response.read()
