"""Typed settings from the environment; a wrong one ends the program with one clear line."""

from __future__ import annotations

import os
import sys
from pathlib import Path  # noqa: TC003 (pydantic reads annotations at run time)
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping


LOG_LEVELS = "^(DEBUG|INFO|WARNING|ERROR)$"
_DATABASE = r"^postgresql\+asyncpg://\w+[:@]"
"""A URL that names its role: migrations grant rights to that of requests."""


class SettingsError(Exception):
    """A setting is unknown, missing or invalid; the message names the variable and what it should be."""


class EnvironmentSettings(BaseModel):
    """Settings read from variables with one prefix; a variable with that prefix that no field knows is refused."""

    model_config = ConfigDict(frozen=True)

    @classmethod
    def load(cls, prefix: str, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings from variables that start with `prefix` (such as `LINLI_ORG_`).

        Raises SettingsError for an unknown, missing or invalid variable.
        """
        environment = os.environ if environment is None else environment
        values: dict[str, str] = {}
        for variable, value in environment.items():
            if not variable.startswith(prefix):
                continue
            field = variable.removeprefix(prefix).lower()
            if field not in cls.model_fields:
                known = ", ".join(sorted(prefix + name.upper() for name in cls.model_fields))
                raise SettingsError(f"{variable} is not a setting; known are {known}")
            values[field] = value
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            name = prefix + "_".join(str(part) for part in first["loc"]).upper()
            raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ').lower()}") from error


class ServiceSettings(EnvironmentSettings):
    """What every service is told; the prefix is `LINLI_<SERVICE>_`."""

    database_url: str = Field(
        pattern=_DATABASE, description="postgresql+asyncpg:// URL of the role that serves requests"
    )
    migration_database_url: str | None = Field(
        default=None, pattern=_DATABASE, description="URL of the role that owns the tables"
    )
    database_pool: int = Field(default=10, ge=1, le=200, description="most connections for requests")
    nats_url: str = Field(description="nats:// or tls:// URL; several by comma")
    nats_credentials: Path | None = Field(default=None, description="file with the NATS user's nkey seed")
    stream: str = Field(default="LINLI", description="the JetStream stream of all events")
    jwks_url: str = Field(
        pattern="^(https?|file)://", description="https:// or file:// URL of the issuer's JSON Web Key Set"
    )
    issuer: str = Field(description="the `iss` that tokens must carry")
    audience: str = Field(default="linli", description="the `aud` that tokens must carry")
    data_key_file: Path = Field(description="file with the keys for personal data, one a line, the first encrypts")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8001, ge=0, le=65535, description="port to listen on")
    log_level: str = Field(default="INFO", pattern=LOG_LEVELS, description="DEBUG, INFO, WARNING or ERROR")
    request_seconds: float = Field(default=15.0, gt=0, description="a request that takes longer is answered TIMEOUT")
    introspection: bool = Field(default=False, description="answer __schema and __type; the gateway does it itself")
    outbox_days: int = Field(default=30, ge=1, description="days that published events are kept for replay")

    @property
    def serving_role(self) -> str:
        """The database role that serves requests."""
        return urlsplit(self.database_url).username or ""


S = TypeVar("S", bound=EnvironmentSettings)


def load_or_exit(settings: type[S], prefix: str) -> S:
    """Read the settings, or end the program with one line on standard error and status 2."""
    try:
        return settings.load(prefix)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
