"""docs/settings.md: every environment variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.objects.folder_server import PREFIX as FILES_PREFIX
from chassis.objects.folder_server import FilesSettings
from chassis.settings import ServiceSettings
from deploy.local.settings import LocalSettings
from gateway.settings import PREFIX, GatewaySettings
from services.credit.settings import CreditSettings
from services.tickets.settings import TicketSettings

if TYPE_CHECKING:
    from chassis.settings import EnvironmentSettings

_HEAD = """\
# Settings

Made from the code by `make docs`. Every deployable reads variables with a prefix of its own. A variable with that
prefix that is not in the list, one that is missing, or one that is not valid ends the program with a line and status 2.
Telemetry is set by the standard `OTEL_*` variables: traces are sent when `OTEL_EXPORTER_OTLP_ENDPOINT` is there."""
_TABLES: tuple[tuple[str, str, type[EnvironmentSettings]], ...] = (
    (
        "A service: `LINLI_ORG_…`, `LINLI_TICKETS_…`, `LINLI_CREDIT_…`, `LINLI_PROPERTY_…`",
        "LINLI_<SERVICE>_",
        ServiceSettings,
    ),
    ("tickets, beside those of every service", "LINLI_TICKETS_", TicketSettings),
    ("credit, beside those of every service", "LINLI_CREDIT_", CreditSettings),
    ("The gateway", PREFIX, GatewaySettings),
    ("The server of a folder of files, for one machine", FILES_PREFIX, FilesSettings),
    ("The local runner, `linli`", "LINLI_", LocalSettings),
)


def _table(prefix: str, settings: type[EnvironmentSettings]) -> str:
    rows = []
    is_service = issubclass(settings, ServiceSettings) and settings is not ServiceSettings
    told = ServiceSettings.model_fields if is_service else {}
    for name, field in settings.model_fields.items():
        if name in told:
            continue
        default = f"`{field.default}`" if field.default not in ("", None) else "–"
        default = "required" if field.is_required() else default
        rows.append(f"| `{prefix}{name.upper()}` | {default} | {field.description or ''} |")
    return "| variable | default | |\n| --- | --- | --- |\n" + "\n".join(rows)


def page() -> str:
    """Return the page."""
    parts = [f"## {title}\n\n{_table(prefix, settings)}" for title, prefix, settings in _TABLES]
    return "\n\n".join([_HEAD, *parts]) + "\n"
