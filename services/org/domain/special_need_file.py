"""The rules of an import file for the register of special needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.muster import check_community
from services.org.domain.people import check_purpose
from services.org.domain.periods import Period, check_existence, check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.domain.special_needs import check_basis, check_details, check_kept

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_special_need(known: Known, record: r.SpecialNeedRecord) -> bool:
    """Take a record of the register. Raises Refused."""
    if record.id in known.registered:
        return False
    region = known.region(record.region_code)
    check_community(region.code, region.level, "region_code")
    if ("special_need", record.kind) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=record.kind[:40], category="special_need")
    check_details(record.name, record.phone, record.resident_id, record.situation)
    check_purpose(record.purpose, "purpose")
    check_basis(record.legal_basis, record.consented_on, today())
    check_not_future(record.valid_from, today(), "valid_from")
    check_existence(region.existence, Period(record.valid_from), "region", "region_code")
    check_kept(record.valid_from, record.kept_until)
    known.registered.add(record.id)
    return True
