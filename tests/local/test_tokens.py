from __future__ import annotations

import stat
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web

from chassis.errors import Unauthenticated
from chassis.identity import Grant, TokenVerifier
from deploy.local.errors import LocalError
from deploy.local.issuer import AUDIENCE, ISSUER, Issuer
from deploy.local.ports import free_port
from deploy.local.settings import LocalSettings
from deploy.local.tokens import make_token

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from chassis.identity import Caller

HOLDER = "0192e4a0-0000-7000-8000-000000000001"


def settings_in(folder: Path, **values: Any) -> LocalSettings:
    Issuer(folder / "issuer")
    return LocalSettings(data=folder, **{"port": free_port()} | values)


async def caller_of(issuer: Issuer, token: str) -> Caller:
    verifier = TokenVerifier(issuer.jwks_url, issuer=ISSUER, audience=AUDIENCE)
    return await verifier.caller(f"Bearer {token}")


@asynccontextmanager
async def gateway_that_answers(answer: dict[str, Any]) -> AsyncIterator[int]:
    async def handle(_request: web.Request) -> web.Response:
        return web.json_response(answer)

    app = web.Application()
    app.router.add_post("/graphql", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield port
    finally:
        await runner.cleanup()


def held_by(*people: str) -> dict[str, Any]:
    return {"data": {"region": {"duties": {"edges": [{"node": {"person": {"id": person}}} for person in people]}}}}


async def test_a_system_role_gets_the_same_made_up_person_each_time(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    callers = [
        await caller_of(Issuer(tmp_path / "issuer"), await make_token(settings, role, region, None))
        for role, region in (("resident", "370321"), ("resident", "370321"), ("resident", "370322"))
    ]
    assert callers[0] == callers[1]
    assert callers[0].subject != callers[2].subject
    assert callers[0].grants == (Grant("resident", "370321"),)


async def test_a_duty_title_speaks_for_who_holds_it(tmp_path: Path) -> None:
    async with gateway_that_answers(held_by(HOLDER)) as port:
        token = await make_token(settings_in(tmp_path, port=port), "grid_worker", "370321001001001", None)
    caller = await caller_of(Issuer(tmp_path / "issuer"), token)
    assert (caller.subject, caller.grants) == (HOLDER, (Grant("grid_worker", "370321001001001"),))


async def test_a_subject_that_is_named_is_taken_without_asking_anyone(tmp_path: Path) -> None:
    token = await make_token(settings_in(tmp_path), "grid_worker", "370321001001001", HOLDER)
    assert (await caller_of(Issuer(tmp_path / "issuer"), token)).subject == HOLDER


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (held_by(), "Nobody holds the duty grid_worker in 370321001001001"),
        ({"data": {"region": None}}, "There is no region 370321001001001"),
        ({"errors": [{"message": "not now"}]}, "refuses to say who is grid_worker in 370321001001001: not now"),
    ],
)
async def test_a_duty_that_nobody_holds_gives_one_clear_line(
    tmp_path: Path, answer: dict[str, Any], message: str
) -> None:
    async with gateway_that_answers(answer) as port:
        with pytest.raises(LocalError, match=message):
            await make_token(settings_in(tmp_path, port=port), "grid_worker", "370321001001001", None)


async def test_without_a_gateway_a_duty_title_needs_a_subject(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="name the person with --subject"):
        await make_token(settings_in(tmp_path), "grid_worker", "370321001001001", None)


@pytest.mark.parametrize("region", ["37032", "桓台", "370321x", "３７０３２１", "3703210010010010", " 370321"])
async def test_a_malformed_region_code_is_refused(tmp_path: Path, region: str) -> None:
    with pytest.raises(LocalError, match="is not a region code"):
        await make_token(settings_in(tmp_path), "observer", region, None)


@pytest.mark.parametrize("role", ["", "Grid Worker", "网格员", "a-b", "1st"])
async def test_a_malformed_role_is_refused(tmp_path: Path, role: str) -> None:
    with pytest.raises(LocalError, match="is not a role"):
        await make_token(settings_in(tmp_path), role, "370321", None)


async def test_before_the_first_run_there_is_no_issuer(tmp_path: Path) -> None:
    with pytest.raises(LocalError, match="run 'make up'"):
        await make_token(LocalSettings(data=tmp_path), "observer", "370321", None)
    assert not (tmp_path / "issuer").exists()


async def test_several_grants_travel_in_one_token(issuer: Issuer) -> None:
    token = issuer.mint(grants=[("grid_worker", "370321001001001"), ("observer", "370321")], subject="p")
    caller = await caller_of(issuer, token)
    assert caller.grants == (Grant("grid_worker", "370321001001001"), Grant("observer", "370321"))


async def test_a_token_of_another_key_or_that_ran_out_is_refused(issuer: Issuer, tmp_path: Path) -> None:
    for token in (Issuer(tmp_path).mint("admin"), issuer.mint("admin", lifetime=-120)):
        with pytest.raises(Unauthenticated):
            await caller_of(issuer, token)


def test_the_signing_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    Issuer(tmp_path)
    before = (tmp_path / "key.json").read_bytes()
    Issuer(tmp_path)
    assert (tmp_path / "key.json").read_bytes() == before
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600
    assert b'"d"' not in (tmp_path / "jwks.json").read_bytes()
