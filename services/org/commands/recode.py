"""Recode a region: its code, the codes of everything below it, and the stamps of all that lies there, at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, update

from chassis.events import outbox
from chassis.events.outbox import Draft
from services.org.commands.publishing import SERVICE
from services.org.commands.region_tree import ChangeRegion, check_free, check_place, locked, row_of, version_of
from services.org.domain import events
from services.org.domain.codes import check_code, moved, normalised
from services.org.domain.levels import Level
from services.org.domain.periods import check_not_future, today
from services.org.domain.regions import RegionVersion, recoded
from services.org.storage import tables as t
from services.org.storage.bulk import insert_rows
from services.org.storage.prefixes import in_prefix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession
    from chassis.graphql.mutate import Permit

_DISTRICT = Level.DISTRICT.code_length


async def recode_region(session: WriteSession, permit: Permit, asked: ChangeRegion) -> UUID:
    """Give a region another code, and with it everything below; under another parent when the code says so."""
    row, history = await locked(session, permit, asked)
    old, new = row["region_code"], normalised(asked.value.strip())
    check_not_future(asked.effective_on, today(), "effectiveOn")
    check_code(new, Level[row["level"]], "newCode")
    permit.require(new, what="region")
    recoded(history, old, new, asked.effective_on)
    parent_id = await check_place(session, new, Level[row["level"]], asked.effective_on, "newCode")
    regions = await _locked_subtree(session, old)
    codes = {moved(region["code"], old, new): region["id"] for region in regions}
    await check_free(session, codes, asked.effective_on, "newCode")
    after = [
        recoded(
            [version_of(region)],
            old,
            new,
            asked.effective_on,
            parent_id=parent_id if region["id"] == asked.region_id else None,
        )[-1]
        for region in regions
    ]
    await _store(session, regions, after, asked.effective_on)
    for table in t.GOVERNED:
        stamp = literal(new).concat(func.substr(table.c.region_code, len(old) + 1))
        await session.execute(update(table).where(in_prefix(table.c.region_code, old)).values(region_code=stamp))
    session.changed("region", asked.region_id, new, code=new, previous_code=old, regions=len(regions))
    await outbox.append_many(session.connection, SERVICE, list(_drafts(regions, after)))
    return asked.region_id


async def _locked_subtree(session: WriteSession, prefix: str) -> list[RowMapping]:
    """Lock every region in force in a prefix, and return it with its open version."""
    r, v = t.region, t.region_version
    about = (r.c.id, r.c.version, v.c.level, v.c.code, v.c.name, v.c.parent_id, v.c.seq)
    statement = (
        select(*about, v.c.valid_from, v.c.valid_to, r.c.region_code)
        .join(v, (v.c.region_id == r.c.id) & v.c.valid_to.is_(None))
        .where(in_prefix(r.c.region_code, prefix))
        .order_by(r.c.region_code)
        .with_for_update(of=r)
    )
    return list(await session.rows(statement))


def _steps(region: RowMapping, version: RegionVersion) -> int:
    """Return how many events tell of it: the district that it leaves is told too."""
    return 1 if region["code"][:_DISTRICT] == version.code[:_DISTRICT] else 2


async def _store(
    session: WriteSession, regions: Sequence[RowMapping], after: Sequence[RegionVersion], on: date
) -> None:
    """End the open versions, add those that follow, and count the changes."""
    ids = [region["id"] for region in regions]
    v = t.region_version
    await session.execute(update(v).where(v.c.region_id.in_(ids), v.c.valid_to.is_(None)).values(valid_to=on))
    rows = [
        row_of(region["id"], Level[region["level"]], region["region_code"], region["seq"] + 1, version)
        for region, version in zip(regions, after, strict=True)
    ]
    await insert_rows(session, v, rows)
    steps = _steps(regions[0], after[0])
    await session.execute(update(t.region).where(t.region.c.id.in_(ids)).values(version=t.region.c.version + steps))


def _drafts(regions: Sequence[RowMapping], after: Sequence[RegionVersion]) -> Iterator[Draft]:
    now = datetime.now(UTC)
    for region, version in zip(regions, after, strict=True):
        steps = _steps(region, version)
        if steps > 1:
            left = events.RegionLeft(
                region_id=region["id"],
                code=region["code"],
                new_code=version.code,
                valid_from=version.period.start,
            )
            yield Draft(
                event=left,
                aggregate_id=region["id"],
                aggregate_version=region["version"] + 1,
                region_code=region["code"],
                occurred_at=now,
            )
        event = events.RegionRecoded(
            region_id=region["id"],
            code=version.code,
            previous_code=region["code"],
            level=Level[region["level"]].label,
            parent_id=version.parent_id,
            valid_from=version.period.start,
        )
        yield Draft(
            event=event,
            aggregate_id=region["id"],
            aggregate_version=region["version"] + steps,
            region_code=version.code,
            occurred_at=now,
        )
