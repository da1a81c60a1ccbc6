"""Settings of tickets, beside those of every service and those of files."""

from __future__ import annotations

from pydantic import Field

from chassis.objects.settings import FileSettings


class TicketSettings(FileSettings):
    """`LINLI_TICKETS_*`."""

    sweep_seconds: float = Field(default=2.0, gt=0, le=600, description="how often due deadlines are looked for")
    notification_days: int = Field(default=90, ge=1, le=3650, description="how long notifications are kept")
    notification_sweep_seconds: float = Field(
        default=600.0, gt=0, le=86400, description="how often old notifications are looked for"
    )
