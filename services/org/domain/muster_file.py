"""The rules of an import file for places in the groups of an emergency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.problems import Refused
from services.org.domain.muster import check_community, check_post
from services.org.domain.periods import Period, check_existence, check_period
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
