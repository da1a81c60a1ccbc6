"""The environment of each deployable: exactly what it is told, nothing of the runner's own."""

from __future__ import annotations

import base64
import os
import secrets
from typing import TYPE_CHECKING

from chassis.private_file import write_private
from deploy.local.databases import service_database
from deploy.local.issuer import AUDIENCE, ISSUER, Issuer
from deploy.local.passwords import Passwords
from deploy.local.ports import HOST
from deploy.local.settings import SERVICES
from deploy.local.welcome import example_query

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.local.databases import ServiceDatabase
    from deploy.local.postgres import ServerAddress
    from deploy.local.settings import DataFolder, LocalSettings

_PASSED_ON = ("PATH", "HOME", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
_PASSED_ON_PREFIX = "OTEL_"
_KEY_BYTES = 32


def plain() -> dict[str, str]:
    """Return what every Python child needs from the surroundings, and telemetry settings (`OTEL_*`)."""
    kept = {
        name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIX)
    }
    return kept | {"LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "PYTHONSAFEPATH": "1"}


def of_services(settings: LocalSettings, folder: DataFolder, server: ServerAddress) -> dict[str, dict[str, str]]:
    """Return the whole environment of each service by name; the same for each run on this data folder."""
    passwords, issuer = Passwords(folder.passwords), Issuer(folder.issuer)
    return {
        service: plain()
        | _prefixed(
            service,
            _urls(service_database(server, service, passwords))
            | {
                "NATS_URL": f"nats://{HOST}:{settings.nats_port}",
                "NATS_CREDENTIALS": str(folder.nats_seed(service)),
                "JWKS_URL": issuer.jwks_url,
                "ISSUER": ISSUER,
                "AUDIENCE": AUDIENCE,
                "DATA_KEY_FILE": str(_data_key(folder, service)),
                "HOST": HOST,
                "PORT": str(settings.service_port(service)),
            }
            | (_files(settings, folder) if service == "tickets" else {}),
        )
        for service in SERVICES
    }


def of_files(settings: LocalSettings, folder: DataFolder) -> dict[str, str]:
    """Return the whole environment of the file store's server."""
    variables = {
        "FOLDER": str(folder.files),
        "KEY_FILE": str(_key(folder.link_key)),
        "HOST": HOST,
        "PORT": str(settings.files_port),
    }
    return plain() | _prefixed("files", variables)


def _files(settings: LocalSettings, folder: DataFolder) -> dict[str, str]:
    return {
        "FILES": "folder",
        "FILES_FOLDER": str(folder.files),
        "FILES_URL": f"http://{HOST}:{settings.files_port}",
        "FILES_KEY_FILE": str(_key(folder.link_key)),
        "FILES_CLAMD": settings.clamd,
    }


def of_gateway(settings: LocalSettings, folder: DataFolder, district: str) -> dict[str, str]:
    """Return the whole environment of the gateway, and write the query that GraphiQL starts with."""
    folder.example.write_text(example_query(district) + "\n", encoding="utf-8")
    subgraphs = {service: f"http://{HOST}:{settings.service_port(service)}/graphql" for service in SERVICES}
    variables = {
        "HOST": HOST,
        "PORT": str(settings.port),
        "SUBGRAPHS": ",".join(f"{name}={url}" for name, url in subgraphs.items()),
        "SUPERGRAPH_OUT": str(folder.supergraph),
        "EXAMPLE": str(folder.example),
    }
    return plain() | _prefixed("gateway", variables)


def _urls(database: ServiceDatabase) -> dict[str, str]:
    return {"DATABASE_URL": database.app_url, "MIGRATION_DATABASE_URL": database.owner_url}


def _prefixed(deployable: str, variables: dict[str, str]) -> dict[str, str]:
    return {f"LINLI_{deployable.upper()}_{name}": value for name, value in variables.items()}


def _data_key(folder: DataFolder, service: str) -> Path:
    """Return the file with the service's key for personal data, made once: losing it loses that data."""
    return _key(folder.data_key(service))


def _key(path: Path) -> Path:
    """Return a file with a key, made once."""
    if not path.exists():
        write_private(path, base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n")
    return path
