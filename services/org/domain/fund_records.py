"""The record of an import file for funds of organisations, and the lines of what was spent."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

import msgspec

from services.org.domain.record_base import RecordBase


class SpentRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of a fund that was spent on a day, and for what."""

    on: date
    purpose: str
    amount_fen: int


class FundRecord(RecordBase, frozen=True, tag="fund"):
    """An organisation's money of one year from one source: budgeted and paid out on a day, then spent line by line."""

    id: UUID
    organisation: UUID
    region_code: str
    year: int
    source: str
    on: date
    purpose: str
    budget_fen: int
    disbursed_fen: int = 0
    spent: tuple[SpentRecord, ...] = ()
