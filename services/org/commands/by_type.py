"""Assess organisations by the practice's capacities; give communities what the rules of their types say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import func, insert, select, update

from chassis.events import outbox
from chassis.events.outbox import Draft
from chassis.ids import new_id
from chassis.problems import Refused
from services.org.commands.places import check_kind, lock
from services.org.commands.publishing import SERVICE, publish
from services.org.commands.register_steps import place
from services.org.domain import type_events as events
from services.org.domain.allocation import Claim, Rule, Share, check_departure, shares
from services.org.domain.assessment import (
    LevelOfResult,
    check_assessed_year,
    count_scores,
    level_of_result,
    result_of,
)
from services.org.domain.periods import check_not_future, today
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t
from services.org.storage.by_type import load_capacities, load_points
from services.org.storage.in_force import in_force
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit
    from services.org.commands.places import RegionInForce


class AssessOrganisation(msgspec.Struct, frozen=True):
    """What is asked: an organisation got these scores for a year, by capacity; counted capacities have none here."""

    organisation_id: UUID
    year: int
    scores: dict[str, int]
    on: date


class Allocate(msgspec.Struct, frozen=True):
    """What is asked: the communities of a region get what the rules say of a kind for a year."""

    region_code: str
    kind: str
    year: int
    on: date


class CorrectAllocation(msgspec.Struct, frozen=True):
    """What is asked: a community gets another amount than the rule says, for a reason."""

    id: UUID
    expected_version: int
    amount: int
    reason: str


async def assess_organisation(session: WriteSession, permit: Permit, asked: AssessOrganisation) -> UUID:
    """Enter an assessment; one of the same year is replaced. Return the assessment.

    What is counted from contributions is counted now, and stays so until the year is assessed anew.
    """
    unit = await lock(session, t.organisation, asked.organisation_id, "organisation")
    permit.require(unit["region_code"], what="organisation")
    check_not_future(asked.on, today(), "on")
    check_assessed_year(asked.year, today().year)
    capacities = await load_capacities(session)
    points = await load_points(session, capacities, unit, asked.year)
    scores, counted = count_scores(capacities, asked.scores, points)
    result = result_of(capacities, scores)
    levels = await session.rows(select(t.assessment_level.c.code, t.assessment_level.c.least))
    level = level_of_result([LevelOfResult(**row) for row in levels], result)
    kept = {"scores": scores, "counted": msgspec.to_builtins(counted)}
    values = {**kept, "result": result, "level": level, "assessed_on": asked.on}
    row = await _keep(session, unit, asked.year, values)
    session.changed("assessment", row["id"], row["region_code"], year=asked.year, result=result, level=level)
    event = events.OrganisationAssessed(
        assessment_id=row["id"],
        organisation_id=asked.organisation_id,
        year=asked.year,
        result=result,
        level=level,
        region_id=row["region_id"],
        region_code=row["region_code"],
        counted=tuple(sorted(counted)),
    )
    await publish(session, event, row["id"], row["version"], row["region_code"])
    return event.assessment_id


async def _keep(session: WriteSession, unit: RowMapping, year: int, values: dict[str, Any]) -> dict[str, Any]:
    a = t.assessment
    there = await session.row(select(a).where(a.c.organisation_id == unit["id"], a.c.year == year).with_for_update())
    if there is not None:
        row = {**there, **values, "version": there["version"] + 1}
        await session.execute(update(a).where(a.c.id == there["id"]).values(version=row["version"], **values))
        return row
    place_of = {"region_id": unit["region_id"], "region_code": unit["region_code"]}
    row = {"id": new_id(), "organisation_id": unit["id"], "year": year, "version": 1, **place_of, **values}
    await session.execute(insert(a), row)
    return row


async def allocate(session: WriteSession, permit: Permit, asked: Allocate) -> UUID:
    """Give each community of a region what the rules say; who has its part for the year keeps it. Return the region."""
    region = await place(session, permit, asked.region_code, asked.on)
    await check_kind(session, "allocation", asked.kind)
    check_assessed_year(asked.year, today().year + 1)
    r = t.allocation_rule
    rules = {row["type"]: Rule(**row) for row in await session.rows(select(r).where(r.c.kind == asked.kind))}
    if not rules:
        raise Refused(OrgProblem.NO_RULE, "kind", kind=asked.kind[:40])
    given = select(t.allocation.c.region_id).where(
        in_prefix(t.allocation.c.region_code, region.code),
        t.allocation.c.kind == asked.kind,
        t.allocation.c.year == asked.year,
    )
    have = {row["region_id"] for row in await session.rows(given)}
    rows = [_allocated(one, asked) for one in shares(rules, await _claims(session, region, asked.on), have)]
    if not rows:
        raise Refused(OrgProblem.NOTHING_CHANGES)
    await session.execute(insert(t.allocation), rows)
    session.changed("allocation", region.id, region.code, kind=asked.kind, year=asked.year, communities=len(rows))
    await outbox.append_many(session.connection, SERVICE, [_draft(row) for row in rows])
    return region.id


async def correct_allocation(session: WriteSession, permit: Permit, asked: CorrectAllocation) -> UUID:
    """Depart from the rule for one community, and keep why."""
    row = await lock(session, t.allocation, asked.id, "allocation", asked.expected_version)
    permit.require(row["region_code"], what="allocation")
    reason = check_departure(row["amount"], asked.amount, asked.reason)
    values = {"amount": asked.amount, "reason": reason, "version": row["version"] + 1}
    await session.execute(update(t.allocation).where(t.allocation.c.id == asked.id).values(values))
    session.changed("allocation", asked.id, row["region_code"], amount=asked.amount, reason=reason)
    event = events.AllocationCorrected(
        allocation_id=asked.id, amount=asked.amount, region_id=row["region_id"], region_code=row["region_code"]
    )
    await publish(session, event, asked.id, row["version"] + 1, row["region_code"])
    return asked.id


async def _claims(session: WriteSession, region: RegionInForce, on: date) -> list[Claim]:
    """Return the communities of a region that have a type on a day, with the households counted in their grids."""
    p, v, c = t.community_profile, t.region_version, t.census
    of_grid = func.left(c.c.region_code, 12).label("code")
    counted = (
        select(of_grid, func.sum(c.c.households).label("households"))
        .where(in_prefix(c.c.region_code, region.code), in_force(c, on))
        .group_by(of_grid)
        .subquery()
    )
    statement = (
        select(p.c.region_id, p.c.region_code, p.c.type, func.coalesce(counted.c.households, 0).label("households"))
        .join(v, (v.c.region_id == p.c.region_id) & v.c.valid_to.is_(None))
        .outerjoin(counted, counted.c.code == p.c.region_code)
        .where(in_prefix(p.c.region_code, region.code), in_force(p, on))
        .order_by(p.c.region_code)
    )
    return [Claim(**{**row, "households": int(row["households"])}) for row in await session.rows(statement)]


def _allocated(share: Share, asked: Allocate) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": asked.kind,
        "region_id": share.claim.region_id,
        "region_code": share.claim.region_code,
        "year": asked.year,
        "type": share.claim.type,
        "each": share.rule.each,
        "per_thousand": share.rule.per_thousand,
        "households": share.claim.households,
        "amount": share.amount,
        "allocated_on": asked.on,
    }


def _draft(row: dict[str, Any]) -> Draft:
    names = ("kind", "type", "year", "amount", "region_id", "region_code")
    event = events.AllocationMade(allocation_id=row["id"], **{name: row[name] for name in names})
    return Draft(
        event=event,
        aggregate_id=row["id"],
        aggregate_version=1,
        region_code=row["region_code"],
        occurred_at=datetime.now(UTC),
    )
