"""Hand matters to subdistricts, train for them, review how they work, take them back."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import func, insert, or_, select, update

from services.org.commands.handing_over import hand_over_rows
from services.org.commands.organisations import EndThing
from services.org.commands.places import lock, standing_organisation
from services.org.commands.publishing import publish
from services.org.commands.register_steps import end, enter, gone, place, place_of, where
from services.org.domain import service_events as events
from services.org.domain.activities import LONGEST_TITLE, check_optional, check_text
from services.org.domain.authorised import Verdict, check_step, check_subdistrict, check_trained
from services.org.domain.periods import check_not_future, today
from services.org.storage.place_tables import authorised_matter, matter_review

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit


class HandDownMatter(msgspec.Struct, frozen=True):
    """What is asked: a department hands a matter to a subdistrict from a day on."""

    title: str
    region_code: str
    valid_from: date
    department_id: UUID | None = None


class TrainForMatter(msgspec.Struct, frozen=True):
    """What is asked: so many people of the subdistrict were trained for a matter."""

    id: UUID
    expected_version: int
    people: int
    on: date


class ReviewMatter(msgspec.Struct, frozen=True):
    """What is asked: a matter was found to work, in part, or not."""

    id: UUID
    expected_version: int
    verdict: Verdict
    on: date
    remark: str | None = None


class TakeMatterBack(msgspec.Struct, frozen=True):
    """What is asked: a matter is taken back from a day on."""

    id: UUID
    expected_version: int
    on: date
    reason: str


async def hand_down_matter(session: WriteSession, permit: Permit, asked: HandDownMatter) -> UUID:
    """Hand a matter to a subdistrict; return it."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_subdistrict(region.code, region.level, "regionCode")
    if asked.department_id is not None:
        await standing_organisation(session, asked.department_id, asked.valid_from, "departmentId")
    row = {
        "title": check_text(asked.title, "title", LONGEST_TITLE),
        "department_id": asked.department_id,
        "valid_from": asked.valid_from,
    }

    def told(row: dict[str, Any]) -> Event:
        return events.MatterHandedDown(matter_id=row["id"], department_id=asked.department_id, **where(row))

    return await enter(session, authorised_matter, region, row, told)


async def train_for_matter(session: WriteSession, permit: Permit, asked: TrainForMatter) -> UUID:
    """Write down that the training for a matter is done."""
    row = await _open(session, permit, asked)
    people = check_trained(asked.people, row["trained_on"])
    event = events.MatterTrained(matter_id=asked.id, trained_on=asked.on, people=people, **place_of(row))
    return await _change(session, row, event, trained_on=asked.on, trained_people=people)


async def review_matter(session: WriteSession, permit: Permit, asked: ReviewMatter) -> UUID:
    """Write down how a matter was found to work."""
    row = await _open(session, permit, asked)
    r = matter_review
    mine = r.c.matter_id == asked.id
    last = await session.row(select(func.max(r.c.seq).label("seq"), func.max(r.c.on_day).label("on_day")).where(mine))
    before = last["on_day"] if last is not None else None
    check_step(before or row["valid_from"], None, asked.on, "on")
    review = {
        "matter_id": asked.id,
        "seq": 1 + ((last["seq"] if last is not None else 0) or 0),
        "region_code": row["region_code"],
        "on_day": asked.on,
        "verdict": asked.verdict.value,
        "remark": check_optional(asked.remark, "remark"),
    }
    await session.execute(insert(r), review)
    event = events.MatterReviewed(
        matter_id=asked.id, reviewed_on=asked.on, verdict=asked.verdict.value, **place_of(row)
    )
    return await _change(session, row, event)


async def take_matter_back(session: WriteSession, permit: Permit, asked: TakeMatterBack) -> UUID:
    """Take a matter back; the subdistrict had it until that day."""
    reason = check_text(asked.reason, "reason")

    def told(row: RowMapping) -> Event:
        return events.MatterTakenBack(matter_id=row["id"], **gone(row, asked.on))

    taken = EndThing(asked.id, asked.expected_version, asked.on)
    id_ = await end(session, permit, authorised_matter, taken, told)
    m = authorised_matter
    await session.execute(update(m).where(m.c.id == id_).values(reason=reason))
    return id_


async def hand_over_matters(session: WriteSession, gone_id: UUID, into_id: UUID, on: date) -> None:
    """Let the organisation `into_id` be the department of the matters of one that is merged into it on `on`."""
    m = authorised_matter
    theirs = (m.c.department_id == gone_id) & or_(m.c.valid_to.is_(None), m.c.valid_to > on)

    def told(row: RowMapping) -> Event:
        return events.MatterHandedOver(matter_id=row["id"], department_id=into_id, **place_of(row))

    await hand_over_rows(session, m.c.department_id, theirs, into_id, told)


async def _open(session: WriteSession, permit: Permit, asked: TrainForMatter | ReviewMatter) -> RowMapping:
    row = await lock(session, authorised_matter, asked.id, "authorised matter", asked.expected_version)
    permit.require(row["region_code"], what="authorised matter")
    check_not_future(asked.on, today(), "on")
    check_step(row["valid_from"], row["valid_to"], asked.on, "on")
    return row


async def _change(session: WriteSession, row: RowMapping, event: Event, **changes: Any) -> UUID:
    m, version = authorised_matter, row["version"] + 1
    await session.execute(update(m).where(m.c.id == row["id"]).values(version=version, **changes))
    session.changed("authorised_matter", row["id"], row["region_code"], **(changes or {"reviewed": True}))
    await publish(session, event, row["id"], version, row["region_code"])
    matter_id: UUID = row["id"]
    return matter_id
