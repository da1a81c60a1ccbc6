"""The rules of an import file for experts and shared methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.problems import Refused
from services.org.domain.activities import LONGEST_TITLE, check_optional, check_text
from services.org.domain.models import check_in_area, check_model, check_not_there, check_takes_up
from services.org.domain.muster import check_community
from services.org.domain.periods import Period, check_existence, check_period
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain.model_records import AdoptionRecord, ExpertRecord, GuidanceRecord, SharedMethodRecord
    from services.org.domain.practice_known import Known, KnownRegion


def check_expert(known: Known, record: ExpertRecord) -> bool:
    """Take an expert. Raises Refused."""
    if record.id in known.registered:
        return False
    if ("expertise", record.field) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "field", kind=record.field[:40], category="expertise")
    if record.person not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    _check_place(known, record)
    _once(known, record, (record.person, record.field), record.region_code)
    known.experts[record.id] = record.region_code
    return True


def check_guidance(known: Known, record: GuidanceRecord) -> bool:
    """Take a community that an expert accompanies. Raises Refused."""
    if record.id in known.registered:
        return False
    area = known.experts.get(record.expert)
    if area is None:
        raise Refused(OrgProblem.UNKNOWN_EXPERT, "expert")
    region = _check_place(known, record)
    check_community(region.code, region.level, "region_code")
    check_in_area(area, region.code, "region_code")
    _once(known, record, (record.expert,), record.region_code)
    return True


def check_method(known: Known, record: SharedMethodRecord) -> bool:
    """Take a shared method. Raises Refused."""
    if record.id in known.registered:
        return False
    check_text(record.title, "title", LONGEST_TITLE)
    check_optional(record.content, "content")
    if record.type not in known.community_types:
        raise Refused(OrgProblem.UNKNOWN_COMMUNITY_TYPE, "type", type=record.type[:40])
    _check_place(known, record)
    model = known.region(record.model)
    check_community(model.code, model.level, "model")
    check_in_area(record.region_code, model.code, "model")
    check_model(record.model in known.models, record.model, "model")
    known.methods[record.id] = (record.region_code, record.type, record.model)
    known.registered.add(record.id)
    return True


def check_adoption(known: Known, record: AdoptionRecord) -> bool:
    """Take a community that took a method up. Raises Refused."""
    if record.id in known.registered:
        return False
    method = known.methods.get(record.method)
    if method is None:
        raise Refused(OrgProblem.UNKNOWN_METHOD, "method")
    area, type_, model = method
    region = _check_place(known, record)
    check_community(region.code, region.level, "region_code")
    check_in_area(area, region.code, "region_code")
    check_takes_up(type_, known.classified.get(region.code), model, region.code)
    _once(known, record, (record.method,), record.region_code)
    return True


def _check_place(known: Known, record: Any) -> KnownRegion:
    region = known.region(record.region_code)
    period = Period(record.valid_from, record.valid_to)
    check_period(period, "valid_to")
    check_existence(region.existence, period, "region", "region_code")
    return region


def _once(known: Known, record: Any, key: tuple[Any, ...], place: str) -> None:
    there = known.open_places[key]
    check_not_there(there, place, "region_code")
    if record.valid_to is None:
        there.add(place)
    known.registered.add(record.id)
