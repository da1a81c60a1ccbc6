"""Figures of accounts and points, by region and what is below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import String, and_, case, column, func, select, values

from services.credit.domain.groups import Nature
from services.credit.domain.ledger import Component, Kind
from services.credit.storage import selection_tables as s
from services.credit.storage import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import RowMapping, Values

    from chassis.database import ReadSession


class Key(NamedTuple):
    """Which figures: of a region by its code, of one group or all, of a stretch of time or all."""

    prefix: str
    group: str | None
    since: datetime | None
    before: datetime | None


def _prefixes(keys: list[Key]) -> Values:
    prefix = column("prefix", String(collation="C"))
    return values(prefix, name="wanted").data(sorted({(key.prefix,) for key in keys}))


async def load_accounts_counted(session: ReadSession, keys: list[Key]) -> list[RowMapping | None]:
    """Count open accounts and what they hold; times are not looked at."""
    found: dict[tuple[str, str | None], RowMapping] = {}
    for group in {key.group for key in keys}:
        wanted, a = _prefixes([key for key in keys if key.group == group]), t.account.c
        inside = and_(a.region_code >= wanted.c.prefix, a.region_code < wanted.c.prefix + ":")
        only = a.group_code == group if group is not None else a.nature != "system"
        statement = (
            select(
                wanted.c.prefix,
                func.count().label("accounts"),
                func.count().filter(a.nature == Nature.NATURAL.value).label("people"),
                func.coalesce(func.sum(a.available), 0).label("available"),
                func.coalesce(func.sum(a.held), 0).label("held"),
                func.coalesce(func.sum(a.deducted), 0).label("deducted"),
            )
            .join(t.account, inside)
            .where(a.nature != "system", only, a.closed_at.is_(None))
            .group_by(wanted.c.prefix)
        )
        for row in await session.rows(statement):
            found[row["prefix"], group] = row
    return [found.get((key.prefix, key.group)) for key in keys]


class Chosen(NamedTuple):
    """Which selections: held or won in a region by its code, of one honour or all, made public in a stretch of time."""

    prefix: str
    honour: str | None
    since: datetime | None
    before: datetime | None


async def load_chosen(session: ReadSession, keys: list[Chosen]) -> list[RowMapping | None]:
    """Count who was chosen, and in how many selections; who was struck off or thought again is not."""
    found: dict[Chosen, RowMapping] = {}
    for which in {key[1:] for key in keys}:
        honour, since, before = which
        prefix = column("prefix", String(collation="C"))
        data = sorted({(key.prefix,) for key in keys if key[1:] == which})
        wanted = values(prefix, name="wanted").data(data)
        k, c, r = s.selection.c, s.candidate.c, t.region.c
        conditions = [k.published_at.is_not(None), c.state == "chosen"]
        conditions += [k.honour == honour] if honour is not None else []
        conditions += [k.published_at >= since] if since else []
        conditions += [k.published_at < before] if before else []
        statement = (
            select(wanted.c.prefix, func.count().label("chosen"), func.count(k.id.distinct()).label("selections"))
            .join(t.region, and_(r.code >= wanted.c.prefix, r.code < wanted.c.prefix + ":"))
            .join(s.candidate, c.region_id == r.id)
            .join(s.selection, k.id == c.selection_id)
            .where(*conditions)
            .group_by(wanted.c.prefix)
        )
        for row in await session.rows(statement):
            found[Chosen(row["prefix"], *which)] = row
    return [found.get(key) for key in keys]


async def load_points_moved(session: ReadSession, keys: list[Key]) -> list[RowMapping | None]:
    """Sum what was posted, by kind; what was reversed counts for nothing."""
    found: dict[Key, RowMapping] = {}
    for which in {key[1:] for key in keys}:
        group, since, before = which
        wanted = _prefixes([key for key in keys if key[1:] == which])
        a, p, e = t.account.c, t.posting.c, t.entry.c
        inside = and_(a.region_code >= wanted.c.prefix, a.region_code < wanted.c.prefix + ":")
        back = t.posting.alias("back")
        spent = case((e.component == Component.HELD.value, -e.amount), else_=0)
        given = case((e.component == Component.AVAILABLE.value, e.amount), else_=0)
        conditions = [a.nature != "system", ~select(back.c.id).where(back.c.reverses == p.id).exists()]
        conditions += [a.group_code == group] if group is not None else []
        conditions += [p.at >= since] if since else []
        conditions += [p.at < before] if before else []
        statement = (
            select(
                wanted.c.prefix,
                func.coalesce(func.sum(given).filter(p.kind == Kind.EARN.value), 0).label("earned"),
                func.coalesce(func.sum(spent).filter(p.kind == Kind.REDEEM.value), 0).label("redeemed"),
                func.coalesce(func.sum(-given).filter(p.kind == Kind.EXPIRE.value), 0).label("expired"),
                func.count(p.id.distinct()).filter(p.kind == Kind.REDEEM.value).label("redemptions"),
                func.count(p.id.distinct()).label("postings"),
                func.count(p.account_id.distinct()).filter(p.kind == Kind.EARN.value).label("earners"),
            )
            .join(t.account, inside)
            .join(t.posting, p.account_id == a.id)
            .join(t.entry, and_(e.posting_id == p.id, e.account_id == a.id))
            .where(*conditions)
            .group_by(wanted.c.prefix)
        )
        for row in await session.rows(statement):
            found[Key(row["prefix"], *which)] = row
    return [found.get(key) for key in keys]
