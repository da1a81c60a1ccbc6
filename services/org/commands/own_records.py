"""Hand out to a person what is kept of them, and erase what identifies them (个人信息保护法 articles 45 and 47)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Select, func, select, update

from chassis.problems import Refused
from services.org.commands.places import check_none, count_open, lock
from services.org.commands.publishing import publish
from services.org.domain.filings import OPEN as FILING_OPEN
from services.org.domain.people import PartyStatus, check_purpose
from services.org.domain.periods import today
from services.org.domain.person_events import PersonErased
from services.org.domain.problems import OrgProblem
from services.org.domain.recommendations import OPEN
from services.org.storage import career_tables, place_tables, training_tables
from services.org.storage import tables as t
from services.org.storage.everywhere import everywhere
from services.org.storage.own_records import EXPORTED

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy import Table

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

HELD: dict[Table, tuple[str, str]] = {
    t.duty: ("duties", "任职"),
    t.team_member: ("team memberships", "队伍成员关系"),
    t.muster: ("musters", "编组"),
    t.check_in: ("check-ins", "报到"),
    t.contact: ("contacts", "联系任务"),
    t.reservist: ("places in a reserve", "后备登记"),
    t.distinction: ("distinctions", "命名"),
    career_tables.worker_grade: ("worker grades", "岗位等级"),
    training_tables.talent: ("places in the talent pool", "后备人才登记"),
    training_tables.qualification: ("qualifications", "岗位资格"),
    place_tables.expert: ("places on a panel", "专家身份"),
}
"""For what a person must still be known by name, and what it is called."""


def _under_way(person_id: UUID) -> dict[Select[Any], tuple[str, str]]:
    """Return what counts that of which something can still come for a person, and what it is called."""
    r, n, f = t.recommendation, t.nominee, t.duty_filing
    nominated = select(func.count()).select_from(n.join(r, r.c.id == n.c.recommendation_id))
    filed = select(func.count()).select_from(f)
    return {
        nominated.where(n.c.person_id == person_id, r.c.state.in_(OPEN)): ("nominations under way", "进行中的推选"),
        filed.where(f.c.person_id == person_id, f.c.state.in_(FILING_OPEN)): ("filings under way", "进行中的任职备案"),
    }


class ExportPerson(msgspec.Struct, frozen=True):
    """What is asked: everything that is kept of a person, for them."""

    id: UUID
    purpose: str


class ErasePerson(msgspec.Struct, frozen=True):
    """What is asked: what identifies a person goes."""

    id: UUID
    expected_version: int


async def export_person(session: WriteSession, permit: Permit, asked: ExportPerson) -> UUID:
    """Record who hands a person's data out, and why; what is shown is read after this has committed."""
    row = await lock(session, t.person, asked.id, "person")
    permit.require(row["region_code"], what="person")
    session.changed(EXPORTED, asked.id, row["region_code"], purpose=check_purpose(asked.purpose, "purpose"))
    return asked.id


async def erase_person(session: WriteSession, permit: Permit, asked: ErasePerson) -> UUID:
    """Erase a person's name, numbers, party status, age and education, once they hold nothing any more.

    What they held and took part in stays, of somebody without a name. Raises Refused.
    """
    row = await lock(session, t.person, asked.id, "person", asked.expected_version)
    permit.require(row["region_code"], what="person")
    day = today()
    if row["erased_on"] is not None:
        raise Refused(OrgProblem.ALREADY_ERASED, "id", date=row["erased_on"])
    # They may hold something where the caller does not see it.
    async with everywhere(session):
        for table, (what, zh) in HELD.items():
            check_none(await count_open(session, table, "valid_to", day, table.c.person_id == asked.id), what, zh)
        for statement, (what, zh) in _under_way(asked.id).items():
            check_none(int(await session.scalar(statement)), what, zh)
    emptied = ("phone", "resident_id", "resident_id_index", "birth_year", "education")
    version = row["version"] + 1
    values: dict[str, Any] = {**dict.fromkeys(emptied), "name": "", "party_status": PartyStatus.NONE.value}
    values |= {"erased_on": day, "version": version}
    await session.execute(update(t.person).where(t.person.c.id == asked.id).values(**values))
    session.changed("person", asked.id, row["region_code"], name=None, phone=None, resident_id=None, erased_on=day)
    event = PersonErased(person_id=asked.id, region_id=row["region_id"], region_code=row["region_code"])
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id
