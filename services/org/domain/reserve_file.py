"""The rules of an import file for reserves: how many a community needs, and who is enrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.muster import Mode, check_community
from services.org.domain.periods import Period, check_existence, check_period
from services.org.domain.problems import OrgProblem
from services.org.domain.reserve import (
    CallState,
    ReserveRule,
    check_call_up,
    check_enrolled,
    check_reserve_rule,
    check_words,
)

if TYPE_CHECKING:
    from services.org.domain import records as r
    from services.org.domain.practice_known import Known


def check_reserve_rule_word(known: Known, record: r.ReserveRuleRecord) -> bool:
    """Take a rule; one that is known is brought up to date. Raises Refused."""
    _check_source(known, record.source)
    check_reserve_rule(ReserveRule(record.source, record.households, record.residents, record.members))
    return True


def check_reservist(known: Known, record: r.ReservistRecord) -> bool:
    """Take somebody into the reserve. Raises Refused."""
    if record.id in known.registered:
        return False
    _check_source(known, record.source)
    if record.person not in known.people:
        raise Refused(OrgProblem.UNKNOWN_PERSON, "person")
    region, period = known.region(record.region_code), Period(record.valid_from, record.valid_to)
    check_community(region.code, region.level, "region_code")
    check_period(period, "valid_to")
    check_existence(region.existence, period, "region", "region_code")
    mine = known.in_reserve[record.person]
    check_enrolled(mine, period)
    mine.append(period)
    known.registered.add(record.id)
    return True


def check_called_up(known: Known, record: r.CallUpRecord) -> bool:
    """Take a call-up: people of known sources, answered when they arrived or were excused, in time. Raises Refused."""
    if record.id in known.registered:
        return False
    region = known.region(record.region_code)
    check_community(region.code, region.level, "region_code")
    check_words(record.purpose, "purpose")
    check_call_up(Mode.EMERGENCY, is_drill=record.is_drill, people=len(record.people))
    times = [record.called_at, *(one.answered_at for one in record.people if one.answered_at), record.ended_at]
    if any(one is not None and (one.tzinfo is None or one < record.called_at) for one in times):
        raise Refused(OrgProblem.INVALID_TIMES, "called_at")
    if len({one.person for one in record.people}) < len(record.people):
        raise Refused(OrgProblem.ALREADY_IN_RESERVE, "people")
    for one in record.people:
        _check_source(known, one.source)
        if one.person not in known.people:
            raise Refused(OrgProblem.UNKNOWN_PERSON, "people")
        if (one.state is CallState.CALLED) != (one.answered_at is None):
            raise Refused(OrgProblem.ALREADY_ANSWERED, "people", state=one.state.value)
        if one.excuse is not None:
            if one.state is not CallState.EXCUSED:
                raise Refused(OrgProblem.ALREADY_ANSWERED, "people", state=one.state.value)
            check_words(one.excuse, "excuse")
    known.registered.add(record.id)
    return True


def _check_source(known: Known, source: str) -> None:
    if ("reserve", source) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "source", kind=source[:40], category="reserve")
