"""A database per service, with the two roles of the service: one owns the tables and migrates, one serves requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    from deploy.local.passwords import Passwords
    from deploy.local.postgres import ServerAddress


@dataclass(frozen=True)
class ServiceDatabase:
    """SQLAlchemy URLs of a service's database, by its serving role and by the role that owns the tables."""

    app_url: str
    owner_url: str

    @property
    def name(self) -> str:
        """The database's name on its server."""
        return self.app_url.rpartition("/")[2]


def app_role(service: str) -> str:
    """Return the role that serves a service's requests; row-level security applies to it."""
    return f"linli_{service}"


def owner_role(service: str) -> str:
    """Return the role that owns a service's tables and runs its migrations."""
    return f"linli_{service}_owner"


def service_database(
    server: ServerAddress, service: str, passwords: Passwords, *, database: str | None = None
) -> ServiceDatabase:
    """Return the URLs of a service's database, called `linli_<service>` unless `database` says otherwise."""
    roles = (app_role(service), owner_role(service))
    name = database or f"linli_{service}"
    urls = [server.url(name, user=role, password=passwords.of(role), driver="asyncpg") for role in roles]
    return ServiceDatabase(*urls)


async def ensure_database(
    server: ServerAddress, service: str, passwords: Passwords, *, database: str | None = None
) -> ServiceDatabase:
    """Make a service's roles and database as far as they are missing; nobody else's role may connect to it."""
    app, owner, name = app_role(service), owner_role(service), database or f"linli_{service}"
    connection = await asyncpg.connect(server.url())
    try:
        for role in (app, owner):
            await _ensure_role(connection, role, passwords.of(role))
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name):
            await connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
        await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {app}")
    finally:
        await connection.close()
    return service_database(server, service, passwords, database=name)


async def copy_database(server: ServerAddress, service: str, template: str, name: str) -> None:
    """Make the database `name` of a service as a copy of its database `template`, to which nobody is connected."""
    connection = await asyncpg.connect(server.url())
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {owner_role(service)}")
    finally:
        await connection.close()


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    """Make a role that can sign in and nothing else, with this password (urlsafe characters only)."""
    exists = await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role)
    verb = "ALTER" if exists else "CREATE"
    rights = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    await connection.execute(f"{verb} ROLE {role} {rights} PASSWORD '{password}'")
