"""Settings of tickets, beside those of every service and those of files."""

from __future__ import annotations

from pydantic import Field

from chassis.objects.settings import FileSettings


class TicketSettings(FileSettings):
    """`LINLI_TICKETS_*`."""

    sweep_seconds: float = Field(default=2.0, gt=0, le=600, description="how often due deadlines are looked for")
