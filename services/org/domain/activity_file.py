"""The rules of an import file for activities."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.activities import (
    LONGEST_TITLE,
    ActivityState,
    check_attendance,
    check_held_on,
    check_joined,
    check_one_type,
    check_optional,
    check_text,
)
from services.org.domain.levels import Level
from services.org.domain.muster import check_community
from services.org.domain.periods import Period, check_existence, today
from services.org.domain.problems import OrgProblem

if TYPE_CHECKING:
    from services.org.domain.activity_records import ActivityRecord
    from services.org.domain.practice_known import Known


def check_activity(known: Known, record: ActivityRecord) -> bool:
    """Take an activity. Raises Refused."""
    if record.id in known.registered:
        return False
    if ("activity", record.kind) not in known.kinds:
        raise Refused(OrgProblem.UNKNOWN_KIND, "kind", kind=record.kind[:40], category="activity")
    check_text(record.title, "title", LONGEST_TITLE)
    region = known.region(record.region_code)
    check_existence(region.existence, Period(record.on), "region", "region_code")
    check_attendance(record.participants, record.people)
    check_optional(record.result, "result")
    if record.state is ActivityState.HELD:
        check_held_on(record.on, today())
    elif record.participants:
        raise Refused(OrgProblem.INVALID_COUNT, "participants", most=0)
    _check_named(known, record)
    _check_communities(known, record)
    known.registered.add(record.id)
    return True


def _check_named(known: Known, record: ActivityRecord) -> None:
    known.check_standing(record.organisation, Period(record.on, record.on + timedelta(days=1)), "organisation")
    if record.station is not None and record.station not in known.stations:
        raise Refused(OrgProblem.UNKNOWN_STATION, "station")
    for team in (*check_joined(record.teams, "teams"), *([record.team] if record.team else [])):
        if team not in known.teams:
            raise Refused(OrgProblem.UNKNOWN_TEAM, "teams")
    for person in record.people:
        if person not in known.people:
            raise Refused(OrgProblem.UNKNOWN_PERSON, "people")


def _check_communities(known: Known, record: ActivityRecord) -> None:
    others = [known.region(code) for code in dict.fromkeys(record.communities)]
    for other in others:
        check_community(other.code, other.level, "communities")
    check_joined([other.id for other in others], "communities")
    if record.kind in known.same_type:
        own = record.region_code[: Level.COMMUNITY.code_length]
        here = [own] if len(own) == Level.COMMUNITY.code_length else []
        codes = dict.fromkeys([*here, *record.communities])
        check_one_type([known.classified.get(code) for code in codes])
