"""Who holds duties of some titles, counted: age, education, party membership, posts in one hand (D11)."""

from __future__ import annotations

import strawberry
from sqlalchemy import func, select

from chassis.graphql.context import Context
from services.org.domain.measures import rounded
from services.org.domain.people import Education, PartyStatus
from services.org.storage import tables as t
from services.org.storage.in_force import Place, in_force, within

_COLLEGE = [education.value for education in Education if education.is_college]


@strawberry.type(description="Who holds duties of some titles, counted over people. 任职人员结构")
class HolderStats:
    """The counts; shares are of those whose value is known."""

    people: int = strawberry.field(description="How many people hold one or more of the titles. 人数")
    party_members: int = strawberry.field(description="How many of them are party members. 党员人数")
    mean_age: float | None = strawberry.field(
        description="Mean age in years on the day asked about, by year of birth, to one decimal. 平均年龄"
    )
    college_percent: float | None = strawberry.field(
        description="Per cent with college education or above, to two decimals. 大专及以上占比"
    )
    several_titles: int = strawberry.field(description="How many hold more than one of the titles. 一肩挑人数")


async def stats_in(context: Context, place: Place, titles: list[str]) -> HolderStats:
    """Return the counts for a place and below on its day. Raises Forbidden for who is not staff there."""
    context.access.permit(context.caller, "holderStats", place.code, what="region")
    d, p = t.duty, t.person
    held = (
        select(d.c.person_id, func.count(d.c.title.distinct()).label("titles"))
        .where(within(d.c.region_id, d.c.region_code, place, direct=False), in_force(d, place.as_of))
        .where(d.c.title.in_(titles))
        .group_by(d.c.person_id)
        .subquery()
    )
    statement = select(
        func.count().label("people"),
        func.count().filter(p.c.party_status != PartyStatus.NONE.value).label("party_members"),
        func.sum(place.as_of.year - p.c.birth_year).label("years"),
        func.count(p.c.birth_year).label("of_known_age"),
        func.count().filter(p.c.education.in_(_COLLEGE)).label("college"),
        func.count(p.c.education).label("of_known_education"),
        func.count().filter(held.c.titles > 1).label("several_titles"),
    ).join_from(held, p, p.c.id == held.c.person_id)
    row = await (await context.read()).row(statement)
    if row is None:
        raise LookupError("a count without groups has one row")
    return HolderStats(
        people=row["people"],
        party_members=row["party_members"],
        mean_age=rounded(row["years"], row["of_known_age"], 1),
        college_percent=rounded(row["college"] * 100, row["of_known_education"], 2),
        several_titles=row["several_titles"],
    )
