"""Assign and end duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, or_, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands import filings
from services.org.commands.places import find, lock, lock_region, region_in_force
from services.org.commands.posts import candidate, find_title
from services.org.commands.publishing import publish
from services.org.commands.recommendations import fulfil, fulfilled
from services.org.domain import events
from services.org.domain.duties import Candidate, DutyTitle, Held, check_assignment
from services.org.domain.filings import Seat
from services.org.domain.grid_team import PairMember, check_pair
from services.org.domain.people import PartyStatus
from services.org.domain.periods import Period, ended
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing
    from services.org.commands.places import RegionInForce


class AssignDuty(msgspec.Struct, frozen=True):
    """What is asked: a person takes a duty in a region, for a period."""

    person_id: UUID
    title: str
    region_code: str
    valid_from: date
    valid_to: date | None = None
    organisation_id: UUID | None = None
    paired_with: UUID | None = None
    recommendation_id: UUID | None = None
    filing_id: UUID | None = None


async def assign_duty(session: WriteSession, permit: Permit, asked: AssignDuty) -> UUID:
    """Give a person a duty; the region is locked, so that a post is never given twice."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    await lock_region(session, region.id)
    title = await find_title(session, asked.title)
    person = await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    period = Period(asked.valid_from, asked.valid_to)
    taking = await candidate(session, region, person, asked.organisation_id, period)
    rows = await session.rows(select(t.duty).where(t.duty.c.region_id == region.id, t.duty.c.title == title.code))
    held = [Held(row["person_id"], Period(row["valid_from"], row["valid_to"])) for row in rows]
    check_assignment(title, taking, held)
    if asked.paired_with is not None:
        await _check_pair(session, title, taking, asked.paired_with)
    recommended = None
    if asked.recommendation_id is not None:
        recommended = await fulfil(session, asked.recommendation_id, title.code, region.id, asked.person_id)
    filed = await _filed(session, region, asked)
    row: dict[str, Any] = {
        "id": new_id(),
        "person_id": asked.person_id,
        "title": title.code,
        "organisation_id": asked.organisation_id,
        "region_id": region.id,
        "region_code": region.code,
        "valid_from": asked.valid_from,
        "valid_to": asked.valid_to,
        "paired_with": asked.paired_with,
    }
    await session.execute(insert(t.duty), row)
    session.changed(
        "duty", row["id"], region.code, person_id=asked.person_id, title=title.code, valid_from=asked.valid_from
    )
    event = events.DutyAssigned(
        duty_id=row["id"],
        person_id=asked.person_id,
        title=title.code,
        organisation_id=asked.organisation_id,
        region_id=region.id,
        region_code=region.code,
        valid_from=asked.valid_from,
        valid_to=asked.valid_to,
    )
    await publish(session, event, event.duty_id, 1, region.code)
    if recommended is not None:
        await fulfilled(session, recommended, event.duty_id)
    if filed is not None:
        await filings.fulfilled(session, filed, event.duty_id)
    return event.duty_id


async def end_duty(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End a duty on a day, which may lie ahead."""
    row = await lock(session, t.duty, asked.id, "duty", asked.expected_version)
    permit.require(row["region_code"], what="duty")
    period = ended(Period(row["valid_from"], row["valid_to"]), asked.on, "on")
    version = row["version"] + 1
    await session.execute(update(t.duty).where(t.duty.c.id == asked.id).values(valid_to=period.until, version=version))
    session.changed("duty", asked.id, row["region_code"], valid_to=asked.on)
    event = events.DutyEnded(
        duty_id=asked.id,
        person_id=row["person_id"],
        title=row["title"],
        organisation_id=row["organisation_id"],
        region_id=row["region_id"],
        region_code=row["region_code"],
        valid_from=row["valid_from"],
        valid_to=asked.on,
    )
    await publish(session, event, asked.id, version, row["region_code"])
    return asked.id


async def _filed(session: WriteSession, region: RegionInForce, asked: AssignDuty) -> RowMapping | None:
    """Return the filing on which the duty is given, locked; None for a title that needs none. Raises Refused."""
    if asked.filing_id is not None:
        wanted = Seat(asked.title, region.id, asked.organisation_id, asked.person_id)
        return await filings.fulfil(session, asked.filing_id, wanted, asked.valid_from)
    if await filings.needs_filing(session, asked.title):
        raise Refused(OrgProblem.FILING_REQUIRED, "filingId", title=asked.title)
    return None


async def _check_pair(session: WriteSession, title: DutyTitle, mine: Candidate, other_id: UUID) -> None:
    """Refuse a pair that breaks the rule; the other duty is locked, so that it is paired once only."""
    other = await session.row(select(t.duty).where(t.duty.c.id == other_id).with_for_update())
    if other is None:
        raise Refused(OrgProblem.UNKNOWN_DUTY, "pairedWith")
    person = await find(session, t.person, other["person_id"], OrgProblem.UNKNOWN_PERSON, "pairedWith")
    paired = t.duty.c.paired_with
    taken = await session.row(
        select(t.duty.c.id).where(or_(paired == other_id, (t.duty.c.id == other_id) & paired.is_not(None)))
    )
    check_pair(
        PairMember(mine.person_id, title.code, mine.region_code, mine.party_status, mine.period, is_paired=False),
        PairMember(
            other["person_id"],
            other["title"],
            other["region_code"],
            PartyStatus(person["party_status"]),
            Period(other["valid_from"], other["valid_to"]),
            is_paired=taken is not None,
        ),
    )
