"""Settings of credit, beside those of every service."""

from __future__ import annotations

from pydantic import Field

from chassis.settings import ServiceSettings


class CreditSettings(ServiceSettings):
    """`LINLI_CREDIT_*`."""

    sweep_seconds: float = Field(
        default=5.0, gt=0, le=600, description="how often postings are chained and points expire"
    )
    schedule_seconds: float = Field(
        default=60.0,
        gt=0,
        le=3600,
        description="how often it is looked whether rankings, publicity, settlements are due",
    )
