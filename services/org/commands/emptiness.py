"""What keeps a region from being closed while no other takes over: anything in force that lies directly in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from chassis.problems import Refused
from services.org.commands.places import check_none, count_open
from services.org.domain.activities import ActivityState
from services.org.domain.filings import OPEN as FILING_OPEN
from services.org.domain.problems import OrgProblem
from services.org.domain.recommendations import OPEN
from services.org.storage import career_tables, place_tables, training_tables
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import ColumnElement, Table

    from chassis.database import WriteSession

LEFT: dict[Table, tuple[str, str, str]] = {
    t.organisation: ("dissolved_on", "organisations", "组织"),
    t.duty: ("valid_to", "duties", "任职"),
    t.team: ("disbanded_on", "teams", "队伍"),
    t.station: ("closed_on", "stations", "站点"),
    t.muster: ("valid_to", "musters", "编组"),
    t.distinction: ("valid_to", "distinctions", "命名"),
    t.pairing: ("valid_to", "pairings", "结对"),
    t.alliance_member: ("valid_to", "alliance memberships", "联盟成员关系"),
    t.check_in: ("valid_to", "check-ins", "报到"),
    t.check_in_assignment: ("valid_to", "assignments of check-ins", "报到编组"),
    t.contact: ("valid_to", "contacts", "联系人"),
    t.list_item: ("valid_to", "list items", "清单事项"),
    t.reservist: ("valid_to", "reservists", "后备人员"),
    t.special_need: ("valid_to", "records of special needs", "特殊人群台账"),
    place_tables.service_item: ("valid_to", "service items", "服务事项"),
    place_tables.authorised_matter: ("valid_to", "authorised matters", "赋权事项"),
    place_tables.expert: ("valid_to", "experts", "专家"),
    place_tables.guidance: ("valid_to", "guidances", "专家结对"),
    place_tables.shared_method: ("valid_to", "shared methods", "推广的工作法"),
    place_tables.adoption: ("valid_to", "adoptions of methods", "工作法应用"),
    career_tables.worker_grade: ("valid_to", "worker grades", "岗位等级"),
    training_tables.training: ("valid_to", "trainings", "培训"),
    training_tables.talent: ("valid_to", "talents", "后备人才"),
    training_tables.qualification: ("valid_to", "qualifications", "岗位资格"),
}
"""What holds in a region for a time: the column of its end, and what it is called."""


async def check_empty(session: WriteSession, region_id: UUID, on: date) -> None:
    """Refuse to close a region with anything in force in it on `on` or later. Raises Refused.

    Compounds lie in it for good: with them it is refused as long as nobody says which region takes over.
    """
    v, a, r, c = t.region_version, place_tables.activity, t.recommendation, t.call_up
    check_none(await count_open(session, v, "valid_to", on, v.c.parent_id == region_id), "regions", "下级区划")
    for table, (until, what, zh) in LEFT.items():
        check_none(await count_open(session, table, until, on, table.c.region_id == region_id), what, zh)
    planned = (a.c.region_id == region_id) & (a.c.state == ActivityState.PLANNED.value)
    check_none(await _count(session, a, planned), "planned activities", "计划中的活动")
    under_way = (r.c.region_id == region_id) & r.c.state.in_(OPEN)
    check_none(await _count(session, r, under_way), "recommendations under way", "进行中的推选")
    f = t.duty_filing
    filed = (f.c.region_id == region_id) & f.c.state.in_(FILING_OPEN)
    check_none(await _count(session, f, filed), "filings of duties under way", "进行中的任职备案")
    called = (c.c.region_id == region_id) & c.c.ended_at.is_(None)
    check_none(await _count(session, c, called), "call-ups", "调用")
    compounds = await _count(session, t.compound, t.compound.c.region_id == region_id)
    if compounds:
        raise Refused(OrgProblem.HOLDS_COMPOUNDS, "intoCode", count=compounds)


async def _count(session: WriteSession, table: Table, which: ColumnElement[bool]) -> int:
    return int(await session.scalar(select(func.count()).select_from(table).where(which)))
