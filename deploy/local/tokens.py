"""`linli token`: who a token speaks for when nobody is named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aiohttp

from deploy.local.errors import LocalError
from deploy.local.issuer import Issuer, stable_subject
from deploy.local.settings import DataFolder

if TYPE_CHECKING:
    from deploy.local.settings import LocalSettings

SYSTEM_ROLES = frozenset({"admin", "auditor", "observer", "resident"})
_REGION_CODE = re.compile(r"(\d{4}|\d{6}|\d{9}|\d{12}|\d{15}|\d{18}|\d{20})?", re.ASCII)
_ROLE = re.compile(r"[a-z][a-z0-9_]*")
_HOLDER = """
query Holder($code: String!, $title: String!) {
  region(code: $code) { duties(title: $title, first: 1) { edges { node { person { id } } } } }
}
"""


def system_token(settings: LocalSettings, role: str, region: str) -> str:
    """Return a token for a system role, for the person that is made up for it. Raises LocalError without an issuer."""
    return _issuer(settings).mint(role, region=region, subject=stable_subject(role, region))


async def make_token(settings: LocalSettings, role: str, region: str, subject: str | None) -> str:
    """Return a token for `role` in `region`; for a duty title without `subject` it is the holder's.

    Raises LocalError for a malformed role or region, or when nobody holds the duty there.
    """
    if not _REGION_CODE.fullmatch(region):
        raise LocalError(f"{region} is not a region code: digits only, 4, 6, 9, 12, 15, 18 or 20 of them.")
    if not _ROLE.fullmatch(role):
        raise LocalError(f"{role} is not a role: small letters, digits and underscores, such as grid_worker.")
    if subject is None:
        subject = stable_subject(role, region) if role in SYSTEM_ROLES else await _holder(settings, role, region)
    return _issuer(settings).mint(role, region=region, subject=subject)


def _issuer(settings: LocalSettings) -> Issuer:
    folder = DataFolder(settings.data.absolute())
    if not folder.issuer.exists():
        raise LocalError(f"There is no issuer in {folder.root} yet: run 'make up' (or 'linli up') first.")
    return Issuer(folder.issuer)


async def _holder(settings: LocalSettings, title: str, region: str) -> str:
    """Ask the running gateway who holds a duty in a region."""
    token = system_token(settings, "admin", region)
    query = {"query": _HOLDER, "variables": {"code": region, "title": title}}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as client,
            client.post(settings.gateway_url, json=query, headers={"Authorization": f"Bearer {token}"}) as response,
        ):
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise LocalError(
            f"The gateway at {settings.gateway_url} does not say who is {title} ({error}): "
            "start it with 'make up', or name the person with --subject."
        ) from error
    return _first_holder(answer, title, region)


def _first_holder(answer: dict[str, Any], title: str, region: str) -> str:
    if answer.get("errors"):
        raise LocalError(f"The gateway refuses to say who is {title} in {region}: {answer['errors'][0]['message']}")
    found = (answer.get("data") or {}).get("region")
    if found is None:
        raise LocalError(f"There is no region {region}.")
    if not found["duties"]["edges"]:
        raise LocalError(f"Nobody holds the duty {title} in {region}; name a person with --subject.")
    person: str = found["duties"]["edges"][0]["node"]["person"]["id"]
    return person
