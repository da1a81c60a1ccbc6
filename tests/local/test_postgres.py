from __future__ import annotations

import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import asyncpg
import psutil
import pytest

from deploy.local.databases import ServiceDatabase, ensure_database
from deploy.local.errors import LocalError
from deploy.local.fixtures import ThrowawayFolder, ThrowawayPostgres
from deploy.local.passwords import Passwords
from deploy.local.ports import free_port
from deploy.local.postgres import PostgresServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

START_AND_WAIT = """
import asyncio, sys
from pathlib import Path
from deploy.local.passwords import Passwords
from deploy.local.postgres import PostgresServer

async def main():
    folder = Path(sys.argv[1])
    passwords = Passwords(folder / "passwords.json")
    server = PostgresServer(folder / "postgres", int(sys.argv[2]), log=folder / "log", passwords=passwords)
    await server.start()
    print(server.child.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with ThrowawayFolder() as path:
        yield path


def server_in(folder: Path, port: int | None = None) -> PostgresServer:
    passwords = Passwords(folder / "passwords.json")
    return PostgresServer(folder / "postgres", port or free_port(), log=folder / "log", passwords=passwords)


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


@pytest.fixture
async def two_services(postgres_server: ThrowawayPostgres) -> tuple[ServiceDatabase, ServiceDatabase]:
    return (
        await postgres_server.create_service_database("org"),
        await postgres_server.create_service_database("tickets"),
    )


async def test_a_service_cannot_open_the_database_of_another(
    two_services: tuple[ServiceDatabase, ServiceDatabase],
) -> None:
    org, tickets = two_services
    assert await value(org.app_url, "SELECT current_user") == "linli_org"
    database_of_tickets = tickets.app_url.rpartition("/")[2]
    for url in (org.app_url, org.owner_url):
        foreign = f"{url.rpartition('/')[0]}/{database_of_tickets}"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await value(foreign, "SELECT 1")


async def test_only_the_owner_makes_tables(two_services: tuple[ServiceDatabase, ServiceDatabase]) -> None:
    org, _ = two_services
    await value(org.owner_url, "CREATE TABLE rows (id int)")
    for statement in ("CREATE TABLE more (id int)", "CREATE TEMPORARY TABLE more (id int)", "DROP TABLE rows"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await value(org.app_url, statement)


async def test_a_wrong_password_is_refused(postgres_server: ThrowawayPostgres) -> None:
    url = postgres_server.server.address.url(password="wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await value(url, "SELECT 1")


async def test_data_and_passwords_survive_a_restart(folder: Path) -> None:
    first = server_in(folder)
    await first.start()
    database = await ensure_database(first.address, "org", Passwords(folder / "passwords.json"))
    await value(database.owner_url, "CREATE TABLE kept AS SELECT 7 AS n")
    await first.stop()
    second = server_in(folder, first.port)
    await second.start()
    try:
        again = await ensure_database(second.address, "org", Passwords(folder / "passwords.json"))
        assert again == database
        assert await value(again.owner_url, "SELECT n FROM kept") == 7
    finally:
        await second.stop()
    assert stat.S_IMODE((folder / "passwords.json").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux to end children")
async def test_a_killed_starter_leaves_no_server_and_the_next_start_works(folder: Path) -> None:
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", START_AND_WAIT, folder, str(port)], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        server_process = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
    server_process.wait(10)
    again = server_in(folder, port)
    await again.start()
    await again.stop()


async def test_a_server_left_running_is_ended_by_the_next_start(folder: Path) -> None:
    left = server_in(folder)
    await left.start()
    assert left.child is not None
    again = server_in(folder, left.port)
    await again.start()
    try:
        assert left.child.exit_code() is not None
        assert await value(again.address.url(), "SELECT 1") == 1
    finally:
        await again.stop()


async def test_a_stale_lock_file_naming_a_living_stranger_does_not_block(folder: Path) -> None:
    server = server_in(folder)
    await server.start()
    server.kill()
    lock = folder / "postgres" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    await server.start()
    await server.stop()


async def test_a_server_that_cannot_start_says_why(folder: Path, postgres_server: ThrowawayPostgres) -> None:
    with pytest.raises(LocalError, match="could not bind"):
        await server_in(folder, postgres_server.server.port).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
async def test_data_is_kept_elsewhere_when_the_servers_user_cannot_reach_the_folder() -> None:
    with ThrowawayFolder() as closed:
        closed.chmod(0o700)
        server = server_in(closed)
        await server.start()
        try:
            assert await value(server.address.url(), "SELECT 1") == 1
            assert (closed / "postgres").is_symlink()
            assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        finally:
            await server.stop()
        elsewhere = (closed / "postgres").readlink()
    assert not elsewhere.exists()
