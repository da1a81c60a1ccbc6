"""The records of an import file for experts, the communities they accompany, and methods that are shared."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

from services.org.domain.record_base import RecordBase


class ExpertRecord(RecordBase, frozen=True, tag="expert"):
    """Somebody on the panel of experts of a region."""

    id: UUID
    person: UUID
    field: str
    region_code: str
    valid_from: date
    valid_to: date | None = None


class GuidanceRecord(RecordBase, frozen=True, tag="guidance"):
    """A community that an expert accompanies."""

    id: UUID
    expert: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None


class SharedMethodRecord(RecordBase, frozen=True, tag="shared_method"):
    """A method of a model community, shared in a region."""

    id: UUID
    title: str
    type: str
    model: str
    region_code: str
    valid_from: date
    valid_to: date | None = None
    content: str | None = None


class AdoptionRecord(RecordBase, frozen=True, tag="adoption"):
    """A community that took a shared method up."""

    id: UUID
    method: UUID
    region_code: str
    valid_from: date
    valid_to: date | None = None
