"""The rules of an import file for places in the groups of an emergency, and for switches of modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.muster import Mode, check_community, check_post, check_reason, switched
from services.org.domain.periods import ZONE, Period, check_existence, check_not_future, check_period, today
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_mustered(known: Known, record: r.MusterRecord) -> bool:
    """Take a person's place in a group. Raises Refused."""
    if record.id in known.musters:
        return False
    region = known.region(record.region_code)
    check_community(region.code, region.level, "region_code")
    if record.group not in known.groups:
        raise Refused(OrgProblem.UNKNOWN_MUSTER_GROUP, "group", group=record.group[:40])
    if record.person not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    check_post(record.post, "post")
    period = Period(record.valid_from, record.valid_to)
    check_period(period, "valid_to")
    check_existence(region.existence, period, "region", "region_code")
    mine = known.mustered[record.person]
    if any(one.meets(period) for one in mine):
        raise Refused(OrgProblem.ALREADY_MUSTERED, "person")
    mine.append(period)
    known.musters.add(record.id)
    return True


def check_mode_switched(known: Known, record: r.ModeSwitchRecord) -> bool:
    """Take a switch of a community: later than the ones before it, and to the other mode. Raises Refused."""
    region = known.region(record.region_code)
    check_community(region.code, region.level, "region_code")
    before = known.switches[region.id]
    if record.switched_at.tzinfo is None:
        raise Refused(OrgProblem.INVALID_TIMES, "switched_at")
    if any(at == record.switched_at for at, _ in before):
        return False
    if before and record.switched_at < before[-1][0]:
        raise Refused(OrgProblem.INVALID_TIMES, "switched_at")
    day = record.switched_at.astimezone(ZONE).date()
    check_not_future(day, today(), "switched_at")
    check_existence(region.existence, Period(day), "region", "region_code")
    check_reason(record.reason, "reason")
    unknown = next((code for code in record.mustered or {} if code not in known.groups), None)
    if unknown is not None:
        raise Refused(OrgProblem.UNKNOWN_MUSTER_GROUP, "mustered", group=unknown[:40])
    switched(before[-1][1] if before else Mode.PEACETIME, record.mode)
    before.append((record.switched_at, record.mode))
    return True
