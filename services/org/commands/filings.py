"""File who is to hold a post: the subdistrict nominates, the district reviews and files, or somebody withdraws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID  # noqa: TC003 (msgspec reads annotations at run time)

import msgspec
from sqlalchemy import insert, select, update

from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.overdue import end_overdue
from services.org.commands.places import find, lock, lock_region, region_in_force
from services.org.commands.posts import candidate, find_title
from services.org.commands.publishing import publish
from services.org.commands.register_steps import place_of
from services.org.domain import filing_events as events
from services.org.domain.duties import check_assignment
from services.org.domain.filings import (
    OPEN,
    FilingState,
    FilingVerdict,
    Seat,
    check_given,
    check_state,
    review,
)
from services.org.domain.periods import Period, today
from services.org.domain.problems import OrgProblem
from services.org.domain.recommendations import check_reason
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import RowMapping

    from chassis.database import Database, WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit

End = Literal["ASSIGNED", "WITHDRAWN", "EXPIRED"]


class SubmitDutyFiling(msgspec.Struct, frozen=True):
    """What is asked: the subdistrict nominates somebody for a post in a Party organisation."""

    title: str
    region_code: str
    organisation_id: UUID
    person_id: UUID
    grounds: str


class ReviewDutyFiling(msgspec.Struct, frozen=True):
    """What is asked: the district files it, or returns it with a reason."""

    id: UUID
    expected_version: int
    verdict: FilingVerdict
    reason: str | None = None


class WithdrawDutyFiling(msgspec.Struct, frozen=True):
    """What is asked: nothing is to come of a filing."""

    id: UUID
    expected_version: int
    reason: str


async def submit_duty_filing(session: WriteSession, permit: Permit, asked: SubmitDutyFiling) -> UUID:
    """Submit a nomination; a post of an organisation has one at a time."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    await lock_region(session, region.id)
    title = await find_title(session, asked.title)
    if not await needs_filing(session, title.code):
        raise Refused(OrgProblem.NO_FILING_RULE, "title", title=title.code)
    person = await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    on = today()
    check_assignment(title, await candidate(session, region, person, asked.organisation_id, Period(on)), [])
    f = t.duty_filing
    mine = (f.c.organisation_id == asked.organisation_id) & (f.c.title == title.code)
    if await session.row(select(f.c.id).where(mine, f.c.state.in_(OPEN))) is not None:
        raise Refused(OrgProblem.FILING_OPEN, "title")
    row: dict[str, Any] = {
        "id": new_id(),
        "region_id": region.id,
        "region_code": region.code,
        "title": title.code,
        "organisation_id": asked.organisation_id,
        "person_id": asked.person_id,
        "grounds": check_reason(asked.grounds, "grounds"),
        "state": FilingState.SUBMITTED.value,
        "submitted_on": on,
        "submitted_by": permit.caller.subject,
    }
    await session.execute(insert(f), row)
    told = {name: row[name] for name in ("title", "organisation_id", "person_id")}
    session.changed("duty_filing", row["id"], region.code, **told)
    event = events.DutyFilingSubmitted(filing_id=row["id"], region_id=region.id, region_code=region.code, **told)
    await publish(session, event, event.filing_id, 1, region.code)
    return event.filing_id


async def review_duty_filing(session: WriteSession, permit: Permit, asked: ReviewDutyFiling) -> UUID:
    """File it or return it; nobody reviews what they submitted."""
    row = await _mine(session, permit, asked.id, asked.expected_version)
    days = select(t.filing_rule.c.days).where(t.filing_rule.c.title == row["title"])
    on, is_own = today(), row["submitted_by"] == permit.caller.subject
    found = review(
        FilingState(row["state"]), asked.verdict, asked.reason, on, await session.scalar(days), is_own=is_own
    )
    values = {
        "state": found.state.value,
        "reason": found.reason,
        "reviewed_on": on,
        "expires_on": found.expires_on,
    }
    event = events.DutyFilingReviewed(
        filing_id=asked.id, verdict=asked.verdict.value, expires_on=found.expires_on, **place_of(row)
    )
    return await _change(session, row, values, event)


async def withdraw_duty_filing(session: WriteSession, permit: Permit, asked: WithdrawDutyFiling) -> UUID:
    """Let nothing come of a filing: while it awaits its review, or before the duty is given."""
    row = await _mine(session, permit, asked.id, asked.expected_version)
    check_state(FilingState(row["state"]), *OPEN)
    return await _end(session, row, "WITHDRAWN", reason=check_reason(asked.reason))


async def withdraw_for_merger(session: WriteSession, gone: UUID, _into: UUID, _on: date) -> None:
    """Withdraw what is open for posts of an organisation that is merged into another: the post is no more."""
    f = t.duty_filing
    theirs = select(f).where(f.c.organisation_id == gone, f.c.state.in_(OPEN))
    for row in await session.rows(theirs.order_by(f.c.id).with_for_update()):
        await _end(session, row, "WITHDRAWN", reason="组织合并")


async def needs_filing(session: WriteSession, title: str) -> bool:
    """Return whether a title is given on a filing alone."""
    return await session.row(select(t.filing_rule.c.title).where(t.filing_rule.c.title == title)) is not None


async def fulfil(session: WriteSession, id_: UUID, wanted: Seat, start: date) -> RowMapping:
    """Return the filing, locked, on which a duty is given from a day on. Raises Refused when it is for another."""
    f = t.duty_filing
    row = await session.row(select(f).where(f.c.id == id_).with_for_update())
    if row is None:
        raise Refused(OrgProblem.UNKNOWN_FILING, "filingId")
    filed = Seat(row["title"], row["region_id"], row["organisation_id"], row["person_id"])
    check_given(FilingState(row["state"]), filed, wanted, row["reviewed_on"], start)
    return row


async def fulfilled(session: WriteSession, row: RowMapping, duty_id: UUID) -> None:
    """Note that the duty was given."""
    await _end(session, row, "ASSIGNED", duty_id=duty_id)


async def expire_overdue(database: Database, day: date) -> int:
    """Let some of the filings expire whose time is over on `day`; return how many."""
    f = t.duty_filing
    overdue = select(f).where(f.c.state == FilingState.FILED.value, f.c.expires_on <= day).order_by(f.c.id)
    return await end_overdue(database, overdue, lambda session, row: _end(session, row, "EXPIRED"), "expireDutyFiling")


async def _end(session: WriteSession, row: RowMapping, state: End, **more: Any) -> UUID:
    event = events.DutyFilingEnded(filing_id=row["id"], end=state, duty_id=more.get("duty_id"), **place_of(row))
    return await _change(session, row, {"state": state, **more}, event)


async def _mine(session: WriteSession, permit: Permit, id_: UUID, expected_version: int) -> RowMapping:
    row = await lock(session, t.duty_filing, id_, "duty filing", expected_version)
    permit.require(row["region_code"], what="duty filing")
    return row


async def _change(session: WriteSession, row: RowMapping, values: dict[str, Any], event: Event) -> UUID:
    f, version = t.duty_filing, row["version"] + 1
    await session.execute(update(f).where(f.c.id == row["id"]).values(version=version, **values))
    session.changed("duty_filing", row["id"], row["region_code"], state=values["state"])
    await publish(session, event, row["id"], version, row["region_code"])
    filing_id: UUID = row["id"]
    return filing_id
