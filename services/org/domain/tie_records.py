"""The records of an import file for who looks after places, and what partner units do there."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

from services.org.domain.record_base import RecordBase


class ContactRecord(RecordBase, frozen=True, tag="contact"):
    """Somebody who looks after a grid, a building or a unit, or one household in it."""

    id: UUID
    kind: str
    person: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
    household: str | None = None
    pairing: UUID | None = None


class VisitRecord(RecordBase, frozen=True, tag="visit"):
    """A visit by who looks after a place."""

    id: UUID
    contact: UUID
    on: date
    household: str | None = None
    finding: str | None = None
