"""Find and lock what a command is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, func, select

from chassis.errors import NotFound
from chassis.problems import CommonProblem, Refused
from services.org.domain.codes import normalised
from services.org.domain.levels import Level
from services.org.domain.periods import Period, check_existence
from services.org.domain.problems import OrgProblem
from services.org.storage import tables as t

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy import RowMapping

    from chassis.database import WriteSession


@dataclass(frozen=True, slots=True)
class RegionInForce:
    """A region as it is now, and since when it exists."""

    id: UUID
    code: str
    level: Level
    existence: Period


async def region_in_force(session: WriteSession, code: str, *path: str) -> RegionInForce:
    """Return the region that bears `code` now. Raises Refused with UNKNOWN_REGION."""
    code = normalised(code.strip())
    v = t.region_version
    now = v.alias("now")
    first = select(func.min(v.c.valid_from)).where(v.c.region_id == now.c.region_id).scalar_subquery()
    row = await session.row(
        select(now.c.region_id, now.c.level, first.label("since")).where(now.c.code == code, now.c.valid_to.is_(None))
    )
    if row is None:
        raise Refused(CommonProblem.UNKNOWN_REGION, *path, code=code[:40])
    return RegionInForce(row["region_id"], code, Level[row["level"]], Period(row["since"]))


async def lock_region(session: WriteSession, region_id: UUID) -> int:
    """Lock a region, so that what is counted in it stays so; return its version. Raises NotFound."""
    statement = select(t.region.c.version).where(t.region.c.id == region_id).with_for_update()
    version: int | None = await session.scalar(statement)
    if version is None:
        raise NotFound(what="region")
    return version


async def lock(
    session: WriteSession, table: Table, id_: UUID, what: str, expected_version: int | None = None
) -> RowMapping:
    """Lock a row and return it. Raises NotFound, and Refused with STALE_VERSION when it is at another version."""
    row = await session.row(select(table).where(table.c.id == id_).with_for_update())
    if row is None:
        raise NotFound(what=what)
    if expected_version is not None:
        check_version(row["version"], expected_version)
    return row


def check_version(current: int, expected: int) -> None:
    """Refuse a change that was decided on an older version. Raises Refused with STALE_VERSION."""
    if current != expected:
        raise Refused(CommonProblem.STALE_VERSION, "expectedVersion", current=current, expected=expected)


async def find(session: WriteSession, table: Table, id_: UUID, unknown: OrgProblem, *path: str) -> RowMapping:
    """Return a row that an input refers to. Raises Refused with `unknown` when it is not in scope."""
    row = await session.row(select(table).where(table.c.id == id_))
    if row is None:
        raise Refused(unknown, *path)
    return row


async def hold_organisation(session: WriteSession, id_: UUID, *path: str) -> RowMapping:
    """Return an organisation that an input refers to; whoever would merge or dissolve it waits until this is done.

    Raises Refused with UNKNOWN_ORGANISATION when it is not in scope.
    """
    o = t.organisation
    row = await session.row(select(o).where(o.c.id == id_).with_for_update(read=True))
    if row is None:
        raise Refused(OrgProblem.UNKNOWN_ORGANISATION, *path)
    return row


async def standing_organisation(session: WriteSession, id_: UUID, on: date, *path: str) -> RowMapping:
    """Return an organisation, held, that exists from `on` on. Raises Refused with UNKNOWN_ORGANISATION or else."""
    row = await hold_organisation(session, id_, *path)
    existence = Period(row["established_on"], row["dissolved_on"])
    check_existence(existence, Period(on), "organisation", *path)
    return row


async def check_kind(session: WriteSession, category: str, kind: str, field: str = "kind") -> None:
    """Refuse a kind that the practice does not have. Raises Refused."""
    known = select(t.kind.c.code).where(t.kind.c.category == category, t.kind.c.code == kind)
    if await session.row(known) is None:
        raise Refused(OrgProblem.UNKNOWN_KIND, field, kind=kind[:40], category=category)


async def count_open(session: WriteSession, table: Table, until: str, on: Any, *conditions: Any) -> int:
    """Return how many rows of `table` are still in force on `on` or later; `until` names the column of their end."""
    column = table.c[until]
    still = column.is_(None) | (column > on)
    return int(await session.scalar(select(func.count()).select_from(table).where(still, *conditions)))


def check_none(count: int, what: str, zh: str) -> None:
    """Refuse an end while `count` things still depend on it, called `what` and `zh`. Raises Refused with NOT_EMPTY."""
    if count:
        raise Refused(OrgProblem.NOT_EMPTY, count=count, what=what, what_zh=zh)
