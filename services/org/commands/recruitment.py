"""Record how many posts of a recruitment were placed in a region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import insert, select, update

from chassis.ids import new_id
from services.org.commands.places import check_kind, lock_region, region_in_force
from services.org.commands.publishing import publish
from services.org.domain.assessment import check_assessed_year
from services.org.domain.career_events import PostsPlaced
from services.org.domain.periods import today
from services.org.domain.recruitment import check_posts
from services.org.storage.career_tables import recruitment as r

if TYPE_CHECKING:
    from uuid import UUID

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit


class RecordRecruitment(msgspec.Struct, frozen=True):
    """What is asked: so many posts of a source's recruitment of a year were placed in a region itself."""

    region_code: str
    source: str
    year: int
    posts: int


async def record_recruitment(session: WriteSession, permit: Permit, asked: RecordRecruitment) -> UUID:
    """Record the number; an earlier one of the same region, year and source is replaced. Return the region."""
    region = await region_in_force(session, asked.region_code, "regionCode")
    permit.require(region.code, what="region")
    # Two who record wait for each other.
    await lock_region(session, region.id)
    await check_kind(session, "recruitment", asked.source)
    check_assessed_year(asked.year, today().year)
    posts = check_posts(asked.posts)
    of = {"region_id": region.id, "year": asked.year, "source": asked.source}
    mine = [r.c[name] == value for name, value in of.items()]
    there = await session.row(select(r).where(*mine).with_for_update())
    row: dict[str, Any] = {"id": new_id(), "region_code": region.code, "version": 1, "posts": posts, **of}
    if there is None:
        await session.execute(insert(r), row)
    else:
        row = {**row, "id": there["id"], "version": there["version"] + 1}
        await session.execute(update(r).where(*mine).values(posts=posts, version=row["version"]))
    session.changed("recruitment", row["id"], region.code, year=asked.year, source=asked.source, posts=posts)
    event = PostsPlaced(
        recruitment_id=row["id"],
        kind=asked.source,
        year=asked.year,
        posts=posts,
        region_id=region.id,
        region_code=region.code,
    )
    await publish(session, event, row["id"], row["version"], region.code)
    return region.id
