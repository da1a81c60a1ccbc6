"""Tokens: what holds, what does not, and what a caller may see by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from chassis.errors import Unauthenticated
from chassis.identity import ANONYMOUS, Caller, Grant, KeysAway, TokenVerifier

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.local.issuer import Issuer

codes = st.text("0123456789", max_size=6)


@pytest.fixture
def verifier(issuer: Issuer) -> TokenVerifier:
    return TokenVerifier(issuer.jwks_url, issuer="linli-local", audience="linli")


async def test_a_good_token_tells_who_and_with_what_grants(verifier: TokenVerifier, issuer: Issuer) -> None:
    token = issuer.mint("grid_worker", "resident", region="370321", subject="p1")
    caller = await verifier.caller(f"Bearer {token}")
    assert caller == Caller("p1", (Grant("grid_worker", "370321"), Grant("resident", "370321")))
    assert caller is await verifier.caller(f"bearer {token}")


async def test_no_header_is_the_anonymous_caller_who_sees_nothing(verifier: TokenVerifier) -> None:
    assert await verifier.caller(None) is ANONYMOUS
    assert not ANONYMOUS.sees("370321")


def forged(issuer: Issuer) -> list[str]:
    stranger = RSAKey.generate_key(2048, auto_kid=True)
    claims = {"iss": "linli-local", "aud": "linli", "sub": "p", "exp": 4_000_000_000, "linli_grants": []}
    secret = OctKey.import_key("public key text used as a shared secret, long enough")
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJwIn0."
    good = issuer.mint("admin", region="370321")
    return [
        jwt.encode({"alg": "RS256", "kid": stranger.kid}, claims, stranger),
        jwt.encode({"alg": "HS256"}, claims, secret),
        unsigned,
        good[:-4] + ("AAAA" if not good.endswith("AAAA") else "BBBB"),
        issuer.mint("admin", region="370321", lifetime=-3600),
        "x" * 9000,
        "",
    ]


async def test_forged_altered_and_expired_tokens_do_not_hold(verifier: TokenVerifier, issuer: Issuer) -> None:
    for token in forged(issuer):
        with pytest.raises(Unauthenticated):
            await verifier.caller(f"Bearer {token}")


async def test_a_token_for_another_audience_or_issuer_does_not_hold(issuer: Issuer) -> None:
    token = issuer.mint("admin", region="370321")
    for name, audience in (("other", "linli"), ("linli-local", "other")):
        with pytest.raises(Unauthenticated):
            await TokenVerifier(issuer.jwks_url, issuer=name, audience=audience).caller(f"Bearer {token}")


@pytest.mark.parametrize("region", ["37o321", "３７", "-1", "3" * 21])
async def test_a_region_that_is_no_code_is_refused(verifier: TokenVerifier, issuer: Issuer, region: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.caller(f"Bearer {issuer.mint('admin', region=region)}")


@given(st.lists(codes, max_size=6), codes)
def test_the_scope_covers_exactly_what_some_grant_covers(regions: list[str], code: str) -> None:
    caller = Caller("p", tuple(Grant("r", region) for region in regions))
    assert caller.sees(code) == any(code.startswith(region) for region in regions)
    covered = [a for a in caller.scope for b in caller.scope if a != b and a.startswith(b)]
    assert covered == []


async def test_while_the_issuers_keys_cannot_be_read_those_read_before_go_on_being_used(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "jwks.json"
    keys.write_bytes(issuer.jwks_file.read_bytes())
    verifier = TokenVerifier(keys.as_uri(), issuer="linli-local", audience="linli")
    await verifier.caller(f"Bearer {issuer.mint('admin', region='37', subject='before')}")
    for broken in (None, b"<html>bad gateway</html>", b'{"keys": 1}'):
        keys.unlink() if broken is None else keys.write_bytes(broken)
        monkeypatch.setattr(verifier, "_looked_at", float("-inf"))
        later = await verifier.caller(f"Bearer {issuer.mint('admin', region='37', subject=f'{broken!r}')}")
        assert later.subject == f"{broken!r}"
        with pytest.raises(Unauthenticated):
            await verifier.caller(f"Bearer {forged(issuer)[0]}")
    for clock in ("_read_at", "_looked_at"):
        monkeypatch.setattr(verifier, clock, float("-inf"))
    with pytest.raises(KeysAway):
        await verifier.caller(f"Bearer {issuer.mint('admin', region='37', subject='much later')}")


async def test_keys_that_were_never_read_make_the_service_unavailable_until_they_are(
    issuer: Issuer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "jwks.json"
    verifier = TokenVerifier(keys.as_uri(), issuer="linli-local", audience="linli")
    with pytest.raises(KeysAway, match="keys"):
        await verifier.caller(f"Bearer {issuer.mint('admin', region='37')}")
    keys.write_bytes(issuer.jwks_file.read_bytes())
    with pytest.raises(KeysAway):  # it is asked again in some seconds only, not by every request
        await verifier.caller(f"Bearer {issuer.mint('admin', region='37')}")
    monkeypatch.setattr(verifier, "_looked_at", float("-inf"))
    assert (await verifier.caller(f"Bearer {issuer.mint('admin', region='37')}")).grants
