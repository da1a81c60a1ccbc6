"""The rows and events that the register of special needs of an import becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.org.commands.special_needs import seal
from services.org.domain.special_need_events import SpecialNeedRegistered
from services.org.domain.special_needs import check_details

if TYPE_CHECKING:
    from chassis.cipher import DataCipher
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def special_need_row(record: r.SpecialNeedRecord, known: Known, cipher: DataCipher) -> dict[str, Any]:
    """Return the row of a record, sealed."""
    details, number = check_details(record.name, record.phone, record.resident_id, record.situation)
    names = ("id", "region_code", "kind", "purpose", "consented_on", "valid_from", "kept_until")
    return {
        **{name: getattr(record, name) for name in names},
        "region_id": known.region(record.region_code).id,
        "legal_basis": record.legal_basis.value,
        "details": seal(cipher, details),
        "person_index": cipher.blind_index(number),
    }


def special_need_registered(record: r.SpecialNeedRecord, _: Known) -> SpecialNeedRegistered:
    """Return what tells of a record."""
    return SpecialNeedRegistered(
        special_need_id=record.id, region_code=record.region_code, valid_from=record.valid_from
    )
