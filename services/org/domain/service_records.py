"""The records of an import file for items of service and for authorised matters."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from uuid import UUID  # noqa: TC003

import msgspec

from services.org.domain.authorised import Verdict  # noqa: TC001
from services.org.domain.record_base import RecordBase
from services.org.domain.services import Way  # noqa: TC001


class ServiceItemRecord(RecordBase, frozen=True, tag="service_item"):
    """An item of service, and by which ways it is handled."""

    id: UUID
    title: str
    region_code: str
    ways: tuple[Way, ...]
    valid_from: date
    valid_to: date | None = None
    station_kinds: tuple[str, ...] = ()
    function: str | None = None
    department: UUID | None = None
    guide: str | None = None


class MatterReviewRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an authorised matter was found to work on a day."""

    on: date
    verdict: Verdict
    remark: str | None = None


class AuthorisedMatterRecord(RecordBase, frozen=True, tag="authorised_matter"):
    """A matter that a department handed to a subdistrict."""

    id: UUID
    title: str
    region_code: str
    valid_from: date
    valid_to: date | None = None
    department: UUID | None = None
    trained_on: date | None = None
    trained_people: int = 0
    reviews: tuple[MatterReviewRecord, ...] = ()
    reason: str | None = None
