"""What the local runner is told by the environment, and where it keeps its files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from chassis.settings import EnvironmentSettings, SettingsError
from deploy.local.errors import LocalError

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICES = ("org", "tickets", "credit", "property")
"""The services that run, in the order in which they get the ports after the gateway's."""

PORTS = len(SERVICES) + 2
"""How many ports in a row there are from the gateway's: the services' and that of the file store follow."""

_PREFIX = "LINLI_"
_PRACTICE = "^[a-z][a-z0-9-]*$"


class LocalSettings(EnvironmentSettings):
    """The runner's own variables, `LINLI_<NAME>`."""

    port: int = Field(
        default=8000, ge=1, le=65000, description="port of the gateway; services and file store use the next ones"
    )
    data: Path = Field(default=Path(".linli"), description="folder of databases, streams, keys and logs")
    practice: str = Field(default="huantai", pattern=_PRACTICE, description="the practice whose data is loaded")
    nats_port: int = Field(default=4222, ge=1, le=65535, description="port of NATS")
    clamd: str = Field(default="", description="HOST:PORT of a clamd that is to look into the files of tickets")
    postgres_port: int = Field(default=5433, ge=1, le=65535, description="port of PostgreSQL")

    def service_port(self, service: str) -> int:
        """Return the port of one of SERVICES."""
        return self.port + 1 + SERVICES.index(service)

    @property
    def files_port(self) -> int:
        """The port of the file store."""
        return self.port + 1 + len(SERVICES)

    def metrics_url(self, service: str) -> str:
        """Return where one of SERVICES tells its metrics."""
        return f"http://127.0.0.1:{self.service_port(service)}/metrics"

    @property
    def gateway_url(self) -> str:
        """The gateway's GraphQL endpoint."""
        return f"http://127.0.0.1:{self.port}/graphql"


@dataclass(frozen=True)
class DataFolder:
    """The paths in `LINLI_DATA`; nothing else knows how it is laid out."""

    root: Path

    @property
    def postgres(self) -> Path:
        """PostgreSQL's data."""
        return self.root / "postgres"

    @property
    def nats(self) -> Path:
        """NATS's configuration, keys and streams."""
        return self.root / "nats"

    @property
    def issuer(self) -> Path:
        """The token issuer's keys."""
        return self.root / "issuer"

    @property
    def files(self) -> Path:
        """The files of tickets."""
        return self.root / "files"

    @property
    def passwords(self) -> Path:
        """Passwords of the database roles."""
        return self.root / "secrets" / "postgres.json"

    @property
    def supergraph(self) -> Path:
        """The composed supergraph, as the gateway writes it."""
        return self.root / "supergraph.graphql"

    @property
    def example(self) -> Path:
        """The query that GraphiQL starts with."""
        return self.root / "example.graphql"

    @property
    def lock(self) -> Path:
        """Held by the runner while it runs."""
        return self.root / "runner.lock"

    @property
    def children(self) -> Path:
        """Which processes the runner started, for the next run to end what is left of them."""
        return self.root / "children.json"

    def nats_seed(self, user: str) -> Path:
        """Return the file with the nkey seed of a NATS user: a service, or `district_<code>`."""
        return self.nats / "keys" / f"{user}.nk"

    def data_key(self, service: str) -> Path:
        """Return the file with a service's keys for personal data."""
        return self.root / "secrets" / f"{service}.key"

    @property
    def link_key(self) -> Path:
        """The key by which links to files are signed."""
        return self.root / "secrets" / "links.key"

    def log(self, name: str) -> Path:
        """Return the log file of a child process."""
        return self.root / "logs" / f"{name}.log"


def read_settings(environment: Mapping[str, str] | None = None) -> LocalSettings:
    """Read the runner's variables. Raises LocalError for an unknown or invalid one.

    Variables of a single deployable, such as `LINLI_ORG_PORT`, are not the runner's and are left alone.
    """
    environment = os.environ if environment is None else environment
    others = tuple(f"{_PREFIX}{name.upper()}_" for name in (*SERVICES, "gateway", "files"))
    own = {name: value for name, value in environment.items() if not name.startswith(others)}
    try:
        return LocalSettings.load(_PREFIX, own)
    except SettingsError as error:
        raise LocalError(str(error)) from error
