"""The local issuer of tokens: what an identity provider does in a city, with a key of this machine's own.

The key is generated once; services read the public half as a JSON Web Key Set (RFC 7517) from a file.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid4, uuid5

import msgspec
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from chassis.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ISSUER = "linli-local"
AUDIENCE = "linli"
_ALGORITHM = "RS256"
_KEY_BITS = 2048
_LIFETIME_SECONDS = 12 * 3600


class Issuer:
    """Signs tokens with the key in `folder`, making it when there is none."""

    def __init__(self, folder: Path) -> None:
        self.jwks_file = folder.absolute() / "jwks.json"
        key_file = folder / "key.json"
        if key_file.exists():
            self._key = RSAKey.import_key(msgspec.json.decode(key_file.read_bytes()))
        else:
            self._key = RSAKey.generate_key(_KEY_BITS, {"use": "sig", "alg": _ALGORITHM}, auto_kid=True)
            write_private(key_file, msgspec.json.encode(self._key.as_dict(private=True)))
        if not self.jwks_file.exists():
            write_private(self.jwks_file, msgspec.json.encode(KeySet([self._key]).as_dict(private=False)))

    @property
    def jwks_url(self) -> str:
        """The file:// URL of the public keys."""
        return self.jwks_file.as_uri()

    def mint(
        self,
        *roles: str,
        region: str = "",
        subject: str | None = None,
        grants: Iterable[tuple[str, str]] = (),
        lifetime: float = _LIFETIME_SECONDS,
    ) -> str:
        """Return a signed token.

        `roles` are all held in `region` (a region code; empty is everywhere); `grants` are further (role, region)
        pairs, for a person who holds different roles in different places. `subject` is a person's id (a new one when
        left out); `lifetime` is in seconds, and a negative one gives an expired token.
        """
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": subject or str(uuid4()),
            "iat": now,
            "exp": now + int(lifetime),
        }
        listed = [{"role": role, "region": region} for role in roles]
        listed += [{"role": role, "region": where} for role, where in grants]
        if len({grant["region"] for grant in listed}) == 1:
            claims |= {"linli_roles": [grant["role"] for grant in listed], "linli_region": listed[0]["region"]}
        else:
            claims["linli_grants"] = listed
        return jwt.encode({"alg": _ALGORITHM, "kid": self._key.kid}, claims, self._key)


def stable_subject(role: str, region: str) -> str:
    """Return the same made-up person's id each time for a role in a region."""
    return str(uuid5(NAMESPACE_URL, f"linli:{role}:{region}"))
