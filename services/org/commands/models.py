"""Keep panels of experts and the communities they accompany; share methods of model communities and take them up."""

from __future__ import annotations

from datetime import date  # noqa: TC003 (msgspec reads annotations at run time)
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003

import msgspec
from sqlalchemy import exists, select

from chassis.problems import Refused
from services.org.commands.places import check_kind, check_none, count_open, find, region_in_force
from services.org.commands.register_steps import end, enter, gone, place, where
from services.org.domain import model_events as events
from services.org.domain.activities import LONGEST_TITLE, check_optional, check_text
from services.org.domain.models import check_in_area, check_model, check_not_there, check_still, check_takes_up
from services.org.domain.muster import check_community
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.in_force import in_force
from services.org.storage.place_tables import adoption, expert, guidance, shared_method

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, RowMapping, Table

    from chassis.database import WriteSession
    from chassis.events.event import Event
    from chassis.graphql.mutate import Permit
    from services.org.commands.organisations import EndThing


class EnrolExpert(msgspec.Struct, frozen=True):
    """What is asked: a person is on a region's panel of experts, for a field, from a day on."""

    person_id: UUID
    field: str
    region_code: str
    valid_from: date


class AssignExpert(msgspec.Struct, frozen=True):
    """What is asked: an expert accompanies a community from a day on."""

    expert_id: UUID
    region_code: str
    valid_from: date


class ShareMethod(msgspec.Struct, frozen=True):
    """What is asked: a method of a model community is shared in a region, for communities of a type."""

    title: str
    type: str
    model_code: str
    region_code: str
    valid_from: date
    content: str | None = None


class AdoptMethod(msgspec.Struct, frozen=True):
    """What is asked: a community works by a shared method from a day on."""

    method_id: UUID
    region_code: str
    valid_from: date


async def enrol_expert(session: WriteSession, permit: Permit, asked: EnrolExpert) -> UUID:
    """Take somebody onto a panel; return the place on it."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    await check_kind(session, "expertise", asked.field)
    await find(session, t.person, asked.person_id, OrgProblem.UNKNOWN_PERSON, "personId")
    mine = (expert.c.person_id == asked.person_id) & (expert.c.field == asked.field)
    check_not_there(await _open_places(session, expert, mine), region.code, "personId")
    row = {"person_id": asked.person_id, "field": asked.field, "valid_from": asked.valid_from}

    def told(row: dict[str, Any]) -> Event:
        return events.ExpertEnrolled(expert_id=row["id"], person_id=asked.person_id, kind=asked.field, **where(row))

    return await enter(session, expert, region, row, told)


async def end_expert(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Let somebody leave the panel; refused while they accompany a community."""
    mine = guidance.c.expert_id == asked.id
    check_none(await count_open(session, guidance, "valid_to", asked.on, mine), "accompanied communities", "结对的社区")

    def told(row: RowMapping) -> Event:
        return events.ExpertLeft(expert_id=row["id"], person_id=row["person_id"], **gone(row, asked.on))

    return await end(session, permit, expert, asked, told)


async def assign_expert(session: WriteSession, permit: Permit, asked: AssignExpert) -> UUID:
    """Let an expert accompany a community; return the guidance."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    who = await find(session, expert, asked.expert_id, OrgProblem.UNKNOWN_EXPERT, "expertId")
    check_still(who["valid_to"], "expertId")
    check_in_area(who["region_code"], region.code, "regionCode")
    mine = guidance.c.expert_id == asked.expert_id
    check_not_there(await _open_places(session, guidance, mine), region.code, "regionCode")

    def told(row: dict[str, Any]) -> Event:
        return events.GuidanceBegun(guidance_id=row["id"], expert_id=asked.expert_id, **where(row))

    row = {"expert_id": asked.expert_id, "valid_from": asked.valid_from}
    return await enter(session, guidance, region, row, told)


async def end_guidance(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """End a guidance."""

    def told(row: RowMapping) -> Event:
        return events.GuidanceEnded(guidance_id=row["id"], expert_id=row["expert_id"], **gone(row, asked.on))

    return await end(session, permit, guidance, asked, told)


async def share_method(session: WriteSession, permit: Permit, asked: ShareMethod) -> UUID:
    """Share a method of a model community; return it."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    model = await region_in_force(session, asked.model_code, "modelCode")
    check_community(model.code, model.level, "modelCode")
    check_in_area(region.code, model.code, "modelCode")
    if await session.row(select(t.community_type.c.code).where(t.community_type.c.code == asked.type)) is None:
        raise Refused(OrgProblem.UNKNOWN_COMMUNITY_TYPE, "type", type=asked.type[:40])
    d = t.distinction
    holds = exists().where(d.c.region_id == model.id, d.c.person_id.is_(None), in_force(d, asked.valid_from))
    check_model(bool(await session.scalar(select(holds))), model.code, "modelCode")
    row = {
        "title": check_text(asked.title, "title", LONGEST_TITLE),
        "content": check_optional(asked.content, "content"),
        "type": asked.type,
        "model_id": model.id,
        "valid_from": asked.valid_from,
    }

    def told(row: dict[str, Any]) -> Event:
        return events.MethodShared(method_id=row["id"], model_id=model.id, type=asked.type, **where(row))

    return await enter(session, shared_method, region, row, told)


async def end_method(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Share a method no longer; who took it up may go on."""

    def told(row: RowMapping) -> Event:
        return events.MethodWithdrawn(method_id=row["id"], **gone(row, asked.on))

    return await end(session, permit, shared_method, asked, told)


async def adopt_method(session: WriteSession, permit: Permit, asked: AdoptMethod) -> UUID:
    """Let a community take a method up; return its use."""
    region = await place(session, permit, asked.region_code, asked.valid_from)
    check_community(region.code, region.level, "regionCode")
    method = await find(session, shared_method, asked.method_id, OrgProblem.UNKNOWN_METHOD, "methodId")
    check_still(method["valid_to"], "methodId")
    check_in_area(method["region_code"], region.code, "regionCode")
    p = t.community_profile
    found = await session.scalar(select(p.c.type).where(p.c.region_id == region.id, in_force(p, asked.valid_from)))
    own = region.code if method["model_id"] == region.id else ""
    check_takes_up(method["type"], found, own, region.code)
    mine = adoption.c.method_id == asked.method_id
    check_not_there(await _open_places(session, adoption, mine), region.code, "regionCode")

    def told(row: dict[str, Any]) -> Event:
        return events.AdoptionBegun(adoption_id=row["id"], method_id=asked.method_id, **where(row))

    row = {"method_id": asked.method_id, "valid_from": asked.valid_from}
    return await enter(session, adoption, region, row, told)


async def end_adoption(session: WriteSession, permit: Permit, asked: EndThing) -> UUID:
    """Let a community give a method up."""

    def told(row: RowMapping) -> Event:
        return events.AdoptionEnded(adoption_id=row["id"], method_id=row["method_id"], **gone(row, asked.on))

    return await end(session, permit, adoption, asked, told)


async def _open_places(session: WriteSession, table: Table, mine: ColumnElement[bool]) -> list[str]:
    rows = await session.rows(select(table.c.region_code).where(mine, table.c.valid_to.is_(None)))
    return [row["region_code"] for row in rows]
