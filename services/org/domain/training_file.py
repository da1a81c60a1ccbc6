"""The rules of an import file for duty guides, training, the talent pool and qualifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chassis.problems import CommonProblem, Refused
from services.org.domain import training_records as r
from services.org.domain.guides import check_guide
from services.org.domain.muster import check_community
from services.org.domain.periods import Period, check_existence, check_period
from services.org.domain.problems import OrgProblem
from services.org.domain.registers import check_remark
from services.org.domain.talents import check_pooled, check_talent
from services.org.domain.training import check_programme, check_session, check_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.org.domain.practice_known import Known


def check_guide_word(known: Known, record: r.DutyGuideRecord) -> bool:
    """Take a guide; a version that is known keeps its words. Raises Refused."""
    if record.of == "title" and record.code not in known.titles:
        raise Refused(OrgProblem.UNKNOWN_DUTY_TITLE, "code", title=record.code[:40])
    if record.of == "team":
        _check_kind(known, "team", record.code, "code")
    items = check_guide(record.name_zh, record.name_en, record.version, record.items)
    there = known.careers.guides.get(record.key)
    if there is not None and there != items:
        raise Refused(OrgProblem.GUIDE_CHANGED, "version", version=record.version)
    known.careers.guides[record.key] = items
    return True


def check_training(known: Known, record: r.TrainingRecord) -> bool:
    """Take a programme. Raises Refused."""
    if record.id in known.careers.trainings:
        return False
    region = known.region(record.region_code)
    period = Period(record.valid_from, record.valid_to)
    check_text(record.name, "name")
    titles = check_programme(record.titles, known.titles.keys(), period)
    check_existence(region.existence, Period(record.valid_from), "region", "region_code")
    known.careers.trainings[record.id] = period, frozenset(titles)
    return True


def check_held(known: Known, record: r.TrainingSessionRecord) -> bool:
    """Take a session; whoever attended held the title there that day. Raises Refused."""
    if record.id in known.registered:
        return False
    training = known.careers.trainings.get(record.training)
    if training is None:
        raise Refused(OrgProblem.UNKNOWN_TRAINING, "training")
    known.region(record.region_code)
    check_session(training[0], record.on, record.lessons)
    check_text(record.subject, "subject")
    for one in record.attendees:
        held = known.held.get((one.title, one.region_code), [])
        holds = any(duty.person_id == one.person and duty.period.holds(record.on) for duty in held)
        if one.title not in training[1] or not holds:
            raise Refused(OrgProblem.NOT_FOR_THEM, "attendees")
    if len({(one.person, one.title) for one in record.attendees}) < len(record.attendees):
        raise Refused(OrgProblem.ALREADY_MEMBER, "attendees")
    known.registered.add(record.id)
    return True


def check_in_pool(known: Known, record: r.TalentRecord) -> bool:
    """Take somebody's stage in the pool. Raises Refused."""
    if record.id in known.registered:
        return False
    _check_kind(known, "talent", record.stage, "stage")
    period = _community_period(known, record)
    check_talent(record.person, record.mentor, period, record.planned_to)
    if record.mentor is not None and record.mentor not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "mentor")
    if record.valid_to is not None and check_remark(record.reason, "reason") is None:
        raise Refused(CommonProblem.REQUIRED, "reason", field="reason")
    mine = known.careers.pooled[record.person]
    check_pooled(mine, period)
    mine.append(period)
    known.registered.add(record.id)
    return True


def check_qualified(known: Known, record: r.QualificationRecord) -> bool:
    """Take what a worker is qualified for. Raises Refused."""
    if record.id in known.registered:
        return False
    _check_kind(known, "window", record.kind, "kind")
    period = _community_period(known, record)
    mine = known.careers.qualified[record.person, record.kind]
    if any(one.meets(period) for one in mine):
        raise Refused(OrgProblem.ALREADY_QUALIFIED, "person")
    mine.append(period)
    known.registered.add(record.id)
    return True


def _check_kind(known: Known, category: str, kind: str, field: str) -> None:
    if (category, kind) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, field, kind=kind[:40], category=category)


def _community_period(known: Known, record: Any) -> Period:
    """Return when it holds, of a known person in a community. Raises Refused."""
    if record.person not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    region, period = known.region(record.region_code), Period(record.valid_from, record.valid_to)
    check_community(region.code, region.level, "region_code")
    check_period(period, "valid_to")
    check_existence(region.existence, period, "region", "region_code")
    return period


TRAINING_WORDS: dict[type, Callable[[Known, Any], bool]] = {r.DutyGuideRecord: check_guide_word}
"""How the practice's words are checked."""
TRAINING_CHECKS: dict[type, Callable[[Known, Any], bool]] = {
    r.TrainingRecord: check_training,
    r.TrainingSessionRecord: check_held,
    r.TalentRecord: check_in_pool,
    r.QualificationRecord: check_qualified,
}
"""How the other records are checked, in their order."""
