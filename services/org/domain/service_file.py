"""The rules of an import file for items of service and authorised matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.activities import LONGEST_TITLE, check_optional, check_text
from services.org.domain.authorised import check_step, check_subdistrict, check_trained
from services.org.domain.periods import Period, check_existence, check_period
from services.org.domain.problems import OrgProblem
from services.org.domain.services import Handling, check_handling, check_offered_in
from services.org.domain.stations import LONGEST_FUNCTION

if TYPE_CHECKING:
    from services.org.domain.practice_known import Known, KnownRegion
    from services.org.domain.service_records import AuthorisedMatterRecord, ServiceItemRecord


def check_service_item(known: Known, record: ServiceItemRecord) -> bool:
    """Take an item of service. Raises Refused."""
    if record.id in known.registered:
        return False
    region = _check_kept(known, record)
    check_offered_in(region.code, region.level, "region_code")
    check_optional(record.function, "function", LONGEST_FUNCTION)
    check_optional(record.guide, "guide")
    kinds = {code for category, code in known.kinds if category == "station"}
    check_handling(Handling(record.ways, record.station_kinds, record.function), kinds)
    known.registered.add(record.id)
    return True


def check_authorised_matter(known: Known, record: AuthorisedMatterRecord) -> bool:
    """Take an authorised matter with its reviews in their order. Raises Refused."""
    if record.id in known.registered:
        return False
    region = _check_kept(known, record)
    check_subdistrict(region.code, region.level, "region_code")
    check_optional(record.reason, "reason")
    if record.trained_on is not None:
        check_trained(record.trained_people, None)
        check_step(record.valid_from, None, record.trained_on, "trained_on")
    elif record.trained_people:
        raise Refused(OrgProblem.INVALID_COUNT, "trained_people", most=0)
    since = record.valid_from
    for review in record.reviews:
        check_step(since, None, review.on, "reviews")
        check_optional(review.remark, "remark")
        since = review.on
    known.registered.add(record.id)
    return True


def _check_kept(known: Known, record: ServiceItemRecord | AuthorisedMatterRecord) -> KnownRegion:
    check_text(record.title, "title", LONGEST_TITLE)
    region = known.region(record.region_code)
    period = Period(record.valid_from, record.valid_to)
    check_period(period, "valid_to")
    check_existence(region.existence, period, "region", "region_code")
    known.check_standing(record.department, period, "department")
    return region
